"""How results look on a terminal: no wider than reads well, with markers and sources set off. Elsewhere they are as they are."""

from __future__ import annotations

import os
import re
import shutil
import sys
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_WIDEST, _NARROWEST = 100, 40
_PIPED = 110
_MARKER = re.compile(r"\[\d+\]")
_SOURCE = re.compile(r"(?:\[\d+\]|-) ")
_NUMBERED = re.compile(r"\d+\. ")
_DIM, _CYAN, _PLAIN = "\033[2m", "\033[36m", "\033[0m"


def show(text: str) -> None:
    """Print a text that is made of lines: wrapped on a terminal, and in colour where that may be."""
    print(on_terminal(text, width(), coloured=has_colour()) if sys.stdout.isatty() else text)


def width() -> int:
    """Return how many characters a line may have: as many as the terminal takes, but no more than are easy to read."""
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))


def has_colour() -> bool:
    """Tell whether standard output is a terminal that takes colour, and nobody has asked for none (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def console() -> Console:
    """Return what tables are printed to: as wide as the terminal, and without colour, bold or dim where nobody wants them."""
    from rich.console import Console

    made = Console(color_system="auto" if has_colour() else None)
    if not made.is_terminal:
        made.width = _PIPED  # a file or a pipe has no width to keep to
    return made


def on_terminal(text: str, width: int, *, coloured: bool) -> str:
    """Return a text of lines with each of them wrapped; the markers coloured, and the lines that only name a source dimmed."""
    lines = [shown for line in text.split("\n") for shown in _wrapped(line, width, coloured=coloured)]
    return "\n".join(lines)


def _wrapped(line: str, width: int, *, coloured: bool) -> list[str]:
    source = _SOURCE.match(line)
    opening = source or _NUMBERED.match(line)
    indent = " " * len(opening[0]) if opening else ""
    lines = wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]
    if not coloured:
        return lines
    if source:
        return [f"{_DIM}{one}{_PLAIN}" for one in lines]
    return [_MARKER.sub(rf"{_CYAN}\g<0>{_PLAIN}", one) for one in lines]
