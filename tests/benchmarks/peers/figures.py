"""From what drivers answered to figures, and from figures to a table on the screen and one in Markdown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import numpy as np
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Lap:
    """One turn of a contestant: the seconds of its parts, those from a cold process to an answer, and memory in bytes."""

    documents: int
    loading: float
    indexing: float
    saving: float
    query_ms: tuple[float, ...]
    memory: int
    first: float

    @classmethod
    def of(cls, answer: dict[str, Any], documents: int, memory: int, first: float) -> Lap:
        """Return a lap from what a driver answered to ``build``."""
        seconds = (answer["loading"], answer["indexing"], answer["saving"])
        return cls(documents, *seconds, tuple(answer["query_ms"]), memory, first)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a contestant comes to: medians over its laps.

    ``gain`` is nDCG@10 where it was measured, ``reason`` why there are no laps.
    """

    name: str
    per_second: float = 0.0
    with_loading: float = 0.0
    p50: float = 0.0
    p95: float = 0.0
    memory: float = 0.0
    first: float = 0.0
    gain: float | None = None
    reason: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether this is Casewise, in one of its ways."""
        return self.name.startswith("Casewise")


def figures(name: str, laps: Sequence[Lap], gain: float | None = None) -> Figures:
    """Return the figures of laps: documents a second without and with loading, milliseconds, megabytes and seconds."""
    if not laps:
        return Figures(name, gain=gain, reason="no lap was finished")
    p50, p95 = np.median([np.percentile(lap.query_ms, [50, 95]) for lap in laps], axis=0).tolist()
    return Figures(
        name,
        median(lap.documents / (lap.indexing + lap.saving) for lap in laps),
        median(lap.documents / (lap.loading + lap.indexing + lap.saving) for lap in laps),
        p50,
        p95,
        median(lap.memory for lap in laps) / 1e6,
        median(lap.first for lap in laps),
        gain,
    )


def failed(name: str, reason: str) -> Figures:
    """Return the figures of one that could not be measured."""
    return replace(Figures(name), reason=reason)


HEADS = (
    "documents/s",
    "with loading",
    "query p50 ms",
    "p95 ms",
    "memory MB",
    "cold answer s",
    "nDCG@10",
)


def row(one: Figures) -> tuple[str, ...]:
    """Return the cells of a contestant below ``HEADS``."""
    if one.reason:
        return ("",) * len(HEADS)
    gain = "" if one.gain is None else f"{one.gain:.3f}"
    rates = (f"{one.per_second:.1f}", f"{one.with_loading:.1f}")
    return (*rates, f"{one.p50:.1f}", f"{one.p95:.1f}", f"{one.memory:.0f}", f"{one.first:.1f}", gain)


def shown(found: Sequence[Figures], title: str) -> Table:
    """Return the figures as a table for a terminal."""
    table = Table(title=title)
    table.add_column(no_wrap=True)
    for head in HEADS:
        table.add_column(head, justify="right")
    for one in found:
        table.add_row(one.name, *row(one), style="bold" if one.is_ours else None)
    return table


def markdown(found: Sequence[Figures], caption: str) -> str:
    """Return the figures as a table in Markdown, those who could not be measured below it by name and reason."""
    lines = ["| | " + " | ".join(HEADS) + " |", "|---" * (len(HEADS) + 1) + "|"]
    for one in found:
        if not one.reason:
            name = f"**{one.name}**" if one.is_ours else one.name
            lines.append(" | ".join(("| " + name, *row(one))) + " |")
    missing = [f"- {one.name} could not be measured: {one.reason}" for one in found if one.reason]
    return "\n".join([*lines, "", caption, *([""] if missing else []), *missing]) + "\n"
