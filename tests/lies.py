"""Lies made by rule from a library's own sentences: what a language model gets wrong, one thing at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CASES = {
    "Northumbria": "Kent",
    "Kent": "Bristol",
    "Bristol": "East Ayrshire",
    "East Ayrshire": "Northumbria",
    "Nightingale": "Kent",
    "Homelessness Prevention": "Vibrant Communities",
    "Vibrant Communities": "Stepping Up",
    "Stepping Up": "Nightingale Courts",
}
"""Every case, and another one to put in its place."""
NAMES = {
    "Ipsos MORI": "YouGov",
    "Age UK": "Oxfam",
    "National Leadership Centre": "National Audit Office",
    "NLC": "CQC",
    "NHS": "BBC",
    "HM Courts and Tribunals Service": "HM Revenue and Customs",
    "HM Prison and Probation Service": "HM Land Registry",
    "Northumbria Healthcare": "Barts Health",
    "Kent Fire & Rescue Service": "Essex Police",
    "Bristol Council": "Leeds Council",
    "England and Wales": "Scotland and Wales",
    "East Ayrshire": "East Lothian",
}
"""Names of the library, and others to put in their places."""
NUMBER_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
DATES = {"January": "June", "March": "August", "2021": "2018"}
UNITS = {"weeks": "months", "months": "years", "a day": "a week"}
OPPOSITES = {
    "easier": "harder",
    "easily": "slowly",
    "more difficult": "easier",
    "harder": "easier",
    "difficult": "easy",
    "helps": "fails",
    "enables": "prevents",
    "enabled": "prevented",
    "encourages": "discourages",
    "supporting": "undermining",
    "allowed": "prevented",
    "allowing": "forbidding",
    "allows": "prevents",
    "removed": "created",
    "increased": "reduced",
    "Increased": "Reduced",
    "reduces": "increases",
    "reduce": "increase",
    "limit": "extend",
    "unaware": "well aware",
    "avoid": "cause",
    "strong": "weak",
    "better": "worse",
    "positive": "negative",
    "greater": "less",
    "before": "after",
}
SCOPES = {
    "can be": "is always",
    " can ": " always ",
    " may ": " always ",
    " often ": " always ",
    "Some ": "All ",
    "not always": "never",
    "some of the": "all of the",
    "the majority of": "all",
    "Every ": "No ",
    "all ": "only some ",
    "six ": "hardly any ",
}
TOLD = re.compile(r"(?P<who>.*?\b(?:reported|described themselves as|said|felt)) (?:that )?(?P<what>.*)\Z", re.DOTALL)
AUXILIARY = re.compile(r"\b(is|are|was|were|can|may|could|had|has|have|means|meant)\b")
NUMBER = re.compile(r"\b\d[\d,]*\b")
NAME_PAIR = ("Ipsos MORI", "The NLC"), ("Age UK", "Kent Fire & Rescue Service"), ("local teams", "a central team")
IN_GERMAN = "Das hat die Zusammenarbeit zwischen den Organisationen deutlich erleichtert."
IN_FRENCH = "Cela a facilité la collaboration entre les organisations pendant la pandémie."


@dataclass(frozen=True)
class Lie:
    """A false sentence, what is wrong with it, and how it cites: its own source, another, none, or a number that is none."""

    kind: str
    text: str
    cites: str = "source"


def lies(source: str, others: Sequence[str], rules: Sequence[str] = ()) -> Iterator[Lie]:
    """Yield what can be made of a sentence; ``others`` are sentences of other cases, ``rules`` what the model was told."""
    yield from numbers(source, others)
    yield from exchanged("name", source, NAMES)
    yield from exchanged("case", source, CASES)
    yield from exchanged("date", source, DATES)
    yield from exchanged("unit", source, UNITS)
    yield from exchanged("opposite", source, OPPOSITES)
    yield from exchanged("scope", source, SCOPES)
    yield from swapped(source)
    yield from denied(source)
    yield from generalised(source)
    yield Lie("uncited", source, "nothing")
    yield Lie("invented marker", source, "nowhere")
    yield Lie("wrong passage", source, "another")
    yield Lie(
        "quotation", f"“It was a total disaster for everyone” was how it was put: {source[:1].lower()}{source[1:]}"
    )
    yield Lie("language", IN_GERMAN if len(source) % 2 else IN_FRENCH)
    yield from (Lie("leak", rule) for rule in rules)


def exchanged(kind: str, source: str, pairs: dict[str, str]) -> Iterator[Lie]:
    """Yield the sentence with one word put for another, once for every pair that it has."""
    for one, other in pairs.items():
        pattern = re.compile(re.escape(one) if one.strip() != one else rf"\b{re.escape(one)}\b")
        if pattern.search(source) and other not in source:
            yield Lie(kind, pattern.sub(other, source))


def numbers(source: str, others: Sequence[str]) -> Iterator[Lie]:
    """Yield the sentence with a wrong number, and with one that another sentence has."""
    for found in NUMBER.finditer(source):
        value = int(found[0].replace(",", ""))
        for other in (value + 1, value * 10):
            yield Lie("number", f"{source[: found.start()]}{other:,}{source[found.end() :]}".replace("2,0", "20"))
    for word in NUMBER_WORDS:
        if re.search(rf"\b{word}\b", source):
            wrong = NUMBER_WORDS[(NUMBER_WORDS.index(word) + 2) % len(NUMBER_WORDS)]
            yield Lie("number", re.sub(rf"\b{word}\b", wrong, source, count=1))
    mine = set(NUMBER.findall(source))
    foreign = sorted({number for other in others for number in NUMBER.findall(other)} - mine)
    for found in NUMBER.finditer(source):
        for number in foreign[:2]:
            yield Lie("number of another", f"{source[: found.start()]}{number}{source[found.end() :]}")


def swapped(source: str) -> Iterator[Lie]:
    """Yield the sentence with two of its names in each other's place."""
    for one, other in NAME_PAIR:
        if one in source and other in source:
            yield Lie("swapped", source.replace(one, "\0").replace(other, one).replace("\0", other))


def denied(source: str) -> Iterator[Lie]:
    """Yield the sentence with a "not" in it."""
    found = AUXILIARY.search(source)
    if found and " not " not in source and found[0] not in {"means", "meant"}:
        yield Lie("denial", f"{source[: found.end()]} not{source[found.end() :]}")


def generalised(source: str) -> Iterator[Lie]:
    """Yield what one voice says or one case did as if it were so of all."""
    told = TOLD.match(source)
    if told:
        what = told["what"].strip()
        yield Lie("opinion", f"{what[:1].upper()}{what[1:]}")
    in_case = re.match(r"In (?:the )?[A-Z][\w ]+?(?: programme)?, (?P<what>.*)\Z", source, re.DOTALL)
    if in_case:
        for every in ("Everywhere, ", "In every case, "):
            yield Lie("general", f"{every}{in_case['what']}")
    elif " " in source and source[0].isupper() and not re.search(r"\b(?:[Ee]very|[Aa]ll|[Ee]ach)\b", source):
        yield Lie("general", f"In every organisation in the country, {source[:1].lower()}{source[1:]}")
