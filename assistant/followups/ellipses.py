"""Follow-ups that say only what is new, and the question before with it in the place of its like."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from assistant.followups.subjects import names, subject
from assistant.followups.wording import (
    ASKING,
    AUXILIARY,
    PREPOSITION,
    VERBS,
    bare,
    is_past,
    is_talk,
    is_vague,
    without_trailing,
)
from assistant.types import Facet
from assistant.words import terms, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.taxonomy import Mention, Taxonomy

_AND = r"(?:and|or|but|so|also|then|whereas|while)"
_WORDS = r"[\w&'’.-]+(?:\s+[\w&'’.-]+)"
_NEW = re.compile(
    rf"(?:{_AND}\s+)*(?:(?:what|how|wot)\s+(?:about|abt|bout)|what\s+of|(?:the\s+)?same(?:\s+(?!for\b)\w+)?\s+(?:for|in)"
    rf"|(?:no,?\s+)?i\s+mean[t]?(?:\s+to\s+say)?,?)\s+(?P<about>.+)"
    rf"|(?:{_AND}\s+)*(?:how\s+(?:many|much|long)|who|what|when)\s+(?P<bound>(?:in|for|at|from|under|during)\s+{_WORDS}{{0,3}})"
    rf"|{_AND}\s+(?!{ASKING}\b)(?P<joined>{_WORDS}{{0,4}})"
    rf"|(?P<placed>(?:in|for|at|with|from|under|during|among)\s+(?!{ASKING}\b){_WORDS}{{0,3}})",
    re.IGNORECASE,
)
_OPENING = re.compile(rf"(?:{_AND}\s+)+(?:(?:in|for|at|with)\s+)?", re.IGNORECASE)
_PLACED = re.compile(r"(?:in|for|at|with|from|under|on|by)\s+", re.IGNORECASE)
_DETERMINED = re.compile(r"(?:the|a|an|its|their|his|her|any|some|other|more)\s+", re.IGNORECASE)
_BODY = re.compile(
    r"(?:police|council|university|hospitals?|fire|ambulance|trust|city|county|borough|nhs|authority|college)\Z",
    re.IGNORECASE,
)
_REST_OF_NAME = re.compile(
    r"(?:\s+(?-i:[A-Z])[\w'’-]*(?:\s+(?:&|and)\s+(?-i:[A-Z])[\w'’-]*)*)+"
    r"|\s+(?:programme|program|project|case|scheme|initiative|taskforces?|fire|police|council|trust)\b",
    re.IGNORECASE,
)
"""What goes with the name of a case, however short that is: "Leeds Fire", "the Leeds programme"."""
_FACETS = (Facet.CASE, Facet.ASPECT, Facet.THEME)
_JOINED = {Facet.CASE: " in ", Facet.THEME: " under ", Facet.ASPECT: ": "}
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_OTHERS = re.compile(
    r"(?:in\s+)?(?:all\s+|any\s+)?(?:of\s+)?(?:the\s+)?(?:others?|rest|all)(?:\s+\w+){0,2}", re.IGNORECASE
)
_OVERALL = re.compile(r"total|general|all|practice|the\s+end", re.IGNORECASE)
_TOPIC = re.compile(r"(?P<asked>.*\b(?:about|regarding|concerning)\s+)[\w\s'’-]{1,60}\W*", re.IGNORECASE)
_CLOSE = 0.86
_LETTERS = 5
"""How like a name (difflib's ratio), and how long, a word must be to be taken for its misspelling."""

_ENDING = 2
"""Letters by which two forms of a word are told to be of one kind: "structural" and "relational"."""

_OF_MORE = 2
"""Words that say something of its subject in a question for more of the same ("Who else was involved?")."""

_SINGLE = 3
"""Words of a phrase, or of a name typed small, that can be taken for one."""


def new_words(question: str, taxonomy: Taxonomy) -> str | None:
    """Return what a follow-up puts in the place of something before; ``None`` where it asks a question of its own."""
    said = bare(question)
    found = _NEW.fullmatch(said)
    if found is None:
        return _only_a_name(_OPENING.sub("", said), taxonomy)
    new = without_trailing(found["about"] or found["bound"] or found["joined"] or found["placed"])
    if _OTHERS.fullmatch(new):
        return new
    if re.search(rf"\b{AUXILIARY}\b", new, re.IGNORECASE) or is_talk(new) or is_vague(new):
        return None
    return _spelt(re.sub(r"\s+(?:ones?|side)\Z", "", new, flags=re.IGNORECASE), taxonomy)


def _only_a_name(said: str, taxonomy: Taxonomy) -> str | None:
    """Return what is said where it is nothing but a name of the taxonomy: "Northern Division?"."""
    new = _spelt(without_trailing(said), taxonomy)
    mentions = [mention for facet in _FACETS for mention in taxonomy.mentions(new, facet)]
    rest = new
    for mention in sorted(mentions, key=lambda one: -one.start):
        rest = rest[: mention.start] + rest[mention.end :]
    return new if mentions and not re.sub(r"\b(?:the|ones?)\b", "", rest, flags=re.IGNORECASE).strip(" ,") else None


def _spelt(new: str, taxonomy: Taxonomy) -> str:
    """Return words with a misspelt name of the taxonomy put right, or an acronym typed small, where none is spelt as one."""
    if any(taxonomy.mentions(new, facet) for facet in _FACETS):
        return new
    known = {
        name.casefold(): name
        for facet in _FACETS
        for entry in taxonomy.entries[facet]
        for name in entry.names
        if name.isalpha() and not name.isupper()
    }
    acronyms = {
        name for facet in _FACETS for entry in taxonomy.entries[facet] for name in entry.names if name.isupper()
    }
    for word in words(new):
        if word.upper() in acronyms:
            return new.replace(word, word.upper())
        close = get_close_matches(word.casefold(), known, 1, _CLOSE) if len(word) >= _LETTERS else []
        if close and close[0][0] == word[0].casefold():
            return new.replace(word, known[close[0]] if known[close[0]] in new.title() else close[0])
    return new


def completed(new: str, before: str, case: str | None, taxonomy: Taxonomy) -> str:
    """Return the question before with ``new`` in the place of the case, theme, aspect, name or number it replaces.

    What replaces nothing is asked of ``case``, or of the question before where there is none.
    """
    facets = [facet for facet in _FACETS if taxonomy.mentions(new, facet)]
    if facets:
        return _with_mentions(new, before, facets, case, taxonomy)
    old, cases = _NUMBER.findall(before), taxonomy.mentions(before, Facet.CASE)
    number = _NUMBER.search(new)
    if number and old:
        return _swapped(before, old[-1], number[0])
    named = _PLACED.sub("", new, 1) if _OTHERS.fullmatch(new) else _name_in(new)
    if named and cases:
        return _in_place_of(cases, before, named)
    if named and names(before):
        return _swapped(before, names(before)[-1], named)
    if _PLACED.match(new) and not cases:
        return f"{before.rstrip(' ?.!')} {new}?"
    return _asked_of(new, before, case)


def _with_mentions(new: str, before: str, facets: Sequence[Facet], case: str | None, taxonomy: Taxonomy) -> str:
    done, added = before, []
    for facet in facets:
        fresh, replaced = taxonomy.mentions(new, facet), taxonomy.mentions(done, facet)
        said = _cased(new[fresh[0].start : fresh[-1].end], taxonomy, facet)
        if replaced and facet is Facet.CASE:
            done = _in_place_of(replaced, done, said)
        elif replaced:
            if facet is Facet.THEME:
                said = _worded_like(done[replaced[0].start : replaced[-1].end], said, fresh, taxonomy)
            done = done[: replaced[0].start] + said + done[replaced[-1].end :]
        else:
            added.append((facet, said))
    if len(added) == len(facets) and added[0][0] is not Facet.CASE and case:
        return _asked_of(new, before, case)
    for facet, said in added:
        done = f"{done.rstrip(' ?.!')}{_JOINED[facet]}{said}?"
    return done


def _cased(said: str, taxonomy: Taxonomy, facet: Facet) -> str:
    """Return a name as the taxonomy writes it, where it was typed without capitals."""
    if facet is not Facet.CASE or not said.islower():
        return said
    spelt = {name.casefold(): name for entry in taxonomy.entries[facet] for name in entry.names}
    return spelt.get(said.casefold(), said)


def _worded_like(old: str, said: str, fresh: Sequence[Mention], taxonomy: Taxonomy) -> str:
    """Return a theme in the form that fits the place of another: "structural" gives way to "relational"."""
    known = next(entry.names for entry in taxonomy.entries[Facet.THEME] if entry.name == fresh[0].name)
    if len(fresh) > 1 or said.lower()[-_ENDING:] == old.lower()[-_ENDING:]:
        return said
    alike = [name for name in known if name.isalpha() and name.lower()[-_ENDING:] == old.lower()[-_ENDING:]]
    fitting = alike[0] if alike else known[0]
    return fitting.lower() if old.islower() else fitting


def _in_place_of(mentions: Sequence[Mention], before: str, said: str) -> str:
    """Return a question with a name in the place of its case: of its first mention, later ones being dropped."""
    first = mentions[0]
    for mention in reversed(mentions[1:]):
        lead = re.search(
            rf",?\s+(?:(?:{PREPOSITION}|and|or|than|with)\s+)?(?:the\s+)?\Z", before[: mention.start], re.IGNORECASE
        )
        before = before[: lead.start() if lead else mention.start] + before[mention.end :]
    lead = re.search(r"\bthe\s+\Z", before[: first.start], re.IGNORECASE)
    tail = _REST_OF_NAME.match(before, first.end)
    start = lead.start() if lead else first.start
    return before[:start] + said + before[tail.end() if tail else first.end :]


def _swapped(before: str, old: str, new: str) -> str:
    start = before.rindex(old)
    return before[:start] + new + before[start + len(old) :]


def _name_in(new: str) -> str | None:
    """Return the name that ``new`` gives, capitalised: one typed so, one after a preposition, or a body's ("… police")."""
    placed = _PLACED.match(new)
    said = new[placed.end() :] if placed else new
    if _DETERMINED.match(said) and not re.match(r"the\s+[A-Z]", said):
        return None
    said = re.sub(r"\Athe\s+", "", said)
    if (said[:1].isupper() and not said.isupper()) or said.isupper():
        return said
    if placed and _OVERALL.fullmatch(said):
        return said
    body = len(said.split()) > 1 and _BODY.search(said)
    if (placed or body) and len(said.split()) <= _SINGLE and not said[:1].isdigit():
        return said if any(map(str.isupper, said)) else said[:1].upper() + said[1:]
    return None


def _asked_of(new: str, before: str, case: str | None) -> str:
    if case:
        return f"What about {new} in {case}?"
    spoken = subject(before)
    if spoken and not set(terms(new)) & set(terms(spoken)):
        return f"What about {new} ({spoken})?"
    topic = _TOPIC.fullmatch(before)
    return f"{topic['asked']}{new}?" if topic else f"{before.rstrip(' ?.!')}: {new}?"


_FRAGMENT = re.compile(
    rf"(?:{_AND}\s+)?(?:(?:which|what|how\s+many|how\s+much|any|some|other|more|whose|with\s+wh\w+|by\s+wh\w+)\s+)"
    rf"(?!{AUXILIARY}\b)[\w'’-]+(?:\s+[\w'’-]+){{0,2}}",
    re.IGNORECASE,
)
_BRIEF = re.compile(rf"(?:{_AND}\s+)?(?:who|what)\s+(?P<verb>\w+)", re.IGNORECASE)
_ELSE = re.compile(r"\b(?:who|what|where|how|anyone|anything|nothing|somewhere)\s+else\b", re.IGNORECASE)


_IN_THE_END = re.compile(
    r"\s+(?:in\s+the\s+end|at\s+(?:first|last)|so\s+far|eventually|finally|afterwards)\Z", re.IGNORECASE
)
_WHICH_DO_WHAT = re.compile(r"(?:which|what)\s+[\w-]+s\s+[\w-]+\s+\w", re.IGNORECASE)
"""A question with a subject, a verb and an object: "Which cases used volunteers?"."""


def is_fragment(question: str) -> bool:
    """Tell whether a question has no verb that says what happened, or asks for more of the same: "Which charity?"."""
    said = bare(question)
    brief = _BRIEF.fullmatch(_IN_THE_END.sub("", said))
    more = _ELSE.search(said) is not None and len(terms(said)) <= _OF_MORE
    if _WHICH_DO_WHAT.match(said) and not more:
        return False
    if more or (brief and (brief["verb"].lower() in VERBS or is_past(brief["verb"]))):
        return True
    last = [word.lower() for word in words(said)][1:]
    verbal = any(word in VERBS or is_past(word) for word in last)
    phrase = question.rstrip().endswith("?") and len(last) < _SINGLE and len(terms(said)) == len(said.split())
    return (
        (phrase or _FRAGMENT.fullmatch(said) is not None)
        and not verbal
        and not re.search(rf"\b{AUXILIARY}\b", said, re.IGNORECASE)
    )
