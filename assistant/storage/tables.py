"""Arrow tables on disk: their columns, and how they are written, memory-mapped and read a row at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
import pyarrow as pa
from pyarrow import ipc

from assistant.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Row = dict[str, Any]
Table: TypeAlias = pa.Table
Number = TypeVar("Number", np.int64, np.uint64)

_SPAN = pa.struct([("start", pa.int64()), ("end", pa.int64())])
_SPANS = pa.list_(_SPAN)
_TEXTS = pa.list_(pa.string())
_CELL = pa.struct([("head", _SPAN), ("body", _SPAN)])
_BLOCK = pa.struct([("kind", pa.string()), ("spans", _SPANS), ("section", _TEXTS), ("cells", pa.list_(_CELL))])
_TAG = pa.struct(
    [("facet", pa.string()), ("value", pa.string()), ("origin", pa.string()), ("confidence", pa.float64())]
)

DOCUMENTS = pa.schema(
    [
        ("title", pa.string()),
        ("text", pa.large_string()),
        ("blocks", pa.list_(_BLOCK)),
        ("metadata", pa.map_(pa.string(), pa.string())),
        ("pages", pa.list_(pa.struct([("start", pa.int64()), ("page", pa.int64())]))),
    ]
)
"""A document does not know its name here: a file that is renamed stays the row it was."""

PASSAGES = pa.schema(
    [
        ("document", pa.int64()),
        ("kind", pa.string()),
        ("section", _TEXTS),
        ("spans", _SPANS),
        ("text", pa.large_string()),
        ("context", pa.string()),
        ("sentence_count", pa.int64()),
    ]
)
SENTENCES = pa.schema(
    [("spans", _SPANS), ("text", pa.large_string()), ("stressed", pa.bool_()), ("fingerprint", pa.uint64())]
)
TAGS = pa.schema([("tags", pa.list_(_TAG))])
OVERLAY = pa.schema([("row", pa.int64()), ("tags", pa.list_(_TAG)), ("settled", _TEXTS)])
FORMS = pa.schema([("form", pa.string()), ("count", pa.int64()), ("inside", pa.int64())])
VOCABULARY = pa.schema([("stem", pa.string()), ("form", pa.string()), ("is_name", pa.bool_())])


def table_of(schema: pa.Schema, rows: Iterable[Row]) -> Table:
    """Return ``rows`` as a table."""
    return pa.Table.from_pylist(list(rows), schema=schema)


def joined(tables: Sequence[Table]) -> Table:
    """Return tables of one schema end to end."""
    return pa.concat_tables(tables)


def kept(table: Table, mask: NDArray[np.bool_]) -> Table:
    """Return the rows of a table that a mask ``(n,)`` lets through."""
    return table.filter(pa.array(mask))


def replaced(table: Table, mask: NDArray[np.bool_], anew: Table) -> Table:
    """Return a table in which the rows of a mask ``(n,)`` are those of another, in order."""
    order = np.arange(len(mask))
    order[mask] = len(mask) + np.arange(anew.num_rows)
    return pa.concat_tables([table, anew]).take(order)


def numbers(table: Table, name: str) -> NDArray[np.int64]:
    """Return a column of whole numbers as an array ``(n,)``."""
    return values(table[name], np.dtype(np.int64))


def values(column: pa.ChunkedArray, kind: np.dtype[Number]) -> NDArray[Number]:
    """Return a column of numbers of 64 bits without gaps as an array ``(n,)``.

    The library's own way imports pandas, which takes longer than all else that a question needs.
    """
    parts = [np.frombuffer(one.buffers()[1], kind, len(one), 8 * one.offset) for one in column.chunks if len(one)]
    return np.concatenate(parts) if parts else np.empty(0, kind)


def with_numbers(table: Table, name: str, values: NDArray[np.int64]) -> Table:
    """Return a table with a column of whole numbers replaced."""
    return table.set_column(table.schema.get_field_index(name), table.schema.field(name), pa.array(values))


def write_table(path: Path, table: Table) -> None:
    """Write a table as one Arrow file."""
    with pa.OSFile(str(path), "wb") as sink, ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def open_table(path: Path, schema: pa.Schema) -> pa.Table:
    """Memory-map an Arrow file.

    Raises:
        IndexDamaged: the file is no Arrow file, or not of this schema.
    """
    try:
        table = ipc.open_file(pa.memory_map(str(path))).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise IndexDamaged(f'"{path}" cannot be read. Run "casewise index" to rebuild it.') from error
    if not table.schema.equals(schema):
        raise IndexDamaged(f'"{path}" has columns of another version. Run "casewise index" to rebuild it.')
    return table


def row(table: pa.Table, number: int) -> Row:
    """Return one row of a table."""
    return rows(table, number, 1)[0]


def rows(table: Table, first: int, count: int) -> list[Row]:
    """Return some consecutive rows of a table."""
    found: list[Row] = table.slice(first, count).to_pylist()
    return found


def each(table: Table) -> Iterator[Row]:
    """Yield every row of a table, a batch of them in memory at a time."""
    for batch in table.to_batches(max_chunksize=1024):
        yield from batch.to_pylist()
