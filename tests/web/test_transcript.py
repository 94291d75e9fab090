"""What a page writes of an answer, read back as Markdown: no browser needed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.exchanges import Exchange, turns_of
from assistant.rendering import understood_as
from assistant.types import Answer, Citation, Filters, Span, Statement
from assistant.ui.links import answer_markdown, refusal_markdown, shortened, streamed
from assistant.ui.transcript import status_of
from tests.samples import document, evidence

QUOTES = tuple(Citation(number, "notes.txt", (Span(0, 5),), "Words", ("Part",), (), (), ()) for number in (1, 2))
SAID = (Statement("It worked.", (1,), "Kent: East"), Statement("Sum: 8 − 5 = 3.", (1, 2)))
ANSWER = Answer("What?", "What?", True, None, SAID, QUOTES, (), (), "extractive", {}, ("*Bath*",), is_list=True)
LONG = document("Here are many words. " * 40)
REFUSAL = replace(
    ANSWER, answered=False, reason="*No* passage.", statements=(), citations=(), missing=(), is_list=False
)


def html(markdown: str) -> str:
    return str(MarkdownIt("commonmark").render(markdown))


def test_a_list_has_an_item_for_each_sentence_and_for_each_name_without_evidence() -> None:
    written = html(answer_markdown(ANSWER))
    assert written.count("<ul>") == 1
    assert written.count("<li>") == 3
    assert "<li><strong>Kent: East:</strong> It worked. <a" in written
    assert "<li>:gray[<strong>*Bath*:</strong> no evidence found.]</li>" in written


def test_a_figure_that_is_worked_out_links_to_every_row() -> None:
    line = html(answer_markdown(ANSWER)).split("<li>")[2]
    assert line.startswith("Sum: 8 − 5 = 3. ")
    assert line.count("<a href") == 2


def test_sentences_that_are_no_list_are_paragraphs() -> None:
    written = html(answer_markdown(replace(ANSWER, is_list=False)))
    assert (written.count("<p>"), written.count("<li>")) == (3, 0)


def test_a_refusal_gives_its_reason_before_the_nearest_passages() -> None:
    hit = evidence(LONG, LONG.text.strip(), section=("Part", "Piece")).hit
    written = html(refusal_markdown(replace(REFUSAL, passages=(hit,) * 5)))
    assert written.startswith("<p><strong>*No* passage.</strong></p>")
    assert written.count("<li>") == written.count(">Part › Piece</a>") == 3
    assert written.count(" …</li>") == 3
    assert len(written) < 1500


def test_a_refusal_without_passages_is_its_reason_alone() -> None:
    assert html(refusal_markdown(REFUSAL)) == "<p><strong>*No* passage.</strong></p>\n"


@pytest.mark.parametrize("is_list", [True, False])
def test_what_is_streamed_adds_up_to_what_is_shown_later_and_links_come_whole(*, is_list: bool) -> None:
    written = answer_markdown(replace(ANSWER, is_list=is_list))
    pieces = list(streamed(written))
    assert html("".join(pieces)) == html(written)
    assert all(piece.count("](") == piece.count('")') for piece in pieces)


@given(st.text(), st.integers(1, 50))
def test_shortened_text_is_how_it_begins(text: str, characters: int) -> None:
    short, whole = shortened(text, characters), " ".join(text.split())
    assert short == whole or (short.endswith(" …") and whole.startswith(short.removesuffix(" …")))
    assert len(short) <= characters + 2


@pytest.mark.parametrize(
    ("asked", "answered", "shown"),
    [
        ("How  quickly was IT?", "how quickly was it", False),
        ("How quikly was it?", "How quickly was it?", True),
        ("And Kent?", "And how many in Kent?", True),
    ],
)
def test_how_a_question_was_understood_is_shown_where_its_words_differ(asked: str, answered: str, shown: bool) -> None:
    understood = understood_as(replace(ANSWER, question=asked, standalone_question=answered))
    assert understood == (answered if shown else None)


def test_a_question_that_could_not_be_read_is_no_turn_of_the_conversation() -> None:
    answered, unread = Exchange("What?", Filters(), ANSWER), Exchange("?!", Filters(), message="No words.")
    assert [turn.question for turn in turns_of([unread, answered, unread])] == ["What?"]
    assert status_of([unread, answered]) == "Question 2: answer ready, 2 sources."
    assert status_of([answered, unread]) == status_of([]) == ""
    assert status_of([Exchange("What?", Filters(), REFUSAL)]) == "Question 1: no answer. *No* passage."
