"""The nouns of the evidence grid. Frozen: a change makes a new value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.errors import UsageError
from assistant.types import Filters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from assistant.types import Citation, Passage, Rejection

NO_CASE, NO_THEME = "No case", "No theme"
"""What heads the row of passages that are of no case, and the column of those that carry no theme."""


class By(StrEnum):
    """What has a row of the grid each."""

    CASE = "case"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class GridQuote:
    """Words that bear on the question: their citation, how strongly (0 not at all, 1 word for word), and where they are from."""

    citation: Citation
    strength: float
    passage: Passage
    title: str
    """The document's."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """What one row holds under one column, the best first; nothing where there is no evidence."""

    row: str
    column: str
    quotes: tuple[GridQuote, ...] = ()

    @property
    def strength(self) -> float:
        """The strength of the strongest quote; 0 where there is none."""
        return max((one.strength for one in self.quotes), default=0.0)


@dataclass(frozen=True, slots=True)
class GridRow:
    """A case, by its name, or a document, by its id: a cell for each column, and one for what carries no theme."""

    name: str
    title: str
    cells: tuple[GridCell, ...]
    untagged: GridCell | None = None

    @property
    def all_cells(self) -> tuple[GridCell, ...]:
        """The cells, and last that of no theme where there is one."""
        return (*self.cells, *([self.untagged] if self.untagged else ()))

    @property
    def has_evidence(self) -> bool:
        """Whether any of its cells has a quote."""
        return any(cell.quotes for cell in self.all_cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """A question's evidence: a row for every case or document, whether it has evidence or not.

    ``columns`` are themes, or questions. ``untagged`` is what is of no case; where ``columns`` are themes, every row has a cell
    for what is of no theme, too. ``reasons`` say which questions could not be asked of the library, and why. Markers count
    through the whole grid; the same words have one number.
    """

    question: str
    by: By
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    untagged: GridRow | None = None
    filters: Filters = field(default_factory=Filters)
    reasons: Mapping[str, str] = field(default_factory=dict)
    rejected: tuple[Rejection, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def shown_rows(self) -> tuple[GridRow, ...]:
        """The rows, and last that of no case where it holds anything."""
        return (*self.rows, *([self.untagged] if self.untagged and self.untagged.has_evidence else ()))

    @property
    def shown_columns(self) -> tuple[str, ...]:
        """The columns, and last that of no theme where it holds anything."""
        more = any(row.untagged and row.untagged.quotes for row in self.shown_rows)
        return (*self.columns, *([NO_THEME] if more else ()))

    def shown_cells(self, row: GridRow) -> tuple[GridCell, ...]:
        """Return the cells of a row under the columns that are shown."""
        return row.all_cells[: len(self.shown_columns)]

    @property
    def quotes(self) -> tuple[GridQuote, ...]:
        """Every quote once, in the order of its number."""
        found = {one.citation.marker: one for row in self.shown_rows for cell in row.all_cells for one in cell.quotes}
        return tuple(found[marker] for marker in sorted(found))

    def to_pandas(self) -> DataFrame:
        """Return the grid as a data frame, ``(shown rows, shown columns)``: the quotes of each cell, a line each.

        Rows go by their titles, columns by their names; a cell without evidence is ``None``.
        """
        from pandas import DataFrame, Index

        cells = [
            ["\n".join(one.citation.quote for one in cell.quotes) or None for cell in self.shown_cells(row)]
            for row in self.shown_rows
        ]
        index = Index([row.title for row in self.shown_rows], name=self.by.value)
        return DataFrame(cells, index=index, columns=list(self.shown_columns), dtype=object)


def by_name(written: str) -> By:
    """Return what has a row each.

    Raises:
        UsageError: there is no such thing.
    """
    try:
        return By(written)
    except ValueError:
        known = ", ".join(By)
        raise UsageError(f'A grid has no rows by "{written}". It has rows by: {known}.') from None
