from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

import assistant
from assistant.markup import plain
from assistant.notebooks import answer_html, grid_html
from tests.outcomes import answer, citation

if TYPE_CHECKING:
    from assistant import Answer, Assistant, Grid

HOSTILE = '<script>alert("1")</script> & <img src=x onerror="alert(1)">'


class Parts(HTMLParser):
    """The elements, the attributes and the words of some HTML; fails where elements are not closed in turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: set[str] = set()
        self.words = ""
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def shown(noun: Answer | Grid) -> str:
    """Return what a notebook shows of a noun, by the name by which it asks."""
    html = noun._repr_html_()  # type: ignore[union-attr]
    assert isinstance(html, str)
    return html


@pytest.fixture
def real(library: Assistant) -> Answer:
    return library.ask("How quickly was a new court set up, compared with normal?")


def test_a_notebook_shows_the_answer_with_its_quotes_and_where_they_stand(real: Answer) -> None:
    assert assistant.Answer is type(real)
    words = Parts(shown(real)).words
    assert real.question in words
    for said in real.statements:
        assert said.text in words
    for one in real.citations:
        assert f"[{one.marker}]{plain(one.quote)}" in words
        assert one.document in words
        assert f"{one.spans[0].start}:{one.spans[0].end}" in words


def test_a_refusal_is_shown_with_its_reason_and_the_nearest_passages(library: Assistant) -> None:
    refused = library.ask("How many meals did Kent deliver?")
    words = Parts(answer_html(refused)).words
    assert refused.reason is not None
    assert refused.reason in words
    assert refused.passages[0].passage.text in words


def test_a_list_has_an_item_for_each_line_and_names_what_has_no_evidence(library: Assistant) -> None:
    listed = library.ask("What are the structural challenges?")
    assert listed.is_list
    with_gap = replace(listed, missing=("Leeds",))
    parts = Parts(answer_html(with_gap))
    assert parts.elements.count("li") == len(listed.statements) + 1
    assert "Leeds: no evidence found." in parts.words


def test_a_question_that_was_understood_otherwise_says_how() -> None:
    asked = replace(answer("Kent?", ("It was five.", (1,))), standalone_question="How many leaders took part in Kent?")
    assert "Understood as: How many leaders took part in Kent?" in Parts(answer_html(asked)).words


def test_a_notebook_shows_a_grid_as_a_table_with_its_quotes(library: Assistant) -> None:
    grid = library.grid("How was trust built between the partners?")
    parts = Parts(shown(grid))
    assert parts.elements.count("tr") == len(grid.shown_rows) + 1
    assert parts.elements.count("td") == len(grid.shown_rows) * len(grid.shown_columns)
    assert "no evidence" in parts.words
    assert grid.quotes
    for one in grid.quotes:
        assert f"{plain(one.citation.quote)} [{one.citation.marker}]" in parts.words


def test_nothing_of_a_document_or_a_question_becomes_markup(library: Assistant) -> None:
    quoted = citation(1, "40 desks", quote=HOSTILE.replace("<script>", "<script >"))
    refused = replace(answer(HOSTILE), answered=False, reason=HOSTILE)
    grid = replace(library.grid("How was trust built?"), question=HOSTILE, reasons={HOSTILE: HOSTILE})
    for html in (
        answer_html(answer(HOSTILE, (HOSTILE, (1,)), cited=(quoted,))),
        answer_html(refused),
        grid_html(grid),
    ):
        parts = Parts(html)
        assert HOSTILE in parts.words
        assert {"script", "img"}.isdisjoint(parts.elements)
        assert parts.attributes <= {"style", "scope"}


def test_the_display_has_no_colour_of_its_own_and_reads_on_any_ground(library: Assistant, real: Answer) -> None:
    for html in (shown(real), shown(library.grid("How was trust built?"))):
        styles = " ".join(unescape(style) for style in re.findall(r'style="([^"]*)"', html))
        assert not re.search(r"#[0-9a-f]{3}|rgb|background|(?<!-)color:", styles)
