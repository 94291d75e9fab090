from __future__ import annotations

import errno
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from assistant.building import build, ensure
from assistant.changes import State
from assistant.errors import EmptyCorpus, IndexFault, IndexMissing, TaxonomyError
from assistant.generations import current, verify
from assistant.index import PassageIndex
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np

    from assistant.settings import Settings

LEEDS = "Motivations\n\nEnablers\n\nStaff in Leeds shared an office. They liked it.\n\nNobody left.\n"
HARBOUR = "# Motivations\n\n## Enablers\n\nHarbour City shared a depot.\n"


@pytest.fixture
def settings(make_corpus: Callable[..., Settings]) -> Settings:
    return make_corpus(leeds_txt=LEEDS, harbour_md=HARBOUR)


def opened(settings: Settings) -> PassageIndex:
    return PassageIndex.open(settings.index, HashingEmbedder())


def folders(settings: Settings) -> set[str]:
    return {path.name for path in settings.index.iterdir() if path.is_dir()}


def test_the_report_counts_what_was_built(settings: Settings) -> None:
    report = build(settings, HashingEmbedder())
    assert (report.documents, report.passages, report.sentences, report.refused) == (2, 3, 4, {})
    assert report.folder == current(settings.index)


def test_every_document_is_listed_with_the_hash_of_its_bytes(settings: Settings) -> None:
    build(settings, HashingEmbedder())
    records = opened(settings).manifest.records
    assert {name: record.sha256 for name, record in records.items()} == {
        path.name: sha256(path.read_bytes()).hexdigest() for path in settings.corpus.glob("*.[tm][xd]*")
    }


