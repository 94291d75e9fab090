"""The command ``casewise``. Results go to standard output, everything else to standard error.

Exit codes: 0 done, 1 the job failed or a file was refused, 2 wrong usage. Commands parse, call and print; nothing is
decided here.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from assistant.cli.asking import ask, read, search
from assistant.cli.beginning import init
from assistant.cli.evaluating import evaluate
from assistant.cli.gridding import grid
from assistant.cli.keeping import check, index, serve
from assistant.cli.shared import fail
from assistant.cli.shells import for_the_shell
from assistant.cli.speaking import mcp
from assistant.errors import CasewiseError, UsageError

app = typer.Typer(
    name="casewise",
    help="Answers questions from a library of case studies, with the exact words behind every sentence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

for _command in (init, index, ask, search, grid, read, check, evaluate, serve, mcp):
    app.command()(_command)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(version("casewise"))
        raise typer.Exit


@app.callback()
def _casewise(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Do what is asked of every command."""


def main() -> None:
    """Run the command; an error of ours is one line on standard error and an exit code, never a traceback."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a pipe on Windows may not know every character
    try:
        with for_the_shell():
            app()
        sys.stdout.flush()
    except UsageError as error:
        fail(str(error), code=2)
    except CasewiseError as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("Stopped.", code=130)
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None
    except OSError as error:
        place = f'"{error.filename}"' if error.filename else "The output"
        fail(f"{place} cannot be used ({error.strerror or error}). Mend its permissions or free some space.")
