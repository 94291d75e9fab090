from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.types import Answer, Citation, Span, Statement
from assistant.ui.links import Place, address, answer_markdown, citation_link, escaped, link, place_of

JOINER = "\u2060"
SPANS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 500)), min_size=1, max_size=4).map(
    lambda pairs: tuple(Span(start, start + length) for start, length in pairs)
)


@given(st.text(min_size=1), SPANS)
def test_an_address_leads_back_to_its_place(document: str, spans: tuple[Span, ...]) -> None:
    from urllib.parse import parse_qsl

    place = Place(document, spans)
    assert place_of(dict(parse_qsl(address(place).removeprefix("?")))) == place


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"document": "a.txt"},
        {"document": "", "spans": "1-2"},
        {"document": "a.txt", "spans": "2-1"},
        {"document": "a.txt", "spans": "1-2.x"},
        {"document": "a.txt", "spans": "1-2;DROP"},
        {"document": "a.txt", "spans": "9" * 40 + "-" + "9" * 41},
    ],
)
def test_an_address_that_makes_no_sense_leads_nowhere(query: dict[str, str]) -> None:
    assert place_of(query) is None


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1))
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(escaped(text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    assert {child.type for token in tokens for child in token.children or []} <= {"text", "text_special"}
    shown = "".join(child.content for token in tokens for child in token.children or [])
    assert shown.replace(JOINER, "").split() == text.replace(JOINER, "").split()


@pytest.mark.parametrize(
    "made",
    [
        "www.example.org",
        "https://example.org",
        "a@example.org",
        ":material/home:",
        ":smile:",
        "a -- b",
        "a -> b",
        "a >= b",
    ],
)
def test_what_is_made_of_text_after_markdown_was_read_is_kept_apart(made: str) -> None:
    assert JOINER in escaped(made)
    assert JOINER not in escaped("10:30, well-known, a = b: c")


def test_a_link_carries_its_tip_whatever_is_in_it() -> None:
    written = link("[1]", Place("a b.txt", (Span(1, 2),)), 'He said "no" [twice] **now**')
    inline = MarkdownIt("commonmark").parseInline(written)[0].children or []
    assert inline[0].type == "link_open"
    assert inline[0].attrs == {"href": "?document=a+b.txt&spans=1-2", "title": 'He said "no" [twice] **now**'}


def test_an_answer_s_markers_become_links_and_other_brackets_do_not() -> None:
    citation = Citation(1, "a.txt", (Span(0, 5),), "Quote", ("Part",), (), (), ())
    answer = Answer(
        "q",
        "q",
        True,
        None,
        (Statement("See [2] there.", (1,)),),
        (citation,),
        (),
        (),
        "extractive",
        {},
    )
    assert answer_markdown(answer) == r'See \[2\] there. [\[1\]](?document=a.txt&spans=0-5 "a.txt · Part\: “Quote”")'


def test_a_citation_says_on_which_pages_its_words_stand() -> None:
    for pages, said in {
        (): "a.pdf · Part: “Quote”",
        (3,): "a.pdf · Part · page 3: “Quote”",
        (3, 4): "a.pdf · Part · pages 3, 4: “Quote”",
    }.items():
        written = citation_link(Citation(1, "a.pdf", (Span(0, 5),), "Quote", ("Part",), (), (), (), pages))
        inline = MarkdownIt("commonmark").parseInline(written)[0].children or []
        assert str(inline[0].attrs["title"]).replace(JOINER, "") == said
