"""Tables of a web page: which of them hold data rather than lay out the page, and the cells of those."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from selectolax.lexbor import LexborNode

_GROUPS = ("thead", "tbody", "tfoot")
_LAYOUT = "table, h1, h2, h3, h4, h5, h6, pre, main, article, nav, form"


def data_rows(table: LexborNode, skip: Callable[[LexborNode], bool]) -> list[list[LexborNode]]:
    """Return the cells of a table by rows, or none where it only lays out the page.

    A table of data has rows and columns, at least one row with words in two of them, and no headings or other tables inside.
    """
    if (table.attributes.get("role") or "") in ("presentation", "none") or len(table.css(_LAYOUT)) > 1:
        return []
    rows = [[cell for cell in children(row, skip) if cell.tag in ("td", "th")] for row in _rows(table, skip)]
    rows = [row for row in rows if row]
    is_data = len(rows) > 1 or any(cell.tag == "th" for row in rows for cell in row)
    return rows if is_data and any(_has_columns(row) for row in rows) else []


def _has_columns(row: Sequence[LexborNode]) -> bool:
    return sum(1 for cell in row if cell.text(strip=True)) > 1


def head_rows(rows: Sequence[Sequence[LexborNode]]) -> int | None:
    """Return how many rows stand in the head of a table, or ``None`` where it has none."""
    return sum(1 for row in rows if _group(row[0]) == "thead") or None


def span(cell: LexborNode, name: str) -> int:
    """Return how many columns or rows a cell spans; "to the end", which HTML writes as 0, is very many."""
    said = (cell.attributes.get(name) or "").strip()
    if not said.isascii() or not said.isdecimal():
        return 1
    return min(int(said[:9]), 65534) or 65534


def children(node: LexborNode, skip: Callable[[LexborNode], bool]) -> Iterator[LexborNode]:
    """Yield the nodes right below an element, without those that are skipped."""
    child = node.first_child
    while child is not None:
        if not skip(child):
            yield child
        child = child.next


def _rows(table: LexborNode, skip: Callable[[LexborNode], bool]) -> Iterator[LexborNode]:
    for child in children(table, skip):
        if child.tag == "tr":
            yield child
        elif child.tag in _GROUPS:
            yield from (row for row in children(child, skip) if row.tag == "tr")


def _group(cell: LexborNode) -> str | None:
    row = cell.parent
    group = row.parent if row is not None else None
    return group.tag if group is not None else None
