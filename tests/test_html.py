from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ReadingError
from assistant.passages import passages
from assistant.reading.html import read_html
from assistant.reading.outline import outline
from assistant.types import BlockKind, Document

if TYPE_CHECKING:
    from assistant.reading.layouts import Layout

H, P, L, T, F = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE_ROW,
    BlockKind.FOOTNOTE,
)
TEXT = "<p>The ferry sailed on in May, as it had for forty years, and nobody on the quay thought of it again.</p>"


def layout(markup: str, name: str = "page.html") -> Layout:
    return read_html(markup.encode(), name)


def words(markup: str) -> list[tuple[BlockKind, str]]:
    read = layout(markup)
    return [(piece.kind, piece.display(read.text)) for piece in read.pieces]


def statements(markup: str) -> list[str]:
    read = layout(markup)
    document = Document("page.html", "Page", read.text, tuple(outline(read.text, read.pieces)))
    return [passage.text for passage in passages(document, 900)]


def test_headings_keep_their_depth() -> None:
    read = layout(
        "<h1>Harbour</h1><h3>Ferries <i>and</i> <b>trams</b></h3><div role=heading aria-level=4>Depots</div><p>Text."
    )
    assert [(p.kind, p.display(read.text), p.level) for p in read.pieces] == [
        (H, "Harbour", 1),
        (H, "Ferries and trams", 3),
        (H, "Depots", 4),
        (P, "Text.", None),
    ]


def test_a_heading_that_is_never_closed_does_not_take_the_page() -> None:
    assert [kind for kind, _ in words(f"<h1>{TEXT * 9}")] == [P] * 9


def test_nested_lists_give_one_piece_an_item() -> None:
    page = "<p>Two:<ul><li>Kent helped.<ol><li>With meals.</ol><li><p>Leeds did.</p><p>For years.</p></ul><p>After."
    items = ("Kent helped.", "With meals.", "Leeds did.", "For years.")
    assert words(page) == [(P, "Two:"), *((L, item) for item in items), (P, "After.")]


def test_a_definition_stands_with_its_term() -> None:
    page = "<dl><dt>Published<dd>3 May<dd>Again in June<dt>Who pays?<dd><p>The city.</p><dt>Left open</dl>"
    assert [said for _, said in words(page)] == [
        *("Published: 3 May", "Again in June", "Who pays? The city.", "Left open"),
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("<tr><th>Port<th>Ferries<tr><td>Hull<td>3", ["Hull – Ferries: 3."]),
        ("<thead><tr><td>Port<td>Ferries</thead><tr><td>Hull<td>many", ["Hull – Ferries: many."]),
        ("<tr><th>Port<td>Hull<tr><th>Ferries<td>3", ["Port – Hull.", "Ferries – 3."]),
        ("<tr><td>Port<td>Ferries<tr><td>Hull<td>3", ["Hull – Ferries: 3."]),
        ("<tr><td>Opened<td>In May<tr><td>Led by<td>A board", ["Opened – In May.", "Led by – A board."]),
        ("<tr><td><b>Port</b><td><b>Owner</b><tr><td>Hull<td>the city", ["Hull – Owner: the city."]),
        ("<tr><th>Port<th colspan=2>Ferries<tr><td>Hull<td>3<td>4", ["Hull – Ferries: 3; Ferries: 4."]),
        (
            "<thead><tr><th rowspan=2>Port<th colspan=2>Ferries<tr><th>old<th>new</thead><tr><td>Hull<td>3<td>4",
            ["Hull – Ferries old: 3; Ferries new: 4."],
        ),
        (
            "<tr><th>City<th>Port<th>Ferries<tr><td rowspan=2>Hull<td>East<td>3<tr><td>West<td>4",
            ["Hull – Port: East; Ferries: 3.", "Hull – Port: West; Ferries: 4."],
        ),
        ("<tr><th>Port<th>Needs<tr><td>Hull<td><ul><li>Time<li>Money</ul>", ["Hull – Needs: Time; Money."]),
        (
            "<tr><th>Port<th>Needs<tr><td>Hull<td>Time<br>and money<tr><td>Total<td>",
            ["Hull – Needs: Time and money.", "Total."],
        ),
        ("<tr><th>Port<th>Ferries<tr hidden><td>Hull<td>9<tr><td>Kent<td>4", ["Kent – Ferries: 4."]),
        ("<tr><th colspan=2>All ports<tr><th>Port<th>Ferries<tr><td>Hull<td>3", ["All ports", "Hull – Ferries: 3."]),
    ],
)
def test_rows_of_a_table_read_as_statements(table: str, said: list[str]) -> None:
    assert statements(f"<h1>Ports</h1><table>{table}</table>") == said


