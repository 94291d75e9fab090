from __future__ import annotations

import codecs

import pytest

from assistant.errors import ReadingError
from assistant.reading.decoding import decode

WORDS = "Kent’s “café” – 500 m², £5.\r\nNext line\n"


def decoded(content: bytes) -> str:
    return decode(content, "made.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_text_reads_the_same_in_every_encoding(encoding: str) -> None:
    assert decoded(WORDS.encode(encoding)) == WORDS


def test_utf_16_reads_in_either_byte_order() -> None:
    assert decoded(codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be")) == WORDS
    assert decoded(codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le")) == WORDS


def test_a_byte_order_mark_of_utf_8_stays_so_that_spans_count_what_the_file_holds() -> None:
    assert decoded(codecs.BOM_UTF8 + b"Kent") == "\ufeffKent"


def test_line_ends_are_kept_as_they_are() -> None:
    assert decoded(b"a\r\nb\rc\nd\fe") == "a\r\nb\rc\nd\fe"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"text with\x00 a nul",
        b"caf\x81",
        b"\xff\xfeK\x00e",
        bytes(range(256)),
        b"\0" * 512,
    ],
)
def test_what_is_no_text_is_refused_by_name_with_a_remedy(content: bytes) -> None:
    with pytest.raises(ReadingError, match=r'"made\.txt" is not text.*Save it as UTF-8'):
        decoded(content)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_a_byte_order_mark(encoding: str) -> None:
    assert decoded(WORDS.encode(encoding)) == WORDS


def test_utf_32_is_known_by_its_byte_order_mark() -> None:
    assert decoded(WORDS.encode("utf-32")) == WORDS


def test_lines_in_two_encodings_are_each_read_in_their_own() -> None:
    assert decoded(WORDS.encode() + WORDS.encode("cp1252") + b"\n" + WORDS.encode()) == f"{WORDS * 2}\n{WORDS}"


def test_a_capital_before_a_quotation_mark_is_not_taken_for_a_letter_of_utf_8() -> None:
    words = "„Spaß“ in the CAFÉ’S own words\nand a “café”\n"
    assert decoded(words.encode("cp1252")) == words


def test_a_stray_control_character_does_not_refuse_a_text() -> None:
    text = "A line that somebody pasted from a PDF, with a bell at its end.\x07 And a second line, without." + " " * 10
    assert decoded(text.encode()) == text
