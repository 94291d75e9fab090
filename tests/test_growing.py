"""An index that grew is the index that would be built today, and only what is new was read and embedded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.building import BuildReport, build
from assistant.changes import State
from assistant.errors import EmptyCorpus
from assistant.generations import current
from assistant.index import PassageIndex
from assistant.settings import Settings
from assistant.types import Facet, Filters
from tests.conftest import TAXONOMY
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LEEDS = "Motivations\n\nEnablers\n\nStaff in Leeds shared an office. They liked it.\n\nNobody left.\n"
HARBOUR = "# Structures\n\n## Challenges\n\nHarbour City shared a depot.\n\n- It rained.\n- It was cold. Nobody came.\n"
YORK = "Ports\n\nYork lost its ferry.\n"


def opened(settings: Settings) -> PassageIndex:
    return PassageIndex.open(settings.index, HashingEmbedder())


def told(report: BuildReport) -> dict[str, State]:
    return {change.name: change.state for change in report.changes}


def state_of(index: PassageIndex) -> dict[str, object]:
    """Return all that an index holds, whatever the order of its rows."""
    rows = [index.passage(row) for row in range(index.manifest.passages)]
    held = {}
    for row, passage in enumerate(rows):
        vectors = np.concatenate([index.vectors.rows(np.array([row])), index.vectors_of_sentences(passage)])
        held[passage.id] = (passage, vectors.round(5).tolist())
    weights = index.lexical.weights("Staff shared the ferry in Leeds")
    shares = index.lexical.shares(weights, np.arange(len(rows)))
    scores = dict(zip([one.id for one in rows], shares.round(5).tolist(), strict=True))
    words = [(word, index.vocabulary.vectors_of([word.stem]).round(5).tolist()) for word in index.vocabulary.words]
    allowed = index.allowed(Filters(case="Leeds Digital Hub"))
    filtered = {rows[row].id for row in np.flatnonzero(allowed.mask)} if allowed is not None else set()
    return {
        "passages": held,
        "words of passages": scores,
        "vocabulary": words,
        "documents": dict(index.documents.items()),
        "of Leeds": filtered,
        "skipped": set(index.manifest.duplicates),
        "refused": dict(index.manifest.refused),
    }


def fresh(settings: Settings, folder: Path) -> PassageIndex:
    """Build the corpus into a folder of its own."""
    anew = settings.model_copy(update={"index": folder})
    build(anew, HashingEmbedder())
    return opened(anew)


@pytest.fixture
def library(make_corpus: Callable[..., Settings]) -> Settings:
    made = make_corpus(leeds_txt=LEEDS, harbour_md=HARBOUR, york_txt=YORK)
    build(made, HashingEmbedder())
    return made


def test_only_what_is_new_is_embedded(library: Settings) -> None:
    (library.corpus / "tram.txt").write_text("Summary\n\nThe shared office was cold.\n")
    embedder = HashingEmbedder()
    report = build(library, embedder)
    assert told(report) == {"tram.txt": State.ADDED}
    assert sum(embedder.calls) <= 1 + 2 + 1  # a first look at the model, a passage and its sentence, and no new word
    assert opened(library).manifest.passages == 6 + 1


def test_where_nothing_changed_nothing_is_built_and_no_model_is_asked(library: Settings) -> None:
    before, embedder = current(library.index), HashingEmbedder()
    report = build(library, embedder)
    assert (report.folder, report.changes, embedder.calls) == (before, (), [])
    assert report.documents == 3


def test_a_renamed_file_costs_nothing_and_is_cited_by_its_new_name(library: Settings) -> None:
    (library.corpus / "harbour.md").rename(library.corpus / "ports.md")
    embedder = HashingEmbedder()
    report = build(library, embedder)
    assert [(change.name, change.state, change.detail) for change in report.changes] == [
        ("ports.md", State.RENAMED, 'was "harbour.md"')
    ]
    assert embedder.calls == []
    index = opened(library)
    assert "ports.md" in index.documents
    assert index.document("ports").id == "ports.md"
    assert {index.passage(row).document for row in index.rows_of("ports.md")} == {"ports.md"}


def test_a_name_that_says_another_format_is_read_again(library: Settings, tmp_path: Path) -> None:
    (library.corpus / "york.txt").rename(library.corpus / "york.md")
    assert told(build(library, HashingEmbedder())) == {"york.md": State.ADDED, "york.txt": State.REMOVED}
    assert state_of(opened(library)) == state_of(fresh(library, tmp_path / "anew"))


def test_documents_without_a_word_to_quote_stand_beside_others(library: Settings, tmp_path: Path) -> None:
    (library.corpus / "plan.md").write_text("| One | Two |\n|---|---|\n")
    build(library, HashingEmbedder())
    (library.corpus / "tram.md").write_text("A tram came.")
    build(library, HashingEmbedder())
    assert state_of(opened(library)) == state_of(fresh(library, tmp_path / "anew"))


def test_a_title_that_is_only_a_name_tags_by_the_new_one(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(leeds_txt="the hub opened, and nobody came.\n")
    build(settings, HashingEmbedder())
    assert opened(settings).passage(0).values(Facet.CASE) == ("Leeds Digital Hub",)
    (settings.corpus / "leeds.txt").rename(settings.corpus / "harbour.txt")
    build(settings, HashingEmbedder())
    assert opened(settings).passage(0).values(Facet.CASE) == ("Harbour City",)


def test_a_deleted_document_is_gone_from_everything(library: Settings, tmp_path: Path) -> None:
    (library.corpus / "leeds.txt").unlink()
    assert told(build(library, HashingEmbedder())) == {"leeds.txt": State.REMOVED}
    index = opened(library)
    assert state_of(index) == state_of(fresh(library, tmp_path / "anew"))
    assert "offic" not in index.vocabulary
    assert index.lexical.frequency("offic") == 0


def test_a_corpus_that_was_emptied_leaves_the_index_as_it_was(library: Settings) -> None:
    for path in library.corpus.glob("*.*"):
        if path.suffix != ".toml":
            path.unlink()
    with pytest.raises(EmptyCorpus):
        build(library, HashingEmbedder())
    assert len(opened(library).documents) == 3


def test_another_taxonomy_tags_again_and_embeds_nothing_but_its_names(library: Settings, tmp_path: Path) -> None:
    taxonomy = library.corpus / "taxonomy.toml"
    taxonomy.write_text(taxonomy.read_text() + '[[cases]]\nname = "York"\n')
    embedder = HashingEmbedder()
    build(library, embedder)
    assert embedder.calls == []
    assert opened(library).count(Facet.CASE, "York") == 1
    assert state_of(opened(library)) == state_of(fresh(library, tmp_path / "anew"))


def test_a_document_that_is_nearly_the_same_is_skipped_until_it_differs(make_corpus: Callable[..., Settings]) -> None:
    said = [f"Ferry number {number} sailed at dawn." for number in range(20)]
    settings = make_corpus(
        one_txt="Ports\n\n" + "\n\n".join(said), two_md="# Ports\n\n" + " ".join(said[:-1]) + " It sank."
    )
    report = build(settings, HashingEmbedder())
    assert told(report) == {"one.txt": State.ADDED, "two.md": State.SKIPPED}
    assert told(build(settings, HashingEmbedder())) == {"two.md": State.SKIPPED}  # which is told as long as it is so
    (settings.corpus / "two.md").write_text("# Ports\n\n" + " ".join(said[:-5]) + " It sank.")
    assert told(build(settings, HashingEmbedder())) == {"two.md": State.CHANGED}


def test_the_document_that_was_there_first_stays_whatever_comes_later(library: Settings) -> None:
    (library.corpus / "a copy.txt").write_text(LEEDS)
    assert told(build(library, HashingEmbedder())) == {"a copy.txt": State.SKIPPED}
    assert "leeds.txt" in opened(library).documents


def test_a_twin_that_is_left_is_added(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(one_txt=LEEDS, two_md=LEEDS, york_txt=YORK)
    assert told(build(settings, HashingEmbedder()))["two.md"] is State.SKIPPED
    (settings.corpus / "one.txt").unlink()
    assert told(build(settings, HashingEmbedder())) == {"one.txt": State.REMOVED, "two.md": State.ADDED}


def test_a_copy_of_a_file_that_is_refused_is_refused_too(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(leeds_txt=LEEDS, one_txt="\0\0", two_txt="\0\0")
    assert set(build(settings, HashingEmbedder()).refused) == {"one.txt", "two.txt"}
    assert set(build(settings, HashingEmbedder()).refused) == {"one.txt", "two.txt"}


def test_small_segments_are_joined_and_full_ones_carried_over_by_name(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus().model_copy(update={"segment_passages": 4})
    sizes = []
    for number in range(9):
        (settings.corpus / f"{number}.txt").write_text(f"Ports\n\nShip {number} came.\n\nShip {number} left.\n")
        before = current(settings.index) if number else None
        build(settings, HashingEmbedder())
        manifest = opened(settings).manifest
        sizes.append([segment.passages for segment in manifest.segments])
        for segment in manifest.segments if before else ():
            if segment.passages == 4 and (before / segment.folder).exists():
                old, new = (folder / segment.folder / "passages.arrow" for folder in (before, current(settings.index)))
                assert old.stat().st_ino == new.stat().st_ino
    assert sizes[-1] == [4, 4, 4, 4, 2]
    assert [len(some) for some in sizes] == [1, 1, 2, 2, 3, 3, 4, 4, 5]


def test_a_new_taxonomy_and_another_change_in_one_build_tag_everything_anew(library: Settings, tmp_path: Path) -> None:
    taxonomy = library.corpus / "taxonomy.toml"
    for number, case in enumerate(("York", "Ports")):
        taxonomy.write_text(taxonomy.read_text() + f'[[cases]]\nname = "{case}"\n')
        (library.corpus / "leeds.txt").unlink(missing_ok=True)  # a segment that is cut down, then one that is joined
        (library.corpus / f"tram {number}.txt").write_text(f"Trams\n\nTram {number} came to York.\n" * number)
        build(library, HashingEmbedder())
        assert state_of(opened(library)) == state_of(fresh(library, tmp_path / case))


def test_an_edited_document_stays_before_the_copy_that_it_was_left_out_for(
    make_corpus: Callable[..., Settings],
) -> None:
    said = "Ports\n\n" + "\n\n".join(f"Ferry number {number} sailed at dawn." for number in range(20))
    settings = make_corpus(report_txt=said, copy_txt=said + "\n\nIt rained.\n")
    build(settings, HashingEmbedder())
    kept = next(iter(opened(settings).documents))
    (settings.corpus / kept).write_text(said + "\n\nThe fee is 41 pounds.\n")
    build(settings, HashingEmbedder())
    assert list(opened(settings).documents) == [kept]
    assert "41 pounds" in opened(settings).documents[kept].text


def test_the_same_bytes_under_a_name_that_can_be_read_are_read(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(a_xyz=LEEDS, b_txt=LEEDS)
    assert set(build(settings, HashingEmbedder()).refused) == {"a.xyz"}
    assert list(opened(settings).documents) == ["b.txt"]


def test_a_file_that_broke_a_limit_is_read_again_within_another(make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(leeds_txt=LEEDS, york_txt=YORK + "It rained. " * 50)
    narrow = settings.model_copy(update={"largest_text": 200})
    assert set(build(narrow, HashingEmbedder()).refused) == {"york.txt"}
    assert set(build(narrow, HashingEmbedder()).refused) == {"york.txt"}
    assert not build(settings, HashingEmbedder()).refused


def test_a_title_that_is_given_stays_when_the_file_is_renamed_even_if_it_is_the_file_s_name(
    make_corpus: Callable[..., Settings],
) -> None:
    settings = make_corpus(leeds_md="---\ntitle: Leeds\n---\n\nThe hub opened.\n")
    build(settings, HashingEmbedder())
    (settings.corpus / "leeds.md").rename(settings.corpus / "x17.md")
    build(settings, HashingEmbedder())
    assert opened(settings).documents["x17.md"].title == "Leeds"


def test_a_link_to_nowhere_is_refused_and_no_reason_to_build_again(library: Settings) -> None:
    (library.corpus / "gone.txt").symlink_to(library.corpus / "nowhere.txt")
    assert set(build(library, HashingEmbedder()).refused) == {"gone.txt"}
    before = current(library.index)
    assert set(build(library, HashingEmbedder()).refused) == {"gone.txt"}
    assert current(library.index) == before


PARTS = st.sampled_from(
    [
        "Staff in Leeds shared an office.",
        "They liked it.",
        "York lost its ferry.",
        "Harbour City shared a depot.",
        "It rained.",
    ]
)
CONTENTS = st.lists(PARTS, max_size=5).map(lambda parts: "Motivations\n\nEnablers\n\n" + "\n\n".join(parts))
NAMES = st.sampled_from(["a.txt", "b.txt", "c.md", "leeds.txt"])
STEPS = st.lists(st.dictionaries(NAMES, CONTENTS, min_size=1), min_size=2, max_size=3)


@settings(max_examples=12)
@given(steps=STEPS, room=st.sampled_from([2, 5, 100]))
def test_an_index_that_grew_holds_what_one_built_today_would(
    steps: list[dict[str, str]], room: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("growing")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "taxonomy.toml").write_text(TAXONOMY)
    library = Settings(corpus=corpus, index=folder / "index", segment_passages=room)
    for step in steps:
        for path in corpus.glob("*.[tm][xd]*"):
            path.unlink()
        for name, content in step.items():
            (corpus / name).write_text(content)
        try:
            build(library, HashingEmbedder())
        except EmptyCorpus:
            return
    grown, anew = state_of(opened(library)), state_of(fresh(library, folder / "anew"))
    if grown["skipped"] == anew["skipped"]:  # of twins, the one that was there before stays
        assert grown == anew
