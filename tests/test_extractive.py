from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.gathering import Findings, Group
from assistant.questions import understand
from assistant.settings import Settings
from assistant.spans import quote
from assistant.taxonomy import parse_taxonomy
from assistant.types import BlockKind, Document, Draft, Evidence, Facet, Passage, Tag
from tests.conftest import TAXONOMY
from tests.samples import document, evidence, of_case

NOTES = document(
    "Shared offices helped staff to meet. Shared offices helped staff to meet often. Joint budgets helped too. "
    "A common goal helped most. Regular calls helped as well."
)
FERRY = document(
    "The ferry was late. It sank near the estuary. Nobody drowned. A second boat was bought. "
    f"This one has {'very ' * 60}good engines."
)
LONG_SENTENCES = (("Ferries", "sank "), ("Bridges", "fell "), ("Orchards", "froze "), ("Kitchens", "burnt "))
KNOWN = parse_taxonomy(TAXONOMY.encode())
HUB, HARBOUR = "Leeds Digital Hub", "Harbour City"


def findings(*groups: Group) -> Findings:
    found = tuple(one for group in groups for one in group.evidence)
    return Findings(tuple(one.hit for one in found), found, groups)


def draft(question: str, *groups: Group) -> Draft:
    return ExtractiveAnswerer(KNOWN, Settings()).draft(understand(question, KNOWN), findings(*groups))


def said(
    quoted: str, score: float = 0.8, tags: tuple[Tag, ...] = (), kind: BlockKind = BlockKind.PARAGRAPH
) -> Evidence:
    return evidence(NOTES, quoted, score=score, tags=tags, kind=kind)


def drafted(question: str, *scored: tuple[str, float]) -> list[str]:
    made = draft(question, Group(None, tuple(said(quoted, score) for quoted, score in scored)))
    assert all(claim.evidence[0].sentence.text == claim.text for claim in made.claims)
    return [claim.text for claim in made.claims]


def of_one_passage(notes: Document, *scores: float) -> tuple[Evidence, ...]:
    """Return the sentences of a document as one passage's, with these scores, best first."""
    alone = [evidence(notes, f"{part}.") for part in parts_of(notes)]
    sentences = tuple(one.sentence for one in alone)
    whole: Passage = replace(alone[0].hit.passage, sentences=sentences, text=notes.text)
    found = [
        Evidence(sentence, replace(one.hit, passage=whole), score, one.signals)
        for one, sentence, score in zip(alone, sentences, scores, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: -one.score))


def parts_of(notes: Document) -> list[str]:
    return notes.text.removesuffix(".").split(". ")


def quoted_of(notes: Document, *scores: float) -> list[str]:
    claims = draft("What happened?", Group(None, of_one_passage(notes, *scores))).claims
    assert all(quote(notes.text, claim.evidence[0].sentence.spans) == claim.text for claim in claims)
    return [claim.text for claim in claims]


def test_sentences_about_as_good_as_the_best_are_quoted_with_it() -> None:
    found = drafted("What helped?", ("A common goal helped most.", 0.8), ("Joint budgets helped too.", 0.78))
    assert found == ["A common goal helped most.", "Joint budgets helped too."]


def test_weaker_sentences_are_left_out() -> None:
    found = drafted("What helped?", ("A common goal helped most.", 0.8), ("Joint budgets helped too.", 0.3))
    assert found == ["A common goal helped most."]


def test_a_sentence_that_repeats_another_is_left_out() -> None:
    best = ("Shared offices helped staff to meet.", 0.8)
    again = ("Shared offices helped staff to meet often.", 0.79)
    assert drafted("What helped?", best, again) == ["Shared offices helped staff to meet."]


def test_two_sentences_are_quoted_at_most() -> None:
    quotes = ["A common goal helped most.", "Joint budgets helped too.", "Regular calls helped as well."]
    assert drafted("What helped?", *[(one, 0.8) for one in quotes]) == quotes[:2]


def test_a_list_takes_up_to_four_sentences_and_weaker_ones_too() -> None:
    scored = [
        ("Shared offices helped staff to meet.", 0.9),
        ("Joint budgets helped too.", 0.8),
        ("A common goal helped most.", 0.7),
        ("Regular calls helped as well.", 0.5),
    ]
    assert drafted("In what ways were they helped?", *scored) == [quoted for quoted, _ in scored[:3]]


def test_a_number_takes_one_sentence() -> None:
    found = drafted("How many offices?", ("A common goal helped most.", 0.8), ("Joint budgets helped too.", 0.8))
    assert found == ["A common goal helped most."]


def test_neighbours_that_are_nearly_as_good_make_one_quote() -> None:
    assert quoted_of(FERRY, 0.1, 0.1, 0.78, 0.8, 0.1) == ["Nobody drowned. A second boat was bought."]
    assert quoted_of(FERRY, 0.1, 0.1, 0.1, 0.8, 0.1) == ["A second boat was bought."]


def test_a_quote_grows_no_longer_than_sixty_words() -> None:
    assert quoted_of(FERRY, 0.1, 0.1, 0.1, 0.8, 0.79)[0] == "A second boat was bought."


