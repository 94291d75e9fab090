from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corrections import (
    Correction,
    load_corrections,
    parse_corrections,
    with_correction,
)
from assistant.errors import CorrectionError
from assistant.taxonomy import parse_taxonomy
from assistant.types import Facet
from tests.conftest import TAXONOMY

KNOWN = parse_taxonomy(TAXONOMY.encode())


def enabling(words: str, document: str = "a.txt") -> Correction:
    return Correction(document, words, {Facet.ASPECT: ("enabler",)})


ENTRY = 'document = "a.txt"\nquote = "It came back"\n'


def parsed(*entries: str) -> list[Correction]:
    return parse_corrections("\n".join(f"[[corrections]]\n{entry}" for entry in entries).encode(), KNOWN)


def test_a_correction_is_read_with_its_names_as_the_taxonomy_has_them() -> None:
    entry = (
        ENTRY
        + 'aspects = ["Enablers"]\nthemes = []\ncases = ["LDH", "harbour"]\nby = "A. Reader"\nat = 2026-11-23T10:15:00Z'
    )
    assert parsed(entry) == [
        Correction(
            "a.txt",
            "It came back",
            {Facet.THEME: (), Facet.ASPECT: ("enabler",), Facet.CASE: ("Leeds Digital Hub", "Harbour City")},
            "A. Reader",
            datetime(2026, 11, 23, 10, 15, tzinfo=UTC),
        )
    ]


def test_a_library_needs_no_corrections(tmp_path: Path) -> None:
    assert load_corrections(tmp_path, KNOWN) == []
    (tmp_path / "tags.toml").write_bytes(b"\xef\xbb\xbf# none yet\n")
    assert load_corrections(tmp_path, KNOWN) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[[corrections]", "not TOML"),
        ("a = " + "[" * 5_000, "not TOML"),
        ("[[correction]]", r'"correction" that means nothing'),
        ("corrections = 3", "must be tables"),
        ("corrections = [3]", "correction 1: corrections must be tables"),
        ('[[corrections]]\nquote = "x"', "correction 1 needs a document"),
        ('[[corrections]]\ndocument = "a.txt"\nquote = " "', "correction 1 needs a quote"),
        (f"[[corrections]]\n{ENTRY}", r'correction 1 \(of "a.txt"\) corrects nothing'),
        (f"[[corrections]]\n{ENTRY}aspect = []", r'"aspect" that means nothing'),
        (f'[[corrections]]\n{ENTRY}aspects = "enabler"', "aspects must be a list"),
        (f"[[corrections]]\n{ENTRY}aspects = [1]", "aspects must be a list"),
        (f'[[corrections]]\n{ENTRY}cases = ["York"]', r'no case called "York".* Mend the name'),
        (f"[[corrections]]\n{ENTRY}aspects = []\nby = 1", "by must be a text"),
        (f'[[corrections]]\n{ENTRY}aspects = []\nat = "yesterday"', "at must be a date"),
        (f'[[corrections]]\n{ENTRY}themes = []\n[[corrections]]\n{ENTRY}themes = ["x"]', "correction 2"),
    ],
    ids=range(15),
)
def test_corrections_that_are_wrong_are_an_error_that_names_file_and_entry(
    tmp_path: Path, content: str, problem: str
) -> None:
    path = tmp_path / "tags.toml"
    path.write_text(content)
    with pytest.raises(CorrectionError, match=problem) as caught:
        load_corrections(tmp_path, KNOWN)
    assert str(path) in str(caught.value)


def test_corrections_that_cannot_be_opened_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "tags.toml").mkdir()
    with pytest.raises(CorrectionError, match="cannot be read"):
        load_corrections(tmp_path, KNOWN)


def test_a_correction_that_is_written_down_is_read_again() -> None:
    at = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
    one = Correction(
        "a b.txt", 'It "came"\n back \\', {Facet.ASPECT: (), Facet.THEME: ("Structures",)}, "A. Reader", at
    )
    (found,) = parse_corrections(with_correction(b"", one), KNOWN)
    assert found == Correction("a b.txt", 'It "came" back \\', one.tags, "A. Reader", at)


HAND_WRITTEN = """# Ours.
[[corrections]]
document = "a.txt"  # the first
quote = "It came back"
aspects = ["challenge"]

# About desks:
[[ corrections ]]
document = "a.txt"
quote = '''Desks
were lent.'''
themes = ["Structures"]
"""


def test_it_takes_the_place_of_the_earlier_one_of_the_same_words_and_leaves_the_rest() -> None:
    written = with_correction(HAND_WRITTEN.encode(), enabling("It  came back")).decode()
    assert written == (
        HAND_WRITTEN[: HAND_WRITTEN.index("[[corr")]
        + HAND_WRITTEN[HAND_WRITTEN.index("# About") :]
        + '\n[[corrections]]\ndocument = "a.txt"\nquote = "It came back"\naspects = ["enabler"]\n'
    )


def test_an_earlier_one_that_says_more_stays_and_the_last_wins() -> None:
    written = with_correction(HAND_WRITTEN.encode(), enabling("Desks were lent."))
    assert written.startswith(HAND_WRITTEN.encode())
    assert [one.tags for one in parse_corrections(written, KNOWN)][1:] == [
        {Facet.THEME: ("Structures",)},
        {Facet.ASPECT: ("enabler",)},
    ]


def test_a_header_inside_a_text_is_no_header() -> None:
    before = '[[corrections]]\ndocument = "a.txt"\nquote = """\n[[corrections]]\nIt came back"""\naspects = []\n'
    assert with_correction(before.encode(), enabling("It came back")).startswith(before.encode())


@pytest.mark.parametrize("content", [b"[[corrections]", b"\xff", b"corrections = []"])
def test_a_file_that_can_take_no_correction_is_an_error(content: bytes) -> None:
    with pytest.raises(CorrectionError, match=r'"tags.toml" cannot take another'):
        with_correction(content, enabling("It came back"))


QUOTES = st.sampled_from(["It came back", "Desks were lent.", 'a "b" # c', "[[corrections]]"])
FACETS = st.sets(st.sampled_from(list(Facet)), min_size=1)


@given(st.lists(st.tuples(QUOTES, FACETS, st.booleans()), max_size=6))
def test_whatever_is_written_in_turn_the_last_of_each_facet_counts(turns: list[tuple[str, set[Facet], bool]]) -> None:
    names = {Facet.THEME: "Structures", Facet.ASPECT: "enabler", Facet.CASE: "Harbour City"}
    content, expected = b"# kept\n", {}
    for words, facets, given_ in turns:
        tags = {facet: (names[facet],) if given_ else () for facet in facets}
        content = with_correction(content, Correction("a.txt", words, tags))
        expected |= {(words, facet): tags[facet] for facet in facets}
    found = parse_corrections(content, KNOWN)
    assert {(one.quote, facet): tags for one in found for facet, tags in one.tags.items()} == expected
    assert content.startswith(b"# kept\n")
    assert (
        len(found)
        == len(tomllib.loads(content.decode()).get("corrections", []))
        == len(re.findall(rb"^quote", content, re.M))
    )
