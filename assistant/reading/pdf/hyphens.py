"""Lines joined to text: hyphens at their ends mended, bold words marked, footnote marks written out."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from assistant.markup import UNITS
from assistant.reading.pdf.lines import Line, superscript

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assistant.reading.pdf.pages import Part

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_LAST = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*-\Z")
_FIRST = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_ADDRESS = re.compile(r"(?:https?://|www\.|ftp://)\S*\Z", re.IGNORECASE)
_ADDRESS_GOES_ON = re.compile(r"[^\s.,;]*[-/_=%&?#.][^\s]*|[a-z0-9]+[>)]")
_FIRST_HALVES = frozenset(("all", "cross", "ex", "half", "high", "low", "long", "non", "self", "short", "well"))
_SECOND_HALVES = frozenset(
    (
        *(
            "based",
            "being",
            "driven",
            "focused",
            "friendly",
            "led",
            "like",
            "maker",
            "makers",
            "making",
            "offs",
            "outs",
        ),
        *("related", "scale", "sector", "specific", "term", "through", "time", "ups", "wide", "year"),
    )
)
"""What English puts a hyphen after or before; a shorter second half is none that a line's end made."""
_TAIL = 6
_TAIL_CHARACTERS = 400
"""The runs in which the beginning of an address that goes over several lines is looked for."""
_NO_UNIT = re.compile(rf"{UNITS}\Z")
_SHORTEST = 3
"""The letters that either half of a compound has at least, to be told by its halves."""

Words = Counter[str]


def words_within(parts: Iterable[Part]) -> Words:
    """Count the words of a document that no line's end breaks."""
    found: Words = Counter()
    for part in parts:
        for line in _lines(part):
            spelled = [match[0].casefold() for match in _WORD.finditer(line.text.removesuffix("-"))]
            found.update(spelled[:-1] if line.text.endswith("-") else spelled)
    return found


def _lines(part: Part) -> Iterator[Line]:
    if isinstance(part, Line):
        yield part
    else:
        yield from (line for row in part.rows for cell in row for line in cell)


def joint(before: str, after: str, words: Words) -> str | None:
    """Return what stands between two lines: a space, or nothing; ``None`` where the hyphen at the first one's end goes too."""
    if ("://" in before or "www." in before) and _ADDRESS.search(before) and _ADDRESS_GOES_ON.match(after):
        return ""
    left, right = _LAST.search(before) if before.endswith("-") else None, _FIRST.match(after)
    if before.endswith(("–", "—", "/")) and not before.endswith((" –", " —", " /")):
        return "" if before[-1] != "/" or after[:1].islower() else " "
    if not left or not right:
        return " "
    return "" if _is_compound(left[0][:-1], right[0], words) else None


def _is_compound(left: str, right: str, words: Words) -> bool:
    """Tell whether the hyphen belongs to the word: as the document writes it elsewhere, else by case, figures and halves."""
    joined, hyphenated = words[f"{left}{right}".casefold()], words[f"{left}-{right}".casefold()]
    if joined or hyphenated:
        return hyphenated > joined
    halves = (left.rpartition("-")[2].casefold(), right.partition("-")[0].casefold())
    if not right[0].islower() or left[-1].isdigit() or left.isupper():
        return True
    if left.casefold() in _FIRST_HALVES or halves[1] in _SECOND_HALVES or len(halves[1]) < _SHORTEST:
        return True
    shortest = _SHORTEST if left.casefold() == halves[0] else 1
    return not words["".join(halves)] and all(len(half) >= shortest and words[half] for half in halves)


def joined(
    lines: Sequence[Line], words: Words, notes: Mapping[tuple[int, str], str], starts: list[tuple[int, int]]
) -> str:
    """Return lines as one text, bold words between ``**``; a ``[^mark]`` stands where a known footnote is referred to.

    ``starts`` receives ``(place, page)`` wherever a line stands on another page than the one before it.
    """
    pieces: list[tuple[str, bool]] = []
    page = None
    for line in lines:
        runs = list(_runs(line, notes))
        _join(pieces, runs, words)
        if line.page != page and runs:
            starts.append((len(pieces) - len(runs), line.page))
            page = line.page
    text, places = _written(pieces)
    starts[:] = [(places[piece], number) for piece, number in starts]
    return text


def _runs(line: Line, notes: Mapping[tuple[int, str], str]) -> Iterator[tuple[str, bool]]:
    """Yield a line's runs as text; raised figures right after a unit are an exponent, whatever footnotes there are."""
    before = ""
    for run in line.runs:
        if run.raised:
            yield marked(run.text, line.page, notes if _NO_UNIT.search(before) else {}), run.bold
        else:
            yield run.text, run.bold
        before = run.text


def marked(figures: str, page: int, notes: Mapping[tuple[int, str], str]) -> str:
    """Return a raised mark as a reference to its footnote, or, where there is none, as raised figures."""
    known = [notes.get((page, mark)) or notes.get((0, mark)) for mark in figures.strip().split(",")]
    if all(known):
        return "".join(f"[^{label}]" for label in known)
    return superscript(figures.strip())


def _join(pieces: list[tuple[str, bool]], runs: Sequence[tuple[str, bool]], words: Words) -> None:
    """Add the runs of a line to those before it, what stands between them mended."""
    runs = [(text.lstrip() if i == 0 else text, bold) for i, (text, bold) in enumerate(runs)]
    if pieces and runs:
        last, bold = pieces[-1]
        between = joint("".join(text for text, _ in pieces[-_TAIL:])[-_TAIL_CHARACTERS:], runs[0][0], words)
        pieces[-1] = (last[:-1] if between is None else last, bold)
        runs[0] = ((between or "") + runs[0][0], runs[0][1])
    pieces.extend(runs)


def _written(pieces: Sequence[tuple[str, bool]]) -> tuple[str, list[int]]:
    """Return runs as one text, and where each begins in it; runs that are bold side by side share their marks."""
    text, places, open_ = "", list[int](), False
    for piece, bold in pieces:
        stressed = bold and any(map(str.isalnum, piece))
        goes_on = open_ and (bold or not piece.strip())
        if open_ and not goes_on:
            text, open_ = f"{text}**", False
        bare = piece.lstrip()
        gap = piece[: len(piece) - len(bare)]
        if stressed and not open_:
            text, open_ = f"{text}{gap}**", True
        else:
            text += gap
        places.append(len(text))
        text += bare
    return (f"{text}**" if open_ else text), places
