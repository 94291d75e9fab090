"""The conversation that ``casewise ask`` holds where it is given no question: a question a line, each after those before it."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import TextIOWrapper
from typing import TYPE_CHECKING

from assistant.cli.shared import say
from assistant.errors import UsageError
from assistant.exchanges import Exchange, turns_of
from assistant.types import Facet, Filters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.conversation import Assistant
    from assistant.types import Answer

HELP = """\
Ask a question, or one that leans on those before it. An empty line or Ctrl-D ends the conversation.
  /case NAME, /theme NAME, /aspect NAME   ask only about that; without a name, no longer
  /all                                    take every filter away
  /new                                    forget the questions before
  /help                                   show this"""

_PROMPT = "> "


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation so far: what came of its questions, from where they are remembered, its filters, and what went wrong."""

    filters: Filters = field(default_factory=Filters)
    exchanges: tuple[Exchange, ...] = ()
    remembered_from: int = 0
    faults: int = 0


def converse(library: Assistant, filters: Filters, show: Callable[[Answer], None], answerer: str | None = None) -> Talk:
    """Answer what is typed, or comes down a pipe, until it ends; ``show`` prints each answer. A fault ends nothing.

    ``answerer`` is who writes, as for ``Assistant.ask``.
    """
    talk = Talk(filters)
    for line in _lines():
        try:
            talk = _told(library, talk, line) if line.startswith("/") else _asked(library, talk, line, show, answerer)
        except UsageError as error:
            say(str(error))
            talk = replace(talk, faults=talk.faults + 1)
    return talk


def is_typed() -> bool:
    """Tell whether somebody sits at standard input."""
    return sys.stdin.isatty()


def _asked(library: Assistant, talk: Talk, question: str, show: Callable[[Answer], None], answerer: str | None) -> Talk:
    history = turns_of(talk.exchanges[talk.remembered_from :])
    held = talk.filters
    answer = library.ask(question, history, case=held.case, theme=held.theme, aspect=held.aspect, answerer=answerer)
    show(answer)
    exchange = Exchange(question, talk.filters, answer, asked=datetime.now().astimezone())
    return replace(talk, exchanges=(*talk.exchanges, exchange))


def _told(library: Assistant, talk: Talk, line: str) -> Talk:
    """Do what a line that begins with a slash says."""
    command, _, name = line[1:].partition(" ")
    match command:
        case "case" | "theme" | "aspect":
            return _held_to(library, talk, Facet(command), name.strip())
        case "all":
            say("Asking of the whole library.")
            return replace(talk, filters=Filters())
        case "new":
            say("The questions before are forgotten.")
            return replace(talk, remembered_from=len(talk.exchanges))
        case "help":
            say(HELP)
            return talk
    raise UsageError(f'There is no "/{command}". There are: /case, /theme, /aspect, /all, /new, /help.')


def _held_to(library: Assistant, talk: Talk, facet: Facet, name: str) -> Talk:
    resolved = library.index.taxonomy.resolve(facet, name) if name else None
    filters = replace(talk.filters, **{facet.value: resolved})
    held = ", ".join(f"the {one} “{value}”" for one, value in filters.items())
    say(f"Asking only about {held}." if held else "Asking of the whole library.")
    return replace(talk, filters=filters)


def _lines() -> Iterator[str]:
    """Yield what is asked, a line each. An empty line ends what is typed, and is passed over in what is piped."""
    if not is_typed():
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        yield from filter(None, map(str.strip, sys.stdin))
        return
    with suppress(ImportError):
        import readline  # noqa: F401 - with it, lines can be edited and come again
    say("Ask a question. /help says what else can be typed, an empty line ends.")
    while line := _typed():
        yield line


def _typed() -> str:
    """Return the line that is typed next; an empty one at the end of the input. The prompt is no result."""
    try:
        if sys.stdout.isatty():
            return input(_PROMPT).strip()
        print(_PROMPT, end="", file=sys.stderr, flush=True)
        return input().strip()
    except EOFError:
        say("")
        return ""
