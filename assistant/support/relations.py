"""Denials, opposites and roles: what is said of what, and whether the source says it the same way round. Pure."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from assistant.support.findings import Finding, closest
from assistant.support.lexicon import CLAUSE_WORDS, DOWN, IRREGULAR, LACKING, NEGATORS, UP, opposed, sounds_negative
from assistant.support.statements import undo_each_other
from assistant.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.support.statements import Token


def denials(said: Sequence[Token], sources: Sequence[Sequence[Token]]) -> Iterator[Finding]:
    """Find a denial in the claim without one in the source over the same words, or the other way round."""
    source = closest(said, sources)
    for one, other, who in ((said, source, "claim"), (source, said, "source")):
        present = {token.stem for token in other}
        plain = {token.stem for token in one if not token.denied}
        denied = {token.stem for token in other if token.denied}
        reach: dict[int, list[Token]] = {}
        for token in one:
            if token.content and token.stem in present - plain:
                for place in token.denied:
                    reach.setdefault(place, []).append(token)
        shared = {token.stem for token in source} & {token.stem for token in said if token.content}
        excused = undo_each_other(said, source) or (
            who == "source" and any(token.denied and token.stem not in shared for token in said if token.content)
        )
        for words in reach.values():
            if excused or _is_trouble(words[0], one, other):
                continue
            if 2 * sum(word.stem in denied for word in words) < len(words):
                yield Finding(
                    "negation",
                    f'the {who} denies "{words[0].text}", the {"source" if who == "claim" else "claim"} does not',
                )


def _is_trouble(word: Token, one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Tell whether a word that one side says is lacking is called a problem on the other: problems of diversity."""
    before = {token.lower for token in _before(one, one.index(word))}
    if before.isdisjoint(LACKING) or not before.isdisjoint(NEGATORS):
        return False
    places = [place for place, token in enumerate(other) if token.stem == word.stem]
    return any(
        token.lower == "problems" or sounds_negative(token.lower) for place in places for token in _before(other, place)
    )


def _before(tokens: Sequence[Token], place: int) -> Sequence[Token]:
    return tokens[max(0, place - _HELPERS) : place]


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
    undone = undo_each_other(said, source)
    for place, token in enumerate(said):
        if token.stem in held:
            continue
        for at, other in enumerate(source):
            if other.stem in mine or bool(token.denied) != bool(other.denied) or (undone and token.lower in NEGATORS):
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
    """Find who does what to whom turned round: around a verb, around "than", and after a preposition of direction.

    Where almost no word of the claim is new, one thing on the wrong side of the verb is enough; else both must have changed
    places.
    """
    source = closest(said, sources)
    wanted = {token.stem for token in said if token.content}
    close = len(wanted & _stems(source)) >= _ALMOST_ALL * len(wanted)
    for at, there in _verbs(said, source):
        yield from _doers(said, at, source, there, close=close)
    yield from other_doers(said, source)
    yield from _contrasts(said, source)
    if close:
        yield from _prepositions(said, source)


def _doers(said: Sequence[Token], at: int, source: Sequence[Token], there: int, *, close: bool) -> Iterator[Finding]:
    """Find a doer of the claim to whom it is done in the source, or the other way round."""
    doer, other = _subject(said, at), _subject(source, there)
    turned = _is_passive(said, at) != _is_passive(source, there)
    if close and turned and doer and other and doer.stem == other.stem:
        yield Finding("role", f'"{doer.text}" does in one what is done to it in the other: "{said[at].text}"')
    if turned or _is_mutual(said, at) or _is_mutual(source, there):
        return
    sides = _stems(said[:at]), _stems(said[at + 1 :]), _stems(source[:there]), _stems(source[there + 1 :])
    before, after, earlier, later = sides
    done, others = _object(said, at), _object(source, there)
    if (
        doer
        and other
        and doer.stem in later - earlier - after
        and other.stem not in before
        and (close or other.stem in after)
    ):
        yield Finding("role", f'"{doer.text}" and "{other.text}" change places around "{said[at].text}"')
    elif close and done and others and done.stem in earlier - later - before and others.stem not in after:
        yield Finding("role", f'"{done.text}" and "{others.text}" change places around "{said[at].text}"')


def other_doers(said: Sequence[Token], source: Sequence[Token]) -> Iterator[Finding]:
    """Find a deed that the source says another did, by name, who does not do it together with whom the claim names."""
    for at, there in _verbs(said, source):
        together = _is_mutual(said, at) or _is_mutual(source, there)
        if not together and _are_others(_doer(said, at), _doer(source, there), source):
            yield Finding("role", f'another does it in the source: "{said[at].text}"')


