"""From hits to evidence: every sentence of the best passages, weighed against the question.

A sentence's score adds up its own closeness in meaning, the share of the question's words that it and its surroundings hold, and
the rank of its passage. A sentence that lacks the kind of thing asked for, a number say, falls behind those that hold it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.questions import Question, Wanted, counts, holds
from assistant.types import BlockKind, Evidence, Hit, Sentence
from assistant.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from assistant.index import PassageIndex
    from assistant.settings import Settings

_VALUE_ONLY = re.compile(r"\W*(?:[£$€]?\d[\d,.%]*|n/?a|-)\W*\Z", re.IGNORECASE)


def weigh(
    index: PassageIndex, question: Question, vector: NDArray[np.float32], hits: Sequence[Hit], settings: Settings
) -> list[Evidence]:
    """Return the sentences of ``hits``, best first.

    ``vector`` ``(dim,)`` is the question's. Sentence vectors were made when the index was built: no model is called.
    """
    rarity = {term: index.lexical.rarity(term) for term in question.terms}
    found = [
        evidence
        for hit in hits
        for evidence in _weighed(hit, question, index.vectors_of_sentences(hit.passage) @ vector, rarity, settings)
    ]
    return sorted(found, key=lambda evidence: -evidence.score)


def _weighed(
    hit: Hit, question: Question, meanings: NDArray[np.float32], rarity: dict[str, float], settings: Settings
) -> Iterator[Evidence]:
    around = _surroundings(hit, question, settings)
    for sentence, meaning in zip(hit.passage.sentences, meanings.tolist(), strict=True):
        signals = {
            "meaning": max(meaning, 0.0),
            "words": _coverage(sentence, around, rarity),
            "passage": hit.score,
            "fits": float(fits(sentence, hit, question)),
        }
        yield Evidence(sentence, hit, _score(signals, sentence, hit, question, settings), signals)


def fits(sentence: Sentence, hit: Hit, question: Question) -> bool:
    """Tell whether a sentence holds the kind of thing the question wants, counting what the question counts."""
    if question.wanted is Wanted.ANYTHING:
        return True
    said = sentence.text if question.wanted in {Wanted.YEAR, Wanted.TIME} else _said(sentence, hit)
    if not question.counted or not holds(question.wanted, said):
        return holds(question.wanted, said)
    if hit.passage.kind is BlockKind.TABLE_ROW:
        return not set(question.counted).isdisjoint(terms(f"{said} {_caption(hit)}"))
    return counts(question.counted, said)


def _score(signals: dict[str, float], sentence: Sentence, hit: Hit, question: Question, settings: Settings) -> float:
    score = (
        settings.meaning_weight * signals["meaning"]
        + settings.words_weight * signals["words"]
        + settings.passage_weight * signals["passage"]
    )
    if question.wanted is Wanted.ANYTHING:
        return score - settings.bare_penalty * _says_little(sentence, hit)
    return score + settings.fit_bonus * signals["fits"]


def _surroundings(hit: Hit, question: Question, settings: Settings) -> dict[str, float]:
    """Return what a sentence gains by standing where it stands: stems of its passage, its headings, and its tags."""
    tags = {(tag.facet, tag.value) for tag in hit.passage.tags}
    around = dict.fromkeys(terms(hit.passage.context), settings.context_share)
    around |= dict.fromkeys(terms(hit.passage.text), settings.passage_share)
    if question.topics and set(question.topics) <= tags:
        around |= dict.fromkeys(question.topic_terms, 1.0)
    return around


def _coverage(sentence: Sentence, around: dict[str, float], rarity: dict[str, float]) -> float:
    """Return the share of the question's words that a sentence holds, rare words counting for more."""
    own = set(terms(sentence.text))
    total = sum(rarity.values())
    held = sum(weight * (1.0 if term in own else around.get(term, 0.0)) for term, weight in rarity.items())
    return held / total if total else 0.0


def _says_little(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a sentence only announces or asks, or is a table's row of bare numbers that nobody asked for."""
    if hit.passage.kind is BlockKind.TABLE_ROW:
        values = [part.rpartition(":")[2] for part in _said(sentence, hit).split(";")]
        return all(_VALUE_ONLY.match(value) for value in values)
    return sentence.text.endswith((":", "?"))


def _said(sentence: Sentence, hit: Hit) -> str:
    """Return what a sentence says of its subject: for a table's row, the heads of the columns and the cells."""
    return sentence.text.partition(" – ")[2] if hit.passage.kind is BlockKind.TABLE_ROW else sentence.text


def _caption(hit: Hit) -> str:
    return hit.passage.section[-1] if hit.passage.kind is BlockKind.TABLE_ROW and hit.passage.section else ""
