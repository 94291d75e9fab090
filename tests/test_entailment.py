from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from assistant.entailment import Entailment
from assistant.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "ferry", "sank", "."]


@pytest.fixture
def make_model(tmp_path: Path) -> Callable[..., str]:
    """Return a function that makes a cross-encoder whose outputs have names, its weights random but the same every time."""

    def make(*labels: str) -> str:
        import torch

        transformers: Any = import_module("transformers")
        folder = tmp_path / "-".join(labels)
        torch.manual_seed(8)
        config = transformers.BertConfig(
            vocab_size=len(WORDS),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            initializer_range=1.0,
            id2label=dict(enumerate(labels)),
            label2id={label: number for number, label in enumerate(labels)},
        )
        transformers.BertForSequenceClassification(config).save_pretrained(folder)
        transformers.BertTokenizerFast(vocab={word: place for place, word in enumerate(WORDS)}).save_pretrained(folder)
        return str(folder)

    return make


def test_the_probability_is_that_of_the_output_called_entailment(make_model: Callable[..., str]) -> None:
    labels = ["contradiction", "entailment", "neutral"]
    turned = ["entailment", "contradiction", "neutral"]
    first = Entailment(make_model(*labels)).probability("the ferry sank", "the ferry sank .")
    other = Entailment(make_model(*turned)).probability("the ferry sank", "the ferry sank .")
    assert 0 < first < 1
    assert 0 < other < 1
    assert first != pytest.approx(other)  # the same weights, read by another output


def test_a_model_without_such_an_output_is_an_error_that_names_the_setting(make_model: Callable[..., str]) -> None:
    with pytest.raises(ModelError, match=r"good, bad.*CASEWISE_ENTAILMENT"):
        Entailment(make_model("good", "bad")).probability("the ferry sank", "the ferry")


def test_a_folder_that_is_none_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="CASEWISE_ENTAILMENT"):
        Entailment(str(tmp_path / "empty")).probability("the ferry sank", "the ferry")
