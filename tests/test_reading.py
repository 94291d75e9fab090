from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ReadingError
from assistant.passages import passages
from assistant.reading import read, sources
from assistant.types import BlockKind
from tests.conftest import SUMMARY

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.types import Document


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Document]:
    def write_and_read(name: str, text: str) -> Document:
        path = tmp_path / name
        path.write_bytes(text.encode())
        return read(path)

    return write_and_read


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")


def test_the_summary_is_read_untouched(summary: Document) -> None:
    assert summary.text == SUMMARY.read_bytes().decode()
    assert summary.id == "collaboration-executive-summary.txt"
    assert summary.title == "Collaboration Executive Summary"


def test_the_summary_has_every_kind_of_block(summary: Document) -> None:
    counts = {kind: sum(block.kind is kind for block in summary.blocks) for kind in BlockKind}
    assert counts[BlockKind.FOOTNOTE] == 3
    assert counts[BlockKind.TABLE_ROW] == 1 + 7 + 1 + 6
    assert counts[BlockKind.LIST_ITEM] == 6 + 3 + 3 + 4 + 5 + 4 + 4


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "a.text", "a.md", "a.markdown", "a.Md"])
def test_a_format_is_known_by_the_file_s_name(written: Callable[[str, str], Document], name: str) -> None:
    assert [block.kind for block in written(name, "It opened in May.\n").blocks] == [BlockKind.PARAGRAPH]


def test_markdown_and_plain_text_are_read_by_rules_of_their_own(written: Callable[[str, str], Document]) -> None:
    text = "# The hub opened.\n\nIt closed.\n"
    assert written("a.md", text).blocks[0].kind is BlockKind.HEADING
    assert written("a.txt", text).blocks[0].kind is BlockKind.PARAGRAPH


@pytest.mark.parametrize("name", ["figures.csv", "made.py", "a.text.bak"])
def test_an_unknown_format_is_refused_with_the_known_ones(written: Callable[[str, str], Document], name: str) -> None:
    with pytest.raises(ReadingError, match=rf'"{name}" is a format .* Save it as one of .*\.md, .*\.txt.*\.'):
        written(name, "It opened.\n")


@pytest.mark.parametrize("name", ["report", "scan.pdf", "old.doc", "notes of 2.12.2024"])
def test_nothing_but_text_is_read_as_text_whatever_it_is_called(
    written: Callable[[str, str], Document], name: str
) -> None:
    assert written(name, "It opened.\n").blocks[0].kind is BlockKind.PARAGRAPH


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff", "\f\r\n", "- 12 -\n"])
def test_a_file_without_words_is_refused(written: Callable[[str, str], Document], text: str) -> None:
    with pytest.raises(ReadingError, match=r'"a\.txt" holds no text'):
        written("a.txt", text)


@pytest.mark.parametrize("text", ["", "---\ntitle: x\n---\n", "<!-- nothing yet -->\n", "#\n\n---\n"])
def test_markdown_without_words_is_refused(written: Callable[[str, str], Document], text: str) -> None:
    with pytest.raises(ReadingError, match="holds no text"):
        written("a.md", text)


def test_the_first_heading_is_the_title(written: Callable[[str, str], Document]) -> None:
    assert written("a.md", "# The **Hub** in [Kent](x)\n\nIt opened.\n").title == "The Hub in Kent"
    assert written("a.txt", "\n\nThe Hub\n\nIt opened.\n").title == "The Hub"


def test_a_file_that_begins_with_text_is_titled_by_its_name(written: Callable[[str, str], Document]) -> None:
    assert written("kent_fire-service.txt", "It opened.\n\nThe Hub\n\nIt closed.\n").title == "Kent fire service"


def test_a_document_goes_by_the_name_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It opened.\n")
    assert read(tmp_path / "a.txt", "kent/a.txt").id == "kent/a.txt"
    assert read(tmp_path / "a.txt").id == "a.txt"


def test_sources_are_named_by_their_path_in_order(tmp_path: Path) -> None:
    (tmp_path / "kent").mkdir()
    for name in ("b.txt", "kent/a.md", "a.pdf"):
        (tmp_path / name).write_bytes(name.encode())
    found = list(sources(tmp_path))
    assert [source.id for source in found] == ["a.pdf", "b.txt", "kent/a.md"]
    assert found[2].path == tmp_path / "kent" / "a.md"
    assert found[2].sha256 == sha256(b"kent/a.md").hexdigest()


@pytest.mark.parametrize(
    "name", [".hidden.txt", ".git/a.txt", "~$a.txt", "taxonomy.toml", "questions.jsonl", "README.md", "kent/readme.MD"]
)
def test_what_is_not_meant_to_be_read_is_no_source(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("It opened.\n")
    (tmp_path / "a.txt").write_text("It opened.\n")
    assert [source.id for source in sources(tmp_path)] == ["a.txt"]


pieces_of_files = st.lists(
    st.one_of(
        st.binary(max_size=8),
        st.sampled_from(
            [
                b"\xff\xfe",
                b"\xef\xbb\xbf",
                b"\r\n",
                b"\n\n",
                b"\t",
                b"\f",
                b"# ",
                b"> ",
                b"| a | b |\n|-|-|\n",
                b"Words. ",
            ]
        ),
        st.text(max_size=8).map(str.encode),
    )
).map(b"".join)


def read_or_refused(path: Path) -> Document | str:
    try:
        return read(path)
    except ReadingError as refusal:
        return str(refusal)


@settings(max_examples=200, deadline=None)
@given(pieces_of_files, st.sampled_from(["made.txt", "made.md"]))
def test_any_bytes_are_read_or_refused(folder: Path, content: bytes, name: str) -> None:
    path = folder / name
    path.write_bytes(content)
    result = read_or_refused(path)
    if isinstance(result, str):
        assert name in result
    else:
        assert result.blocks
        assert all(0 < len(passage.text) <= 300 for passage in passages(result, 300))


def test_a_file_whose_name_is_not_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    path.write_text("The court opened.")
    (source,) = sources(tmp_path)
    assert source.id.encode() == b"caf?.txt"
    with pytest.raises(ReadingError, match="not UTF-8"):
        read(source.path, source.id)


def test_a_link_to_no_file_is_listed_and_refused(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "device.txt").symlink_to("/dev/zero")
    for source in sources(tmp_path):
        assert source.sha256 == ""
        with pytest.raises(ReadingError, match=r"not there|a folder, a device"):
            read(source.path, source.id)


def test_an_index_inside_the_corpus_is_no_document_and_what_is_named_like_one_is(tmp_path: Path) -> None:
    for folder in ("index", "generation-z"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "passages.txt").write_text("x")
    assert [source.id for source in sources(tmp_path, tmp_path / "index")] == ["generation-z/passages.txt"]
