"""How texts are laid out to be read together: those of nearly one length in one pass, short ones end to end. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Row = list[tuple[int, int]]
"""The texts of a row, by number, and where each begins in it."""

_AT_ONCE = 2_048
"""How many tokens are read in one pass, those of nobody counted."""
_SHORT = 64
"""Rows have room for so many tokens, or for the longest text of their pass: each token is compared with its whole row."""


def passes(lengths: Sequence[int]) -> Iterator[list[Row]]:
    """Yield the rows that are read in one pass, the longest texts first: sequence packing (Krell et al. 2021), next fit.

    Of a few short texts, a question and its parts say, nothing is padded; of many, no more than what sorting leaves.
    """
    rows: list[Row] = []
    room = filled = 0
    for text in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if not rows or (filled + lengths[text] > room and (len(rows) + 1) * room > _AT_ONCE):
            if rows:
                yield rows
            rows, room, filled = [[]], max(lengths[text], _SHORT), 0
        elif filled + lengths[text] > room:
            rows.append([])
            filled = 0
        rows[-1].append((text, filled))
        filled += lengths[text]
    if rows:
        yield rows
