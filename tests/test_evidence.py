from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.evidence import Matches, strength, weigh
from assistant.retrieval import retrieve
from assistant.settings import Settings
from tests.samples import asked, document, evidence

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.conversation import Assistant
    from assistant.types import Evidence

HUB = """Leeds Digital Hub

Reach

The hub opened quickly. It took six weeks rather than a year to find the building. Staff found it useful.

The hub served:

- schools in three towns
- libraries
"""
TABLE = "Numbers\n\nTable 1: Staff by town\n\nTown\tNumber of staff\nLeeds\t12\nHarbour City\t7\n"


def weighed(library: Assistant, text: str, settings: Settings | None = None) -> list[Evidence]:
    query = asked(library, text)
    hits = retrieve(library.index, query.question, query.vector, library.settings, 24)
    return weigh(library.index, query, hits, settings or library.settings)


def texts(library: Assistant, text: str) -> list[str]:
    return [evidence.sentence.text for evidence in weighed(library, text)]


def test_every_sentence_of_the_best_passages_is_weighed_once(make_library: Callable[..., Assistant]) -> None:
    library = make_library(hub_txt=HUB)
    assert sorted(texts(library, "What took weeks?")) == sorted(
        sentence.text for row in range(4) for sentence in library.index.passage(row).sentences
    )


def test_the_sentence_with_the_question_s_words_comes_first(make_library: Callable[..., Assistant]) -> None:
    assert texts(make_library(hub_txt=HUB), "Who found the hub useful?")[0] == "Staff found it useful."


def test_whoever_s_deeds_are_asked_for_opens_the_best_sentence(make_library: Callable[..., Assistant]) -> None:
    library = make_library(
        hub_txt="The mayor was unaware of the deeds of the ferry company. The ferry company built a new quay. What helps?"
    )
    assert texts(library, "What did the ferry company do?")[0] == "The ferry company built a new quay."


def test_a_length_of_time_is_looked_for_where_one_is_wanted(make_library: Callable[..., Assistant]) -> None:
    best = weighed(make_library(hub_txt=HUB), "How quickly did the hub find a building?")[0]
    assert best.sentence.text == "It took six weeks rather than a year to find the building."
    assert best.signals["fits"] == 1.0


@pytest.mark.parametrize(
    "announcing",
    [
        "The three boats are listed below.",
        "Below, we describe the three boats.",
        "The three boats are shown in Table 4.",
    ],
)
def test_a_sentence_that_points_elsewhere_loses_to_one_that_says_it(
    make_library: Callable[..., Assistant], announcing: str
) -> None:
    library = make_library(boats_txt=f"Boats\n\n{announcing}\n\nThe three boats carry coal to the islands.\n")
    scores = {one.sentence.text: one.score for one in weighed(library, "What are the three boats?")}
    unpunished = library.settings.model_copy(update={"bare_penalty": 0.0})
    before = {one.sentence.text: one.score for one in weighed(library, "What are the three boats?", unpunished)}
    assert scores[announcing] == pytest.approx(before[announcing] - library.settings.bare_penalty)
    assert scores["The three boats carry coal to the islands."] == before["The three boats carry coal to the islands."]


def test_a_sentence_that_only_announces_falls_behind(make_library: Callable[..., Assistant]) -> None:
    found = texts(make_library(hub_txt=HUB), "Which schools and libraries were served?")
    assert found.index("The hub served:") > found.index("libraries")


def test_a_row_s_number_counts_what_its_column_head_says(make_library: Callable[..., Assistant]) -> None:
    library = make_library(numbers_txt=TABLE)
    best = weighed(library, "How many staff are in Leeds?")[0]
    assert (best.sentence.text, best.signals["fits"]) == ("Leeds – Number of staff: 12.", 1.0)
    assert all(one.signals["fits"] == 0.0 for one in weighed(library, "How many bridges are in Leeds?"))


def test_naming_a_case_by_another_name_counts_as_naming_it(make_library: Callable[..., Assistant]) -> None:
    library = make_library(hub_txt="Reach\n\nLeeds opened early.\n\nThe ferry opened late.\n")
    covered = {one.sentence.text: one.signals["words"] for one in weighed(library, "LDH opened")}
    assert covered["Leeds opened early."] == 1.0
    assert covered["The ferry opened late."] < 1.0


def test_evidence_stands_best_first_and_its_signals_are_shares(make_library: Callable[..., Assistant]) -> None:
    found = weighed(make_library(hub_txt=HUB), "Who found the hub useful?")
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert {name for one in found for name, value in one.signals.items() if not 0 <= value <= 1.001} == set()


def test_what_a_sentence_lacks_may_stand_beside_or_above_it_and_counts_for_less(
    make_library: Callable[..., Assistant],
) -> None:
    text = "Notes\n\nHarvest\n\nThe orchard was cold. Apples fell early.\n\nOffice\n\nApples were eaten.\n"
    held = {
        one.sentence.text: one.signals["words"]
        for one in weighed(make_library(notes_txt=text), "orchard apples harvest")
    }
    assert held["Apples fell early."] > held["Apples were eaten."]
    assert held["Apples fell early."] < 1.0


