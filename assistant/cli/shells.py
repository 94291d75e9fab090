"""What Tab needs of each shell beside what Typer does for it: the = between an option and its value, any case, apostrophes."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKING = "_CASEWISE_COMPLETE"
"""The variable by which a shell asks for completions, and says which shell it is."""

_LINE = "_TYPER_COMPLETE_ARGS"
_JOINED = re.compile(r"""(?<!\S)(--[\w-]+=)(?:"[^"]*|'[^']*|(?:\\.|[^\s\\])*)\Z""")
_ARGUMENTS, _IN_ANY_CASE = "_arguments ", "_arguments -M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}' "


@contextmanager
def for_the_shell() -> Iterator[None]:
    """Print completions as the shell needs them that asks for them. Where none asks, nothing is done."""
    shell = os.environ.get(ASKING, "").removeprefix("complete_")
    if shell == "bash":
        _without_signs(os.environ)
    if shell not in ("fish", "zsh"):
        yield
        return
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            yield
    finally:
        print(_written(shell, printed.getvalue(), os.environ.get(_LINE, "")), end="")


def _without_signs(variables: os._Environ[str]) -> None:
    """Take out each = between an option and its value, which bash takes for a word; one that ends the line stays."""
    words, number = variables.get("COMP_WORDS", "").split("\n"), int(variables.get("COMP_CWORD", "0"))
    kept = [
        place
        for place, word in enumerate(words)
        if not (word == "=" and 0 < place < number and words[place - 1].startswith("--"))
    ]
    variables["COMP_WORDS"] = "\n".join(words[place] for place in kept)
    variables["COMP_CWORD"] = str(sum(place < number for place in kept))


def _written(shell: str, printed: str, line: str) -> str:
    """Return what Typer printed, for a line whose last word may be an option with its value: ``--case=Nig``."""
    joined = _JOINED.search(line)
    if shell == "fish":  # it puts what is offered in place of the whole word
        return "".join(f"{joined[1]}{one}\n" for one in printed.splitlines() if one) if joined else printed
    value_alone = "compset -P '--*='; " if joined else ""
    return value_alone + printed.replace("''", r"'\''").replace(_ARGUMENTS, _IN_ANY_CASE, 1)
