"""A language model that is asked about a library's own sentences, and says of each whatever it is given to say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.answering.verification import Verifier
from assistant.words import words
from tests.language_model import speaking
from tests.lies import Lie, lies
from tests.paraphrases import Paraphrase, by_hand, by_rule, lies_by_hand, made_up, standing_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

    from assistant import Assistant
    from assistant.embeddings import Embedder
    from assistant.types import Answer, Claim, Passage, Rejection
    from tests.language_model import Request, Said

_LEAST_WORDS = 5
_WIDE = {"llm_model": "scripted", "llm_sentences": 99, "llm_evidence": 24, "llm_seconds": 600, "enough_written": 0.0}
ALONE = {"uncited", "invented marker", "wrong passage"}
"""Lies that say word for word what is true: each is told in an answer of its own, to be told from the others."""


class Remembering:
    """A library's embedder that is asked about every text once: a sentence is lied about, and asked for, again and again."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self._vectors = embedder, dict[str, NDArray[np.float32]]()
        self.identity = embedder.identity

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing:
            self._vectors |= zip(missing, self._embedder.embed(missing), strict=True)
        return np.stack([self._vectors[text] for text in texts])

    def is_common(self, word: str) -> bool:
        return self._embedder.is_common(word)


def remembering(library: Assistant) -> Assistant:
    """Return the library with an embedder that remembers."""
    return replace(library, embedder=Remembering(library.embedder))


@dataclass(frozen=True)
class Told:
    """Something that the model said of a sentence, and whether it was let through as supported."""

    kind: str
    text: str
    source: str
    shown: bool
    aside: bool = False


def passages_of(library: Assistant) -> list[Passage]:
    index = library.index
    return [index.passage(row) for name in index.documents for row in index.rows_of(name)]


def sentences_of(library: Assistant) -> list[str]:
    """Return the library's sentences that say something."""
    found = [sentence.text for passage in passages_of(library) for sentence in passage.sentences]
    return [text for text in dict.fromkeys(found) if len(text.split()) >= _LEAST_WORDS and "http" not in text]


class _Hearing:
    """Remembers what was let through, and what it cites."""

    def __init__(self) -> None:
        self.answer: Answer | None = None

    def said(self, answer: Answer) -> None:
        self.answer = answer

    def waiting(self) -> None:
        pass

    def shows(self, text: str) -> bool:
        shown = [one.text for one in self.answer.statements] if self.answer else []
        return any(list(words(one)) == list(words(text)) for one in shown)


def heard(library: Assistant, sources: Sequence[str], said: Sequence[Lie | Paraphrase]) -> _Hearing | None:
    """Have the model say some sentences of some sources; ``None`` where no question brings the sources up."""
    hearing = _Hearing()
    found: list[int] = []

    def script(request: Request) -> Iterator[Said]:
        numbers = [number for source in sources if (number := request.number_of(source)) is not None]
        if request.is_repair or len(numbers) < len(sources):
            return
        found.extend(numbers)
        for one in said:
            yield f"{one.text} {_markers(one, numbers, request)}\n"

    with speaking(script) as model:
        asking = replace(library, settings=library.settings.model_copy(update={"llm_url": model.url, **_WIDE}))
        for question in (f"{' '.join(sources)}?", f"What is said about {sources[0]}?"):
            if not found:
                asking.ask(question, answerer="generative", listener=hearing)
    return hearing if found else None


def _markers(one: Lie | Paraphrase, numbers: Sequence[int], request: Request) -> str:
    cites = one.cites if isinstance(one, Lie) else "source"
    if cites == "nothing":
        return ""
    if cites == "another":
        count = len(request.evidence)
        return f"[{(numbers[0] + count // 2) % count + 1}]"
    return "".join(f"[{number}]" for number in numbers) + ("[88]" if cites == "nowhere" else "")


def tell_lies(library: Assistant, every: int = 1) -> Iterator[Told]:
    """Yield what becomes of the lies about the library's sentences, about one in so many of them."""
    texts = sentences_of(library)
    for number, source in enumerate(texts[::every]):
        others = [text for text in texts if text != source]
        rules = ["End every sentence with the number of the evidence it rests on."] if number % 4 == 0 else []
        made = list(lies(source, others, rules))
        yield from _told(library, source, [one for one in made if one.kind not in ALONE])
        for one in made:
            if one.kind in ALONE:
                yield from _told(library, source, [one])


def _told(library: Assistant, source: str, said: Sequence[Lie]) -> Iterator[Told]:
    hearing = heard(library, [source], said)
    for one in said if hearing else ():
        yield Told(one.kind, one.text, source, shown=hearing is not None and hearing.shows(one.text))


def tell_truths(library: Assistant, most: int | None = None) -> Iterator[Told]:
    """Yield what becomes of true paraphrases, of those written by hand and those made by rule."""
    made = [one for text in sentences_of(library) for one in by_rule(text)]
    for one in _tell(library, [*by_hand(), *made], most):
        yield replace(one, kind="by rule" if one.text in {other.text for other in made} else "by hand")


def tell_lies_by_hand(library: Assistant) -> Iterator[Told]:
    """Yield what becomes of the false sentences that were written by hand: in the library's words, and in others."""
    for one in _tell(library, lies_by_hand(), None):
        yield replace(one, kind="in other words" if one.aside else "in its words")


def tell_what_is_made_up(library: Assistant) -> Iterator[Told]:
    """Yield what becomes of sentences that are made up on the subject of a source."""
    for one in _tell(library, made_up(), None):
        yield replace(one, kind="made up")


def _tell(library: Assistant, sentences: Sequence[Paraphrase], most: int | None) -> Iterator[Told]:
    """Yield what becomes of sentences, those about the same sources told in one answer, until ``most`` have been told."""
    texts = sentences_of(library)
    by_sources: dict[tuple[str, ...], list[Paraphrase]] = {}
    for one in sentences:
        stand = tuple(standing_in(one.sources, texts))
        if len(stand) == len(one.sources):
            by_sources.setdefault(stand, []).append(one)
    told = 0
    for sources, said in by_sources.items():
        hearing = heard(library, sources, said) if most is None or told < most else None
        for one in said if hearing else ():
            told += 1
            yield Told("", one.text, sources[0], hearing is not None and hearing.shows(one.text), one.aside)


@dataclass
class Watch:
    """Times every check of a verifier, by the clock and by the processor, and counts them."""

    seconds: float = 0.0
    processor: float = 0.0
    count: int = 0

    def over(self, patch: pytest.MonkeyPatch) -> Watch:
        check = Verifier.check

        def timed(verifier: Verifier, sentence: object) -> Claim | Rejection:
            begun, worked = perf_counter(), process_time()
            try:
                return check(verifier, sentence)  # type: ignore[arg-type]
            finally:
                self.seconds += perf_counter() - begun
                self.processor += process_time() - worked
                self.count += 1

        patch.setattr(Verifier, "check", timed)
        return self