@pytest.mark.parametrize(
    "table",
    [
        "<tr><td><p>The ferry sailed.</p><tr><td><p>It stopped.</p>",
        "<tr><td><table><tr><td>The ferry sailed.<tr><td>It stopped.</table><td>",
        "<tr><td><h2></h2>The ferry sailed.<td>It stopped.",
        "<tr role=row><td><td>The ferry sailed.<tr><td><td>It stopped.",
    ],
)
def test_a_table_that_only_lays_out_the_page_is_read_as_text(table: str) -> None:
    assert words(f"<table>{table}</table>") == [(P, "The ferry sailed."), (P, "It stopped.")]


def test_the_caption_of_a_table_heads_its_rows() -> None:
    read = layout(
        "<h1>Ports</h1><table><caption>Table 1: Ferries</caption><tr><th>Port<th>Number<tr><td>Hull<td>3</table>"
    )
    assert outline(read.text, read.pieces)[-1].section == ("Table 1: Ferries",)


def test_bold_words_are_kept_as_stressed() -> None:
    read = layout("<p><b>Note: </b>the <strong><b>ferry</b></strong> sailed<b>.</b></p><h2><b>Ports</b></h2><p>Text.")
    assert read.text.split("\n\n")[:2] == ["**Note:** the **ferry** sailed.", "Ports"]


def test_code_keeps_its_lines() -> None:
    read = layout("<p>Run:</p><pre>a = 1\n  b = 2\n</pre>")
    assert read.text == "Run:\n\na = 1\n  b = 2\n\n"
    assert read.pieces[-1].whole


@pytest.mark.parametrize(
    "said",
    ["<div>", "</p> & <b>", "a *star* b", "__init__", "&copy;", "[x](y)", "C:\\*", "`tick`", "~~no~~", "AT&T", "1 < 2"],
)
def test_words_that_look_like_markup_are_displayed_as_they_are(said: str) -> None:
    escaped = said.replace("&", "&amp;").replace("<", "&lt;")
    assert words(f"<p>He wrote <code>{escaped}</code> here.</p>") == [(P, f"He wrote {said} here.")]


def test_line_breaks_part_words_and_paragraphs() -> None:
    assert words("<p>The ferry<br>sailed.<br><br>It <b>stopped<br> <br>for</b> good.") == [
        *((P, "The ferry sailed."), (P, "It stopped"), (P, "for good.")),
    ]


def test_lines_with_typed_bullets_are_list_items() -> None:
    assert words("<p>Two helped:<br>• Kent did.<br>• Leeds<br>did.</p>") == [
        *((P, "Two helped:"), (L, "Kent did."), (L, "Leeds did.")),
    ]


NOTES = {
    "kramdown": '<p>It sailed.<sup id="fnref:1"><a href="#fn:1" class="footnote">1</a></sup> Twice.</p><div class="footnotes">'
    '<ol><li id="fn:1"><p>In May. <a href="#fnref:1" class="reversefootnote">&#8617;</a></p></li></ol></div>',
    "aria": '<p>It sailed <a href="#n" id="r" role="doc-noteref">[a]</a>. Twice.</p><aside id="n" role="doc-footnote">'
    '<a role="doc-backlink" href="#r">a</a> In May.</aside>',
    "sup": '<p>It sailed<sup><a href="#n1">1</a></sup>. Twice.</p><p id="n1"><sup>1</sup> In May.<p>',
    "word": '<p>It sailed.<a href="#_ftn1" name="_ftnref1"><span>[1]</span></a> Twice.</p><div id="ftn1"><p>'
    '<a href="#_ftnref1" name="_ftn1"><span>[1]</span></a> In May.</p></div>',
    "wiki": '<p>It sailed.<sup id="cite_ref-1"><a href="#cite_note-1">[1]</a></sup> Twice.</p><ol><li id="cite_note-1">'
    '<span><a href="#cite_ref-1">^</a></span> <span>In May.</span></li></ol>',
    "sphinx": '<p>It sailed.<a class="footnote-reference brackets" href="#id2" id="id1">1</a> Twice.</p><dl class="footnote">'
    '<dt class="label" id="id2"><span><a class="fn-backref" href="#id1">1</a></span></dt><dd><p>In May.</p></dd></dl>',
    "docbook": '<p>It sailed.<a href="#ftn.id1" class="footnote" id="id1"><sup>[1]</sup></a> Twice.</p><div class="footnotes">'
    '<div id="ftn.id1" class="footnote"><p><a href="#id1"><sup>[1] </sup></a>In May.</p></div></div>',
    "gov.uk": '<p>It sailed.<sup role="doc-noteref"><a href="#fn:1">[footnote 1]</a></sup> Twice.</p><ol><li id="fn:1">'
    '<p>In May. <a href="#fnref:1" role="doc-backlink">↩</a></p></li></ol>',
}


