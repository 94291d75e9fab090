"""The command that lays out the evidence on a question, and how it looks on a terminal."""

from __future__ import annotations

from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.shared import AsJson, Aspect, Case, Corpus, Index, Theme, dumped, open_library, say
from assistant.cli.terminal import console
from assistant.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table
    from rich.text import Text

    from assistant.grid import Grid, GridCell

_CONTROL = {number: " " for number in (*range(32), *range(127, 160)) if number != ord("\n")}


def grid(
    question: Annotated[str, typer.Argument(help="The question, in plain English.")],
    by: Annotated[str, typer.Option("--by", help="What has a row each: case or document.")] = "case",
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column", help="Another question: columns are then the questions, not the themes. May be repeated."
        ),
    ] = None,
    case: Case = None,
    theme: Theme = None,
    aspect: Aspect = None,
    as_json: AsJson = False,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write an Excel workbook to this file.")] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Lay out the evidence on a question: a row for every case or document, a column for every theme."""
    from assistant.grid import by_name
    from assistant.rendering import grid_json

    if as_json and xlsx:
        raise UsageError("Leave out --json or --xlsx: a grid is written in one of them.")
    by_name(by)
    library = open_library(corpus, index)
    found = library.grid(question, by=by, columns=column or (), case=case, theme=theme, aspect=aspect)
    if xlsx:
        from assistant.exports.excel import workbook

        xlsx.write_bytes(workbook(found))
        say(f"Wrote {xlsx}.")
    elif as_json:
        print(dumped(grid_json(found)))
    else:
        _show(found)


def _show(found: Grid) -> None:
    out = console()
    for reason in found.reasons.values():
        out.print(_text(reason, "bold"))
    for letter, question in _lettered(found).items():
        out.print(_text(f"{letter}  {question}"))
    out.print(_table(found))
    for line in _quotes(found):
        out.print(line)


def _lettered(found: Grid) -> dict[str, str]:
    """Return the questions that head columns by the letters that stand for them; nothing where themes do."""
    return dict(zip(_letters(len(found.columns)), found.columns, strict=True)) if _asks_several(found) else {}


def _asks_several(found: Grid) -> bool:
    return found.question in found.columns


def _letters(count: int) -> list[str]:
    return [ascii_uppercase[number] if number < len(ascii_uppercase) else str(number + 1) for number in range(count)]


def _table(found: Grid) -> Table:
    from rich.table import Table

    table = Table(show_lines=False)
    table.add_column(_text(found.by.value.capitalize()), ratio=2, overflow="fold")
    for head in list(_lettered(found)) or found.shown_columns:
        table.add_column(_text(head), overflow="fold", min_width=5)
    for row in found.shown_rows:
        table.add_row(_text(row.title, "bold"), *map(_summary, found.shown_cells(row)))
    return table


def _summary(cell: GridCell) -> Text:
    """Return what a cell holds in a few characters: the numbers of its quotes, and how strong the strongest is."""
    if not cell.quotes:
        return _text("no evidence", "dim")
    markers = "".join(f"[{one.citation.marker}]" for one in cell.quotes)
    return _text(f"{markers} {cell.strength:.2f}")


def _quotes(found: Grid) -> Iterator[Text]:
    from assistant.markup import plain
    from assistant.rendering import source_line

    for one in found.quotes:
        yield _text(f"\n[{one.citation.marker}] {plain(one.citation.quote)}")
        yield _text(f"    {source_line(one.citation)}", "dim")


def _text(words: str, style: str = "") -> Text:
    """Return words as they are: nothing in them is markup, or moves the cursor."""
    from rich.text import Text

    return Text(words.translate(_CONTROL), style)