def test_the_same_document_twice_is_reported_and_indexed_once(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(one_md=HARBOUR, two_md=HARBOUR)
    report = build(settings, HashingEmbedder())
    told = {change.name: (change.state, change.detail) for change in report.changes}
    assert told == {"one.md": (State.ADDED, "1 passage"), "two.md": (State.SKIPPED, 'it says what "one.md" says')}
    assert list(opened(settings).documents) == ["one.md"]
    (settings.corpus / "one.md").unlink()
    build(settings, HashingEmbedder())
    assert list(opened(settings).documents) == ["two.md"]


@pytest.mark.parametrize("name", ["case study 2.txt", "Ærø – 東京.md", "a/b c/d.txt", "UPPER.TXT"])
def test_a_document_may_have_any_name(name: str, settings: Settings) -> None:
    path = settings.corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("Summary\n\nThe ferry sailed on.\n", encoding="utf-8")
    build(settings, HashingEmbedder())
    index = opened(settings)
    assert index.document(name).text.endswith("The ferry sailed on.\n")
    (row,) = index.lexical.search("sailed", 9)[0]
    assert index.passage(row).document == name


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "holds no text"),
        ("blank.md", b" \n\n\t\n", "holds no text"),
        ("binary.txt", b"\x00\x01\x02" * 99, "is not text"),
        ("scan.xyz", b"words", "cannot read"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_the_rest_is_indexed(
    name: str, content: bytes, reason: str, settings: Settings
) -> None:
    (settings.corpus / name).write_bytes(content)
    report = build(settings, HashingEmbedder())
    assert list(report.refused) == [name]
    assert reason in report.refused[name]
    assert name in report.refused[name]
    assert [change.state for change in report.changes if change.name == name] == [State.REFUSED]
    manifest = opened(settings).manifest
    assert {file: refusal.reason for file, refusal in manifest.refused.items()} == report.refused
    assert list(manifest.records) == ["harbour.md", "leeds.txt"]


def test_a_file_that_goes_while_others_are_read_is_refused(settings: Settings) -> None:
    for number in range(9):
        (settings.corpus / f"tram {number}.txt").write_text(f"Summary\n\nTram {number} came.\n")

    def remove(stage: str, done: int, total: int) -> None:
        if (stage, done, total) == ("Reading", 1, 11):
            (settings.corpus / "tram 8.txt").unlink()

    report = build(settings, HashingEmbedder(), remove)
    assert (report.documents, list(report.refused)) == (10, ["tram 8.txt"])
    assert "is not there" in report.refused["tram 8.txt"]
    assert ensure(settings, HashingEmbedder()) == {}  # the next look at the corpus finds it gone


def test_a_folder_with_a_document_s_name_and_a_link_to_nowhere_stop_nothing(settings: Settings) -> None:
    (settings.corpus / "folder.txt").mkdir()
    (settings.corpus / "link.txt").symlink_to(settings.corpus / "nowhere.txt")
    report = build(settings, HashingEmbedder())
    assert (report.documents, report.passages) == (2, 3)


def test_progress_is_told_stage_by_stage(settings: Settings) -> None:
    told: list[tuple[str, int, int]] = []
    build(settings, HashingEmbedder(), lambda *progress: told.append(progress))
    assert told[:4] == [
        ("Reading", 1, 2),
        ("Reading", 2, 2),
        ("Loading the model", 0, 1),
        ("Loading the model", 1, 1),
    ]
    last, _, total = told[-1]
    assert told[-1] == (last, total, total) == ("Embedding", total, total)


def test_a_long_library_is_embedded_batch_by_batch(make_corpus: Callable[..., Settings]) -> None:
    paragraphs = "\n\n".join(f"Ferry number {number} sailed at dawn{', laden with coal' * 9}." for number in range(80))
    settings, embedder = make_corpus(ferries_txt=f"Harbour\n\n{paragraphs}\n"), HashingEmbedder()
    told: list[tuple[str, int, int]] = []
    report = build(settings, embedder, lambda *progress: told.append(progress))
    assert (report.passages, report.sentences) == (80, 80)
    batches = [done for stage, done, _ in told if stage == "Embedding"]
    assert len(batches) == 3
    assert batches == sorted(set(batches))
    assert max(later - done for done, later in pairwise([0, *batches])) == 64
    assert batches[-1] == told[-1][2] > 80  # the passages, and the words that are no numbers
    index = opened(settings)
    for row in (0, 63, 64, 79):
        wanted = embedder.embed([index.passage(row).sentences[0].text])
        assert index.vectors_of_sentences(index.passage(row)) == pytest.approx(wanted, abs=1e-3)


def test_a_corpus_folder_that_is_missing_is_named(settings: Settings, tmp_path: Path) -> None:
    missing = settings.model_copy(update={"corpus": tmp_path / "nowhere"})
    with pytest.raises(EmptyCorpus, match=r"does not exist\. Make it, or set CASEWISE_CORPUS") as caught:
        build(missing, HashingEmbedder())
    assert str(tmp_path / "nowhere") in str(caught.value)


def test_a_corpus_folder_without_documents_is_named(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus()
    (settings.corpus / "README.md").write_text("Put documents here.")
    (settings.corpus / ".hidden.txt").write_text("A draft.")
    with pytest.raises(EmptyCorpus, match="Put documents into it") as caught:
        build(settings, HashingEmbedder())
    assert str(settings.corpus) in str(caught.value)


def test_a_corpus_of_column_heads_alone_has_nothing_to_quote(make_corpus: Callable[..., Settings]) -> None:
    with pytest.raises(EmptyCorpus, match="no words to quote"):
        build(make_corpus(plan_md="| One | Two |\n|---|---|\n"), HashingEmbedder())


def test_a_corpus_of_unreadable_files_names_each_with_its_reason(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(empty_txt="", scan_xyz="words")
    with pytest.raises(EmptyCorpus) as caught:
        build(settings, HashingEmbedder())
    assert '"empty.txt" holds no text' in str(caught.value)
    assert '"scan.xyz" is a format that Casewise cannot read' in str(caught.value)


def test_a_corpus_without_a_taxonomy_is_an_error_that_names_it(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(None, leeds_txt=LEEDS)
    with pytest.raises(TaxonomyError) as caught:
        build(settings, HashingEmbedder())
    assert str(settings.corpus / "taxonomy.toml") in str(caught.value)


def test_a_build_that_cannot_begin_makes_no_index(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus("cases = 3", leeds_txt=LEEDS)
    with pytest.raises(TaxonomyError):
        build(settings, HashingEmbedder())
    with pytest.raises(IndexMissing):
        current(settings.index)


class FailingEmbedder(HashingEmbedder):
    """Embeds twice, then raises what it was given."""

    def __init__(self, failure: BaseException) -> None:
        super().__init__()
        self.failure = failure

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        if len(self.calls) == 1:
            raise self.failure
        return super().embed(texts)


@pytest.mark.parametrize(
    ("failure", "seen"),
    [
        (RuntimeError("the model broke"), RuntimeError),
        (KeyboardInterrupt(), KeyboardInterrupt),
        (OSError(errno.ENOSPC, "No space left on device"), IndexFault),
    ],
)
def test_a_build_that_fails_half_way_leaves_the_old_index_and_nothing_else(
    failure: BaseException, seen: type[BaseException], settings: Settings
) -> None:
    build(settings, HashingEmbedder())
    before = folders(settings)
    (settings.corpus / "harbour.md").unlink()
    (settings.corpus / "tram.md").write_text("A tram came.")
    with pytest.raises(seen):
        build(settings, FailingEmbedder(failure))
    assert folders(settings) == before
    assert list(opened(settings).documents) == ["harbour.md", "leeds.txt"]


def test_a_full_disk_is_an_error_that_names_the_folder_and_the_remedy(settings: Settings) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(IndexFault, match=r"No space left on device.*Free some space.*CASEWISE_INDEX") as caught:
        build(settings, FailingEmbedder(full))
    assert str(settings.index) in str(caught.value)


def test_ensure_builds_where_there_is_no_index_and_nothing_where_it_is_fresh(settings: Settings) -> None:
    ensure(settings, HashingEmbedder())
    built, idle = current(settings.index), HashingEmbedder()
    ensure(settings, idle)
    assert current(settings.index) == built
    assert idle.calls == []


def damage(settings: Settings) -> None:
    (current(settings.index) / "segment-1" / "passages.faiss").write_bytes(b"")


def change(settings: Settings) -> None:
    (settings.corpus / "leeds.txt").write_text("Summary\n\nThe office closed.\n")


def add(settings: Settings) -> None:
    (settings.corpus / "new.txt").write_text("Summary\n\nA ferry came.\n")


def remove(settings: Settings) -> None:
    (settings.corpus / "leeds.txt").unlink()


def retag(settings: Settings) -> None:
    with (settings.corpus / "taxonomy.toml").open("a") as file:
        file.write('[[cases]]\nname = "York"\n')


@pytest.mark.parametrize("happened", [damage, change, add, remove, retag])
def test_ensure_builds_again_after_a_change(happened: Callable[[Settings], None], settings: Settings) -> None:
    ensure(settings, HashingEmbedder())
    before = current(settings.index)
    happened(settings)
    ensure(settings, HashingEmbedder())
    assert current(settings.index) != before
    assert list(verify(current(settings.index)).records) == sorted(
        path.name for path in settings.corpus.iterdir() if path.suffix != ".toml"
    )


def test_ensure_builds_again_for_another_model(settings: Settings) -> None:
    ensure(settings, HashingEmbedder(name="small"))
    ensure(settings, HashingEmbedder(32, name="large"))
    manifest = verify(current(settings.index))
    assert (manifest.model, manifest.dimensions) == ("large", 32)


def test_ensure_tells_what_was_refused_whether_it_builds_or_not(settings: Settings) -> None:
    (settings.corpus / "empty.txt").write_text("")
    built, kept = ensure(settings, HashingEmbedder()), ensure(settings, HashingEmbedder())
    assert list(built) == ["empty.txt"]
    assert built == kept


def test_a_corpus_of_numbers_alone_is_indexed_and_numbers_have_no_direction(
    make_corpus: Callable[..., Settings],
) -> None:
    settings = make_corpus(figures_txt="1,200. 300.\n")
    settings.corpus.joinpath("taxonomy.toml").write_text("")
    assert build(settings, HashingEmbedder()).passages == 1
    assert not opened(settings).vocabulary.vectors_of(["200", "300"]).any()
