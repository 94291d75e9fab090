from __future__ import annotations

import pytest

from assistant.passages import passages
from assistant.reading.outline import outline
from assistant.reading.word import read_word
from assistant.types import BlockKind, Document
from tests.word_files import p, r, table, tc, word_file

H, P, L, T, F = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE_ROW,
    BlockKind.FOOTNOTE,
)
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def words(body: str, **parts: str) -> list[tuple[BlockKind, str]]:
    read = read_word(word_file(body, **parts), "file.docx")
    return [(piece.kind, piece.display(read.text)) for piece in read.pieces]


def text(body: str, **parts: str) -> str:
    return read_word(word_file(body, **parts), "file.docx").text


def statements(body: str) -> list[str]:
    read = read_word(word_file(body), "file.docx")
    document = Document("file.docx", "File", read.text, tuple(outline(read.text, read.pieces)))
    return [passage.text for passage in passages(document, 900)]


@pytest.mark.parametrize(
    ("heading", "level"),
    [
        (p("Ports", "Title"), 1),
        (p("Ports", "berschrift1"), 1),
        (p("Ports", "H2"), 2),
        (p("Ports", "Own"), 1),
        (p("Ports", "Deep"), 4),
        (p("Ports", "", '<w:outlineLvl w:val="2"/>'), 3),
        (p("Ports", "Own", f'{NUMBERED}<w:outlineLvl w:val="1"/>'), 2),
        (p(r("Por", "<w:b/>") + r("ts"), "H2"), 2),
    ],
)
def test_headings_are_known_by_their_styles_in_any_language(heading: str, level: int) -> None:
    read = read_word(word_file(heading + p("Text.")), "file.docx")
    first = read.pieces[0]
    assert (first.kind, read.text[first.start : first.end], first.level) == (H, "Ports", level)


@pytest.mark.parametrize(
    "plain",
    [p("Ports", "berschrift1", '<w:outlineLvl w:val="9"/>'), p("Ports", "Loop"), p("Ports", "Unknown"), p("Ports")],
)
def test_text_is_no_heading_for_its_shortness(plain: str) -> None:
    assert words(plain + p("Text.")) == [(P, "Ports"), (P, "Text.")]


def test_short_bold_paragraphs_head_a_file_without_headings() -> None:
    bold = p(r("The ports", "<w:b/>")) + p("It opened.") + p(r("They closed.", "<w:b/>")) + p("Text.")
    assert [kind for kind, _ in words(bold)] == [H, P, P, P]
    assert [kind for kind, _ in words(p("Ferries", "Title") + bold)] == [H, H, P, P, P]
    assert [kind for kind, _ in words(p("Ferries", "berschrift1") + bold)] == [H, P, P, P, P]


def test_items_are_known_by_numbering_or_style() -> None:
    body = p("Kent", "", NUMBERED) + p("Leeds", "Bullets") + p("Hull", "Numbers")
    off = p("Text.", "Numbers", '<w:numPr><w:numId w:val="0"/></w:numPr>')
    assert words(body + off) == [(L, "Kent"), (L, "Leeds"), (L, "Hull"), (P, "Text.")]


