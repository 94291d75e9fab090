"""The page that says how good the answers are, on a small library of its own."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from assistant.archive import Archive
from assistant.evaluation.kept import FOLDER, keep_run, kept_runs, outcomes_of, own_questions
from assistant.evaluation.question_sets import read_question_set
from assistant.exchanges import Exchange, Verdict
from assistant.settings import Settings
from assistant.types import Filters, Statement
from tests.conftest import TAXONOMY
from tests.exports import answer, refusal
from tests.outcomes import answered, citation, refused
from tests.web.conftest import opened_at, served
from tests.web.test_ask import DESK, PHONE, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, ViewportSize

pytestmark = pytest.mark.slow  # evaluations with the real model
HOSTILE = 'What <img src=x onerror="alert(1)"> ![a](https://evil.example/x.png) <script>alert(2)</script> $x$ **b**?'
QUESTIONS = [
    {"id": 1, "question": "When did the hub in Leeds open?", "gold": [["opened in May"]], "kind": "date"},
    {"id": 2, "question": "How many desks does the hub have?", "gold": [["no such words"]], "kind": "<b>number</b>"},
    {"id": 3, "question": HOSTILE, "gold": [], "kind": "unanswerable"},
]


@dataclass(frozen=True)
class Served:
    settings: Settings
    address: str


@pytest.fixture(scope="module")
def quality(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a small library whose editors are let in."""
    folder = tmp_path_factory.mktemp("quality")
    settings = Settings(corpus=folder / "corpus", index=folder / "index", state=folder / "state")
    settings.corpus.mkdir()
    (settings.corpus / "taxonomy.toml").write_text(TAXONOMY)
    (settings.corpus / "notes.txt").write_text("The hub in Leeds opened in May 2020. It has 40 desks and a kitchen.\n")
    write_questions(settings)
    _fill(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEWISE_EDITING", "1")
        patch.setenv("CASEWISE_STATE", str(settings.state))
        with served(settings.corpus, settings.index) as address:
            yield Served(settings, address)


def _fill(settings: Settings) -> None:
    archive = Archive.open(settings.state)
    for question in ("Who pays for the hub?", "What does it cost?", "Who pays for the hub"):
        said = replace(refusal("The library does not say."), question=question, standalone_question=question)
        archive.begin("ann", Exchange(question, Filters(), said))
    said = replace(answer(Statement("40.", (1,))), question=f"{HOSTILE}!")
    _, kept = archive.begin(
        "ben", Exchange(f"{HOSTILE}!", Filters(), replace(said, standalone_question=f"More: {HOSTILE}"))
    )
    archive.rate("ben", kept.id, Verdict(False, f"Not that. {HOSTILE}"))
    archive.close()


def write_questions(settings: Settings) -> None:
    own_questions(settings).write_text("".join(f"{json.dumps(line)}\n" for line in QUESTIONS))


@pytest.fixture(autouse=True)
def two_runs(quality: Served) -> None:
    """Lay out the questions as they are at first, and two runs: the second found what the first missed."""
    write_questions(quality.settings)
    shutil.rmtree(quality.settings.state / FOLDER, ignore_errors=True)
    date, number, hostile = read_question_set(own_questions(quality.settings))
    right = replace(answered("1"), asked=date)
    missed = replace(answered("2", covered=(False,), first_right=False), asked=number, answer="It has 40 desks. [1]")
    missed = replace(missed, citations=(citation(1, "It has 40 desks"),))
    rest = [missed, replace(refused("3"), asked=hostile)]
    keep_run(
        quality.settings,
        [replace(right, covered=(False,), first_right=False), *rest],
        "generation-0",
        datetime(2026, 1, 2, tzinfo=UTC),
    )
    keep_run(quality.settings, [right, *rest], "generation-1", datetime(2026, 1, 3, tzinfo=UTC))


@pytest.fixture
def page(browser: Browser, quality: Served) -> Iterator[Page]:
    with opened_at(browser, quality.address) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"the page ran {dialog.message}"))
        yield page


def show(page: Page, view: str = "") -> None:
    page.goto("/quality")
    expect(page.get_by_role("heading", name="Quality", exact=True)).to_be_visible()
    if view:
        page.get_by_role("radio", name=view, exact=True).click()
    settled(page)


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def evaluate(page: Page) -> None:
    page.get_by_role("button", name="Run the evaluation").press("Enter")
    expect(page.get_by_text("The evaluation is done: 3 questions were asked.")).to_be_visible(timeout=240_000)
    settled(page)


def gap(page: Page, words: str) -> Locator:
    return page.locator("[class*=st-key-gap-]").filter(has_text=words)


