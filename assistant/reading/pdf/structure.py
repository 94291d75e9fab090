"""From the pages of a document to its layout: headings in order, paragraphs whole, footnotes where they belong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.reading.layouts import Composer
from assistant.reading.pdf.blocks import Block, blocks, is_caption, is_entry, manner, without_leader
from assistant.reading.pdf.furniture import without_furniture
from assistant.reading.pdf.grids import whole
from assistant.reading.pdf.hyphens import joined, words_within
from assistant.reading.pdf.notes import apart, labels_of
from assistant.types import BlockKind, PageStart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.reading.pdf.grids import Cell, Grid
    from assistant.reading.pdf.hyphens import Words
    from assistant.reading.pdf.lines import Line
    from assistant.reading.pdf.notes import Note
    from assistant.reading.pdf.pages import Part

_COVERED = 3
"""The pages from which on a document may have a cover."""
_BULLETED = re.compile(r"\s*[-•◦▪‣●–·∙■□○\uf0a7\uf0b7]\s+(?=\S)")


def compose(pages: Sequence[Sequence[Part]]) -> Composer:
    """Return the composer that has written what stands on the pages."""
    pages = without_furniture(pages)
    pages, notes = apart(pages, manner(part for page in pages for part in page).body)
    parts = list(whole(part for page in pages for part in page))
    found = list(blocks(parts, manner(parts)))
    writer = _Writer(words_within(parts), labels_of(notes), _levels(found), notes)
    for block in found:
        writer.write(block)
    writer.write_notes(None)
    return writer.composer


def _levels(found: Sequence[Block | Grid]) -> Mapping[tuple[float, bool], int]:
    """Return the level of each rank of headings; what only a longer document's cover has, but for its title, is no level."""
    headings = [block for block in found if isinstance(block, Block) and block.kind is BlockKind.HEADING]
    ranks = sorted({block.rank for block in headings}, reverse=True)
    last = max((block.lines[-1].page for block in headings), default=0)
    inside = {block.rank for block in headings if block.lines[0].page > 1 or last <= _COVERED}
    counted = [rank for rank in ranks if rank in inside or rank == ranks[0]]
    return {rank: 1 + sum(1 for other in counted if other > rank) for rank in ranks}


class _Writer:
    """Hands the blocks of a document to a composer, each footnote after the blocks of its page."""

    def __init__(
        self,
        words: Words,
        labels: Mapping[tuple[int, str], str],
        levels: Mapping[tuple[float, bool], int],
        notes: Sequence[Note],
    ) -> None:
        self.composer = Composer()
        self._words, self._labels, self._levels = words, labels, levels
        self._notes = list(notes)

    def write(self, block: Block | Grid) -> None:
        """Write a block or a table."""
        page = block.lines[0].page if isinstance(block, Block) else block.page
        if not isinstance(block, Block) or block.kind is not BlockKind.LIST_ITEM:  # nothing parts a list from its lead
            self.write_notes(page)
        if not isinstance(block, Block):
            on = [next((line.page for cell in row for line in cell), page) for row in block.rows]
            self.composer.table([[self._cell(cell) for cell in row] for row in block.rows], on)
        elif block.kind is BlockKind.HEADING:
            self._heading(block)
        else:
            text, pages = self._joined(block.lines)
            add = self.composer.item if block.kind is BlockKind.LIST_ITEM else self.composer.paragraph
            add(without_leader(text) if is_entry(block.lines[0]) else text, pages)

    def write_notes(self, before: int | None) -> None:
        """Write the footnotes of the pages before one, or all that are left."""
        while self._notes and (before is None or self._notes[0].page < before):
            note = self._notes.pop(0)
            text, _ = self._joined(note.lines)
            self.composer.footnote(note.label, text, note.page)

    def _heading(self, block: Block) -> None:
        text, _ = self._joined(block.lines)
        words = text.replace("**", "")
        level = None if is_caption(words) else self._levels[block.rank]
        self.composer.heading(words, level, block.lines[0].page)

    def _joined(self, lines: Sequence[Line]) -> tuple[str, list[PageStart]]:
        starts: list[tuple[int, int]] = []
        text = joined(lines, self._words, self._labels, starts)
        return text, [PageStart(place, page) for place, page in starts]

    def _cell(self, cell: Cell) -> str | list[str]:
        """Return a cell's words, or its items where its lines begin with bullets."""
        items: list[list[Line]] = []
        for line in cell:
            if not items or _BULLETED.match(line.text):
                items.append([])
            items[-1].append(line)
        texts = [_BULLETED.sub("", self._joined(lines)[0], count=1) for lines in items]
        return texts if len(texts) > 1 else "".join(texts)
