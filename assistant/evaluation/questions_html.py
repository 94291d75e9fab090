"""Single questions as HTML: what was asked, expected, answered and cited, and why it counts as a miss. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from assistant.evaluation.gold import occurrences
from assistant.rendering import source_line
from assistant.spans import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.evaluation.comparing import Difference
    from assistant.evaluation.question_sets import AskedQuestion, Outcome
    from assistant.types import Citation


def miss_html(outcome: Outcome) -> str:
    """Return a question that was missed, everything about it spelled out."""
    fields = [("Why it is a miss", listed(outcome.faults)), *_asked_fields(outcome), ("Expected", _expected(outcome))]
    return article("miss", outcome.asked, [*fields, *_answer_fields(outcome)])


def difference_html(difference: Difference) -> str:
    """Return a question of two runs, what it was answered before and now."""
    before, now = difference.before, difference.outcome
    fields = [*_asked_fields(now), ("Expected", _expected(now))]
    if before is not None:
        fields += [(f"{name} (before)", value) for name, value in _answer_fields(before)]
    fields += [(f"{name} (now)", value) for name, value in _answer_fields(now)]
    if now.faults:
        fields.append(("Still amiss", listed(now.faults)))
    return article(difference.change.name.casefold(), now.asked, fields)


def article(kind: str, asked: AskedQuestion, fields: Iterable[tuple[str, str]]) -> str:
    """Return a question as an article with named fields; the fields' values are HTML."""
    about = " · ".join([str(asked.id), asked.kind, *([asked.split] if asked.split else [])])
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in fields)
    return (
        f'<article class="{kind}"><h3>{escape(asked.question)}</h3>'
        f'<p class="about">{escape(about)}</p><dl class="fields">{rows}</dl></article>'
    )


def listed(lines: Sequence[str]) -> str:
    """Return sentences as a list, one by itself as it is."""
    if len(lines) == 1:
        return escape(lines[0])
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def highlighted(text: str, gold: Iterable[str]) -> str:
    """Return a text, escaped, with the gold that stands in it marked."""
    parts, last = [], 0
    for span in merge([found for piece in gold for found in occurrences(text, piece)]):
        parts += [escape(text[last : span.start]), f"<mark>{escape(text[span.start : span.end])}</mark>"]
        last = span.end
    return "".join([*parts, escape(text[last:])])


def _asked_fields(outcome: Outcome) -> Iterator[tuple[str, str]]:
    asked = outcome.asked
    if asked.history:
        yield "Asked before", f"<ol>{''.join(f'<li>{escape(question)}</li>' for question in asked.history)}</ol>"
    if asked.filters:
        yield "Held to", escape(", ".join(f"{facet}: {name}" for facet, name in asked.filters.items()))
    if outcome.standalone_question != asked.question:
        yield "Understood as", escape(outcome.standalone_question)


def _expected(outcome: Outcome) -> str:
    if not outcome.asked.answerable:
        return "A refusal: the library does not hold the answer."
    pieces = zip(outcome.asked.gold, outcome.covered, strict=True)
    return f"<ul>{''.join(_piece(piece, found) for piece, found in pieces)}</ul>"


def _piece(piece: Sequence[str], found: bool) -> str:
    words = " <em>or</em> ".join(f"“{escape(alternative)}”" for alternative in piece)
    verdict = '<span class="good">covered</span>' if found else '<span class="bad">not covered</span>'
    return f"<li>{words}: {verdict}</li>"


def _answer_fields(outcome: Outcome) -> Iterator[tuple[str, str]]:
    if not outcome.answered:
        yield "Refused", escape(outcome.reason or "")
        return
    gold = [alternative for piece in outcome.asked.gold for alternative in piece]
    yield "Answered", escape(outcome.answer)
    yield "Cited", "".join(_citation(citation, gold) for citation in outcome.citations) or "Nothing."


def _citation(citation: Citation, gold: Sequence[str]) -> str:
    place = escape(f"[{citation.marker}] {source_line(citation)}")
    return f"<blockquote>{highlighted(citation.quote, gold)}<footer>{place}</footer></blockquote>"
