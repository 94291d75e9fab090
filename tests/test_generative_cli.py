"""A language model on the command line: asked, in batches, in evaluations, and checked; its key never shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.language_model import Status, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Run
    from tests.language_model import Request, ScriptedModel

QUESTION = "How quickly was a new court set up, compared with normal?"
TRUE = "A new court was set up in six weeks instead of the usual 18 to 24 months"
KEY = "hidden-key"


def truthful(request: Request) -> list[str]:
    return [
        f"{TRUE}. [{request.number_of('it took six weeks rather')}]" if len(request.body["messages"]) > 1 else "Yes"
    ]


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedModel]:
    with speaking(truthful) as model:
        monkeypatch.setenv("CASEWISE_LLM_URL", model.url)
        monkeypatch.setenv("CASEWISE_LLM_MODEL", "scripted")
        monkeypatch.setenv("CASEWISE_LLM_API_KEY", KEY)
        yield model


def test_the_model_writes_where_one_is_configured_and_quotes_are_a_word_away(
    run: Run, folders: tuple[str, ...], model: ScriptedModel
) -> None:
    code, out, err = run("ask", QUESTION, *folders)
    assert (code, out.splitlines()[0]) == (0, f"Nightingale Courts: {TRUE}. [1]")
    assert KEY not in out + err
    code, out, _ = run("ask", QUESTION, "--answerer", "extractive", "--json", *folders)
    assert (code, json.loads(out)["answerer"], len(model.requests)) == (0, "extractive", 1)


def test_without_a_model_to_ask_for_one_is_wrong_usage(run: Run, folders: tuple[str, ...]) -> None:
    code, out, err = run("ask", QUESTION, "--answerer", "generative", *folders)
    assert (code, out) == (2, "")
    assert "CASEWISE_LLM_URL" in err


def test_a_batch_is_written_by_the_answerer_that_is_asked_for(
    run: Run, folders: tuple[str, ...], model: ScriptedModel, tmp_path: Path
) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text(json.dumps({"id": 1, "question": QUESTION}))
    found = [
        json.loads(run("ask", "--batch", batch, "--answerer", name, *folders)[1])
        for name in ("generative", "extractive")
    ]
    assert [one["answerer"] for one in found] == ["generative", "extractive"]
    assert len(model.requests) == 1


def test_an_evaluation_counts_the_sentences_that_their_sources_support(
    run: Run, folders: tuple[str, ...], model: ScriptedModel, tmp_path: Path
) -> None:
    asked = tmp_path / "set.jsonl"
    asked.write_text(json.dumps({"id": 1, "question": QUESTION, "gold": [["six weeks"]]}))
    quoted = json.loads(run("evaluate", asked, "--json", *folders)[1].splitlines()[-1])
    assert (quoted["support_precision"], quoted["cited"], model.requests) == (1.0, 1.0, [])
    code, out, _ = run("evaluate", asked, "--answerer", "generative", "--json", *folders)
    written = json.loads(out.splitlines()[-1])
    assert (code, written["support_precision"], written["cited"], written["evidence_recall"]) == (0, 1.0, 1.0, 1.0)
    assert len(model.requests) == 2  # once to warm up


def test_check_says_whether_the_model_answers_and_never_shows_the_key(
    run: Run, folders: tuple[str, ...], model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = run("check", *folders)
    assert code == 0
    assert f'The language model "scripted" at {model.url} answers' in out
    with speaking(lambda _: [Status(401, f'{{"error": {{"message": "Incorrect key: {KEY}"}}}}')]) as other:
        monkeypatch.setenv("CASEWISE_LLM_URL", other.url)
        code, refused, said = run("check", *folders)
    assert code == 0
    assert "does not accept the key" in said
    assert KEY not in out + err + refused + said
