"""How words that are set at given places are read."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import ReadingError
from assistant.reading.pdf import read_pdf
from assistant.spans import quote
from assistant.types import BlockKind
from tests.pdfs import column, pages_with

PARAGRAPH = [
    "The ferry sailed every morning from the old harbour and came",
    "back every evening with letters, newspapers and those of the",
    "islanders who had found work on the mainland that summer.",
]


def pieces(content: bytes) -> list[tuple[BlockKind, str]]:
    layout = read_pdf(content, "notes.pdf")
    return [(piece.kind, quote(layout.text, piece.spans)) for piece in layout.pieces]


def words(content: bytes, kind: BlockKind | None = None) -> list[str]:
    return [text for found, text in pieces(content) if kind in {None, found}]


def whole(lines: list[str]) -> str:
    return " ".join(lines)


def test_lines_are_joined_to_paragraphs_and_space_parts_them() -> None:
    content = pages_with([*column(70, 700, PARAGRAPH), *column(70, 640, PARAGRAPH[::-1])])
    assert words(content) == [whole(PARAGRAPH), whole(PARAGRAPH[::-1])]


def test_an_indented_line_begins_a_paragraph() -> None:
    second = column(70, 664, PARAGRAPH)
    content = pages_with([*column(70, 700, PARAGRAPH), (90, 664, PARAGRAPH[0][:50]), *second[1:]])
    assert words(content) == [whole(PARAGRAPH), whole([PARAGRAPH[0][:50], *PARAGRAPH[1:]])]


def test_columns_are_read_one_after_the_other_below_a_title_that_crosses_them() -> None:
    left = [*(line[:44].strip() for line in PARAGRAPH * 2), "and of all the boats that sailed to it then."]
    right = [*(line[:44].strip() for line in PARAGRAPH), "The old harbour was never again so full of", "boats."]
    title = (60.0, 760.0, "The ferry that came back to the old harbour", 22.0)
    content = pages_with([title, *column(320, 700, right), *column(60, 700, left)])
    assert words(content) == [title[2], whole(left), whole(right)]


def test_headings_are_told_by_their_size_and_ranked_by_it() -> None:
    content = pages_with(
        [
            (70, 760, "Harbour City", 24),
            (70, 720, "What went well", 16),
            *column(70, 690, PARAGRAPH),
            (70, 640, "**The old ferry**", 10),
            *column(70, 620, PARAGRAPH),
            (70, 560, "What did not", 16),
            *column(70, 530, PARAGRAPH),
        ]
    )
    layout = read_pdf(content, "notes.pdf")
    found = [
        (piece.level, quote(layout.text, piece.spans)) for piece in layout.pieces if piece.kind is BlockKind.HEADING
    ]
    assert found == [(1, "Harbour City"), (2, "What went well"), (3, "The old ferry"), (2, "What did not")]


def test_what_several_pages_repeat_is_no_part_of_the_text() -> None:
    pages = [
        [
            (70, 810, f"Harbour City {'notes' if n % 2 else '2024'}"),
            *column(
                70, 700, [f"On day {n} of it the weather was as fine as on all other days", *PARAGRAPH, "It was May."]
            ),
            (290, 30, str(n + 4)),
        ]
        for n in range(1, 9)
    ]
    assert words(pages_with(*pages)) == [
        f"On day {n} of it the weather was as fine as on all other days {whole(PARAGRAPH)} It was May."
        for n in range(1, 9)
    ]


def test_two_pages_lose_nothing_but_the_numbers_of_the_pages() -> None:
    pages = [[(70, 810, "Harbour City"), *column(70, 700, PARAGRAPH), (290, 30, f"Page {n} of 2")] for n in (1, 2)]
    assert words(pages_with(*pages)) == ["Harbour City", whole(PARAGRAPH)] * 2


def test_a_paragraph_goes_on_overleaf_and_its_pages_are_known() -> None:
    layout = read_pdf(pages_with(column(70, 100, PARAGRAPH[:2]), column(70, 780, PARAGRAPH[2:])), "notes.pdf")
    assert layout.text.strip() == whole(PARAGRAPH)
    assert [(page.page, layout.text[page.start :][:10]) for page in layout.pages] == [
        (1, "The ferry "),
        (2, "islanders "),
    ]


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        ("the deci-", "sion of the port", "the decision of the port"),
        ("from 18-", "24 months of sail", "from 18-24 months of sail"),
        ("their decision-", "making was slow", "their decision-making was slow"),
        ("the Anglo-", "Irish ferry came", "the Anglo-Irish ferry came"),
        ("an up-to-", "date list of all", "an up-to-date list of all"),
        ("see www.port.example/time-", "tables/all.html", "see www.port.example/time-tables/all.html"),
    ],
)
def test_hyphens_at_the_end_of_a_line_are_mended(before: str, after: str, read: str) -> None:
    lines = [
        "It was said at the time, and long before it, of",
        before,
        after,
        "All was up to the date that they sailed.",
    ]
    assert read in words(pages_with(column(70, 700, lines)))[0]


def test_how_the_document_writes_a_word_elsewhere_decides_on_its_hyphen() -> None:
    first = [*PARAGRAPH[:2], "and their work-"]
    content = pages_with([*column(70, 700, [*first, "shop, a workshop for boats that were old and slow."])])
    assert "their workshop, a workshop" in words(content)[0]
    content = pages_with([*column(70, 700, [*first, "shop, a work-shop for boats that were old and slow."])])
    assert "their work-shop, a work-shop" in words(content)[0]


def test_footnotes_are_set_apart_and_called_by_a_label_of_their_own() -> None:
    pages = [
        [
            *column(70, 700, [*PARAGRAPH[:2], f"islanders, {n} in all, who sailed.^1^ It was summer."]),
            (70, 80, f"^1^ Letter of day {n}.", 7.5),
        ]
        for n in (1, 2)
    ]
    content = pages_with(*pages)
    assert words(content, BlockKind.FOOTNOTE) == ["[^1]: Letter of day 1.", "[^1-p2]: Letter of day 2."]
    assert [text[-31:] for text in words(content, BlockKind.PARAGRAPH)] == [
        "who sailed.[^1] It was summer.".rjust(31),
        "o sailed.[^1-p2] It was summer.",
    ]


def test_a_footnote_does_not_part_a_list_from_the_words_that_lead_into_it() -> None:
    first = [
        *column(70, 700, ["All of the ferries^1^ that sailed from there:"]),
        (70, 680, "• The old one."),
        (70, 80, "^1^ Of May.", 7.5),
    ]
    assert [
        kind for kind, _ in pieces(pages_with(first, [(70, 780, "• The new one."), (70, 700, "So it was in May.")]))
    ] == [
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.LIST_ITEM,
        BlockKind.FOOTNOTE,
        BlockKind.PARAGRAPH,
    ]


def test_a_raised_figure_that_no_footnote_explains_stays_raised() -> None:
    assert "an area of 12 m² in" in words(pages_with(column(70, 700, ["It had an area of 12 m^2^ in all."])))[0]


def test_items_keep_their_lines_and_lose_their_bullets() -> None:
    lines = [
        *[(70, 700, "•"), (84, 700, "A ferry that sailed every morning from the old"), (84, 688, "harbour.")],
        *[(70, 676, "•"), (84, 676, "A depot.")],
        *[(90, 664, "–"), (104, 664, "Its gate.")],
        *[(70, 652, "1."), (84, 652, "A first step.")],
    ]
    assert words(pages_with(lines), BlockKind.LIST_ITEM) == [
        "A ferry that sailed every morning from the old harbour.",
        "A depot.",
        "Its gate.",
        "A first step.",
    ]


def test_cells_in_line_below_each_other_are_a_table() -> None:
    rows = [("Port", "Ferries", "Since"), ("Leeds", "3", "1999"), ("Harbour City", "14", "2004"), ("Hull", "2", "1987")]
    table = [(x, 600 - 14 * n, cell) for n, row in enumerate(rows) for x, cell in zip((70, 220, 320), row, strict=True)]
    layout = read_pdf(pages_with([*column(70, 700, PARAGRAPH), *table, *column(70, 500, PARAGRAPH)]), "notes.pdf")
    cells = [
        [layout.text[cell.body.start : cell.body.end] for cell in piece.cells] for piece in layout.pieces if piece.cells
    ]
    assert cells == [list(row) for row in rows[1:]]
    assert layout.text.startswith(whole(PARAGRAPH))
    assert layout.text.endswith(f"{whole(PARAGRAPH)}\n\n")


def test_bold_words_are_marked() -> None:
    assert words(pages_with([(70, 700, "The **old ferry**, not the new one, sailed.")])) == [
        "The **old ferry**, not the new one, sailed."
    ]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_that_lies_on_its_side_is_read_as_any_other(turn: int) -> None:
    assert words(pages_with(column(70, 700, PARAGRAPH), turn=turn)) == [whole(PARAGRAPH)]


def test_words_outside_the_page_are_left_out() -> None:
    assert words(pages_with([*column(70, 700, PARAGRAPH), (-300, 700, "Crop here"), (70, 2000, "Bleed")])) == [
        whole(PARAGRAPH)
    ]


def test_author_date_and_a_real_title_are_kept() -> None:
    layout = read_pdf(pages_with(column(70, 700, PARAGRAPH), title="The old ferry", author="A. Islander"), "notes.pdf")
    assert layout.title == "The old ferry"
    assert layout.metadata["author"] == "A. Islander"
    assert len(layout.metadata["date"]) == len("2024-05-01")


@pytest.mark.parametrize("title", ["Microsoft Word - ferry.docx", "untitled", "ferry.indd", "notes", "", "Slide 1"])
def test_the_name_of_a_file_or_a_program_is_no_title(title: str) -> None:
    assert read_pdf(pages_with(column(70, 700, PARAGRAPH), title=title), "notes.pdf").title is None


def test_a_scan_is_refused_as_one_unless_some_page_has_text() -> None:
    with pytest.raises(ReadingError, match=r'"notes.pdf" is a scan.*ocrmypdf'):
        read_pdf(pages_with([], []), "notes.pdf")
    assert words(pages_with([], column(70, 700, PARAGRAPH))) == [whole(PARAGRAPH)]


@pytest.mark.parametrize(("password", "refused"), [("secret", True), ("", False)])
def test_a_pdf_is_read_unless_it_asks_for_a_password(password: str, *, refused: bool) -> None:
    written = BytesIO()
    canvas = Canvas(written, encrypt=StandardEncryption(password, ownerPassword="owner"))
    canvas.drawString(70, 700, PARAGRAPH[2])
    canvas.save()
    if refused:
        with pytest.raises(ReadingError, match=r'"notes.pdf" is encrypted.*password'):
            read_pdf(written.getvalue(), "notes.pdf")
    else:
        assert words(written.getvalue()) == [PARAGRAPH[2]]


@cache
def small() -> bytes:
    content = pages_with(column(70, 700, PARAGRAPH), [(70, 700, "The end.^1^"), (70, 80, "^1^ Or not.", 7.5)])
    with pypdfium2.PdfDocument(content) as document:
        assert len(document) == 2
    return content


def read_or_refuse(content: bytes) -> None:
    try:
        layout = read_pdf(content, "notes.pdf")
    except ReadingError as error:
        if '"notes.pdf"' not in str(error):
            raise AssertionError("a refusal names the file") from error
        return
    for piece in layout.pieces:
        assert all(0 <= span.start < span.end <= len(layout.text) for span in piece.spans)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refuse(content)
    read_or_refuse(b"%PDF-1.7\n" + content)


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_pdf_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(small())
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.none(), st.integers(0, len(content))))
    read_or_refuse(bytes(content[:end]))
