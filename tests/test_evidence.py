from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evidence import weigh
from assistant.questions import understand
from assistant.retrieval import retrieve

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


def weighed(library: Assistant, text: str) -> list[Evidence]:
    question, vector = understand(text, library.index.taxonomy), library.embedder.embed([text])[0]
    hits = retrieve(library.index, question, vector, library.settings, 24)
    return weigh(library.index, question, vector, hits, library.settings)


def texts(library: Assistant, text: str) -> list[str]:
    return [evidence.sentence.text for evidence in weighed(library, text)]


def test_every_sentence_of_the_best_passages_is_weighed_once(make_library: Callable[..., Assistant]) -> None:
    library = make_library(hub_txt=HUB)
    assert sorted(texts(library, "What took weeks?")) == sorted(
        sentence.text for row in range(4) for sentence in library.index.passage(row).sentences
    )


def test_the_sentence_with_the_question_s_words_comes_first(make_library: Callable[..., Assistant]) -> None:
    assert texts(make_library(hub_txt=HUB), "Who found the hub useful?")[0] == "Staff found it useful."


def test_a_length_of_time_is_looked_for_where_one_is_wanted(make_library: Callable[..., Assistant]) -> None:
    best = weighed(make_library(hub_txt=HUB), "How quickly did the hub find a building?")[0]
    assert best.sentence.text == "It took six weeks rather than a year to find the building."
    assert best.signals["fits"] == 1.0


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
