"""From what a model writes, piece by piece, to sentences with the numbers they cite, each as soon as it is whole. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.markup import plain
from assistant.sentences import sentence_bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MARKER = re.compile(r"\s*[\[【]\^?(\d{1,4}(?:\s*[,;–-]\s*\^?\d{1,4})*)[\]】]")
_AT_END = re.compile(rf"(?:{_MARKER.pattern})+[.!?]?\s*\Z")
_ECHO = re.compile(r"\A(\s*[\[【]\^?\d{1,4}[\]】]\s*)\([^()]*\)\s*")
"""The number and place of a piece of evidence, as small models copy them with its words."""
_LATE_MARKER = re.compile(r"([.!?…][\"'”’)]*)[ \t]+(?=[\[【]\^?\d)")
"""White space between the end of a sentence and its markers."""
_LEAD = re.compile(r"\A\s*(?:[-*•]\s+|\d{1,2}[.)]\s+|#{1,6}\s+|(?:answer|a)\s*:\s*)*", re.IGNORECASE)
_OPENS_THOUGHT, _THOUGHT = "<think>", re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)
"""What models that reason aloud put before their answer."""
_ENDED = re.compile(r"[.!?…][\"'”’)*_]*\s*\Z")
_BEFORE_STOP = re.compile(r"\s+([.,;:!?])")
_LONGEST = 1_500
"""So many characters without an end are no sentence."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as it was written: its words without markers, the numbers it cites, and what stood there.

    ``whole`` is false for one that broke off.
    """

    text: str
    markers: tuple[int, ...]
    raw: str
    whole: bool = True


def written(pieces: Iterable[str]) -> Iterator[Written]:
    """Yield sentences, each as soon as what follows shows that it has ended.

    What ``pieces`` raises passes through, after what was begun has been yielded as not whole.
    """
    waiting = ""
    try:
        for piece in pieces:
            waiting = _THOUGHT.sub("", waiting + piece)
            if _thinks(waiting):
                continue
            ended, waiting = _split(waiting)
            yield from _all_read(ended)
            if len(waiting) > _LONGEST:
                yield _read(waiting, whole=False)
                return
    except Exception:
        yield from _rest(waiting, whole=False)
        raise
    yield from _rest(waiting, whole=True)


def _rest(waiting: str, *, whole: bool) -> Iterator[Written]:
    *ended, last = _sentences("" if _thinks(waiting) else waiting)
    yield from _all_read(ended)
    if last.strip():
        closed = _ENDED.search(_MARKER.sub("", last)) is not None
        yield from _all_read([last], whole=closed or (whole and _AT_END.search(last) is not None))


def _split(waiting: str) -> tuple[list[str], str]:
    """Return the sentences that have ended, and what may still go on."""
    *lines, last = waiting.split("\n")
    ended = [one for line in lines for one in _sentences(line)]
    *more, rest = _sentences(last)
    return [*ended, *more], rest


def _sentences(line: str) -> list[str]:
    """Return the sentences of a line with their markers, the last of them perhaps not at its end; always one."""
    if not _MARKER.match(line):
        line = _LATE_MARKER.sub(r"\1", line)
    bounds = [*sentence_bounds(line)]
    return [line[start:end] for start, end in bounds[:-1]] + [line[bounds[-1][0] :] if bounds else line]


def _thinks(waiting: str) -> bool:
    begun = waiting.lstrip()[: len(_OPENS_THOUGHT)]
    return bool(begun) and _OPENS_THOUGHT.startswith(begun)


def _all_read(sentences: Iterable[str], *, whole: bool = True) -> Iterator[Written]:
    for sentence in sentences:
        one = _read(sentence, whole=whole)
        if one.text:
            yield one


def _read(raw: str, *, whole: bool = True) -> Written:
    found = [number for marker in _MARKER.finditer(raw) for number in _numbers(marker[1])]
    text = _BEFORE_STOP.sub(r"\1", plain(_MARKER.sub("", _LEAD.sub("", _ECHO.sub(r"\1", raw)))))
    return Written(text, tuple(dict.fromkeys(found)), raw.strip(), whole)


def _numbers(inside: str) -> Iterator[int]:
    """Yield the numbers of a marker: ``1, 3`` or ``1-3``."""
    for part in re.split(r"\s*[,;]\s*", inside.replace("^", "")):
        first, *last = (int(number) for number in re.split(r"\s*[–-]\s*", part))
        yield from range(first, min(last[0], first + 99) + 1) if last else (first,)
