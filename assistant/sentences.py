"""Where sentences end in English prose: at a full stop that no abbreviation, number or initial explains away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.markup import SUPERSCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_END = re.compile(
    rf"(?<![.!?…])[.!?…]++[\"'”’)\]*_]*+[{SUPERSCRIPTS}]*+(?>(?:\[(?:\^[^\[\]\s]++|\d{{1,3}})\])*)(?P<gap>\s++)(?=[\"'“‘(\[*_£$€]*+[^\W_a-z])"
)
_LONGEST_ABBREVIATION = 20
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|rev|hon|sir|st|no|nos|vol|pp|p|fig|figs|ed|eds|cf|vs|etc|al|e\.g|i\.e|approx|para|paras"
    r"|ch|sec|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|cllr|lt|col|gen|capt|sgt)"
    r"|(?<!['’])\b(?-i:[A-Z])|\b(?:[A-Z]\.)+[A-Z])\.\Z",
    re.IGNORECASE,
)
_ENDS_ANYWAY = re.compile(r"\b(?:etc|al|no|[ap]\.m|(?<!['’])\b(?-i:[A-Z])|(?:[A-Z]\.)+[A-Z])\.\Z", re.IGNORECASE)
_CLAUSE_NUMBER = re.compile(r"\(?\d{1,3}(?:\.\d{1,3})*\.")
_OPENS_SENTENCE = re.compile(
    r"(?:The|This|These|That|Those|It|They|We|He|She|In|On|At|For|But|And|As|If|When|While|However|There|Then|So|Our|Their|Its|After|Before|A|An)\b"
)


def sentence_bounds(words: str) -> Iterator[tuple[int, int]]:
    """Yield ``(start, end)`` of every sentence of ``words``, in code points, white space between them left out."""
    start = 0
    for match in _END.finditer(words):
        if _is_end(words, start, match):
            yield start, match.start("gap")
            start = match.end("gap")
    if words[start:].strip():
        yield start, len(words)


def _is_end(words: str, start: int, match: re.Match[str]) -> bool:
    if _CLAUSE_NUMBER.fullmatch(words, start, match.start() + 1):
        return False
    before = words[max(start, match.start() - _LONGEST_ABBREVIATION) : match.start() + 1]
    if not _ABBREVIATION.search(before):
        return True
    return bool(_ENDS_ANYWAY.search(before) and _OPENS_SENTENCE.match(words, match.end("gap")))
