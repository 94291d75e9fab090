"""Answers and outcomes made by hand, for tests of the evaluation that need no index."""

from __future__ import annotations

from typing import Any

from assistant.evaluation.question_sets import AskedQuestion, Outcome
from assistant.types import Answer, Citation, Span, Statement
from tests.samples import document

HUB = document("The hub in Leeds opened in May.\n\nPage 3\n\nIt has 40 desks and a\n\nkitchen.", "hub.txt")
DOCUMENTS = {HUB.id: HUB}


def citation(marker: int, *cited: str, quote: str | None = None) -> Citation:
    """Return a citation of words of the hub's document; its quote is theirs unless another is given."""
    spans = tuple(Span(HUB.text.index(words), HUB.text.index(words) + len(words)) for words in cited)
    return Citation(marker, HUB.id, spans, quote if quote is not None else " ".join(cited), (), (), (), ())


def answer(question: str, *statements: tuple[str, tuple[int, ...]], cited: tuple[Citation, ...] = ()) -> Answer:
    shown = tuple(Statement(text, markers) for text, markers in statements)
    return Answer(question, question, True, None, shown, cited, (), (), "extractive", {})


def answered(identifier: str, *, kind: str = "fact", split: str | None = None, **changed: Any) -> Outcome:
    """Return a question that was answered rightly, but for what is changed."""
    gold = changed.pop("gold", (("opened in May",),))
    asked = AskedQuestion(identifier, changed.pop("question", f"{identifier}?"), gold, kind, split)
    given: dict[str, Any] = {
        "standalone_question": asked.question,
        "answered": True,
        "reason": None,
        "answer": "It opened in May. [1]",
        "citations": (citation(1, "opened in May"),),
        "covered": tuple(True for _ in gold),
        "first_right": True if gold else None,
        "words": 4,
        "sentences": 1,
        "cited": 1,
        "latency_ms": 10.0,
    }
    return Outcome(asked, **(given | changed))


def refused(
    identifier: str, *, kind: str = "unanswerable", gold: tuple[tuple[str, ...], ...] = (), **changed: Any
) -> Outcome:
    """Return a question that was refused, rightly unless it has gold."""
    blank: dict[str, Any] = {
        "answered": False,
        "reason": "It is not there.",
        "answer": "",
        "citations": (),
        "words": 0,
        "sentences": 0,
    }
    missed = {"covered": tuple(False for _ in gold), "first_right": False if gold else None, "cited": 0}
    return answered(identifier, kind=kind, gold=gold, **(blank | missed | changed))
