"""The words of a question that stand for something said before."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.followups.wording import AUXILIARY, VERBS
from assistant.words import terms

_NOUN = (
    r"(?:programme|program|project|case|scheme|initiative|organi[sz]ation|service|team|council|place|taskforce|region|area"
    r"|company|charity|partnership|example|claim|statement|finding|idea|point|approach|figure|number|factor|problem)s?"
)
_RUN = (
    r"(?:programme|program|project|scheme|initiative|taskforce|partnership|song|film|movie|book|novel|album|show|series"
    r"|company|charity|band)"
)
_JUDGED = (
    r"(?:worth|true|likely|clear|common|normal|usual|possible|impossible|necessary|important|useful|helpful|essential"
    r"|crucial|critical|vital|easy|easier|hard|harder|difficult|challenging|expensive|costly|good|bad|better|best)"
)
_ADVERB = r"(?:(?:so|more|less|very|often|sometimes|not|\w+ly)\s+)*"
_EXPLETIVE = re.compile(
    rf"\b(?:is|was|be)\s+it\s+{_ADVERB}(?:to|that|{_JUDGED})\b(?=\s+\w)"
    rf"|\bit\s+(?:is|was|be|can\s+be)\s+{_ADVERB}(?:{_JUDGED}|\w+\s+that)\b"
    r"|\bdoes\s+it\s+(?:take|help|mean|matter)\s+(?:to|if|that|when|for|whether)\b|\bdoes\s+it\s+make\s+an?\b|\b(?:makes?|made)\s+it\s+\w+\s+(?:to|for)\b"
    r"|\b(?:is|was|are|were|be)\s+there\b|\bthere\s+(?:is|are|was|were)\b",
    re.IGNORECASE,
)
_END = r"\W*\Z"
PRONOUN = re.compile(
    rf"""
      \b(?P<person>(?P<whose>his)|he|she|him|(?P<her>her))\b
    | \b(?P<owner>its|their)\b
    | \b(?P<place>there)\b
    | \bthe\s+(?P<running>{_RUN})\b(?={_END}|\s+(?:{AUXILIARY}|in|during|take|to)\b|\s+\w+{_END})
    | \b(?:it|they|them)(?!['’]?\w)
    | \bthe\s+same\s+{_NOUN}\b
    | \b(?:that|this|those|these)(?:\s+{_NOUN}\b|(?=\s+(?:{AUXILIARY}|be|been)\b)|(?={_END}))(?!['’]\w)
    | \b(?:that|this)(?=\s+(?:{"|".join(sorted(VERBS))})\b)
    | \b{AUXILIARY}\s+(?P<done>that)(?=\s+\w+{_END})
    | (?:(?<=\bis\s)|(?<=\bwas\s))(?:that|this)(?=\s+(?:an?|the|so|such|not)\b)
    | \b(?P<beside>(?:this|these|those)\s+(?!{AUXILIARY}\b)\w+)(?={_END})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SAYING = {"say", "says", "said", "know", "show", "shows", "mean", "tell", "like"}
_MANY = {"they", "them", "their"}
_OWN_SUBJECT = re.compile(
    rf"\b{AUXILIARY}\s+(?:the|an?)\s+(?:[\w'’-]+\s+){{1,4}}?(?!(?:affect|change|influence|shape|help|hinder|impact|hit|improve|damage|delay)\b)"
    r"[\w'’-]+\s+\Z",
    re.IGNORECASE,
)
"""Before "its": a subject and a verb of the same clause, whose own is meant, unless the verb tells of a cause."""
_CLAUSE = re.compile(
    r"[,.;:?!]\s+|\s+(?:and|but|so)\s+(?=how|what|why|when|where|who|is|are|did|does|do|can|was|were)", re.I
)

_REMARK = re.compile(r"[^?]*?[.!]\s+(?=[A-Z])")
_ENOUGH = 3
"""Words of its own that a question has which needs no remark before it."""


def first_pronoun(question: str) -> re.Match[str] | None:
    """Return the first pronoun that stands for something said before, and not for something in the question itself."""
    expletives = [found.span() for found in _EXPLETIVE.finditer(question)]
    for pronoun in PRONOUN.finditer(question):
        expletive = any(start <= pronoun.start() < end for start, end in expletives)
        if expletive or _joins(pronoun, question) or _is_remarked(pronoun, question):
            continue
        return None if _has_antecedent(pronoun, question) else pronoun
    return None


def _joins(pronoun: re.Match[str], question: str) -> bool:
    """Tell whether a "that" joins a clause to a word before it: "the factors that helped"."""
    before = question[: pronoun.start()].split()
    ends = not question[pronoun.end() :].strip(" ?.!")
    joins = bool(before) and (bool(terms(before[-1])) or before[-1].lower() in _SAYING)
    return pronoun[0].lower() == "that" and not ends and joins


def _is_remarked(pronoun: re.Match[str], question: str) -> bool:
    """Tell whether a pronoun stands in a remark before a question that says enough: "That surprised me. When were …?"."""
    remark = _REMARK.match(question, pronoun.end())
    return remark is not None and len(terms(question[remark.end() :])) >= _ENOUGH


def _has_antecedent(pronoun: re.Match[str], question: str) -> bool:
    """Tell whether a pronoun stands for the question's own subject: "How do organisations align their goals?"."""
    before = question[: pronoun.start()]
    many = pronoun[0].lower() in _MANY
    starts = [0, *(found.end() for found in _CLAUSE.finditer(before)), len(before)]
    clauses = [before[start:end] for start, end in pairwise(starts)]
    if not many:
        own = pronoun["owner"] is not None and _OWN_SUBJECT.search(before) is not None
        return own or any(len(terms(clause)) > 1 for clause in clauses[:-1])
    _, *said = re.split(rf"\b{AUXILIARY}\b", before, flags=re.IGNORECASE)
    # what stands before the auxiliary is asked for, not spoken of
    return any(
        terms(word) and re.search(r"[^s]s\W*\Z", word, re.IGNORECASE)
        for part in (*said, *clauses[:-1])
        for word in part.split()
    )


def filled(question: str, pronoun: re.Match[str], subject: str) -> str:
    """Return the question with the subject in the place of a pronoun."""
    after = re.sub(r"(?<!was)(?<!were)(?<!are)(?<!is)\s+there(?=\W*\Z)", "", question[pronoun.end() :])
    if pronoun["running"]:
        return f"{question[: pronoun.end()]} ({subject}){after}"
    if pronoun["done"]:
        return f"{question[: pronoun.start('done')]}{subject}{after}"
    if pronoun["beside"]:
        return f"{question.rstrip(' ?.!')} ({subject})?"
    return question[: pronoun.start()] + _worded(pronoun, subject, after) + after


def _worded(pronoun: re.Match[str], subject: str, after: str) -> str:
    if pronoun["owner"] or pronoun["whose"] or (pronoun["her"] and re.match(r"\s+\w", after)):
        return f"{subject}'s"
    return f"in {subject}" if pronoun["place"] else subject
