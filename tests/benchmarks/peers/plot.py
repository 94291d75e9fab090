"""The figures as one picture: a panel a figure, a bar a contestant. An SVG that follows the reader's light or dark. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.benchmarks.peers.figures import Figures

_NAMES, _PANEL, _GAP, _BAR, _ROW, _TOP, _FOOT = 236, 150, 18, 14, 30, 66, 40
_ROOM = 52
"""What is kept to the right of the longest bar of a panel, for its value."""

_STYLE = """
svg { font-family: system-ui, sans-serif; --ground: #ffffff; --ink: #1f2328; --faint: #59636e; --bar: #9aa4af; --ours: #0b6bcb }
@media (prefers-color-scheme: dark) {
  svg { --ground: #0d1117; --ink: #f0f6fc; --faint: #9198a1; --bar: #59636e; --ours: #58a6ff }
}
.ground { fill: var(--ground) } .bar { fill: var(--bar) } .ours { fill: var(--ours) }
text { fill: var(--ink); font-size: 12px } .title { font-size: 15px; font-weight: 600 }
.head { font-weight: 600 } .faint { fill: var(--faint); font-size: 11px } .own { font-weight: 600 }
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """What one panel shows: its head, whether more or less is better, and how to take a value and write it."""

    head: str
    better: str
    value: Callable[[Figures], float]
    written: str


PANELS = (
    Panel("indexing, documents/s", "more is better", lambda one: one.per_second, "{:.0f}"),
    Panel("question, p95 ms", "less is better", lambda one: one.p95, "{:.0f}"),
    Panel("memory, MB", "less is better", lambda one: one.memory, "{:.0f}"),
    Panel("cold answer, s", "less is better", lambda one: one.first, "{:.1f}"),
    Panel("nDCG@10", "more is better", lambda one: one.gain or 0.0, "{:.3f}"),
)


def plot(found: Sequence[Figures], title: str, note: str) -> str:
    """Return the figures of those who could be measured as an SVG; ``note`` stands below. A panel that nobody has is left out."""
    drawn = [one for one in found if not one.reason]
    panels = [panel for panel in PANELS if any(panel.value(one) for one in drawn)]
    width = _NAMES + len(panels) * (_PANEL + _GAP)
    height = _TOP + _ROW * len(drawn) + _FOOT
    spoken = "; ".join(f"{one.name}: {_spoken(one, panels)}" for one in drawn)
    body = [
        _text(12, 24, title, "title"),
        *(_name(one, number) for number, one in enumerate(drawn)),
        *(_panel(panel, drawn, _NAMES + number * (_PANEL + _GAP)) for number, panel in enumerate(panels)),
        _text(12, height - 14, note, "faint"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="title desc"><title id="title">{escape(title)}</title>'
        f'<desc id="desc">{escape(spoken)}</desc><style>{_STYLE}</style>'
        f'<rect class="ground" width="{width}" height="{height}"/>{"".join(body)}</svg>\n'
    )


def _spoken(one: Figures, panels: Sequence[Panel]) -> str:
    return ", ".join(f"{panel.head} {panel.written.format(panel.value(one))}" for panel in panels)


def _name(one: Figures, number: int) -> str:
    return _text(12, _TOP + _ROW * number + _BAR - 2, one.name, "own" if one.is_ours else "")


def _panel(panel: Panel, drawn: Sequence[Figures], left: int) -> str:
    longest = max(panel.value(one) for one in drawn)
    heads = _text(left, _TOP - 22, panel.head, "head") + _text(left, _TOP - 8, panel.better, "faint")
    bars = (_bar(panel, one, left, _TOP + _ROW * number, longest) for number, one in enumerate(drawn))
    return heads + "".join(bars)


def _bar(panel: Panel, one: Figures, left: int, top: int, longest: float) -> str:
    value = panel.value(one)
    if not value:
        return _text(left, top + _BAR - 2, "–", "faint")
    length = max(round((_PANEL - _ROOM) * value / longest, 1), 1)
    bar = f'<rect class="{"ours" if one.is_ours else "bar"}" x="{left}" y="{top}" width="{length}" height="{_BAR}" rx="2"/>'
    return bar + _text(left + length + 6, top + _BAR - 2, panel.written.format(value), "own" if one.is_ours else "")


def _text(left: float, base: float, text: str, kind: str) -> str:
    given = f' class="{kind}"' if kind else ""
    return f'<text x="{left:g}" y="{base:g}"{given}>{escape(text)}</text>'
