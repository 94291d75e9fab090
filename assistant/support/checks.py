"""What in a claim its source does not say, found by words alone: numbers, units, names and scope here. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.support.findings import Finding
from assistant.support.lexicon import ALL, FREQUENCIES, NONE, ONE, ONLY, PERSONS, QUANTIFIERS, SOME, UNITS
from assistant.support.relations import denials, opposites, roles, substitutions
from assistant.support.statements import Token, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def check(claim: str, evidence: Sequence[str]) -> tuple[Finding, ...]:
    """Return what speaks against ``claim``, given the sentences of ``evidence``; no model is asked."""
    said, sources = parse(claim), [parse(sentence) for sentence in evidence]
    held = [token for source in sources for token in source]
    return (
        *numbers(said, held),
        *units(said, held),
        *names(said, held),
        *scope(said, held),
        *denials(said, sources),
        *opposites(said, sources),
        *roles(said, sources),
        *substitutions(said, sources),
    )


def numbers(said: Sequence[Token], held: Sequence[Token]) -> Iterator[Finding]:
    """Find numbers, in digits or words, that the source does not have; "one" and "the two" count nothing."""
    known = {token.number for token in held if token.number is not None}
    for place, token in enumerate(said):
        if token.number is None or token.number in known or token.number == 1:
            continue
        if token.lower.isalpha() and place and said[place - 1].lower in {"the", "these", "both", "those"}:
            continue
        yield Finding("number", f'the number "{token.text}" is not in the source')


def _counted(tokens: Sequence[Token], place: int) -> Token | None:
    return next((token for token in tokens[place + 1 : place + 4] if token.number is None and token.content), None)


def units(said: Sequence[Token], held: Sequence[Token]) -> Iterator[Finding]:
    """Find a unit of the wrong size ("a week" for "a day"), and a number of something else ("15 vans" for "15 cars")."""
    held_stems, said_stems = {token.stem for token in held}, {token.stem for token in said}
    for token in said:
        dimension = UNITS.get(token.stem)
        if dimension and token.stem not in held_stems:
            other = next((t for t in held if UNITS.get(t.stem) == dimension and t.stem not in said_stems), None)
            if other and not _same_unit(token, other):
                yield Finding("unit", f'the claim says "{token.text}", the source "{other.text}"')
    for place, token in enumerate(said):
        noun = _counted(said, place)
        if token.number in {None, 1} or noun is None or noun.stem in PERSONS:
            continue
        places = [at for at, other in enumerate(held) if other.number == token.number]
        others = [_counted(held, at) for at in places]
        nouns = [other for other in others if other is not None]
        near = {other.stem for at in places for other in held[at + 1 : at + 5]}
        exchanged = noun.stem in UNITS or not any(other.stem in said_stems for other in nouns)
        if nouns and len(nouns) == len(others) and noun.stem not in near and exchanged:
            yield Finding(
                "unit", f'the claim says "{token.text} {noun.text}", the source "{token.text} {nouns[0].text}"'
            )


def _same_unit(one: Token, other: Token) -> bool:
    return one.lower[:3] == other.lower[:3] or {one.lower, other.lower} == {"daily", "day"}


def names(said: Sequence[Token], held: Sequence[Token]) -> Iterator[Finding]:
    """Find names that the source does not have, neither as written nor by their initials or spelt out."""
    stems = {token.stem for token in held} | {token.lower for token in held}
    initials = _initials(held)
    written = "".join(token.lower for token in held)
    for token in said:
        if not token.name or token.number is not None or token.stem in stems or token.lower in initials:
            continue
        if token.lower in written and len(token.lower) > 3:
            continue
        if _spelt_out(token, said, held):
            continue
        yield Finding("name", f'the name "{token.text}" is not in the source')


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
    often = {FREQUENCIES[word] for word in source if word in FREQUENCIES}
    for place, token in enumerate(said):
        kind = FREQUENCIES.get(token.lower)
        restricts = token.lower in ONLY and not source & ONLY and _restricts(said, place)
        if restricts or (kind and kind != SOME and kind not in often):
            yield Finding("scope", f'the claim says "{token.text}", the source does not')
    yield from _quantities(said, held)


def _restricts(said: Sequence[Token], place: int) -> bool:
    """Tell whether an "only" shuts others out: not in "not only", nor in "only six weeks"."""
    before, after = said[max(0, place - 1)].lower, said[place + 1 : place + 2]
    return (
        said[place].lower not in {"just", "alone"} and before != "not" and not (after and after[0].number is not None)
    )


def _quantities(said: Sequence[Token], held: Sequence[Token]) -> Iterator[Finding]:
    known = {token.stem for token in held}
    kinds: dict[str, set[str]] = {}
    for kind, noun, _ in _quantified(held):
        kinds.setdefault(noun, set()).add(kind)
    for kind, noun, word in _quantified(said):
        theirs = kinds.get(noun, set())
        if noun in known and kind not in theirs and (theirs or kind not in {SOME, ONE}):
            yield Finding("scope", f'the claim says "{word}", the source does not')


def _quantified(tokens: Sequence[Token]) -> Iterator[tuple[str, str, str]]:
    for place, token in enumerate(tokens):
        kind = QUANTIFIERS.get(token.lower)
        if kind is None or kind == NONE or (place and tokens[place - 1].lower in {"in", "at"} and kind == ALL):
            continue
        for other in [word for word in tokens[place + 1 : place + 5] if word.content and word.number is None][:2]:
            yield kind, other.stem, token.text
