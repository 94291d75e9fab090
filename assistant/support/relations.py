"""Denials, opposites and roles: what is said of what, and whether the source says it the same way round. Pure."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from assistant.support.findings import Finding, closest
from assistant.support.lexicon import DOWN, UP, opposed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.support.statements import Token


def denials(said: Sequence[Token], sources: Sequence[Sequence[Token]]) -> Iterator[Finding]:
    """Find a denial in the claim without one in the source over the same words, or the other way round."""
    source = closest(said, sources)
    for one, other, who in ((said, source, "claim"), (source, said, "source")):
        present = {token.stem for token in other}
        denied = {token.stem for token in other if token.denied}
        reach: dict[int, list[Token]] = {}
        for token in one:
            if token.content and token.stem in present:
                for place in token.denied:
                    reach.setdefault(place, []).append(token)
        excused = who == "source" and any(token.denied for token in said if token.content)
        for words in reach.values():
            if not excused and 2 * sum(word.stem in denied for word in words) < len(words):
                yield Finding(
                    "negation",
                    f'the {who} denies "{words[0].text}", the {"source" if who == "claim" else "claim"} does not',
                )


_DEGREES = frozenset(
    [
        "more",
        "less",
        "most",
        "least",
        "much",
        "little",
        "great",
        "greater",
        "higher",
        "lower",
        "high",
        "low",
        "long",
        "short",
        "good",
        "bad",
    ]
)


def opposites(said: Sequence[Token], sources: Sequence[Sequence[Token]]) -> Iterator[Finding]:
    """Find a word of the claim whose opposite stands in the source instead."""
    source = closest(said, sources)
    held, mine = {t.stem for t in source}, {t.stem for t in said}
    for place, token in enumerate(said):
        if token.stem in held:
            continue
        for at, other in enumerate(source):
            if other.stem in mine or bool(token.denied) != bool(other.denied):
                continue
            listed = opposed(token.stem, other.stem)
            turned = (token.stem in UP and other.stem in DOWN) or (token.stem in DOWN and other.stem in UP)
            near = _neighbours(said, place) & _neighbours(source, at)
            if (listed and (near or token.lower not in _DEGREES)) or (turned and near):
                yield Finding("opposite", f'the claim says "{token.text}", the source "{other.text}"')
                break


def _neighbours(tokens: Sequence[Token], place: int) -> set[str]:
    after = [token.stem for token in tokens[place + 1 : place + 5] if token.content][:1]
    before = [token.stem for token in reversed(tokens[max(0, place - 4) : place]) if token.content][:1]
    return set(after + before)


def roles(said: Sequence[Token], sources: Sequence[Sequence[Token]]) -> Iterator[Finding]:
    """Find two things that change places around a third: who does what to whom."""
    source = closest(said, sources)
    mine, theirs = _unique(said), _unique(source)
    shared = mine.keys() & theirs.keys()
    wanted = {token.stem for token in said if token.content}
    if len(wanted & {token.stem for token in source}) >= 0.85 * len(wanted):
        yield from _swaps(said, source, {word: (mine[word], theirs[word]) for word in shared})
        yield from _subjects(said, source)
    yield from _prepositions(said, source)


def _swaps(said: Sequence[Token], source: Sequence[Token], places: dict[str, tuple[int, int]]) -> Iterator[Finding]:
    for at, there in places.values():
        if _is_passive(said, at) != _is_passive(source, there):
            continue
        if not (_is_verb(said, at) and _is_verb(source, there)):
            continue
        left = [w for w, (a, b) in places.items() if a < at and b > there and _is_thing(said[a])]
        right = [w for w, (a, b) in places.items() if a > at and b < there and _is_thing(said[a])]
        for one in left:
            for other in right:
                subject = _close(said, places[one][0], at) and _close(source, places[other][1], there)
                object_ = _close(said, at, places[other][0]) and _close(source, there, places[one][1])
                if subject or object_:
                    first, last = said[places[one][0]].text, said[places[other][0]].text
                    yield Finding(
                        "role",
                        f'"{first}" and "{last}" change places around "{said[at].text}"',
                    )
                    return


def _subjects(said: Sequence[Token], source: Sequence[Token]) -> Iterator[Finding]:
    """Find a claim whose subject is what the source's own subject acts on, and the other way round."""
    mine, theirs = _first(said), _first(source)
    one = next((word for word in mine if word in theirs), "")
    other = next((word for word in theirs if word in mine), "")
    turned = any(_by_agent(tokens) for tokens in (said, source))
    if one == other or turned or not (_is_thing(said[mine[one]]) and _is_thing(said[mine[other]])):
        return
    between = [
        w for w in mine if w in theirs and mine[one] < mine[w] < mine[other] and theirs[other] < theirs[w] < theirs[one]
    ]
    predicate = (
        between
        and between[0] == min(between, key=theirs.__getitem__)
        and said[mine[between[0]]].lower == source[theirs[between[0]]].lower
    )
    if (
        predicate
        and said[mine[one]].name | said[mine[one]].opens
        and source[theirs[other]].name | source[theirs[other]].opens
    ):
        yield Finding("role", f'"{said[mine[one]].text}" and "{source[theirs[other]].text}" change places')


