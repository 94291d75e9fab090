"""Tags that only a whole library gives, through builds: corrections, meaning, and what a person is asked to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.building import build
from assistant.changes import is_stale
from assistant.corrections import Correction, with_correction
from assistant.errors import CorrectionError
from assistant.generations import current, verify
from assistant.index import PassageIndex
from assistant.reviewing import review
from assistant.types import Facet, Filters, Origin
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.settings import Settings
    from assistant.types import Passage

WHY = "Pride and shared purpose moved everybody to begin."
HOW = "A board with rules and budgets decides on every committee."


def study(number: int) -> str:
    said = (f"## {theme}\n\n{text} {text}\n\n{text}\n" for theme, text in (("Motivation", WHY), ("Structures", HOW)))
    return (
        f"# Study {number}\n\nFields and rivers of area {number} lie there.\n\n"
        + "\n".join(said)
        + f"\nYear {number} ended.\n" * 3
    )


@pytest.fixture
def settings(make_corpus: Callable[..., Settings]) -> Settings:
    made = make_corpus()
    for number in range(8):
        (made.corpus / f"{number}.md").write_text(study(number))
    (made.corpus / "new.md").write_text(f"# Other\n\n{WHY}\n\n{HOW}\n\n{WHY} {WHY}\n")
    build(made, HashingEmbedder())
    return made


def opened(settings: Settings) -> PassageIndex:
    return PassageIndex.open(settings.index, HashingEmbedder())


def passages_of(index: PassageIndex, document: str) -> list[Passage]:
    return [index.passage(row) for row in index.rows_of(document)]


def test_of_many_passages_that_have_their_tags_some_teach(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    by_all = passages_of(opened(settings), "new.md")
    monkeypatch.setattr("assistant.overlay._MOST_READ", 30)
    build(settings.model_copy(update={"index": settings.index / "other"}), HashingEmbedder())
    index = PassageIndex.open(settings.index / "other", HashingEmbedder())
    assert [one.values(Facet.THEME) for one in passages_of(index, "new.md")] == [
        one.values(Facet.THEME) for one in by_all
    ]


def test_meaning_tags_what_no_heading_does_and_filters_find_it(settings: Settings) -> None:
    index = opened(settings)
    found = passages_of(index, "new.md")
    assert [one.values(Facet.THEME) for one in found] == [("Motivations",), ("Structures",), ("Motivations",)]
    assert {tag.origin for one in found for tag in one.tags} == {Origin.MODEL}
    assert all(settings.enough_confidence <= tag.confidence <= 1 for one in found for tag in one.tags)
    allowed = index.allowed(Filters(theme="Structures"))
    assert allowed is not None
    assert [bool(allowed.mask[row]) for row in index.rows_of("new.md")] == [False, True, False]


def test_a_correction_outranks_a_heading_and_meaning_and_survives_rebuilds(settings: Settings) -> None:
    tags = settings.corpus / "tags.toml"
    tags.write_bytes(with_correction(b"", Correction("0.md", f"{HOW} {HOW}", {Facet.THEME: ("Motivations",)})))
    tags.write_bytes(with_correction(tags.read_bytes(), Correction("new.md", HOW, {Facet.THEME: ()})))
    manifest = verify(current(settings.index))
    assert is_stale(settings, manifest)
    embedder = HashingEmbedder()
    build(settings, embedder)
    assert embedder.calls == []
    for number in range(2):
        (settings.corpus / "more.md").write_text(study(20 + number))
        build(settings, HashingEmbedder())
        index = opened(settings)
        (put_right,) = (one for one in passages_of(index, "0.md") if one.text == f"{HOW} {HOW}")
        assert [(tag.value, tag.origin) for tag in put_right.tags] == [("Motivations", Origin.PERSON)]
        assert [one.values(Facet.THEME) for one in passages_of(index, "new.md")] == [
            ("Motivations",),
            (),
            ("Motivations",),
        ]


def test_the_last_tag_of_a_passage_can_be_taken_away(settings: Settings) -> None:
    asked = next(one for one in passages_of(opened(settings), "0.md") if one.text == f"{HOW} {HOW}")
    (settings.corpus / "tags.toml").write_bytes(with_correction(b"", Correction("0.md", asked.text, {Facet.THEME: ()})))
    build(settings, HashingEmbedder())
    index = opened(settings)
    (left,) = (one for one in passages_of(index, "0.md") if one.id == asked.id)
    assert left.tags == ()
    allowed = index.allowed(Filters(theme="Structures"))
    assert allowed is not None
    assert not allowed.mask[index.catalogue.row_of(left)]


def test_what_a_person_has_decided_is_not_asked_again(settings: Settings) -> None:
    before = {doubt.passage.id for doubt in review(opened(settings), settings)}
    asked = next(one for one in passages_of(opened(settings), "0.md") if one.text.startswith("Fields"))
    assert asked.id in before
    decided = Correction("0.md", asked.text, {Facet.THEME: (), Facet.ASPECT: (), Facet.CASE: ()})
    (settings.corpus / "tags.toml").write_bytes(with_correction(b"", decided))
    build(settings, HashingEmbedder())
    assert before - {doubt.passage.id for doubt in review(opened(settings), settings)} == {asked.id}


def test_a_correction_that_has_lost_its_words_is_told_at_every_build(settings: Settings) -> None:
    lost = Correction("0.md", "Words that nobody wrote.", {Facet.THEME: ()})
    (settings.corpus / "tags.toml").write_bytes(with_correction(b"", lost))
    for _ in range(2):
        (stray,) = build(settings, HashingEmbedder()).strays
        assert stray.startswith('0.md, "Words that nobody wrote."')


def test_corrections_that_are_wrong_stop_a_build_and_leave_the_index(settings: Settings) -> None:
    (settings.corpus / "tags.toml").write_text('[[corrections]]\ndocument = "0.md"\nquote = "x"\nthemes = ["Zeal"]\n')
    with pytest.raises(CorrectionError, match="Zeal"):
        build(settings, HashingEmbedder())
    assert len(opened(settings).documents) == 9


def test_a_new_case_is_proposed_until_it_is_added(settings: Settings) -> None:
    (settings.corpus / "york.md").write_text("---\ncase: York Tram\n---\n# The tram\n\nIt ran at dawn.\n")
    (proposal,) = build(settings, HashingEmbedder()).proposals
    assert (proposal.name, proposal.documents) == ("York Tram", ("york.md",))
    assert passages_of(opened(settings), "york.md")[0].values(Facet.CASE) == ()
    taxonomy = settings.corpus / "taxonomy.toml"
    taxonomy.write_text(taxonomy.read_text() + '[[cases]]\nname = "York Tram"\n')
    assert build(settings, HashingEmbedder()).proposals == ()
    assert passages_of(opened(settings), "york.md")[0].values(Facet.CASE) == ("York Tram",)


def test_a_sidecar_that_changes_is_read_with_its_document(settings: Settings) -> None:
    (settings.corpus / "new.md.toml").write_text('case = "Leeds"')
    report = build(settings, HashingEmbedder())
    assert [(change.name, change.state) for change in report.changes] == [("new.md", "changed")]
    assert passages_of(opened(settings), "new.md")[0].values(Facet.CASE) == ("Leeds Digital Hub",)
    (settings.corpus / "new.md.toml").unlink()
    build(settings, HashingEmbedder())
    assert passages_of(opened(settings), "new.md")[0].values(Facet.CASE) == ()


def test_a_theme_that_the_taxonomy_lacks_is_told_with_the_file_that_gives_it(settings: Settings) -> None:
    (settings.corpus / "money.md").write_text("---\ntheme: Money; Structures\n---\n# Money\n\nIt was paid in May.\n")
    (change,) = [one for one in build(settings, HashingEmbedder()).changes if one.name == "money.md"]
    assert change.detail == '1 passage, the taxonomy has no theme "Money"'
