from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from assistant.conversation import Assistant
from assistant.errors import ModelError
from assistant.reranking import CrossEncoderReranker, rerank

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = "Motivations\n\nChallenges\n\nThe ferry sank.\n\nThe depot burned.\n\nThe school closed.\n\nThe gowns tore.\n"
WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "the",
    "ferry",
    "depot",
    "school",
    "gowns",
    "sank",
    "closed",
    "?",
    ".",
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A cross-encoder of two small layers that has learnt nothing: its weights are random, the same every time."""
    import torch

    transformers: Any = import_module("transformers")
    folder = tmp_path_factory.mktemp("models") / "reranker"
    torch.manual_seed(8)
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        initializer_range=1.0,
        num_labels=1,
    )
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    transformers.BertTokenizerFast(vocab={word: number for number, word in enumerate(WORDS)}).save_pretrained(folder)
    return str(folder)


def test_the_hits_come_in_the_order_of_the_cross_encoder(make_library: Callable[..., Assistant], model: str) -> None:
    plain = make_library(leeds_txt=TEXT)
    library = Assistant.open(settings=plain.settings.model_copy(update={"reranker": model}), embedder=plain.embedder)
    question = "the ferry sank ?"
    before, after = plain.search(question), library.search(question)
    scores = CrossEncoderReranker(model).relevance(question, [hit.passage.embedded_text for hit in before])
    assert len(set(scores.tolist())) == len(before) == 4
    expected = [before[number].passage.id for number in (-scores).argsort(kind="stable")]
    assert [hit.passage.id for hit in after] == expected != [hit.passage.id for hit in before]
    assert [hit.score for hit in after] == sorted(map(float, scores), reverse=True)
    assert library.ask(question).passages[0].passage.id == expected[0]


def test_what_is_not_read_again_stays_behind(make_library: Callable[..., Assistant], model: str) -> None:
    before = make_library(leeds_txt=TEXT).search("the ferry sank ?")
    after = rerank(before, "the ferry sank ?", CrossEncoderReranker(model), 2)
    assert {hit.passage.id for hit in after[:2]} == {hit.passage.id for hit in before[:2]}
    assert [hit.passage.id for hit in after[2:]] == [hit.passage.id for hit in before[2:]]
    assert ["reranker" in hit.signals for hit in after] == [True, True, False, False]
    assert all(later.score <= sooner.score for sooner, later in pairwise(after))


def test_a_model_with_several_outputs_is_refused(model: str, tmp_path: Path) -> None:
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    small = BertConfig.from_pretrained(model, num_labels=3)
    BertForSequenceClassification(small).save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(model).save_pretrained(tmp_path)
    with pytest.raises(ModelError, match="several outputs"):
        CrossEncoderReranker(str(tmp_path)).relevance("Who?", ["The ferry sank.", "The depot burned."])


def test_nothing_is_reranked_to_nothing(model: str) -> None:
    assert rerank([], "the ferry ?", CrossEncoderReranker(model), 5) == []


def test_no_reranker_is_opened_unless_asked_for(make_library: Callable[..., Assistant]) -> None:
    assert make_library(leeds_txt=TEXT).reranker is None


def test_a_folder_without_a_model_is_told_with_the_setting_to_mend(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="CASEWISE_RERANKER"):
        CrossEncoderReranker(str(tmp_path)).relevance("Who?", ["The ferry sank."])


def test_a_name_that_cannot_be_fetched_is_told_with_the_setting_to_mend() -> None:
    with pytest.raises(ModelError, match="CASEWISE_RERANKER"):
        CrossEncoderReranker("nobody/no-such-reranker").relevance("Who?", ["The ferry sank."])
