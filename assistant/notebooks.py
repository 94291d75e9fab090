"""What a notebook shows of an Answer or a Grid: HTML without a script or a colour of its own, so that it reads on any ground.

A notebook asks a value for its ``_repr_html_``. The nouns know nothing of any display and import nothing of ours, so they are
given it from here, where rendering is known, when the public face of Casewise is first used.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from assistant.grid import Grid
from assistant.markup import plain
from assistant.rendering import hit_text, source_line, understood_as
from assistant.types import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.grid import GridCell, GridRow
    from assistant.types import Citation, Statement

_BOX = "max-width:60em;line-height:1.5"
_QUIET = "opacity:.8;font-size:.9em"
_QUOTE = "margin:0;padding-left:.8em;border-left:3px solid currentColor"
_CELL = "text-align:left;vertical-align:top;padding:.4em .8em;border:1px solid currentColor"
_NEAREST = 3


def answer_html(answer: Answer) -> str:
    """Return an answer as HTML: the question, the sentences with their markers, then every quote and where it stands.

    Where there is no answer, the reason and the nearest passages.
    """
    understood = understood_as(answer)
    also = _element("p", f"Understood as: {escape(understood)}", _QUIET) if understood else ""
    shown = _answered(answer) if answer.answered else _refused(answer)
    return _element("div", _element("p", _bold(answer.question)) + also + shown, _BOX)


def grid_html(grid: Grid) -> str:
    """Return an evidence grid as HTML: a table with the quotes in its cells, then where each of them stands."""
    heads = "".join(
        _element("th", escape(head), _CELL, scope="col") for head in (grid.by.capitalize(), *grid.shown_columns)
    )
    rows = "".join(_element("tr", _row(grid, row)) for row in grid.shown_rows)
    reasons = "".join(_element("p", escape(reason)) for reason in grid.reasons.values())
    table = f'<table style="border-collapse:collapse">{_element("tr", heads)}{rows}</table>'
    sources = [f"[{one.citation.marker}] {source_line(one.citation)}" for one in grid.quotes]
    return _element(
        "div", _element("p", _bold(grid.question)) + reasons + table + _lines(sources, _QUIET), "line-height:1.5"
    )


def _answered(answer: Answer) -> str:
    said = [_statement(one) for one in answer.statements]
    said += [escape(f"{name}: no evidence found.") for name in answer.missing]
    body = "".join(_element("li", one) for one in said) if answer.is_list else " ".join(said)
    quotes = "".join(map(_citation, answer.citations))
    return _element("ul" if answer.is_list else "p", body) + quotes


def _refused(answer: Answer) -> str:
    nearest = [hit_text(hit) for hit in answer.passages[:_NEAREST]]
    heading = _element("p", "Nearest passages:", _QUIET) if nearest else ""
    return _element("p", escape(str(answer.reason))) + heading + _lines(nearest, _QUIET)


def _statement(one: Statement) -> str:
    """Return a sentence after whose it is, and before its markers."""
    heading = f"{_bold(one.heading)}: " if one.heading else ""
    markers = "".join(f"[{marker}]" for marker in one.markers)
    return f"{heading}{escape(one.text)} {_element('sup', markers)}"


def _citation(one: Citation) -> str:
    words = _element("blockquote", escape(plain(one.quote)), _QUOTE)
    return f"<div>[{one.marker}]{words}{_element('p', escape(source_line(one)), _QUIET)}</div>"


def _row(grid: Grid, row: GridRow) -> str:
    cells = "".join(_element("td", _cell(cell), _CELL) for cell in grid.shown_cells(row))
    return _element("th", escape(row.title), _CELL, scope="row") + cells


def _cell(cell: GridCell) -> str:
    if not cell.quotes:
        return _element("span", "no evidence", _QUIET)
    quotes = [f"{plain(one.citation.quote)} [{one.citation.marker}]" for one in cell.quotes]
    return "<br>".join(map(escape, quotes))


def _lines(lines: Sequence[str] | Iterable[str], style: str) -> str:
    return "".join(_element("p", escape(line), style) for line in lines)


def _bold(text: str) -> str:
    return _element("b", escape(text))


def _element(name: str, inside: str, style: str = "", **attributes: str) -> str:
    """Return an element of HTML; what stands inside is HTML already."""
    given = {**attributes, **({"style": style} if style else {})}
    written = "".join(f' {key}="{value}"' for key, value in given.items())
    return f"<{name}{written}>{inside}</{name}>"


def _give_displays() -> None:
    Answer._repr_html_ = answer_html  # type: ignore[attr-defined]  # notebooks look for it
    Grid._repr_html_ = grid_html  # type: ignore[attr-defined]  # notebooks look for it


_give_displays()