def test_bold_runs_are_kept_as_stressed() -> None:
    runs = (
        r("The ")
        + r("fer", "<w:b/>")
        + r("ry ", '<w:rStyle w:val="Strong"/>')
        + r("sailed", '<w:b w:val="0"/>')
        + r(".")
    )
    assert text(p(runs)) == "The **ferry** sailed.\n\n"


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        (r("Kept") + f"<w:del>{r('GONE')}</w:del><w:ins>{r(' new')}</w:ins>", "Kept new"),
        (f"<w:moveFrom>{r('GONE')}</w:moveFrom><w:moveTo>{r('Moved')}</w:moveTo>", "Moved"),
        (r("Seen") + r(" GONE", "<w:vanish/>") + r(" GONE", '<w:rStyle w:val="Secret"/>'), "Seen"),
        (r("Shown", '<w:vanish w:val="false"/>'), "Shown"),
        (f"<w:hyperlink>{r('The port')}</w:hyperlink><w:fldSimple>{r(' of Hull')}</w:fldSimple>", "The port of Hull"),
        (r("Page ") + "<w:r><w:instrText>PAGE GONE</w:instrText></w:r><w:r><w:t>3</w:t></w:r>", "Page 3"),
        (
            "<w:r><w:t>One</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t><w:cr/><w:t>four</w:t></w:r>",
            "One two three four",
        ),
        ("<w:r><w:t>18</w:t><w:noBreakHyphen/><w:t>24 co</w:t><w:softHyphen/><w:t>de</w:t></w:r>", "18-24 code"),
        ('<w:r><w:t>5 </w:t><w:sym w:font="Symbol" w:char="20AC"/><w:sym w:char="F0B7"/></w:r>', "5 €"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{r('Filled in')}</w:sdtContent></w:sdt>", "Filled in"),
        (f"<w:smartTag><w:smartTag>{r('Leeds')}</w:smartTag></w:smartTag>", "Leeds"),
        (r("km") + r("2", '<w:vertAlign w:val="superscript"/>'), "km²"),
        (r("See ") + "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>", "See a+b"),
        (r("A &lt;div&gt; and *stars*"), "A <div> and *stars*"),
        (r("Said") + '<w:r><w:commentReference w:id="0"/></w:r>', "Said"),
    ],
)
def test_the_words_of_a_paragraph_are_those_that_show(inner: str, said: str) -> None:
    assert words(p(inner)) == [(P, said)]


def test_paragraphs_whose_parting_was_deleted_are_one() -> None:
    first = p("The ferry ", "", "<w:rPr><w:del/></w:rPr>")
    assert words(first + p("sailed.") + p("Again.")) == [(P, "The ferry sailed."), (P, "Again.")]
    assert words(p("The last ", "", "<w:rPr><w:del/></w:rPr>")) == [(P, "The last")]


def test_a_large_first_letter_belongs_to_its_word() -> None:
    assert words(p("T", "", '<w:framePr w:dropCap="drop"/>') + p("he ferry.")) == [(P, "The ferry.")]


def test_tables_of_contents_and_prompts_are_no_content() -> None:
    contents = '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    body = f"{contents}<w:sdtContent>{p('Contents', 'berschrift1')}</w:sdtContent></w:sdt>" + p("Ports 3", "TOC1")
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('Click here')}</w:sdtContent></w:sdt>"
    assert words(body + p(r("By ") + prompt) + p("Text.")) == [(P, "By"), (P, "Text.")]


def test_a_text_box_is_read_once_after_the_paragraph_it_is_anchored_in() -> None:
    inside = f"<w:txbxContent>{p('A quote.')}{table('Port|Ferries', 'Hull|3')}</w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert [said for _, said in words(p(r("It ") + drawn + r("sailed.")))] == [
        *("It sailed.", "A quote.", "Port Ferries", "Ferries Hull 3"),
    ]


ITEMS = p("Time", "Bullets") + p("Money", "Bullets")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["Port|Ferries", "Hull|3"], ["Hull – Ferries: 3."]),
        (["Opened|In May", "Led by|A board"], ["Opened – In May.", "Led by – A board."]),
        (
            ["<w:tr><w:trPr><w:tblHeader/></w:trPr>" + tc("Port") + tc("Owner") + "</w:tr>", "Hull|the city"],
            ["Hull – Owner: the city."],
        ),
        (
            [tc("Port") + tc("Ferries", '<w:gridSpan w:val="2"/>'), "Hull|3|4"],
            ["Hull – Ferries: 3; Ferries: 4."],
        ),
        (
            [
                "City|Port|Ferries",
                tc("Hull", '<w:vMerge w:val="restart"/>') + tc("East") + tc("3"),
                tc("<w:p/>", "<w:vMerge/>") + tc("West") + tc("4"),
            ],
            ["Hull – Port: East; Ferries: 3.", "Hull – Port: West; Ferries: 4."],
        ),
        ([tc("") + tc("Needs"), tc("Hull") + tc(ITEMS)], ["Hull – Needs: Time; Money."]),
        (
            ["Port|Ferries", "Hull|3", "<w:tr><w:trPr><w:del/></w:trPr>" + tc("Kent") + tc("9") + "</w:tr>"],
            ["Hull – Ferries: 3."],
        ),
        (
            ["Port|Ferries", f"<w:sdt><w:sdtContent><w:tr>{tc('Hull')}{tc('3')}</w:tr></w:sdtContent></w:sdt>"],
            ["Hull – Ferries: 3."],
        ),
    ],
)
def test_rows_of_a_table_read_as_statements(rows: list[str], said: list[str]) -> None:
    assert statements(p("Ports", "Title") + table(*rows)) == said


