from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import ReadingError
from assistant.sidecars import metadata_of, sidecar_of


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.pdf"


def beside(report: Path, text: str | bytes, name: str = "report.pdf.toml") -> Path:
    path = report.with_name(name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("name", ["report.pdf.toml", "report.toml"])
def test_a_sidecar_has_the_document_s_name_with_or_without_its_ending(report: Path, name: str) -> None:
    sidecar = beside(report, 'case = "Leeds"', name)
    assert sidecar_of(report) == sidecar
    assert metadata_of(report) == {"case": "Leeds"}


def test_a_document_without_a_sidecar_is_said_nothing_of(report: Path) -> None:
    beside(report, 'case = "Leeds"', "other.toml")
    assert sidecar_of(report) is None
    assert metadata_of(report) == {}


def test_two_sidecars_are_an_error_that_names_both(report: Path) -> None:
    beside(report, "")
    beside(report, "", "report.toml")
    with pytest.raises(ReadingError, match=r'"report.pdf" has two sidecars, "report.pdf.toml" and "report.toml"'):
        metadata_of(report)


@pytest.mark.parametrize("name", ["taxonomy", "tags"])
def test_the_library_s_own_files_are_nobody_s_sidecar(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.toml").write_text("themes = []")
    assert sidecar_of(tmp_path / f"{name}.md") is None


def test_it_says_all_that_front_matter_can(report: Path) -> None:
    beside(
        report,
        b'\xef\xbb\xbftitle = "The Hub"\ncases = ["Leeds", "York; Hull"]\ntheme = "Money"\naspect = ""\n'
        b'date = 2021-03-01\nsource = "a"\nauthor = ["B. C.", "D. E."]',
    )
    assert metadata_of(report) == {
        "title": "The Hub",
        "case": "Leeds; York; Hull",
        "theme": "Money",
        "date": "2021-03-01",
        "source": "a",
        "author": "B. C.; D. E.",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('case = "Leeds', "not TOML"),
        (b'case = "\xe9"', "not TOML"),
        ("case = " + "[" * 5_000, "not TOML"),
        ('caes = "Leeds"', '"caes" that means nothing'),
        ('[case]\nname = "Leeds"', "case must be a text"),
        ("case = [true]", "case must be a text"),
        ("case = 1.5", "case must be a text"),
        ('case = "Leeds"\ncases = ["York"]', "gives the case twice"),
        ("#" * 64_001, "too large"),
    ],
    ids=range(9),
)
def test_a_sidecar_that_is_wrong_is_named(report: Path, text: str | bytes, problem: str) -> None:
    beside(report, text)
    with pytest.raises(ReadingError, match=problem) as caught:
        metadata_of(report)
    assert '"report.pdf.toml"' in str(caught.value)


def test_a_sidecar_that_is_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text('title = "Secret"')
    (tmp_path / "a.md.toml").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(ReadingError, match="is a link"):
        metadata_of(tmp_path / "a.md")
