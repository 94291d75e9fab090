"""What a Word file says of itself, and files that are damaged, hostile or no Word files at all."""

from __future__ import annotations

import zipfile
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ReadingError
from assistant.reading.word import package, read_word
from tests.word_files import archive, p, table, tc, word_file

CORE = """<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>{title}</dc:title>
<dc:creator> A. Smith </dc:creator><dcterms:created>2021-05-03T09:00:00Z</dcterms:created></cp:coreProperties>"""
WHOLE = word_file(p("Ports", "berschrift1") + p("It sailed.") + table("Port|Ferries", "Hull|3"), core=CORE)


def refusal(content: bytes, name: str = "file.docx") -> str:
    with pytest.raises(ReadingError) as caught:
        read_word(content, name)
    return str(caught.value)


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("The ports of the north", "The ports of the north"),
        *(
            (no, None)
            for no in ("", "Microsoft Word - ports", "ports.DOCX", "Document1", "[Type the title]", "my-file", "12")
        ),
    ],
)
def test_a_title_is_taken_from_the_file_where_a_person_wrote_it(title: str, read: str | None) -> None:
    assert read_word(word_file(p("Text."), core=CORE.format(title=title)), "my-file.docx").title == read


def test_what_the_file_says_of_itself_is_kept() -> None:
    custom = (
        '<Properties><property name="Case"><lpwstr>Harbour City</lpwstr></property><property name="x"/></Properties>'
    )
    read = read_word(word_file(p("Text."), core=CORE, custom=custom), "file.docx")
    assert read.metadata == {"author": "A. Smith", "date": "2021-05-03", "case": "Harbour City"}


@pytest.mark.parametrize("main", ["word/document.xml", "word/document2.xml", "content/main.xml"])
def test_the_document_is_found_wherever_the_file_says(main: str) -> None:
    assert read_word(word_file(p("Text."), main=main), "file.docm").text == "Text.\n\n"


def test_the_strict_form_reads_the_same() -> None:
    strict = BytesIO()
    with zipfile.ZipFile(BytesIO(WHOLE)) as old, zipfile.ZipFile(strict, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            for ours, theirs in ((ours, theirs) for theirs, ours in package._STRICT):
                content = content.replace(ours, theirs)
            new.writestr(entry.filename, content)
    assert read_word(strict.getvalue(), "file.docx").text == read_word(WHOLE, "file.docx").text


def office_file(main: str) -> bytes:
    return archive({"_rels/.rels": f'<R><r Type="x/officeDocument" Target="{main}"/></R>', main: "<root/>"})


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not a Word file"),
        (b"{\\rtf1 text}", "is not a Word file"),
        (OLE2 + "EncryptedPackage".encode("utf-16-le"), "is encrypted. Save it without a password"),
        (OLE2 + "WordDocument".encode("utf-16-le"), "is a Word file of before 2007. Save it as .docx"),
        (OLE2, "older Office program"),
        (b"PK\x03\x04" + bytes(99), "damaged archive"),
        (WHOLE[: len(WHOLE) // 2], "damaged archive"),
        (archive({"a.txt": "x"}), "holds no Word document"),
        (
            archive(
                {
                    "_rels/.rels": '<R><r Type="x/officeDocument" Target="xl/workbook.xml"/></R>',
                    "xl/workbook.xml": "<w/>",
                }
            ),
            "is a spreadsheet",
        ),
        (
            archive(
                {
                    "_rels/.rels": '<R><r Type="x/officeDocument" Target="ppt/presentation.xml"/></R>',
                    "ppt/presentation.xml": "<p/>",
                }
            ),
            "is a presentation",
        ),
        (archive({"word/document.xml": "<w:document"}), 'is damaged in "word/document.xml"'),
        (archive({"word/document.xml": ""}), 'is damaged in "word/document.xml"'),
        (word_file("<w:p/>" + "<w:sdt>" * 400 + "</w:sdt>" * 400), 'is damaged in "word/document.xml"'),
    ],
)
def test_what_is_no_readable_word_file_is_refused_by_name_with_a_remedy(content: bytes, reason: str) -> None:
    said = refusal(content)
    assert said.startswith('"file.docx" ')
    assert reason in said
    assert said.count(". ") >= 1


def test_entities_are_never_resolved() -> None:
    laughs = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY file SYSTEM "file:///etc/hostname">]>'
    for entity in ("&b;", "&file;"):
        plain = word_file(p("MARK"))
        with zipfile.ZipFile(BytesIO(plain)) as old:
            files = {entry: old.read(entry).decode() for entry in old.namelist()}
        files["word/document.xml"] = laughs + files["word/document.xml"].replace("MARK", entity)
        assert "declares entities" in refusal(archive(files))


