"""What a passage is in a collection of Milvus: its fields, and the indexes over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

KEY, PASSAGE, BORN, DIED, TAGS, VECTOR, WORDS, BM25 = (
    *("key", "passage", "born", "died"),
    *("tags", "vector", "words", "words_bm25"),
)
NEVER = 2**62
"""The stamp of the death of rows that are alive."""
LONGEST_WORDS = 65_535
"""The most bytes of a text in Milvus."""
_MOST_TAGS = 1_024
_EXACT_UP_TO = 50_000

SETTINGS: Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]] = {
    "FLAT": ({}, {}),
    "HNSW": ({"M": 16, "efConstruction": 200}, {"ef": 400}),
    "IVF_SQ8": ({"nlist": 1_024}, {"nprobe": 64}),
    "DISKANN": ({}, {"search_list": 400}),
    "AUTOINDEX": ({}, {}),
}
"""For each type of index what it is built with, and what it is searched with: twice the pool of candidates."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a generation of a library stands in Milvus, and how it is searched there.

    ``began`` is the generation that the collection began with, ``stamp`` this one; ``kind`` is the type of the vectors' index,
    and ``is_worded`` tells whether the server searches words too. Vectors are the model's, of ``dimensions``.
    """

    library: str
    began: int
    stamp: int
    kind: str
    is_worded: bool
    model_sha256: str
    dimensions: int

    @property
    def collection(self) -> str:
        """The name of the collection."""
        return f"{self.library}_c{self.began}"

    @property
    def alias(self) -> str:
        """The name that the collection has when it holds the generation whole."""
        return f"{self.library}_g{self.stamp}"

    @property
    def alive(self) -> str:
        """The expression for the rows of the generation."""
        return f"{BORN} <= {self.stamp} and {DIED} > {self.stamp}"


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows to be sent: keys ``(n,) int64``, what the passages are known by, tags, unit vectors ``(n, dim)``, and words."""

    keys: NDArray[np.int64]
    passages: Sequence[str]
    tags: Sequence[Sequence[int]]
    vectors: NDArray[np.float32]
    words: Sequence[str]


def kind_for(passages: int, wanted: str | None, before: str | None = None) -> str:
    """Return the type of index for so many passages, unless one is wanted; the one before stays while its size is near."""
    if wanted:
        return wanted
    if before == "HNSW" and passages > _EXACT_UP_TO // 2:
        return before
    return "FLAT" if passages <= _EXACT_UP_TO else "HNSW"


def fields(place: Place) -> list[str]:
    """Return the fields that a row is written with."""
    return [KEY, PASSAGE, BORN, DIED, TAGS, VECTOR, *([WORDS] if place.is_worded else [])]


def entities(place: Place, rows: Rows, numbers: range) -> Iterator[dict[str, Any]]:
    """Yield rows as Milvus is given them, born with a generation."""
    for number in numbers:
        entity = {
            KEY: int(rows.keys[number]),
            PASSAGE: rows.passages[number],
            BORN: place.stamp,
            DIED: NEVER,
            TAGS: list(rows.tags[number][:_MOST_TAGS]),
            VECTOR: rows.vectors[number],
        }
        yield entity | ({WORDS: rows.words[number]} if place.is_worded else {})


def schema_of(client: Any, place: Place) -> Any:
    """Return the fields of a collection, as pymilvus has them."""
    from pymilvus import DataType, Function, FunctionType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(KEY, DataType.INT64, is_primary=True)
    schema.add_field(PASSAGE, DataType.VARCHAR, max_length=LONGEST_WORDS)
    schema.add_field(BORN, DataType.INT64)
    schema.add_field(DIED, DataType.INT64)
    schema.add_field(TAGS, DataType.ARRAY, element_type=DataType.INT64, max_capacity=_MOST_TAGS)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=place.dimensions)
    if place.is_worded:
        analyzer = {"tokenizer": "standard"}
        schema.add_field(
            WORDS, DataType.VARCHAR, max_length=LONGEST_WORDS, enable_analyzer=True, analyzer_params=analyzer
        )
        schema.add_field(BM25, DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(Function("bm25_of_words", FunctionType.BM25, [WORDS], [BM25]))
    return schema


def indexes_of(client: Any, place: Place, bm25: tuple[float, float], *, is_tagged: bool) -> Any:
    """Return the indexes of a collection, as pymilvus has them; that over tags only where the server has such."""
    indexes = client.prepare_index_params()
    indexes.add_index(VECTOR, index_type=place.kind, metric_type="IP", params=dict(SETTINGS[place.kind][0]))
    if place.is_worded:
        weights = dict(zip(("bm25_k1", "bm25_b"), bm25, strict=True))
        indexes.add_index(BM25, index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=weights)
    if is_tagged:
        indexes.add_index(TAGS, index_type="INVERTED")
    return indexes
