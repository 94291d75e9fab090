from __future__ import annotations

import pytest

from assistant.proposals import Proposal, gathered, proposal, unknown
from assistant.reading.markdown import read_markdown
from assistant.reading.outline import outline
from assistant.taxonomy import load_taxonomy, parse_taxonomy, with_case
from assistant.types import Document, Facet
from tests.conftest import CORPUS, TAXONOMY

KNOWN = parse_taxonomy(TAXONOMY.encode())


def document(title: str, text: str = "It opened.\n", identifier: str = "a.md", **metadata: str) -> Document:
    whole = f"# {title}\n\n{text}\n"
    return Document(identifier, title, whole, tuple(outline(whole, read_markdown(whole))), metadata)


HULL = (
    "The Hull Housing Hub opened in May. By June the Hull Housing Hub had seen Ada Byron and forty others.\n\n"
    "Ada Byron said that the Hull Housing Hub had found her a flat."
)


def test_a_case_that_a_document_names_and_the_taxonomy_does_not_know_is_proposed() -> None:
    assert proposal(document("Notes", case="York Tram"), KNOWN) == "York Tram"
    assert proposal(document("Notes", case="Leeds; York Tram"), KNOWN) == "York Tram"


@pytest.mark.parametrize("case", ["Leeds Digital Hub", "ldh", "Harbour City; Leeds"])
def test_a_case_that_is_known_is_not_proposed_whatever_the_text_returns_to(case: str) -> None:
    assert proposal(document("The Hull Housing Hub", HULL, case=case), KNOWN) is None


@pytest.mark.parametrize(
    "title",
    [
        "The Hull Housing Hub",
        "Hull Housing Hub",
        "Case study: Hull Housing Hub",
        "Case Study 3 – The Hull Housing Hub",
        "Hull Housing Hub: a case study",
        "How the Hull Housing Hub finds flats",
        "Hull Housing Hub’s first year",
    ],
)
def test_a_name_in_the_title_that_the_text_keeps_returning_to_is_proposed(title: str) -> None:
    assert proposal(document(title, HULL), KNOWN) == "Hull Housing Hub"


def test_a_name_in_a_heading_does_as_well() -> None:
    assert proposal(document("Notes from a visit", f"## The Hull Housing Hub\n\n{HULL}"), KNOWN) == "Hull Housing Hub"


def test_once_is_enough_where_the_title_says_that_it_is_a_case_study() -> None:
    text = "The Hull Housing Hub opened in May. The hub has seen forty people."
    assert proposal(document("Case study: Hull Housing Hub", text), KNOWN) == "Hull Housing Hub"
    assert proposal(document("The Hull Housing Hub", text), KNOWN) is None


def test_a_name_that_is_called_a_programme_needs_no_word_for_what_it_is() -> None:
    text = "Moving On began in May. The Moving On programme grew. People like Moving On."
    assert proposal(document("Moving On", text), KNOWN) == "Moving On"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Introduction", "The Introduction opens. The Introduction ends. The Introduction."),
        ("Executive Summary", "The Executive Summary of it. The Executive Summary. The Executive Summary."),
        ("March 2021", "In the March 2021 survey. The March 2021 figures. The March 2021 wave."),
        ("Lessons and Next Steps", "The Lessons and Next Steps. " * 4),
        ("Annual Report by Ada Byron", "Ada Byron came. The Ada Byron report. Ada Byron left."),
        ("Ada Byron", "Ada Byron came. Then Ada Byron spoke. Ada Byron left."),
        ("Work of the National Audit Office", "The National Audit Office came."),
        ("Reducing Waiting Times", "It is about reducing waiting times. The waiting times fell."),
        ("Hull and Goole", "Hull did. Goole did. Hull did. Goole did. The Hull scheme."),
        ("Hull", "The Hull scheme. The Hull scheme. The Hull scheme."),
        ("Hull Housing Hub", "The Hull Housing Hub met the York Housing Trust. " * 3),
        ("Hull Housing Hub", HULL + " Harbour City lent a desk."),
        ("notes", HULL),
    ],
)
def test_what_is_not_plainly_about_one_name_gives_no_proposal(title: str, text: str) -> None:
    assert proposal(document(title, text), KNOWN) is None


def test_the_library_s_own_summary_proposes_nothing_even_without_its_cases(summary: Document) -> None:
    assert proposal(summary, load_taxonomy(CORPUS)) is None
    assert proposal(summary, parse_taxonomy(b"")) is None


def test_once_it_is_added_it_is_proposed_no_more() -> None:
    hub = document("The Hull Housing Hub", HULL)
    assert proposal(hub, parse_taxonomy(with_case(TAXONOMY.encode(), "Hull Housing Hub"))) is None


def test_documents_of_one_case_are_one_proposal() -> None:
    found = [
        document("The Hull Housing Hub", HULL, "a.md"),
        document("Notes", identifier="b.md", case="Hull housing hub"),
        document("Notes", identifier="c.md", case="York Tram"),
        document("Notes", identifier="d.md"),
    ]
    expected = [
        Proposal("Hull Housing Hub", ("a.md", "b.md"), "Looks like a new case: *Hull Housing Hub*. Add it?"),
        Proposal("York Tram", ("c.md",), "Looks like a new case: *York Tram*. Add it?"),
    ]
    assert gathered({one.id: name for one in found if (name := proposal(one, KNOWN))}) == expected
    assert gathered({"a.md": "Hull Housing Hub", "b.md": "Hull housing hub", "c.md": "York Tram"}) == expected


def test_names_that_give_no_tag_can_be_told() -> None:
    metadata = {"theme": "Money; Structures", "aspect": "challenges", "case": "York Tram"}
    assert unknown(metadata, KNOWN) == [(Facet.THEME, "Money"), (Facet.CASE, "York Tram")]