def test_a_style_may_set_the_first_row_apart() -> None:
    striped = '<w:tblStyle w:val="Striped"/><w:tblLook w:{}/>'
    rows = ("Name|Owner|Place", "Hull|the city|east")
    for look in ('firstRow="1"', 'val="04A0"'):
        assert statements(table(*rows, properties=striped.format(look))) == ["Hull – Owner: the city; Place: east."]
    for look in ('firstRow="0"', 'val="0480"', 'val="x"'):
        assert len(statements(table(*rows, properties=striped.format(look)))) == 2


def test_a_table_stands_where_it_stands_in_the_text() -> None:
    body = p("Before.") + table("Port|Ferries", "Hull|3") + p("After.")
    assert [kind for kind, _ in words(body)] == [P, T, T, P]


@pytest.mark.parametrize(
    "laid",
    [
        table("The ferry sailed.", "It stopped."),
        table(tc(table("The ferry sailed.|It stopped."))),
        table(tc(p("The ferry sailed.") + p("It stopped.")) + tc("<w:p/>")),
    ],
)
def test_a_table_that_only_lays_out_the_page_is_read_as_text(laid: str) -> None:
    assert words(laid) == [(P, "The ferry sailed."), (P, "It stopped.")]


def test_a_caption_heads_its_table() -> None:
    read = read_word(word_file(p("Table 1: Ferries") + table("Port|Number", "Hull|3")), "file.docx")
    assert outline(read.text, read.pieces)[-1].section == ("Table 1: Ferries",)


def reference(kind: str, number: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def note(kind: str, number: int, content: str, extra: str = "") -> str:
    return f'<w:{kind} w:id="{number}" {extra}>{p(f"<w:r><w:{kind}Ref/></w:r>" + r(content))}</w:{kind}>'


def test_notes_are_set_apart_and_numbered_as_the_text_refers_to_them() -> None:
    footnotes = (
        note("footnote", 0, "GONE", 'w:type="separator"')
        + note("footnote", 5, " In May.")
        + note("footnote", 2, "Again.")
    )
    body = p(r("It sailed") + reference("footnote", 2) + r(". Twice.") + reference("footnote", 5)) + p("Text.")
    assert text(body, footnotes=footnotes) == "It sailed[^1]. Twice.[^2]\n\nText.\n\n[^1]: Again.\n\n[^2]: In May.\n\n"


def test_endnotes_have_marks_of_their_own_beside_footnotes() -> None:
    parts = {"footnotes": note("footnote", 1, "A foot."), "endnotes": note("endnote", 1, "An end.")}
    said = text(p(r("It") + reference("footnote", 1) + r(" sailed.") + reference("endnote", 1)), **parts)
    assert said == "It[^1] sailed.[^e1]\n\n[^1]: A foot.\n\n[^e1]: An end.\n\n"
    assert "sailed.[^1]" in text(p(r("It sailed.") + reference("endnote", 1)), endnotes=parts["endnotes"])


def test_a_mark_without_its_note_is_left_out() -> None:
    assert text(p(r("It sailed.") + reference("footnote", 9))) == "It sailed.\n\n"
