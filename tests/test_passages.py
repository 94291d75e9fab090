from __future__ import annotations

import re
from itertools import pairwise
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.markup import plain
from assistant.passages import passages
from assistant.reading.markdown import read_markdown
from assistant.reading.outline import outline
from assistant.reading.text import read_text
from assistant.spans import quote
from assistant.types import Block, BlockKind, Document, Span

if TYPE_CHECKING:
    from assistant.reading import Reader
    from assistant.types import Passage, Sentence

LONGEST = 300

words = st.sampled_from(
    [
        "hub",
        "Kent",
        "the",
        "**bold**",
        "*so*",
        "naïve",
        "5 m²",
        "said¹",
        "15,500",
        "東京",
        "Mr. Bell",
        "[^1]",
        "<b>",
        "e.g.",
    ]
)
lines = st.lists(words, min_size=1, max_size=40).map(" ".join)
stops = st.sampled_from([".", "?", ".¹", "", ":", " the", ".”"])
prose = st.lists(st.builds("{}{}".format, lines, stops), min_size=1, max_size=4).map(" ".join)
headings = st.sampled_from(["Motives", "Challenges", "2.1 Costs", "Table 1: Leaders", "## Method", "The Report"])
items = st.builds("{} {}".format, st.sampled_from(["-", "•", "1.", "b)"]), prose)
rows = st.lists(
    st.sampled_from(["Kent", "5", "", "<ul> • Cost • Time ", "It opened. It closed."]), min_size=2, max_size=4
)
tables = st.lists(rows.map("\t".join), min_size=2, max_size=4).map("\n".join)
pipes = rows.map(lambda row: "| A | B |\n|---|---|\n| " + " | ".join(row) + " |")
notes = st.builds("{} {}".format, st.sampled_from(["¹", "[^1]:", "[1]"]), prose)
odd = st.sampled_from(["\f", "12", "\ufeff", "> quoted words\n> go on.", "```\ncode\n```", "—", "¹", "•"])
blocks = st.one_of(headings, prose, items, tables, pipes, notes, odd, st.text(max_size=20))
gaps = st.sampled_from(["\n\n", "\n", "\r\n\r\n", "\n\f", "\n\n\n"])
texts = st.lists(st.tuples(blocks, gaps), max_size=8).map(
    lambda pairs: "".join(f"{block}{gap}" for block, gap in pairs)
)
readers = st.sampled_from([read_text, read_markdown])


def made(text: str, reader: Reader = read_text) -> Document:
    return Document("made.txt", "Our work", text, tuple(outline(text, reader(text))))


def split(text: str, longest: int = LONGEST) -> list[Passage]:
    return passages(made(text), longest)


def lie_in_order(text: str, spans: tuple[Span, ...]) -> bool:
    inside = all(0 <= span.start < span.end <= len(text) for span in spans)
    return bool(spans) and inside and all(one.end <= other.start for one, other in pairwise(spans))


def check(document: Document, passage: Passage, sentence: Sentence) -> None:
    assert lie_in_order(document.text, sentence.spans)
    words_quoted = quote(document.text, sentence.spans)
    assert words_quoted.strip()
    assert sentence.text == " ".join(sentence.text.split()) != ""
    if passage.kind is not BlockKind.TABLE_ROW:
        assert sentence.text == plain(words_quoted)
        assert all(
            any(outer.start <= one.start and one.end <= outer.end for outer in passage.spans) for one in sentence.spans
        )


def check_all(document: Document, longest: int) -> None:
    found = passages(document, longest)
    assert len({passage.id for passage in found}) == len(found)
    for passage in found:
        assert lie_in_order(document.text, passage.spans)
        assert passage.text == " ".join(sentence.text for sentence in passage.sentences)
        assert 0 < len(passage.text) <= longest
        for sentence in passage.sentences:
            check(document, passage, sentence)


@pytest.mark.parametrize("longest", [200, 900, 20_000])
def test_every_sentence_of_the_summary_is_its_own_quote(summary: Document, longest: int) -> None:
    assert len(passages(summary, longest)) > 50
    check_all(summary, longest)


@settings(max_examples=150, deadline=None)
@given(texts, readers, st.integers(40, 400))
def test_every_sentence_of_a_made_document_is_its_own_quote(text: str, reader: Reader, longest: int) -> None:
    check_all(made(text, reader), longest)


@settings(max_examples=150, deadline=None)
@given(st.text(), readers)
def test_every_sentence_of_any_text_is_its_own_quote(text: str, reader: Reader) -> None:
    check_all(made(text, reader), 40)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(headings, prose, notes, tables, items), max_size=6).map("\n\n".join), st.integers(40, 400))
def test_no_word_of_a_made_document_vanishes(text: str, longest: int) -> None:
    document = made(text)
    seen = [span for block in document.blocks for span in block.spans]
    assert covered(text, seen) >= wanted(text)
    below_headings = [
        span for block in document.blocks if block.kind is not BlockKind.TABLE_ROW for span in block.spans
    ]
    quoted = [span for one in passages(document, longest) for sentence in one.sentences for span in sentence.spans]
    titles = [span for block in document.blocks if block.kind is BlockKind.HEADING for span in block.spans]
    assert covered(text, [*quoted, *titles]) >= covered(text, below_headings) & wanted(text)


def covered(text: str, spans: list[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end) if text[place].isalpha()}


def wanted(text: str) -> set[int]:
    """Return the places of all letters but those of list markers and tags."""
    without = re.sub(r"(?m)^b\)|<ul>|<b>", lambda match: " " * len(match[0]), text)
    return {place for place, letter in enumerate(without) if letter.isalpha()}


