"""The evidence that a language model is given: the best sentences, numbered, as many as its budget holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from assistant.answering.extractive import POINTS_BACK
from assistant.types import Evidence, Facet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.gathering import Findings
    from assistant.settings import Settings

_CHARACTERS_A_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sentence of evidence under its number, after the one it points back to ("This meant …") where it does.

    ``follows`` says that the one it points back to stands under the number before it already.
    """

    number: int
    parts: tuple[Evidence, ...]
    follows: bool = False

    @property
    def evidence(self) -> Evidence:
        """The sentence itself."""
        return self.parts[-1]

    @property
    def text(self) -> str:
        """What the model reads."""
        return " ".join(one.sentence.text for one in (self.parts[-1:] if self.follows else self.parts))

    @property
    def place(self) -> str:
        """Where it stands: its cases and headings."""
        return place_of(self.evidence)


def place_of(evidence: Evidence) -> str:
    """Return where a sentence stands: the cases its passage is about, and the headings above it."""
    passage = evidence.hit.passage
    return " › ".join(dict.fromkeys([*passage.values(Facet.CASE), *passage.section]))


def numbered(findings: Findings, settings: Settings) -> tuple[Numbered, ...]:
    """Return the evidence for an answer, numbered from 1: the best of every group in turn, then in the documents' order."""
    chosen: list[Evidence] = []
    left = settings.llm_budget * _CHARACTERS_A_TOKEN
    for one in _in_turn(findings):
        left -= sum(len(part.sentence.text) for part in _with_leaning(one)) + len(place_of(one))
        if len(chosen) == settings.llm_evidence or (left < 0 and chosen):
            break
        chosen.append(one)
    chosen.sort(key=lambda one: (one.hit.passage.document, one.sentence.spans))
    return tuple(_numbered(number, one, chosen[number - 2 : number - 1]) for number, one in enumerate(chosen, 1))


def _numbered(number: int, one: Evidence, before: Sequence[Evidence]) -> Numbered:
    parts = _with_leaning(one)
    return Numbered(
        number, parts, follows=bool(parts[:-1]) and [part.sentence for part in before] == [parts[0].sentence]
    )


def _in_turn(findings: Findings) -> Iterator[Evidence]:
    """Yield each sentence once: the items of a list or the best of each group in turn, then whatever else was found."""
    groups: list[Sequence[Evidence]] = [group.items or group.evidence for group in findings.groups]
    turns = chain.from_iterable(zip_longest(*groups))
    return _once(one for one in chain(turns, findings.evidence) if one is not None)


def _once(evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    seen: set[tuple[str, object]] = set()
    for one in evidence:
        key = one.hit.passage.document, one.sentence.spans
        if key not in seen:
            seen.add(key)
            yield one


def _with_leaning(one: Evidence) -> tuple[Evidence, ...]:
    sentences = one.hit.passage.sentences
    place = sentences.index(one.sentence) if one.sentence in sentences else 0
    if place and POINTS_BACK.match(one.sentence.text):
        return replace(one, sentence=sentences[place - 1]), one
    return (one,)
