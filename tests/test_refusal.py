from __future__ import annotations

import pytest

from assistant.answering.refusal import Refuser
from assistant.gathering import Findings, Group
from assistant.lexical import LexicalIndex
from assistant.questions import understand
from assistant.settings import Settings
from assistant.taxonomy import parse_taxonomy
from assistant.types import BlockKind, Evidence, Facet, Filters
from tests.conftest import TAXONOMY
from tests.samples import document, evidence, of_case

NOTES = document("The hub in Leeds served three towns. Trust between the partners grew slowly.")
LEXICAL = LexicalIndex.of([NOTES.text])
EVERYTHING = Filters()
HEADINGS = {"outreach"}
KNOWN = parse_taxonomy(TAXONOMY.encode())


def found(meaning: float = 0.8, words: float = 0.8, fits: float = 1.0) -> list[Evidence]:
    signals = {"meaning": meaning, "bare": meaning, "words": words, "detail": words, "fits": fits}
    tags = of_case("Leeds Digital Hub", "Harbour City")
    return [evidence(NOTES, "The hub in Leeds served three towns.", signals=signals, tags=tags)]


def refused(
    question: str,
    evidence: list[Evidence],
    filters: Filters = EVERYTHING,
    *groups: Group,
    strange_names: tuple[str, ...] = (),
) -> str | None:
    asked = understand(question, KNOWN)
    findings = Findings(
        tuple(one.hit for one in evidence),
        tuple(evidence),
        groups or (Group(None, tuple(evidence)),),
        strange_names=strange_names,
        familiar=frozenset(term for term in asked.terms if LEXICAL.frequency(term)),
    )
    refuser = Refuser(LEXICAL, lambda word: word.lower() in HEADINGS, Settings())
    return refuser.reason(asked, findings, filters)


def test_good_evidence_is_no_reason_to_refuse() -> None:
    assert refused("What did the hub in Leeds serve?", found()) is None


def test_a_name_the_library_never_mentions_is_named() -> None:
    assert refused("What did the hub in Cardiff serve?", found()) == 'The library never mentions "Cardiff".'
    assert refused("Who met Ada and Bob in Leeds?", found()) == 'The library never mentions "Ada" or "Bob".'


def test_weak_evidence_is_refused_with_the_words_the_library_never_uses() -> None:
    reason = refused("how do I bake a cake", found(meaning=0.1, words=0.0))
    assert reason == 'No passage answers this: the library never uses "bake" or "cake".'


def test_weak_evidence_for_known_words_is_refused_too() -> None:
    reason = refused("towns grew slowly", found(meaning=0.1, words=0.1))
    assert reason == "No passage is close enough to the question to answer it."


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How many partners were there?", "The library speaks of this, but no passage gives a number of partners."),
        ("How much did the hub cost?", "The library speaks of this, but no passage gives a sum of money."),
        ("In which year did the hub open?", "The library speaks of this, but no passage gives a date."),
        ("What is a hub?", "The library speaks of this, but no passage says what it means."),
    ],
)
def test_evidence_without_the_number_asked_for_is_refused(question: str, reason: str) -> None:
    assert refused(question, found(fits=0.0)) == reason
    assert refused(question, found(fits=1.0)) is None


def test_what_is_to_be_ranked_among_cases_must_be_ranked_by_somebody() -> None:
    question, best = "Which case was the most successful?", found()
    groups = [Group("Leeds Digital Hub", tuple(best), Facet.CASE), Group("Harbour City", tuple(best), Facet.CASE)]
    reason = "The library speaks of this, but no passage ranks it."
    assert refused(question, best, EVERYTHING, *groups) == reason
    for said in ("Its interest in the towns grew.", "It was the greatest success."):
        notes = document(said)
        told = [evidence(notes, said, signals=best[0].signals, tags=best[0].hit.passage.tags)]
        assert (refused(question, told, EVERYTHING, *groups) is None) is ("greatest" in said)