def _first(tokens: Sequence[Token]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.content:
            places.setdefault(token.stem, place)
    return places


def _by_agent(tokens: Sequence[Token]) -> bool:
    lowers = [token.lower for token in tokens]
    return any(word in _BE and "by" in lowers[place:] for place, word in enumerate(lowers))


_MODALS = frozenset(["to", "can", "could", "may", "might", "must", "will", "would", "shall", "should"])


def _is_verb(tokens: Sequence[Token], place: int) -> bool:
    before = tokens[place - 1].lower if place else ""
    return tokens[place].lower.endswith(("ed", "ing")) or (before in _MODALS and before != "to") or before == "to"


def _is_thing(token: Token) -> bool:
    return not token.lower.endswith(("ed", "ing", "ly")) and token.number is None


def _close(tokens: Sequence[Token], start: int, end: int) -> bool:
    return sum(token.content for token in tokens[start + 1 : end]) < 2


def _is_passive(tokens: Sequence[Token], place: int) -> bool:
    return any(token.lower in _BE for token in tokens[max(0, place - 3) : place]) or (
        place + 1 < len(tokens) and tokens[place + 1].lower == "by"
    )


_BE = frozenset(
    ["is", "are", "was", "were", "be", "been", "being", "become", "becomes", "became", "get", "gets", "got"]
)
_DIRECTIONS = ({"from", "to"}, {"before", "after", "during", "following"}, {"with", "without"}, {"from", "into"})


def _prepositions(said: Sequence[Token], source: Sequence[Token]) -> Iterator[Finding]:
    mine, theirs = _governed(said), _governed(source)
    for noun, word in mine.items():
        other = theirs.get(noun)
        if other and other != word and any({word, other} <= pair for pair in _DIRECTIONS):
            yield Finding("role", f'the claim says "{word}" of "{noun}", the source "{other}"')


def _governed(tokens: Sequence[Token]) -> dict[str, str]:
    known = set().union(*_DIRECTIONS)
    found: dict[str, str] = {}
    for place, token in enumerate(tokens):
        if token.lower in known:
            for other in tokens[place + 1 : place + 5]:
                if other.content:
                    found.setdefault(other.stem, "after" if token.lower == "following" else token.lower)
                elif other.lower not in {"the", "a", "an", "their", "its"}:
                    break
    return found


def _unique(tokens: Sequence[Token]) -> dict[str, int]:
    counts: dict[str, list[int]] = {}
    for place, token in enumerate(tokens):
        if token.content:
            counts.setdefault(token.stem, []).append(place)
    return {word: places[0] for word, places in counts.items() if len(places) == 1}


def substitutions(said: Sequence[Token], sources: Sequence[Sequence[Token]]) -> Iterator[Finding]:
    """Find a name that stands where the source, otherwise in the same words, has another."""
    source = closest(said, sources)
    mine, theirs = [t.stem for t in said], [t.stem for t in source]
    ops = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    for at, (kind, a, b, c, d) in enumerate(ops):
        if kind != "replace" or d - c > 6:
            continue
        before = ops[at - 1][2] - ops[at - 1][1] if at else 0
        after = ops[at + 1][2] - ops[at + 1][1] if at + 1 < len(ops) else 0
        flanked = before + after >= 4 and (before >= 2 or a == 0) and (after >= 2 or b == len(said))
        named = [t for t in said[a:b] if t.text[0].isupper() and t.content and t.stem not in theirs]
        if named and any(t.name or t.opens for t in source[c:d]) and flanked:
            yield Finding("name", f'the claim says "{named[0].text}", the source "{source[c].text}"')
