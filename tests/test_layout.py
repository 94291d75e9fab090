from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.markup import legible
from assistant.types import Document, Span
from assistant.ui.layout import laid_out

if TYPE_CHECKING:
    from assistant.ui.layout import Line


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
    assert found.split() == legible(summary.text[start:end]).split()


def test_marks_beyond_the_document_mark_nothing(summary: Document) -> None:
    assert marked(laid_out(summary, (Span(10**6, 10**6 + 5),))) == []
