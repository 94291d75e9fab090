from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from assistant.bert import Bert

TEXTS = [[2, 7, 9, 11, 3], [2, 3], [2, 30, 30, 30, 41, 5, 8, 3], [2, 9, 3]]


@pytest.fixture(scope="module")
def model() -> BertModel:
    """Return a small BERT with random weights, and none of the sizes of the packaged one."""
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=50,
        hidden_size=24,
        num_hidden_layers=3,
        num_attention_heads=3,
        intermediate_size=40,
        max_position_embeddings=16,
        layer_norm_eps=0.01,
        initializer_range=0.5,
    )
    return BertModel(config).eval()


def read(model: BertModel) -> Bert:
    return Bert(model.state_dict(), heads=model.config.num_attention_heads, epsilon=model.config.layer_norm_eps)


def alone(model: BertModel, tokens: list[int]) -> np.ndarray:
    with torch.inference_mode():
        states = model(torch.tensor([tokens])).last_hidden_state[0]
        return torch.nn.functional.normalize(states.mean(dim=0), dim=0).numpy()


def test_vectors_are_those_of_the_model_s_own_modules_text_by_text(model: BertModel) -> None:
    vectors = read(model).vectors(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), 24), np.dtype(np.float32))
    np.testing.assert_allclose(vectors, [alone(model, text) for text in TEXTS], atol=1e-5)


def test_many_texts_of_all_lengths_have_the_vectors_that_each_has_alone(model: BertModel) -> None:
    drawn = np.random.default_rng(0)
    texts = [drawn.integers(0, 50, length).tolist() for length in drawn.integers(1, 17, 700)]
    vectors = read(model).vectors(texts)
    np.testing.assert_allclose(vectors, [alone(model, text) for text in texts], atol=1e-5)


def test_no_text_has_no_vector(model: BertModel) -> None:
    assert read(model).vectors([]).shape == (0, 24)


def test_a_text_is_read_alone_whatever_stands_beside_it(model: BertModel) -> None:
    packed = read(model)
    together, reversed_order = packed.vectors(TEXTS), packed.vectors(TEXTS[::-1])
    np.testing.assert_allclose(together, reversed_order[::-1], atol=1e-6)
    np.testing.assert_allclose(together[2], packed.vectors([TEXTS[2]])[0], atol=1e-6)


def test_the_order_of_the_words_counts(model: BertModel) -> None:
    first, second = read(model).vectors([[2, 7, 9, 11, 3], [2, 11, 9, 7, 3]])
    assert first @ second < 0.999
