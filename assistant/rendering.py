"""From an Answer or a Grid to what a face shows: JSON by the contract, and plain text for a terminal. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.types import Facet
from assistant.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.grid import Grid, GridCell, GridRow
    from assistant.types import Answer, Citation, Document, Hit, Passage, Span

Json = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    """Return an answer as a JSON object. Keys are a contract with other programs: they may be added, never changed."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answered": answer.answered,
        "reason": answer.reason,
        "answer": answer.answer,
        "sentences": [
            {"text": one.text, "markers": list(one.markers), "heading": one.heading} for one in answer.statements
        ],
        "missing": list(answer.missing),
        "is_list": answer.is_list,
        "citations": [citation_json(citation) for citation in answer.citations],
        "passages": [hit_json(hit) for hit in answer.passages],
        "rejected": [{"claim": rejection.claim, "reason": rejection.reason} for rejection in answer.rejected],
        "answerer": answer.answerer,
        "timings_ms": dict(answer.timings_ms),
        "note": answer.note,
    }


def hit_json(hit: Hit) -> Json:
    """Return a hit as a JSON object; ``signals`` say why it was found."""
    passage = hit.passage
    return {
        "id": passage.id,
        "document": passage.document,
        "spans": _spans_json(passage.spans),
        "score": round(hit.score, 4),
        "signals": {name: round(value, 4) for name, value in hit.signals.items()},
        "text": passage.text,
        "section": list(passage.section),
        "themes": list(passage.values(Facet.THEME)),
        "aspects": list(passage.values(Facet.ASPECT)),
        "cases": list(passage.values(Facet.CASE)),
    }


def citation_json(citation: Citation) -> Json:
    """Return a citation as a JSON object."""
    return {
        "marker": citation.marker,
        "document": citation.document,
        "spans": _spans_json(citation.spans),
        "quote": citation.quote,
        "section": list(citation.section),
        "themes": list(citation.themes),
        "aspects": list(citation.aspects),
        "cases": list(citation.cases),
        "pages": list(citation.pages),
    }


def document_json(document: Document) -> Json:
    """Return what a document says of itself as a JSON object, without its text; ``characters`` say how long that is."""
    return {
        "document": document.id,
        "title": document.title,
        "characters": len(document.text),
        "metadata": dict(document.metadata),
    }


def text_json(document: Document, span: Span | None = None) -> Json:
    """Return a document's text, or the part of it at a span, as a JSON object; ``characters`` say how long the whole is."""
    start, end = (span.start, span.end) if span else (0, len(document.text))
    return document_json(document) | {"start": start, "end": end, "text": document.text[start:end]}


def grid_json(grid: Grid) -> Json:
    """Return an evidence grid as a JSON object; its quotes have the keys of an answer's citations, and their ``strength``."""
    return {
        "question": grid.question,
        "by": grid.by.value,
        "filters": {facet.value: value for facet, value in grid.filters.items()},
        "columns": list(grid.columns),
        "rows": [_row_json(row) for row in grid.rows],
        "untagged": _row_json(grid.untagged) if grid.untagged else None,
        "reasons": dict(grid.reasons),
        "rejected": [{"claim": rejection.claim, "reason": rejection.reason} for rejection in grid.rejected],
        "timings_ms": dict(grid.timings_ms),
    }


def _row_json(row: GridRow) -> Json:
    cells = [_cell_json(cell) for cell in row.cells]
    return {
        "name": row.name,
        "title": row.title,
        "cells": cells,
        "untagged": _cell_json(row.untagged) if row.untagged else None,
    }


def _cell_json(cell: GridCell) -> Json:
    return {
        "row": cell.row,
        "column": cell.column,
        "evidence": bool(cell.quotes),
        "quotes": [citation_json(one.citation) | {"strength": round(one.strength, 4)} for one in cell.quotes],
    }


def understood_as(answer: Answer) -> str | None:
    """Return the question that was answered, where it has other words than the one asked: a follow-up's, say."""
    asked, answered = (words(text.casefold()) for text in (answer.question, answer.standalone_question))
    return None if asked == answered else answer.standalone_question


def answer_text(answer: Answer) -> str:
    """Return an answer as plain text: the answer, then its sources, or the reason why there is none and what comes nearest.

    A question that was answered in other words than it was asked in goes before them.
    """
    understood = understood_as(answer)
    return f"Understood as: {understood}\n\n{_told(answer)}" if understood else _told(answer)


def source_line(citation: Citation) -> str:
    """Return where a citation points, in a line: document, section, pages where it has them, and spans."""
    spans = ", ".join(f"{span.start}:{span.end}" for span in citation.spans)
    places = [citation.document, " › ".join(citation.section), on_pages(citation.pages), spans]
    return " · ".join(filter(None, places))


def on_pages(pages: Sequence[int]) -> str:
    """Return pages in words: "page 3", "pages 3, 4"; nothing where there are none."""
    return f"page{'s' * (len(pages) > 1)} {', '.join(map(str, pages))}" if pages else ""


def hit_text(hit: Hit) -> str:
    """Return a hit as one line: its words, then where they stand."""
    return f"{hit.passage.text} ({where(hit.passage)})"


def where(passage: Passage) -> str:
    """Return the place of a passage: its section path, or its document where it stands under no heading."""
    return " › ".join(passage.section) or passage.document


def _told(answer: Answer) -> str:
    if answer.answered:
        sources = "\n".join(f"[{citation.marker}] {source_line(citation)}" for citation in answer.citations)
        removed = "\n".join(f"- {one.claim} ({one.reason})" for one in answer.rejected)
        parts = [answer.answer, sources, answer.note, f"Removed:\n{removed}" if removed else None]
        return "\n\n".join(filter(None, parts))
    nearest = "\n".join(f"- {hit_text(hit)}" for hit in answer.passages[:3])
    return f"{answer.reason}\n\nNearest passages:\n{nearest}" if nearest else str(answer.reason)


def _spans_json(spans: Iterable[Span]) -> list[Json]:
    return [{"start": span.start, "end": span.end} for span in spans]
