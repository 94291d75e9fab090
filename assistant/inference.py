"""Themes and aspects from meaning, for passages that neither a heading nor a person has tagged. Pure.

What headings and persons have tagged teaches a ridge regression on unit vectors, one output for each value of a facet and one for
"none of these" (Hoerl and Kennard 1970). "None" is learnt from the passages without a tag in documents that have tagged
ones: where some headings of a document name themes, its introduction and its method name none on purpose.

How far the best output stands above the next, squared, becomes a probability by Platt scaling (Platt 1999), fitted on passages
of documents that the regression had not seen. So the confidence says how often such a tag is right in a document that is new.
(Without the square, near calls pass for surer than they are. One temperature for all outputs, as in Guo et al. 2017, holds where
documents are alike; where they are not, 0.75 of what it gave 0.8 and more was right.) Where too little is tagged to learn that
from, the nearest definition counts, with the probability that it had in measurements.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from assistant.types import Facet, Origin, Tag

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.taxonomy import Taxonomy

    Numbers = NDArray[np.float64]
    Vectors = NDArray[np.float32]
    Rows = NDArray[np.int64]

FACETS = (Facet.THEME, Facet.ASPECT)
"""What is inferred. A case is named or it is not."""

_TAUGHT_BY = (Origin.HEADING, Origin.PERSON)
_FEWEST_ROWS = 20
_FEWEST_VALUES = 2
FEWEST_DOCUMENTS = 3
"""What there must be at least, of tagged passages, values among them and documents they are in, to learn from. From one document
alone, with its sections unseen in turn, all six tags were wrong whose confidence was 0.8 or more."""
_MOST_ROWS = 3_000
_FOLDS = 10
_RIDGE = 2.0
_DEFINITION_WEIGHT = 10.0
"""How many passages a definition counts for."""
_STEADYING = 0.01
_STEPS = 30
_BY_DEFINITION = (4.0, -0.5)
"""Platt's slope and intercept where only definitions count (below 0.5: right 0.46 of 196, with a mean of 0.41)."""
_MOST_BY_DEFINITION = 0.6
"""The most that a definition alone is trusted: no paragraph that was measured came nearer to one."""
_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Library:
    """What is known of all passages, a row each.

    ``vectors`` are unit vectors of the passages' own words, ``(n, dim) float32``: with the headings above them, the words of
    headings would be learnt and nothing else. ``documents`` numbers the documents, ``(n,) int64``. A facet of a row in
    ``settled`` has been decided: the row is given no tag of it.
    """

    vectors: Vectors
    tags: Sequence[tuple[Tag, ...]]
    documents: Rows
    settled: Collection[tuple[int, Facet]] = ()


def own_words(sentences: Vectors, counts: Sequence[int]) -> Vectors:
    """Return unit vectors of passages, ``(n, dim) float32``, from those of their sentences, so many each as ``counts`` says.

    The mean of a passage's sentences stands for its own words, and costs no embedding.
    """
    sizes = np.asarray(counts, np.int64)
    starts = np.cumsum(sizes) - sizes
    sums = sentences[starts]
    for number in range(1, max(counts, default=0)):  # a sixth of the time of ``np.add.reduceat``
        longer = np.flatnonzero(sizes > number)
        sums[longer] += sentences[starts[longer] + number]
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.where(lengths > 0, lengths, 1), np.float32)


def definition_texts(taxonomy: Taxonomy) -> Mapping[tuple[Facet, str], str]:
    """Return what to embed for each theme and aspect: its name, and its definition where it has one."""
    return {
        (facet, entry.name): f"{entry.name}: {entry.definition}" if entry.definition else entry.name
        for facet in FACETS
        for entry in taxonomy.entries[facet]
    }


