from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.citations import check
from assistant.spans import quote
from assistant.types import Claim, Draft, Facet, Origin, Sentence, Span, Tag
from tests.samples import document, evidence

NOTES = document("The hub opened in May.¹ It serves **three** towns.\n\n¹ Council minutes.\n\nTrust grew slowly.")


def claim(text: str, *quotes: str, section: tuple[str, ...] = (), tags: tuple[Tag, ...] = ()) -> Claim:
    return Claim(text, (evidence(NOTES, *quotes, section=section, tags=tags),))


def test_a_claim_is_shown_with_its_marker_and_its_words() -> None:
    tags = (Tag(Facet.THEME, "Structures", Origin.HEADING), Tag(Facet.CASE, "Leeds", Origin.MENTION))
    one = claim("It serves three towns.", "It serves **three** towns.", section=("Reach",), tags=tags)
    checked = check(Draft((one,)), {NOTES.id: NOTES})
    assert [(statement.text, statement.markers) for statement in checked.statements] == [
        ("It serves three towns.", (1,))
    ]
    citation = checked.citations[0]
    assert (citation.quote, citation.section) == ("It serves **three** towns.", ("Reach",))
    assert (citation.themes, citation.aspects, citation.cases) == (("Structures",), (), ("Leeds",))
    assert citation.quote == quote(NOTES.text, citation.spans)


def test_a_sentence_in_two_places_is_one_citation_with_two_spans() -> None:
    one = claim("The hub opened in May Trust grew slowly.", "The hub opened in May", "Trust grew slowly.")
    citation = check(Draft((one,)), {NOTES.id: NOTES}).citations[0]
    assert len(citation.spans) == 2
    assert citation.quote == "The hub opened in May Trust grew slowly."


def test_what_is_cited_twice_keeps_its_number() -> None:
    claims = (
        claim("Trust grew slowly.", "Trust grew slowly."),
        claim("It serves three towns.", "It serves **three** towns."),
        claim("Trust grew.", "Trust grew slowly."),
    )
    checked = check(Draft(claims), {NOTES.id: NOTES})
    assert [statement.markers for statement in checked.statements] == [(1,), (2,), (1,)]
    assert [citation.marker for citation in checked.citations] == [1, 2]


def test_a_footnote_mark_is_no_part_of_a_word() -> None:
    checked = check(Draft((claim("The hub opened in May.", "The hub opened in May.¹"),)), {NOTES.id: NOTES})
    assert not checked.rejected


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [
        (Claim("Trust grew.", ()), "It cites nothing."),
        (claim("Trust shrank slowly.", "Trust grew slowly."), 'The words it cites do not say "shrank".'),
        (claim("Slowly trust grew.", "Trust grew slowly."), 'The words it cites do not say "trust".'),
        (claim("It serves four towns.", "It serves **three** towns."), 'The words it cites do not say "four".'),
    ],
)
def test_a_claim_that_its_words_do_not_bear_is_rejected_with_the_reason(faulty: Claim, reason: str) -> None:
    sound = claim("Trust grew slowly.", "Trust grew slowly.")
    checked = check(Draft((faulty, sound)), {NOTES.id: NOTES})
    assert [(one.claim, one.reason) for one in checked.rejected] == [(faulty.text, reason)]
    assert [statement.text for statement in checked.statements] == ["Trust grew slowly."]


def test_a_citation_of_an_unknown_document_is_rejected() -> None:
    checked = check(Draft((claim("Trust grew slowly.", "Trust grew slowly."),)), {})
    assert checked.rejected[0].reason == 'It cites "notes.txt", which the library does not hold.'


@pytest.mark.parametrize("spans", [(), (Span(0, 10_000),), (Span(5, 5),), (Span(-3, 4),)])
def test_a_citation_of_words_that_are_not_there_is_rejected(spans: tuple[Span, ...]) -> None:
    found = evidence(NOTES, "Trust grew slowly.")
    broken = replace(found, sentence=Sentence(spans, "Trust grew slowly."))
    checked = check(Draft((Claim("Trust grew slowly.", (broken,)),)), {NOTES.id: NOTES})
    assert checked.rejected[0].reason == 'It cites words beyond the end of "notes.txt".'
    assert checked.citations == ()
