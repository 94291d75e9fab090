"""Two runs of a question set, question by question: what got better, what worse, what changed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from assistant.evaluation.figures import Figures, summarise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.evaluation.question_sets import Outcome


class Change(StrEnum):
    """What became of a question between two runs."""

    BETTER = "better"
    WORSE = "worse"
    MIXED = "better in part"
    CHANGED = "changed, neither better nor worse"
    REWORDED = "asked differently"
    ADDED = "only in this run"
    REMOVED = "only in the earlier run"
    SAME = "the same"


@dataclass(frozen=True, slots=True)
class Difference:
    """A question of two runs: what came of it in the later one (the earlier, where only that asked it), and before."""

    change: Change
    outcome: Outcome
    before: Outcome | None


@dataclass(frozen=True, slots=True)
class Delta:
    """A figure of two runs; ``None`` where it is undefined."""

    name: str
    before: float | None
    after: float | None

    @property
    def by(self) -> float | None:
        """How much the figure rose, ``None`` where either is undefined."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """An earlier run and a later one: the questions in the later one's order, and the figures of those in both."""

    differences: tuple[Difference, ...]
    deltas: tuple[Delta, ...]
    splits: Mapping[str, tuple[Delta, ...]]

    def of(self, *changes: Change) -> list[Difference]:
        """Return the questions with one of some changes, in order."""
        return [difference for difference in self.differences if difference.change in changes]


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> Comparison:
    """Hold a run against an earlier one. Figures are compared over the questions that both asked in the same words."""
    earlier = {outcome.asked.id: outcome for outcome in before}
    later = {outcome.asked.id for outcome in after}
    differences = [_difference(earlier.get(outcome.asked.id), outcome) for outcome in after]
    differences += [Difference(Change.REMOVED, outcome, None) for outcome in before if outcome.asked.id not in later]
    both = [(one.before, one.outcome) for one in differences if one.before and one.change is not Change.REWORDED]
    old, new = summarise([pair[0] for pair in both]), summarise([pair[1] for pair in both])
    return Comparison(
        tuple(differences),
        _deltas(old.all.figures, new.all.figures),
        {
            name: _deltas(old.splits[name].figures, new.splits[name].figures)
            for name in new.splits
            if name in old.splits
        },
    )


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as a JSON object: the ids of the questions by what became of them, and how much figures rose."""
    questions = {change.value: [one.outcome.asked.id for one in comparison.of(change)] for change in Change}
    rises = {delta.name: None if delta.by is None else round(delta.by, 4) for delta in comparison.deltas}
    return {"questions": questions, "figures": rises}


def _difference(before: Outcome | None, after: Outcome) -> Difference:
    if before is None:
        return Difference(Change.ADDED, after, None)
    if _asked(before) != _asked(after):
        return Difference(Change.REWORDED, after, before)
    pairs = list(zip(_merits(before), _merits(after), strict=True))
    rose, fell = any(new > old for old, new in pairs), any(new < old for old, new in pairs)
    if rose or fell:
        return Difference(Change.MIXED if rose and fell else Change.BETTER if rose else Change.WORSE, after, before)
    return Difference(Change.SAME if _shown(before) == _shown(after) else Change.CHANGED, after, before)


def _asked(outcome: Outcome) -> tuple[object, ...]:
    asked = outcome.asked
    return asked.question, asked.gold, asked.history, dict(asked.filters)


def _merits(outcome: Outcome) -> tuple[float, ...]:
    """Return what counts for a question, each better the higher: evidence and first citation, or refusal; valid citations."""
    cited = outcome.cited / outcome.sentences if outcome.sentences else 1.0
    if outcome.recall is None:
        return float(not outcome.answered), cited
    return outcome.recall, float(outcome.first_right is True), cited


def _shown(outcome: Outcome) -> tuple[object, ...]:
    return outcome.answered, outcome.standalone_question, outcome.answer, outcome.citations


def _deltas(before: Figures, after: Figures) -> tuple[Delta, ...]:
    return tuple(
        Delta(field.name, getattr(before, field.name), getattr(after, field.name)) for field in fields(Figures)
    )
