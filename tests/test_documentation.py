"""The documentation is true: what its pages show is what happens."""

from __future__ import annotations

import re
import shutil
from functools import cache
from typing import TYPE_CHECKING

import pytest

from assistant.beginning import begin
from assistant.building import build
from assistant.embeddings import SentenceTransformerEmbedder
from assistant.settings import Settings
from assistant.taxonomy import add_case_to
from tests.conftest import ROOT
from tests.examples import Reader, agrees, examples

if TYPE_CHECKING:
    from pathlib import Path

    from assistant import Assistant
    from tests.conftest import Run

DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if examples(page.read_text(encoding="utf-8")))
FIGURES = (
    r"\| 0\.\d\d \|.* words \|",
    r"SciFact [\d.]+, OR-ShARC [\d.]+, SQuAD \(answerable\) [\d.]+, MTRAG ClapNQ \(last turn of a conversation\) [\d.]+",
    r"in 3 minutes [\d,]+ answers without an error, after [\d.]+ s in the median and [\d.]+ s at the 95th percentile",
    r"keeps \d+% to 100% of its sentences and \d+% to 100% of its answers",
    r"Of [\d,]+ made-up and mutated files",
    r"on \d+ questions that were set aside|\d+ of them were set aside",
)
TUTORIAL = DOCS / "tutorial.md"
STUDIES = DOCS / "examples"


@pytest.fixture(scope="session")
def tutorials_library(tmp_path_factory: pytest.TempPathFactory, library: Assistant) -> Path:
    """The library that the tutorial ends with, made of the same files by the same steps."""
    folder = tmp_path_factory.mktemp("tutorial") / "my-library"
    corpus = folder / "corpus"
    begin(folder)
    for study in STUDIES.iterdir():
        shutil.copy(study, corpus)
    for example in examples(TUTORIAL.read_text(encoding="utf-8")):
        if example.kind == "file":
            (folder / example.said).write_text(example.shown, encoding="utf-8")
    for case in ("Wexcombe market hall", "Eastmarsh night bus", "Tarn Valley river wardens"):
        add_case_to(corpus, case)
    build(Settings(corpus=corpus, index=folder / "index"), library.embedder)
    return folder


@pytest.fixture
def reader(
    library: Assistant, tutorials_library: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> Reader:
    """Somebody who has done the tutorial, and laid out the example too; whatever they run shares one model."""
    shared = cache(lambda model=None: SentenceTransformerEmbedder(model) if model else library.embedder)
    for module in ("embeddings", "conversation"):
        monkeypatch.setattr(f"assistant.{module}.SentenceTransformerEmbedder", shared)
    shutil.copytree(STUDIES, tmp_path / "Downloads")
    shutil.copytree(tutorials_library, tmp_path / "my-library")
    begin(tmp_path / "example", example=True)
    shutil.copytree(library.settings.index, tmp_path / "example" / "index")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "110")
    return Reader(tmp_path, run)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).with_suffix("").as_posix())
def test_every_example_on_a_page_does_what_the_page_says(reader: Reader, page: Path) -> None:
    if page == TUTORIAL:
        shutil.rmtree(reader.folder / "my-library")
    wrong = []
    for example in examples(page.read_text(encoding="utf-8")):
        printed = reader.do(example)
        if not agrees(printed, example.shown):
            wrong.append(f"\n$ {example.said}\n--- printed\n{printed}\n--- shown\n{example.shown}")
    assert not wrong, "".join(wrong)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_the_same_on_all_pages_and_in_the_readme(figure: str) -> None:
    files = [ROOT / "README.md", *DOCS.rglob("*.md")]
    told = [found for file in files for found in re.findall(figure, " ".join(file.read_text(encoding="utf-8").split()))]
    assert len(told) > 1
    assert len({tuple(re.findall(r"[\d,.%]*\d", one)) for one in told}) == 1
