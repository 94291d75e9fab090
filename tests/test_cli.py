from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant import Assistant, Settings
    from tests.conftest import Run


def test_ask_prints_the_answer_and_nothing_else(run: Run, folders: tuple[str, ...]) -> None:
    code, out, err = run("ask", "How many leaders took part in East Ayrshire?", *folders)
    assert (code, err) == (0, "")
    assert out.startswith("East Ayrshire Council, Vibrant Communities Programme – Number of leaders: 6. [1]\n")


def test_ask_prints_json(run: Run, folders: tuple[str, ...]) -> None:
    code, out, _ = run("ask", "How many leaders took part?", "--case", "Kent", "--json", *folders)
    assert code == 0
    assert json.loads(out)["citations"][0]["cases"] == ["Kent Fire and Rescue Service"]


def test_ask_takes_a_batch(run: Run, folders: tuple[str, ...], tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text('{"id": 1, "question": "Why are silos a problem?"}\n{"id": 2, "question": ""}\n')
    code, out, err = run("ask", "--batch", batch, *folders)
    assert code == 1
    assert [json.loads(line)["id"] for line in out.splitlines()] == [1, 2]
    assert "1 of the lines could not be asked" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", ""], "The question is empty"),
        (["ask", "x" * 100_000], "100,000 characters"),
        (["ask", "Why?", "--theme", "Finance"], "Motivations; Structures; Relationships"),
        (["ask", "Why?", "--case", "Cardiff"], 'no case called "Cardiff"'),
        (["ask", "Why?", "--answerer", "oracle"], 'no answerer "oracle"'),
        (["ask", "Why?", "--batch", "q.jsonl"], "Give a question, or --batch"),
        (["ask", "--batch", "q.jsonl", "--case", "Kent"], "has its filters in its lines"),
        (["ask", "--batch", "missing.jsonl"], '"missing.jsonl" cannot be read'),
        (["read", "nothing.txt"], "collaboration-executive-summary.txt"),
        (["read", "collaboration", "--span", "abc"], '"abc" is no span'),
        (["read", "collaboration", "--span", "5:99999999"], "lies outside the document"),
        (["search", "Why?", "-k", "0"], "-k"),
    ],
)
def test_wrong_usage_is_explained_with_exit_code_2(
    run: Run, folders: tuple[str, ...], arguments: list[str], message: str
) -> None:
    code, out, err = run(*arguments, *folders)
    assert (code, out) == (2, "")
    assert message in " ".join(err.split())


def test_search_lists_passages_best_first(run: Run, folders: tuple[str, ...]) -> None:
    code, out, _ = run("search", "silo mentality", "-k", 2, *folders)
    assert code == 0
    assert [line[:2] for line in out.splitlines()] == ["1.", "2."]
    _, out, _ = run("search", "silo mentality", "-k", 2, "--json", *folders)
    assert len(json.loads(out)) == 2


def test_read_prints_the_text_that_spans_count_in(run: Run, folders: tuple[str, ...], library: Assistant) -> None:
    text = library.documents()[0].text
    assert run("read", "collaboration-executive-summary.txt", *folders)[1] == text
    assert run("read", "executive", "--span", "12368:12457", *folders)[1] == text[12368:12457]


def test_read_prints_json(run: Run, folders: tuple[str, ...], library: Assistant) -> None:
    document = library.documents()[0]
    whole = json.loads(run("read", "executive", "--json", *folders)[1])
    assert (whole["document"], whole["title"], whole["text"]) == (document.id, document.title, document.text)
    part = json.loads(run("read", "executive", "--span", "12368:12457", "--json", *folders)[1])
    assert (part["start"], part["end"], part["characters"]) == (12368, 12457, len(document.text))
    assert part["text"] == document.text[12368:12457]


def test_check_says_that_all_is_well(run: Run, folders: tuple[str, ...]) -> None:
    code, out, _ = run("check", *folders)
    assert code == 0
    assert "1 document, 58 passages, 109 sentences." in out


