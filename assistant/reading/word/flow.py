"""From the body of a Word file to blocks of words, in their order; tables stand where they stand in the text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.reading.fragments import LINE_END, Fragment, Kind, cell_words, prose
from assistant.reading.grids import GridCell, grid
from assistant.reading.inline import is_all_bold, joined
from assistant.reading.word.package import W
from assistant.reading.word.runs import runs, unwrapped
from assistant.reading.word.styles import is_on, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element as Element

    from assistant.reading.inline import Run
    from assistant.reading.word.runs import Notes
    from assistant.reading.word.styles import Styles

_HEADING_WORDS = 14
_NO_HEADING = (".", ",", ";", ":", "!")


class Flow:
    """Reads blocks with the styles and notes of one file."""

    def __init__(self, styles: Styles, notes: Notes) -> None:
        self._styles, self._notes = styles, notes
        self._torn: list[Run] = []

    def document(self, body: Element) -> list[Fragment]:
        """Return the blocks of a body, and then its notes."""
        found = self.blocks(body)
        if not any(each.kind is Kind.HEADING and each.level and not each.bold for each in found):
            found = [_bold_heading(each) for each in found]
        return [*found, *self._noted()]

    def blocks(self, element: Element) -> list[Fragment]:
        """Return the blocks right below an element: a body, a cell, a text box, a note."""
        found: list[Fragment] = []
        for child in unwrapped(element):
            if child.tag == f"{W}p":
                found.extend(self._paragraph(child))
            elif child.tag == f"{W}tbl":
                found.extend(self._table(child))
        rest, self._torn = joined(self._torn), []
        return [*found, *prose(Kind.PARAGRAPH, rest)] if rest.strip() else found

    def _paragraph(self, paragraph: Element) -> list[Fragment]:
        if self._styles.is_contents(paragraph):
            return []
        boxes: list[Element] = []
        said = [*self._torn, *runs(paragraph, self._styles, self._notes, boxes)]
        self._torn = []
        if self._styles.paragraph_has(paragraph, "vanish"):
            said = []
        if _goes_on(paragraph) and not boxes:
            self._torn = said
            return []
        found = self._told(paragraph, said)
        for box in boxes:
            found.extend(self.blocks(box))
        return found

    def _told(self, paragraph: Element, said: list[Run]) -> list[Fragment]:
        level = self._styles.level(paragraph)
        words = joined(said).strip(f" {LINE_END}")
        if not words.replace(LINE_END, "").strip():
            return []
        if level is not None:
            plain = joined((words, False) for words, _ in said).replace(LINE_END, " ")
            return [Fragment(Kind.HEADING, plain, level, bold=self._styles.is_title(paragraph))]
        is_bold = is_all_bold(said) or self._styles.paragraph_has(paragraph, "b")
        return prose(Kind.ITEM if self._styles.is_item(paragraph) else Kind.PARAGRAPH, words, bold=is_bold)

    def _table(self, table: Element) -> list[Fragment]:
        rows = [row for row in unwrapped(table) if row.tag == f"{W}tr" and row.find(f"{W}trPr/{W}del") is None]
        placed = _placed(rows)
        cells = [[(cell, self.blocks(cell.element)) for cell in row] for row in placed]
        said = [blocks for row in cells for _, blocks in row]
        if not _is_data(cells):
            return [each for blocks in said for each in blocks]
        laid = grid([[_grid_cell(cell, blocks) for cell, blocks in row] for row in cells], self._head_rows(table, rows))
        return [Fragment(Kind.TABLE, table=laid)]

    def _head_rows(self, table: Element, rows: Sequence[Element]) -> int | None:
        """Return how many rows are repeated on every page or set apart by the table's style, ``None`` where none is."""
        marked = [row.find(f"{W}trPr/{W}tblHeader") for row in rows]
        count = next((i for i, mark in enumerate(marked) if mark is None or not is_on(mark)), len(marked))
        return count or int(self._styles.heads_first_row(table)) or None

    def _noted(self) -> Iterator[Fragment]:
        """Yield the notes that the words refer to; a note may refer to another."""
        done = 0
        while done < len(self._notes.marks):
            key, mark = list(self._notes.marks.items())[done]
            words = " ".join(each.words for each in self.blocks(self._notes.note(key)))
            yield Fragment(Kind.NOTE, words.replace(LINE_END, " "), mark=mark)
            done += 1


def _goes_on(paragraph: Element) -> bool:
    """Tell whether a paragraph goes on in the next: its end was deleted, or it is the large first letter of that."""
    frame = paragraph.find(f"{W}pPr/{W}framePr")
    is_initial = frame is not None and frame.get(f"{W}dropCap", "none") != "none"
    return is_initial or paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


@dataclass(frozen=True, slots=True)
class _Cell:
    element: Element
    column: int
    across: int
    down: int = 1
    goes_on: bool = False


def _placed(rows: Sequence[Element]) -> list[list[_Cell]]:
    """Return the cells of rows with what they span; a cell that only goes on from above is part of that."""
    table = [_row(row) for row in rows]
    open_cells: dict[int, tuple[int, int]] = {}
    found: list[list[_Cell]] = []
    for cells in table:
        placed: list[_Cell] = []
        for cell in cells:
            if cell.goes_on and cell.column in open_cells:
                row, place = open_cells[cell.column]
                found[row][place] = replace(found[row][place], down=found[row][place].down + 1)
                continue
            open_cells[cell.column] = (len(found), len(placed))
            placed.append(replace(cell, goes_on=False))
        found.append(placed)
    return found


def _row(row: Element) -> list[_Cell]:
    column = min(number(row.find(f"{W}trPr"), "gridBefore") or 0, 100)
    cells: list[_Cell] = []
    for cell in unwrapped(row):
        if cell.tag != f"{W}tc":
            continue
        properties = cell.find(f"{W}tcPr")
        across = max(min(number(properties, "gridSpan") or 1, 100), 1)
        merge = properties.find(f"{W}vMerge") if properties is not None else None
        goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
        cells.append(_Cell(cell, column, across, goes_on=goes_on))
        column += across
    return cells


def _is_data(cells: Sequence[Sequence[tuple[_Cell, list[Fragment]]]]) -> bool:
    """Tell whether a table has rows and columns of data, rather than laying out blocks or framing them."""
    if any(each.kind in (Kind.TABLE, Kind.HEADING) and each.level for row in cells for _, said in row for each in said):
        return False
    if any(each.kind is Kind.TABLE for row in cells for _, said in row for each in said):
        return False
    return len(cells) > 1 and any(sum(1 for _, said in row if said) > 1 for row in cells)


def _grid_cell(cell: _Cell, blocks: list[Fragment]) -> GridCell:
    is_bold = bool(blocks) and all(each.bold for each in blocks)
    words = cell_words(blocks)
    return GridCell(
        words.strip("*") if is_bold and isinstance(words, str) else words, cell.across, cell.down, bold=is_bold
    )


def _bold_heading(each: Fragment) -> Fragment:
    """Make a short paragraph that is bold all through the heading that it is, in a file without styles of headings."""
    words = each.words.replace("**", "")
    short = each.kind is Kind.PARAGRAPH and each.bold and 0 < len(words.split()) <= _HEADING_WORDS
    return Fragment(Kind.HEADING, words) if short and not words.rstrip().endswith(_NO_HEADING) else each
