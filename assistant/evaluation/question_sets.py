"""Question sets: read, asked of a library, and what came of every question.

A set is JSON lines ``{"id", "question", "gold": [[alternatives], …], "history", "filters", "split", "kind"}``, all but the
first three optional; an empty ``gold`` means that the library does not hold the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from assistant.batch import Asked
from assistant.errors import EvaluationError, QuestionError, UnknownName
from assistant.evaluation.gold import FIRST_QUOTE_WORDS, Piece, covered, first_is_right, is_valid, stands_in, word_count
from assistant.evaluation.lines import parsed
from assistant.markup import plain
from assistant.support import support
from assistant.support.model import FEW_SENTENCES
from assistant.types import Citation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.building import Progress
    from assistant.conversation import Assistant
    from assistant.types import Answer, Document, Statement

UNANSWERABLE = "unanswerable"

_Words = Annotated[str, StringConstraints(pattern=r"\S")]


class QuestionLine(Asked):
    """A line of a question set."""

    gold: list[Annotated[list[_Words], Field(min_length=1)]]
    split: _Words | None = None
    kind: _Words | None = None


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a set. ``gold`` has a tuple for every piece of evidence: verbatim texts, any one of which will do."""

    id: str | int
    question: str
    gold: tuple[Piece, ...]
    kind: str
    split: str | None = None
    history: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def answerable(self) -> bool:
        """Whether the library holds the answer."""
        return bool(self.gold)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question.

    ``covered`` says for every piece of gold whether the citations cover it; ``first_right``, whether the first citation
    does, ``None`` where there is no gold. ``words`` are those of the answer without its markers, ``sentences`` those that are
    displayed, ``cited`` those of them with a valid citation, and ``supported`` those
    that the words they cite support; ``None`` of runs from before that was counted.
    """

    asked: AskedQuestion
    standalone_question: str
    answered: bool
    reason: str | None
    answer: str
    citations: tuple[Citation, ...]
    covered: tuple[bool, ...]
    first_right: bool | None
    words: int
    sentences: int
    cited: int
    latency_ms: float
    supported: int | None = None

    @property
    def recall(self) -> float | None:
        """The share of the gold that is covered, ``None`` where there is none."""
        return sum(self.covered) / len(self.covered) if self.covered else None

    @property
    def faults(self) -> tuple[str, ...]:
        """Why this counts as a miss, in so many sentences; none where it does not."""
        return tuple(_faults(self))


def read_question_set(path: Path) -> list[AskedQuestion]:
    """Read a question set, plain or ``.gz``.

    Raises:
        UsageError: the file is missing.
        EvaluationError: it holds no question, a line cannot be read, or two lines have one id; the line is named.
    """
    lines = list(parsed(path, QuestionLine))
    if not lines:
        raise EvaluationError(f'"{path}" holds no question. Give a line of JSON for each.')
    first_with: dict[str | int, int] = {}
    for number, line in lines:
        earlier = first_with.setdefault(line.id, number)
        if earlier != number:
            raise EvaluationError(
                f'Line {number} of "{path}" has the id of line {earlier}, {line.id!r}. Give it its own.'
            )
    return [_question(line) for _, line in lines]


def ask_all(
    library: Assistant,
    questions: Sequence[AskedQuestion],
    progress: Progress | None = None,
    answerer: str = "extractive",
) -> list[Outcome]:
    """Ask every question, after one that is not counted, so that loading the model is nobody's latency.

    Runs are compared over time, so answers are quoted unless another answerer is asked for.

    Raises:
        EvaluationError: a filter names nothing in the library; the question is named.
    """
    for warming in islice(questions, 1):
        outcome(library, warming, answerer)
    outcomes = []
    for number, asked in enumerate(questions, 1):
        outcomes.append(outcome(library, asked, answerer))
        if progress:
            progress("Asking", number, len(questions))
    return outcomes


def outcome(library: Assistant, asked: AskedQuestion, answerer: str = "extractive") -> Outcome:
    """Ask a question and judge what came of it. A question that is not taken up at all counts as refused.

    Raises:
        EvaluationError: as ``ask_all``.
    """
    begun = perf_counter()
    try:
        case, theme, aspect = (asked.filters.get(name) for name in ("case", "theme", "aspect"))
        answer = library.ask(asked.question, asked.history, case=case, theme=theme, aspect=aspect, answerer=answerer)
    except QuestionError as error:
        return judged(asked, None, str(error), library.index.documents, _milliseconds(begun))
    except UnknownName as error:
        raise EvaluationError(f"The question {asked.id!r} cannot be asked: {error}") from error
    taken = _milliseconds(begun)
    found = judged(asked, answer, answer.reason, library.index.documents, taken)
    return replace(found, supported=_supported(library, answer))


def _supported(library: Assistant, answer: Answer) -> int:
    """Return how many of the displayed sentences the words they cite support, by the measure of support.

    What stands there word for word, and what is worked out from it, was checked already.
    """
    quotes = {one.marker: one.quote for one in answer.citations}
    rest = [one for one in answer.statements if answer.answerer != "extractive"]
    held = [_holds(library, one, [quotes[marker] for marker in one.markers]) for one in rest]
    return len(answer.statements) - len(rest) + sum(held)


def _holds(library: Assistant, statement: Statement, quotes: Sequence[str]) -> bool:
    cited = [plain(quote) for quote in quotes]
    if any(" ".join(statement.text.split()) in one for one in cited):
        return True
    said = f"{statement.heading}: {statement.text}" if statement.heading else statement.text
    about = [statement.heading] if statement.heading else []
    return support(said, [*cited, *about][:FEW_SENTENCES], library.embedder, settings=library.settings).verdict


def judged(
    asked: AskedQuestion,
    answer: Answer | None,
    reason: str | None,
    documents: Mapping[str, Document],
    latency_ms: float,
) -> Outcome:
    """Return what came of a question, given its answer, or ``None`` where it was not taken up. Pure."""
    citations = answer.citations if answer else ()
    statements = answer.statements if answer else ()
    valid = {citation.marker for citation in citations if is_valid(citation, documents)}
    return Outcome(
        asked=asked,
        standalone_question=answer.standalone_question if answer else asked.question,
        answered=answer is not None and answer.answered,
        reason=reason,
        answer=answer.answer if answer else "",
        citations=citations,
        covered=tuple(covered(piece, citations, documents) for piece in asked.gold),
        first_right=first_is_right(asked.gold, citations, documents) if asked.answerable else None,
        words=sum(word_count(statement.text) for statement in statements),
        sentences=len(statements),
        cited=sum(not valid.isdisjoint(statement.markers) for statement in statements),
        latency_ms=latency_ms,
    )


def strays(questions: Sequence[AskedQuestion], documents: Sequence[Document]) -> list[tuple[AskedQuestion, str]]:
    """Return the gold that stands in no document, with its question: no answer could ever cover it."""
    return [
        (asked, gold)
        for asked in questions
        for piece in asked.gold
        for gold in piece
        if not any(gold in document.text or stands_in(document.text, gold) for document in documents)
    ]


def _question(line: QuestionLine) -> AskedQuestion:
    derived = "question" if not line.history else "follow-up"
    filters = line.filters.model_dump(exclude_none=True)
    return AskedQuestion(
        id=line.id,
        question=line.question,
        gold=tuple(map(tuple, line.gold)),
        kind=line.kind or (derived if line.gold else UNANSWERABLE),
        split=line.split,
        history=tuple(line.history),
        filters=filters,
    )


def _faults(outcome: Outcome) -> Iterator[str]:
    if outcome.asked.answerable and not outcome.answered:
        yield "It was refused, but the library holds the answer."
        return
    if not outcome.asked.answerable and outcome.answered:
        yield "It was answered, but the library does not hold the answer."
    missing = [piece for piece, found in zip(outcome.asked.gold, outcome.covered, strict=True) if not found]
    for piece in missing:
        yield f"The citations do not cover {' or '.join(f'“{alternative}”' for alternative in piece)}."
    if outcome.first_right is False and len(missing) < len(outcome.covered):
        length = word_count(outcome.citations[0].quote)
        long = (
            f"has {length} words; at most {FIRST_QUOTE_WORDS} count" if length > FIRST_QUOTE_WORDS else "covers no gold"
        )
        yield f"The first citation {long}."
    if outcome.cited < outcome.sentences:
        yield f"{outcome.sentences - outcome.cited} of {outcome.sentences} sentences carry no valid citation."


def _milliseconds(begun: float) -> float:
    return round((perf_counter() - begun) * 1000, 2)
