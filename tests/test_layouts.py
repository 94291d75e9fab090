from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.layouts import Composer, Layout
from assistant.spans import pages_of, quote
from assistant.types import BlockKind, PageStart, Span


def words_of(layout: Layout) -> list[tuple[BlockKind, str]]:
    return [(piece.kind, quote(layout.text, piece.spans)) for piece in layout.pieces]


def test_every_piece_stands_where_it_was_written() -> None:
    composer = Composer()
    composer.heading("Harbour \n City", 1)
    composer.paragraph("The ferry\tsailed.[^1]")
    composer.item("A depot")
    composer.footnote("1", "In May.")
    composer.verbatim("a = 1\n  b = 2\n")
    layout = composer.layout("Harbour", {"case": "Harbour City"})
    assert words_of(layout) == [
        (BlockKind.HEADING, "Harbour City"),
        (BlockKind.PARAGRAPH, "The ferry sailed.[^1]"),
        (BlockKind.LIST_ITEM, "A depot"),
        (BlockKind.FOOTNOTE, "[^1]: In May."),
        (BlockKind.PARAGRAPH, "a = 1\n  b = 2"),
    ]
    assert layout.text == ("Harbour City\n\nThe ferry sailed.[^1]\n\n- A depot\n\n[^1]: In May.\n\na = 1\n  b = 2\n\n")
    assert (layout.title, layout.metadata) == ("Harbour", {"case": "Harbour City"})


def test_a_table_is_read_with_the_heads_of_its_columns() -> None:
    composer = Composer()
    composer.table([["Port", "Ferries"], ["Leeds", "3"], ["", ""], ["Hull", "14"]])
    composer.paragraph("After it.")
    layout = composer.layout()
    rows = [piece for piece in layout.pieces if piece.cells]
    assert [[layout.text[c.body.start : c.body.end] for c in row.cells] for row in rows] == [
        ["Leeds", "3"],
        ["Hull", "14"],
    ]
    assert layout.text == "Port\tFerries\nLeeds\t3\n\t\nHull\t14\n\nAfter it.\n\n"


def test_a_cell_of_several_items_is_a_list() -> None:
    composer = Composer()
    composer.table([["", "Challenges"], ["Structures", ["Silos", "Old systems"]]])
    layout = composer.layout()
    (cell,) = [piece for piece in layout.pieces if piece.cells]
    assert cell.heads == ("Structures", "Challenges")
    assert quote(layout.text, cell.spans).endswith("• Silos • Old systems")


@pytest.mark.parametrize("nothing", ["", " \n\t "])
def test_words_that_come_to_nothing_are_left_out(nothing: str) -> None:
    composer = Composer()
    composer.heading(nothing)
    composer.paragraph(nothing)
    composer.item(nothing)
    composer.footnote("1", nothing)
    composer.verbatim(nothing)
    composer.table([[nothing, nothing]])
    assert not composer.layout().pieces


def test_pages_are_known_for_any_words() -> None:
    composer = Composer()
    composer.heading("Harbour", page=1)
    composer.paragraph("It began on one page  and ended on another.", [PageStart(0, 1), PageStart(22, 2)])
    composer.footnote("1", "At the foot of the first.", page=1)
    composer.table([["Port", "Ferries"], ["Leeds", "3"]], page=3)
    layout = composer.layout()
    assert pages_of(layout.pages, (Span(0, 7),)) == (1,)
    at = layout.text.index
    assert pages_of(layout.pages, (Span(at("and ended"), at("another")),)) == (2,)
    assert pages_of(layout.pages, (Span(at("one page"), at("another")),)) == (1, 2)
    assert pages_of(layout.pages, (Span(at("At the foot"), at("first")),)) == (1,)
    assert pages_of(layout.pages, (Span(at("3"), at("3") + 1), Span(at("Harbour"), 3))) == (1, 3)


def test_a_document_without_pages_has_none_to_name() -> None:
    assert pages_of((), (Span(0, 3),)) == ()


@given(st.lists(st.text(alphabet="ab \n", max_size=9), min_size=1, max_size=6))
def test_a_page_starts_at_the_words_that_begin_it(parts: list[str]) -> None:
    starts = [PageStart(sum(map(len, parts[:number])), number + 1) for number in range(len(parts))]
    composer = Composer()
    composer.paragraph("".join(parts), starts)
    layout = composer.layout()
    written = layout.text.strip()
    assert written == " ".join("".join(parts).split())
    bounds = [*(one.start for one in layout.pages), len(written)]
    for one, end in zip(layout.pages, bounds[1:], strict=True):
        assert "".join(written[one.start : end].split()) in "".join("".join(parts[one.page - 1 :]).split())


def test_each_row_of_a_table_may_stand_on_a_page_of_its_own() -> None:
    composer = Composer()
    composer.table([["Port", "Ferries"], ["Leeds", "3"], ["Hull", "14"]], page=[1, 1, 2])
    layout = composer.layout()
    assert [pages_of(layout.pages, piece.spans) for piece in layout.pieces] == [(1,), (1,), (1, 2)]
