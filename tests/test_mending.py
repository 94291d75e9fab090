from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.passages import passages
from assistant.reading.markdown import read_markdown
from assistant.reading.mending import is_unfinished
from assistant.reading.text import read_text
from assistant.spans import quote
from assistant.types import BlockKind

if TYPE_CHECKING:
    from assistant.types import Document, Sentence

FIRST = "The team joined with other firms in the industry to build a network which could deliver the"
REST = "Trust's order of 15,500 gowns a day. It did."
WHOLE = f"{FIRST} {REST}"


def prose(text: str) -> list[str]:
    wanted = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
    return [quote(text, piece.spans) for piece in read_text(text) if piece.kind in wanted]


def sentence(document: Document, opening: str) -> Sentence:
    found = [one for passage in passages(document, 900) for one in passage.sentences if one.text.startswith(opening)]
    assert len(found) == 1
    return found[0]


def test_a_sentence_of_the_summary_that_footnotes_tore_apart_reads_whole(summary: Document) -> None:
    torn = sentence(summary, "The team collaborated")
    assert torn.text == (
        "The team collaborated with other businesses in the industry to establish a network which could deliver the"
        " Trust's order of 15,500 gowns a day."
    )
    assert [summary.text[span.start : span.end][-11:] for span in torn.spans] == ["deliver the", "owns a day."]


def test_a_list_item_of_the_summary_that_a_page_break_tore_apart_reads_whole(summary: Document) -> None:
    torn = sentence(summary, "Having")
    assert torn.text.startswith(
        "Having regular communication is also critical for building trust and rapport, with strong"
    )
    assert [summary.text[span.start : span.end][:7] for span in torn.spans] == ["Having", "regular"]


@pytest.mark.parametrize(
    "between",
    [
        "\n\n",
        "\n\n¹ A note.\n\n² Another note.\n\n",
        "\n\n[^1]: A note.\n\n",
        "\n\f",
        "\n\n12\n\n",
        "\n\n- 12 -\n\f\n",
        "\n\nThe Annual Report\n\n",
        "\n\n¹ A note.\n\n12\n\n\fTHE ANNUAL REPORT\n\n",
        "\r\n\r\n12\r\n\f\r\n",
    ],
)
def test_halves_are_joined_across_whatever_a_page_break_leaves(between: str) -> None:
    assert prose(f"The Annual Report\n\nIt began well.\n\n{FIRST}{between}{REST}\n") == ["It began well.", WHOLE]


def test_a_paragraph_torn_twice_has_three_spans() -> None:
    text = f"{FIRST}\n\n¹ A note.\n\nTrust's order of gowns for the\n\n² A note.\n\nhospital in May.\n"
    (piece,) = (piece for piece in read_text(text) if piece.kind is BlockKind.PARAGRAPH)
    assert len(piece.spans) == 3
    assert quote(text, piece.spans) == f"{FIRST} Trust's order of gowns for the hospital in May."


def test_a_list_item_goes_on_where_the_next_paragraph_is_in_lower_case() -> None:
    text = "- It raises awareness. Having\n\nregular talks is critical.\n\n- It helps.\n"
    assert prose(text) == ["It raises awareness. Having regular talks is critical.", "It helps."]


@pytest.mark.parametrize("between", ["\n\n¹ A note.\n\n", "\n\f"])
def test_a_long_paragraph_without_a_full_stop_goes_on_after_an_interruption(between: str) -> None:
    first = "Later in that same year the whole team met managers and nurses from the hospitals of"
    assert prose(f"{first} Kent{between}Council to agree a plan.\n") == [f"{first} Kent Council to agree a plan."]


def test_halves_of_a_markdown_paragraph_are_joined() -> None:
    text = f"# Report\n\n{FIRST}\n\n[^1]: A note.\n\n{REST}\n"
    assert [quote(text, piece.spans) for piece in read_markdown(text)] == ["Report", WHOLE, "[^1]: A note."]


@pytest.mark.parametrize(
    ("first", "between", "second"),
    [
        ("- Local ownership of the plan", "\n\n", "Kent had one and kept it."),
        ("- Local ownership of the plan by all its many partners in the region", "\n\n¹ A note.\n\n", "Kent had one."),
        ("in brackets, a caption of a photograph", "\n\n", "Kent had one and kept it."),
        ("in brackets, a caption", "\n\n¹ A note.\n\n", "Kent had one and kept it."),
        ("It was finished in May.", "\n\n", "trust's order came later."),
        ("It was finished in May.¹", "\n\n¹ A note.\n\n", "trust's order came later."),
        ("It lists the following:", "\n\n", "gowns and masks."),
        (FIRST, "\n\nStructures\n\n", "Trust's order of gowns."),
        (FIRST, "\n\n1. Structures\n\n", "in lower case."),
        (FIRST, "\n\nCase\tLeaders\nKent\t5\n\n", "Trust's order of gowns."),
        (FIRST, "\n\n", "- Trust's order of gowns."),
    ],
)
def test_what_only_stands_side_by_side_is_not_joined(first: str, between: str, second: str) -> None:
    marked = [words.removeprefix("- ") for words in (first, second)]
    assert prose(f"Title\n\n{first}{between}{second}\n\nThe end.\n") == [*marked, "The end."]


@pytest.mark.parametrize("words", ["It ended.", "“It ended.”", "(It ended!)", "Among them:", "It ended…", "It ended.¹"])
def test_words_with_their_full_stop_are_finished(words: str) -> None:
    assert not is_unfinished(words)


@pytest.mark.parametrize("words", ["could deliver the", "Having", "Kent, Leeds,", "made of", "who COULD"])
def test_a_last_word_that_ends_no_sentence_is_certain_to_be_torn(words: str) -> None:
    assert is_unfinished(words, certain=True)


@pytest.mark.parametrize("words", ["A list of bathe", "Structures", "Local ownership"])
def test_other_last_words_may_be_all_there_is(words: str) -> None:
    assert is_unfinished(words)
    assert not is_unfinished(words, certain=True)


def test_code_is_neither_torn_nor_goes_on() -> None:
    text = "We ran the following words of a program on the\n\n```\nand then stopped\n```\n\nold machine in the hall.\n"
    assert [piece.display(text) for piece in read_markdown(text)] == [
        "We ran the following words of a program on the",
        "and then stopped",
        "old machine in the hall.",
    ]