def test_no_display_text_of_the_summary_shows_markup(summary: Document) -> None:
    shown = [sentence.text for passage in passages(summary, 900) for sentence in passage.sentences]
    assert len(shown) > 100
    assert [text for text in shown if re.search(r"\*\*|<ul|[•¹²³]", text)] == []


def test_a_heading_is_no_passage_but_stands_in_the_context() -> None:
    (passage,) = split("Title\n\nMethod\n\nInterviews\n\nWe asked.\n")
    assert (passage.text, passage.context) == ("We asked.", "Method > Interviews")
    assert passage.embedded_text == "Method > Interviews\nWe asked."


def test_the_title_is_the_context_of_what_stands_under_no_heading() -> None:
    assert split("We asked.\n")[0].context == "Our work"


def test_a_title_that_is_only_the_file_s_name_is_no_context() -> None:
    text = "We asked.\n"
    document = Document("our-work.txt", "Our work", text, tuple(outline(text, read_text(text))))
    assert passages(document, LONGEST)[0].context == ""


def test_words_that_lead_into_a_list_are_the_context_of_its_items() -> None:
    found = split("Method\n\nWe asked. They took part:\n\n- Kent did.\n- Leeds did.\n\nWe wrote.\n\n- Bristol did.\n")
    contexts = {passage.text: passage.context.partition("\n")[2] for passage in found}
    assert contexts["Kent did."] == contexts["Leeds did."] == "They took part:"
    assert contexts["We wrote."] == contexts["Bristol did."] == ""


def test_the_lead_of_a_list_ends_with_its_section() -> None:
    found = split("Title\n\nThey took part:\n\nMethod\n\n- Kent did.\n")
    assert found[-1].context == "Method"


def test_the_list_of_the_summary_is_led_into(summary: Document) -> None:
    (passage,) = (one for one in passages(summary, 900) if one.text.startswith("In establishing Nightingale Courts"))
    assert passage.context.endswith("\nThe six case studies illustrate the diverse forms collaboration can take:")


def test_a_footnote_s_context_is_the_sentence_that_carries_its_mark() -> None:
    found = split("Method\n\nWe asked. Ferries help.¹ They sank.²\n\n¹ A survey.\n\n² A log.\n")
    contexts = {one.text: one.context.splitlines()[1:] for one in found if one.kind is BlockKind.FOOTNOTE}
    assert contexts == {"A survey.": ["Ferries help."], "A log.": ["They sank."]}


def test_a_footnote_whose_mark_stands_nowhere_has_its_section_only() -> None:
    (note,) = (one for one in split("Method\n\nFerries help.\n\n¹ A survey.\n") if one.kind is BlockKind.FOOTNOTE)
    assert "Ferries" not in note.context


def test_a_sentence_is_stressed_where_it_holds_words_in_bold() -> None:
    (passage,) = split("**Ferries** help. Trains *do* not. Some <b>buses</b> may.\n")
    assert [sentence.stressed for sentence in passage.sentences] == [True, False, True]
    assert "*" not in passage.text


def test_a_paragraph_that_is_too_long_is_split_between_sentences() -> None:
    text = " ".join(f"The council of town {number} met and agreed a plan." for number in range(20))
    found = split(text, 200)
    assert [sentence.text for passage in found for sentence in passage.sentences] == text.replace(". ", ".\n").split(
        "\n"
    )
    assert all(100 < len(passage.text) <= 200 for passage in found[:-1])


def test_a_sentence_that_is_too_long_is_split_between_words() -> None:
    text = ", ".join(f"town {number}" for number in range(100)) + "."
    found = split(text, 120)
    assert " ".join(passage.text for passage in found) == text
    assert all(60 < len(passage.text) <= 120 for passage in found[:-1])


def test_a_word_that_is_too_long_is_split_where_it_must_be() -> None:
    assert [len(passage.text) for passage in split("x" * 500 + ".", 200)] == [200, 200, 101]


def test_a_torn_sentence_that_is_too_long_keeps_its_spans() -> None:
    text = f"The towns met in the{' old' * 40}\n\n¹ A note.\n\n{'new ' * 40}hall.\n"
    found = [passage for passage in split(text, 100) if passage.kind is BlockKind.PARAGRAPH]
    assert [span for passage in found for span in passage.spans if "hall" in text[span.start : span.end]]
    assert " ".join(quote(text, passage.spans) for passage in found) == " ".join(text.replace("¹ A note.", "").split())


def test_a_row_that_is_too_long_is_a_statement_a_cell() -> None:
    text = f"Case\tChallenges\tEnablers\nKent\t{'Cost ' * 30}\t{'Trust ' * 30}\n"
    first, second = split(text, 200)
    assert first.text == f"Kent – Challenges: {'Cost ' * 29}Cost."
    assert second.text == f"Kent – Enablers: {'Trust ' * 29}Trust."


def test_a_cell_that_is_too_long_is_split_like_prose() -> None:
    cell = " ".join(f"The council of town {number} met." for number in range(20))
    found = split(f"Case\tWhat happened\nKent\t{cell}\n", 200)
    assert " ".join(passage.text for passage in found) == f"Kent {cell}"


def test_a_sentence_of_thousands_of_marks_is_read_in_no_time() -> None:
    text = "It opened" + "[^1]" * 10_000 + "".join(f"[^{number}]" for number in range(5_000)) + ".\n\n[^1]: In May.\n"
    document = Document("a.md", "A", text, (Block(BlockKind.PARAGRAPH, (Span(0, text.index("\n")),)),))
    begin = perf_counter()
    assert passages(document, 900)
    assert perf_counter() - begin < 5
