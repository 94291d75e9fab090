"""Bar charts as SVG, drawn by hand: they need no script, scale with the page and read aloud. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 260
"""The width of a chart in its own units; on the page it takes the width it is given."""

_ROW, _BAR, _TOP, _LONGEST = 42, 12, 6, 26


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, its value, never negative, and how the value is written beside it."""

    label: str
    value: float
    shown: str


def bar_chart(identifier: str, title: str, bars: Sequence[Bar], longest: float | None = None) -> str:
    """Return bars below each other as an SVG, every label above its bar so that none is cut on a small screen.

    ``longest`` is the value of a bar of full width, by default the greatest. ``identifier`` must be the chart's own on its page.
    """
    full = longest or max((bar.value for bar in bars), default=0.0) or 1.0
    height = _TOP + _ROW * len(bars)
    spoken = "; ".join(f"{bar.label}: {bar.shown}" for bar in bars)
    drawn = "".join(_drawn(bar, _TOP + _ROW * number, full) for number, bar in enumerate(bars))
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{identifier}-title {identifier}-desc">'
        f'<title id="{identifier}-title">{escape(title)}</title>'
        f'<desc id="{identifier}-desc">{escape(spoken)}</desc>{drawn}</svg>'
    )


def _drawn(bar: Bar, top: int, full: float) -> str:
    length = round(WIDTH * min(bar.value / full, 1.0), 1)
    label = bar.label if len(bar.label) <= _LONGEST else f"{bar.label[: _LONGEST - 1]}…"
    return (
        f'<text x="0" y="{top + 14}">{escape(label)}</text>'
        f'<text class="value" x="{WIDTH}" y="{top + 14}" text-anchor="end">{escape(bar.shown)}</text>'
        f'<rect class="track" x="0" y="{top + 20}" width="{WIDTH}" height="{_BAR}" rx="2"/>'
        f'<rect class="bar" x="0" y="{top + 20}" width="{length}" height="{_BAR}" rx="2"/>'
    )
