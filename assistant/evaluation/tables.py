"""Runs and comparisons as tables for a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from assistant.evaluation.comparing import Change
from assistant.evaluation.figures import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from assistant.evaluation.comparing import Comparison, Delta, Difference
    from assistant.evaluation.figures import Counted, Figures, Summary
    from assistant.evaluation.question_sets import Outcome
    from assistant.evaluation.retrieval_sets import RetrievalFigures
    from assistant.evaluation.verification import Verification

UNDEFINED = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """How a figure is headed and shown, with its name in full."""

    figure: str
    head: str
    name: str
    digits: int = 0
    is_share: bool = False

    def shown(self, value: float | None) -> str:
        """Return a value of the figure as it is displayed, a dash where it is undefined."""
        if value is None or self.is_share:
            return _three_digits(value)
        return f"{value:.{self.digits}f}"


COLUMNS = (
    Column("questions", "asked", "Questions asked"),
    Column("evidence_recall", "evidence\nrecall", "Evidence recall", is_share=True),
    Column("first_citation", "first\ncitation", "First citation right", is_share=True),
    Column("refusal_precision", "refusal\nprecision", "Refusal precision", is_share=True),
    Column("refusal_recall", "refusal\nrecall", "Refusal recall", is_share=True),
    Column("cited", "cited", "Sentences with a valid citation", is_share=True),
    Column("support_precision", "support\nprecision", "Sentences that their sources support", is_share=True),
    Column("median_words", "median\nwords", "Median words of an answer"),
    Column("latency_p50_ms", "p50\nms", "Median latency, ms", digits=1),
    Column("latency_p95_ms", "p95\nms", "95% latency, ms", digits=1),
)


def rows(summary: Summary) -> Iterator[tuple[str, Counted]]:
    """Yield the splits of a run by name, then the whole of it; a run of a single split is that split alone."""
    yield from summary.splits.items()
    questions = summary.all.figures.questions
    if not any(counted.figures.questions == questions for counted in summary.splits.values()):
        yield "all", summary.all


def run_tables(outcomes: Sequence[Outcome], comparison: Comparison | None = None) -> list[RenderableType]:
    """Return a run's figures, and how they and its questions differ from an earlier run's."""
    compared = [comparison_table(comparison)] if comparison else []
    return [summary_table(summarise(outcomes)), *compared]


def summary_table(summary: Summary) -> RenderableType:
    """Return the figures of a run: for every split, its kinds and all of it."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), collapse_padding=True, pad_edge=False, header_style="bold")
    table.add_column("kind", overflow="fold")
    for column in COLUMNS:
        table.add_column(column.head, justify="right")
    for name, counted in rows(summary):
        for kind, figures in counted.kinds.items():
            table.add_row(Text(kind), *_cells(figures))
        table.add_row(Text(name), *_cells(counted.figures), style="bold", end_section=True)
    return table


def comparison_table(comparison: Comparison) -> RenderableType:
    """Return how two runs differ: their figures, then the questions by what became of them."""
    table = _plain_table("figure", "before", "after", "change")
    for delta in comparison.deltas:
        for column in COLUMNS:
            if column.figure == delta.name:
                table.add_row(column.name, column.shown(delta.before), column.shown(delta.after), change(column, delta))
    return Group(table, *(Text(line) for line in _changes(comparison)))


def retrieval_table(found: RetrievalFigures) -> RenderableType:
    """Return the figures of a retrieval set, measure by measure."""
    table = Table(title=f"{found.name}: {found.queries} queries, {found.documents} documents", box=SIMPLE_HEAD)
    for name in found.figures:
        table.add_column(name, justify="right")
    table.add_row(*(f"{value:.4f}" for value in found.figures.values()))
    return table


def verification_table(verification: Verification) -> RenderableType:
    """Return how well a measure of support judged claims: both sides, the confusion, and the figures in all."""
    sides, confusion = (
        _plain_table("claims", "pairs", "precision", "recall", "F1"),
        _plain_table("label", "held", "not held"),
    )
    for name, side in (("supported", verification.supported), ("the rest", verification.rest)):
        sides.add_row(name, str(side.pairs), *map(_three_digits, (side.precision, side.recall, side.f1)))
    for label, counts in verification.confusion.items():
        confusion.add_row(label.value, *map(str, counts))
    in_all = f"Macro-F1 {_three_digits(verification.macro_f1)}, AUC {_three_digits(verification.auc)}"
    return Group(sides, confusion, Text(f"{in_all}, at the threshold {verification.threshold:g}."))


def change(column: Column, delta: Delta) -> str:
    """Return how much a figure rose, with its sign; a dash where either run has none."""
    if delta.by is None:
        return UNDEFINED
    return f"{delta.by:+.3f}" if column.is_share else f"{delta.by:+.{column.digits}f}"


def _plain_table(*heads: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False, header_style="bold")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left")
    return table


def _three_digits(share: float | None) -> str:
    return UNDEFINED if share is None else f"{share:.3f}"


def _cells(figures: Figures) -> list[str]:
    return [column.shown(getattr(figures, column.figure)) for column in COLUMNS]


def _changes(comparison: Comparison) -> Iterator[str]:
    for kind in Change:
        found = comparison.of(kind)
        if kind is Change.SAME:
            yield f"\n{kind.value.capitalize()}: {len(found)} of {len(comparison.differences)} questions."
        elif found:
            yield f"\n{kind.value.capitalize()}: {len(found)}"
            yield from map(_line, () if kind in (Change.ADDED, Change.REMOVED) else found)


def _line(difference: Difference) -> str:
    asked = difference.outcome.asked
    why: Sequence[str] = difference.outcome.faults if difference.change is Change.WORSE else ()
    return "  ".join([f"  {asked.id}", asked.question, *why])
