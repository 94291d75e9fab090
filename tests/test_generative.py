"""Answers written by a language model, over real HTTP: what holds is shown as soon as it is checked, and nothing else is."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from assistant.errors import UsageError
from assistant.rendering import answer_json, answer_text
from tests.conftest import ROOT
from tests.language_model import Cut, Finish, Raw, Silence, Status, speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from assistant import Assistant
    from assistant.types import Answer
    from tests.language_model import Request, Said, ScriptedModel

QUESTION = "How quickly was a new court set up, compared with normal?"
WORDS = "it took six weeks rather than the usual 18-24 months"
TRUE = "A new court was set up in six weeks instead of the usual 18 to 24 months"


def with_model(library: Assistant, model: ScriptedModel, **settings: object) -> Assistant:
    """Return a library that asks a model for its answers."""
    chosen = {"llm_url": model.url, "llm_model": "scripted", "llm_retries": 0} | settings
    return replace(library, settings=library.settings.model_copy(update=chosen))


def asked(library: Assistant, script: Callable[[Request], Iterable[Said]], **settings: object) -> Answer:
    with speaking(script) as model:
        return with_model(library, model, **settings).ask(QUESTION)


def test_a_sentence_that_holds_is_shown_with_the_words_it_rests_on(library: Assistant) -> None:
    answer = asked(library, lambda request: [f"{TRUE}. [{request.number_of(WORDS)}]"])
    assert (answer.answered, answer.answerer, answer.note, answer.rejected) == (True, "generative", None, ())
    assert answer.answer == f"Nightingale Courts: {TRUE}. [1]"
    assert WORDS in answer.citations[0].quote
    assert len(answer.citations) == 1


def test_the_first_sentence_is_shown_before_the_second_is_written(library: Assistant) -> None:
    order: list[str] = []
    read = Event()

    class Reading:
        def said(self, answer: Answer) -> None:
            order.append(f"read {len(answer.statements)}")
            read.set()

        def waiting(self) -> None:
            pass

    def script(request: Request) -> Iterator[Said]:
        number = request.number_of(WORDS)
        yield f"{TRUE}. [{number}]\n"
        assert read.wait(120)  # nothing more is written before the first is read
        order.append("second written")
        yield f"It took six weeks to establish a new court. [{number}]"

    with speaking(script) as model:
        with_model(library, model).ask(QUESTION, listener=Reading())
    assert order == ["read 1", "second written", "read 2"]


def test_what_fails_is_mended_once_and_the_model_is_told_what_is_wrong(library: Assistant) -> None:
    told: list[str] = []

    def script(request: Request) -> list[Said]:
        number = request.number_of(WORDS)
        if request.is_repair:
            told.append(request.body["messages"][-1]["content"])
            return [f"It took six weeks to establish a new court. [{number}]"]
        return [f"{TRUE}. [{number}] It took nine weeks to establish a new court. [{number}]"]

    answer = asked(library, script)
    assert len(told) == 1
    assert 'It took nine weeks to establish a new court.\n  Wrong: The number "nine" is not in the source.' in told[0]
    assert [one.text for one in answer.statements] == [f"{TRUE}.", "It took six weeks to establish a new court."]
    assert [one.claim for one in answer.rejected] == ["It took nine weeks to establish a new court."]
    assert "Removed:\n- It took nine weeks" in answer_text(answer)


def test_what_fails_again_gives_way_to_the_words_it_cites_where_they_bear_on_the_question(library: Assistant) -> None:
    def script(request: Request) -> list[Said]:
        number = request.number_of(WORDS)
        other = request.number_of("courtroom design protocols")
        lie = f"It took nine weeks to establish a new court. [{number}]"
        true = f"Courtroom design protocols were updated by the programme. [{other}]"
        return [lie] if request.is_repair else [true, " ", lie]

    answer = asked(library, script)
    assert [one.text.startswith("This meant it took six weeks") for one in answer.statements] == [False, True]
    assert answer.answerer == "generative"


def test_where_too_little_holds_the_answer_is_quoted_and_says_why(library: Assistant) -> None:
    answer = asked(library, lambda request: [f"It took {n} weeks. [{request.number_of(WORDS)}] " for n in (7, 8, 9)])
    assert answer.answerer == "extractive"
    assert answer.note == "Of 3 sentences by the language model, 3 did not hold. So the answer is quoted."
    assert answer.statements == library.ask(QUESTION).statements
    assert len(answer.rejected) == 3
    assert answer_json(answer)["note"] == answer.note
    assert answer.note in answer_text(answer)


FAULTS = {
    "empty": (lambda _: [], "wrote nothing"),
    "refuses": (lambda _: ["NO ANSWER"], "saw no answer"),
    "cut off": (lambda _: ["A new court was set", Cut()], "broke off"),
    "cut by its limit": (lambda _: ["A new court was set", Finish("length")], "broke off"),
    "malformed": (lambda _: [Raw(b"data: {not json\n\n")], "broke off, or sent what cannot be read"),
    "no stream": (lambda _: [Raw(b'{"choices": []}'), Cut()], "broke off"),
    "odd chunk": (
        lambda _: [Raw(b'data: {"choices": [{"delta": null}]}\n\n')],
        "broke off, or sent what cannot be read",
    ),
    "fails": (lambda _: [Status(500)], "failed (status 500)"),
    "no key": (lambda _: [Status(401, '{"error": "wrong key: hidden-key"}')], "does not accept the key"),
    "no model": (lambda _: [Status(404)], "has no such model or address"),
    "other language": (
        lambda r: [f"Ein neues Gericht entstand binnen sechs Wochen. [{r.number_of(WORDS)}]"],
        "did not hold",
    ),
    "invented marker": (lambda _: [f"{TRUE}. [77]"], "did not hold"),
    "leaks": (lambda r: [f"{r.rules.splitlines()[1]} [1]"], "did not hold"),
    "loops": (lambda _: ["It was good. [1] "] * 500, "did not hold"),
    "never ends": (lambda _: ["and so on "] * 5_000, "did not hold"),
    "slow": (lambda _: [Silence()], "took longer than 1 s"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_the_answer_is_quoted_with_one_line_on_why(library: Assistant, fault: str) -> None:
    script, why = FAULTS[fault]
    answer = asked(library, script, llm_seconds=1 if fault == "slow" else 20, llm_api_key=SecretStr("hidden-key"))
    assert answer.statements == library.ask(QUESTION).statements
    assert answer.answerer == "extractive"
    assert why in str(answer.note)
    assert "\n" not in str(answer.note)
    assert "hidden-key" not in repr(answer)


def test_with_nobody_at_the_address_the_answer_is_quoted(library: Assistant) -> None:
    with speaking(lambda _: []) as model:
        pass
    answer = with_model(library, model).ask(QUESTION)
    assert answer.answerer == "extractive"
    assert answer.note == f'The language model "scripted" at {model.url} cannot be reached. So the answer is quoted.'


def test_what_holds_is_kept_when_the_model_breaks_off_after_it(library: Assistant) -> None:
    answer = asked(library, lambda request: [f"{TRUE}. [{request.number_of(WORDS)}]\nThe programme then", Cut()])
    assert [one.text for one in answer.statements] == [f"{TRUE}."]
    assert "broke off" in str(answer.note)
    assert answer.rejected[0].reason == "It broke off in the middle of the sentence."


def test_a_listener_that_stops_closes_the_connection_while_the_model_is_silent(library: Assistant) -> None:
    class Stop(Exception):
        pass

    class Impatient:
        def said(self, answer: Answer) -> None:
            raise AssertionError(answer)

        def waiting(self) -> None:
            if model.requests:
                raise Stop

    with speaking(lambda _: [Silence()]) as model:
        with pytest.raises(Stop):
            with_model(library, model).ask(QUESTION, listener=Impatient())
        assert model.hung_up.wait(20)


def test_the_key_is_sent_and_the_request_says_which_model(library: Assistant) -> None:
    with speaking(lambda _: ["NO ANSWER"]) as model:
        with_model(library, model, llm_api_key=SecretStr("hidden-key")).ask(QUESTION)
    assert {key.lower(): value for key, value in model.requests[0].headers.items()}[
        "authorization"
    ] == "Bearer hidden-key"
    assert (model.requests[0].path, model.requests[0].body["model"]) == ("/v1/chat/completions", "scripted")


def test_a_server_that_knows_no_temperature_is_asked_without(library: Assistant) -> None:
    def script(request: Request) -> list[Said]:
        return [Status(400)] if "temperature" in request.body else [f"{TRUE}. [{request.number_of(WORDS)}]"]

    assert asked(library, script).answerer == "generative"


def test_a_request_that_fails_is_sent_again_as_often_as_the_settings_say(library: Assistant) -> None:
    script: Iterator[list[Said]] = iter([[Status(503)], ["NO ANSWER"]])
    with speaking(lambda _: next(script)) as model:
        answer = with_model(library, model, llm_retries=1).ask(QUESTION)
    assert len(model.requests) == 2
    assert "saw no answer" in str(answer.note)


def test_the_evidence_stays_within_its_budget(library: Assistant) -> None:
    with speaking(lambda _: ["NO ANSWER"]) as model:
        with_model(library, model, llm_budget=200).ask(QUESTION)
        with_model(library, model, llm_evidence=3).ask(QUESTION)
    assert 1 <= sum(map(len, model.requests[0].evidence.values())) <= 600
    assert len(model.requests[1].evidence) == 3


def test_a_figure_from_a_table_is_quoted_and_the_model_is_not_asked(library: Assistant) -> None:
    with speaking(lambda _: []) as model:
        answer = with_model(library, model).ask("How many leaders were interviewed in total?")
    assert model.requests == []
    assert answer.answerer == "extractive"
    assert "quoted" in str(answer.note)


def test_a_question_that_the_library_does_not_answer_is_refused_without_asking_the_model(library: Assistant) -> None:
    with speaking(lambda _: []) as model:
        assert not with_model(library, model).ask("How many meals did Kent deliver?").answered
    assert model.requests == []


def test_every_case_has_its_line_though_the_model_speaks_of_one(library: Assistant) -> None:
    question = "How did leaders work together in each case?"
    with speaking(lambda request: [f"{one} [{n}] " for n, one in list(request.evidence.items())[:2]]) as model:
        answer = with_model(library, model).ask(question)
    quoted = library.ask(question)
    assert answer.is_list
    cases = {case for one in answer.citations for case in one.cases}
    assert {case for one in quoted.citations for case in one.cases} <= cases


def test_a_caller_chooses_who_writes(library: Assistant) -> None:
    with speaking(lambda request: [f"{TRUE}. [{request.number_of(WORDS)}]"]) as model:
        ours = with_model(library, model)
        found = [ours.ask(QUESTION, answerer=name).answerer for name in (None, "generative", "extractive")]
    assert found == ["generative", "generative", "extractive"]
    assert len(model.requests) == 2
    with pytest.raises(UsageError, match="CASEWISE_LLM_URL"):
        library.ask(QUESTION, answerer="generative")


def test_with_no_language_model_nothing_of_it_is_imported(make_library: Callable[..., Assistant]) -> None:
    library = make_library(leeds_txt="Leeds\n\nThe hub in Leeds opened in May.\n")
    code = """
import sys
from assistant.conversation import Assistant
from tests.fakes import HashingEmbedder
answer = Assistant.open(sys.argv[1], embedder=HashingEmbedder()).ask("When did the hub open?")
answering = [f"assistant.answering.{name}" for name in ("generative", "language_model", "verification", "planted")]
names = ("openai", "httpx2", "assistant.entailment", "assistant.support", *answering)
print(answer.answered, [name for name in names if name in sys.modules])
"""
    command = [sys.executable, "-c", code, str(library.settings.index)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.stdout.strip(), done.stderr) == ("True []", "")
