"""The closed classes of words and phrases that follow-ups are told by."""

from __future__ import annotations

import re

from assistant.words import terms, words

AUXILIARY = r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should)(?:n['’]t)?"
ASKING = rf"(?:who|whom|whose|what|which|when|where|why|how|{AUXILIARY})"
PREPOSITION = r"(?:in|for|at|with|from|on|by|of|to|under|during|within|among|across)"

_TALK = frozenset(
    """
    hi hello hey morning afternoon evening bye goodbye cheers thanks thank thx ta you very much so lot ok okay k great good
    cool nice perfect fine right sure yes yeah yep no nope lol haha wow awesome brilliant excellent interesting wonderful
    lovely super fantastic helpful helps helped useful understood got it i see sorry please well done that's that is all
    really indeed oh ah hmm
    """.split()  # noqa: SIM905 - words read better as prose
)
_TALK_ALONE = frozenset(
    {"you", "very", "much", "so", "it", "i", "that", "that's", "is", "all", "really", "no", "right"}
)
_THANKS = (
    r"(?:(?:many\s+)?thanks|thank\s+you|thx|cheers)(?:\s+(?:so|very)\s+much|\s+a\s+lot)?"
    r"(?:\s+for\s+[\w\s]{1,30}?(?=[,.!]))?"
)
_LEAD = re.compile(
    rf"\s*(?:(?:{_THANKS}|i\s+see|got\s+it|ok|okay|hi|hello|oh|ah|hmm|please)(?:\s*[,.!;:–-]+\s*|\s+)"
    r"|(?:that\s+helps|that['’]s\s+(?:helpful|useful|great|good|interesting)|understood|great|good|nice|cool|interesting|right|sure|yes|yeah|no|wow|perfect)\s*[,.!;:–-]+\s*)(?=\S)",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:[\s,]+(?:too|as\s+well|then|instead|also|though|please|pls|thanks|exactly|maybe|perhaps))+\Z", re.IGNORECASE
)
_VAGUE = frozenset(
    terms(
        "example instance detail elaborate expand explain clarify biggest largest smallest greatest highest lowest main major"
        " important best worst common reason specific specifically further information info summary summarise continue"
        " eg e g etc pls abt mean come happened next long often far soon quickly"
        " short shorter brief briefly particular answer clear sure"
    )
)

_WHICH_ONE = re.compile(
    r"(?:and\s+)?which(?:\s+ones?)?\s+(?:is|are|was|were)\s+(?:the\s+)?(?:(?:most|least|more|less)\s+)?\w+",
    re.IGNORECASE,
)

VERBS = frozenset(
    """
    achieve act add affect agree aim allow appear apply ask became become began begin believe benefit break bring
    brought build built buy call came cause change choose chose close come compare compete contact contain contribute
    cost count cover create cut deal decide define deliver depend describe design develop die differ discover do drive
    earn eat enable encourage end ensure establish exist expect explain face fail fall feel fell felt fight find focus
    follow form found fund gain gather gave get give gives go got grew grow hamper happen happens has have hear held
    help helps hinder hold identify impact improve include increase influence invent involve join keep kept kill knew
    know lead learn leave led left limit live look lose made make makes manage mean means measure meet met move need
    occur offer open operate order originate overcome own paid participate pay perform plan play prevent produce
    promote protect provide provides publish put raise ran reach recommend reduce refer relate release rely remain
    report require respond restrict result return rose run said save saw say says see sell serve set share show shows
    sleep solve speak spend spent split spoke spread stand start stay stop struggle succeed support take takes talk
    tell think thought told took travel treat try turn use vary visit want went win won work write wrote
    """.split()  # noqa: SIM905 - a closed class of English words reads better as prose
)
"""Verbs that often end the subject of a question ("How does the exchange work?")."""


_LONG = 5


def is_past(word: str) -> bool:
    """Tell whether a word in small letters looks like a regular verb's past."""
    return len(word) >= _LONG and word.endswith("ed")


def without_lead(question: str) -> str:
    """Return a question without the courtesies before it."""
    lead = _LEAD.match(question)
    while lead:
        question = question[lead.end() :]
        lead = _LEAD.match(question)
    return question


def bare(question: str) -> str:
    """Return a question without the courtesies before it and the marks after it."""
    return without_lead(question).strip().rstrip(" ?.!")


def without_trailing(words_said: str) -> str:
    """Return words without what only ties them to the question before ("too", "instead")."""
    return _TRAILING.sub("", words_said).strip(" ,")


def is_talk(question: str) -> bool:
    """Tell whether something is said out of courtesy, and nothing asked."""
    said = [word.lower().replace("’", "'") for word in words(question)]
    return bool(said) and set(said) <= _TALK and not set(said) <= _TALK_ALONE


def is_vague(question: str) -> bool:
    """Tell whether a question has no word of its own that says what it is about: "Why?", "Any examples?"."""
    return set(terms(question)) <= _VAGUE or _WHICH_ONE.fullmatch(question) is not None


def says_little(question: str) -> bool:
    """Tell whether a question has at most one word of its own: "When was it founded?"."""
    return len(set(terms(question)) - _VAGUE) <= 1
