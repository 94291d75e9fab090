"""From hits to evidence: every sentence of the best passages, weighed against the question.

A sentence's score adds up its own closeness in meaning, the share of the question's words that it and its surroundings hold, and
the rank of its passage. Words are held exactly, or by a word that comes near in meaning ("jail": "prison"). A sentence that
lacks the kind of thing asked for, a number say, falls behind those that hold it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from assistant.questions import Question, Wanted, counts, holds
from assistant.questions.forms import EXAMPLE_NOUNS
from assistant.types import BlockKind, Evidence, Facet, Hit, Sentence
from assistant.vectors import cosines
from assistant.words import content, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.index import PassageIndex
    from assistant.settings import Settings

_ANNOUNCES = re.compile(
    r"\A(?:below|above|overleaf),|\b(?:summari[sz]ed?|illustrated?|shown|listed|outlined|described|set\s+out|presented)\b.{0,40}"
    r"\b(?:below|above|overleaf|in\s+(?:figure|table|section|chapter|annex|appendix))\b",
    re.IGNORECASE,
)
_VALUE_ONLY = re.compile(r"\W*(?:[£$€]?\d[\d,.%]*|n/?a|-)\W*\Z", re.IGNORECASE)


_BESIDE_DOER = 2
"""How many words beside the doer's may stand among the first of a sentence."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its unit vector ``(dim,)``, that of the question without the cases it names, and those of its terms.

    A number means only itself: one that the library lacks has no vector.

    ``strange_names`` are the words that the library lacks and that come near to its names only, ``familiar`` the terms that
    it uses, or something near them in meaning.
    """

    question: Question
    vector: NDArray[np.float32]
    bare_vector: NDArray[np.float32]
    term_vectors: Mapping[str, NDArray[np.float32]]
    strange_names: tuple[str, ...] = ()
    familiar: frozenset[str] = frozenset()


def weigh(index: PassageIndex, query: Query, hits: Sequence[Hit], settings: Settings) -> list[Evidence]:
    """Return the sentences of ``hits``, best first.

    Sentence and word vectors were made when the index was built: no model is called.
    """
    matches = Matches.of(index, query, list(chain.from_iterable(map(_texts, hits))), settings)
    found = list(_weighed(index, query, hits, matches, settings)) if hits else []
    if query.question.kind is BlockKind.FOOTNOTE:
        found = [_credited(one, found, settings) for one in found]
    return sorted(found, key=lambda evidence: -evidence.score)


@dataclass(frozen=True, slots=True)
class Matches:
    """How near each term of a question comes to each stem of some texts: ``(terms, stems + 1)`` in [0, 1], exact is 1.

    The last column is 0: what a text without any of the stems holds.
    """

    terms: tuple[str, ...]
    weights: NDArray[np.float32]
    column: Mapping[str, int]
    nearness: NDArray[np.float32]

    @classmethod
    def of(cls, index: PassageIndex, query: Query, texts: Sequence[str], settings: Settings) -> Matches:
        """Return the matches of a question's terms in ``texts`` of the library."""
        asked, known = query.question.terms, index.vocabulary
        held = [stem for stem in frozenset[str]().union(*map(content, texts)) if stem in known]
        weights = np.asarray(
            [min(index.lexical.rarity(term), index.lexical.highest_rarity) for term in asked], np.float32
        )
        nearness = np.zeros((len(asked), len(held) + 1), np.float32)
        if asked and held:
            nothing = np.zeros_like(query.vector)
            vectors = np.stack([query.term_vectors.get(term, nothing) for term in asked])
            nearness[:, :-1] = cosines(vectors[:, np.newaxis], known.vectors_of(held))
            nearness[:, [*map(known.is_only_itself, held), False]] = 0
            nearness[[known.is_only_itself(term) for term in asked]] = 0
            nearness[nearness < settings.near_word] = 0
        column = {stem: number for number, stem in enumerate(held)}
        for row, term in enumerate(asked):
            if term in column:
                nearness[row, column[term]] = 1
        return cls(asked, weights, column, nearness)

    def held(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return how well each of some texts holds each term, ``(terms, n)`` in [0, 1]."""
        column, nothing = self.column, len(self.column)
        columns = [[nothing, *(column[stem] for stem in content(text) if stem in column)] for text in texts]
        starts = np.cumsum([0, *map(len, columns)], dtype=np.intp)[:-1]
        every = np.fromiter(chain.from_iterable(columns), np.intp)
        return np.maximum.reduceat(self.nearness[:, every], starts, axis=1)

    def held_by(self, text: str) -> NDArray[np.float32]:
        """Return how well a text holds each term, ``(terms,)`` in [0, 1]."""
        return self.held([text])[:, 0]

    def shares(self, held: NDArray[np.float32], chosen: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
        """Return the share of the terms that is held, rare words counting for more; 1 where there are no terms.

        ``held`` is ``(terms, n)``, and so is, or spreads to it, ``chosen`` where only some terms count; the shares are ``(n,)``.
        """
        weights = self.weights[:, np.newaxis] * (True if chosen is None else chosen)
        totals = weights.sum(axis=0)
        return np.where(totals > 0, (weights * held).sum(axis=0) / np.where(totals > 0, totals, 1), np.float32(1))

    def share(self, held: NDArray[np.float32], chosen: NDArray[np.bool_] | None = None) -> float:
        """Return the share that one text holds, by what it holds of each term, ``(terms,)``."""
        return float(self.shares(held[:, np.newaxis], None if chosen is None else chosen[:, np.newaxis])[0])


def _weighed(
    index: PassageIndex, query: Query, hits: Sequence[Hit], matches: Matches, settings: Settings
) -> Iterator[Evidence]:
    question, details = query.question, set(query.question.details)
    asked = np.asarray([[term in details] for term in matches.terms], np.bool_).reshape(-1, 1)
    sentences = [(sentence, hit) for hit in hits for sentence in hit.passage.sentences]
    counts = [len(hit.passage.sentences) for hit in hits]
    own = matches.held([sentence.text for sentence, _ in sentences])
    around = np.repeat(_around(hits, question, matches, own, asked, settings), counts, axis=1)
    vectors = np.concatenate([index.vectors_of_sentences(hit.passage) for hit in hits])
    numbers = (
        np.maximum(cosines(vectors, query.vector), 0),
        np.maximum(cosines(vectors, query.bare_vector), 0),
        matches.shares(np.maximum(own, around)),
        _details(sentences, matches, own, asked),
    )
    strays = {hit.passage.id: _is_of_another_topic(hit, question) for hit in hits}
    for (sentence, hit), *found in zip(sentences, *(one.tolist() for one in numbers), strict=True):
        signals = dict(zip(("meaning", "bare", "words", "detail"), found, strict=True))
        signals |= {"passage": hit.score, "fits": float(fits(sentence, hit, question))}
        signals["aside"] = _share_of(question.aside, sentence)
        score = _score(signals, sentence, hit, question, settings, strays=strays[hit.passage.id])
        yield Evidence(sentence, hit, score, signals)


def _texts(hit: Hit) -> Iterator[str]:
    """Yield what a passage's sentences say, and what stands above them."""
    yield hit.passage.context
    for sentence in hit.passage.sentences:
        yield sentence.text


def _around(
    hits: Sequence[Hit],
    question: Question,
    matches: Matches,
    own: NDArray[np.float32],
    asked: NDArray[np.bool_],
    settings: Settings,
) -> NDArray[np.float32]:
    """Return how well what stands around its sentences lets each hit hold each term, ``(terms, hits)``.

    ``own`` ``(terms, n)`` is how well each sentence holds it, those of one hit after those of another.
    """
    starts = np.cumsum([0, *(len(hit.passage.sentences) for hit in hits)])[:-1]
    with_nothing = np.pad(own, ((0, 0), (0, 1)))  # so that the last hit may have no sentence
    around = np.maximum(
        settings.passage_share * np.maximum.reduceat(with_nothing, starts, axis=1),
        settings.context_share * matches.held([hit.passage.context for hit in hits]),
    )
    topics = set(question.topics)
    tagged = [bool(topics) and topics <= {(tag.facet, tag.value) for tag in hit.passage.tags} for hit in hits]
    return np.where(~asked & np.asarray(tagged, np.bool_), np.float32(1), around)


def _details(
    sentences: Sequence[tuple[Sentence, Hit]], matches: Matches, own: NDArray[np.float32], asked: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Return the share of what is asked, ``(terms, 1)``, that each sentence itself holds, ``(n,)``.

    In a table, the row's own head says what the figure is of; the column's head and the caption must hold the rest.
    """
    rows = [number for number, (_, hit) in enumerate(sentences) if hit.passage.kind is BlockKind.TABLE_ROW]
    if not rows:
        return matches.shares(own, asked)
    parts = [(parts_of(sentences[row][0].text), _caption(sentences[row][1])) for row in rows]
    held, chosen = own.copy(), np.broadcast_to(asked, own.shape).copy()
    held[:, rows] = matches.held([f"{said} {caption}" for (_, said), caption in parts])
    rest = asked & ((matches.held([subject for (subject, _), _ in parts]) == 0) | (held[:, rows] > 0))
    chosen[:, rows] = np.where(rest.any(axis=0), rest, asked)
    return matches.shares(held, chosen)


def _credited(one: Evidence, found: Sequence[Evidence], settings: Settings) -> Evidence:
    """Return a footnote, where a source is asked for, with the score of the best sentence beside the one it is a note to."""
    if one.hit.passage.kind is not BlockKind.FOOTNOTE:
        return one
    note_to = one.hit.passage.context.rpartition("\n")[2]
    noted = {other.hit.passage.id for other in found if other.sentence.text.endswith(note_to)}
    scores = [other.score for other in found if other.hit.passage.id in noted]
    return replace(one, score=max([one.score, *(score + settings.kind_bonus for score in scores)]))


def strength(evidence: Evidence, settings: Settings) -> float:
    """Return how strongly a sentence bears on its question, whatever else was found: 0 not at all, 1 word for word."""
    share = settings.strength_meaning
    return share * evidence.signals["bare"] + (1 - share) * evidence.signals["detail"]


def fits(sentence: Sentence, hit: Hit, question: Question) -> bool:
    """Tell whether a sentence holds the kind of thing the question wants, counting what the question counts."""
    if question.wanted is Wanted.ANYTHING:
        return True
    said = sentence.text if question.wanted in {Wanted.YEAR, Wanted.TIME} else _said(sentence, hit)
    known = frozenset((question.wanted is Wanted.MEANING and question.details) or question.terms)
    if not question.counted or not holds(question.wanted, said, known):
        return holds(question.wanted, said, known)
    if hit.passage.kind is BlockKind.TABLE_ROW:
        head = said if EXAMPLE_NOUNS.issuperset(question.counted) else f"{said} {_caption(hit)}"
        return not set(question.counted).isdisjoint(content(head))
    return counts(question.counted, said)


def _score(
    signals: Mapping[str, float], sentence: Sentence, hit: Hit, question: Question, settings: Settings, *, strays: bool
) -> float:
    score = (
        settings.meaning_weight * (signals["meaning"] + signals["bare"]) / 2
        + settings.words_weight * signals["words"]
        + settings.detail_weight * signals["detail"]
        + settings.passage_weight * signals["passage"]
    )
    score += settings.kind_bonus * (hit.passage.kind is question.kind)
    score += settings.fit_bonus * _tells_of(question.doer, sentence, hit)
    score -= settings.other_topic_penalty * (strays + signals["aside"])
    if question.wanted is Wanted.ANYTHING:
        return score - settings.bare_penalty * says_little(sentence, hit)
    return score + settings.fit_bonus * signals["fits"]


def _tells_of(doer: Sequence[str], sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a sentence of the text begins with whom a question asks about, as one does that tells what they did."""
    of_text = hit.passage.kind not in {BlockKind.TABLE_ROW, BlockKind.FOOTNOTE}
    return of_text and bool(doer) and set(doer) <= set(terms(sentence.text)[: len(doer) + _BESIDE_DOER])


def _is_of_another_topic(hit: Hit, question: Question) -> bool:
    """Tell whether a passage is tagged, in a facet the question names something of, with other things only."""
    named = ((facet, set(question.named(facet)), set(hit.passage.values(facet))) for facet in Facet)
    return any(asked and (facet is Facet.CASE or tagged) and asked.isdisjoint(tagged) for facet, asked, tagged in named)


def says_little(sentence: Sentence, hit: Hit) -> bool:
    """Tell whether a sentence only announces or asks, or is a table's row of bare numbers that nobody asked for."""
    if hit.passage.kind is BlockKind.TABLE_ROW:
        values = [part.rpartition(":")[2] for part in _said(sentence, hit).split(";")]
        return all(_VALUE_ONLY.match(value) for value in values)
    return _announces(sentence.text)


def _share_of(asked: Sequence[str], sentence: Sentence) -> float:
    """Return the share of some stems that a sentence holds; 0 where there are no stems."""
    return len(content(sentence.text).intersection(asked)) / len(asked) if asked else 0.0


@lru_cache(maxsize=8_192)
def _announces(text: str) -> bool:
    return text.endswith((":", "?")) or _ANNOUNCES.search(text) is not None


def _said(sentence: Sentence, hit: Hit) -> str:
    """Return what a sentence says of its subject: for a table's row, the heads of the columns and the cells."""
    return parts_of(sentence.text)[1] if hit.passage.kind is BlockKind.TABLE_ROW else sentence.text


def parts_of(row: str) -> tuple[str, str]:
    """Return a table's row, as it is stated, as its own head and what it says: the cells after the heads of their columns."""
    for cut in (row.rpartition, row.partition):
        subject, joint, said = cut(" – ")
        if joint and (":" in said or any(map(str.isdigit, said))):
            return subject, said
    subject, _, said = row.partition(" – ")
    return subject, said


def _caption(hit: Hit) -> str:
    return hit.passage.section[-1] if hit.passage.kind is BlockKind.TABLE_ROW and hit.passage.section else ""
