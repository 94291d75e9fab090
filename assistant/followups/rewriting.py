"""The steps from a follow-up to a question that stands alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.followups.aspects import other_side
from assistant.followups.ellipses import completed, is_fragment, new_words
from assistant.followups.events import asking_for_source, does_the_same, stated, with_deed
from assistant.followups.pronouns import PRONOUN, filled, first_pronoun
from assistant.followups.shifts import Shift, shift
from assistant.followups.subjects import last_sentence, names, phrase_of, speaks_of_many, subject
from assistant.followups.wording import AUXILIARY, bare, is_talk, is_vague, says_little, without_lead
from assistant.questions import ABOUT
from assistant.types import Facet, Turn
from assistant.words import terms, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.taxonomy import Mention, Taxonomy

_REMEMBERED = 20
"""How many of the last turns a follow-up can lean on."""

_PICK = re.compile(
    rf"\bthe\s+(?:(?P<first>former|first(?:\s+one\b|(?=\W*\Z)|(?=\s+{AUXILIARY}\b)))|(?P<last>latter|second(?:\s+one\b|(?=\W*\Z)"
    rf"|(?=\s+{AUXILIARY}\b)))|(?P<other>other(?:\s+(?:one|case)\b|(?=\W*\Z)|(?=\s+{AUXILIARY}\b))))\b",
    re.IGNORECASE,
)
_THINGS = re.compile(r"\bthem\Z|\b(?:are|were|can|could|should)\s+they\Z", re.IGNORECASE)
_WHAT_WAS_SAID = re.compile(r"that|this", re.IGNORECASE)
_SAME = re.compile(r"\b(?:same|too|also|as\s+well|likewise|similar)\b", re.IGNORECASE)
_WHETHER = re.compile(rf"\W*(?:(?:and|but|so)\s+)?{AUXILIARY}\b", re.IGNORECASE)
_LED = re.compile(r"\W*(?:and|or|but|so|then|also|what|how|same|now|ok(?:ay)?)\b", re.IGNORECASE)
_LEFT_OUT = re.compile(
    r"\b(?:the|did|do|come|came)\s+(?:most|fewest|least|largest|smallest|highest|lowest)(?:\s+come|\s+came)?\W*\Z",
    re.IGNORECASE,
)
"""A superlative of something that only the question before names."""
_ONES = re.compile(r"\bthe\s+ones\b", re.IGNORECASE)
_DOES = re.compile(r"\b(?:do|does|did)\s+\Z", re.IGNORECASE)
"""Before a pronoun that is itself the subject of a verb, and so rather stands for a subject."""
_ONE_THING = re.compile(r"it|its|this|that", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:compar\w+|differ\w*|than|versus|vs)\b", re.IGNORECASE)
_WHO_THEY_ARE = re.compile(r"\b(?:who|what)\s+(?:exactly\s+)?(?:are|were)\s+(?:they|these|those)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\W*(?:how\s+many|which|what)\s+[a-z]", re.IGNORECASE)
_PERSON = re.compile(r"[A-Z][\w'’-]+(?:\s+[A-Z][\w'’.-]*)+")


@dataclass(frozen=True, slots=True)
class _Told:
    """An earlier turn: what was asked, what it was understood as, and the cases that its answer cites."""

    asked: str
    alone: str
    cited: tuple[str, ...] = ()

    @property
    def core(self) -> str:
        """The question that the ones after it are about."""
        return without_lead(self.alone.rpartition(ABOUT)[2])


def standalone(question: str, history: Sequence[Turn | str], taxonomy: Taxonomy) -> str:
    """Return ``question`` with what it leaves to its predecessors filled in; as it is where it stands alone.

    ``history`` holds the earlier turns or questions, the oldest first.
    """
    told: list[_Told] = []
    for turn in history[-_REMEMBERED:]:
        asked = turn.question if isinstance(turn, Turn) else turn
        if not asked.strip() or is_talk(asked):
            continue
        if isinstance(turn, Turn):
            cited = dict.fromkeys(case for citation in turn.answer.citations for case in citation.cases)
            told.append(_Told(asked, turn.answer.standalone_question, tuple(cited)))
        else:
            told.append(_Told(asked, _alone(asked, told, taxonomy)))
    says_nothing = is_talk(question) or not any(words(question))
    return question if says_nothing else _alone(question, told, taxonomy)


def _alone(question: str, history: Sequence[_Told], taxonomy: Taxonomy) -> str:
    asked = without_lead(question)
    if not history:
        return question
    turned = shift(asked)
    alone = _after(turned, history, taxonomy) if turned else _rewritten(asked, history, taxonomy)
    return question if alone == asked else alone


def _after(turned: Shift, history: Sequence[_Told], taxonomy: Taxonomy) -> str:
    """Return what stands alone after an opener that changes the subject: of its topic, where it gives one."""
    asked = without_lead(turned.rest)
    if turned.topic is None:
        return asked if turned.is_new and not new_words(asked, taxonomy) else _rewritten(asked, history, taxonomy)
    told = f"What is {turned.topic}?"
    alone = _rewritten(asked, [_Told(told, told)], taxonomy)
    if alone != asked or set(terms(turned.topic)) <= set(terms(asked)):
        return alone
    if any(taxonomy.mentions(turned.topic, facet) for facet in Facet):
        return completed(turned.topic, asked, None, taxonomy)
    return f"{asked.rstrip(' ?.!')} ({turned.topic})?" if says_little(asked) else asked


def _rewritten(question: str, history: Sequence[_Told], taxonomy: Taxonomy) -> str:
    before = history[-1].core
    question = _with_ones(_picked(question, history, taxonomy), before, taxonomy)
    side = other_side(question, before, taxonomy)
    if side:
        return side
    new = new_words(question, taxonomy)
    if (
        new
        and not _LED.match(question)
        and all(taxonomy.mentions(question, one) for one in (Facet.THEME, Facet.ASPECT))
    ):
        return question
    if new:
        return completed(new, before, _last_case(history, taxonomy), taxonomy)
    named = taxonomy.mentions(question, Facet.CASE)
    if named:
        return _of_another(question, named, history, taxonomy)
    return _leaning_back(question, history, taxonomy)


def _leaning_back(question: str, history: Sequence[_Told], taxonomy: Taxonomy) -> str:
    """Return a question that names nothing new with the deed, the source, the thing or the question it leans on."""
    before = history[-1].core
    if _LEFT_OUT.search(question):
        return _about(question, before)
    deed = with_deed(question, before)
    if deed:
        return deed
    sourced = asking_for_source(question, before)
    if sourced:
        return _about(sourced, before)
    pronoun = first_pronoun(question)
    if pronoun:
        return _filled(question, pronoun, history, taxonomy)
    if is_vague(bare(question)):
        return _about(question, before)
    if is_fragment(question):
        spoken = _last_subject(history, taxonomy)
        return f"{bare(question)} ({spoken})?" if spoken else _about(question, before)
    return question


def _filled(question: str, pronoun: re.Match[str], history: Sequence[_Told], taxonomy: Taxonomy) -> str:
    before = history[-1].core
    if _WHAT_WAS_SAID.fullmatch(pronoun["done"] or pronoun[0]) and is_vague(bare(question)):
        return _about(question, before)
    spoken = _last_subject(history, taxonomy)
    if _THINGS.search(question[: pronoun.end()]) and taxonomy.mentions(phrase_of(before) or "", Facet.ASPECT):
        spoken = phrase_of(before)
    if spoken and _ONE_THING.fullmatch(pronoun["done"] or pronoun[0]) and speaks_of_many(spoken):
        parallel = _WHAT_WAS_SAID.fullmatch(pronoun[0]) and _DOES.search(question[: pronoun.start()])
        return f"{question.rstrip(' ?.!')} ({spoken})?" if parallel else _about(question, before)
    if _of_the_turn(question, history[-1]) and _last_case(history, taxonomy) is None:
        return _about(question, before)
    if pronoun["person"]:
        case = _last_case(history, taxonomy)
        person = _last_person(history, taxonomy) or (spoken if spoken != case else None)
        if person is None and spoken:
            return f"{question.rstrip(' ?.!')} ({spoken})?"
        spoken = person
    return filled(question, pronoun, spoken) if spoken else _about(question, before)


def _of_the_turn(question: str, last: _Told) -> bool:
    """Tell whether a question asks who was counted, or of a deed that the turn before tells without its doer."""
    deed = does_the_same(question) and first_pronoun(last.asked) is not None
    return deed or (_WHO_THEY_ARE.search(question) is not None and _COUNTED.match(last.core) is not None)


def _of_another(question: str, named: Sequence[Mention], history: Sequence[_Told], taxonomy: Taxonomy) -> str:
    """Return a question that names a case with what it says of it ("Is it the same in …?", "Compare it with …")."""
    rest = question[: named[0].start] + question[named[-1].end :]
    leans = [
        found for found in PRONOUN.finditer(question) if found[0].lower() in {"it", "that", "this", "they", "them"}
    ]
    if is_vague(rest) and _WHETHER.match(rest) and (leans or _SAME.search(rest)) and not _COMPARED.search(rest):
        return completed(question[named[0].start : named[-1].end], history[-1].core, None, taxonomy)
    other = _last_case(history, taxonomy)
    if leans and _COMPARED.search(rest) and other and other not in {mention.name for mention in named}:
        return filled(question, leans[0], other)
    return question


def _with_ones(question: str, before: str, taxonomy: Taxonomy) -> str:
    """Return the question with "the ones" spelt out by the aspect of the question before."""
    ones = _ONES.search(question)
    aspects = taxonomy.mentions(before, Facet.ASPECT) if ones else []
    if not ones or not aspects:
        return question
    return f"{question[: ones.start()]}the {before[aspects[-1].start : aspects[-1].end]}{question[ones.end() :]}"


def _picked(question: str, history: Sequence[_Told], taxonomy: Taxonomy) -> str:
    """Return the question with "the former", "the latter" or "the other one" of two cases spelt out."""
    pick = _PICK.search(question)
    if pick is None:
        return question
    pair = next((cases for cases in (_cases(turn, taxonomy) for turn in reversed(history)) if len(cases) > 1), None)
    if pair is None:
        return question
    last = _cases(history[-1], taxonomy)
    others = [case for case in pair if case not in last]
    chosen = pair[0] if pick["first"] else pair[-1] if pick["last"] else (others or pair)[-1]
    return question[: pick.start()] + chosen + question[pick.end() :]


def _cases(turn: _Told, taxonomy: Taxonomy) -> list[str]:
    """Return the cases that a turn's question names, in its order; where it names none, those its answer cites."""
    named = [mention.name for mention in taxonomy.mentions(turn.alone, Facet.CASE)]
    return list(dict.fromkeys(named or turn.cited))


