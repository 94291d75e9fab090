"""The words of a library and what they mean: a unit vector a stem, made when the index is built.

Two uses: a word of a question that stands nowhere in the library finds the words that come near it in meaning ("jail":
"prison"), or the one it is a misspelling of. No model is called for words the library knows.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Self

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant import storage
from assistant.vectors.faiss import FaissVectors
from assistant.words import FUNCTION_WORDS, stem, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_TABLE, _VECTORS = "vocabulary.arrow", "vocabulary.faiss"
_SENTENCE_START = re.compile(r"(?:\A|[.!?:;•>–-]\s|\n)\W*(?P<word>[^\W_]+)")
_SHORTEST_MISSPELT = 5
_SHORTEST_MISSPELT_NAME = 7
_LONG_WORD = 8
_NEIGHBOURS = 6
_NEAR_NAME = 0.45
_NAMES_AROUND = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A stem, the form in which the library mostly writes it, and whether it is only ever written with a capital."""

    stem: str
    form: str
    is_name: bool


def collected(texts: Iterable[str]) -> list[Word]:
    """Return the words of ``texts`` that say something, one a stem, in the order of their stems."""
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    inside: set[str] = set()
    for text in texts:
        opening = {match.start("word") for match in _SENTENCE_START.finditer(text)}
        for match in re.finditer(r"[^\W_]+(?:['’-][^\W_]+)*", text):
            for word in words(match[0]):
                if word.lower() not in FUNCTION_WORDS:
                    forms[stem(word)][word] += 1
                    if match.start() not in opening:
                        inside.add(word)
    return [_word(one, found, inside) for one, found in sorted(forms.items())]


def _word(one: str, found: Counter[str], inside: set[str]) -> Word:
    capital = all(form[0].isupper() for form in found) and any(form in inside for form in found)
    form = found.most_common(1)[0][0]
    return Word(one, form if capital else form.lower(), capital)


class Vocabulary:
    """Words by stem, with unit vectors."""

    def __init__(self, known: Sequence[Word], vectors: FaissVectors) -> None:
        self._words = {word.stem: (row, word) for row, word in enumerate(known)}
        self._forms = [word.form.lower() for word in known]
        self._are_names = [word.is_name for word in known]
        self._vectors = vectors
        self.respelt = lru_cache(maxsize=1024)(self._respelt)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a saved vocabulary.

        Raises:
            IndexDamaged: a file of it cannot be read.
        """
        table = storage.open_table(folder / _TABLE, storage.VOCABULARY)
        return cls([Word(**row) for row in table.to_pylist()], FaissVectors.open(folder / _VECTORS))

    @staticmethod
    def save(folder: Path, known: Sequence[Word], vectors: NDArray[np.float32]) -> None:
        """Write words and their vectors ``(n, dim)``."""
        rows = ({"stem": word.stem, "form": word.form, "is_name": word.is_name} for word in known)
        storage.write_table(folder / _TABLE, storage.VOCABULARY, rows)
        FaissVectors.of(vectors).save(folder / _VECTORS)

    def __contains__(self, one: str) -> bool:
        return one in self._words

    def is_name(self, one: str) -> bool:
        """Tell whether the library only ever writes a stem with a capital."""
        return one in self._words and self._words[one][1].is_name

    def vectors_of(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors of stems the library knows, ``(n, dim) float32``."""
        return self._vectors.rows(np.asarray([self._words[one][0] for one in stems], np.int64))

    def comes_near(self, vector: NDArray[np.float32], least: float) -> bool:
        """Tell whether any word that is no name has at least this cosine with a unit vector ``(dim,)``."""
        rows, cosines = self._vectors.search(vector, 2 * _NEIGHBOURS)
        near = zip(rows.tolist(), cosines.tolist(), strict=True)
        return any(cosine >= least and not self._are_names[row] for row, cosine in near)

    def is_namelike(self, vector: NDArray[np.float32]) -> bool:
        """Tell whether a strange word, by its unit vector ``(dim,)``, comes nearest to names: one city to another."""
        rows, cosines = self._vectors.search(vector, _NEIGHBOURS)
        near = zip(rows.tolist(), cosines.tolist(), strict=True)
        return len([row for row, cosine in near if cosine > _NEAR_NAME and self._are_names[row]]) >= _NAMES_AROUND

    def _respelt(self, word: str) -> str | None:
        """Return the word of the library that ``word`` is a misspelling of, or ``None``.

        One slip (a letter more, less, other, or two swapped: optimal string alignment), two in a long word, and never in
        the first letter; what is written with a capital may be a name the library lacks, so it must be longer.
        """
        shortest = _SHORTEST_MISSPELT_NAME if word[0].isupper() else _SHORTEST_MISSPELT
        if len(word) < shortest or not word.isalpha() or stem(word) in self._words:
            return None
        slips = 1 + (len(word) >= _LONG_WORD)
        lowered = word.lower()
        near = process.extract(lowered, self._forms, scorer=OSA.distance, score_cutoff=slips, limit=8)
        forms = (form for form, _, _ in near if form[0] == lowered[0] and len(form) >= _SHORTEST_MISSPELT)
        return next(forms, None) or self._respelt_stem(lowered, slips)

    def _respelt_stem(self, word: str, slips: int) -> str | None:
        """Return another form of a word that the library writes ("interveiwed": "interviewed", where it has "interview")."""
        cut = stem(word)
        if not word.startswith(cut) or cut == word:
            return None
        near = process.extract(cut, list(self._words), scorer=OSA.distance, score_cutoff=slips, limit=8)
        known = next((one for one, _, _ in near if one[0] == cut[0] and len(one) >= _SHORTEST_MISSPELT), None)
        return known + word[len(cut) :] if known else None
