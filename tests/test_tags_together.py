"""From a folder to the tags of its passages: documents and their sidecars, corrections, meaning, and what is left in doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.corrections import Correction, corrected, load_corrections, with_correction
from assistant.doubts import doubtful
from assistant.inference import definition_texts, inferred_for
from assistant.passages import passages
from assistant.proposals import proposed
from assistant.reading import read, sources
from assistant.settings import Settings
from assistant.sidecars import described, metadata_of
from assistant.tagging import tagged
from assistant.taxonomy import load_taxonomy, with_case
from assistant.types import Document, Facet, Origin, Passage, Tag
from tests.conftest import TAXONOMY
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from pathlib import Path

WHY = "Pride and shared purpose moved everybody to begin."
HOW = "A board with rules and budgets decides on every committee."


def lay_out(corpus: Path) -> None:
    """Lay out eight documents with headings, one without, a sidecar, and a correction of a passage of either kind."""
    (corpus / "taxonomy.toml").write_text(TAXONOMY)
    for number in range(8):
        why, how = (
            f"## {theme}\n\n{text} {text}\n\n{text}\n" for theme, text in (("Motivation", WHY), ("Structures", HOW))
        )
        (corpus / f"{number}.md").write_text(f"# Study\n\nFields and rivers lie there.\n\n{why}\n{how}")
    (corpus / "new.md").write_text(f"---\ncase: Leeds\n---\n# New\n\n{WHY}\n\n{HOW}\n\n{WHY} {WHY}\n")
    (corpus / "new.md.toml").write_text('case = ["York Tram", "Harbour"]\naspect = "challenge"')
    written = with_correction(b"", Correction("0.md", f"{HOW} {HOW}", {Facet.THEME: ("Motivations",)}))
    (corpus / "tags.toml").write_bytes(
        with_correction(written, Correction("new.md", f"{WHY} {WHY}", {Facet.THEME: ()}))
    )


def documents_of(corpus: Path) -> list[Document]:
    return [described(read(one.path, one.id), metadata_of(one.path)) for one in sources(corpus)]


def tags_of(found: list[Passage], document: str) -> list[tuple[str, ...]]:
    return [tuple(tag.value for tag in one.tags) for one in found if one.document == document]


def test_a_person_outranks_a_heading_and_a_heading_outranks_meaning(tmp_path: Path) -> None:
    lay_out(tmp_path)
    taxonomy, documents, embedder = load_taxonomy(tmp_path), documents_of(tmp_path), HashingEmbedder()
    found = [tagged(p, one.title, taxonomy, one.metadata) for one in documents for p in passages(one, 900)]

    said = corrected(found, load_corrections(tmp_path, taxonomy), {one.id: one.text for one in documents})
    found = [replace(one, tags=said.tags.get(row, one.tags)) for row, one in enumerate(found)]
    assert said.strays == ()

    texts = definition_texts(taxonomy)
    definitions = dict(zip(texts, embedder.embed(list(texts.values())), strict=True))
    sentences = embedder.embed([sentence.text for one in found for sentence in one.sentences])
    given = inferred_for(found, sentences, definitions, Settings().enough_confidence, said.settled)
    found = [replace(one, tags=(*one.tags, *given.get(row, ()))) for row, one in enumerate(found)]

    assert tags_of(found, "0.md") == [(), ("Motivations",), ("Motivations",), ("Motivations",), ("Structures",)]
    assert tags_of(found, "new.md") == [
        ("challenge", "Harbour City", "Motivations"),
        ("challenge", "Harbour City", "Structures"),
        ("challenge", "Harbour City"),
    ]
    corrected_one = next(one for one in found if one.document == "0.md" and one.text == f"{HOW} {HOW}")
    assert corrected_one.tags == (Tag(Facet.THEME, "Motivations", Origin.PERSON),)

    doubts = doubtful(found, taxonomy, 1.0, settled=said.settled)
    assert {one.passage.text for one in doubts if one.passage.document == "new.md"} == {WHY, HOW}


def test_a_case_that_is_proposed_and_added_is_a_tag_from_then_on(tmp_path: Path) -> None:
    lay_out(tmp_path)
    taxonomy = load_taxonomy(tmp_path)
    (proposal,) = proposed(documents_of(tmp_path), taxonomy)
    assert (proposal.name, proposal.documents) == ("York Tram", ("new.md",))
    (tmp_path / "taxonomy.toml").write_bytes(with_case(taxonomy.source, proposal.name))
    (new,) = [one for one in documents_of(tmp_path) if one.id == "new.md"]
    taxonomy = load_taxonomy(tmp_path)
    assert {tagged(p, new.title, taxonomy, new.metadata).values(Facet.CASE) for p in passages(new, 900)} == {
        ("York Tram", "Harbour City")
    }
    assert proposed([new], taxonomy) == []
