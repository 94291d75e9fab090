from __future__ import annotations

import pytest

from assistant.answering.subjects import (
    made_many,
    opening_name,
    strange_case,
    strange_code,
    stray_number,
    unquoted,
    widened,
)
from assistant.taxonomy import parse_taxonomy
from assistant.types import BlockKind, Evidence, Facet, Hit, Origin, Passage, Sentence, Span, Tag
from tests.conftest import TAXONOMY

KNOWN = parse_taxonomy(TAXONOMY.encode())
LEEDS, HARBOUR = "Leeds Digital Hub", "Harbour City"


def evidence(text: str, *cases: str) -> Evidence:
    """Return a sentence in a passage that is tagged with cases."""
    tags = tuple(Tag(Facet.CASE, case, Origin.MENTION) for case in cases)
    span = (Span(0, len(text)),)
    sentence = Sentence(span, text)
    passage = Passage("p", "d.txt", BlockKind.PARAGRAPH, (), span, text, "", (sentence,), tags)
    return Evidence(sentence, Hit(passage, 1.0, {}), 1.0, {})


DESKS, BOATS = evidence("It has 40 desks.", LEEDS), evidence("The port has 90 boats.", HARBOUR)


@pytest.mark.parametrize(
    ("claim", "cited", "wrong"),
    [
        ("Leeds has 40 desks.", [DESKS], None),
        ("Harbour City has 40 desks.", [DESKS], f"not about {HARBOUR}, but about {LEEDS}"),
        ("Leeds has 40 desks and boats.", [DESKS, BOATS], "about another case, too"),
        ("There are 40 desks.", [DESKS], None),
        ("Leeds has desks and Harbour City has boats.", [DESKS, BOATS], None),
        ("Harbour City shared it.", [evidence("Leeds shared it.", LEEDS, HARBOUR)], f"not about {HARBOUR}"),
    ],
)
def test_a_case_is_named_only_where_what_is_cited_is_about_it(claim: str, cited: list[Evidence], wrong: str) -> None:
    found = strange_case(claim, cited, KNOWN)
    assert found is None if wrong is None else wrong in str(found)


@pytest.mark.parametrize(
    ("claim", "number"),
    [
        ("Leeds has 40 desks, Harbour City 90 boats.", None),
        ("Leeds has 90 desks, Harbour City 40 boats.", "90"),
        ("There are 40 desks in Leeds and 90 boats in Harbour City.", None),
        ("There are 90 desks in Leeds and 40 boats in Harbour City.", "90"),
    ],
)
def test_each_number_is_of_the_case_it_is_given_to(claim: str, number: str | None) -> None:
    found = stray_number(claim, [DESKS, BOATS], KNOWN)
    assert found is None if number is None else f'the number "{number}"' in str(found)


def test_words_in_quotation_marks_stand_in_what_is_cited() -> None:
    source = "Staff called it ‘a leap of faith’ at first."
    assert unquoted("It was “a leap of faith”.", [source]) is None
    assert "leap of hope" in str(unquoted("It was “a leap of hope”.", [source]))


@pytest.mark.parametrize(
    ("claim", "wide"),
    [
        ("All teams shared data.", True),
        ("Teams always shared data.", True),
        ("In every case data was shared.", True),
        ("Teams shared data every day.", False),
        ("In all, teams shared data.", False),
        ("They shared all kinds of data.", False),
    ],
)
def test_what_is_said_of_some_is_not_said_of_all(*, claim: str, wide: bool) -> None:
    assert (widened(claim, ["Teams can share data."]) is not None) is wide
    assert widened(claim, ["Every team shared data."]) is None


def test_a_name_with_a_number_keeps_its_number() -> None:
    assert strange_code("It began with COVID-20.", ["It began with COVID-19."]) is not None
    assert strange_code("It began with COVID-19.", ["It began with COVID-19."]) is None
    assert strange_code("It began with COVID-19.", ["It began with the pandemic."]) is None


def test_a_name_that_opens_a_sentence_stands_in_what_is_cited() -> None:
    assert opening_name("Oslo shared desks.", ["Leeds shared desks."], lambda word: word == "Oslo") is not None
    assert opening_name("Teams shared desks.", ["Leeds shared desks."], lambda word: word == "Oslo") is None


def test_one_of_a_case_is_not_made_many() -> None:
    source = "A textiles company worked with the trust."
    assert made_many("Textiles companies worked with the trust.", [evidence(source, LEEDS)], KNOWN) is not None
    assert made_many("A textiles company worked with it.", [evidence(source, LEEDS)], KNOWN) is None
    assert made_many("Textiles companies worked with the trust.", [evidence(source)], KNOWN) is None
