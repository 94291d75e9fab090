"""What a question asks for: its words, the cases and themes it names, and the form and kind of answer that would do. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.questions.forms import (
    ASKING_TERMS,
    EXAMPLE_TERMS,
    Form,
    asks_a_list,
    asks_everything,
    compares,
    doer,
    goes_one_by_one,
    is_of_the_assistant,
    names_every_case,
    offers,
    selects,
    set_aside,
    to_the_point,
    weighs_both_sides,
)
from assistant.questions.operations import NUMERALS, OPERATION_TERMS, Operation, operation_in
from assistant.questions.wanted import KIND_WORDS, Wanted, counted_words, counts, holds, wanted_by
from assistant.types import BlockKind, Facet
from assistant.words import FUNCTION_WORDS, stem, terms, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assistant.taxonomy import Taxonomy
    from assistant.vocabulary import Vocabulary

ABOUT = ", about: "
"""What stands between a follow-up and the question that it is about, where that is told in full."""

__all__ = [
    "ABOUT",
    "Form",
    "Operation",
    "Question",
    "Wanted",
    "corrected",
    "counted_words",
    "counts",
    "holds",
    "understand",
]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood as far as its words tell.

    ``bare_text`` is what it asks of the cases it names, ``terms`` are the stems of its words, ``forms`` how it writes them,
    ``counted`` those of what is counted in "how many …",
    ``topics`` the themes, aspects and cases it names, with the stems it names them by, and ``names`` the proper names in it, as
    written. ``operation`` is what is to be worked out from numbers, with its ``limit``; ``kind`` the kind of block it speaks of.
    ``aside`` are the stems of what it sets aside ("apart from …"), ``doer`` of whom it asks what they did.
    """

    text: str
    bare_text: str
    terms: tuple[str, ...]
    forms: Mapping[str, str]
    wanted: Wanted
    counted: tuple[str, ...]
    topics: tuple[tuple[Facet, str], ...]
    topic_terms: frozenset[str]
    names: tuple[str, ...]
    form: Form = Form.FACT
    selects: bool = False
    asks_everything: bool = False
    operation: Operation | None = None
    limit: float | None = None
    kind: BlockKind | None = None
    aside: tuple[str, ...] = ()
    doer: tuple[str, ...] = ()

    @property
    def searched_text(self) -> str:
        """The question with the full names of what it names by another ("HMCTS"), for search by words."""
        missing = [name for _, name in self.topics if name.casefold() not in self.text.casefold()]
        return " ".join([self.text, *missing])

    @property
    def details(self) -> tuple[str, ...]:
        """The terms that say what is asked of the topics: all but those that name them or ask for a case or a figure."""
        other = self.topic_terms | EXAMPLE_TERMS | OPERATION_TERMS
        other |= ASKING_TERMS if self.wanted is not Wanted.ANYTHING else frozenset()
        numbers = () if self.limit is None else (*NUMERALS, *filter(str.isdigit, self.terms))
        found = tuple(term for term in self.terms if term not in other and term not in numbers)
        return found or (() if self.topics or self.wanted is Wanted.ANYTHING else self.terms)

    def named(self, facet: Facet) -> tuple[str, ...]:
        """Return the topics of one facet."""
        return tuple(value for own, value in self.topics if own is facet)

    def only(self, facet: Facet, value: str, taxonomy: Taxonomy) -> Question:
        """Return the question as it is asked of one of the topics it names in a facet, without the words for the others."""
        topics = tuple(topic for topic in self.topics if topic[0] is not facet or topic[1] == value)
        others = _terms_of(self.topics, taxonomy) - _terms_of(topics, taxonomy)
        left = tuple(term for term in self.terms if term not in others)
        return replace(self, topics=topics, terms=left, topic_terms=self.topic_terms - others)


def understand(text: str, taxonomy: Taxonomy) -> Question:
    """Return what ``text`` asks for."""
    aside = tuple(dict.fromkeys(terms(set_aside(text))))
    text = taxonomy.in_its_words(to_the_point(text))
    asked = text.partition(ABOUT)[0]
    topics = tuple((facet, name) for facet in Facet for name in taxonomy.mentioned(facet, text))
    operation, limit = operation_in(text)
    wanted = wanted_by(asked)
    found = tuple(term for term in dict.fromkeys(terms(text)) if term not in KIND_WORDS.get(wanted, ()))
    compared = operation or wanted is Wanted.NUMBER or compares(text)
    if compared and [facet for facet, _ in topics].count(Facet.CASE) > 1:
        operation = operation if operation is Operation.TOTAL else Operation.DIFFERENCE
    return Question(
        text=text,
        bare_text=taxonomy.without(Facet.CASE, text),
        terms=found,
        forms={stem(word): word for word in words(text)},
        wanted=wanted,
        counted=tuple(map(stem, counted_words(asked))),
        topics=topics,
        topic_terms=frozenset(found) & _terms_of(topics, taxonomy),
        names=tuple(_names(text)),
        form=_form(text, found, topics, taxonomy),
        selects=selects(asked),
        asks_everything=asks_everything(asked),
        operation=operation,
        limit=limit,
        kind=next((kind for kind, pattern in _KINDS if pattern.search(asked)), None),
        aside=aside,
        doer=tuple(dict.fromkeys(terms(doer(asked)))),
    )


