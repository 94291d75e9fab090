"""A run as one HTML page that needs nothing else: no script, no font, no picture from elsewhere. Pure.

Everything that was asked, answered or quoted is escaped; the page's own policy lets it load nothing.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.evaluation.charts import Bar, bar_chart
from assistant.evaluation.comparing import Change
from assistant.evaluation.figures import summarise
from assistant.evaluation.questions_html import difference_html, miss_html
from assistant.evaluation.tables import COLUMNS, change, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.evaluation.comparing import Comparison, Delta
    from assistant.evaluation.figures import Counted, Figures
    from assistant.evaluation.question_sets import Outcome
    from assistant.evaluation.tables import Column

STYLE = Path(__file__).with_name("report.css")
CHARTED = ("evidence_recall", "first_citation", "refusal_recall", "latency_p95_ms")
MEANINGS = {
    "Evidence recall": "Share of the expected words that the citations cover, averaged over the questions that have an answer.",
    "First citation right": "Share of the questions that have an answer whose first citation covers expected words, in at most "
    "60 words.",
    "Refusal precision": "Share of the refused questions that the library indeed does not answer.",
    "Refusal recall": "Share of the questions that the library does not answer that were refused.",
    "Sentences with a valid citation": "Share of the displayed sentences with a citation whose quote stands in its document.",
    "95% latency": "Within how long 95 of 100 questions were answered or refused.",
    "–": "Undefined: no question could have moved the figure.",
}


def report_html(title: str, made: str, outcomes: Sequence[Outcome], comparison: Comparison | None = None) -> str:
    """Return the report of a run; ``made`` says when it was, and with what."""
    summary = summarise(outcomes)
    misses = [outcome for outcome in outcomes if outcome.faults]
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">{escape(made)}. {_of(len(outcomes), "question")} asked, {len(misses)} missed.</p>',
        _tiles(summary.all.figures),
        *(_counted(number, name, counted) for number, (name, counted) in enumerate(rows(summary))),
        *(_comparison(comparison) if comparison else ()),
        f"<h2>Misses: {len(misses)}</h2>",
        *map(miss_html, misses),
        "" if misses else "<p>Every question was answered or refused as it should be.</p>",
        _every_question(outcomes),
        _meanings(),
    ]
    return _page(title, "\n".join(part for part in parts if part))


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)} · Casewise evaluation</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body><main>
{body}
</main></body>
</html>
"""


def _tiles(figures: Figures) -> str:
    tiles = (
        f'<div class="tile"><dt>{escape(column.name)}</dt><dd>{column.shown(getattr(figures, column.figure))}</dd></div>'
        for column in COLUMNS[1:]
    )
    return f'<dl class="tiles">{"".join(tiles)}</dl>'


def _counted(number: int, name: str, counted: Counted) -> str:
    heading = "All questions" if name == "all" else f"The split “{name}”"
    charts = "".join(
        _chart(f"chart-{number}-{column.figure}", column, counted) for column in COLUMNS if column.figure in CHARTED
    )
    lines = [_figures_row(kind, figures, "") for kind, figures in counted.kinds.items()]
    lines.append(_figures_row("all kinds", counted.figures, "all"))
    heads = ["kind", *(column.head.replace("\n", " ") for column in COLUMNS)]
    table = _table(f"{heading}, by kind of question", heads, lines)
    return f'<h2>{escape(heading)}</h2>{table}<div class="charts">{charts}</div>'


def _figures_row(name: str, figures: Figures, style: str) -> str:
    cells = "".join(f"<td>{column.shown(getattr(figures, column.figure))}</td>" for column in COLUMNS)
    return f'<tr class="{style}"><th scope="row">{escape(name)}</th>{cells}</tr>'


def _chart(identifier: str, column: Column, counted: Counted) -> str:
    values = [(kind, getattr(figures, column.figure)) for kind, figures in counted.kinds.items()]
    bars = [Bar(kind, value, column.shown(value)) for kind, value in values if value is not None]
    if not bars:
        return ""
    drawn = bar_chart(identifier, f"{column.name}, by kind", bars, longest=1.0 if column.is_share else None)
    return f"<figure><figcaption>{escape(column.name)}</figcaption>{drawn}</figure>"


def _comparison(comparison: Comparison) -> Iterator[str]:
    yield "<h2>Compared with the earlier run</h2>"
    deltas = {delta.name: delta for delta in comparison.deltas}
    lines = [_delta_row(column, deltas[column.figure]) for column in COLUMNS]
    yield _table("Figures of the questions that both runs asked", ("figure", "before", "now", "change"), lines)
    for kind in Change:
        found = comparison.of(kind)
        if found and kind is not Change.SAME:
            shown = "".join(map(difference_html, found))
            yield f"<details><summary>{escape(kind.value.capitalize())}: {len(found)}</summary>{shown}</details>"
    same = len(comparison.of(Change.SAME))
    yield f"<p>The same: {same} of {_of(len(comparison.differences), 'question')}.</p>"


def _delta_row(column: Column, delta: Delta) -> str:
    cells = (column.shown(delta.before), column.shown(delta.after), change(column, delta))
    return f'<tr><th scope="row">{escape(column.name)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _every_question(outcomes: Sequence[Outcome]) -> str:
    heads = ("id", "question", "kind", "split", "verdict", "words", "ms")
    table = _table("Every question of the run", heads, map(_question_row, outcomes))
    return f"<h2>Every question</h2><details><summary>Show all {len(outcomes)}</summary>{table}</details>"


def _question_row(outcome: Outcome) -> str:
    asked = outcome.asked
    right = "answered" if outcome.answered else "refused"
    verdict = (
        f'<span class="bad">missed, {right}</span>' if outcome.faults else f'<span class="good">{right} rightly</span>'
    )
    words = "".join(
        f'<td class="words">{escape(cell)}</td>' for cell in (asked.question, asked.kind, asked.split or "–")
    )
    return (
        f'<tr><th scope="row">{escape(str(asked.id))}</th>{words}<td class="words">{verdict}</td>'
        f"<td>{outcome.words if outcome.answered else '–'}</td><td>{outcome.latency_ms:.1f}</td></tr>"
    )


def _meanings() -> str:
    terms = "".join(f"<dt>{escape(name)}</dt><dd>{escape(meaning)}</dd>" for name, meaning in MEANINGS.items())
    return f'<h2>What the figures mean</h2><dl class="meaning">{terms}</dl>'


def _table(caption: str, heads: Sequence[str], lines: Iterable[str]) -> str:
    head = "".join(f'<th scope="col"{_style(name)}>{escape(name)}</th>' for name in heads)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _style(head: str) -> str:
    return ' class="words"' if head in ("question", "kind", "split", "verdict") else ""


def _of(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
