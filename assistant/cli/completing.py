"""What Tab completes: the names of cases, themes, aspects and documents, as the index has them.

No model is loaded and no file verified, since Tab has to answer in an instant; without an index there is nothing to complete.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from assistant.cli.shells import ASKING
from assistant.errors import CasewiseError
from assistant.types import Facet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.taxonomy import Entry


class Offered(str):
    """What may be typed. It fits already: Typer passes over what has another case, or what the shell needs escaped."""

    __slots__ = ()

    def startswith(self, *_: Any) -> bool:
        """Tell that it fits."""
        return True


_BARE = re.compile(r"[^\w./@%+=:,-]")
_LONGEST_HELP = 70

Completions = list[tuple[str, str]]
"""What may stand in place of the word that is being typed, each with what the shell says of it."""


def case_names(context: typer.Context, incomplete: str) -> Completions:
    """Return the cases that go by a name that begins so."""
    return _entries(context, Facet.CASE, incomplete)


def theme_names(context: typer.Context, incomplete: str) -> Completions:
    """Return the themes that go by a name that begins so."""
    return _entries(context, Facet.THEME, incomplete)


def aspect_names(context: typer.Context, incomplete: str) -> Completions:
    """Return the aspects that go by a name that begins so."""
    return _entries(context, Facet.ASPECT, incomplete)


def document_names(context: typer.Context, incomplete: str) -> Completions:
    """Return the documents whose id begins so."""
    from assistant.generations import current, sealed_manifest

    with suppress(CasewiseError, OSError):
        manifest = sealed_manifest(current(_index(context)))
        names = sorted(document.id for segment in manifest.segments for document in segment.documents)
        return [(_for_the_shell(name), "") for name in names if _begins(name, incomplete)]
    return []


def _entries(context: typer.Context, facet: Facet, incomplete: str) -> Completions:
    from assistant.generations import current
    from assistant.taxonomy import load_taxonomy

    with suppress(CasewiseError, OSError):
        entries = load_taxonomy(current(_index(context))).entries[facet]
        return [found for entry in entries for found in _named(entry, incomplete)]
    return []


def _named(entry: Entry, incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the first name of an entry that begins so, if one does."""
    name = next((name for name in entry.names if _begins(name, incomplete)), None)
    if name is not None:
        yield _for_the_shell(name), entry.definition[:_LONGEST_HELP] if name == entry.name else entry.name


def _index(context: typer.Context) -> Path:
    given = context.params.get("index")
    if given:
        return Path(given).expanduser()  # a shell hands on what is typed as it is
    from assistant.settings import load_settings

    return load_settings().index


def _begins(name: str, incomplete: str) -> bool:
    return name.casefold().startswith(incomplete.casefold())


def _for_the_shell(value: str) -> Offered:
    """Return a value as it has to be typed: bash and PowerShell put it into the line as it is, others see to that themselves."""
    shell = os.environ.get(ASKING, "").removeprefix("complete_")
    if shell == "bash" and not _is_quoted():
        return Offered(_BARE.sub(r"\\\g<0>", value))
    if shell in ("powershell", "pwsh") and _BARE.search(value):
        return Offered("'{}'".format(value.replace("'", "''")))
    return Offered(value)


def _is_quoted() -> bool:
    """Tell whether bash completes a word that begins with a quotation mark."""
    words = os.environ.get("COMP_WORDS", "").split("\n")
    number = os.environ.get("COMP_CWORD", "")
    return number.isdecimal() and int(number) < len(words) and words[int(number)][:1] in {'"', "'"}
