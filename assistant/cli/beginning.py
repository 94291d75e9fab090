"""The command that lays out a library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.shared import AsJson, dumped


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make; one that is there already will do.")],
    example: Annotated[
        bool,
        typer.Option("--example", help="With the documents and questions of the library that Casewise comes with."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Lay out a library of your own in a folder; nothing that is there is overwritten."""
    from assistant.beginning import CORPUS, begin

    written = begin(folder, example=example)
    if as_json:
        print(dumped({"written": [str(path) for path in written], "corpus": str(folder / CORPUS)}))
        return
    for path in written:
        print(f"written: {path}")
    then = "Then" if example else f'Put documents into "{folder / CORPUS}", then'
    print(f"{then}, in {folder}: casewise index")
