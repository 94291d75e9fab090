"""A statement taken apart: its words with their stems, numbers, names, and whether something denies them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.support.lexicon import (
    ALL,
    CLAUSE_WORDS,
    DAYS,
    FREQUENCIES,
    IMPLICIT_NEGATORS,
    MULTIPLIERS,
    NEGATORS,
    NONE,
    ONLY,
    PASSIVE_NEGATORS,
    QUANTIFIERS,
    RELATIONS,
    SMALL_NUMBERS,
    SOME,
    TURNING,
)
from assistant.support.synonyms import alike
from assistant.words import FUNCTION_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"[^\W_]+(?:[.,]\d+[^\W\d_]*)*(?:['’][^\W\d_]+)*|[,;:.()|–—-]|%|[£$€]")
_DIGITS = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)(k|m|mn|bn)?")
_SUFFIXES = {None: 1, "k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000}
_REACH = 5


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a statement: as written, in lower case, its stem, its number if it is one, and what is done to it.

    ``content`` is whether it says something of a subject, ``name`` whether it is written as a proper name, ``denied``
    the places of each "not", "without", "rather than" or the like that stands over it, ``opens`` whether it opens a sentence,
    ``kind`` what it says of how many, how often, when or whether at all, where it stands: "not all" are some.
    """

    text: str
    lower: str
    stem: str
    number: float | None
    content: bool
    name: bool
    denied: frozenset[int]
    opens: bool
    kind: str | None


def _kind_of(word: str) -> str | None:
    """Return what a word in lower case says of how many, how often, when or whether at all; ``None`` where it does not."""
    if word in NEGATORS:
        return NONE
    return QUANTIFIERS.get(word) or FREQUENCIES.get(word) or ("only" if word in ONLY else RELATIONS.get(word))


def says_same(one: Token, other: Token) -> bool:
    """Tell whether two words say the same: the same number, kind, word or a form of it, or a synonym."""
    if one.number is not None or other.number is not None:
        return one.number == other.number
    return one.kind == other.kind if one.kind else alike(one.stem, other.stem)


def undo_each_other(said: Sequence[Token], source: Sequence[Token]) -> bool:
    """Tell whether the denials that a claim adds to its source undo each other: nothing without it, no progress until then."""
    theirs = {TURNING.get(token.lower) for token in source}
    turns = [TURNING[token.lower] for token in said if token.lower in TURNING]
    added = [turn for turn in turns if turn not in theirs]
    return bool(added) and len(added) % 2 == 0 and not NEGATORS.isdisjoint(added)


def quantified(tokens: Sequence[Token]) -> Iterator[tuple[str, str, str]]:
    """Yield what is said of how many, the stem of what it may be said of, and the word: "all", "ward", "All"."""
    for place, token in enumerate(tokens):
        kind = token.kind
        if token.lower not in QUANTIFIERS or kind is None or _is_in_all(tokens, place):
            continue
        for other in [word for word in tokens[place + 1 : place + 5] if word.content and word.number is None][:2]:
            yield kind, other.stem, token.text


