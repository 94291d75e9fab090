from __future__ import annotations

import numpy as np
import pytest

from assistant.questions import Form, Wanted, corrected, understand
from assistant.taxonomy import parse_taxonomy
from assistant.types import BlockKind, Facet
from assistant.vectors.faiss import FaissVectors
from assistant.vocabulary import Forms, Vocabulary
from tests.conftest import TAXONOMY

KNOWN = parse_taxonomy(TAXONOMY.encode())


def test_what_is_counted_is_told_by_its_stems() -> None:
    assert understand("How many other gowns were sewn?", KNOWN).counted == ("gown",)
    assert understand("How many local authorities did it reach?", KNOWN).counted == ("local", "author")


def test_topics_are_what_the_question_names_by_any_name() -> None:
    question = understand("Which challenges did LDH meet in its structures?", KNOWN)
    assert question.topics == (
        (Facet.THEME, "Structures"),
        (Facet.ASPECT, "challenge"),
        (Facet.CASE, "Leeds Digital Hub"),
    )
    assert question.topic_terms == {"ldh", "challeng", "structur"}
    assert question.searched_text.endswith("Leeds Digital Hub")


def test_names_are_capitals_and_larger_numbers_that_open_no_sentence() -> None:
    assert understand("Who won in Cardiff in 2019?", KNOWN).names == ("Cardiff", "2019")
    assert understand("Cardiff won. Leeds lost. Why?", KNOWN).names == ()
    assert understand("WHO WON IN CARDIFF", KNOWN).names == ()
    assert understand("What did Dr Jones and I'd say of the 3 themes?", KNOWN).names == ("Jones",)


def test_a_question_without_words_wants_nothing_in_particular() -> None:
    question = understand("???", KNOWN)
    assert (question.terms, question.names, question.counted) == ((), (), ())
    assert (question.form, question.wanted, question.operation) == (Form.NOTHING, Wanted.ANYTHING, None)


def test_the_bare_question_leaves_out_the_cases_it_names() -> None:
    assert understand("Who paid for the Leeds Digital Hub?", KNOWN).bare_text == "Who paid for the ?"
    assert understand("What did LDH share?", KNOWN).bare_text == "What did share?"


def test_a_question_that_only_names_a_case_stays_whole() -> None:
    assert understand("What about Harbour City?", KNOWN).bare_text == "What about Harbour City?"


def test_every_term_is_known_in_the_form_in_which_the_question_writes_it() -> None:
    question = understand("Which Ferries sailed?", KNOWN)
    assert {term: question.forms[term] for term in question.terms} == {"ferri": "Ferries", "sail": "sailed"}


def test_details_are_what_is_asked_beside_the_topics_and_the_form() -> None:
    question = understand("Which challenges did the cases meet with ferries?", KNOWN)
    assert question.details == ("meet", "ferri")
    assert understand("What is the total number of ferries?", KNOWN).details == ("ferri",)


def test_a_comparison_is_asked_of_one_case_without_the_words_for_the_other() -> None:
    question = understand("How do Leeds and Harbour City share offices?", KNOWN)
    one = question.only(Facet.CASE, "Leeds Digital Hub", KNOWN)
    assert one.named(Facet.CASE) == ("Leeds Digital Hub",)
    assert "harbour" not in {*one.terms, *one.topic_terms}
    assert one.details == question.details == ("share", "offic")


def test_asking_only_of_one_case_leaves_the_themes() -> None:
    question = understand("Compare the structures of Leeds and Harbour City", KNOWN)
    one = question.only(Facet.CASE, "Harbour City", KNOWN)
    assert one.topics == ((Facet.THEME, "Structures"), (Facet.CASE, "Harbour City"))


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What does table 2 say?", BlockKind.TABLE_ROW),
        ("Which town comes first in the summary table?", BlockKind.TABLE_ROW),
        ("Which source is this based on?", BlockKind.FOOTNOTE),
        ("Who is cited?", BlockKind.FOOTNOTE),
        ("Who wrote that?", BlockKind.FOOTNOTE),
        ("Which publication backs up the point about ferries?", BlockKind.FOOTNOTE),
        ("How does the closing grid put it?", BlockKind.TABLE_ROW),
        ("Who sat at the table?", None),
    ],
)
def test_a_question_may_speak_of_a_table_or_a_footnote(question: str, kind: BlockKind | None) -> None:
    assert understand(question, KNOWN).kind is kind


WORDS = Forms.of(["Ferries crossed the estuary. The government paid for collaboration."]).words()
VOCABULARY = Vocabulary(WORDS, FaissVectors.of(np.eye(len(WORDS), dtype=np.float32)))


def nothing_is_common(word: str) -> bool:
    return not word


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Who paid for colaboration?", "Who paid for collaboration?"),
        ("Did the goverment, or estuery, pay?", "Did the government, or estuary, pay?"),
        ("Which ppl in govt paid?", "Which people in government paid?"),
        ("Who paid for the ferries?", "Who paid for the ferries?"),
        ("Who paid for zeppelins?", "Who paid for zeppelins?"),
        ("?!… 🙂", "?!… 🙂"),
    ],
)
def test_slips_of_the_pen_are_written_as_the_library_writes_them(written: str, meant: str) -> None:
    assert corrected(written, VOCABULARY, nothing_is_common) == meant


def test_a_common_word_is_no_slip_of_the_pen() -> None:
    assert (
        corrected("Who paid the governent?", VOCABULARY, lambda word: word == "governent") == "Who paid the governent?"
    )


@pytest.mark.parametrize("written", ["colaboration's", "colaboration2", "o’colaboration"])
def test_words_with_apostrophes_or_digits_are_left_as_they_are(written: str) -> None:
    assert corrected(written, VOCABULARY, nothing_is_common) == written


def test_what_is_wanted_is_asked_by_the_follow_up_and_not_by_what_it_is_about() -> None:
    question = understand("Were they paid, about: How many sailors signed on?", KNOWN)
    assert question.wanted is Wanted.ANYTHING
    assert question.counted == ()
    assert "sailor" in question.terms


def test_a_number_or_date_of_the_cases_is_something_to_ask_for() -> None:
    assert understand("How many case studies were there?", KNOWN).form is Form.FACT
    assert understand("When were the case studies done?", KNOWN).details


def test_what_is_set_aside_is_kept_apart() -> None:
    question = understand("Besides mending nets, what did the hub do?", KNOWN)
    assert question.aside == ("mend", "net")
    assert "net" not in question.terms
    assert understand("What did the hub do?", KNOWN).aside == ()


@pytest.mark.parametrize(
    ("text", "doer"),
    [
        ("What did the Hub's teachers do?", ("hub", "teacher")),
        ("so what has Leeds actually done", ("leed",)),
        ("What did the hub do with the nets?", ("hub",)),
        ("What does it take?", ()),
        ("What did the hub find?", ()),
    ],
)
def test_whose_deeds_are_asked_for_is_told(text: str, doer: tuple[str, ...]) -> None:
    assert understand(text, KNOWN).doer == doer


def test_a_side_of_the_compass_is_no_name() -> None:
    assert understand("What was built in the North East of Leeds?", KNOWN).names == ("Leeds",)


def test_a_question_for_a_date_or_a_meaning_does_not_look_for_the_word_it_asks_by() -> None:
    assert understand("In which year did the ferry stop?", KNOWN).terms == ("ferri", "stop")
    assert understand("What is meant by outreach?", KNOWN).terms == ("outreach",)
    assert "year" in understand("What did they do that year?", KNOWN).terms
