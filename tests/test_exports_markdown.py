"""Markdown exports, read again with markdown-it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.exchanges import Exchange
from assistant.exports.markdown import markdown_export, shown
from assistant.types import Filters, Statement
from tests.exports import ABOUT, HOSTILE, TITLES, answer, citation, conversation, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

WRITTEN = markdown_export(ABOUT, conversation(), TITLES)
READER = MarkdownIt("gfm-like", {"linkify": False})


def read(written: str) -> tuple[list[str], dict[str, str], list[Token]]:
    """Return the paragraphs and headings of an export as they are shown, its footnotes by number, and every token."""
    tokens = READER.parse(written)
    shown_texts = [_text(token) for token in tokens if token.type == "inline"]
    notes = {
        found[1]: found[2] for text in shown_texts if (found := re.fullmatch(r"\[\^(\d+)\]: (.*)", text, re.DOTALL))
    }
    body = [text for text in shown_texts if not re.match(r"\[\^\d+\]: ", text)]
    return body, notes, [*tokens, *_children(tokens)]


def _children(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or []


def _text(token: Token) -> str:
    return "".join(child.content for child in token.children or [])


def test_every_sentence_has_a_footnote_for_each_of_its_quotes() -> None:
    body, notes, _ = read(WRITTEN)
    for one in conversation():
        if one.answer is None or not one.answer.answered:
            continue
        quotes = {citation.marker: " ".join(citation.quote.split()) for citation in one.answer.citations}
        for statement in one.answer.statements:
            line = next(text for text in body if statement.text in text)
            cited = [notes[number] for number in re.findall(r"\[\^(\d+)\]", line)]
            assert [said.partition(": “")[2] for said in cited] == [f"{quotes[one]}”" for one in statement.markers]


def test_an_export_reads_well_as_plain_text() -> None:
    assert WRITTEN.startswith(
        "# A conversation\n\n*From the library “Notes on hubs”, 23 November 2026. Casewise quotes its sources; check them."
    )
    assert (
        "## When did it open?\n\n*Asked on 3 November 2026 at 09:05 · Filtered by theme: Structures, case: Leeds*\n\n"
        "- **Leeds:** It opened in May.[^1][^2]\n- It has 40 desks.[^1]\n- **Harbour City:** no evidence found.\n\n"
        "## And before?\n\n*Understood as: When did it open?*\n\nIn 2020.[^3]\n\n"
    ) in WRITTEN
    assert "[^2]: *notes.txt*, Structures › Enablers: “It opened in May.”\n" in WRITTEN
    assert "**The library holds no Cardiff.**\n\nThe nearest passages to look at:\n\n- A passage." in WRITTEN
    assert WRITTEN.endswith("[^4]: It stands in *notes.txt*, Structures.\n")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_words(words: str) -> None:
    said = answer(Statement(words, (1,), words), cited=[citation(1, words, words)], missing=(words,), is_list=True)
    filed = [
        Exchange(words, Filters(), answer=said),
        Exchange(words, Filters(), answer=refusal(words, words, section=(words,))),
    ]
    written = markdown_export(ABOUT, [*filed, Exchange(words, Filters(), message=words)], {words: words})
    _, _, tokens = read(written)
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= {
        "heading",
        "paragraph",
        "inline",
        "text",
        "text_special",
        "em",
        "strong",
        "bullet_list",
        "list_item",
    }
    assert len([token for token in tokens if token.type == "inline"]) == 13  # a paragraph each, and two notes
    assert written.encode()


@given(st.text(min_size=1), st.sampled_from(["", "\\", "1.", "_a_ "]))
@example("__0__", "")
def test_text_is_shown_as_it_is(text: str, before: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(shown(before + text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    assert {child.type for token in tokens for child in token.children or []} <= {"text", "text_special"}
    said = "".join(map(_text, tokens))
    assert (
        "".join(filter(str.isprintable, said)).split()
        == "".join(filter(str.isprintable, " ".join((before + text).split()))).split()
        or "\ufffd" in said
    )


@pytest.mark.parametrize("title", ["Notes", "https://x.example", "(a)", '"a"'])
def test_a_footnote_is_never_the_address_of_a_link(title: str) -> None:
    for section in ((), ("A",)):
        _, notes, tokens = read(
            markdown_export(
                ABOUT, [Exchange("Why?", Filters(), answer=refusal("No.", "A.", section=section))], {"notes.txt": title}
            )
        )
        assert len(notes) == 1
        assert [token for token in tokens if token.type == "link_open"] == []


def test_ordinary_words_are_left_as_they_are() -> None:
    plain = "It took six weeks (not 18-24 months): £4.5m, 20% & more; a_b.pdf, “so” it's 1 < 2? No!"
    assert shown(plain) == plain.replace("<", "\\<")
