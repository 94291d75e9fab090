"""Documents and evidence made by hand, for tests that need no index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evidence import Query
from assistant.questions import understand
from assistant.types import BlockKind, Document, Evidence, Facet, Hit, Origin, Passage, Sentence, Span, Tag

if TYPE_CHECKING:
    from assistant.conversation import Assistant

WORD_FOR_WORD = {"meaning": 1.0, "bare": 1.0, "words": 1.0, "detail": 1.0, "passage": 1.0, "fits": 1.0}


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
    kind: BlockKind = BlockKind.PARAGRAPH,
) -> Evidence:
    """Return evidence whose sentence stands at ``quotes`` in the source."""
    spans = tuple(Span(source.text.index(quote), source.text.index(quote) + len(quote)) for quote in quotes)
    sentence = Sentence(spans, text if text is not None else " ".join(quotes))
    identifier = f"{source.id}:{spans[0].start}-{spans[-1].end}"
    passage = Passage(identifier, source.id, kind, section, spans, sentence.text, "", (sentence,), tags)
    return Evidence(sentence, Hit(passage, score, {}), score, WORD_FOR_WORD | (signals or {}))


def of_case(*names: str) -> tuple[Tag, ...]:
    return tuple(Tag(Facet.CASE, name, Origin.HEADING) for name in names)


def asked(library: Assistant, text: str) -> Query:
    """Return a question with the vectors that a library's embedder gives it."""
    question = understand(text, library.index.taxonomy)
    whole, bare, *words = library.embedder.embed(
        [text, question.bare_text, *(question.forms[term] for term in question.terms)]
    )
    return Query(question, whole, bare, dict(zip(question.terms, words, strict=True)))