def _verbs(said: Sequence[Token], source: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield where the verbs stand that a claim and its source have once each, and that do not hold of both sides alike."""
    mine, theirs = _unique(said), _unique(source)
    for verb in mine.keys() & theirs.keys() - _EITHER_WAY:
        if _is_verb(said, mine[verb]) and _is_verb(source, theirs[verb]):
            yield mine[verb], theirs[verb]


def _doer(tokens: Sequence[Token], verb: int) -> list[Token]:
    """Return the words of the name of who does what a verb tells: what stands last before it, or after "by"."""
    if _is_passive(tokens, verb):
        after = tokens[verb + 1 :]
        stands = bool(after) and after[0].lower == "by"
        return _name(after[1:]) if stands else []
    return _name([token for token in reversed(tokens[:verb]) if token.lower not in _BE][: 2 * _HELPERS])


def _name(tokens: Sequence[Token]) -> list[Token]:
    """Return the names that tokens begin with, what joins them left out."""
    named = takewhile(lambda token: token.name or token.opens or token.lower in _JOINERS, tokens)
    return [token for token in named if token.lower not in _JOINERS]


_JOINERS = frozenset(["the", "and", "of", "for"])


def _are_others(mine: Sequence[Token], theirs: Sequence[Token], source: Sequence[Token]) -> bool:
    """Tell whether two doers are called by names of which the first stands in the source too, and none is the other's."""
    initials = "".join(token.lower[0] for token in theirs)
    known = _stems(theirs) | {initials, initials[::-1]}
    return bool(theirs) and bool(mine) and _stems(mine) <= _stems(source) and _stems(mine).isdisjoint(known)


def _stems(tokens: Sequence[Token]) -> set[str]:
    return {token.stem for token in tokens}


def _object(tokens: Sequence[Token], verb: int) -> Token | None:
    """Return the first thing named after a verb, if only articles and the like stand between them."""
    for token in tokens[verb + 1 : verb + _HELPERS]:
        if token.content:
            return token if _is_thing(token) else None
        if token.lower in CLAUSE_WORDS or token.lower in _PREPOSITIONS:
            return None
    return None


def _subject(tokens: Sequence[Token], verb: int) -> Token | None:
    """Return the thing named last before a verb, if none but helping words stand between them."""
    for token in reversed(tokens[max(0, verb - _HELPERS) : verb]):
        if token.content and not token.lower.endswith("ly"):
            return token if _is_thing(token) else None
        if token.lower in CLAUSE_WORDS or token.lower in _PREPOSITIONS:
            return None
    return None


_HELPERS = 4
_EITHER_WAY = frozenset(map(stem, ["face", "meet", "match", "equal", "resemble", "overlap"]))
"""Verbs that hold of both sides alike: issues face leaders, and leaders face issues."""
_ALMOST_ALL = 0.85
_PREPOSITIONS = frozenset(["to", "of", "for", "in", "on", "at", "from", "into", "about"])


def _is_mutual(tokens: Sequence[Token], verb: int) -> bool:
    """Tell whether both sides do it alike: A works with B."""
    return any(token.lower == "with" for token in tokens[verb + 1 : verb + 3])


def _contrasts(said: Sequence[Token], source: Sequence[Token]) -> Iterator[Finding]:
    """Find two things that change places around "than", the word before it being the same: rather than, more than."""
    theirs = [(source[at - 1].stem, *_sides(source, at)) for at, t in enumerate(source) if t.lower == "than" and at]
    for at, token in enumerate(said):
        if token.lower != "than" or not at:
            continue
        left, right = _sides(said, at)
        for word, before, after in theirs:
            if word == said[at - 1].stem and (left & after) - before and (right & before) - after:
                yield Finding("role", f'what stands before and after "{said[at - 1].text} than" has changed places')


def _sides(tokens: Sequence[Token], at: int) -> tuple[set[str], set[str]]:
    before, after = tokens[max(0, at - _SIDE) : at - 1], tokens[at + 1 : at + _SIDE]
    return {token.stem for token in before if token.content}, {token.stem for token in after if token.content}


_SIDE = 6
_MODALS = frozenset(["to", "can", "could", "may", "might", "must", "will", "would", "shall", "should"])


def _is_verb(tokens: Sequence[Token], place: int) -> bool:
    lower = tokens[place].lower
    return lower.endswith(("ed", "ing")) or lower in IRREGULAR or (place > 0 and tokens[place - 1].lower in _MODALS)


def _is_thing(token: Token) -> bool:
    return not token.lower.endswith(("ed", "ing", "ly")) and token.number is None


def _is_passive(tokens: Sequence[Token], place: int) -> bool:
    if tokens[place].lower.endswith("ing"):
        return False
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
        if (
            other
            and other != word
            and any({word, other} <= pair for pair in _DIRECTIONS)
            and not undo_each_other(said, source)
        ):
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
