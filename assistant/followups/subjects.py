"""What a question speaks of: a name, or the subject of its verb. What is not plain is left unsaid."""

from __future__ import annotations

import re
from itertools import dropwhile

from assistant.followups.wording import ASKING, AUXILIARY, VERBS, is_past
from assistant.words import FUNCTION_WORDS, terms

_LONGEST = 7
"""Words of a subject that still reads well in the place of a pronoun."""

_LONG_QUESTION = 25
"""Words of a question that is told in full where another is about it."""

_BESIDE = re.compile(r"\((?P<subject>[^()]+)\)\?\Z")
_REQUEST = re.compile(
    r"\s*(?:(?:can|could|would|will)\s+you\s+)?(?:please\s+)?(?:tell\s+me|explain|describe|summarise|summarize|show\s+me)\s+"
    r"(?:more\s+|something\s+|all\s+)?(?:about\s+)?|\s*do\s+you\s+know\s+|\s*(?:speaking|talking)\s+(?:of|about)\s+",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(rf"\b{AUXILIARY}\b|(?<=what)['’]s\b|(?<=who)['’]s\b", re.IGNORECASE)
_DOES = re.compile(r"do|does|did|can|could|will|would|should", re.IGNORECASE)
_DEFINED = re.compile(
    rf"\W*(?:what|who)(?:\s+exactly)?(?:\s+(?:is|are|was|were)|['’]s)\s+(?!{AUXILIARY}\b)", re.IGNORECASE
)
_PLAIN_ORDER = re.compile(rf"(?:where|when|why)\s+(?!{AUXILIARY}\b)(?P<subject>.+?)\s+{AUXILIARY}\b", re.IGNORECASE)
_EXISTING = re.compile(r"\W*(?:what|which)\s+(?P<subject>.+?)\s+(?:are|is|were|was)\s+there\b", re.IGNORECASE)
_HAPPENED = re.compile(
    r".*\bwhat\s+(?:happens|happened|would\s+happen|will\s+happen)\s+(?:to|with|in)\s+", re.IGNORECASE
)
_DONE = re.compile(r"\W*who\s+(?P<verb>\w+)\s+(?=(?:the|a|an)\s)", re.IGNORECASE)
_MEANING = re.compile(
    r"(?:the\s+)?(?:meaning|definition|name|purpose|history|story|idea|concept|differences?)\s+(?:of|behind|between)\s+",
    re.IGNORECASE,
)
_CAPITAL = r"(?:[A-Z][\w&'’.-]*|\d[\w-]*)"
_NAME = re.compile(rf"\b[A-Z][\w&'’-]*(?:\s+(?:(?:of|the|and|for|de|van|von)\s+){{0,2}}{_CAPITAL})*")
_LINKS = {"of", "the", "a", "an", "and", "&", "all", "other", "own"}
_DEFINING_LINKS = {*_LINKS, "by", "in", "for", "between", "on"}
_PREDICATES = frozenset(
    """
    similar different popular important difficult hard easy good bad better best worse famous available responsible able true
    possible useful helpful successful effective expensive free open close closed part due likely common big small large
    """.split()  # noqa: SIM905 - a closed class of English words reads better as prose
)
_ADVERBS = frozenset(
    """
    normally usually typically generally currently originally actually really finally initially eventually recently previously
    """.split()  # noqa: SIM905 - a closed class of English words reads better as prose
)
_NOBODY = frozenset(
    terms("person people someone anyone thing anything something way lot kind sort type one example next")
)


def names(question: str) -> list[str]:
    """Return the capitalised names in a question, in its order; a question all in capitals holds none."""
    if question.upper() == question:
        return []
    found = [_without_opening(match, question) for match in _NAME.finditer(question)]
    return [name.rstrip(".'’-") for name in found if name[:1].isupper() and name.lower() not in FUNCTION_WORDS]


def _without_opening(match: re.Match[str], question: str) -> str:
    """Return a capitalised run without the word that is capitalised because it opens a sentence."""
    before = question[: match.start()].rstrip(" \"'“‘([")
    first, _, rest = match[0].partition(" ")
    if before and before[-1] not in ".?!:":
        return match[0]
    if rest and first.lower() not in FUNCTION_WORDS and not re.fullmatch(ASKING, first, re.IGNORECASE):
        return match[0]
    return re.sub(r"\A(?:(?:of|the|and|for)\s+)+", "", rest)


def subject(question: str) -> str | None:
    """Return what a question speaks of, as it is worded there: its grammatical subject, else the last name in it."""
    beside = _BESIDE.search(question)
    if beside:
        return beside["subject"]
    for asked in reversed(_sentences(question)):
        named = names(asked)
        spoken = phrase_of(asked) or (named[-1] if named else None)
        if spoken:
            return next((name for name in named if f"{name} ".startswith(f"{spoken} ")), spoken)
    return None


def last_sentence(question: str) -> str:
    """Return a question, or the last sentence of a long one."""
    return question if len(question.split()) <= _LONG_QUESTION else _sentences(question)[-1]


def _sentences(question: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+(?=\w)", question.strip())


def phrase_of(question: str) -> str | None:
    """Return the noun phrase that a question is about, where its form makes it plain."""
    request = _REQUEST.match(question)
    question = question[request.end() :] if request else question
    if request and not re.match(rf"{ASKING}\b|if\b|whether\b", question, re.IGNORECASE):
        return _noun_phrase(question.split(), _DEFINING_LINKS)
    happened, defined = _HAPPENED.match(question), _DEFINED.match(question)
    plain = _PLAIN_ORDER.match(question) or _EXISTING.match(question)
    if happened:
        return _noun_phrase(question[happened.end() :].split(), _LINKS)
    if defined:
        phrase = _noun_phrase(question[defined.end() :].split(), _DEFINING_LINKS)
        return phrase and _MEANING.sub("", phrase)
    if plain:
        return _noun_phrase(plain["subject"].split(), _LINKS)
    auxiliary = _AUXILIARY.search(question)
    done = _DONE.match(question)
    if done and _ends(done["verb"].lower()):
        return _noun_phrase(question[done.end() :].split(), _LINKS)
    if auxiliary is None:
        return None
    return _noun_phrase(question[auxiliary.end() :].split(), _LINKS, auxiliary[0])


def _noun_phrase(following: list[str], links: set[str], auxiliary: str = "") -> str | None:
    """Return the noun phrase that opens ``following``: up to a verb, a preposition or a mark.

    After "does" and its like a verb must follow: a phrase that ends with no known one gives up its last word to it.
    """
    verb_follows = _DOES.fullmatch(auxiliary) is not None
    plural_ends = verb_follows and auxiliary.lower() != "does"
    taken: list[str] = []
    for word in following[: 2 * _LONGEST]:
        plain = word.strip("?.!,;:\"'()").lower()
        ends = _ends(plain) or plain in _ADVERBS
        if not plain or (plain in FUNCTION_WORDS and plain not in links) or (_nouns(taken) and ends):
            verb_follows = verb_follows and not ends
            break
        if plural_ends and taken and is_plural(taken[-1]):
            verb_follows = False
            break
        taken.append(word.strip("?.!;:,()"))
        if word[-1] in "?.!,;:)":
            break
    if verb_follows and _nouns(taken) > 1 and not is_plural(taken[-1]):
        taken.pop()
    while taken and taken[-1].lower() in links:
        taken.pop()
    return _worth_naming(taken)


def _nouns(taken: list[str]) -> int:
    return sum(word.lower() not in _DEFINING_LINKS for word in taken)


def speaks_of_many(phrase: str) -> bool:
    """Tell whether a noun phrase looks like a plural, by its last word before a preposition."""
    return is_plural(re.split(r"\s+(?:of|by|in|for|on|between)\s", phrase)[0].split()[-1])


def is_plural(word: str) -> bool:
    """Tell whether a word in small letters looks like a plural."""
    return word.islower() and re.search(r"[^sui'’]s\Z", word) is not None


def _ends(word: str) -> bool:
    """Tell whether a word ends the noun phrase before it: a verb, or what is said of the subject."""
    return word in VERBS or word in _PREDICATES or is_past(word)


def _worth_naming(taken: list[str]) -> str | None:
    phrase = " ".join(dropwhile(lambda word: word.lower() in {"and", "of", "&", "by", "in", "for", "on"}, taken))
    own = set(terms(phrase)) - _NOBODY
    verbal = all(_ends(word.lower()) for word in taken if word.lower() not in _DEFINING_LINKS)
    return phrase if own and not verbal and len(taken) <= _LONGEST else None
