from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ReadingError
from assistant.metadata import KEYS
from assistant.reading import read
from assistant.reading.front_matter import front_matter


def said(*lines: str) -> Mapping[str, str]:
    return front_matter("\n".join(["---", *lines, "---", "Text."]), "a.md")


def test_what_it_says_is_kept_as_it_is_written() -> None:
    assert said(
        "title: No", "case: 007", "date: 2021-03-01", 'source: "https://a.org/x: y"', "author: A. N. Other"
    ) == {
        "title": "No",
        "case": "007",
        "date": "2021-03-01",
        "source": "https://a.org/x: y",
        "author": "A. N. Other",
    }


@pytest.mark.parametrize(
    "lines",
    [
        ["case: [Leeds Digital Hub, Harbour City]"],
        ["cases:", "  - Leeds Digital Hub", "  - Harbour City"],
        ["case: Leeds Digital Hub; Harbour City"],
        ["case: |", "  Leeds Digital Hub;", "  Harbour City"],
    ],
)
def test_several_cases_are_a_list_or_stand_between_semicolons(lines: list[str]) -> None:
    assert said(*lines) == {"case": "Leeds Digital Hub; Harbour City"}


def test_keys_of_other_programs_and_empty_values_are_passed_over() -> None:
    assert said("layout: {deep: [1, 2]}", "tags: [a]", "case:", "theme: ~", "title: ''", "date: 2021") == {
        "date": "2021"
    }


@pytest.mark.parametrize(
    "text", ["", "Text.", "---\n\ncase: Leeds\n---\n", "---\n# Title\n---\n", "---\ncase: Leeds\n"]
)
def test_a_text_without_front_matter_says_nothing(text: str) -> None:
    assert front_matter(text, "a.md") == {}


@pytest.mark.parametrize(
    ("lines", "line", "problem"),
    [
        (["title: x", "case: Leeds: a hub"], 3, "not YAML"),
        (["case: Leeds", "\tdate: 2021"], 3, "not YAML"),
        (["case: [Leeds", "date: 2021"], 3, "not YAML"),
        (["case: &a Leeds", "theme: *a"], 3, "alias"),
        (["title: x", "case:", "  name: Leeds"], 4, "more than names"),
        (["title: x", "case: [[Leeds]]"], 3, "more than names"),
        (["title: x", "case: Leeds", "cases: [York]"], 4, "there twice"),
        (["title: " + "[" * 11 + "]" * 11], 2, "nested more than 10 deep"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(lines: list[str], line: int, problem: str) -> None:
    with pytest.raises(ReadingError, match=problem) as caught:
        said(*lines)
    assert f'The front matter of "a.md", line {line}:' in str(caught.value)


@pytest.mark.parametrize("value", ['"\\UFFFFFFFF"', '"\\U00110000"', "\x07", '"\\x'])
def test_characters_that_are_none_are_refused(value: str) -> None:
    with pytest.raises(ReadingError, match="not YAML"):
        said(f"case: {value}")


def test_an_alias_bomb_is_refused_before_it_goes_off() -> None:
    bomb = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    with pytest.raises(ReadingError, match="alias"):
        said(*bomb)


def test_a_nesting_bomb_is_refused() -> None:
    with pytest.raises(ReadingError, match="nested"):
        said("title: " + "[" * 9_000)


def test_front_matter_without_an_end_in_sight_is_refused() -> None:
    with pytest.raises(ReadingError, match="longer than 20,000"):
        said("title: x", *["Text."] * 5_000)


def test_nothing_is_built_from_what_a_file_asks_for() -> None:
    assert said("title: !!python/object/apply:os.system ['true']", "case: !mine Leeds") == {
        "title": "true",
        "case": "Leeds",
    }


@given(st.text(max_size=80))
def test_anything_between_the_lines_is_read_or_refused(text: str) -> None:
    with suppress(ReadingError):
        assert set(front_matter(f"---\ncase: {text}\n---\n", "a.md")) <= set(KEYS)


def test_a_markdown_file_is_called_what_its_front_matter_says(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(
        b"\xef\xbb\xbf---\r\ntitle: The Hub\r\ncase: Leeds\r\n---\r\n# Hub\r\n\r\n## Findings\r\n\r\nIt opened.\r\n"
    )
    document = read(path)
    assert (document.title, dict(document.metadata)) == ("The Hub", {"title": "The Hub", "case": "Leeds"})
    assert [block.section for block in document.blocks] == [(), ("Findings",), ("Findings",)]


def test_the_title_is_the_first_heading_where_the_front_matter_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ncase: Leeds\n---\n# Findings\n\nIt opened.\n")
    assert read(path).title == "Findings"
