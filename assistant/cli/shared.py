"""What the commands share: options, the library they open, and how they speak.

Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assistant.cli.completing import aspect_names, case_names, theme_names
from assistant.errors import CasewiseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from assistant.building import Progress
    from assistant.conversation import Assistant
    from assistant.settings import Settings

Corpus = Annotated[Path | None, typer.Option("--corpus", help="The folder with the documents.", show_default="corpus")]
Index = Annotated[Path | None, typer.Option("--index", help="The folder with the index.", show_default="index")]
Case = Annotated[
    str | None,
    typer.Option("--case", help="Only this case: any unambiguous part of one of its names.", autocompletion=case_names),
]
Theme = Annotated[str | None, typer.Option("--theme", help="Only this theme.", autocompletion=theme_names)]
Aspect = Annotated[
    str | None, typer.Option("--aspect", help="Only this aspect: challenge or enabler.", autocompletion=aspect_names)
]
Answerer = Annotated[
    str | None,
    typer.Option(
        "--answerer",
        help="Who writes the answer: extractive quotes, generative is a language model, held to the sources.",
        show_default="generative where a language model is configured",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def check_answerer(name: str | None) -> None:
    """Make sure that there is an answerer of this name, before anything is loaded.

    Raises:
        UsageError: there is none, or no language model.
    """
    from assistant.answering.choosing import chosen
    from assistant.settings import load_settings

    chosen(name, load_settings())


def chosen_settings(corpus: Path | None, index: Path | None) -> Settings:
    """Return the settings, with the folders that the command names."""
    from assistant.conversation import with_folders
    from assistant.settings import load_settings

    return with_folders(load_settings(), index, corpus)


def open_library(corpus: Path | None, index: Path | None) -> Assistant:
    """Open the library; say so where its corpus has changed since it was indexed."""
    from assistant.changes import is_stale
    from assistant.conversation import Assistant

    settings = chosen_settings(corpus, index)
    with shown_progress() as progress:
        library = Assistant.open(settings=settings, progress=progress)
    with suppress(CasewiseError):  # whatever is wrong with the corpus, the index can still be asked
        if settings.corpus.is_dir() and is_stale(settings, library.index.manifest):
            say('The corpus has changed since the index was built. Run "casewise index" to rebuild it.')
    return library


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Show stages as bars on standard error while they last; where there is nothing to tell, nothing is loaded for it."""
    bars = _Bars()
    try:
        yield bars
    finally:
        bars.stop()


class _Bars:
    """A bar a stage, from the first that is told."""

    def __init__(self) -> None:
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        self._bars.start()
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)

    def stop(self) -> None:
        if self._tasks:
            self._bars.stop()

    @cached_property
    def _bars(self) -> Bars:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        return Progress(*columns, console=Console(stderr=True))


def dumped(value: object) -> str:
    """Return a value as JSON for people to read."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def say(message: str) -> None:
    """Print a line to standard error."""
    print(message, file=sys.stderr)


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what went wrong, and end with an exit code."""
    say(f"casewise: {message}")
    raise SystemExit(code)
