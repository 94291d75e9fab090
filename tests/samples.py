"""Documents and evidence made by hand, for tests that need no index."""

from __future__ import annotations

from assistant.types import BlockKind, Document, Evidence, Hit, Passage, Sentence, Span, Tag


def document(text: str, identifier: str = "notes.txt") -> Document:
    return Document(identifier, "Notes", text, ())


def evidence(
    source: Document,
    *quotes: str,
    text: str | None = None,
    score: float = 1.0,
    section: tuple[str, ...] = (),
    tags: tuple[Tag, ...] = (),
    signals: dict[str, float] | None = None,
) -> Evidence:
    """Return evidence whose sentence stands at ``quotes`` in the source."""
    spans = tuple(Span(source.text.index(quote), source.text.index(quote) + len(quote)) for quote in quotes)
    sentence = Sentence(spans, text if text is not None else " ".join(quotes))
    identifier = f"{source.id}:{spans[0].start}-{spans[-1].end}"
    passage = Passage(identifier, source.id, BlockKind.PARAGRAPH, section, spans, sentence.text, "", (sentence,), tags)
    return Evidence(sentence, Hit(passage, score, {}), score, signals or {"meaning": 1.0, "words": 1.0, "fits": 1.0})
