"""What in a claim its source does not say, found by words alone: numbers, units, names and scope here. Pure."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.settings import Settings
from assistant.support.conflicts import conflicts
from assistant.support.edits import changes, compare
from assistant.support.findings import Finding
from assistant.support.lexicon import (
    APART,
    DAYS,
    FREQUENCIES,
    MONTHS,
    NEEDED,
    NONE,
    ONE,
    ONLY,
    SAME_PLACE,
    SOME,
    UNITS,
    sounds_negative,
)
from assistant.support.relations import denials, opposites, roles
from assistant.support.statements import Token, parse, quantified
from assistant.support.synonyms import alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


AS_SHIPPED = Settings.model_construct()
"""The settings as they are shipped, whatever stands in the environment."""


def find_faults(claim: str, evidence: Sequence[str], settings: Settings = AS_SHIPPED) -> tuple[Finding, ...]:
    """Return what speaks against ``claim``, given the sentences of ``evidence``; no model is asked.

    The closer a claim keeps to its source's words, the more what differs tells. In words of its own, it may leave out or put
    otherwise whatever it likes, and only what goes openly against the source counts.
    """
    said, sources = parse(claim), [parse(sentence) for sentence in evidence]
    held = [token for source in sources for token in source]
    wording = compare(said, held)
    close = wording.kept >= settings.close_wording
    found = [
        *numbers(said, held, close=close),
        *units(said, held),
        *names(said, held),
        *roles(said, sources),
        *flat_denials(claim, held),
    ]
    if not close:
        return (*found, *conflicts(said, sources))
    return (
        *found,
        *scope(said, held),
        *denials(said, sources),
        *opposites(said, sources),
        *changes(wording, held, same=wording.kept >= settings.same_wording),
    )


def flat_denials(claim: str, held: Sequence[Token]) -> Iterator[Finding]:
    """Find a "No," where nothing in the source denies, limits or takes away: it answers the question, and the source does not."""
    if _FLAT_DENIAL.match(claim) and not any(sounds_negative(token.lower) for token in held):
        yield Finding("negation", "the claim denies what the source does not")


_FLAT_DENIAL = re.compile(r"\W*(?:no|nope|not at all)[,.:;–—-]", re.IGNORECASE)


def numbers(said: Sequence[Token], held: Sequence[Token], *, close: bool) -> Iterator[Finding]:
    """Find numbers, in digits or words, that the source does not have; "one" and "the two" count nothing, "1" does.

    A claim in words of its own may count up to four what the source lists without a number.
    """
    known = {token.number for token in held if token.number is not None}
    years = {number for number in known if _FIRST_YEAR < number < _LAST_YEAR}
    lasting = {days for place in range(len(held)) if (days := _days(held, place))}
    lasting |= {abs(one - other) * DAYS["year"] for one in years for other in years if one != other}
    months = [MONTHS.index(token.lower) for token in held if token.lower in MONTHS]
    lasting |= {(last - first + 1) * DAYS["month"] for first, last in pairwise(months) if last > first}
    for place, token in enumerate(said):
        if token.number is None or token.number in known or _days(said, place) in lasting:
            continue
        spelt = token.lower.isalpha()
        if spelt and token.number == 1:
            continue
        if spelt and place and said[place - 1].lower in {"the", "these", "both", "those"}:
            continue
        if close or known or not spelt or token.number > _COUNTED_AT_SIGHT:
            yield Finding("number", f'the number "{token.text}" is not in the source')


_COUNTED_AT_SIGHT = 4
_FIRST_YEAR, _LAST_YEAR = 1000, 2100


def _days(tokens: Sequence[Token], place: int) -> float | None:
    """Return how long a number of days, weeks, months or the like lasts: two years and 24 months are the same."""
    number = tokens[place].number
    unit = next((DAYS[token.stem] for token in tokens[place + 1 : place + 3] if token.stem in DAYS), None)
    return None if number is None or unit is None else number * unit


def units(said: Sequence[Token], held: Sequence[Token]) -> Iterator[Finding]:
    """Find a number that both sides have, of another unit of the same dimension."""
    theirs = dict(_measures(held))
    for number, unit in _measures(said):
        other = theirs.get(number)
        if (
            other
            and other.stem != unit.stem
            and UNITS[other.stem] == UNITS[unit.stem]
            and other.lower[:3] != unit.lower[:3]
        ):
            yield Finding("unit", f'the claim says "{unit.text}", the source "{other.text}"')


def _measures(tokens: Sequence[Token]) -> Iterator[tuple[float, Token]]:
    for place, token in enumerate(tokens[:-1]):
        after = tokens[place + 1]
        if token.number is not None and after.stem in UNITS:
            yield token.number, after


def names(said: Sequence[Token], held: Sequence[Token]) -> Iterator[Finding]:
    """Find names that the source does not have, neither as written nor by their initials or spelt out."""
    stems = {token.stem for token in held} | {token.lower for token in held}
    beginnings = {token.lower[:_ROOT] for token in held if token.text[0].isupper()}
    initials = _initials(held)
    written = "".join(token.lower for token in held)
    for token in said:
        if not token.name or token.number is not None or token.stem in stems or token.lower in initials:
            continue
        if not stems.isdisjoint(SAME_PLACE.get(token.stem, ())) or any(alike(token.stem, one) for one in stems):
            continue
        if len(token.lower) >= _ROOT and (token.lower in written or token.lower[:_ROOT] in beginnings):
            continue
        if not _spelt_out(token, said, held):
            yield Finding("name", f'the name "{token.text}" is not in the source')


_ROOT = 4
"""What a name shares with its other forms: Britain and British, China and Chinese."""


def _initials(tokens: Sequence[Token]) -> set[str]:
    letters = "".join(token.lower[0] for token in tokens)
    return {letters[a : a + n] for n in range(2, 6) for a in range(len(letters) - n + 1)}


def _spelt_out(name: Token, said: Sequence[Token], held: Sequence[Token]) -> bool:
    """Tell whether the source has only the initials of a name that the claim spells out."""
    place = said.index(name)
    near = _initials([token for token in said[max(0, place - _NAME_WORDS) : place + _NAME_WORDS] if token.name])
    return any(token.text.isupper() and token.lower in near for token in held)


_NAME_WORDS = 5


def scope(said: Sequence[Token], held: Sequence[Token]) -> Iterator[Finding]:
    """Find "all", "most", "few", "only", "always" and the like where the source does not say so."""
    source = {token.lower for token in held}
    often = {token.kind for token in held if token.lower in FREQUENCIES}
    needed = any(token.stem in NEEDED for token in held)
    late = bool(source & {"before", "until", "unless"})
    for place, token in enumerate(said):
        kind = token.kind if token.lower in FREQUENCIES and not (needed and token.lower == "must") else None
        restricts = token.lower in ONLY and not source & ONLY and _restricts(said, place, late=late)
        if restricts or (kind and kind != SOME and kind not in often):
            yield Finding("scope", f'the claim says "{token.text}", the source does not')
    yield from _quantities(said, held)


def _restricts(said: Sequence[Token], place: int, *, late: bool) -> bool:
    """Tell whether an "only" shuts others out: not in "not only", "only six weeks", nor, of what was not before, "only when"."""
    before, after = said[max(0, place - 1)].lower, said[place + 1 : place + 2]
    if late and any(token.lower in {"when", "once", "after", "until"} for token in said[place + 1 :]):
        return False
    return said[place].lower not in {"just", "alone"} and before != "not" and not (after and (after[0].number or 0) > 1)


def _quantities(said: Sequence[Token], held: Sequence[Token]) -> Iterator[Finding]:
    known = {token.stem for token in held}
    apart = any(token.lower in APART for token in held)
    kinds: dict[str, set[str]] = {}
    for kind, noun, _ in quantified(held):
        kinds.setdefault(noun, set()).add(kind)
    for kind, noun, word in quantified(said):
        theirs = kinds.get(noun, set())
        if apart and word.lower() == "each":
            continue
        if kind != NONE and noun in known and kind not in theirs and (theirs or kind not in {SOME, ONE}):
            yield Finding("scope", f'the claim says "{word}", the source does not')
