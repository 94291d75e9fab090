"""How closely a claim keeps to the words of its source, and what it changes in them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from assistant.support.findings import Finding
from assistant.support.lexicon import DEGREES, PRONOUNS, SOME, SURE
from assistant.support.statements import says_same

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.support.statements import Token


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of the claim that stands where the source has another; either may be empty, ``source`` at the ends too."""

    said: tuple[Token, ...]
    source: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a claim keeps of the source's wording, a share of its words in [0, 1], and what it changes."""

    kept: float
    edits: tuple[Edit, ...]


def compare(said: Sequence[Token], source: Sequence[Token]) -> Wording:
    """Lay the claim beside the source: long runs of the same words first, then what stands between them."""
    mine, theirs = [_key(token) for token in said], [_key(token) for token in source]
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    blocks = [
        (a, b, n)
        for a, b, n in matcher.get_matching_blocks()
        if n > 2 or any(token.content for token in said[a : a + n])
    ]
    kept = sum(n for _, _, n in blocks if n > 1) / max(1, len(said))
    edits, at, there = [], 0, 0
    for a, b, n in [*blocks, (len(said), len(source), 0)]:
        if a > at:
            edits.append(Edit(tuple(said[at:a]), _ends(source[there:b], a - at)))
        at, there = a + n, b + n
    return Wording(kept, tuple(edits))


def _ends(tokens: Sequence[Token], length: int) -> tuple[Token, ...]:
    """Return both ends of a stretch that is much longer than what stands in its place: what is next to the same words."""
    size = length + 1
    return tuple(tokens) if len(tokens) <= 2 * size else (*tokens[:size], *tokens[-size:])


def _key(token: Token) -> str:
    return token.stem if token.number is None else f"{token.number:g}"


def changes(wording: Wording, held: Sequence[Token], *, same: bool) -> Iterator[Finding]:
    """Find what has changed places, and, where a claim is the ``same`` but for that, what it puts in place of words or adds."""
    for edit in wording.edits:
        if same:
            yield from _additions(edit, held)
        yield from _exchanges(edit, wording, same=same)


def _additions(edit: Edit, held: Sequence[Token]) -> Iterator[Finding]:
    """Find the first word of an edit that the source has not, in this or another form."""
    if any(token.lower in PRONOUNS for token in edit.source) and not any(token.content for token in edit.source):
        return
    weighed = any(token.kind in DEGREES for token in edit.source)
    instead = next((token.text for token in edit.source if _tells(token)), None)
    for token in edit.said:
        if not token.content and token.kind in {SOME, SURE} and not weighed:
            continue
        if _tells(token) and not any(says_same(token, other) for other in (held if token.content else edit.source)):
            source = f'the source "{instead}"' if instead else "the source does not"
            yield Finding("change", f'the claim says "{token.text}", {source}')
            return


def _tells(token: Token) -> bool:
    return token.content or token.kind is not None


def _most(tokens: Sequence[Token], stems: set[str]) -> bool:
    return 2 * sum(token.stem in stems for token in tokens) >= len(tokens)


def _exchanges(edit: Edit, wording: Wording, *, same: bool) -> Iterator[Finding]:
    """Find words of the source in the place of others: two that changed places, or one word that took another's."""
    mine = [token for token in edit.said if token.content]
    theirs = [token for token in edit.source if token.content]
    if not mine or not theirs or any(says_same(one, other) for one in mine for other in theirs):
        return
    others = [other for other in wording.edits if other is not edit]
    moved = {token.stem for other in others for token in other.said}
    left = {token.stem for other in others for token in other.source}
    swapped = _most(mine, left) and _most(theirs, moved)
    one_for_one = len(mine) == len(theirs) == 1 and mine[0].name == theirs[0].name and same
    if swapped or one_for_one:
        yield Finding("role", f'the claim says "{mine[0].text}" where the source says "{theirs[0].text}"')
