"""From a Document to its passages and their sentences, each with its spans in the document. Pure.

Structure comes first: a paragraph, a list item, a table's row or a footnote is a passage of its own, under its headings.
Only what is too long for the embedding model is split, between sentences where it can be.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from assistant.identity import has_guessed_title, passage_id
from assistant.markup import SUPERSCRIPTS, is_stressed, items, plain
from assistant.sentences import sentence_bounds
from assistant.spans import JOINT, cut, merge, quote
from assistant.types import BlockKind, Passage, Sentence, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.types import Block, Cell, Document

_PATH_JOINT = " > "
_LEAD_CHARACTERS = 150
"""How much of a list's lead its items carry: more would push their own words beyond what the model reads."""
_REFERENCE = re.compile(rf"(?:[{SUPERSCRIPTS}]++|\[\^[^\[\]\s]+\])(?!:)")
_MARK = re.compile(rf"\s*([{SUPERSCRIPTS}]+|\[\^[^\[\]\s]+\])")


def passages(document: Document, longest: int) -> list[Passage]:
    """Return the document's passages in its own order, none longer than ``longest`` characters of display text.

    A heading is no passage: it stands in the context of those below it.
    """
    found: list[Passage] = []
    lead = ""
    annotated = _annotated(document)
    for block in document.blocks:
        if block.kind is BlockKind.HEADING or _is_head_row(block):
            lead = ""
            continue
        sentences = _sentences(document.text, block, longest)
        context = _context(document, block, _leads_into(document, block, lead, annotated))
        found.extend(_passage(document, block, context, group) for group in _groups(sentences, longest))
        if block.kind is not BlockKind.LIST_ITEM:
            lead = sentences[-1].text if sentences and sentences[-1].text.endswith(":") else ""
    return found


def _leads_into(document: Document, block: Block, lead: str, annotated: Mapping[str, str]) -> str:
    """Return the words that a block belongs to: a list's lead, or what a footnote is a note to."""
    if block.kind is BlockKind.LIST_ITEM:
        return lead
    mark = _MARK.match(document.text, block.spans[0].start) if block.kind is BlockKind.FOOTNOTE else None
    return annotated.get(mark[1], "") if mark else ""


def _annotated(document: Document) -> dict[str, str]:
    """Return for every footnote mark the first sentence that carries it."""
    found: dict[str, str] = {}
    for block in document.blocks:
        words = quote(document.text, block.spans) if block.kind is not BlockKind.FOOTNOTE else ""
        marks: dict[str, int] = {}
        for match in _REFERENCE.finditer(words):
            marks.setdefault(match[0], match.end())
        bounds = list(sentence_bounds(words)) if marks.keys() - found.keys() else []
        said: dict[int, str] = {}  # each sentence once, however many marks it carries
        for mark in marks.keys() - found.keys():
            number = bisect_left(bounds, marks[mark], key=lambda bound: bound[1])
            if number < len(bounds) and number not in said:
                said[number] = plain(words[slice(*bounds[number])])
            found[mark] = said.get(number, "")
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int


def _sentences(text: str, block: Block, longest: int) -> list[Sentence]:
    return list(_row_sentences(text, block, longest) if block.cells else _prose(text, block.spans, longest))


def _prose(text: str, spans: Sequence[Span], longest: int) -> Iterator[Sentence]:
    words = quote(text, spans)
    offsets = list(accumulate((span.end - span.start + len(JOINT) for span in spans), initial=0))
    for start, end in sentence_bounds(words):
        for part in _short_parts(words, _Part(start, end), longest):
            first, last = bisect_right(offsets, part.start) - 1, bisect_left(offsets, part.end)
            display = plain(words[part.start : part.end])
            if display:
                base = offsets[first]
                cited = cut(spans[first:last], part.start - base, part.end - base)
                yield Sentence(cited, display, is_stressed(words[part.start : part.end]))


def _row_sentences(text: str, block: Block, longest: int) -> Iterator[Sentence]:
    """Yield a table's row as one statement; where that is too long, a statement a cell, or the cell's own sentences."""
    whole = statement(text, block.cells)
    if len(whole) <= longest:
        yield from [Sentence(block.spans, whole)] if whole else []
        return
    first, *rest = block.cells
    stated = [statement(text, (first, cell)) for cell in rest]
    if max(map(len, stated), default=longest + 1) > longest:
        yield from _prose(text, [first.body], longest)
    for cell, words in zip(rest, stated, strict=True):
        if len(words) > longest:
            yield from _prose(text, [cell.body], longest)
        elif cell.body.start < cell.body.end:
            spans = [span for span in (cell.head, first.body, cell.body) if span and span.start < span.end]
            yield Sentence(merge(spans), words)


def statement(text: str, cells: Sequence[Cell]) -> str:
    """Return the cells of a table's row as a sentence: its own head, then each cell after the head of its column."""
    subject = plain(text[cells[0].body.start : cells[0].body.end])
    values = "; ".join(value for cell in cells[1:] if (value := _cell(text, cell.head, cell.body)))
    said = " – ".join(part for part in (subject, values) if part)
    return said and f"{said.rstrip('.')}."


def _cell(text: str, head: Span | None, body: Span) -> str:
    value = "; ".join(items(text[body.start : body.end])).rstrip(".")
    return f"{plain(text[head.start : head.end])}: {value}" if head and value else value


def _is_head_row(block: Block) -> bool:
    return block.kind is BlockKind.TABLE_ROW and not block.cells


def _short_parts(words: str, part: _Part, longest: int) -> Iterator[_Part]:
    """Yield a sentence whole, or, where it alone is too long to embed, in parts."""
    if part.end - part.start <= longest:
        yield part
        return
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # takes half a second, and is seldom needed

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=longest,
        chunk_overlap=0,
        separators=["\n\n", "\n", "; ", ", ", " ", ""],
        keep_separator="end",
        add_start_index=True,
    )
    for chunk in splitter.create_documents([words[part.start : part.end]]):
        start = part.start + int(chunk.metadata["start_index"])
        yield _Part(start, start + len(chunk.page_content))


def _groups(sentences: Sequence[Sentence], longest: int) -> Iterator[tuple[Sentence, ...]]:
    """Yield consecutive sentences, as many as fit into a passage."""
    group: list[Sentence] = []
    length = 0
    for sentence in sentences:
        if group and length + len(sentence.text) > longest:
            yield tuple(group)
            group, length = [], 0
        group.append(sentence)
        length += len(sentence.text) + 1
    if group:
        yield tuple(group)


def _context(document: Document, block: Block, lead: str) -> str:
    title = "" if has_guessed_title(document) else document.title
    path = _PATH_JOINT.join(block.section) or title
    return "\n".join(filter(None, (path, lead[-_LEAD_CHARACTERS:])))


def _passage(document: Document, block: Block, context: str, sentences: tuple[Sentence, ...]) -> Passage:
    words = [span for sentence in sentences for span in sentence.spans]
    spans = merge(words) if block.cells else _between(block.spans, words[0].start, words[-1].end)
    text = " ".join(sentence.text for sentence in sentences)
    return Passage(
        passage_id(document.id, spans), document.id, block.kind, block.section, spans, text, context, sentences
    )


def _between(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Return the parts of ``spans``, which are in order, between two places of the document."""
    low = bisect_right(spans, start, key=lambda span: span.end)
    high = bisect_left(spans, end, key=lambda span: span.start)
    return tuple(Span(max(span.start, start), min(span.end, end)) for span in spans[low:high])