def inferred(
    library: Library, definitions: Mapping[tuple[Facet, str], Vectors], least: float = 0.0
) -> Mapping[int, tuple[Tag, ...]]:
    """Return tags for rows that lack a theme or an aspect; nothing where "none" is likeliest.

    Args:
        library: All passages.
        definitions: A unit vector, ``(dim,) float32``, for every theme and aspect.
        least: The least confidence of a tag. With ``Settings.enough_confidence`` these are tags to keep; with 0 they are
            guesses, to show a person.

    One thread computes: the matrices are small, and two threads that wait for each other beside other jobs took 5.1 s for
    22,000 rows where one takes 0.5 s.
    """
    found: dict[int, tuple[Tag, ...]] = {}
    with threadpool_limits(1, "blas"):
        for facet in FACETS:
            values = [value for of, value in definitions if of is facet]
            if values and len(library.vectors):
                meanings = np.stack([definitions[facet, value] for value in values]).astype(np.float64)
                for row, tag in _tags(library, facet, values, meanings, least):
                    found[row] = (*found.get(row, ()), tag)
    return dict(sorted(found.items()))


def _tags(
    library: Library, facet: Facet, values: Sequence[str], meanings: Numbers, least: float
) -> Iterator[tuple[int, Tag]]:
    labels, untagged = _labels(library, facet, values)
    settled = np.asarray([row for row, of in library.settled if of is facet], np.int64)
    rows = untagged[~np.isin(untagged, settled)]
    if not len(rows):
        return
    taught = labels >= 0
    enough = taught.sum() >= _FEWEST_ROWS and len(np.unique(library.documents[taught])) >= FEWEST_DOCUMENTS
    if enough and len(np.unique(labels[taught])) >= _FEWEST_VALUES:
        best, confidences = _learnt(library, labels, meanings, rows)
    else:
        best, confidences = _nearest(library.vectors[rows], meanings)
    for place in np.flatnonzero((confidences >= least) & (best < len(values))):
        confidence = round(float(confidences[place]), _DECIMALS)
        yield int(rows[place]), Tag(facet, values[best[place]], Origin.MODEL, confidence)


_NO_TAG, _UNKNOWN = -1, -2


def _labels(library: Library, facet: Facet, values: Sequence[str]) -> tuple[Rows, Rows]:
    """Return what each row teaches, and the rows without a tag.

    A row teaches the number of a value, ``_NO_TAG`` for none of them, or ``_UNKNOWN`` for nothing.
    """
    labels = np.full(len(library.vectors), _UNKNOWN, np.int64)
    number = {value: place for place, value in enumerate(values)}
    without = []
    for row, tags in enumerate(library.tags):
        own = [tag for tag in tags if tag.facet is facet]
        if not own:
            without.append(row)
        elif len(own) == 1 and own[0].origin in _TAUGHT_BY and own[0].value in number:
            labels[row] = number[own[0].value]
    untagged = np.asarray(without, np.int64)
    with_tags = np.unique(library.documents[labels >= 0])
    labels[untagged[np.isin(library.documents[untagged], with_tags)]] = _NO_TAG
    return labels, untagged


def _nearest(vectors: Vectors, meanings: Numbers) -> tuple[Rows, Numbers]:
    """Return the number of the nearest definition for each row, and the confidence in it."""
    outputs = vectors @ meanings.T
    slope, intercept = _BY_DEFINITION
    return outputs.argmax(axis=1), np.minimum(_sigmoid(slope * _margins(outputs) + intercept), _MOST_BY_DEFINITION)


def _learnt(library: Library, labels: Rows, meanings: Numbers, rows: Rows) -> tuple[Rows, Numbers]:
    """Return the number of the likeliest value for each of ``rows``, past the last for none, and the confidence in it.

    A row that teaches is judged by a regression that has not seen its document.
    """
    taught = _sample(np.flatnonzero(labels != _UNKNOWN))
    inputs = _with_constant(library.vectors[taught])
    targets = np.zeros((len(taught), len(meanings) + 1))
    targets[np.arange(len(taught)), labels[taught]] = 1  # -1, no tag, is the last
    lesson = _Lesson.of(inputs, targets, meanings)
    folds = _folds(library.documents[taught])
    unseen = np.empty_like(targets)
    for fold in np.unique(folds):
        out = folds == fold
        unseen[out] = inputs[out] @ lesson.without(inputs[out], targets[out]).weights()
    slope, intercept = _platt(unseen, targets)
    outputs = _with_constant(library.vectors[rows]) @ lesson.weights()
    places = {row: place for place, row in enumerate(taught.tolist())}
    judged = [(n, places[row]) for n, row in enumerate(rows.tolist()) if row in places]
    if judged:
        into, out_of = np.asarray(judged).T
        outputs[into] = unseen[out_of]
    return outputs.argmax(axis=1), _sigmoid(slope * _margins(outputs) ** 2 + intercept)


