"""How far what a sentence cites bears it out: in all, in each of its parts, and beside whatever else was found.

The case that a sentence names is checked by its name and left out here: every sentence about the case has it, and would seem
to bear out whatever is said of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from assistant.answering.subjects import about
from assistant.support.features import likeness
from assistant.support.model import fitted
from assistant.support.parts import parts
from assistant.support.relations import other_doers
from assistant.support.statements import parse
from assistant.types import BlockKind, Evidence, Facet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.answering.numbering import Numbered
    from assistant.embeddings import Embedder
    from assistant.settings import Settings
    from assistant.taxonomy import Taxonomy

_RIVALS = 6

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
class Weighing:
    """Weighs what is written against its sources. A text is embedded when its meaning is first asked for, and once."""

    sources: Sources
    taxonomy: Taxonomy
    embedder: Embedder
    settings: Settings
    _contexts: dict[Key, str] = field(default_factory=dict)
    _vectors: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def nearest(self, claim: str, evidence: Sequence[Evidence], most: int) -> list[Evidence]:
        """Return so many sentences at most, in meaning the nearest to a claim first where there are more."""
        if len(evidence) <= most:
            return list(evidence)
        vector = self._alone([self.taxonomy.without(Facet.CASE, claim)])[0]
        rows = np.argsort(-(self._read(evidence) @ vector), kind="stable")[:most]
        return [evidence[row] for row in rows]

    def doubt(self, claim: str, evidence: Sequence[Evidence], context: str) -> str | None:
        """Return what is wrong where what a claim cites, with its ``context``, supports it too little, or another does more."""
        says = claim if _counts(claim, evidence) else self.taxonomy.without(Facet.CASE, claim)
        texts = [one.sentence.text for one in evidence]
        if _in_words(says, texts) >= _WORDS_COUNT * _SAME_WORDS:
            return None  # where they stand otherwise, that has been looked at
        unlike = [part for part in parts(says) if _in_words(part, texts) < self.settings.enough_in_part]
        vector, *_ = self._alone([says, *unlike, *texts] if unlike else [says])  # one pass takes less time than two
        supports = _like(says, [*texts, context], self._read(evidence) @ vector)
        rival, other = self._best_rival(says, evidence, vector)
        if self._against(supports, rival) and other is not None:  # its own words may tell more than what is around them
            supports = max(supports, _like(says, [*texts, context], self._alone(texts) @ vector))
            said = [other.sentence.text]
            rival = max(rival, _like(says, [*said, self._context(other)], self._alone(said) @ vector))
        return (
            self._against(supports, rival)
            or self._denied(claim, evidence, vector)
            or self._unheld(says, unlike, evidence, context)
        )

    def _denied(self, claim: str, evidence: Sequence[Evidence], vector: NDArray[np.float32]) -> str | None:
        """Return what is wrong where a sentence that was found, and is not cited, says that another did it."""
        others = (parse(other.sentence.text) for other, _ in self._nearest_others(evidence, vector))
        told = any(any(other_doers(parse(claim), other)) for other in others)
        return "Another passage says that somebody else did it." if told else None

    def _against(self, supports: float, rival: float) -> str | None:
        """Return what is wrong where what a claim cites supports it too little, or another sentence more."""
        if supports < self.settings.enough_when_written:
            return "What it cites says little of this."
        if _log_odds(rival) - _log_odds(supports) > self.settings.rival_margin:
            return "Another passage says more of this than what it cites."
        return None

    def _unheld(self, claim: str, unlike: Sequence[str], evidence: Sequence[Evidence], context: str) -> str | None:
        """Return what is wrong where one of the ``unlike`` parts of a claim has little support, or far more elsewhere."""
        texts = [one.sentence.text for one in evidence]
        if not unlike:
            return None
        theirs = self._alone(texts)
        whole = _like(claim, [*texts, context], theirs @ self._alone([claim])[0])
        read = np.concatenate([theirs, self._read(evidence)])
        for part, vector in zip(unlike, self._alone(unlike), strict=True):
            said = _in_words(part, texts)
            if (
                whole < self.settings.enough_without_parts
                and (theirs @ vector).max() + said < self.settings.enough_in_part
            ):
                return f"What it cites says nothing of “{part.strip(' .')}”."
            if self._best_of_others(part, evidence, vector) - (read @ vector).max() - said > self.settings.part_margin:
                return f"Another passage says more of “{part.strip(' .')}” than what it cites."
        return None

    def _best_of_others(self, part: str, evidence: Sequence[Evidence], vector: NDArray[np.float32]) -> float:
        """Return the most that another of the sentences that were found says of a part: its cosine, and what its words add."""
        near = self._nearest_others(evidence, vector)
        return max((cosine + _in_words(part, [one.sentence.text]) for one, cosine in near), default=0.0)

    def _best_rival(
        self, claim: str, evidence: Sequence[Evidence], vector: NDArray[np.float32]
    ) -> tuple[float, Evidence | None]:
        """Return how well the nearest of all other sentences that were found supports a claim, and which it is."""
        weighed = [
            (_like(claim, [one.sentence.text, self._context(one)], np.array([cosine])), one)
            for one, cosine in self._nearest_others(evidence, vector)
        ]
        return max(weighed, key=lambda one: one[0], default=(0.0, None))

    def _nearest_others(
        self, evidence: Sequence[Evidence], vector: NDArray[np.float32]
    ) -> list[tuple[Evidence, float]]:
        """Return the sentences that were found beside some evidence and are nearest to a vector, with their cosines."""
        own = set(map(key_of, evidence))
        cosines = self.sources.vectors @ vector
        others = [(key, float(cosines[row])) for key, row in self.sources.rows.items() if key not in own]
        others.sort(key=lambda one: -one[1])
        return [(self.sources.sentences[key], cosine) for key, cosine in others[:_RIVALS]]

    def _alone(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts read by themselves, ``(n, dim)``; those of the index are read in their passage."""
        missing = [text for text in texts if text not in self._vectors]
        if missing:
            self._vectors.update(zip(missing, self.embedder.embed(missing), strict=True))
        return np.stack([self._vectors[text] for text in texts])

    def _read(self, evidence: Sequence[Evidence]) -> NDArray[np.float32]:
        """Return the vectors of sentences as they are read in their passages, ``(n, dim)``."""
        return self.sources.vectors[[self.sources.rows[key_of(one)] for one in evidence]]

    def _context(self, evidence: Evidence) -> str:
        key = key_of(evidence)
        if key not in self._contexts:
            self._contexts[key] = about([evidence], self.taxonomy)
        return self._contexts[key]


def _counts(claim: str, evidence: Sequence[Evidence]) -> bool:
    """Tell whether a claim gives a number of a table's row, which may say no more of a case than its name and the number."""
    of_table = any(one.hit.passage.kind is BlockKind.TABLE_ROW for one in evidence)
    return of_table and any(token.number is not None for token in parse(claim))


_WORDS_COUNT = 0.5
_SAME_WORDS = 0.9
"""The share of a claim's words that its source has in some form, from which on its meaning need not be weighed."""


def _in_words(part: str, texts: Sequence[str]) -> float:
    """Return what the words that a part shares with some texts add to its cosine with them, ``0`` to ``0.5``."""
    return _WORDS_COUNT * fitted().rarity.share_alike(part, texts)


def _like(claim: str, texts: Sequence[str], similar: NDArray[np.float32]) -> float:
    """Return how likely a few sentences are to support a claim; ``similar`` are their cosines, ``(n,)``."""
    model = fitted()
    return float(model.like(likeness(claim, texts, similar, model.rarity)))


def _log_odds(probability: float) -> float:
    return (
        math.log(probability / (1 - probability)) if 0 < probability < 1 else math.copysign(math.inf, probability - 0.5)
    )
