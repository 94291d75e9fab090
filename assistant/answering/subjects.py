"""Of whom and of how much a sentence speaks: cases, what each number is of, words in quotation marks, one made many. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.support.lexicon import ALL
from assistant.support.statements import parse, quantified
from assistant.support.synonyms import alike
from assistant.types import Facet
from assistant.words import FUNCTION_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assistant.support.statements import Token
    from assistant.taxonomy import Mention, Taxonomy
    from assistant.types import Evidence

_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|(?<!\w)‘([^’]+)’(?!\w)")
_WORD = re.compile(r"[^\W_]+")
_BARE_NUMBER = re.compile(r"(?<![\w-])\d[\d.,]*")
"""A number of a heading, which vouches for none of a claim."""
_CODE = re.compile(r"\b(?P<name>[A-Z]\w*)-\d[\d,]*\b")
_EVERY = re.compile(
    r"(?<!\bnot )(?<!\bcannot )(?<!n't )(?<!n’t )"
    r"(?<!\bin )(?<!\bafter )(?<!\babove )(?<!\bat )(?<!\bof )\b(?:all|every|always|everywhere|invariably|universally)\b"
    r"(?!\s+(?:days?|weeks?|months?|years?|kinds?|sorts?|manner|but|the\s+same|in\s+all)\b)|\bin\s+(?:all|every)\s+(?!all\b)[a-z]+s?\b",
    re.IGNORECASE,
)
_OF_THINGS = frozenset(["all", "every", "each", "any"])
_CASES = frozenset(map(stem, ["case", "instance", "time", "situation"]))
"""What "in every case" speaks of, which may be any thing."""
_ARTICLES = {"a", "an", "one"}
_NOUN_AFTER = 3


def cases_of(evidence: Evidence, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the cases that a sentence is about: those it names, else those of its passage."""
    named = tuple(taxonomy.mentioned(Facet.CASE, evidence.sentence.text))
    return named or evidence.hit.passage.values(Facet.CASE)


def about(evidence: Sequence[Evidence], taxonomy: Taxonomy) -> str:
    """Return what sentences are about beside what they say: every name of their cases, and the headings above them."""
    cases = {case for one in evidence for case in cases_of(one, taxonomy)}
    names = [
        name for entry in taxonomy.entries[Facet.CASE] if entry.name in cases for name in (entry.name, *entry.names)
    ]
    headings = [_BARE_NUMBER.sub("", heading) for one in evidence for heading in one.hit.passage.section]
    return ". ".join(dict.fromkeys([*names, *headings]))


def strange_case(claim: str, evidence: Sequence[Evidence], taxonomy: Taxonomy) -> str | None:
    """Return what is wrong with the cases that a claim names; ``None`` where its evidence is about them and no other."""
    named = taxonomy.mentioned(Facet.CASE, claim)
    held = [cases_of(one, taxonomy) for one in evidence]
    known = {case for cases in held for case in cases}
    for case in named:
        if case not in known:
            instead = f", but about {' and '.join(sorted(known))}" if known else ""
            return f"What it cites is not about {case}{instead}."
    if named and any(cases and set(cases).isdisjoint(named) for cases in held):
        return "What it cites is about another case, too."
    return None


def stray_number(claim: str, evidence: Sequence[Evidence], taxonomy: Taxonomy) -> str | None:
    """Return a number that a claim gives to one of several cases, where what is cited about that case does not have it."""
    mentions = taxonomy.mentions(claim, Facet.CASE)
    if len({mention.name for mention in mentions}) < 2:
        return None
    for case, said in _shares(claim, mentions):
        theirs = [one.sentence.text for one in evidence if case in cases_of(one, taxonomy)]
        held = {token.number for text in theirs for token in parse(text)}
        strange = [token.text for token in parse(said) if token.number is not None and token.number not in held]
        if strange and strange[0].lower() != "one":
            return f'What it cites about {case} does not have the number "{strange[0]}".'
    return None


def _shares(claim: str, mentions: Sequence[Mention]) -> Iterator[tuple[str, str]]:
    """Yield every case with the words that belong to it: those after its name, or before where the first number comes first."""
    first = claim[: mentions[0].start]
    numbers_first = any(token.number is not None for token in parse(first))
    bounds = [0, *(mention.end for mention in mentions)]
    for place, mention in enumerate(mentions):
        if numbers_first:
            yield mention.name, claim[bounds[place] : mention.start]
        else:
            end = mentions[place + 1].start if place + 1 < len(mentions) else len(claim)
            yield mention.name, claim[mention.end : end]