def test_a_sentence_that_points_back_brings_the_one_before() -> None:
    assert quoted_of(FERRY, 0.1, 0.8, 0.1, 0.1, 0.1) == ["The ferry was late. It sank near the estuary."]
    assert quoted_of(FERRY, 0.8, 0.1, 0.1, 0.1, 0.1) == ["The ferry was late."]


def test_a_sentence_stands_in_one_quote_only() -> None:
    long = document(" ".join(f"{subject} {verb * 18}ended." for subject, verb in LONG_SENTENCES))
    quotes = quoted_of(long, 0.8, 0.79, 0.78, 0.77)
    assert quotes
    assert [part for part in parts_of(long) if sum(part in one for one in quotes) > 1] == []


def test_a_heading_says_whose_it_is_where_the_words_do_not() -> None:
    silent = said("A common goal helped most.", tags=of_case(HUB))
    assert [claim.heading for claim in draft("What helped?", Group(None, (silent,))).claims] == [HUB]


def test_a_heading_says_nothing_where_the_words_say_it_or_several_share_it() -> None:
    notes = document("In LDH a common goal helped most.")
    says_it = evidence(notes, notes.text, tags=of_case(HUB))
    shared = said("A common goal helped most.", tags=of_case(HUB, HARBOUR))
    nobody_s = said("A common goal helped most.")
    for one in (says_it, shared, nobody_s):
        assert [claim.heading for claim in draft("What helped?", Group(None, (one,))).claims] == [None]


def test_a_list_has_all_items_in_order_each_once() -> None:
    items = (
        said("Shared offices helped staff to meet.", 0.2),
        said("Joint budgets helped too.", 0.9),
        said("Shared offices helped staff to meet often.", 0.8),
        said("Regular calls helped as well.", 0.1),
    )
    made = draft("What are the enablers?", Group(None, items, items=items))
    assert made.is_list
    assert [claim.text for claim in made.claims] == [
        "Shared offices helped staff to meet.",
        "Joint budgets helped too.",
        "Regular calls helped as well.",
    ]


def test_every_case_gets_a_line_and_those_without_evidence_are_named_missing() -> None:
    made = draft(
        "What helped in each case?",
        Group(HUB, (said("A common goal helped most."),), Facet.CASE),
        Group(HARBOUR, (), Facet.CASE),
    )
    assert [(claim.heading, claim.text) for claim in made.claims] == [(HUB, "A common goal helped most.")]
    assert (made.missing, made.is_list) == ((HARBOUR,), True)


def test_a_line_quotes_two_sentences_at_most_and_cites_each() -> None:
    quotes = ["A common goal helped most.", "Joint budgets helped too.", "Regular calls helped as well."]
    made = draft(
        "Compare what helped Leeds and Harbour City",
        Group(HUB, tuple(said(one) for one in quotes), Facet.CASE),
        Group(HARBOUR, (said("Shared offices helped staff to meet."),), Facet.CASE),
    )
    assert list(dict.fromkeys(claim.heading for claim in made.claims)) == [HUB, HARBOUR]
    assert made.missing == ()
    told = " ".join(claim.text for claim in made.claims if claim.heading == HUB)
    cited = [one.sentence.text for claim in made.claims if claim.heading == HUB for one in claim.evidence]
    assert " ".join(cited) == told
    assert cited == quotes[: len(cited)]
    assert len(cited) <= 2


def test_the_items_of_every_group_stand_a_line_each() -> None:
    items = (said("Joint budgets helped too."), said("Regular calls helped as well."))
    made = draft(
        "Compare the enablers of Motivations and Structures",
        Group("Motivations", items, Facet.THEME, items),
        Group("Structures", (), Facet.THEME),
    )
    assert [(claim.heading, claim.text) for claim in made.claims] == [
        ("Motivations", "Joint budgets helped too."),
        ("Motivations", "Regular calls helped as well."),
    ]
    assert made.missing == ("Structures",)


@pytest.mark.parametrize(("kind", "heading"), [(BlockKind.PARAGRAPH, HARBOUR), (BlockKind.TABLE_ROW, None)])
@pytest.mark.parametrize("name", ["Harbour City", "Harbour", "HARBOUR CITY"])
def test_every_line_is_headed_by_its_case_but_a_row_that_has_it_at_its_own_head(
    name: str, kind: BlockKind, heading: str | None
) -> None:
    notes = document(f"In {name} a common goal helped most.")
    made = draft(
        "What helped in each case?",
        Group(HUB, (said("Joint budgets helped too."),), Facet.CASE),
        Group(HARBOUR, (evidence(notes, notes.text, tags=of_case(HARBOUR), kind=kind),), Facet.CASE),
    )
    assert [claim.heading for claim in made.claims] == [HUB, heading]


def test_the_strongest_case_comes_first_where_it_is_asked_which() -> None:
    weak, strong = said("Joint budgets helped too.", 0.4), said("Regular calls helped as well.", 0.9)
    groups = (Group(HUB, (weak,), Facet.CASE), Group(HARBOUR, (strong,), Facet.CASE))
    assert [claim.heading for claim in draft("Which cases were helped by calls?", *groups).claims] == [HARBOUR, HUB]
    assert [claim.heading for claim in draft("What helped in each case?", *groups).claims] == [HUB, HARBOUR]
