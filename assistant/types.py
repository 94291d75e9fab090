"""The nouns: what Casewise reads, keeps, finds and answers with.

Read this module first. A document's ``text`` is what its reader took from the file, untouched; everything else points
into it by spans. Nouns are frozen: a change makes a new value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The code points ``[start, end)`` of a document's text."""

    start: int
    end: int


class BlockKind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    TABLE_ROW = "table row"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row, with the head of its column where the table has one."""

    head: Span | None
    body: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table row or footnote, and the headings it stands under.

    ``spans`` are several where a page break tore the block apart. ``cells`` are a table row's, first the row's own head.
    A heading's ``section`` ends with the heading itself.
    """

    kind: BlockKind
    spans: tuple[Span, ...]
    section: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class PageStart:
    """From the code point ``start`` on, and until the next of these, a text stands on a page. Pages count from 1."""

    start: int
    page: int


@dataclass(frozen=True, slots=True)
class Document:
    """A source document as it was read. ``id`` is its path below the corpus folder, with forward slashes.

    ``pages`` are in the order of the text, for formats that have pages. A footnote set apart, or a paragraph that goes on
    overleaf, may send the text back to an earlier page.
    """

    id: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[PageStart, ...] = ()


class Facet(StrEnum):
    """The three ways in which passages are tagged and filtered."""

    THEME = "theme"
    ASPECT = "aspect"
    CASE = "case"


class Origin(StrEnum):
    """Where a tag came from."""

    HEADING = "heading"
    MENTION = "mention"
    MODEL = "model"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Tag:
    """A theme, aspect or case of a passage. ``confidence`` is a probability, 1.0 unless a model gave the tag."""

    facet: Facet
    value: str
    origin: Origin
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest thing that is quoted. ``text`` is for display: halves joined, markup and footnote marks gone.

    ``stressed`` sentences hold words that the document sets in bold.
    """

    spans: tuple[Span, ...]
    text: str
    stressed: bool = False


def embedded_text(context: str, text: str) -> str:
    """Return what is embedded and searched of a passage: where it stands, then what it says."""
    return f"{context}\n{text}" if context else text


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved: consecutive words of one section, its tags and its sentences.

    ``context`` says where the passage stands: its section path, and the words that lead into a list. It is embedded and
    searched with the text, and never displayed.
    """

    id: str
    document: str
    kind: BlockKind
    section: tuple[str, ...]
    spans: tuple[Span, ...]
    text: str
    context: str
    sentences: tuple[Sentence, ...]
    tags: tuple[Tag, ...] = ()

    @property
    def embedded_text(self) -> str:
        """What is embedded and searched; see ``embedded_text``."""
        return embedded_text(self.context, self.text)

    def values(self, facet: Facet) -> tuple[str, ...]:
        """Return the passage's tags of one facet, in the order in which they were given."""
        return tuple(tag.value for tag in self.tags if tag.facet is facet)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is held to. ``None`` is no filter; names are the taxonomy's own."""

    theme: str | None = None
    aspect: str | None = None
    case: str | None = None

    def items(self) -> tuple[tuple[Facet, str], ...]:
        """Return the filters that are set, as pairs of facet and value."""
        pairs = ((Facet.THEME, self.theme), (Facet.ASPECT, self.aspect), (Facet.CASE, self.case))
        return tuple((facet, value) for facet, value in pairs if value is not None)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, its score in [0, 1] and the signals that made it."""

    passage: Passage
    score: float
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a hit, weighed against the question: its score and the signals that made it."""

    sentence: Sentence
    hit: Hit
    score: float
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Calculation:
    """A figure worked out from cited ones. ``operator`` is "+", "−", "average", "share" or "count".

    A share is that of the first operand in the sum of the others, in percent; a count is that of the items of the cited list.
    """

    label: str
    operator: str
    operands: tuple[float, ...]
    result: float


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a drafted answer and the sentences it rests on.

    ``heading`` says whose it is; a ``calculation`` has no words, and words of its own have what their evidence is ``about``.
    """

    text: str
    evidence: tuple[Evidence, ...]
    heading: str | None = None
    calculation: Calculation | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer proposes: claims to be checked, or the reason why there are none; and what it took back itself."""

    claims: tuple[Claim, ...]
    reason: str | None = None
    missing: tuple[str, ...] = ()
    is_list: bool = False
    rejected: tuple[Rejection, ...] = ()
    note: str | None = None
    written_by: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words that a sentence of an answer rests on, and the pages they stand on where the document has pages.

    ``quote`` is the document's text at ``spans``.
    """

    marker: int
    document: str
    spans: tuple[Span, ...]
    quote: str
    section: tuple[str, ...]
    themes: tuple[str, ...]
    aspects: tuple[str, ...]
    cases: tuple[str, ...]
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer as it is displayed, the markers of the citations it rests on, and whose it is."""

    text: str
    markers: tuple[int, ...]
    heading: str | None = None

    @property
    def line(self) -> str:
        """The sentence as it stands in an answer: after its heading, before its markers."""
        said = f"{self.heading}: {self.text}" if self.heading else self.text
        return f"{said} {''.join(f'[{marker}]' for marker in self.markers)}"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A drafted claim that did not survive the check, and why."""

    claim: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``ask`` returns. Where ``answered`` is false, ``citations`` is empty and ``reason`` says what is missing.

    ``missing`` names what was asked about without evidence, ``note`` how the answer came about.
    """

    question: str
    standalone_question: str
    answered: bool
    reason: str | None
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    rejected: tuple[Rejection, ...]
    answerer: str
    timings_ms: Mapping[str, float]
    missing: tuple[str, ...] = ()
    is_list: bool = False
    note: str | None = None

    @property
    def answer(self) -> str:
        """The answer as one text, every sentence followed by its markers; a list has a line for each."""
        silent = [f"{name}: no evidence found." for name in self.missing]
        lines = [statement.line for statement in self.statements]
        return ("\n" if self.is_list else " ").join([*lines, *silent])


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation and its answer."""

    question: str
    answer: Answer
