from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assistant.rendering import answer_json, answer_text, hit_text

if TYPE_CHECKING:
    from assistant import Assistant

KEYS = {
    "question",
    "standalone_question",
    "answered",
    "reason",
    "answer",
    "citations",
    "passages",
    "rejected",
    "answerer",
    "timings_ms",
}


def test_an_answer_s_json_keeps_the_contract(library: Assistant) -> None:
    answer = library.ask("How quickly was a new court set up?")
    table = json.loads(json.dumps(answer_json(answer)))
    assert set(table) >= KEYS
    assert (table["answered"], table["reason"], table["answerer"]) == (True, None, "extractive")
    assert table["timings_ms"]["total"] > 0
    citation = table["citations"][0]
    assert set(citation) == {"marker", "document", "spans", "quote", "section", "themes", "aspects", "cases"}
    start, end = citation["spans"][0]["start"], citation["spans"][0]["end"]
    assert library.index.documents[citation["document"]].text[start:end] == citation["quote"]
    assert citation["section"] == ["Structures", "Enablers of collaboration"]
    assert (citation["themes"], citation["aspects"]) == (["Structures"], ["enabler"])
    assert citation["cases"] == ["Nightingale Courts"]


def test_a_passage_s_json_keeps_the_contract(library: Assistant) -> None:
    passage = answer_json(library.ask("How quickly was a new court set up?"))["passages"][0]
    assert {"id", "document", "spans", "score", "text", "themes", "aspects", "cases"} <= set(passage)
    assert 0 < passage["score"] <= 1
    assert set(passage["signals"]) == {"meaning", "words", "tags"}


def test_a_refusal_s_json_has_no_citations_and_a_reason(library: Assistant) -> None:
    table = answer_json(library.ask("What did the Cardiff case find?"))
    assert (table["answered"], table["answer"], table["citations"]) == (False, "", [])
    assert table["reason"] == 'The library never mentions "Cardiff".'


def test_an_answer_as_text_ends_with_its_sources(library: Assistant) -> None:
    lines = answer_text(library.ask("How quickly was a new court set up?")).splitlines()
    assert lines[0].endswith("to establish a new court. [1]")
    assert lines[-1].startswith("[1] collaboration-executive-summary.txt · Structures › Enablers of collaboration · ")


def test_a_refusal_as_text_shows_the_nearest_passages(library: Assistant) -> None:
    answer = library.ask("What did the Cardiff case find?")
    text = answer_text(answer)
    assert text.startswith('The library never mentions "Cardiff".\n\nNearest passages:\n- ')
    assert hit_text(answer.passages[0]) in text