def test_an_evaluation_runs_from_the_page_and_is_kept(page: Page, quality: Served) -> None:
    shutil.rmtree(quality.settings.state / FOLDER)
    show(page)
    expect(page.get_by_text("Nobody has measured yet how good the answers are.")).to_be_visible()
    assert violations(page) == []
    evaluate(page)
    expect(
        page.get_by_text("Of 2 questions that the library answers, the right passage was cited for 1.")
    ).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^date"))
    expect(row.get_by_role("cell").nth(1)).to_have_text("100%")
    expect(page.locator("table b")).to_have_count(0)
    (kept,) = kept_runs(quality.settings)
    assert [one.asked.id for one in outcomes_of(kept)] == [1, 2, 3]


def test_misses_are_spelled_out_with_the_words_that_were_expected(page: Page) -> None:
    show(page, "Misses")
    miss = page.get_by_role("article").filter(has_text="How many desks does the hub have?")
    expect(miss).to_contain_text("The citations do not cover “no such words”.")
    expect(miss.locator("blockquote")).to_contain_text("40 desks")
    assert violations(page) == []


def test_two_runs_are_compared_question_by_question(page: Page) -> None:
    show(page, "Compare")
    expect(page.get_by_role("row", name=re.compile("^Right passage cited"))).to_contain_text("+50 points")
    expect(page.get_by_role("heading", name="Better: 1")).to_be_visible()
    expect(page.get_by_role("article")).to_contain_text("When did the hub in Leeds open?")
    expect(page.get_by_text("The same in both: 2 of 3 questions.")).to_be_visible()


def test_charts_are_drawn_under_the_policy(page: Page) -> None:
    refused: list[str] = []
    page.on("console", lambda line: "Content Security Policy" in line.text and refused.append(line.text))
    show(page)
    charts = page.get_by_test_id("stVegaLiteChart").locator("canvas, svg.marks")
    expect(charts.first).to_be_visible()
    expect(charts.last).to_be_visible()
    assert refused == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_view_is_accessible_at_every_size(page: Page, size: ViewportSize, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(size)
    show(page)
    for view in ("Figures", "Misses", "Compare", "Gaps"):
        page.get_by_role("radio", name=view, exact=True).click()
        settled(page)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_words_of_questions_and_comments_are_never_taken_for_markup(page: Page) -> None:
    show(page, "Gaps")
    shown = gap(page, "More: What")
    assert HOSTILE in shown.inner_text().replace("\u2060", "")
    expect(shown).to_contain_text("Marked unhelpful once")
    expect(shown.locator("img, script, a")).to_have_count(0)
    shown.get_by_role("button").click()
    expect(page.get_by_label("Question", exact=True)).to_have_value(f"More: {HOSTILE}")
    settled(page)
    assert violations(page) == []


def test_a_gap_becomes_an_evaluation_question_by_keyboard(page: Page, quality: Served) -> None:
    show(page, "Gaps")
    expect(gap(page, "Who pays for the hub")).to_contain_text("Refused 2 times")
    gap(page, "What does it cost?").get_by_role("button").press("Enter")
    question = page.get_by_label("Question", exact=True)
    question.fill("How many desks are there?")
    question.press("Enter")
    settled(page)
    page.get_by_role("button", name="Keep the question").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose the words that answer the question")
    page.get_by_role("checkbox", name="It has 40 desks").press("Space")
    settled(page)
    page.get_by_role("button", name="Keep the question").press("Enter")
    expect(page.get_by_text("is an evaluation question now: asked-1 in questions.jsonl")).to_be_visible()
    added = read_question_set(quality.settings.corpus / "questions.jsonl")[-1]
    assert (added.question, added.gold) == ("How many desks are there?", (("It has 40 desks and a kitchen.",),))


def test_a_gap_becomes_a_question_to_refuse_and_leaves_the_list(page: Page, quality: Served) -> None:
    show(page, "Gaps")
    gap(page, "Who pays for the hub").get_by_role("button").click()
    page.get_by_text("Refuse it: the library does not hold this").click()
    settled(page)
    page.get_by_role("button", name="Keep the question").click()
    expect(page.get_by_text("is an evaluation question now")).to_be_visible()
    added = read_question_set(quality.settings.corpus / "questions.jsonl")[-1]
    assert (added.gold, added.kind) == ((), "unanswerable")
    expect(gap(page, "Who pays for the hub")).to_have_count(0)
    expect(page.get_by_text("Left out, since they are evaluation questions by now: 1.")).to_be_visible()


def test_what_people_asked_is_shown_to_editors_only(browser: Browser, quality: Served) -> None:
    folders = quality.settings.corpus, quality.settings.index
    with served(*folders, "--no-login", CASEWISE_EDITING="0") as address, opened_at(browser, address) as page:
        show(page, "Gaps")
        expect(page.get_by_role("button", name="Run the evaluation")).to_have_count(0)
        expect(page.get_by_text("What people asked is shown to editors only.")).to_be_visible()
        expect(page.get_by_text("Who pays")).to_have_count(0)
