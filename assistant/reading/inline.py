"""Words of a format with markup of its own, written so that display text shows them as they stand on its page."""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from assistant.markup import legible

if TYPE_CHECKING:
    from collections.abc import Iterable

Run = tuple[str, bool]
"""Words, and whether they are set in bold."""

_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x2060, 0xFEFF])
_ENTITIES = ({ord("&"): "&amp;"}, {ord("<"): "&lt;"}, *({ord(mark): f"&#{ord(mark)};"} for mark in "*_`~[\\"))
_EDGES = re.compile(r"(\s*)(.*?)(\s*)\Z", re.DOTALL)
_MARK = r"\[\^[^\[\]\s]+\]"
_IN_BRACKETS = re.compile(rf"\[({_MARK}(?:\s*,?\s*{_MARK})*)\]")
_BETWEEN_MARKS = re.compile(rf"({_MARK})\s*,\s*(?={_MARK})")
_BEFORE_MARK = re.compile(rf"(?<=\S)\s+(?={_MARK}(?!:))")


def literal(words: str) -> str:
    """Return words so that display text shows them unchanged; signs that would read as markup are written as entities."""
    words = words.translate(_INVISIBLE)
    if legible(words) == words and not words.endswith("\\"):
        return words
    needed = [entity for entity in _ENTITIES if chr(next(iter(entity))) in words]
    for entity in tuple(needed):
        fewer = [other for other in needed if other is not entity]
        if not words.endswith("\\") and legible(_written(words, fewer)) == words:
            needed = fewer
    return _written(words, needed)


def _written(words: str, entities: Iterable[dict[int, str]]) -> str:
    return words.translate({sign: name for entity in entities for sign, name in entity.items()})


def joined(runs: Iterable[Run]) -> str:
    """Return runs of words as one line, the bold ones between ``**``, and the marks of footnotes close to their words."""
    line = "".join(
        _bold(words) if bold else words
        for bold, group in groupby(runs, itemgetter(1))
        if (words := "".join(words for words, _ in group))
    )
    if "[^" not in line:
        return line
    return _BEFORE_MARK.sub("", _BETWEEN_MARKS.sub(r"\1", _IN_BRACKETS.sub(r"\1", line)))


def _bold(words: str) -> str:
    """Return words between stars, white space outside of them; what has no letter or digit needs none."""
    edges = _EDGES.match(words)
    if edges is None or not any(map(str.isalnum, words)):
        return words
    before, inner, after = edges.groups()
    return f"{before}**{' '.join(inner.split())}**{after}"


def is_all_bold(runs: Iterable[Run]) -> bool:
    """Tell whether there are words, and all of them are bold."""
    said = [bold for words, bold in runs if any(map(str.isalnum, words))]
    return bool(said) and all(said)