def test_an_archive_that_declares_too_much_is_refused_before_it_is_inflated() -> None:
    said = refusal(archive({"word/document.xml": "<w>" + " " * (package.LARGEST_PART + 1) + "</w>"}))
    assert "would take 48 MB once unpacked" in said


def test_a_part_that_is_larger_than_it_declares_is_not_inflated_to_the_end() -> None:
    size = package.LARGEST_PART + 2**20
    bomb = bytearray(archive({"word/document.xml": "<w>" + " " * size + "</w>"}))
    declared = (size + 7).to_bytes(4, "little")
    assert bomb.count(declared) == 2
    assert "is a damaged archive" in refusal(bytes(bomb.replace(declared, (99).to_bytes(4, "little"))))


def test_an_archive_of_very_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_ENTRIES", 3)
    assert "more than a Word file has" in refusal(WHOLE)


def test_an_encrypted_entry_is_refused() -> None:
    locked = bytearray(WHOLE)
    place = locked.index(b"PK\x01\x02")
    locked[place + 8] |= 1
    assert "is encrypted" in refusal(bytes(locked))


def test_tables_nested_as_deep_as_xml_may_be_are_read() -> None:
    body = p("The end.")
    for _ in range(60):
        body = table(tc(body))
    assert read_word(word_file(body), "file.docx").text == "The end.\n\n"


def test_a_row_that_claims_very_many_columns_is_small() -> None:
    wide = table(tc("a", '<w:gridSpan w:val="999999999"/>') + tc("b"), "c|d")
    assert len(read_word(word_file(wide), "file.docx").text) < 1000


@settings(max_examples=150)
@given(st.data())
def test_a_mutated_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    _check(bytes(content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content))


@settings(max_examples=100)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", OLE2]))
def test_any_bytes_are_read_or_refused(content: bytes, start: bytes) -> None:
    _check(start + content)


@st.composite
def bodies(draw: st.DrawFn, depth: int = 3) -> str:
    """Return well-formed elements of Word in any order, whether or not they may stand in each other."""
    tags = ["p", "r", "tbl", "tr", "tc", "sdt", "ins", "del", "txbxContent", "hyperlink", "pPr", "drawing"]
    leaves = [
        "<w:t>word</w:t>",
        '<w:footnoteReference w:id="1"/>',
        "<w:vMerge/>",
        '<w:gridSpan w:val="3"/>',
        "<w:br/>",
        "<w:b/>",
        "",
    ]
    if depth == 0:
        return draw(st.sampled_from(leaves))
    inner = draw(st.lists(bodies(depth - 1), max_size=3))
    tag = draw(st.sampled_from(tags))
    return f"<w:{tag}>{''.join(inner)}</w:{tag}>"


@settings(max_examples=100)
@given(bodies())
def test_elements_in_any_order_are_read(body: str) -> None:
    _check(
        word_file(
            body, footnotes='<w:footnote w:id="1"><w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p></w:footnote>'
        )
    )


def _check(content: bytes) -> None:
    """Read bytes; what is read has its pieces in its text, in order."""
    try:
        read = read_word(content, "file.docx")
    except ReadingError:
        return
    for piece in read.pieces:
        assert all(0 <= span.start < span.end <= len(read.text) for span in piece.spans)
        assert all(before.end <= after.start for before, after in pairwise(piece.spans))
