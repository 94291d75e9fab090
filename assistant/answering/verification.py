"""Every sentence of a language model is held back until it is checked against the words it cites.

It passes when the numbers it cites exist; its numbers, dates, names, cases and quoted words stand there; it denies, widens, turns
round and generalises nothing; what somebody said stays theirs; and what it says is what is said there, and there sooner than in
anything else that was found. Of what it cites, the fewest and shortest sentences that bear it out become its citation.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from assistant.answering.attribution import unattributed
from assistant.answering.subjects import (
    about,
    cases_of,
    made_many,
    opening_name,
    strange_case,
    strange_code,
    stray_number,
    unquoted,
    widened,
)
from assistant.spans import merge
from assistant.support import find_faults
from assistant.support.features import likeness
from assistant.support.model import fitted
from assistant.types import Claim, Evidence, Facet, Rejection
from assistant.words import FUNCTION_WORDS, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.answering.numbering import Numbered
    from assistant.answering.written import Written
    from assistant.embeddings import Embedder
    from assistant.entailment import Entailment
    from assistant.settings import Settings
    from assistant.taxonomy import Taxonomy

_MOST_TOGETHER = 3
"""How many sentences may bear out one claim together."""
_MOST_READ = 6
"""How many of the sentences that a claim cites are looked at, the nearest ones."""
_RIVALS = 6
_MARKUP = re.compile(r"https?:|www\.|!\[|\]\(|</?[a-z!]|\b[a-z]+://|`{3}", re.IGNORECASE)
_COPIED_WORDS = 8
_LEAST_OF_A_WORD = 3

_FOREIGN = frozenset(
    """
    a cela cette dans des elle entre est et il ils la le les leur mais nous ont par pendant pour que qui sont sur une vous avec
    aber auch auf aus bei das dem den der des die ein eine einen einer es für haben hat ich im ist mit nicht sich sie sind und
    von war werden wird wurde zu zum zur zwischen al como con cuando de del el ella en entre es esta este esto fue ha hay las
    lo los más muy no o para pero por se sin sobre su sus un y ya che di e è gli ho i non per più si sono het een van niet dat
    voor zijn os um uma não são em com foi
    """.split()  # noqa: SIM905 - closed classes of words read better as prose
)
"""Small words of other languages; those that are English, too, count for neither side."""

Vector = Callable[[], "NDArray[np.float32]"]
"""The unit vector of a sentence, ``(dim,)``, made when it is first asked for."""

Key = tuple[str, object]
"""What tells sentences apart: their document and spans."""


def key_of(evidence: Evidence) -> Key:
    """Return what tells a sentence from others."""
    return evidence.hit.passage.document, evidence.sentence.spans


@dataclass(frozen=True, slots=True)
class Sources:
    """All that was found on a question: the numbered evidence, and the vectors of every sentence of it, ``(n, dim)`` in all."""

    numbered: Mapping[int, Numbered]
    sentences: Mapping[Key, Evidence]
    rows: Mapping[Key, int]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks what a model writes.

    ``rules`` is what it was told, which it must not repeat; ``is_name`` tells names from other words that open a sentence.
    """

    sources: Sources
    taxonomy: Taxonomy
    embedder: Embedder
    settings: Settings
    rules: str
    is_name: Callable[[str], bool]
    entailment: Entailment | None = None
    _alike: dict[Key, str] = field(default_factory=dict)
    _by_themselves: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def check(self, written: Written) -> Claim | Rejection:
        """Return the claim that a sentence makes, resting on as little as bears it out, or why it is taken back."""
        text = written.text
        reason = self._misshapen(written) or self._uncited(written)
        if reason:
            return Rejection(text, reason)
        vector = cache(lambda: self.embedder.embed([text])[0])  # many a sentence fails before its meaning is looked at
        reasons = []
        for evidence in self._options(written, vector):
            reason = self._fault(text, evidence, vector)
            if reason is None:
                return self._claim(text, evidence)
            reasons.append(reason)
        return Rejection(text, reasons[-1])

    def evidence_of(self, written: Written) -> list[Evidence]:
        """Return the sentences that stand under the numbers that a sentence cites."""
        return [self.sources.numbered[one].evidence for one in written.markers if one in self.sources.numbered]

    def _misshapen(self, written: Written) -> str | None:
        if not written.whole:
            return "It broke off in the middle of the sentence."
        if _MARKUP.search(written.raw):
            return "It holds a link or markup."
        if _copies(written.text, self.rules):
            return "It repeats what the model was told."
        if written.text.endswith("?"):
            return "It asks instead of saying."
        return "It is not in English." if self._is_foreign(written.text) else None

    def _uncited(self, written: Written) -> str | None:
        if not written.markers:
            return "It cites nothing."
        invented = [number for number in written.markers if number not in self.sources.numbered]
        return f"It cites [{invented[0]}], which is no number of the evidence." if invented else None

    def _is_foreign(self, text: str) -> bool:
        found = words(text)
        if sum(word.lower() in _FOREIGN for word in found) > sum(
            word.lower() in FUNCTION_WORDS - _FOREIGN for word in found
        ):
            return True
        small = sum(word.lower() in FUNCTION_WORDS for word in found)
        long = [word for word in found if len(word) >= _LEAST_OF_A_WORD and word.lower() not in FUNCTION_WORDS]
        known = sum(map(self.embedder.is_common, map(str.lower, long)))
        return len(found) >= _LEAST_OF_A_WORD and 5 * small < len(found) and 2 * known < len(long)

    def _options(self, written: Written, vector: Vector) -> Iterator[tuple[Evidence, ...]]:
        """Yield what a claim may rest on: few sentences before several, short ones first; the most of it last."""
        parts = {key_of(one): one for number in written.markers for one in self.sources.numbered[number].parts}
        nearest = list(parts.values())
        if len(nearest) > _MOST_READ:
            nearest = sorted(nearest, key=lambda one: -float(self._vector(one) @ vector()))[:_MOST_READ]
        for count in range(1, min(_MOST_TOGETHER, len(nearest)) + 1):
            yield from sorted(combinations(nearest, count), key=_length)

    def _fault(self, claim: str, evidence: Sequence[Evidence], vector: Vector) -> str | None:
        """Return the first thing that speaks against a claim, the plainest first."""
        texts = [one.sentence.text for one in evidence]
        context = about(evidence, self.taxonomy)
        return (
            strange_case(claim, evidence, self.taxonomy)
            or stray_number(claim, evidence, self.taxonomy)
            or unquoted(claim, texts)
            or next((_sentence(one.reason) for one in find_faults(claim, [*texts, context], self.settings)), None)
            or opening_name(claim, [*texts, context], self.is_name)
            or unattributed(claim, texts)
            or widened(claim, texts)
            or strange_code(claim, [*texts, context])
            or made_many(claim, evidence, self.taxonomy)
            or self._unsupported(claim, evidence, context, vector())
        )

    def _unsupported(
        self, claim: str, evidence: Sequence[Evidence], context: str, vector: NDArray[np.float32]
    ) -> str | None:
        texts = [one.sentence.text for one in evidence]
        if self.entailment is not None:
            follows = self.entailment.probability(" ".join([context, *texts]), claim)
            return None if follows >= self.settings.enough_entailment else "It does not follow from what it cites."
        similar = np.stack([self._vector(one) for one in evidence]) @ vector
        supports = _like(claim, [*texts, context], similar)
        rival, other = self._best_rival(claim, evidence, vector)
        if self._against(supports, rival) and other is not None:  # its own words may tell more than what is around them
            supports = max(supports, _like(claim, [*texts, context], self._alone(texts) @ vector))
            said = [other.sentence.text]
            rival = max(rival, _like(claim, [*said, self._about(other)], self._alone(said) @ vector))
        return self._against(supports, rival)

    def _against(self, supports: float, rival: float) -> str | None:
        """Return what is wrong where what a claim cites supports it too little, or another sentence more."""
        if supports < self.settings.enough_when_written:
            return "What it cites says little of this."
        if _log_odds(rival) - _log_odds(supports) > self.settings.rival_margin:
            return "Another passage says more of this than what it cites."
        return None

    def _best_rival(
        self, claim: str, evidence: Sequence[Evidence], vector: NDArray[np.float32]
    ) -> tuple[float, Evidence | None]:
        """Return how well the nearest of all other sentences that were found supports a claim, and which it is."""
        own = set(map(key_of, evidence))
        similar = self.sources.vectors @ vector
        others = [(key, row) for key, row in self.sources.rows.items() if key not in own]
        others.sort(key=lambda one: -float(similar[one[1]]))
        rivals = [(self.sources.sentences[key], row) for key, row in others[:_RIVALS]]
        weighed = [
            (_like(claim, [one.sentence.text, self._about(one)], similar[row : row + 1]), one) for one, row in rivals
        ]
        return max(weighed, key=lambda one: one[0], default=(0.0, None))

    def _alone(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of sentences read by themselves, ``(n, dim)``; those of the index are read in their passage."""
        missing = [text for text in texts if text not in self._by_themselves]
        if missing:
            self._by_themselves.update(zip(missing, self.embedder.embed(missing), strict=True))
        return np.stack([self._by_themselves[text] for text in texts])

    def _about(self, evidence: Evidence) -> str:
        key = key_of(evidence)
        if key not in self._alike:
            self._alike[key] = about([evidence], self.taxonomy)
        return self._alike[key]

    def _vector(self, evidence: Evidence) -> NDArray[np.float32]:
        return np.asarray(self.sources.vectors[self.sources.rows[key_of(evidence)]])

    def _claim(self, text: str, evidence: Sequence[Evidence]) -> Claim:
        """Return a claim that says whose experience it is, where its words do not."""
        cases = {cases_of(one, self.taxonomy) for one in evidence}
        shared = next(iter(cases)) if len(cases) == 1 else ()
        silent = len(shared) == 1 and not self.taxonomy.mentioned(Facet.CASE, text)
        rests_on = tuple(_joined(evidence))
        return Claim(text, rests_on, heading=shared[0] if silent else None, about=about(evidence, self.taxonomy))


def _joined(evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """Yield evidence with neighbouring sentences of one passage made one quote."""
    left = sorted(evidence, key=lambda one: (one.hit.passage.id, one.sentence.spans))
    while left:
        one, *left = left
        sentences = one.hit.passage.sentences
        while left and _is_next(one, left[0], sentences):
            other, *left = left
            both = replace(
                other.sentence,
                spans=merge([*one.sentence.spans, *other.sentence.spans]),
                text=f"{one.sentence.text} {other.sentence.text}",
            )
            one = replace(one, sentence=both)
        yield one


def _is_next(one: Evidence, other: Evidence, sentences: Sequence[object]) -> bool:
    if one.hit.passage.id != other.hit.passage.id or other.sentence not in sentences:
        return False
    place = sentences.index(other.sentence)
    before = sentences[place - 1] if place else None
    return before is not None and before.spans[-1] in one.sentence.spans  # type: ignore[attr-defined]


def _like(claim: str, texts: Sequence[str], similar: NDArray[np.float32]) -> float:
    """Return how likely a few sentences are to support a claim; ``similar`` are their cosines, ``(n,)``."""
    model = fitted()
    return float(model.like(likeness(claim, texts, similar, model.rarity)))


def _log_odds(probability: float) -> float:
    return (
        math.log(probability / (1 - probability)) if 0 < probability < 1 else math.copysign(math.inf, probability - 0.5)
    )


def _length(evidence: Sequence[Evidence]) -> int:
    return sum(len(one.sentence.text) for one in evidence)


def _copies(text: str, rules: str) -> bool:
    """Tell whether a text has many words in a row that stand in the rules."""
    mine, theirs = (" ".join(words(one.lower())) for one in (text, rules))
    said = mine.split()
    runs = (" ".join(said[at : at + _COPIED_WORDS]) for at in range(max(1, len(said) - _COPIED_WORDS + 1)))
    return len(said) >= _COPIED_WORDS and any(run in theirs for run in runs)


def _sentence(reason: str) -> str:
    return f"{reason[0].upper()}{reason[1:]}."
