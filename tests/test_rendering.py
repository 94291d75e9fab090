from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.rendering import answer_json, answer_text, hit_text
from assistant.types import Statement
from tests.outcomes import answer, citation

if TYPE_CHECKING:
    from assistant import Answer, Assistant

KEYS = {
    "question",
    "standalone_question",
    "answered",
    "reason",
    "answer",
    "sentences",
    "missing",
    "citations",
    "passages",
    "rejected",
    "answerer",
    "timings_ms",
}


def test_an_answer_s_json_keeps_the_contract(library: Assistant) -> None:
    table = json.loads(json.dumps(answer_json(library.ask("How quickly was a new court set up?"))))
    assert set(table) >= KEYS
    assert (table["answered"], table["reason"], table["answerer"]) == (True, None, "extractive")
    assert table["timings_ms"]["total"] > 0
    citation = table["citations"][0]
    assert set(citation) == {"marker", "document", "spans", "quote", "section", "themes", "aspects", "cases", "pages"}
    text = library.index.documents[citation["document"]].text
    assert " ".join(text[span["start"] : span["end"]] for span in citation["spans"]) == citation["quote"]
    assert citation["section"] == ["Structures", "Enablers of collaboration"]
    assert (citation["themes"], citation["aspects"]) == (["Structures"], ["enabler"])
    assert citation["cases"] == ["Nightingale Courts"]


def test_a_passage_s_json_keeps_the_contract(library: Assistant) -> None:
    passage = answer_json(library.ask("How quickly was a new court set up?"))["passages"][0]
    assert {"id", "document", "spans", "score", "text", "themes", "aspects", "cases"} <= set(passage)
    assert 0 < passage["score"] <= 1
    assert set(passage["signals"]) == {"meaning", "words", "tags"}


CLAIMS = (
    Statement("Trust grew.", (1,), "Harbour City"),
    Statement("In Leeds it shrank.", (1, 2)),
)


def made(*statements: Statement, missing: tuple[str, ...] = (), is_list: bool = False) -> Answer:
    return replace(
        answer("What happened?", cited=(citation(1, "40 desks"),)),
        statements=statements,
        missing=missing,
        is_list=is_list,
    )


def test_every_sentence_is_given_with_its_markers_and_whose_it_is() -> None:
    assert answer_json(made(*CLAIMS))["sentences"] == [
        {"text": "Trust grew.", "markers": [1], "heading": "Harbour City"},
        {"text": "In Leeds it shrank.", "markers": [1, 2], "heading": None},
    ]


def test_sentences_follow_each_other_and_a_list_has_a_line_each() -> None:
    assert made(*CLAIMS).answer == "Harbour City: Trust grew. [1] In Leeds it shrank. [1][2]"
    assert made(*CLAIMS, is_list=True).answer.splitlines() == [
        "Harbour City: Trust grew. [1]",
        "In Leeds it shrank. [1][2]",
    ]


def test_what_has_no_evidence_is_named_in_text_and_json() -> None:
    one = made(CLAIMS[1], missing=("Harbour City",), is_list=True)
    assert answer_json(one)["missing"] == ["Harbour City"]
    assert one.answer.splitlines() == ["In Leeds it shrank. [1][2]", "Harbour City: no evidence found."]
    assert "Harbour City: no evidence found." in answer_text(one)


def test_a_refusal_s_json_has_no_citations_and_a_reason(library: Assistant) -> None:
    table = answer_json(library.ask("What did the Cardiff case find?"))
    assert (table["answered"], table["answer"], table["citations"]) == (False, "", [])
    assert table["reason"] == 'The library never mentions "Cardiff".'


def test_an_answer_as_text_ends_with_its_sources(library: Assistant) -> None:
    lines = answer_text(library.ask("How quickly was a new court set up?")).splitlines()
    assert lines[0].endswith("to establish a new court. [1]")
    assert lines[-1].startswith("[1] collaboration-executive-summary.txt · Structures › Enablers of collaboration · ")


def test_a_refusal_as_text_shows_the_nearest_passages(library: Assistant) -> None:
    refused = library.ask("What did the Cardiff case find?")
    text = answer_text(refused)
    assert text.startswith('The library never mentions "Cardiff".\n\nNearest passages:\n- ')
    assert hit_text(refused.passages[0]) in text


def test_a_list_says_in_json_that_it_is_one() -> None:
    assert [answer_json(made(*CLAIMS, is_list=is_list))["is_list"] for is_list in (True, False)] == [True, False]


def test_a_question_understood_in_other_words_is_told_before_its_answer() -> None:
    asked = made(*CLAIMS)
    rewritten = replace(asked, standalone_question="What happened in Leeds?")
    assert answer_text(rewritten) == f"Understood as: What happened in Leeds?\n\n{answer_text(asked)}"
    assert answer_text(replace(asked, question=" WHAT happened  ?")) == answer_text(asked)