def test_detail_is_what_a_sentence_itself_holds_of_what_is_asked(make_library: Callable[..., Assistant]) -> None:
    library = make_library(hub_txt="Reach\n\nLeeds shared an orchard. Staff met.\n\nHarbour City shared nothing.\n")
    held = {
        one.sentence.text: one.signals["detail"] for one in weighed(library, "What did Leeds share in the orchard?")
    }
    assert held["Leeds shared an orchard."] == pytest.approx(1.0)
    assert held["Staff met."] == 0.0
    assert 0 < held["Harbour City shared nothing."] < 1


@pytest.mark.parametrize(("question", "gains"), [("What is the source on ferries?", True), ("Do ferries help?", False)])
def test_a_footnote_gains_where_a_source_is_asked_for(
    make_library: Callable[..., Assistant], question: str, *, gains: bool
) -> None:
    library = make_library(
        hub_txt="Reach\n\nFerries help most islanders.¹ Ferries sink.\n\n¹ Islanders' survey, 2020.\n"
    )
    note = "Islanders' survey, 2020."
    plain = weighed(library, question, library.settings.model_copy(update={"kind_bonus": 0.0}))
    with_bonus = {one.sentence.text: one.score for one in weighed(library, question)}
    changed = {one.sentence.text for one in plain if with_bonus[one.sentence.text] != one.score}
    assert changed == ({note} if gains else set())


def nearness(library: Assistant, question: str, text: str) -> dict[str, float]:
    matches = Matches.of(library.index, asked(library, question), [text], library.settings)
    return dict(zip(matches.terms, matches.held_by(text).tolist(), strict=True))


def test_a_word_is_held_exactly_in_another_form_or_by_one_that_comes_near(library: Assistant) -> None:
    held = nearness(library, "jails prisons zeppelins", "Staff in a prison shared funding.")
    assert held["prison"] == 1.0
    assert library.settings.near_word <= held["jail"] < 1.0
    assert held["zeppelin"] == 0.0


def test_names_are_held_exactly_or_not_at_all(library: Assistant) -> None:
    held = nearness(library, "Bristol", "Leaders in Northumbria and Kent met.")
    assert held == {"bristol": 0.0}


@pytest.mark.parametrize("year", ["2019", "24"])
def test_numbers_are_held_exactly_or_not_at_all(library: Assistant, year: str) -> None:
    assert nearness(library, f"in {year} months", "It took 18 months, until 2020.")[year] == 0.0
    assert nearness(library, "in 18 months", "It took 18 months, until 2020.")["18"] == 1.0


def test_several_texts_hold_what_each_holds_alone(make_library: Callable[..., Assistant]) -> None:
    library = make_library(hub_txt=HUB)
    read = [HUB, "", "Schools.", "The building took weeks, and the schools found it."]
    matches = Matches.of(library.index, asked(library, "Which schools found a building?"), read, library.settings)
    held = matches.held(read)
    assert held.shape == (len(matches.terms), 4)
    assert held.T.tolist() == [matches.held_by(text).tolist() for text in read]
    assert held.sum(axis=0).tolist() == [3, 0, 1, 3]
    assert matches.shares(held).tolist() == [matches.share(matches.held_by(text)) for text in read]


def test_a_share_of_some_terms_does_not_count_the_others(make_library: Callable[..., Assistant]) -> None:
    library = make_library(hub_txt=HUB)
    matches = Matches.of(library.index, asked(library, "schools zeppelins"), [HUB], library.settings)
    chosen = np.asarray([[term == "school", term == "zeppelin"] for term in matches.terms])
    held = np.repeat(matches.held([HUB]), 2, axis=1)
    assert matches.shares(held, chosen).tolist() == [1, 0]
    assert 0 < matches.shares(held)[0] < 1


def test_no_terms_are_held_in_full(make_library: Callable[..., Assistant]) -> None:
    library = make_library(hub_txt=HUB)
    matches = Matches.of(library.index, asked(library, "the of and"), [HUB], library.settings)
    assert matches.share(matches.held_by(HUB)) == 1.0


def test_rare_words_count_for_more_of_a_share(make_library: Callable[..., Assistant]) -> None:
    library = make_library(hub_txt="Reach\n\nFerries sank.\n\nFerries met.\n\nFerries sailed.\n\nBridges fell.\n")
    matches = Matches.of(library.index, asked(library, "ferries bridges"), [HUB, "Ferries. Bridges."], library.settings)
    assert matches.share(matches.held_by("Bridges")) > matches.share(matches.held_by("Ferries")) > 0


def test_strength_tells_how_much_a_sentence_bears_on_its_question_by_itself() -> None:
    notes, settings = document("The hub opened."), Settings()
    word_for_word = evidence(notes, "The hub opened.")
    nothing = evidence(notes, "The hub opened.", signals={"bare": 0.0, "detail": 0.0})
    between = evidence(notes, "The hub opened.", signals={"bare": 0.5, "detail": 0.5})
    assert strength(word_for_word, settings) == pytest.approx(1.0)
    assert strength(nothing, settings) == 0.0
    assert 0 < strength(between, settings) < 1
    assert strength(evidence(notes, "The hub opened.", score=0.1), settings) == strength(word_for_word, settings)
