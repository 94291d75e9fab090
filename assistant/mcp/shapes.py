"""What the tools return: the JSON of ``rendering``, typed, so that a client has a schema for it.

Keys may be added to that JSON; one that is not described here is passed on all the same.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """An object whose keys are described by the docstrings below them."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)


class SpanShape(Shape):
    """The characters [start, end) of a document's text."""

    start: int
    end: int


class TaggedShape(Shape):
    """Where some words stand in a document, and what they are about."""

    document: str
    """The document's id; `read` shows it."""

    spans: list[SpanShape]
    """Where the words stand in the document's text; several where a page break tore them apart."""

    section: list[str]
    """The headings that the words stand under."""

    themes: list[str]
    aspects: list[str]
    cases: list[str]


class CitationShape(TaggedShape):
    """The exact words that a sentence rests on."""

    marker: int
    """The number by which sentences point here: [1]."""

    quote: str
    """The document's own words at the spans, unchanged."""

    pages: list[int]


class QuoteShape(CitationShape):
    """A quote in a cell of a grid."""

    strength: float
    """How strongly it bears on the question, from 0 to 1."""


class PassageShape(TaggedShape):
    """A passage that was found."""

    id: str
    score: float
    """How near it is to the question, from 0 to 1."""

    signals: dict[str, float]
    text: str


class SentenceShape(Shape):
    """A sentence of an answer, and the markers of the citations that it rests on."""

    text: str
    markers: list[int]
    heading: str | None
    """Whose experience the sentence is, where it does not say so itself."""


class RejectionShape(Shape):
    """A sentence that was drafted and failed its check, and why."""

    claim: str
    reason: str


class AnswerShape(Shape):
    """An answer, every sentence with the words it rests on, or the reason why there is none."""

    question: str
    standalone_question: str
    """The question as it was understood, with what it left to earlier ones filled in."""

    answered: bool
    reason: str | None
    """Why the library does not answer the question, where it does not."""

    answer: str
    """The answer, with a marker such as [1] after every sentence; empty where there is none."""

    sentences: list[SentenceShape]
    missing: list[str]
    """What the question asked about without evidence in the library, such as a case."""

    is_list: bool
    citations: list[CitationShape]
    passages: list[PassageShape]
    """The passages nearest to the question."""

    rejected: list[RejectionShape]
    answerer: str
    timings_ms: dict[str, float]
    note: str | None
    """How the answer came about, where that is worth a line: why it is quoted although a language model is set, say."""


class FoundShape(Shape):
    """The passages nearest to a query, best first."""

    passages: list[PassageShape]


class CellShape(Shape):
    """What one row holds under one column."""

    row: str
    column: str
    evidence: bool
    quotes: list[QuoteShape]


class RowShape(Shape):
    """A case or a document: a cell for each column, in their order."""

    name: str
    title: str
    cells: list[CellShape]
    untagged: CellShape | None
    """What carries no theme, where the columns are themes."""


class GridShape(Shape):
    """A row for every case or document, whether it has evidence or not, and a column for every theme or question."""

    question: str
    by: Literal["case", "document"]
    filters: dict[str, str]
    columns: list[str]
    rows: list[RowShape]
    untagged: RowShape | None
    """What is of no case, where the rows are cases."""

    reasons: dict[str, str]
    """Which questions the library cannot be asked at all, and why."""

    rejected: list[RejectionShape]
    timings_ms: dict[str, float]


class DocumentShape(Shape):
    """A document of the library."""

    document: str
    """Its id: what `read` takes, and citations name."""

    title: str
    date: str
    format: str
    pages: int
    """How many pages it has; 0 for formats without pages."""

    passages: int
    cases: list[str]


class LibraryShape(Shape):
    """The documents of the library, and the names that filters take."""

    documents: list[DocumentShape]
    total: int
    """How many documents fit, of which these are a part."""

    unreadable: dict[str, str]
    """Files of the library that could not be read, and why."""

    cases: list[str]
    themes: list[str]
    aspects: list[str]


class TextShape(Shape):
    """A document's text, or a part of it."""

    document: str
    title: str
    start: int
    end: int
    """The text is that of the characters [start, end)."""

    characters: int
    """How many the whole document has; where `end` is less, the text goes on there."""

    text: str
