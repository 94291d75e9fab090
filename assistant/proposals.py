"""New cases: what a document seems to be about that the taxonomy does not know yet. A proposal, never a tag. Pure.

A document says so itself, in its front matter or its sidecar; or it mentions no known case, a proper name stands in its title or
a heading, and the text keeps coming back to that name and to no other as often. Rather no proposal than a silly one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.metadata import names
from assistant.spans import quote
from assistant.types import BlockKind, Facet
from assistant.words import FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assistant.taxonomy import Taxonomy
    from assistant.types import Document

_RETURNS = 3
"""How often the text must come back to a name of the title; once is enough where the title says that it is a case study."""

_HEADINGS = 50
_LONGEST_TITLE = 200
"""How many headings are looked at, and how long a line may be to be one: a document of any size takes a moment."""

_JOINTS = "of|and|the|for|in|on|&|de|du|la|le"
_CAPITAL = r"(?:[A-Z][\w’'&-]*)"
_NAME = re.compile(rf"{_CAPITAL}(?:\s+(?:(?:{_JOINTS})\s+){{0,2}}{_CAPITAL})*")
_SAID_TO_BE = re.compile(
    r"(?:case[ -]study(?:\s+\w{1,3})?\s*[:–—-]\s*(?P<after>.+)|(?P<before>.+?)\s*(?:[:–—-]\s*)?(?:a\s+)?case[ -]study)\s*\Z",
    re.IGNORECASE,
)
_KIND = (
    "academy|alliance|board|centre|center|club|college|community|communities|company|council|courts?|factory|forum|foundation"
    "|fund|group|hospital|hubs?|initiative|institute|library|network|partnership|pharmacy|pilot|programme|program|project"
    "|school|scheme|service|services|society|strategy|taskforces?|team|trust|union|unit|university|wardens?"
)
_ENDS_IN_KIND = re.compile(rf"\b(?:{_KIND})\Z", re.IGNORECASE)
_AUTHORSHIP = re.compile(
    r"(?:\b(?:by|author|authors|with|from|mr|mrs|ms|dr|prof|professor|sir|dame|lord|lady)\.?:?\s+)\Z", re.IGNORECASE
)
_MONTHS = "january february march april may june july august september october november december"
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_PARTS = """
    abbreviations abstract acknowledgements aims analysis annex annual appendix approach background brief briefing case chapter
    conclusion conclusions contents context contributors data discussion draft edition evaluation evidence example executive
    figure final findings foreword further future glossary guide guidance impact insights interim interview introduction issue
    key learning lessons literature method methodology methods new next note notes outline outlook overview paper part plan
    plans preface progress recommendations references report research results review section sources steps studies study
    summary synthesis table technical the themes update version volume work working
"""
_EMPTY = frozenset(f"{_MONTHS} {_DAYS} {_PARTS}".split()) | FUNCTION_WORDS
"""Words that make no name, however they are put together: "Executive Summary", "March", "Lessons and Next Steps"."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case to add, the documents that are about it, and what to ask a person."""

    name: str
    documents: tuple[str, ...]
    reason: str


def gathered(found: Mapping[str, str]) -> list[Proposal]:
    """Return one proposal for each name, from the name that each document gives; names differ in more than their case."""
    documents: defaultdict[str, list[str]] = defaultdict(list)
    spelt: dict[str, str] = {}
    for document, name in found.items():
        spelt.setdefault(name.casefold(), name)
        documents[name.casefold()].append(document)
    return [
        Proposal(spelt[key], tuple(ids), f"Looks like a new case: *{spelt[key]}*. Add it?")
        for key, ids in documents.items()
    ]


def proposal(document: Document, taxonomy: Taxonomy) -> str | None:
    """Return the name of a case that the document is about and that the taxonomy does not know, or ``None``."""
    given = names(document.metadata, Facet.CASE)
    unknown = [name for name in given if taxonomy.known(Facet.CASE, name) is None]
    if given or taxonomy.mentioned(Facet.CASE, f"{document.title}\n{document.text}"):
        return unknown[0] if unknown else None
    body = _body(document)
    returned_to = Counter(match[0] for match in _NAME.finditer(body))
    headings = [quote(document.text, block.spans) for block in document.blocks if block.kind is BlockKind.HEADING]
    titles = [words for words in (document.title, *headings[:_HEADINGS]) if len(words) <= _LONGEST_TITLE]
    possible = dict.fromkeys(found for words in titles for found in _names_in(words))
    return next((name for name, needed in possible if _is_subject(name, needed, body, returned_to)), None)


def unknown(metadata: Mapping[str, str], taxonomy: Taxonomy) -> list[tuple[Facet, str]]:
    """Return the themes, aspects and cases that a document is given and that the taxonomy does not know; they give no tag."""
    return [(facet, name) for facet in Facet for name in names(metadata, facet) if taxonomy.known(facet, name) is None]


def _body(document: Document) -> str:
    """Return the words of a document without its headings, folded."""
    blocks = (block for block in document.blocks if block.kind is not BlockKind.HEADING)
    return "\n".join(" ".join(quote(document.text, block.spans).split()) for block in blocks)


def _names_in(title: str) -> Iterator[tuple[str, int]]:
    """Yield the names in a title or heading, each with how often the text must return to it; what is said to be a case first."""
    said = _SAID_TO_BE.match(title.strip())
    subject = next(filter(None, said.groups()), "") if said else ""
    for text, needed in ((subject, 1), (title, _RETURNS)):
        for match in _NAME.finditer(text):
            name = re.sub(r"[’']s?\Z", "", _without_opening(match[0]))
            if _is_name(name) and not _AUTHORSHIP.search(text[: match.start()]):
                yield name, needed


def _without_opening(run: str) -> str:
    """Return a run of capitals without the small words it opens with: "How the Hub" is about the Hub."""
    said = run.split()
    while said and said[0].casefold() in FUNCTION_WORDS:
        said.pop(0)
    return " ".join(said)


def _is_name(name: str) -> bool:
    """Tell whether words may name a case: several of them, and more than the parts of a document, months or numbers."""
    said = name.split()
    return len(said) > 1 and any(word.casefold() not in _EMPTY and not word.isdigit() for word in said)


def _is_subject(name: str, needed: int, body: str, returned_to: Counter[str]) -> bool:
    """Tell whether a text is about a name: it returns to it often enough, to no other as often, and it is no person's."""
    if body.count(name) < needed:
        return False
    pattern = re.escape(name)
    times = len(re.findall(rf"(?<!\w){pattern}(?!\w)", body))
    as_often = [
        other for other, count in returned_to.items() if count >= times and _is_name(other) and name not in other
    ]
    is_thing = _ENDS_IN_KIND.search(name) or re.search(rf"\b[Tt]he {pattern}\b|\b{pattern} (?:{_KIND})\b", body)
    return times >= needed and not as_often and bool(is_thing)
