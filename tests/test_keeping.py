"""Files put into a corpus, replaced and removed: whole or not at all, under names that harm nothing."""

from __future__ import annotations

import errno
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import KeepingError
from assistant.keeping import LONGEST_NAME, keep, remove_document, replace_document, safe_name, taken
from assistant.reading import sources
from assistant.sidecars import metadata_of


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "taxonomy.toml").write_text("themes = []")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@given(st.text(max_size=300) | st.text(alphabet="./\\:~ \u202e\u0301e\0\nRcon", max_size=40))
def test_whatever_a_file_is_called_its_name_is_safe_or_refused(uploaded: str) -> None:
    try:
        name = safe_name(uploaded)
    except KeepingError:
        return
    assert name == Path(name).name
    assert not name.startswith((".", "~"))
    assert not name.endswith((".", " "))
    assert not set(name) & set('/\\:<>"|?*')
    assert name.isprintable()
    assert unicodedata.is_normalized("NFC", name)
    assert len(name.encode()) <= LONGEST_NAME
    assert not name.lower().endswith((".toml", ".jsonl"))
    assert safe_name(name) == name


@given(st.text(max_size=80))
def test_what_is_kept_is_found_by_the_next_build(tmp_path_factory: pytest.TempPathFactory, uploaded: str) -> None:
    corpus = tmp_path_factory.mktemp("corpus")
    try:
        name = keep(corpus, uploaded, b"Words.")
    except KeepingError:
        assert contents(corpus) == {}
        return
    assert [source.id for source in sources(corpus)] == [name]


@pytest.mark.parametrize(
    ("uploaded", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\Report.pdf", "Report.pdf"),
        (".hidden.txt", "hidden.txt"),
        ("a\nb\x00c.txt", "a b c.txt"),
        ("e\u0301te\u0301.txt", "été.txt"),
        ("invoice\u202efdp.exe.txt", "invoicefdp.exe.txt"),
        ("<img src=x onerror=alert(1)>.md", "-img src=x onerror=alert(1)-.md"),
        ("report.pdf. . ", "report.pdf"),
        ("é" * 200 + ".pdf", "é" * 98 + ".pdf"),
    ],
)
def test_what_is_oddly_written_is_mended(uploaded: str, name: str) -> None:
    assert safe_name(uploaded) == name


@pytest.mark.parametrize(
    ("uploaded", "why"),
    [
        ("", "no name"),
        ("...", "no name"),
        ("/", "no name"),
        ("taxonomy.toml", "keeps for files of its own"),
        ("TAGS.TOML", "keeps for files of its own"),
        ("questions.jsonl", "keeps for files of its own"),
        ("report.pdf.toml", "keeps for files of its own"),
        ("ReadMe.md", "keeps for files of its own"),
        ("README", "keeps for files of its own"),
        ("tags", "keeps for files of its own"),
        ("Taxonomy", "keeps for files of its own"),
        ("con", "some systems"),
        ("LPT1.txt", "some systems"),
    ],
)
def test_names_that_mean_something_are_refused_with_a_remedy(corpus: Path, uploaded: str, why: str) -> None:
    before = contents(corpus)
    with pytest.raises(KeepingError, match=why):
        keep(corpus, uploaded, b"Words.")
    assert contents(corpus) == before


@pytest.mark.parametrize("again", ["report.txt", "REPORT.txt", "a/b/Report.txt"])
def test_a_name_that_is_taken_is_told_and_never_written_over(corpus: Path, again: str) -> None:
    keep(corpus, "Report.txt", b"First.")
    assert taken(corpus, again.rpartition("/")[2]) == "Report.txt"
    with pytest.raises(KeepingError, match=r'There is a "Report.txt" in the library already'):
        keep(corpus, again, b"Second.", {"title": "Second"})
    assert contents(corpus) == {"taxonomy.toml": b"themes = []", "Report.txt": b"First."}


def test_a_name_that_is_taken_by_a_folder_is_told_too(corpus: Path) -> None:
    (corpus / "notes.txt").mkdir()
    with pytest.raises(KeepingError, match="already"):
        keep(corpus, "notes.txt", b"Words.")


def test_what_is_said_of_a_document_stands_beside_it(corpus: Path) -> None:
    said = {"title": 'The "Hub"\n= x', "case": "Leeds; York", "date": "2021-03-01", "source": " "}
    keep(corpus, "report.txt", b"Words.", said)
    assert metadata_of(corpus / "report.txt") == {"title": 'The "Hub" = x', "case": "Leeds; York", "date": "2021-03-01"}


