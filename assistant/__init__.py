"""Casewise: answers from a library of case studies, with the exact words behind every sentence.

from assistant import Assistant
library = Assistant.open("index")
answer = library.ask("What helped set up new courts quickly?")

A name is loaded when it is first asked for: the processes that read files need none of the models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from assistant.errors import CasewiseError
    from assistant.settings import Settings
    from assistant.types import Answer, Citation, Document, Hit, Passage, Span, Turn

__all__ = ["Answer", "Assistant", "CasewiseError", "Citation", "Document", "Hit", "Passage", "Settings", "Span", "Turn"]

_ELSEWHERE = {"Assistant": "conversation", "CasewiseError": "errors", "Settings": "settings"}
"""Where the public names stand that are not among the nouns."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'types')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
