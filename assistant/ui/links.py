"""Links to the words of a document, as pages write them and addresses carry them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from assistant.types import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.types import Answer, Citation

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>$~:\"&^=-])")
_MADE_LATER = re.compile(
    r"(?<=:)(?=//|[a-z_]+[:/])|(?<=www)(?=\.)|(?=@)|(?<=-)(?=[->])|(?<=<)(?=-)|(?<=[<>~!])(?==)", re.IGNORECASE
)
_LIST_NUMBER = re.compile(r"\A(\d{1,9})([.)])")
_SPANS = re.compile(r"\d{1,12}-\d{1,12}(?:\.\d{1,12}-\d{1,12})*")


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a document: what a citation points at."""

    document: str
    spans: tuple[Span, ...]


def escaped(text: str) -> str:
    """Return text that the page shows as it is: nothing in it becomes a link, an image, a list, an icon, a formula or HTML.

    Some of that is made of text after Markdown was read; an invisible word joiner keeps it apart.
    """
    text = _MADE_LATER.sub("\u2060", " ".join(text.split()))
    return _LIST_NUMBER.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))


def address(place: Place) -> str:
    """Return the query of a link that opens ``place``."""
    spans = ".".join(f"{span.start}-{span.end}" for span in place.spans)
    return "?" + urlencode({"document": place.document, "spans": spans})


def place_of(query: Mapping[str, str]) -> Place | None:
    """Return the place that an address's query names; ``None`` where it names none."""
    document, spans = query.get("document", ""), query.get("spans", "")
    if not document or not _SPANS.fullmatch(spans):
        return None
    bounds = [tuple(map(int, part.split("-"))) for part in spans.split(".")]
    if not all(start < end for start, end in bounds):
        return None
    return Place(document, tuple(Span(start, end) for start, end in bounds))


def link(words: str, place: Place, tip: str) -> str:
    """Return a Markdown link to ``place``, with ``tip`` shown on hover."""
    return f'[{escaped(words)}]({address(place)} "{escaped(tip)}")'


def citation_link(citation: Citation) -> str:
    """Return the numbered link of a citation; hovering shows the words it rests on."""
    where = " › ".join(citation.section) or citation.document
    return link(f"[{citation.marker}]", Place(citation.document, citation.spans), f"{where}: “{citation.quote}”")


def answer_markdown(answer: Answer) -> str:
    """Return an answer as Markdown: a paragraph a sentence, each followed by the links to its sources."""
    links = {citation.marker: citation_link(citation) for citation in answer.citations}
    return "\n\n".join(
        " ".join([escaped(one.text), *(links[marker] for marker in one.markers)]) for one in answer.statements
    )
