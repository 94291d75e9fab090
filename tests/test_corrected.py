from __future__ import annotations

from time import process_time

import pytest

from assistant.corrections import Corrected, Correction, corrected
from assistant.passages import passages
from assistant.spans import quote
from assistant.tagging import tagged
from assistant.taxonomy import load_taxonomy
from assistant.types import BlockKind, Document, Facet, Origin, Passage, Span, Tag
from tests.conftest import CORPUS

ENABLER = Tag(Facet.ASPECT, "enabler", Origin.PERSON)
STRUCTURES = Tag(Facet.THEME, "Structures", Origin.PERSON)

TEXT = "Money ran out in May.\n\nIt came back\n  in June.\n\n- Desks were lent.\n- Rooms were lent.\n\nMoney ran out again."


def passages_of(
    text: str, *pieces: str | tuple[str, ...], tags: tuple[Tag, ...] = (), document: str = "a.txt"
) -> list[Passage]:
    """Return passages whose words stand at ``pieces``; a tuple is a passage in halves."""
    found, place = [], 0
    for piece in pieces:
        spans = []
        for half in (piece,) if isinstance(piece, str) else piece:
            place = text.index(half, place)
            spans.append(Span(place, place + len(half)))
            place += len(half)
        found.append(
            Passage(f"{document}:{spans[0].start}", document, BlockKind.PARAGRAPH, (), tuple(spans), "", "", (), tags)
        )
    return found


def five(tags: tuple[Tag, ...] = ()) -> list[Passage]:
    pieces = (
        "Money ran out in May.",
        "It came back\n  in June.",
        "Desks were lent.",
        "Rooms were lent.",
        "Money ran out again.",
    )
    return passages_of(TEXT, *pieces, tags=tags)


def enabling(words: str, document: str = "a.txt") -> Correction:
    return Correction(document, words, {Facet.ASPECT: ("enabler",)})


def applied(*corrections: Correction, found: list[Passage] | None = None, text: str = TEXT) -> Corrected:
    return corrected(found or five(), corrections, {"a.txt": text})


def rows(*corrections: Correction, found: list[Passage] | None = None, text: str = TEXT) -> list[int]:
    result = applied(*corrections, found=found, text=text)
    assert [stray.reason for stray in result.strays] == []
    return sorted(result.tags)


def test_what_is_named_is_replaced_and_what_is_not_stays() -> None:
    heading = Tag(Facet.ASPECT, "challenge", Origin.HEADING)
    theme, case = Tag(Facet.THEME, "Motivations", Origin.HEADING), Tag(Facet.CASE, "Harbour City", Origin.MENTION)
    found = applied(enabling("Desks were lent."), found=five((theme, heading, case)))
    assert found.tags == {2: (theme, ENABLER, case)}
    assert found.settled == {(2, Facet.ASPECT)}


def test_an_empty_list_takes_tags_away_and_settles_that_there_are_none() -> None:
    found = applied(Correction("a.txt", "Desks were lent.", {Facet.ASPECT: ()}), found=five((ENABLER,)))
    assert (found.tags, found.settled) == ({2: ()}, {(2, Facet.ASPECT)})


def test_the_last_correction_of_a_facet_wins() -> None:
    first = Correction("a.txt", "Desks were lent.", {Facet.ASPECT: ("challenge",), Facet.THEME: ("Structures",)})
    assert applied(first, enabling("Desks were lent.")).tags == {2: (STRUCTURES, ENABLER)}


@pytest.mark.parametrize("words", ["It came back in June.", "It  came\nback in", "June."])
def test_words_of_a_passage_find_it_however_their_white_space(words: str) -> None:
    assert rows(enabling(words)) == [1]


def test_a_correction_survives_edits_elsewhere_in_the_document() -> None:
    text = TEXT.replace("Money ran out in May.", "Much more was said here.")
    found = passages_of(text, "Much more was said here.", "It came back\n  in June.")
    assert rows(enabling("It came back in June."), found=found, text=text) == [1]


def test_a_passage_that_was_split_since_is_corrected_in_all_its_parts() -> None:
    found = passages_of(TEXT, "Money ran out", "in May.", "It came back", "in June.")
    assert rows(enabling("It came back in June."), found=found) == [2, 3]


def test_a_passage_that_was_joined_with_a_small_one_is_still_found() -> None:
    found = passages_of(TEXT, "Money ran out in May.\n\nIt came back\n  in June.", "Desks were lent.")
    assert rows(enabling("It came back in June."), found=found) == [0]


def test_a_neighbour_of_which_a_quote_has_but_a_word_is_not_meant() -> None:
    assert rows(enabling("May. It came back in June.")) == [1]


def test_a_passage_in_halves_is_found_by_its_words() -> None:
    text = "Money ran out\n\n1 A note.\n\nin May. Then it rained."
    found = passages_of(text, ("Money ran out", "in May.")) + passages_of(text, "Then it rained.")
    assert rows(enabling("Money ran out in May."), found=found, text=text) == [0]


def test_a_quote_over_list_marks_is_found_in_the_text() -> None:
    assert rows(enabling("- Desks were lent.\n- Rooms were lent.")) == [2, 3]


def test_words_that_are_all_of_a_passage_mean_that_one() -> None:
    text = "Money ran out.\n\nMoney ran out. Then it came back."
    found = passages_of(text, "Money ran out.", "Money ran out. Then it came back.")
    assert rows(enabling("Money ran out."), found=found, text=text) == [0]


def test_words_that_two_passages_have_are_astray_until_there_are_more_of_them() -> None:
    found = applied(enabling("Money ran out"))
    assert found.tags == {}
    assert [stray.reason for stray in found.strays] == [
        "Its words stand in the document 2 times. Quote more of the passage."
    ]


@pytest.mark.parametrize(
    ("astray", "reason"),
    [
        (enabling("It came late"), "no longer in the document"),
        (enabling("ran out in Ma"), "no longer in the document"),
        (enabling("It came back", "b.txt"), 'holds no passages of "b.txt"'),
    ],
)
def test_a_correction_that_nothing_answers_to_is_reported_and_the_rest_applied(astray: Correction, reason: str) -> None:
    found = applied(astray, enabling("Desks were lent."))
    assert list(found.tags) == [2]
    ((correction, why),) = [(stray.correction, stray.reason) for stray in found.strays]
    assert correction == astray
    assert reason in why


def test_every_passage_of_the_summary_is_found_by_its_own_words_after_another_split(summary: Document) -> None:
    known = load_taxonomy(CORPUS)
    found = [tagged(one, summary.title, known) for one in passages(summary, 900)]
    again = [tagged(one, summary.title, known) for one in passages(summary, 300)]
    assert len(again) > len(found) > 50
    corrections = [
        Correction(summary.id, quote(summary.text, one.spans), {Facet.THEME: ("Structures",)}) for one in found
    ]
    texts = {summary.id: summary.text}
    assert (set(corrected(found, corrections, texts).tags), corrected(found, corrections, texts).strays) == (
        set(range(len(found))),
        (),
    )
    result = corrected(again, corrections, texts)
    assert (set(result.tags), result.strays) == (set(range(len(again))), ())


def test_fifty_thousand_passages_take_no_time() -> None:
    pieces = ("Money", "It", "Desks", "Rooms", "again")
    many = [one for n in range(10_000) for one in passages_of(TEXT, *pieces, document=f"{n}.txt")]
    corrections = [enabling("Desks were lent.", f"{n}.txt") for n in range(0, 10_000, 100)]
    start = process_time()
    corrected(many, corrections, {one.document: TEXT for one in corrections})
    assert process_time() - start < 0.5
