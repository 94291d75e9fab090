"""Casewise: answers from a library of case studies, with the exact words behind every sentence.

from assistant import Assistant
with Assistant.open("index") as library:
    answer = library.ask("What helped set up new courts quickly?")

Public are the names of ``__all__`` here, and what the modules ``assistant.types``, ``assistant.errors``, ``assistant.settings``
and ``assistant.langchain`` define without an underscore: they change by Semantic Versioning. Every other module is internal,
whatever it is called, and so is all that stands in one (PEP 8): it may change at any time. Documentation shows what is public,
and nothing else.

A name is loaded when it is first asked for: the processes that read files need none of the models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answering import Listener
    from assistant.building import Progress
    from assistant.conversation import Assistant
    from assistant.embeddings import Embedder, ModelIdentity
    from assistant.errors import CasewiseError
    from assistant.frames import to_pandas
    from assistant.grid import By, Grid, GridCell, GridQuote, GridRow
    from assistant.settings import Settings
    from assistant.types import Answer, Citation, Document, Filters, Hit, Passage, Span, Turn

__all__ = [
    "Answer",
    "Assistant",
    "By",
    "CasewiseError",
    "Citation",
    "Document",
    "Embedder",
    "Filters",
    "Grid",
    "GridCell",
    "GridQuote",
    "GridRow",
    "Hit",
    "Listener",
    "ModelIdentity",
    "Passage",
    "Progress",
    "Settings",
    "Span",
    "Turn",
    "to_pandas",
]

_ELSEWHERE = {
    "Assistant": "conversation",
    "CasewiseError": "errors",
    "Listener": "answering",
    "Progress": "building",
    "Settings": "settings",
    "to_pandas": "frames",
    **dict.fromkeys(("Embedder", "ModelIdentity"), "embeddings"),
    **dict.fromkeys(("By", "Grid", "GridCell", "GridQuote", "GridRow"), "grid"),
}
"""Where the public names stand that are not among the nouns."""

_DISPLAYED = ("Assistant", "Answer", "Grid")
"""Names by which somebody comes to have what a notebook can show."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'types')}"), name)
    if name in _DISPLAYED:
        import_module(f"{__name__}.notebooks")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
