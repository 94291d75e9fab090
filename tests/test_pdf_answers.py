"""Whether the library answers from a PDF of its document as it does from the text."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from assistant.conversation import Assistant
from assistant.embeddings import SentenceTransformerEmbedder
from assistant.reading import read
from tests.conftest import CORPUS, SUMMARY
from tests.pdfs import ONE_COLUMN, SMALL_PAGES, TWO_COLUMNS, pdf_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pdfs import Setting

SAME = 0.95
SETTINGS = {"one column": ONE_COLUMN, "two columns": TWO_COLUMNS, "small pages": SMALL_PAGES}


def questions() -> list[str]:
    """Return the questions of the tuning half that the library can answer and that stand alone."""
    lines = (CORPUS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [
        one["question"]
        for one in found
        if one["split"] == "tuning" and one["gold"] and not one.get("history") and not one.get("filters")
    ]


def answers(library: Assistant) -> dict[str, list[str]]:
    return {question: [one.text for one in library.ask(question).statements] for question in questions()}


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_a_pdf_of_the_summary_answers_as_the_text_does(setting: Setting, library: Assistant, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    shutil.copy(CORPUS / "taxonomy.toml", corpus)
    (corpus / "summary.pdf").write_bytes(pdf_of(read(SUMMARY), setting))
    from_pdf = Assistant.open(tmp_path / "index", corpus=corpus, embedder=SentenceTransformerEmbedder())
    wanted, found = answers(library), answers(from_pdf)
    differing = {
        question: (wanted[question], found[question]) for question in wanted if wanted[question] != found[question]
    }
    assert len(wanted) > 50
    assert len(differing) <= len(wanted) * (1 - SAME), differing
    print(f"{len(wanted) - len(differing)} of {len(wanted)}", json.dumps(differing, indent=1))
