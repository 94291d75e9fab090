"""From a follow-up and what was asked before to a question that stands alone. Pure.

Only a question that leaves something out is rewritten; putting earlier turns in front of every question makes retrieval worse.
Two things are filled in: a pronoun ("How long did it take?") by the case last spoken of, and an ellipsis ("And the
enablers?", "What about the council?") by the question before, with what is new in the place of what it replaces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.types import Facet, Turn
from assistant.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.taxonomy import Mention, Taxonomy

_AUXILIARY = r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should)"
_ASKING = rf"(?:who|whose|what|which|when|where|why|how|{_AUXILIARY})"
_ELLIPSIS = re.compile(
    r"(?:(?:and|or|but|so)\s+)?(?:(?:what|how)\s+about|what\s+of|same\s+for)\s+(?P<new>.+)"
    rf"|(?:and|or)\s+(?!{_ASKING}\b)(?P<bare>(?:(?:in|for|at|with|the|its|their|from|on)\s+)?[\w&'’-]+(?:\s+[\w&'’-]+){{0,4}})",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|be)\s+it\s+(?:(?:so|more|less|very|often|sometimes|not|\w+ly)\s+)*"
    r"(?:to|that|worth|true|likely|clear|common|normal|usual|possible|impossible|necessary|important|useful|helpful|essential"
    r"|crucial|critical|vital|easy|easier|hard|harder|difficult|challenging|expensive|costly|good|bad|better|best)\b(?=\s+\w)"
    r"|\bit\s+(?:is|was|be|can\s+be)\b(?:\s+\w+\s+that\b)?|\bdoes\s+it\s+(?:take|help|mean|matter)\b"
    r"|\b(?:is|was|are|were|be)\s+there\b|\bthere\s+(?:is|are|was|were)\b",
    re.IGNORECASE,
)
_NOUN = r"(?:programme|program|project|case|scheme|initiative|organisation|service|team|council|place|taskforce)s?"
_PRONOUN = re.compile(
    rf"\b(?P<owner>its|their)\b|\b(?P<place>there)\b|\b(?:it|they|them|(?:that|this|those|these)(?:\s+{_NOUN}\b|(?=\s+{_AUXILIARY}\b)|(?=(?:\s+\w+)?\W*\Z))|the\s+same\s+{_NOUN})\b",
    re.IGNORECASE,
)


_SAYING = {"say", "says", "said", "know", "show", "shows", "mean", "tell", "like"}
_REMEMBERED = 20
"""How many of the last turns a follow-up can lean on."""


def standalone(question: str, history: Sequence[Turn | str], taxonomy: Taxonomy) -> str:
    """Return ``question`` with what it leaves to its predecessors filled in; as it is where it stands alone.

    ``history`` holds the earlier turns or questions, the oldest first.
    """
    told: list[Turn | str] = []
    for turn in history[-_REMEMBERED:]:
        if isinstance(turn, str) and not turn.strip():
            continue
        told.append(turn if isinstance(turn, Turn) else _alone(turn, told, taxonomy))
    return _alone(question, told, taxonomy)


def _alone(question: str, history: Sequence[Turn | str], taxonomy: Taxonomy) -> str:
    if not history:
        return question
    ellipsis = _ELLIPSIS.fullmatch(question.rstrip(" ?.!"))
    if ellipsis:
        return _completed(ellipsis["new"] or ellipsis["bare"], _stood_alone(history[-1]), taxonomy)
    pronoun = _pronoun(question)
    if taxonomy.mentions(question, Facet.CASE) or not (pronoun or not terms(question)):
        return question
    subject = _last_case(history, taxonomy)
    if pronoun and subject:
        return question[: pronoun.start()] + _named(pronoun, subject) + question[pronoun.end() :]
    return _about(question, _stood_alone(history[-1]))


def _pronoun(question: str) -> re.Match[str] | None:
    """Return the first pronoun that stands for something said before, and not for something in the question itself."""
    expletives = [found.span() for found in _EXPLETIVE.finditer(question)]
    for pronoun in _PRONOUN.finditer(question):
        expletive = any(start <= pronoun.start() < end for start, end in expletives)
        if not (expletive or _joins(pronoun, question) or _has_antecedent(pronoun, question)):
            return pronoun
    return None


def _joins(pronoun: re.Match[str], question: str) -> bool:
    """Tell whether a "that" joins a clause to a word before it: "the factors that helped"."""
    before = question[: pronoun.start()].split()
    ends = not question[pronoun.end() :].strip(" ?.!")
    joins = bool(before) and (bool(terms(before[-1])) or before[-1].lower() in _SAYING)
    return pronoun[0].lower() == "that" and not ends and joins


def _has_antecedent(pronoun: re.Match[str], question: str) -> bool:
    """Tell whether a "they" stands for the question's own subject: "How do organisations align their goals?"."""
    if pronoun[0].lower() not in {"they", "them", "their"}:
        return False
    *_, said = re.split(rf"\b{_AUXILIARY}\b", question[: pronoun.start()], flags=re.IGNORECASE)
    asked = len(said) < pronoun.start()  # what stands before the auxiliary is asked for, not spoken of
    return asked and any(terms(word) and re.search(r"[^s]s\Z", word, re.IGNORECASE) for word in said.split())


def _completed(new: str, before: str, taxonomy: Taxonomy) -> str:
    """Return the question before with ``new`` in the place of the theme, aspect or case it replaces."""
    completed, left = before, False
    facets = [facet for facet in (Facet.CASE, Facet.ASPECT, Facet.THEME) if taxonomy.mentions(new, facet)]
    for facet in facets:
        fresh, replaced = taxonomy.mentions(new, facet), taxonomy.mentions(completed, facet)
        if replaced:
            completed = _replaced(completed, replaced, new[fresh[0].start : fresh[-1].end])
        left = left or not replaced
    return completed if facets and not left else f"{completed.rstrip(' ?.!')}: {new}?"


def _replaced(before: str, mentions: Sequence[Mention], words: str) -> str:
    return before[: mentions[0].start] + words + before[mentions[-1].end :]


def _last_case(history: Sequence[Turn | str], taxonomy: Taxonomy) -> str | None:
    """Return the case that was spoken of last: named in a question, or the only one an answer cites."""
    for turn in reversed(history):
        mentions = taxonomy.mentions(_stood_alone(turn), Facet.CASE)
        if mentions:
            return mentions[-1].name
        cited = (
            {case for citation in turn.answer.citations for case in citation.cases} if isinstance(turn, Turn) else set()
        )
        if len(cited) == 1:
            return cited.pop()
    return None


def _named(pronoun: re.Match[str], subject: str) -> str:
    if pronoun["owner"]:
        return f"{subject}'s"
    return f"in {subject}" if pronoun["place"] else subject


def _about(question: str, before: str) -> str:
    return f"{question.rstrip(' ?.!')}, about: {before}"


def _stood_alone(turn: Turn | str) -> str:
    return turn.answer.standalone_question if isinstance(turn, Turn) else turn
