"""Footnotes: small type at the foot of a column that begins with a mark."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.reading.mending import is_unfinished
from assistant.reading.pdf.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assistant.reading.pdf.pages import Part

_SMALL = 0.93
"""How large a footnote's type is at most, against the body's."""
_BARE_MARK = re.compile(r"\s*(\d{1,3}|[*∗†‡§]{1,3})[.)]?(?=\s)")


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: the page it stands on, its mark there, its label in the whole document, and its lines without the mark."""

    page: int
    mark: str
    label: str
    lines: tuple[Line, ...]


def apart(pages: Sequence[Sequence[Part]], body: float) -> tuple[list[list[Part]], list[Note]]:
    """Return the pages without their footnotes, and the footnotes; ``body`` is the size of the body's type."""
    kept: list[list[Part]] = []
    notes: list[Note] = []
    labels: Counter[str] = Counter()
    for page in pages:
        raised = _raised(page)
        taken: set[int] = set()
        for feet in _small(page, body):
            begins = [_mark(line, raised) for line in feet]
            start = next((i for i, mark in enumerate(begins) if mark), len(feet))
            if start and notes and _goes_on(notes[-1], feet[0]):
                notes[-1] = replace(notes[-1], lines=(*notes[-1].lines, *feet[:start]))
                taken.update(map(id, feet[:start]))
            notes.extend(_notes(feet[start:], begins[start:], labels))
            taken.update(map(id, feet[start:]))
        kept.append([part for part in page if id(part) not in taken])
    return kept, notes


def _small(page: Sequence[Part], body: float) -> Iterator[list[Line]]:
    """Yield runs of small type that stand at the foot of a column, or that begin with a raised mark."""
    for _, column in groupby(page, lambda part: part.column):
        parts = list(column)
        runs = [(small, list(run)) for small, run in groupby(parts, lambda part: _is_small(part, body))]
        for number, (small, run) in enumerate(runs, 1):
            lines = [part for part in run if isinstance(part, Line)]
            if small and (number == len(runs) or lines[0].runs[0].raised):
                yield lines


def _is_small(part: Part, body: float) -> bool:
    return isinstance(part, Line) and part.size <= body * _SMALL


def _goes_on(note: Note, line: Line) -> bool:
    """Tell whether small type at the foot of the next page or column goes on with a footnote."""
    last = note.lines[-1]
    after = (last.page, last.column) != (line.page, line.column) and line.page - last.page <= 1
    return after and is_unfinished(last.text)


def labels_of(notes: Iterable[Note]) -> Mapping[tuple[int, str], str]:
    """Return the label of each footnote by its page and its mark there; those of page 0 stand for any page that has none."""
    found: dict[tuple[int, str], str] = {}
    for note in notes:
        found[note.page, note.mark] = note.label
        found.setdefault((0, note.mark), note.label)
    return found


def _raised(parts: Iterable[Part]) -> set[str]:
    lines = (part for part in parts if isinstance(part, Line))
    return {mark for line in lines for run in line.runs[1:] if run.raised for mark in run.text.strip().split(",")}


def _mark(line: Line, raised: set[str]) -> str | None:
    """Return the mark that a footnote begins with; one that is not raised counts if the text has it raised."""
    first = line.runs[0]
    if first.raised:
        return first.text.strip()
    bare = _BARE_MARK.match(first.text)
    return bare[1] if bare and bare[1] in raised else None


def _notes(lines: Sequence[Line], begins: Sequence[str | None], labels: Counter[str]) -> Iterator[Note]:
    group: list[Line] = []
    mark = ""
    for line, begin in zip(lines, begins, strict=True):
        if begin and group:
            yield _note(mark, group, labels)
            group = []
        if begin:
            mark, line = begin, _without_mark(line)
        group.append(line)
    if group:
        yield _note(mark, group, labels)


def _note(mark: str, lines: Sequence[Line], labels: Counter[str]) -> Note:
    labels[mark] += 1
    label = (
        mark if labels[mark] == 1 else f"{mark}-p{lines[0].page}" + ("" if labels[mark] == 2 else f"-{labels[mark]}")
    )
    return Note(lines[0].page, mark, label, tuple(lines))


def _without_mark(line: Line) -> Line:
    first, *rest = line.runs
    if first.raised:
        return replace(line, runs=tuple(rest))
    return replace(line, runs=(replace(first, text=_BARE_MARK.sub("", first.text, count=1)), *rest))