def test_a_number_of_another_case_than_the_one_the_best_passages_are_about_is_none() -> None:
    signals = {"meaning": 0.8, "bare": 0.8, "words": 0.8, "detail": 0.8, "fits": 1.0}
    towns = evidence(NOTES, "The hub in Leeds served three towns.", signals=signals, tags=of_case("Leeds Digital Hub"))
    trust = evidence(NOTES, "Trust between the partners grew slowly.", signals=signals, tags=of_case("Harbour City"))
    assert refused("How many towns joined?", [towns, towns, trust]) is None
    assert refused("How many towns joined?", [towns, trust, trust]) is not None


def test_a_row_gives_a_number_only_of_what_its_table_speaks_of() -> None:
    signals = {"meaning": 0.8, "bare": 0.8, "words": 0.8, "fits": 1.0}
    said = [
        evidence(NOTES, "served three towns", signals=signals | {"detail": detail}, kind=BlockKind.TABLE_ROW)
        for detail in (0.5, 0.1)
    ]
    assert [refused("How many people found a home?", [row]) is None for row in said] == [True, False]


def test_weak_evidence_is_enough_where_a_filter_leaves_little_to_choose_from() -> None:
    weak = found(meaning=0.2, words=0.2)
    assert refused("towns grew slowly", weak) is not None
    assert refused("towns grew slowly", weak, Filters(theme="Structures")) is None


def test_filters_that_let_nothing_through_are_named() -> None:
    reason = refused("What towns?", [], Filters(theme="Structures", case="Harbour City"))
    assert reason == 'No passage is tagged with the theme "Structures" and case "Harbour City".'
    assert refused("What towns?", []) == "The library holds no passage."


def test_a_name_that_only_headings_or_the_taxonomy_know_is_no_stranger() -> None:
    assert refused("What did the Outreach team in LDH serve?", found()) is None


def test_what_is_asked_of_a_case_must_be_spoken_of_somewhere() -> None:
    reason = refused("What colour is Harbour City?", found())
    assert reason == 'No passage answers this: the library never uses "colour".'
    assert refused("What towns does Harbour City serve?", found()) is None


def test_a_time_is_refused_where_no_passage_gives_one() -> None:
    reason = refused("When was the hub opened?", found(fits=0.0))
    assert reason == "The library speaks of this, but no passage gives when it was."


def test_a_strange_word_that_is_like_a_name_is_named_without_a_capital() -> None:
    reason = refused("what did the hub in cardiff serve", found(), strange_names=("cardiff",))
    assert reason == 'The library never mentions "cardiff".'


def test_a_line_for_every_case_is_refused_only_where_no_case_has_evidence() -> None:
    hub = Group("Leeds Digital Hub", tuple(found(meaning=0.1, words=0.1)), Facet.CASE)
    silent = [Group(name, (), Facet.CASE) for name in ("Leeds Digital Hub", "Harbour City")]
    weak = found(meaning=0.1, words=0.0)
    assert refused("What did each case serve?", weak, EVERYTHING, hub, silent[1]) is None
    reason = refused("Which cases bake a cake?", weak, EVERYTHING, *silent)
    assert reason is not None
    assert reason.endswith('"bake" or "cake".')


def test_a_list_of_items_is_answered_however_weak_they_are() -> None:
    items = tuple(found(meaning=0.1, words=0.0))
    assert refused("What are the challenges?", list(items), EVERYTHING, Group(None, items, items=items)) is None


@pytest.mark.parametrize("question", ["?!…", "🙂🙂", "the of and", "who are you?", "what can you do?"])
def test_a_question_that_asks_nothing_of_the_library_is_refused(question: str) -> None:
    reason = refused(question, found(meaning=0.3, words=1.0))
    assert reason is not None
    assert reason.startswith("This asks nothing of the library")


def test_a_question_in_another_language_is_refused_as_such() -> None:
    reason = refused("Wie schnell wuchs Vertrauen?", found(meaning=0.3, words=0.0))
    assert reason is not None
    assert "English" in reason


def test_a_case_alone_is_question_enough() -> None:
    assert refused("Harbour City?", found(meaning=0.1, words=0.1)) is None


def test_a_number_must_come_with_what_is_asked_of_it() -> None:
    question = "How many partners were there?"
    assert refused(question, found(meaning=0.3, words=0.3)) == (
        "The library speaks of this, but no passage gives a number of partners."
    )
    assert refused(question, found(meaning=0.3, words=0.9)) is None
