from __future__ import annotations

import pytest

from assistant.identity import fingerprint, guessed_title
from assistant.twins import Twins

SAID = list(range(20))


@pytest.fixture
def twins() -> Twins:
    twins = Twins(0.9)
    twins.add("report.txt", SAID)
    return twins


@pytest.mark.parametrize(
    ("said", "twin"), [(SAID, "report.txt"), (SAID[2:], "report.txt"), (SAID[3:], None), ([], None)]
)
def test_documents_that_share_nine_sentences_in_ten_are_twins(said: list[int], twin: str | None, twins: Twins) -> None:
    assert twins.of(said) == twin


def test_an_excerpt_is_no_twin_of_the_whole_nor_the_whole_of_an_excerpt(twins: Twins) -> None:
    assert twins.of(SAID[:5]) is None
    assert twins.of([*SAID, *range(100, 140)]) is None


def test_a_twin_is_found_beside_a_larger_document_that_holds_it() -> None:
    anthology = Twins(0.9)
    anthology.add("anthology.txt", [*SAID, *range(100, 200)])
    anthology.add("report.txt", SAID)
    assert anthology.of(SAID) == "report.txt"


def test_what_everybody_says_makes_no_twins(twins: Twins) -> None:
    for number in range(60):
        twins.add(f"{number}.txt", [*range(1000, 1030), 2000 + number])
    assert twins.of([*range(1000, 1030), 3000]) is None
    assert twins.of([*range(1000, 1030), 2007]) == "7.txt"


def test_sentences_that_a_document_repeats_count_once(twins: Twins) -> None:
    assert twins.of(SAID * 3) == "report.txt"


def test_a_sentence_is_known_by_its_words() -> None:
    assert fingerprint("The ferry, it sank!") == fingerprint("the  FERRY (it) sank")
    assert fingerprint("Ferry 3 sank.") != fingerprint("Ferry 4 sank.")


def test_a_document_without_a_title_is_called_by_its_file() -> None:
    assert guessed_title("ports/case-study_2 leeds.final.txt") == "Case study 2 leeds.final"