def _last_case(history: Sequence[_Told], taxonomy: Taxonomy) -> str | None:
    """Return the case that was spoken of last: named in a question, or the only one an answer cites."""
    for turn in reversed(history):
        mentions = taxonomy.mentions(turn.alone, Facet.CASE)
        if mentions:
            return mentions[-1].name
        if len(turn.cited) == 1:
            return turn.cited[0]
    return None


def _last_subject(history: Sequence[_Told], taxonomy: Taxonomy) -> str | None:
    """Return what was spoken of last: a turn's case or subject, else the last case.

    What a pronoun stood for stays the subject (the backward-looking centre of Grosz, Joshi and Weinstein 1995).
    """
    for turn in reversed(history):
        case = _last_case([turn], taxonomy)
        if case:
            return case
        if turn.asked != turn.alone and (ABOUT in turn.alone or first_pronoun(turn.asked)):
            own = phrase_of(turn.asked) if ABOUT in turn.alone else None
            if own is None or PRONOUN.search(own):
                continue
            return own
        spoken = subject(turn.core)
        if spoken:
            return spoken
        if not says_little(turn.core):
            break
    return _last_case(history, taxonomy)


def _last_person(history: Sequence[_Told], taxonomy: Taxonomy) -> str | None:
    for turn in reversed(history):
        found = [name for name in names(turn.alone) if _PERSON.fullmatch(name)]
        persons = [name for name in found if not taxonomy.mentions(name, Facet.CASE)]
        if persons:
            return persons[-1]
    return None


def _about(question: str, before: str) -> str:
    return f"{question.rstrip(' ?.!')}{ABOUT}{stated(last_sentence(before))}"