@pytest.mark.parametrize("kind", NOTES)
def test_footnotes_are_set_apart_and_marked_in_the_text(kind: str) -> None:
    read = layout(f"<main>{NOTES[kind]}</main>")
    said = [(piece.kind, piece.display(read.text)) for piece in read.pieces]
    assert said[0][1].replace(" .", ".") == "It sailed. Twice."
    assert said[1:] == [(F, "In May.")]
    (mark,) = {
        word.strip(".,") for word in read.text.replace("[^", " [^").split() if word.startswith("[^") and ":" not in word
    }
    assert f"{mark}: In May." in read.text


def test_a_note_stays_with_the_section_it_belongs_to() -> None:
    note = '<p id=fn1>A note. <a href="#r">↑</a>'
    page = f'<h1>T</h1><h2>One</h2><p>It sailed.<a href="#fn1" id=r>1</a></p><h2>Two</h2><p>No.</p>{note}'
    read = layout(page)
    assert outline(read.text, read.pieces)[-1].section == ("One",)


def test_notes_that_are_numbered_anew_in_every_chapter_have_marks_of_their_own() -> None:
    chapter = '<p>It sailed.<sup><a href="#fn-{0}">1</a></sup></p><p id="fn-{0}">Note {0}.</p>'
    text = layout(chapter.format("a") + chapter.format("b")).text
    assert "[^1]: Note a." in text
    assert "[^2]: Note b." in text


def test_a_number_that_leads_to_a_section_is_no_footnote() -> None:
    page = f'<p>See chapter <a href="#two">2</a>.</p><section id="two"><h2>Two</h2>{TEXT}</section>'
    assert words(page)[0] == (P, "See chapter 2.")


TAGS = st.sampled_from(
    [
        "div",
        "p",
        "b",
        "table",
        "tr",
        "td",
        "th",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "pre",
        "br",
        "sup",
        "main",
        "nav",
        "article",
        "script",
        "hidden",
        "form",
        "header",
        "a",
        "template",
    ]
)
PIECE = st.one_of(
    TAGS.map(lambda tag: f"<{tag}>"),
    TAGS.map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        ["word ", "<a href='#n'>1</a>", "<p id=n>", "<td colspan=3>", "<p hidden>", "&lt;b>", "• ", "<!--", "-->", "\n"]
    ),
)


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=300), st.lists(PIECE, max_size=60).map(lambda parts: "".join(parts).encode())))
def test_any_bytes_are_read_or_refused_and_spans_lie_in_the_text(content: bytes) -> None:
    try:
        read = read_html(content, "page.html")
    except ReadingError:
        return
    for piece in read.pieces:
        assert all(0 <= span.start < span.end <= len(read.text) for span in piece.spans)
    blocks = outline(read.text, read.pieces)
    for passage in passages(Document("page.html", "Page", read.text, tuple(blocks)), 900):
        assert all(0 <= span.start < span.end <= len(read.text) for s in passage.sentences for span in s.spans)


@settings(max_examples=100)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["<p>", "<li>", "<td>", "<div>", "<h2>", "<b>", "</b>", "<br>", "<pre>", "</table>"]),
            st.just("word "),
        )
    )
)
def test_no_word_of_plain_content_vanishes(parts: list[str]) -> None:
    page = "".join(parts)
    assert layout(page).text.count("word") == page.count("word")
