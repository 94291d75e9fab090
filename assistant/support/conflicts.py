"""What in a claim contradicts its source, where it says so in its own words: only what both sides say openly counts. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.support.findings import Finding, closest
from assistant.support.lexicon import ALL, MOST, NEEDED, NEGATORS, NONE, PLURAL, SOME, opposed, sounds_negative
from assistant.support.statements import quantified, undo_each_other

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.support.statements import Token

_NEAR = 4


def conflicts(said: Sequence[Token], sources: Sequence[Sequence[Token]]) -> Iterator[Finding]:
    """Find a denial, an opposite or a scope that goes against the source."""
    source = closest(said, sources)
    held = [token for one in sources for token in one]
    yield from _denials(said, held, "claim")
    yield from _denials(source, said, "source")
    yield from _opposites(said, source, held)
    yield from _scope(said, held)


def _denials(one: Sequence[Token], other: Sequence[Token], who: str) -> Iterator[Finding]:
    """Find a plain "not" over a word that the other side has, and has without any word that denies or limits."""
    if any(sounds_negative(token.lower) or token.denied for token in other) or undo_each_other(one, other):
        return
    present = {token.stem for token in other if token.content}
    for place, token in enumerate(one):
        if token.lower in NEGATORS:
            over = next((t for t in one[place + 1 : place + _NEAR] if t.content), None)
            if over and over.denied and over.stem in present:
                against = "source" if who == "claim" else "claim"
                yield Finding("negation", f'the {who} denies "{over.text}", the {against} does not')


def _opposites(said: Sequence[Token], source: Sequence[Token], held: Sequence[Token]) -> Iterator[Finding]:
    """Find opposites that are said of the same word."""
    known, mine = {token.stem for token in held}, {token.stem for token in said}
    for place, token in enumerate(said):
        if token.stem in known or token.denied or not token.content:
            continue
        for at, other in enumerate(source):
            if other.stem in mine or other.denied or not other.content or not opposed(token.stem, other.stem):
                continue
            if any(one == same for one, same in zip(_beside(said, place), _beside(source, at), strict=True) if one):
                yield Finding("opposite", f'the claim says "{token.text}", the source "{other.text}"')
                break


def _beside(tokens: Sequence[Token], place: int) -> tuple[str | None, str | None]:
    """Return the stems of the last word of content before a place, and of the first after it, if they are near."""
    before = next((token.stem for token in reversed(tokens[max(0, place - _NEAR) : place]) if token.content), None)
    return before, next((token.stem for token in tokens[place + 1 : place + 1 + _NEAR] if token.content), None)


def _scope(said: Sequence[Token], held: Sequence[Token]) -> Iterator[Finding]:
    """Find "always" for "often", "never" for "not always", and "only" where the source speaks of several."""
    theirs = {token.kind for token in held}
    several = any(token.lower in PLURAL for token in held)
    needed = any(token.stem in NEEDED for token in held)
    for token in said:
        kind = None if needed and token.lower == "must" else token.kind
        absolute = token.lower in {"always", "invariably", "must", "never"} and kind in {ALL, NONE}
        if (absolute and kind not in theirs and theirs & {SOME, MOST}) or (
            token.lower in {"only", "solely", "exclusively"} and "only" not in theirs and several
        ):
            yield Finding("scope", f'the claim says "{token.text}", the source does not')
    several_of = {noun for kind, noun, _ in quantified(held) if kind in {SOME, MOST}}
    for kind, noun, word in quantified(said):
        if kind in {ALL, NONE} and noun in several_of:
            yield Finding("scope", f'the claim says "{word}", the source does not')
