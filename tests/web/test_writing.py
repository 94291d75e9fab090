"""A language model behind the page: its sentences come as they are checked, it can be stopped, and one can do without it."""

from __future__ import annotations

import re
from threading import Event
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.conftest import CORPUS
from tests.language_model import Silence, speaking
from tests.web.conftest import opened_at, served
from tests.web.test_ask import BOX, ask, idle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from assistant import Assistant
    from tests.language_model import Request, Said

QUESTION = "How quickly was a new court set up, compared with normal?"
WORDS = "it took six weeks rather than the usual 18-24 months"
TRUE = "A new court was set up in six weeks instead of the usual 18 to 24 months."


class Script:
    """Says something true, waits until it may go on, and lies; or falls silent after what is true."""

    def __init__(self) -> None:
        self.going_on, self.silent = Event(), False
        self.hung_up = Event()

    def __call__(self, request: Request) -> Iterator[Said]:
        number = request.number_of(WORDS)
        if request.is_repair:
            return
        yield f"{TRUE} [{number}]\n"
        if self.silent:
            yield Silence()
        assert self.going_on.wait(120)
        yield f"It took nine weeks to establish a new court. [{number}]"


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def writing(browser: Browser, library: Assistant, script: Script) -> Iterator[Page]:
    """Give a page whose answers a language model writes by a script."""
    with speaking(script) as model:
        environment = {"CASEWISE_LLM_URL": model.url, "CASEWISE_LLM_MODEL": "scripted"}
        with served(CORPUS, library.settings.index, **environment) as address, opened_at(browser, address) as page:
            script.hung_up = model.hung_up
            page.goto("/")
            yield page


def test_sentences_come_as_they_are_checked_and_the_page_says_who_wrote_them(writing: Page, script: Script) -> None:
    box = writing.get_by_label(BOX)
    expect(box).to_be_visible()
    idle(writing)
    box.fill(QUESTION)
    writing.keyboard.press("Enter")
    answer = writing.get_by_test_id("stChatMessage").nth(1)
    expect(answer.get_by_text(TRUE)).to_be_visible()  # while the model is still writing
    script.going_on.set()
    expect(answer.get_by_text("Written by a language model, every sentence checked against 1 place")).to_be_visible()
    expect(answer.get_by_text("Removed (1)")).to_be_visible()
    expect(answer.get_by_text("nine weeks")).not_to_be_visible()
    idle(writing)
    writing.get_by_text("Quotes only").click()
    idle(writing)
    quoted = ask(writing, QUESTION)
    expect(quoted.get_by_text("Quoted from 1 place")).to_be_visible()


def test_stop_closes_the_connection_to_a_model_that_is_silent(writing: Page, script: Script) -> None:
    script.silent = True
    box = writing.get_by_label(BOX)
    expect(box).to_be_visible()
    idle(writing)
    box.fill(QUESTION)
    writing.keyboard.press("Enter")
    expect(writing.get_by_text(TRUE)).to_be_visible()
    writing.get_by_test_id("stChatInput").get_by_role("button", name=re.compile("stop", re.IGNORECASE)).click()
    idle(writing)
    assert script.hung_up.wait(30)
