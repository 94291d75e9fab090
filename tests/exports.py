"""Conversations made by hand, and what is read back of their exports with other people's readers."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn
from lxml import etree

from assistant.exchanges import Exchange
from assistant.exports.pieces import About
from assistant.types import Answer, BlockKind, Citation, Filters, Hit, Passage, Span, Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.text.paragraph import Paragraph

ABOUT = About("A conversation", "Notes on hubs", datetime(2026, 11, 23, 9, 5))
TITLES = {"hub.pdf": "The annual report", "notes.txt": "notes.txt"}
HOSTILE = (
    '<script>alert(1)</script> ]]> { INCLUDETEXT "c:/x" } ![a](https://x.example/i.png) [b](javascript:c) <img src=x>',
    "# 1. - > | www.example.org https://example.org a@b.example **b** _c_ `d` ~~e~~ $f$ &amp; &#60; \\( [^1]: x {#y}",
    "\x00\x01\x0b\x0c\x1b\ud800\udfff\ufffe\uffff\x85\u2028 a\r\nb\rc\td",
    "--- | ---",
    "1. one",
    "12) twelve",
    "+ plus",
    "===",
    "[^1]: note",
)


def citation(marker: int, quote: str, document: str = "hub.pdf", pages: tuple[int, ...] = (3, 4)) -> Citation:
    return Citation(marker, document, (Span(0, 1),), quote, ("Structures", "Enablers"), (), (), (), pages)


def answer(*statements: Statement, cited: Sequence[Citation] = (), **changed: object) -> Answer:
    given: dict[str, object] = {
        "question": "When did it open?",
        "standalone_question": "When did it open?",
        "answered": True,
        "reason": None,
        "statements": statements,
        "citations": tuple(cited),
        "passages": (),
        "rejected": (),
        "answerer": "extractive",
        "timings_ms": {},
    }
    return Answer(**(given | changed))  # type: ignore[arg-type]


def refusal(reason: str, *passages: str, section: tuple[str, ...] = ("Structures",)) -> Answer:
    hits = tuple(
        Hit(Passage(f"p{number}", "notes.txt", BlockKind.PARAGRAPH, section, (Span(0, 1),), text, "", ()), 0.5, {})
        for number, text in enumerate(passages)
    )
    return answer(answered=False, reason=reason, passages=hits)


def conversation() -> list[Exchange]:
    """Return a conversation with everything in it: a comparison, a follow-up, a refusal and a message."""
    compared = answer(
        Statement("It opened in May.", (1, 2), "Leeds"),
        Statement("It has 40 desks.", (1,)),
        cited=[citation(1, "The **hub**\topened\nin May"), citation(2, "It opened in May.", "notes.txt", ())],
        missing=("Harbour City",),
        is_list=True,
    )
    followed = answer(Statement("In 2020.", (1,)), cited=[citation(1, "in 2020", pages=(7,))], question="And before?")
    return [
        Exchange(
            "When did it open?", Filters(case="Leeds", theme="Structures"), compared, asked=datetime(2026, 11, 3, 9, 5)
        ),
        Exchange("And before?", Filters(), followed),
        Exchange(
            "What of Cardiff?", Filters(), refusal("The library holds no Cardiff.", "A passage. " * 60, "Another.")
        ),
        Exchange("🙂", Filters(), message="There are no words in this question."),
    ]


def parts(written: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(written)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def paragraphs(written: bytes) -> list[Paragraph]:
    return list(docx.Document(BytesIO(written)).paragraphs)


def footnotes(written: bytes) -> dict[str, str]:
    """Return the words of every footnote by its number, as lxml reads them; separators left out."""
    root = etree.fromstring(parts(written)["word/footnotes.xml"])
    return {note.get(qn("w:id")): _words(note) for note in root if note.get(qn("w:type")) is None}


def references(paragraph: Paragraph) -> list[str]:
    """Return the numbers of the footnotes that a paragraph points at."""
    return [one.get(qn("w:id")) for one in paragraph._p.iter(qn("w:footnoteReference"))]


def _words(note: etree._Element) -> str:
    marks = {qn("w:tab"): "\t"}
    return "".join(marks.get(one.tag, one.text or "") for one in note.iter(qn("w:t"), qn("w:tab")))