def _is_in_all(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether an "all" is part of "in all" or "at all", and of no thing."""
    after = tokens[place + 1 : place + 2]
    alone = not after or after[0].number is not None or not after[0].content
    return tokens[place].lower == "all" and place > 0 and tokens[place - 1].lower in {"in", "at"} and alone


@lru_cache(maxsize=16_384)
def parse(text: str) -> tuple[Token, ...]:
    """Return the words of ``text``, in order, punctuation left out."""
    pieces = [match[0].replace("’", "'") for match in _TOKEN.finditer(text)]
    numbers, denied = _numbers(pieces), _denied(pieces)
    tokens = []
    opens = True
    for place, piece in enumerate(pieces):
        if piece[0].isalnum():
            after = pieces[place + 1].lower() if place + 1 < len(pieces) else ""
            kind = _kind(piece.lower(), after, {pieces[other].lower() for other in denied[place]})
            tokens.append(_token(piece, numbers[place], denied[place], opens=opens, kind=kind))
        opens = piece in {".", ":", "|"} or (opens and not piece[0].isalnum())
    return tuple(tokens)


def _token(piece: str, number: float | None, denied: frozenset[int], *, opens: bool, kind: str | None) -> Token:
    lower = piece.lower()
    name = _is_name(piece, opens)
    counted = number is None and _value(piece) is not None  # with the word after it, "thirty-seven", or in a name
    content = (lower not in FUNCTION_WORDS and len(lower) > 1 and not counted) or number is not None or name
    return Token(piece, lower, stem(piece), number, content, name, denied, opens, kind)


def _kind(word: str, after: str, negators: set[str]) -> str | None:
    """Return what a word says of how many or how often: "not always" is sometimes; "each other", "without all" are nothing."""
    if word in _DISTRIBUTING and (after == "other" or stem(after) in DAYS):
        return None
    kind = _kind_of(word)
    if kind != ALL or not negators:
        return kind
    return SOME if negators <= NEGATORS - {"without"} else None


_DISTRIBUTING = frozenset(["each", "every", "per"])


def _is_name(piece: str, opens: bool) -> bool:
    if sum(letter.isupper() for letter in piece) > 1:
        return True
    return piece[0].isupper() and not opens and (piece.lower() not in FUNCTION_WORDS or piece == "May")


def _numbers(pieces: list[str]) -> list[float | None]:
    """Return the number that stands at each place; "thirty-seven" and "two hundred" stand at their last word."""
    found: list[float | None] = [None] * len(pieces)
    pending: float | None = None
    for place, piece in enumerate(pieces):
        value = None if _ends_name(pieces, place) else _value(piece)
        lower = piece.lower()
        if lower in MULTIPLIERS or lower.rstrip("s") in MULTIPLIERS:
            factor = MULTIPLIERS.get(lower, MULTIPLIERS.get(lower.rstrip("s"), 1))
            found[place] = _times(pieces, place, pending, factor)
            if pending is not None:
                _forget(found, place, pieces)
            pending = found[place]
        elif value is not None:
            tens = pending is not None and pending >= 20 and pending % 10 == 0 and value < 10 and lower in SMALL_NUMBERS
            found[place] = pending + value if tens and pending is not None else value
            pending = found[place]
            _forget(found, place, pieces) if tens else None
        elif piece != "-":
            pending = None
    return found


def _ends_name(pieces: list[str], place: int) -> bool:
    """Tell whether a number is part of a name: COVID-19."""
    return place > 1 and pieces[place][0].isdigit() and pieces[place - 1] == "-" and pieces[place - 2][0].isupper()


def _times(pieces: list[str], place: int, pending: float | None, factor: int) -> float:
    if pending is not None:
        return round(pending * factor, 6)
    half = any(piece.lower() == "half" for piece in pieces[max(0, place - 2) : place])
    return factor / 2 if half else factor


def _forget(found: list[float | None], place: int, pieces: list[str]) -> None:
    before = place - 2 if pieces[place - 1] == "-" else place - 1
    found[before] = None


def _value(piece: str) -> float | None:
    if piece[0].isdigit():
        found = _DIGITS.fullmatch(piece.lower())
        return round(float(found[1].replace(",", "")) * _SUFFIXES[found[2]], 6) if found else None
    return SMALL_NUMBERS.get(piece.lower())


def _denied(pieces: list[str]) -> list[frozenset[int]]:
    """Return for every place the negators that stand over it."""
    marks: list[set[int]] = [set() for _ in pieces]
    for place in range(len(pieces)):
        if _denies(pieces, place):
            for other in _reach(pieces, place):
                marks[other].add(place)
    return [frozenset(mark) for mark in marks]


def _reach(pieces: list[str], place: int) -> Iterator[int]:
    """Yield the places that the negator at ``place`` denies: a few words after it, or before it in the passive."""
    after_be = any(piece.lower() in _BE for piece in pieces[max(0, place - 3) : place])
    backwards = after_be and pieces[place].lower() in PASSIVE_NEGATORS
    step = -1 if backwards else 1
    other, seen = place + step, 0
    while 0 <= other < len(pieces) and seen < _REACH:
        piece = pieces[other].lower()
        if piece in _STOPS or (piece in CLAUSE_WORDS and other != place + 1):
            break
        if piece == "to" and seen and pieces[place].lower() in _INSTEAD:  # six weeks rather than six months to do it
            break
        seen += piece[0].isalnum() and piece not in FUNCTION_WORDS
        yield other
        other += step


_INSTEAD = frozenset(["rather", "instead"])
_STOPS = frozenset(",;:.()|")
_BE = frozenset(["is", "are", "was", "were", "be", "been", "being"])


def _denies(pieces: list[str], place: int) -> bool:
    lower = pieces[place].lower()
    after = pieces[place + 1].lower() if place + 1 < len(pieces) else ""
    if lower in _INSTEAD:
        return after in {"than", "of"}
    if lower == "not" and after in {"only", "just"}:
        return False
    return lower in NEGATORS or lower in IMPLICIT_NEGATORS