def test_index_builds_reports_and_refuses_one_bad_file(run: Run, make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(good_txt="Leeds\n\nThe hub in Leeds opened in May.\n", bad_txt="\x00\x01\x02")
    folders = ("--corpus", settings.corpus, "--index", settings.index)
    code, out, _ = run("index", "--dry-run", *folders)
    assert (code, sorted(out.splitlines())) == (0, ["added: bad.txt", "added: good.txt"])
    code, out, err = run("index", *folders)
    assert code == 1
    assert re.fullmatch(
        r"added: good.txt \(1 passage, \d+\.\d s\)\n1 document, 1 passage, 1 sentence\. \d+\.\d s\.\n", out
    )
    assert 'Refused bad.txt: "bad.txt" is not text' in err
    assert run("ask", "When did the hub open?", *folders)[1].startswith("The hub in Leeds opened in May. [1]")
    assert sorted(run("index", "--dry-run", *folders)[1].splitlines()) == ["refused: bad.txt", "unchanged: good.txt"]


def test_a_build_and_a_check_are_told_as_json(run: Run, make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(tram_md="---\ncase: York Tram\n---\n# The tram\n\nIt ran at dawn.\n", bad_txt="\x00\x01\x02")
    folders = ("--corpus", settings.corpus, "--index", settings.index, "--json")
    added = [{"file": "bad.txt", "state": "added"}, {"file": "tram.md", "state": "added"}]
    assert sorted(json.loads(run("index", "--dry-run", *folders)[1])["changes"], key=lambda one: one["file"]) == added
    code, out, _ = run("index", *folders)
    built = json.loads(out)
    assert (code, built["documents"], list(built["refused"])) == (1, 1, ["bad.txt"])
    assert {one["file"]: one["state"] for one in built["changes"]} == {"bad.txt": "refused", "tram.md": "added"}
    assert [one["name"] for one in built["proposals"]] == ["York Tram"]
    code, out, _ = run("check", "--deep", *folders)
    found = json.loads(out)
    assert (code, found["is_up_to_date"], found["faults"]) == (1, True, [])
    assert [one["document"] for one in found["doubts"]] == ["tram.md"]
    assert list(found["refused"]) == ["bad.txt"]
    next(settings.index.glob("generation-*/segment-1/passages.faiss")).write_bytes(b"")
    code, out, _ = run("check", "--deep", *folders)
    assert code == 1
    assert "passages.faiss" in json.loads(out)["faults"][0]


def test_a_changed_corpus_is_said_but_stops_no_answer(run: Run, make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(good_txt="Leeds\n\nThe hub in Leeds opened in May.\n")
    folders = ("--corpus", settings.corpus, "--index", settings.index)
    assert run("ask", "When did the hub open?", *folders)[0] == 0
    (settings.corpus / "good.txt").write_text("Leeds\n\nThe hub in Leeds opened in June.\n")
    code, out, err = run("ask", "When did the hub open?", *folders)
    assert (code, "May" in out) == (0, True)
    assert 'Run "casewise index"' in err
    assert run("check", *folders)[0] == 1


@pytest.mark.parametrize("command", [["index"], ["ask", "Why?"], ["search", "Why?"], ["serve", "--no-browser"]])
def test_a_library_that_cannot_be_opened_is_explained_with_exit_code_1(
    run: Run, make_corpus: Callable[..., Settings], command: list[str]
) -> None:
    settings = make_corpus()
    folders = ("--corpus", settings.corpus, "--index", settings.index)
    code, out, err = run(*command, *folders)
    assert (code, out) == (1, "")
    assert "Put documents into it." in err
    (settings.corpus / "taxonomy.toml").unlink()
    code, _, err = run(*command, *folders)
    assert code == 1
    assert "taxonomy.toml" in err


def test_a_deep_check_names_every_damaged_file(run: Run, make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(good_txt="Leeds\n\nThe hub in Leeds opened in May.\n")
    folders = ("--corpus", settings.corpus, "--index", settings.index)
    run("index", *folders)
    assert run("check", "--deep", *folders)[0] == 0
    for name in ("passages.faiss", "sentences.arrow"):
        path = next(settings.index.glob(f"generation-*/segment-1/{name}"))
        path.write_bytes(path.read_bytes()[:-7])
    code, out, err = run("check", "--deep", *folders)
    assert (code, out) == (1, "")
    assert "passages.faiss" in err
    assert "sentences.arrow" in err
    assert "2 faults" in err


def test_a_new_case_is_proposed_and_added_by_name(run: Run, make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(tram_md="---\ncase: York Tram\n---\n# The tram\n\nIt ran at dawn.\n")
    folders = ("--corpus", settings.corpus, "--index", settings.index)
    code, _, err = run("index", *folders)
    assert code == 0
    assert "Looks like a new case: *York Tram*. Add it? (tram.md)" in err
    assert 'casewise index --add-case "York Tram"' in err
    code, _, err = run("index", "--add-case", "York Tram", *folders)
    assert (code, "new case" in err) == (0, False)
    assert "It ran at dawn." in run("search", "dawn", "--case", "York", *folders)[1]
    assert run("index", "--add-case", "York Tram", *folders)[0] == 1


def test_check_lists_the_passages_worth_a_look_and_what_is_open(run: Run, make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(tram_md="---\ncase: York Tram\n---\n# The tram\n\nIt ran at dawn.\n")
    (settings.corpus / "tags.toml").write_text('[[corrections]]\ndocument = "bus.md"\nquote = "It ran."\nthemes = []\n')
    folders = ("--corpus", settings.corpus, "--index", settings.index)
    run("index", *folders)
    code, out, err = run("check", *folders)
    assert code == 0
    assert "It has no theme and no aspect and no case." in out
    assert "Looks like a new case: *York Tram*" in err
    assert 'bus.md, "It ran."' in err


def test_a_dry_run_cannot_be_watched(run: Run) -> None:
    assert run("index", "--dry-run", "--watch")[0] == 2


def test_a_damaged_index_is_named_with_the_remedy(run: Run, make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(good_txt="Leeds\n\nThe hub in Leeds opened in May.\n")
    folders = ("--corpus", settings.corpus, "--index", settings.index)
    run("index", *folders)
    vectors = next(settings.index.glob("generation-*/segment-1/passages.faiss"))
    vectors.write_bytes(vectors.read_bytes()[:-7])
    code, out, err = run("ask", "When did the hub open?", *folders)
    assert (code, out) == (1, "")
    assert "passages.faiss" in err
    assert 'Run "casewise index" to rebuild it.' in err


def test_a_taxonomy_that_is_being_edited_stops_no_answer(run: Run, make_corpus: Callable[..., Settings]) -> None:
    settings = make_corpus(good_txt="Leeds\n\nThe hub in Leeds opened in May.\n")
    folders = ("--corpus", settings.corpus, "--index", settings.index)
    run("index", *folders)
    (settings.corpus / "taxonomy.toml").write_text("xx[")
    assert run("ask", "When did the hub open?", *folders)[0] == 0
    assert run("index", *folders)[0] == 1


def test_a_cold_process_answers_without_loading_what_a_question_does_not_need(folders: tuple[str, ...]) -> None:
    heavy = {
        "torch",
        "sentence_transformers",
        "transformers",
        "scipy",
        "pandas",
        "pyarrow.compute",
        "streamlit",
        "openai",
    }
    code = (
        "import atexit, sys; from assistant.cli import main; "
        f"atexit.register(lambda: print(sorted({heavy} & set(sys.modules)), file=sys.stderr)); main()"
    )
    command = [sys.executable, "-c", code, "ask", "How many leaders took part in East Ayrshire?", *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "Number of leaders: 6. [1]" in done.stdout
