from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from assistant.evaluation.charts import Bar, bar_chart
from assistant.evaluation.comparing import compare
from assistant.evaluation.report import report_html
from tests.outcomes import answered, citation, refused

HOSTILE = "<script>alert('x')</script>&amp;\"'"
RUN = [
    answered("a", split="test"),
    answered("b", gold=(("40 desks", "a\nkitchen"),), covered=(False,), first_right=False, split="test"),
    refused("c", gold=(("opened in May",),), kind="fact", standalone_question="c, in full?", split="tuning"),
    answered("d", gold=(), kind="unanswerable", split="tuning"),
]


def miss(page: str, question: str) -> str:
    """Return the words of the article of a missed question."""
    article = next(found for found in re.findall(r"<article.*?</article>", page, re.DOTALL) if f">{question}<" in found)
    return re.sub(r"<[^>]+>", " ", article)


def test_every_miss_is_spelled_out_and_nothing_else() -> None:
    page = report_html("set.jsonl", "today", RUN)
    assert "4 questions asked, 3 missed" in page
    assert page.count("<article") == 3
    assert "The citations do not cover “40 desks” or “a\nkitchen”." in miss(page, "b?")
    assert "[1] hub.txt" in miss(page, "b?")
    assert "It was refused, but the library holds the answer." in miss(page, "c?")
    assert "c, in full?" in miss(page, "c?")
    assert "It is not there." in miss(page, "c?")
    assert "It was answered, but the library does not hold the answer." in miss(page, "d?")


def test_a_run_without_a_miss_says_so() -> None:
    assert "Every question was answered or refused as it should be." in report_html("set.jsonl", "today", RUN[:1])


def test_whatever_was_written_is_escaped() -> None:
    hostile = answered(
        HOSTILE,
        question=HOSTILE,
        kind=HOSTILE,
        split=HOSTILE,
        gold=((HOSTILE,), ("May",)),
        covered=(False, False),
        answer=HOSTILE,
        standalone_question=HOSTILE + "?",
        citations=(citation(1, "May", quote=f"{HOSTILE} in May"),),
    )
    page = report_html(HOSTILE, HOSTILE, [hostile], compare([answered(HOSTILE, answer=HOSTILE)], [hostile]))
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;amp;&quot;&#x27;" in page
    assert " in <mark>May</mark>" in page


def test_the_page_loads_nothing_and_its_tables_and_charts_have_names() -> None:
    page = report_html("set.jsonl", "today", RUN, compare(RUN[:2], RUN))
    assert re.findall(r"(?:src|href|url|@import)\s*[=(]", page) == []
    assert "default-src 'none'" in page
    assert page.count("<table") == page.count("<caption") > 0
    identifiers = re.findall(r' id="([^"]+)"', page)
    assert len(set(identifiers)) == len(identifiers)
    named = re.findall(r'aria-labelledby="([^"]+)"', page)
    assert named
    assert {name for names in named for name in names.split()} <= set(identifiers)


def test_an_undefined_figure_is_a_dash_and_no_bar() -> None:
    page = report_html("set.jsonl", "today", RUN[:1])
    assert "<dd>–</dd>" in page
    assert "Refusal recall, by kind" not in page
    assert "Evidence recall, by kind" in page


def test_a_bar_is_as_long_as_its_share_and_said_in_words() -> None:
    drawn = ElementTree.fromstring(bar_chart("one", "A & B", [Bar("x" * 50, 0.25, "25%"), Bar("<y>", 0, "0%")], 1.0))  # noqa: S314
    bars = [element for element in drawn if element.get("class") == "bar"]
    assert [float(bar.get("width", "nan")) for bar in bars] == [65, 0]
    assert [element.text for element in drawn][:2] == ["A & B", f"{'x' * 50}: 25%; <y>: 0%"]
    assert next(element.text for element in drawn if element.tag == "text") == "x" * 25 + "…"


@pytest.mark.parametrize("bars", [[], [Bar("a", 0.0, "0")]])
def test_a_chart_of_nothing_is_still_a_chart(bars: list[Bar]) -> None:
    assert ElementTree.fromstring(bar_chart("one", "Nothing", bars)).get("role") == "img"  # noqa: S314
