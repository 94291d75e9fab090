from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.markup import legible
from assistant.reading import read_content
from assistant.reading.layouts import Composer
from assistant.reading.outline import outline
from assistant.types import Document, Span
from assistant.ui.layout import extract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.ui.layout import Line


def laid_out(document: Document, marks: Sequence[Span]) -> list[Line]:
    return extract(document, marks, len(document.text)).lines


def marked(lines: list[Line]) -> list[str]:
    return [run["words"] for line in lines for cell in line["cells"] for run in cell if run["marked"]]


def shown(line: Line) -> str:
    return " | ".join("".join(run["words"] for run in cell) for cell in line["cells"])


def test_a_torn_sentence_is_marked_in_both_places(summary: Document) -> None:
    torn = summary.text.index("The team collaborated")
    rest = summary.text.index("Trust's order")
    spans = (Span(torn, summary.text.index("\n", torn)), Span(rest, rest + 36))
    assert marked(laid_out(summary, spans)) == [
        "The team collaborated with other businesses in the industry to establish a network which could deliver the",
        "Trust's order of 15,500 gowns a day.",
    ]


def test_a_row_is_shown_once_with_its_cells(summary: Document) -> None:
    start = summary.text.index("East Ayrshire Council, Vibrant")
    lines = laid_out(summary, (Span(start, summary.text.index("\n", start)),))
    rows = [shown(line) for line in lines if line["kind"] == "table row"]
    assert rows.count("East Ayrshire Council, Vibrant Communities Programme | 6") == 1
    assert rows[0] == "Case study name | Number of leaders"
    assert marked(lines) == ["East Ayrshire Council, Vibrant Communities Programme", "6"]


def test_sentences_that_are_marked_apart_keep_the_space_between_them(summary: Document) -> None:
    start = summary.text.index("It also involved local stakeholders")
    joint = summary.text.index(" This meant it took six weeks", start)
    end = summary.text.index(".", joint) + 1
    (line,) = (one for one in laid_out(summary, (Span(start, joint), Span(joint + 1, end))) if len(marked([one])) == 2)
    assert summary.text[start:end] in shown(line)


def test_headings_know_how_deep_they_stand(summary: Document) -> None:
    depths = {shown(line): line["depth"] for line in laid_out(summary, ()) if line["kind"] == "heading"}
    assert (depths["Structures"], depths["Challenges for collaboration"]) == (1, 2)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_words_are_cited_are_the_words_marked(summary: Document, data: st.DataObject) -> None:
    block = data.draw(
        st.sampled_from([block for block in summary.blocks if not block.cells and block.kind != "heading"])
    )
    span = data.draw(st.sampled_from(block.spans))
    start = data.draw(st.integers(span.start, span.end - 1))
    end = data.draw(st.integers(start + 1, span.end))
    found = "".join(marked(laid_out(summary, (Span(start, end),))))
    cited = legible(summary.text[start:end]).replace("*", "")  # one star is left of a bold mark that is cut in half
    assert found.split() == cited.split()


def test_marks_beyond_the_document_mark_nothing(summary: Document) -> None:
    assert marked(laid_out(summary, (Span(10**6, 10**6 + 5),))) == []


def laid(text: str, *cited: str) -> list[Line]:
    document = read_content(text.encode(), Path("notes.md"))
    return laid_out(document, [Span(text.index(words), text.index(words) + len(words)) for words in cited])


def styled(lines: list[Line], style: str) -> list[str]:
    return [run["words"] for line in lines for cell in line["cells"] for run in cell if run["style"] == style]


NOTES = "# Ferries\n\nThe **old ferry** left[^a] at &lt;nine&gt;, **never later**.\n\n[^a]: By the *log*: of 1901.\n"


def test_bold_words_and_footnote_marks_are_told_apart_and_never_shown_raw() -> None:
    lines = laid(NOTES)
    assert styled(lines, "bold") == ["old ferry", "never later"]
    assert styled(lines, "raised") == ["a", "a"]
    assert [shown(line) for line in lines] == [
        "Ferries",
        "The old ferry lefta at <nine>, never later.",
        "a By the log: of 1901.",
    ]


@pytest.mark.parametrize("cited", ["ferry** left", "old ferry", "* left[^a", "ferry** left[^a] at", "**never"])
def test_words_keep_their_style_wherever_a_mark_begins_or_ends(cited: str) -> None:
    lines = laid(NOTES, cited)
    assert "".join(styled(lines, "bold")) == "old ferrynever later"
    assert styled(lines, "raised") == ["a", "a"]
    assert [shown(line) for line in lines] == [shown(line) for line in laid(NOTES)]
    assert marked(lines)


def test_a_mark_that_is_a_link_s_own_stays_whole() -> None:
    (line,) = laid("See [**the log**](https://example.org) for it.")
    assert shown(line) == "See the log for it."
    assert styled([line], "bold") == ["the log"]


def test_cells_keep_their_columns_where_some_are_empty() -> None:
    composer = Composer()
    composer.table([["", "Boats", "Crew"], ["North | South", "3", ""], ["East", "", "4"]])
    layout = composer.layout()
    document = Document("a.html", "A", layout.text, tuple(outline(layout.text, layout.pieces)))
    rows = [shown(line) for line in laid_out(document, ())]
    assert rows == [" | Boats | Crew", "North | South | 3 | ", "East |  | 4"]
    assert [len(line["cells"]) for line in laid_out(document, ())] == [3, 3, 3]


def test_a_long_document_is_shown_around_the_longest_mark() -> None:
    text = "\n\n".join(f"Paragraph {number} tells of a ferry." for number in range(100))
    document = read_content(text.encode(), Path("notes.md"))
    start = text.index("Paragraph 60")
    part = extract(document, [Span(0, 3), Span(start, start + 20)], 5)
    assert (part.before, part.after) == (55, 34)
    assert [shown(line) for line in part.lines] == [f"Paragraph {n} tells of a ferry." for n in range(55, 66)]
    assert marked(part.lines) == ["Paragraph 60 tells o"]
    assert extract(document, (), 5).after == 94
    assert len(extract(document, [Span(10**6, 10**6 + 5)], 5).lines) == 6
