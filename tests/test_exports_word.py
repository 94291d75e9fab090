"""Word exports, read again with python-docx, with lxml and with our own reader."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assistant.exchanges import Exchange
from assistant.exports.pieces import library_name, titles_of
from assistant.exports.word import word_export
from assistant.reading import read
from assistant.types import BlockKind, Filters, Statement
from tests.exports import (
    ABOUT,
    HOSTILE,
    TITLES,
    answer,
    citation,
    conversation,
    footnotes,
    paragraphs,
    parts,
    references,
    refusal,
)
from tests.samples import document

if TYPE_CHECKING:
    from pathlib import Path

    from assistant import Assistant

WRITTEN = word_export(ABOUT, conversation(), TITLES)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ORDER = {  # of the elements that an export uses, in the schema's sequence (ISO/IEC 29500-1, annex A)
    "w:pPr": ["pStyle", "keepNext", "keepLines", "pBdr", "numPr", "tabs", "spacing", "ind", "contextualSpacing", "jc"],
    "w:rPr": ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "spacing", "kern", "sz", "szCs", "vertAlign"],
    "w:settings": ["zoom", "defaultTabStop", "characterSpacingControl", "footnotePr", "compat", "themeFontLang"],
}


def test_every_sentence_has_a_footnote_for_each_of_its_quotes() -> None:
    notes = footnotes(WRITTEN)
    for one in conversation():
        if one.answer is None or not one.answer.answered:
            continue
        quotes = {citation.marker: citation.quote for citation in one.answer.citations}
        for statement in one.answer.statements:
            paragraph = next(found for found in paragraphs(WRITTEN) if statement.text in found.text)
            cited = [notes[number] for number in references(paragraph)]
            assert [said.partition(": “")[2] for said in cited] == [f"{quotes[one]}”" for one in statement.markers]


def test_a_footnote_names_document_file_section_and_pages() -> None:
    first, second, *_ = footnotes(WRITTEN).values()
    assert first == " The annual report (hub.pdf), Structures › Enablers, pages 3, 4: “The **hub**\topened\nin May”"
    assert second == " notes.txt, Structures › Enablers: “It opened in May.”"


def test_footnotes_are_numbered_through_and_each_is_pointed_at_once() -> None:
    pointed = [number for paragraph in paragraphs(WRITTEN) for number in references(paragraph)]
    assert pointed == list(footnotes(WRITTEN)) == [str(number) for number in range(1, len(pointed) + 1)]


def test_questions_are_headings_and_lists_are_lists() -> None:
    styles: dict[str, list[str]] = {}
    for paragraph in paragraphs(WRITTEN):
        styles.setdefault(paragraph.style.name if paragraph.style else "", []).append(paragraph.text)
    assert styles["Title"] == ["A conversation"]
    assert styles["Heading 1"] == ["When did it open?", "And before?", "What of Cardiff?", "🙂"]
    assert styles["List Bullet"][:3] == [
        "Leeds: It opened in May., ",  # the comma parts the numbers of two footnotes
        "It has 40 desks.",
        "Harbour City: no evidence found.",
    ]
    bullets = docx.Document(BytesIO(WRITTEN)).styles["List Bullet"].element
    assert bullets.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None


def test_how_a_question_was_read_and_what_could_not_be_answered_are_told() -> None:
    told = [paragraph.text for paragraph in paragraphs(WRITTEN)]
    assert told[1].startswith(
        "From the library “Notes on hubs”, 23 November 2026. Casewise quotes its sources; check them."
    )
    assert told[3] == "Asked on 3 November 2026 at 09:05 · Filtered by theme: Structures, case: Leeds"
    assert "Understood as: When did it open?" in told
    assert told[-1] == "There are no words in this question."


def test_a_refusal_gives_its_reason_and_the_nearest_passages_each_with_its_source() -> None:
    at = [paragraph.text for paragraph in paragraphs(WRITTEN)].index("The library holds no Cardiff.")
    nearest = paragraphs(WRITTEN)[at + 2 : at + 4]
    assert nearest[0].text.endswith(" …")
    assert len(nearest[0].text) < 310
    assert [footnotes(WRITTEN)[references(one)[0]] for one in nearest] == [" notes.txt, Structures."] * 2


def test_the_file_says_what_it_is_and_in_which_language() -> None:
    said = docx.Document(BytesIO(WRITTEN)).core_properties
    assert (said.title, said.author, said.language, said.comments) == ("A conversation", "Casewise", "en-GB", "")
    styles = etree.fromstring(parts(WRITTEN)["word/styles.xml"])
    assert {one.get(qn("w:val")) for one in styles.iter(qn("w:lang"))} == {"en-GB"}


def test_all_that_word_asks_for_is_there_and_in_order() -> None:
    found = parts(WRITTEN)
    kinds = {one.get("PartName"): one.get("ContentType") for one in etree.fromstring(found["[Content_Types].xml"])}
    assert kinds["/word/footnotes.xml"].endswith("wordprocessingml.footnotes+xml")
    relations = etree.fromstring(found["word/_rels/document.xml.rels"])
    assert [one.get("Target") for one in relations if one.get("Type") == f"{OFFICE}/footnotes"] == ["footnotes.xml"]
    assert len({one.get("Id") for one in relations}) == len(relations)
    for name in (one.get("Target") for one in relations if one.get("TargetMode") != "External"):
        assert f"word/{name}" in found or name.startswith("../")
    separators = [one.get(qn("w:type")) for one in etree.fromstring(found["word/footnotes.xml"])][:3]
    assert separators == ["separator", "continuationSeparator", None]
    styles = {one.get(qn("w:styleId")) for one in etree.fromstring(found["word/styles.xml"]).iter(qn("w:style"))}
    for name in ("document", "footnotes", "footer1"):
        root = etree.fromstring(found[f"word/{name}.xml"])
        used = {one.get(qn("w:val")) for tag in ("pStyle", "rStyle") for one in root.iter(qn(f"w:{tag}"))}
        assert used <= styles
    for name in ("document", "footnotes", "settings", "styles"):
        _assert_in_order(etree.fromstring(found[f"word/{name}.xml"]))


def _assert_in_order(root: etree._Element) -> None:
    for tag, order in ORDER.items():
        for element in root.iter(qn(tag)):
            places = [order.index(name) for name in (one.tag.rpartition("}")[2] for one in element) if name in order]
            assert places == sorted(places), etree.tostring(element)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_words(words: str) -> None:
    said = answer(Statement(words, (1,), words), cited=[citation(1, words, words)], missing=(words,), is_list=True)
    filed = [
        Exchange(words, Filters(), answer=said),
        Exchange(words, Filters(), answer=refusal(words, words, section=(words,))),
    ]
    written = word_export(ABOUT, [*filed, Exchange(words, Filters(), message=words)], {words: words})
    docx.Document(BytesIO(written))
    for name, content in parts(written).items():
        if name.startswith("word/"):
            root = etree.fromstring(content)
            assert not [
                one for one in root.iter() if "instrText" in str(one.tag) or "hyperlink" in str(one.tag).lower()
            ]
            assert {one.get(qn("w:instr")) for one in root.iter(qn("w:fldSimple"))} <= {" PAGE "}
    relations = etree.fromstring(parts(written)["word/_rels/document.xml.rels"])
    assert [one for one in relations if one.get("TargetMode") == "External"] == []


@given(st.text())
@settings(max_examples=30)  # a whole file each
def test_whatever_a_quote_holds_stands_in_its_footnote(words: str) -> None:
    written = word_export(
        ABOUT, [Exchange("Why?", Filters(), answer=answer(Statement("So.", (1,)), cited=[citation(1, words)]))], {}
    )
    held = footnotes(written)["1"].partition("pages 3, 4: “" if words else "pages 3, 4")[2].removesuffix("”")
    assert (
        "".join(filter(str.isprintable, held))
        == "".join(filter(str.isprintable, words.encode("utf-8", "replace").decode()) if words else ".")
        or "\ufffd" in held
    )


def test_our_own_reader_reads_an_export_with_its_footnotes(tmp_path: Path) -> None:
    path = tmp_path / "conversation.docx"
    path.write_bytes(WRITTEN)
    found = read(path)
    assert found.title == "A conversation"
    notes = [block for block in found.blocks if block.kind is BlockKind.FOOTNOTE]
    assert len(notes) == len(footnotes(WRITTEN))
    headings = [
        found.text[one.spans[0].start : one.spans[0].end] for one in found.blocks if one.kind is BlockKind.HEADING
    ]
    assert any("When did it open?" in heading for heading in headings)


def test_titles_are_those_of_what_an_export_points_at() -> None:
    held = {name: document("Words.", name) for name in ("hub.pdf", "notes.txt", "other.txt")}
    assert titles_of(conversation(), held) == {"hub.pdf": "Notes", "notes.txt": "Notes"}
    assert titles_of(conversation(), {}) == {}
    assert library_name(held) is None
    assert library_name({"notes.txt": held["notes.txt"]}) == "Notes"


def test_answers_of_the_library_keep_their_quotes(library: Assistant) -> None:
    asked = ("How quickly was a new court set up?", "Which cases mention gowns?", "How many leaders took part in Kent?")
    for question in asked:
        given = library.ask(question)
        exported = [Exchange(question, Filters(), answer=given)]
        notes = footnotes(word_export(ABOUT, exported, titles_of(exported, library.index.documents)))
        quotes = {one.marker: one.quote for one in given.citations}
        markers = [marker for statement in given.statements for marker in statement.markers]
        assert [note.partition(": “")[2].removesuffix("”") for note in notes.values()] == [
            quotes[marker] for marker in markers
        ]
