"""The library's own document in other formats says the same, sentence for sentence and tag for tag."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from assistant.building import build
from assistant.conversation import Assistant
from assistant.embeddings import SentenceTransformerEmbedder
from assistant.evaluation.question_sets import ask_all, read_question_set
from assistant.passages import passages
from assistant.reading import read
from assistant.settings import Settings
from assistant.spans import quote
from assistant.tagging import tagged
from assistant.taxonomy import load_taxonomy
from tests import roundtrip
from tests.conftest import CORPUS, SUMMARY

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.types import Document

FORMATS = {".md": roundtrip.markdown, ".html": roundtrip.html, ".docx": roundtrip.word}
IDENTICAL = 0.98
"""The share of sentences that must be the same in every format."""
SAME_ANSWERS = 0.97
"""The share of answerable questions that must get the same answer, word for word, in every format."""


@pytest.fixture(params=FORMATS)
def remade(request: pytest.FixtureRequest, summary: Document, tmp_path: Path) -> Document:
    return read(written(summary, request.param, tmp_path))


def written(document: Document, suffix: str, folder: Path) -> Path:
    path = folder / f"{SUMMARY.stem}{suffix}"
    path.write_bytes(FORMATS[suffix](document))
    return path


def sentences(document: Document) -> Counter[str]:
    return Counter(" ".join(s.text.split()) for p in passages(document, 900) for s in p.sentences)


def tagged_sentences(document: Document) -> Counter[tuple[str, frozenset[tuple[str, str]]]]:
    taxonomy = load_taxonomy(CORPUS)
    found = [tagged(passage, document.title, taxonomy) for passage in passages(document, 900)]
    return Counter(
        (" ".join(sentence.text.split()), frozenset((tag.facet.value, tag.value) for tag in passage.tags))
        for passage in found
        for sentence in passage.sentences
    )


def share(ours: Counter[str], theirs: Counter[str]) -> float:
    return (ours & theirs).total() / max(ours.total(), theirs.total())


def test_no_sentence_is_lost_and_hardly_any_is_new(summary: Document, remade: Document) -> None:
    assert sentences(summary) - sentences(remade) == Counter()
    assert share(sentences(summary), sentences(remade)) >= IDENTICAL


def test_tags_are_the_same(summary: Document, remade: Document) -> None:
    assert tagged_sentences(summary) - tagged_sentences(remade) == Counter()


def test_sections_are_the_same(summary: Document, remade: Document) -> None:
    ours, theirs = ({p.text: p.section for p in passages(each, 900)} for each in (summary, remade))
    assert {text: theirs.get(text) for text in ours} == ours


def test_the_same_sentences_are_stressed(summary: Document, remade: Document) -> None:
    ours, theirs = (
        Counter(s.text for p in passages(each, 900) for s in p.sentences if s.stressed) for each in (summary, remade)
    )
    assert ours - theirs == Counter()


def test_the_title_is_the_same(summary: Document, remade: Document) -> None:
    assert remade.title == summary.title


def test_every_sentence_is_quoted_from_the_text_that_is_written(remade: Document) -> None:
    for passage in passages(remade, 900):
        for sentence in passage.sentences:
            words = quote(remade.text, sentence.spans)
            assert len(words) == sum(s.end - s.start for s in sentence.spans) + len(sentence.spans) - 1
            assert words.strip()


@pytest.mark.parametrize("suffix", [".html", ".docx"])
def test_what_a_file_says_of_itself_is_kept(suffix: str, summary: Document, tmp_path: Path) -> None:
    metadata = read(written(summary, suffix, tmp_path)).metadata
    assert (metadata["author"], metadata["date"]) == ("National Leadership Centre", "2021-09-30")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
def test_questions_get_the_same_answers(suffix: str, library: Assistant, summary: Document, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    shutil.copy(CORPUS / "taxonomy.toml", corpus)
    written(summary, suffix, corpus)
    settings, embedder = Settings(corpus=corpus, index=tmp_path / "index"), SentenceTransformerEmbedder()
    build(settings, embedder)
    questions = [asked for asked in read_question_set(CORPUS / "questions.jsonl") if asked.answerable]
    remade = Assistant.open(settings=settings, embedder=embedder)
    pairs = list(zip(ask_all(library, questions), ask_all(remade, questions), strict=True))
    different = [(ours, theirs) for ours, theirs in pairs if ours.answer != theirs.answer]
    for ours, theirs in different:
        print(f"{suffix} {ours.asked.id} {ours.asked.question}\n  text: {ours.answer}\n  {suffix}: {theirs.answer}")
    assert len(different) <= (1 - SAME_ANSWERS) * len(questions)
