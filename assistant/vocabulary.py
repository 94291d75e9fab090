"""The words of a library and what they mean: a unit vector a stem, made when the index is built.

Two uses: a word of a question that stands nowhere in the library finds the words that come near it in meaning ("jail":
"prison"), or the one it is a misspelling of. No model is called for words the library knows.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Self

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant import storage
from assistant.vectors.stores import Store, open_store, store_of
from assistant.words import FUNCTION_WORDS, stem, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_TABLE, _VECTORS = "vocabulary.arrow", "vocabulary.faiss"
FILES = _TABLE, _VECTORS, "vocabulary.cells"
"""What a vocabulary is kept in; there are cells where there are many words."""
_SENTENCE_START = re.compile(r"(?:\A|[.!?:;•>–-]\s|\n)\W*(?P<word>[^\W_]+)")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
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


@dataclass(frozen=True, slots=True)
class Forms:
    """How often words are written in some texts, letter for letter, and how often other than to open a sentence."""

    counts: Counter[str]
    inside: Counter[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Count the words of ``texts`` that say something."""
        counts: Counter[str] = Counter()
        inside: Counter[str] = Counter()
        for text in texts:
            opening = {match.start("word") for match in _SENTENCE_START.finditer(text)}
            found = [(match.start() in opening, _saying(match[0])) for match in _WORD.finditer(text)]
            counts.update(chain.from_iterable(saying for _, saying in found))
            inside.update(chain.from_iterable(saying for opens, saying in found if not opens))
        return cls(counts, inside)

    @classmethod
    def joined(cls, parts: Iterable[Forms]) -> Self:
        """Return the counts of all parts together."""
        together = cls(Counter(), Counter())
        for part in parts:
            together.counts.update(part.counts)
            together.inside.update(part.inside)
        return together

    def less(self, other: Forms) -> Forms:
        """Return these counts without those of some of the texts."""
        return Forms(self.counts - other.counts, self.inside - other.inside)

    @classmethod
    def read(cls, table: storage.Table) -> Self:
        """Return the counts that a table of ``storage.FORMS`` holds."""
        forms, counts, inside = (table[name].to_pylist() for name in ("form", "count", "inside"))
        return cls(
            Counter(dict(zip(forms, counts, strict=True))),
            Counter({form: count for form, count in zip(forms, inside, strict=True) if count}),
        )

    def table(self) -> storage.Table:
        """Return the counts as a table of ``storage.FORMS``, in the order of the forms."""
        rows = ({"form": one, "count": count, "inside": self.inside[one]} for one, count in sorted(self.counts.items()))
        return storage.table_of(storage.FORMS, rows)

    def words(self) -> list[Word]:
        """Return the words, one a stem, in the order of their stems; of forms as frequent, the first in the alphabet stands."""
        by_stem: defaultdict[str, list[str]] = defaultdict(list)
        for form in self.counts:
            by_stem[stem(form)].append(form)
        return [self._word(one, forms) for one, forms in sorted(by_stem.items())]

    def _word(self, one: str, forms: Sequence[str]) -> Word:
        capital = all(form[0].isupper() for form in forms) and any(form in self.inside for form in forms)
        form = min(forms, key=lambda form: (-self.counts[form], form)) if len(forms) > 1 else forms[0]
        return Word(one, form if capital else form.lower(), capital)


@lru_cache(maxsize=65_536)
def _saying(written: str) -> tuple[str, ...]:
    """Return the words of what is written without a space that say something."""
    return tuple(word for word in words(written) if word.lower() not in FUNCTION_WORDS)


def is_number(word: str) -> bool:
    """Tell whether a word has a digit."""
    return any(map(str.isdigit, word))


class Vocabulary:
    """Words by stem, with unit vectors."""

    def __init__(self, known: Sequence[Word], vectors: Store) -> None:
        self.words = list(known)
        self._words = {word.stem: (row, word) for row, word in enumerate(known)}
        self._forms = [word.form.lower() for word in known]
        self._are_names = [word.is_name for word in known]
        self._only_themselves = {word.stem for word in known if word.is_name or is_number(word.stem)}
        self._vectors = vectors
        self.respelt = lru_cache(maxsize=1024)(self._respelt)
        self._around = lru_cache(maxsize=1024)(self._nearest)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a saved vocabulary.

        Raises:
            IndexDamaged: a file of it cannot be read.
        """
        table = storage.open_table(folder / _TABLE, storage.VOCABULARY)
        columns = (table[field.name].to_pylist() for field in fields(Word))
        return cls(list(map(Word, *columns)), open_store(folder / _VECTORS))

    @staticmethod
    def save(folder: Path, known: Sequence[Word], vectors: NDArray[np.float32]) -> None:
        """Write words and their vectors ``(n, dim)``."""
        rows = ({"stem": word.stem, "form": word.form, "is_name": word.is_name} for word in known)
        storage.write_table(folder / _TABLE, storage.table_of(storage.VOCABULARY, rows))
        store_of(vectors).save(folder / _VECTORS)

    @property
    def dimensions(self) -> int:
        """How long a vector is."""
        return self._vectors.dimensions

    def row_of_form(self, form: str) -> int | None:
        """Return the row of a word, written just so; ``None`` where the library does not mostly write it that way."""
        row, word = self._words.get(stem(form), (0, None))
        return row if word and word.form == form else None

    def rows(self, numbers: Sequence[int]) -> NDArray[np.float32]:
        """Return the unit vectors of rows, ``(n, dim) float32``."""
        return self._vectors.rows(np.asarray(numbers, np.int64))

    def __contains__(self, one: str) -> bool:
        return one in self._words

    def is_name(self, one: str) -> bool:
        """Tell whether the library only ever writes a stem with a capital."""
        return one in self._words and self._words[one][1].is_name

    def is_only_itself(self, one: str) -> bool:
        """Tell whether a stem is a name or a number: none other means nearly the same, however near a model puts it."""
        return one in self._only_themselves

    def vectors_of(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vectors of stems the library knows, ``(n, dim) float32``."""
        return self._vectors.rows(np.asarray([self._words[one][0] for one in stems], np.int64))

    def comes_near(self, vector: NDArray[np.float32], least: float) -> bool:
        """Tell whether any word that is no name has at least this cosine with a unit vector ``(dim,)``."""
        return any(cosine >= least and not self._are_names[row] for row, cosine in self._around(vector.tobytes()))

    def is_namelike(self, vector: NDArray[np.float32]) -> bool:
        """Tell whether a strange word, by its unit vector ``(dim,)``, comes nearest to names: one city to another."""
        near = self._around(vector.tobytes())[:_NEIGHBOURS]
        return len([row for row, cosine in near if cosine > _NEAR_NAME and self._are_names[row]]) >= _NAMES_AROUND

    def _nearest(self, vector: bytes) -> list[tuple[int, float]]:
        """Return the rows nearest to a vector of ``float32``, by its bytes, and their cosines, best first."""
        rows, cosines = self._vectors.search(np.frombuffer(vector, np.float32), 2 * _NEIGHBOURS)
        return list(zip(rows.tolist(), cosines.tolist(), strict=True))

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