def test_a_sidecar_that_waits_for_a_document_is_never_given_to_another(corpus: Path) -> None:
    (corpus / "report.toml").write_text('case = "Leeds"')
    with pytest.raises(KeepingError, match=r'"report.toml" says what "report.txt" is'):
        keep(corpus, "report.txt", b"Words.")


def test_another_file_takes_the_place_of_a_document_and_its_sidecar_stays(corpus: Path) -> None:
    keep(corpus, "report.txt", b"First.", {"case": "Leeds"})
    replace_document(corpus, "report.txt", "Report of May.TXT", b"Second.")
    assert (corpus / "report.txt").read_bytes() == b"Second."
    assert metadata_of(corpus / "report.txt") == {"case": "Leeds"}
    with pytest.raises(KeepingError, match=r'whose name ends in ".txt"'):
        replace_document(corpus, "report.txt", "report.pdf", b"Third.")
    assert (corpus / "report.txt").read_bytes() == b"Second."


def test_a_removed_document_takes_its_sidecar_along_and_nothing_else(corpus: Path) -> None:
    (corpus / "sub").mkdir()
    for name in ("a.txt", "a.txt.toml", "b.txt", "b.pdf", "b.toml", "sub/c.md", "sub/c.toml", "tags.txt", "tags.toml"):
        (corpus / name).write_bytes(b"")
    for document in ("a.txt", "b.txt", "sub/c.md", "tags.txt"):
        remove_document(corpus, document)
    assert set(contents(corpus)) == {"taxonomy.toml", "b.pdf", "b.toml", "tags.toml"}


@pytest.mark.parametrize(
    "document",
    ["", ".", "..", "../outside.txt", "/etc/hostname", "taxonomy.toml", "README.md", "link/there.txt", "missing.txt"],
)
def test_only_documents_of_the_corpus_are_removed_or_replaced(corpus: Path, document: str) -> None:
    (corpus.parent / "outside.txt").write_bytes(b"Outside.")
    (corpus.parent / "elsewhere").mkdir()
    (corpus.parent / "elsewhere" / "there.txt").write_bytes(b"There.")
    (corpus / "link").symlink_to(corpus.parent / "elsewhere")
    (corpus / "README.md").write_bytes(b"Read me.")
    before = contents(corpus.parent)
    with pytest.raises(KeepingError, match="has no document"):
        remove_document(corpus, document)
    with pytest.raises(KeepingError, match="has no document"):
        replace_document(corpus, document, document or "a.txt", b"Other.")
    assert contents(corpus.parent) == before


def test_a_link_is_removed_and_not_what_it_leads_to(corpus: Path) -> None:
    (corpus.parent / "outside.txt").write_bytes(b"Outside.")
    (corpus / "inside.txt").symlink_to(corpus.parent / "outside.txt")
    remove_document(corpus, "inside.txt")
    assert (corpus.parent / "outside.txt").read_bytes() == b"Outside."
    assert not (corpus / "inside.txt").is_symlink()


@pytest.mark.parametrize(
    ("number", "remedy"),
    [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "Mend its permissions"), (errno.EIO, "Nothing was changed")],
)
def test_a_disk_that_is_full_or_closed_is_told_and_leaves_all_as_it_was(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, number: int, remedy: str
) -> None:
    keep(corpus, "old.txt", b"Old.")
    before = contents(corpus)
    calls: list[int] = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) % 2 == 0:  # a sidecar still fits, its document does not
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KeepingError, match=remedy):
        keep(corpus, "new.txt", b"New.", {"case": "Leeds"})
    assert contents(corpus) == before
    calls.append(0)
    with pytest.raises(KeepingError, match=rf'"old.txt" cannot be replaced\. .*{remedy}'):
        replace_document(corpus, "old.txt", "old.txt", b"New.")
    assert contents(corpus) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_must_not_be_written_to_is_named(corpus: Path) -> None:
    corpus.chmod(0o500)
    try:
        with pytest.raises(KeepingError, match=r"must not be written to.*Mend its permissions"):
            keep(corpus, "new.txt", b"New.")
    finally:
        corpus.chmod(0o700)


def test_a_corpus_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_bytes(b"")
    with pytest.raises(KeepingError, match="cannot be kept"):
        keep(tmp_path / "corpus", "new.txt", b"New.")


def test_a_build_never_sees_half_a_file(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (seen.append([one.id for one in sources(corpus)]), sync(file))[1])
    keep(corpus, "new.txt", b"New.", {"case": "Leeds"})
    replace_document(corpus, "new.txt", "new.txt", b"Newer.")
    assert seen == [[], [], ["new.txt"]]