def corrected(text: str, vocabulary: Vocabulary, is_common: Callable[[str], bool]) -> str:
    """Return a question with the words that are slips of the pen as the library writes them; common words are none."""

    def mended(found: re.Match[str]) -> str:
        word = found[0]
        respelt = vocabulary.respelt(word)
        return _SHORT.get(word.lower()) or (respelt if respelt and not is_common(word) else word)

    return _LETTERS.sub(mended, text)


_LETTERS = re.compile(r"(?<![\w'’])[^\W\d_]+(?![\w'’])")
_SHORT = {
    "ppl": "people",
    "govt": "government",
    "gov": "government",
    "orgs": "organisations",
    "org": "organisation",
    "vs": "versus",
}
_KINDS = (
    (
        BlockKind.TABLE_ROW,
        re.compile(
            r"\b(?:in|of|from|to|does|summary)\s+(?:the\s+)?(?:[\w-]+\s+){0,2}(?:table|grid|matrix)\b|\btable\s+\d"
            r"|\b(?:overview|summary|closing|final)\s+(?:table|grid|matrix)\b",
            re.IGNORECASE,
        ),
    ),
    (
        BlockKind.FOOTNOTE,
        re.compile(
            r"\b(?:footnotes?|sources?|references?|citations?|cited?|authors?|bibliograph\w+)\b|\bcomes?\s+from\b|\bwhat\b.*\bbased\s+on\b"
            r"|\bwho\s+wrote\b|\bwritten\s+by\b|\b(?:web\s*(?:site|page|address)|link|url)\b"
            r"|\b(?:what|which)\s+(?:[\w-]+\s+)?(?:publication|paper|article|report|review|study|document)s?\b.*"
            r"\b(?:backs?|supports?|behind|quoted?|says?|claims?|points?|evidence)\b",
            re.IGNORECASE,
        ),
    ),
)
_TITLES = {"mr", "mrs", "ms", "dr", "doctor", "prof", "professor", "sir", "dame", "lord", "lady", "councillor", "cllr"}
_DIRECTIONS = {f"{side}{ending}" for side in ("north", "south", "east", "west") for ending in ("", "ern")}
_SHORTEST_IN_CAPITALS = 2
_MOSTLY = 0.7
_SMALL_NUMBER_DIGITS = 2


def _form(text: str, found: tuple[str, ...], topics: tuple[tuple[Facet, str], ...], taxonomy: Taxonomy) -> Form:
    facets = [facet for facet, _ in topics]
    if is_of_the_assistant(text) or (not topics and all(term.isdigit() for term in found)):
        return Form.NOTHING
    if facets.count(Facet.CASE) > 1 or (facets.count(Facet.THEME) > 1 and not offers(text)):
        return Form.COMPARISON
    if len(taxonomy.entries[Facet.ASPECT]) > 1 and Facet.ASPECT not in facets and weighs_both_sides(text):
        return Form.BOTH_SIDES
    of_one_section = {Facet.THEME, Facet.ASPECT} <= set(facets) and not goes_one_by_one(text)
    if taxonomy.entries[Facet.CASE] and Facet.CASE not in facets and names_every_case(text) and not of_one_section:
        return Form.EVERY_CASE
    nothing_wanted = wanted_by(text) is Wanted.ANYTHING
    if not topics and EXAMPLE_TERMS.issuperset(found) and nothing_wanted and not names_every_case(text):
        return Form.NOTHING
    counted = set(map(stem, counted_words(text))) & _terms_of(topics, taxonomy)
    if Facet.CASE in facets:
        return Form.FACT
    if asks_everything(text) or (topics and (counted or asks_a_list(text))):
        return Form.LIST
    return Form.FACT


def _terms_of(topics: tuple[tuple[Facet, str], ...], taxonomy: Taxonomy) -> frozenset[str]:
    named = set(topics)
    return frozenset(
        term
        for facet, entries in taxonomy.entries.items()
        for entry in entries
        if (facet, entry.name) in named
        for name in entry.names
        for term in terms(name)
    )


def _names(text: str) -> list[str]:
    """Return the capitalised words and the larger numbers of a question that do not open a sentence of it.

    A question all in capitals names nothing; nor do titles ("Dr") and contractions ("I'd").
    """
    written = words(text)
    capitals = [word for word in written if word[0].isupper()]
    if len(written) > _SHORTEST_IN_CAPITALS and len(capitals) > _MOSTLY * len(written):
        return []
    opening = {next(iter(words(sentence)), "") for sentence in re.split(r"[.!?:]\s", text)}
    return [word for word in written if word not in opening and _is_name(word)]


def _is_name(word: str) -> bool:
    if word[0].isdigit():
        return len(word) > _SMALL_NUMBER_DIGITS
    plain = re.split("['’]", word)[0]
    return word[0].isupper() and plain.lower() not in FUNCTION_WORDS | _TITLES | _DIRECTIONS
