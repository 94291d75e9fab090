from __future__ import annotations

from dataclasses import replace
from math import fsum

import pytest

from assistant.calculations import in_full
from assistant.citations import check
from assistant.spans import quote
from assistant.types import BlockKind, Calculation, Claim, Draft, Facet, Origin, Sentence, Span, Tag
from tests.samples import document, evidence

NOTES = document("The hub opened in May.¹ It serves **three** towns.\n\n¹ Council minutes.\n\nTrust grew slowly.")

TABLE = document("Leeds\t15,500\nDover\t7\nOstend\t12")


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


def worked_out(text: str, operator: str, operands: tuple[float, ...], result: float, *rows: str) -> Claim:
    """Return the claim of a calculation that rests on rows of ``TABLE``."""
    evidences = tuple(evidence(TABLE, row, kind=BlockKind.TABLE_ROW) for row in rows)
    return Claim(
        text, evidences, calculation=Calculation(text.partition(" ")[0].rstrip(":"), operator, operands, result)
    )


SOUND = [
    worked_out("Total: 15,500 + 7 = 15,507.", "+", (15500, 7), 15507, "Leeds\t15,500", "Dover\t7"),
    worked_out("Difference: 12 − 7 = 5.", "−", (12, 7), 5, "Ostend\t12", "Dover\t7"),
    worked_out("Average of 12, 7: 9.5.", "average", (12, 7), 9.5, "Ostend\t12", "Dover\t7"),
    worked_out("Share: 7 ÷ 12 = 58.33%.", "share", (7, 12), 58.33, "Ostend\t12", "Dover\t7"),
    worked_out("Share: 7 ÷ (12 + 7) = 36.84%.", "share", (7, 12, 7), 36.84, "Ostend\t12", "Dover\t7"),
]


@pytest.mark.parametrize("sound", SOUND, ids=lambda one: one.text)
def test_a_calculation_that_is_right_is_shown_with_all_it_rests_on(sound: Claim) -> None:
    checked = check(Draft((sound,)), {TABLE.id: TABLE})
    assert checked.rejected == ()
    assert [(one.text, one.markers) for one in checked.statements] == [(sound.text, (1, 2))]
    assert len(checked.citations) == 2


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [
        (worked_out("Total: 12 + 7 = 20.", "+", (12, 7), 20, "Ostend\t12", "Dover\t7"), "It is worked out wrongly."),
        (worked_out("Total: 12 + 8 = 20.", "+", (12, 8), 20, "Ostend\t12", "Dover\t7"), 'do not give "8".'),
        (worked_out("Total: 12 + 7 = 19.", "+", (12, 7), 19, "Ostend\t12"), 'do not give "7".'),
        (worked_out("Difference: 7 − 12 = 5.", "−", (7, 12), 5, "Ostend\t12", "Dover\t7"), "worked out wrongly."),
        (worked_out("Average of 12, 7: 9.", "average", (12, 7), 9, "Ostend\t12", "Dover\t7"), "worked out wrongly."),
        (worked_out("Total: 12 + 7 = 19.", "+", (12, 7), 19), "It cites nothing."),
        (worked_out("Share: 7 ÷ 12 = 60%.", "share", (7, 12), 60, "Ostend\t12", "Dover\t7"), "worked out wrongly."),
        (worked_out("Share: 7 ÷ 12 = 58.33%.", "share", (7, 12), 58.33, "Dover\t7"), 'do not give "12".'),
    ],
    ids=lambda one: one.text if isinstance(one, Claim) else "",
)
def test_a_calculation_that_is_wrong_or_rests_on_other_numbers_is_rejected(faulty: Claim, reason: str) -> None:
    checked = check(Draft((faulty, SOUND[1])), {TABLE.id: TABLE})
    assert [one.claim for one in checked.rejected] == [faulty.text]
    assert checked.rejected[0].reason.endswith(reason)
    assert [one.text for one in checked.statements] == [SOUND[1].text]


def test_the_words_of_a_calculation_are_the_calculation() -> None:
    said = replace(SOUND[1], text="Difference: 12 − 7 = 50.")
    checked = check(Draft((said,)), {TABLE.id: TABLE})
    assert "50" not in "".join(one.text for one in checked.statements)


def test_a_table_s_row_may_be_said_in_another_order_than_it_is_written_in() -> None:
    row = evidence(TABLE, "Leeds\t15,500", text="15,500 – Leeds.", kind=BlockKind.TABLE_ROW)
    prose = evidence(TABLE, "Leeds\t15,500", text="15,500 – Leeds.")
    assert check(Draft((Claim("15,500 – Leeds.", (row,)),)), {TABLE.id: TABLE}).rejected == ()
    assert check(Draft((Claim("15,500 – Leeds.", (prose,)),)), {TABLE.id: TABLE}).statements == ()


def test_a_heading_stands_before_its_sentence_and_is_no_part_of_the_claim() -> None:
    one = replace(claim("Trust grew slowly.", "Trust grew slowly."), heading="Harbour City")
    (statement,) = check(Draft((one,)), {NOTES.id: NOTES}).statements
    assert (statement.heading, statement.text) == ("Harbour City", "Trust grew slowly.")
    assert statement.line == "Harbour City: Trust grew slowly. [1]"


GRID = document("Theme\tHard\nTrust\t• Cost • Time • Mud\nMoney\t• Debt • Rent\n", "grid.txt")


def counted(cell: str, result: float) -> Claim:
    calculation = Calculation("Items in Trust", "count", (), result)
    return Claim(in_full(calculation), (evidence(GRID, cell, kind=BlockKind.TABLE_ROW),), calculation=calculation)


def test_a_count_is_that_of_the_items_of_the_cell_it_cites() -> None:
    right, wrong = counted("• Cost • Time • Mud", 3), counted("• Debt • Rent", 3)
    checked = check(Draft((right, wrong)), {GRID.id: GRID})
    assert [one.text for one in checked.statements] == ["Items in Trust: 3."]
    assert [one.reason for one in checked.rejected] == ["The list it cites has another number of items."]


def test_the_numbers_of_items_of_two_cells_add_up() -> None:
    cells = tuple(evidence(GRID, cell, kind=BlockKind.TABLE_ROW) for cell in ("• Cost • Time • Mud", "• Debt • Rent"))
    right, wrong = (Calculation("Total", "+", numbers, fsum(numbers)) for numbers in ((3, 2), (4, 2)))
    checked = check(
        Draft(tuple(Claim(in_full(one), cells, calculation=one) for one in (right, wrong))), {GRID.id: GRID}
    )
    assert [one.text for one in checked.statements] == ["Total: 3 + 2 = 5."]
    assert [one.reason for one in checked.rejected] == ['The words it cites do not give "4".']
