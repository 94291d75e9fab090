"""Every sentence of a language model is held back until it is checked against the words it cites.

It passes when the numbers it cites exist; its numbers, dates, names, cases and quoted words stand there; it denies, widens, turns
round and generalises nothing; what somebody said stays theirs; and what it says is what is said there, and there sooner than in
anything else that was found. Of what it cites, the fewest and shortest sentences that bear it out become its citation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

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
from assistant.answering.weighing import key_of
from assistant.spans import merge
from assistant.support import find_faults
from assistant.types import Claim, Evidence, Facet, Rejection
from assistant.words import FUNCTION_WORDS, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.answering.weighing import Weighing
    from assistant.answering.written import Written
    from assistant.entailment import Entailment
    from assistant.types import Sentence

_MOST_TOGETHER = 3
"""How many sentences may bear out one claim together."""
_MOST_READ = 6
"""How many of the sentences that a claim cites are looked at, the nearest ones."""
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


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks what a model writes.

    ``rules`` is what it was told, which it must not repeat; ``is_name`` tells names from other words that open a sentence.
    """

    weighing: Weighing
    rules: str
    is_name: Callable[[str], bool]
    entailment: Entailment | None = None

    def check(self, written: Written) -> Claim | Rejection:
        """Return the claim that a sentence makes, resting on as little as bears it out, or why it is taken back."""
        text = written.text
        reason = self._misshapen(written) or self._uncited(written)
        if reason:
            return Rejection(text, reason)
        reasons = []
        for evidence in self._options(written):
            reason = self._fault(text, evidence)
            if reason is None:
                return self._claim(text, evidence)
            reasons.append(reason)
        return Rejection(text, reasons[-1])

    def evidence_of(self, written: Written) -> list[Evidence]:
        """Return the sentences that stand under the numbers that a sentence cites."""
        return [
            self.weighing.sources.numbered[one].evidence
            for one in written.markers
            if one in self.weighing.sources.numbered
        ]

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
        invented = [number for number in written.markers if number not in self.weighing.sources.numbered]
        return f"It cites [{invented[0]}], which is no number of the evidence." if invented else None

    def _is_foreign(self, text: str) -> bool:
        found = words(text)
        if sum(word.lower() in _FOREIGN for word in found) > sum(
            word.lower() in FUNCTION_WORDS - _FOREIGN for word in found
        ):
            return True
        small = sum(word.lower() in FUNCTION_WORDS for word in found)
        long = [word for word in found if len(word) >= _LEAST_OF_A_WORD and word.lower() not in FUNCTION_WORDS]
        known = sum(map(self.weighing.embedder.is_common, map(str.lower, long)))
        return len(found) >= _LEAST_OF_A_WORD and 5 * small < len(found) and 2 * known < len(long)

    def _options(self, written: Written) -> Iterator[tuple[Evidence, ...]]:
        """Yield what a claim may rest on: few sentences before several, short ones first; the most of it last."""
        parts = {key_of(one): one for number in written.markers for one in self.weighing.sources.numbered[number].parts}
        nearest = self.weighing.nearest(written.text, list(parts.values()), _MOST_READ)
        for count in range(1, min(_MOST_TOGETHER, len(nearest)) + 1):
            yield from sorted(combinations(nearest, count), key=_length)

    def _fault(self, claim: str, evidence: Sequence[Evidence]) -> str | None:
        """Return the first thing that speaks against a claim, the plainest first."""
        texts = [one.sentence.text for one in evidence]
        context = about(evidence, self.weighing.taxonomy)
        return (
            strange_case(claim, evidence, self.weighing.taxonomy)
            or stray_number(claim, evidence, self.weighing.taxonomy)
            or unquoted(claim, texts)
            or next(
                (_sentence(one.reason) for one in find_faults(claim, [*texts, context], self.weighing.settings)), None
            )
            or opening_name(claim, [*texts, context], self.is_name)
            or unattributed(claim, texts)
            or widened(claim, texts)
            or strange_code(claim, [*texts, context])
            or made_many(claim, evidence, self.weighing.taxonomy)
            or self._unsupported(claim, evidence, context)
        )

    def _unsupported(self, claim: str, evidence: Sequence[Evidence], context: str) -> str | None:
        if self.entailment is None:
            return self.weighing.doubt(claim, evidence, context)
        said = " ".join([context, *(one.sentence.text for one in evidence)])
        enough = self.entailment.probability(said, claim) >= self.weighing.settings.enough_entailment
        return None if enough else "It does not follow from what it cites."

    def _claim(self, text: str, evidence: Sequence[Evidence]) -> Claim:
        """Return a claim that says whose experience it is, where its words do not."""
        cases = {cases_of(one, self.weighing.taxonomy) for one in evidence}
        shared = next(iter(cases)) if len(cases) == 1 else ()
        silent = len(shared) == 1 and not self.weighing.taxonomy.mentioned(Facet.CASE, text)
        rests_on = tuple(_joined(evidence))
        return Claim(
            text, rests_on, heading=shared[0] if silent else None, about=about(evidence, self.weighing.taxonomy)
        )


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


def _is_next(one: Evidence, other: Evidence, sentences: Sequence[Sentence]) -> bool:
    if one.hit.passage.id != other.hit.passage.id or other.sentence not in sentences:
        return False
    place = sentences.index(other.sentence)
    before = sentences[place - 1] if place else None
    return before is not None and before.spans[-1] in one.sentence.spans


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
