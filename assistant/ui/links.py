"""Answers as a page writes them, and links to the words of a document as addresses carry them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from assistant.markup import plain
from assistant.rendering import on_pages, where
from assistant.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.types import Answer, Citation, Hit, Statement

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>$~:\"&^=-])")
_MADE_LATER = re.compile(
    r"(?<=:)(?=//|[a-z_]+[:/])|(?<=www)(?=\.)|(?=@)|(?<=-)(?=[->])|(?<=<)(?=-)|(?<=[<>~!])(?==)", re.IGNORECASE
)
_LIST_NUMBER = re.compile(r"\A(\d{1,9})([.)])")
_STEP = 8
"""How many words of an answer are sent at once: each time, all that was said so far is sent and drawn again."""
_NEAREST, _BEGINNING = 3, 200
"""How many passages a refusal points at, and how many characters of each it shows."""

NOWHERE: Mapping[str, str] = MappingProxyType({})
"""What an address says of a place that belongs to no answer."""

_SPANS = re.compile(r"\d{1,12}-\d{1,12}(?:\.\d{1,12}-\d{1,12})*")


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a document: what a citation points at."""

    document: str
    spans: tuple[Span, ...]


@lru_cache(maxsize=4_096)
def escaped(text: str) -> str:
    """Return text that the page shows as it is: nothing in it becomes a link, an image, a list, an icon, a formula or HTML.

    Some of that is made of text after Markdown was read; an invisible word joiner keeps it apart.
    """
    text = _MADE_LATER.sub("\u2060", " ".join(text.split()))
    return _LIST_NUMBER.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))


def address(place: Place, within: Mapping[str, str] = NOWHERE) -> str:
    """Return the query of a link that opens ``place``; ``within`` names the answer and conversation it belongs to."""
    return "?" + urlencode({"document": place.document, "spans": spans_written(place), **within})


def spans_written(place: Place) -> str:
    """Return the spans of a place as an address carries them."""
    return ".".join(f"{span.start}-{span.end}" for span in place.spans)


def place_of(query: Mapping[str, str]) -> Place | None:
    """Return the place that an address's query names; ``None`` where it names none."""
    document, spans = query.get("document", ""), query.get("spans", "")
    if not document or not _SPANS.fullmatch(spans):
        return None
    bounds = [tuple(map(int, part.split("-"))) for part in spans.split(".")]
    if not all(start < end for start, end in bounds):
        return None
    return Place(document, tuple(Span(start, end) for start, end in bounds))


def link(words: str, place: Place, tip: str, within: Mapping[str, str] = NOWHERE) -> str:
    """Return a Markdown link to ``place``, with ``tip`` shown on hover."""
    return f'[{escaped(words)}]({address(place, within)} "{escaped(tip)}")'


def citation_link(citation: Citation, within: Mapping[str, str] = NOWHERE) -> str:
    """Return the numbered link of a citation; hovering shows the words it rests on."""
    tip = f"{cited_place(citation)}: “{plain(citation.quote)}”"
    return link(f"[{citation.marker}]", Place(citation.document, citation.spans), tip, within)


def cited_place(citation: Citation) -> str:
    """Return where a citation points, for people: document, section, and pages where it has them."""
    return " · ".join(filter(None, [citation.document, " › ".join(citation.section), on_pages(citation.pages)]))


def copied(answer: Answer) -> str:
    """Return an answer as plain text to be pasted elsewhere: the question, what was said, and every source's own words."""
    asked = answer.question.strip()
    if not answer.answered:
        return f"{asked}\n\n{answer.reason}\n"
    sources = [f"[{one.marker}] “{plain(one.quote)}” {cited_place(one)}" for one in answer.citations]
    return "\n".join([asked, "", answer.answer, "", "Sources", *sources, ""])


def answer_markdown(answer: Answer, within: Mapping[str, str] = NOWHERE) -> str:
    """Return an answer as Markdown, its sentences followed by the links to their sources: a list, or a paragraph each.

    A sentence's heading is a bold label before it; what was asked about without evidence is muted, and comes last.
    """
    links = {citation.marker: citation_link(citation, within) for citation in answer.citations}
    lines = [_line(one, links) for one in answer.statements]
    silent = [f":gray[{_label(name)} no evidence found.]" for name in answer.missing]
    if answer.is_list:
        return "\n".join(f"- {line}" for line in [*lines, *silent])
    return "\n\n".join([*lines, *silent])


def refusal_markdown(answer: Answer, within: Mapping[str, str] = NOWHERE) -> str:
    """Return a refusal as Markdown: the reason, then links to the nearest passages, with how they begin."""
    reason = f"**{escaped(answer.reason or 'The library does not answer this.')}**"
    if not answer.passages:
        return reason
    nearest = "\n".join(f"- {_passage_line(hit, within)}" for hit in answer.passages[:_NEAREST])
    return f"{reason}\n\nThe nearest passages to look at:\n\n{nearest}"


def streamed(markdown: str) -> Iterator[str]:
    """Yield the Markdown of an answer a few words at a time; the links of a line come whole."""
    for line in markdown.split("\n"):
        said, bracket, links = line.partition(" [\\[")
        said_words = said.split(" ")
        *begun, last = (" ".join(said_words[at : at + _STEP]) for at in range(0, len(said_words), _STEP))
        yield from (f"{few} " for few in begun)
        yield f"{last}{bracket}{links}\n"


def shortened(text: str, characters: int) -> str:
    """Return how a text begins: whole words, at most ``characters`` of it, and an ellipsis where it goes on."""
    text = " ".join(text.split())
    return text if len(text) <= characters else f"{text[:characters].rsplit(' ', 1)[0]} …"


def _line(statement: Statement, links: Mapping[int, str]) -> str:
    label = [_label(statement.heading)] if statement.heading else []
    return " ".join([*label, escaped(statement.text), *(links[marker] for marker in statement.markers)])


def _label(name: str) -> str:
    return f"**{escaped(f'{name}:')}**"


def _passage_line(hit: Hit, within: Mapping[str, str]) -> str:
    passage = hit.passage
    place = Place(passage.document, passage.spans)
    begins = escaped(shortened(passage.text, _BEGINNING))
    return f"{link(where(passage), place, f'Read it in {passage.document}', within)}\\\n  {begins}"