def unquoted(claim: str, sources: Sequence[str]) -> str | None:
    """Return words that a claim has in quotation marks and no source has; ``None`` where there are none."""
    held = [" ".join(_WORD.findall(source.lower())) for source in sources]
    for found in _QUOTED.finditer(claim):
        quoted = next(filter(None, found.groups()))
        words = " ".join(_WORD.findall(quoted.lower()))
        if words and not any(f" {words} " in f" {one} " for one in held):
            return f"The words “{quoted}” do not stand in what it cites."
    return None


def opening_name(claim: str, sources: Sequence[str], is_name: Callable[[str], bool]) -> str | None:
    """Return the word that opens a claim where it is a name that no source has; every opening word has a capital."""
    opening = next(iter(parse(claim)), None)
    if opening is None or opening.name or not opening.text[0].isupper() or opening.lower in FUNCTION_WORDS:
        return None
    known = {token.stem for source in sources for token in parse(source)}
    if opening.stem in known or not is_name(opening.text):
        return None
    return f'The name "{opening.text}" is not in what it cites.'


def widened(claim: str, sources: Sequence[str]) -> str | None:
    """Return the "all", "every" or "always" of a claim where no source has one of the same; ``None`` where there is none."""
    said = _EVERY.search(claim)
    tokens = parse(claim)
    if said is None or not any(token.kind == ALL for token in tokens) or _is_as_wide(tokens, list(map(parse, sources))):
        return None
    return f'The sentence says "{said[0]}", the source does not.'


def _is_as_wide(said: Sequence[Token], sources: Sequence[Sequence[Token]]) -> bool:
    everywhere = {token.lower for source in sources for token in source if token.kind == ALL} - {"both"}
    mine = set(_all_of(said))
    theirs = {noun for source in sources for noun in _all_of(source)}
    same = not mine or not mine.isdisjoint(_CASES) or any(alike(one, other) for one in mine for other in theirs)
    return bool(everywhere) and (same or not everywhere <= _OF_THINGS)


def _all_of(tokens: Sequence[Token]) -> list[str]:
    """Return the stems of what all or every one is spoken of."""
    return [noun for kind, noun, _ in quantified(tokens) if kind == ALL]


def strange_code(claim: str, sources: Sequence[str]) -> str | None:
    """Return a name with a number in it, such as COVID-19, that the sources have with another number; ``None`` where none is."""
    held = {found["name"]: found[0] for source in sources for found in _CODE.finditer(source)}
    for found in _CODE.finditer(claim):
        if held.get(found["name"], found[0]) != found[0]:
            return f'The sentence says "{found[0]}", the source "{held[found["name"]]}".'
    return None


def made_many(claim: str, evidence: Sequence[Evidence], taxonomy: Taxonomy) -> str | None:
    """Return what a claim says of several where its source tells of one in a case: "companies" for "a company"."""
    several = _plurals(parse(claim))
    for source in (one.sentence.text for one in evidence if cases_of(one, taxonomy)):
        tokens = parse(source)
        theirs = _plurals(tokens)
        for place, token in enumerate(tokens):
            if token.lower in _ARTICLES:
                for other in tokens[place + 1 : place + 1 + _NOUN_AFTER]:
                    if other.content and other.stem in several and other.stem not in theirs and _is_last(tokens, other):
                        return f'The source speaks of one "{other.text}", the sentence of several.'
    return None


def _is_last(tokens: Sequence[Token], noun: Token) -> bool:
    """Tell whether a word ends its group of nouns, so that the article before it is its own."""
    place = tokens.index(noun)
    after = tokens[place + 1 : place + 2]
    return not after or not after[0].content or after[0].lower.endswith(("ed", "ing"))


def _plurals(tokens: Sequence[Token]) -> Mapping[str, str]:
    return {
        token.stem: token.lower
        for token in tokens
        if token.lower.endswith("s")
        and not token.lower.endswith(("ss", "us", "is"))
        and stem(token.lower[:-1]) == token.stem
        and not token.name
    }