def _sample(rows: Rows) -> Rows:
    """Return at most as many rows as a lesson takes, evenly from all."""
    if len(rows) <= _MOST_ROWS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, _MOST_ROWS).astype(np.int64)]


def _folds(documents: Rows) -> Rows:
    """Return the number of the fold that each row is unseen in; a document is never in two."""
    order = [document for document, _ in Counter(documents.tolist()).most_common()]
    fold = {document: place % _FOLDS for place, document in enumerate(order)}
    return np.asarray([fold[document] for document in documents.tolist()], np.int64)


@dataclass(frozen=True, slots=True)
class _Lesson:
    """The normal equations of a ridge regression: from these a few rows are taken out again without counting the others."""

    squares: Numbers
    products: Numbers

    @classmethod
    def of(cls, inputs: Numbers, targets: Numbers, meanings: Numbers) -> _Lesson:
        """Return those of rows, and of definitions that count for several rows each."""
        known, wanted = _with_constant(meanings), np.eye(len(meanings), len(meanings) + 1)
        penalty = np.full(inputs.shape[1], _RIDGE)
        penalty[-1] = _STEADYING  # the constant is free
        squares = inputs.T @ inputs + _DEFINITION_WEIGHT * known.T @ known + np.diag(penalty)
        return cls(squares, inputs.T @ targets + _DEFINITION_WEIGHT * known.T @ wanted)

    def without(self, inputs: Numbers, targets: Numbers) -> _Lesson:
        """Return those of all other rows."""
        return _Lesson(self.squares - inputs.T @ inputs, self.products - inputs.T @ targets)

    def weights(self) -> Numbers:
        """Return the weights that solve them."""
        return np.asarray(np.linalg.solve(self.squares, self.products), np.float64)


def _with_constant(vectors: NDArray[np.floating]) -> Numbers:
    return np.column_stack([vectors.astype(np.float64), np.ones(len(vectors))])


def _margins(outputs: NDArray[np.floating]) -> Numbers:
    """Return how far the best output of each row stands above the next; of all there is, if there is but one."""
    if outputs.shape[1] == 1:
        return np.asarray(outputs[:, 0], np.float64)
    next_best, best = np.partition(outputs, -2, axis=1)[:, -2:].T
    return np.asarray(best - next_best, np.float64)


def _platt(outputs: Numbers, targets: Numbers) -> tuple[float, float]:
    """Return the slope and intercept that make squared margins probabilities of being right: Newton's method, Platt's targets."""
    best = outputs.argmax(axis=1)
    tagged = best < outputs.shape[1] - 1
    right = (best == targets.argmax(axis=1))[tagged]
    inputs = np.column_stack([_margins(outputs)[tagged] ** 2, np.ones(right.size)])
    wanted = np.where(right, (right.sum() + 1) / (right.sum() + 2), 1 / ((~right).sum() + 2))
    scaling = np.zeros(2)
    for _ in range(_STEPS):
        likely = _sigmoid(inputs @ scaling)
        slope = inputs.T @ (likely - wanted) + _STEADYING * scaling
        curve = (inputs * (likely * (1 - likely))[:, None]).T @ inputs + _STEADYING * np.eye(2)
        scaling -= np.linalg.solve(curve, slope)
    return max(float(scaling[0]), 0.0), float(scaling[1])


def _sigmoid(values: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))), np.float64)
