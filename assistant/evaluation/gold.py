"""Whether what is cited holds what a question set asks for. Pure.

Gold is verbatim text of a document; a stretch of white space in it stands for any other. It is covered where every
character of one of its occurrences that is not white space lies within the cited spans of that document; what stands
between the halves of a torn sentence is not cited, so gold that runs across a tear is looked for in the quote instead.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.spans import is_blank, merge, quote
from assistant.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.types import Citation, Document

Piece = tuple[str, ...]
"""The alternatives of one piece of gold: any one of them will do."""

FIRST_QUOTE_WORDS = 60
"""How long the first quote may be and still count as an answer."""


def covered(piece: Piece, citations: Sequence[Citation], documents: Mapping[str, Document]) -> bool:
    """Tell whether some alternative of a piece lies wholly within what is cited of one document."""
    return any(_is_cited(alternative, citations, documents) for alternative in piece)


def first_is_right(gold: Sequence[Piece], citations: Sequence[Citation], documents: Mapping[str, Document]) -> bool:
    """Tell whether the first citation alone covers a piece of gold, in at most ``FIRST_QUOTE_WORDS`` words."""
    first = citations[:1]
    return any(covered(piece, first, documents) for piece in gold) and word_count(first[0].quote) <= FIRST_QUOTE_WORDS


def is_valid(citation: Citation, documents: Mapping[str, Document]) -> bool:
    """Tell whether a citation's spans lie in its document, and its quote is what stands there."""
    document = documents.get(citation.document)
    if document is None or not citation.spans:
        return False
    within = all(0 <= span.start < span.end <= len(document.text) for span in citation.spans)
    return within and citation.quote == quote(document.text, citation.spans)


def stands_in(text: str, gold: str) -> bool:
    """Tell whether gold stands anywhere in a text."""
    return next(occurrences(text, gold), None) is not None


def occurrences(text: str, gold: str) -> Iterator[Span]:
    """Yield where gold stands in a text, any white space in it standing for any other."""
    for found in _pattern(gold).finditer(text):
        yield Span(*found.span())


def word_count(text: str) -> int:
    """Return how many words a text has; a dash or a bullet by itself is none."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def _is_cited(gold: str, citations: Sequence[Citation], documents: Mapping[str, Document]) -> bool:
    known = [citation for citation in citations if citation.document in documents]
    if any(stands_in(quote(documents[citation.document].text, citation.spans), gold) for citation in known):
        return True
    return any(
        _within(found, _cited_spans(documents[name].text, name, known))
        for name in dict.fromkeys(citation.document for citation in known)
        for found in occurrences(documents[name].text, gold)
    )


def _within(found: Span, spans: Sequence[Span]) -> bool:
    return any(span.start <= found.start and found.end <= span.end for span in spans)


def _cited_spans(text: str, document: str, citations: Sequence[Citation]) -> list[Span]:
    """Return what is cited of a document, in its order, spans with only white space between them made one."""
    joined: list[Span] = []
    for span in merge([span for citation in citations if citation.document == document for span in citation.spans]):
        if joined and is_blank(text, Span(joined[-1].end, span.start)):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


@lru_cache(maxsize=4096)
def _pattern(gold: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, gold.split())))
