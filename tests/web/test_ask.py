from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, ViewportSize

expect.set_options(timeout=60_000)  # the first answer waits for the model
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BOX = "Ask a question about the case studies"
COURT = "This meant it took six weeks rather than the usual 18-24 months to establish a new court."
GOWNS = [
    "The team collaborated with other businesses in the industry to establish a network which could deliver the",
    "Trust's order of 15,500 gowns a day.",
]
LIST = "Which cases involved local authorities?"
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 800}


def ask(page: Page, question: str) -> Locator:
    """Type a question and return its answer, once it is there as a whole."""
    box = page.get_by_label(BOX)
    expect(box).to_be_visible()
    idle(page)  # what was asked before is there again
    before = page.get_by_test_id("stChatMessage").count()
    box.fill(question)
    page.keyboard.press("Enter")
    answer = page.get_by_test_id("stChatMessage").nth(before + 1)
    expect(answer.get_by_test_id("stMarkdown").or_(answer.get_by_role("alert")).first).to_be_visible()
    idle(page)
    return answer


def idle(page: Page) -> None:
    """Wait until nothing is drawn any more."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def marked(page: Page) -> str:
    """Return the words that are marked in the source, once there are some."""
    expect(page.locator("mark:not(.beside)").first).to_be_visible()
    return " ".join(page.locator("mark:not(.beside)").all_inner_texts())


def violations(page: Page) -> list[str]:
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "async (rules) => (await axe.run(document, {runOnly: {type: 'tag', values: rules}})).violations.map(v => v.id)",
        RULES,
    )
    return list(found)


def test_a_question_is_answered_and_its_citation_opens_the_words(page: Page) -> None:
    page.goto("/")
    answer = ask(page, "How quickly was a new court set up, compared with normal?")
    expect(answer).to_contain_text(COURT)
    answer.get_by_role("link", name="Source 1").click()
    assert marked(page).endswith(COURT)
    expect(page.locator("mark:not(.beside)").last).to_be_in_viewport()
    expect(page.locator("mark:focus")).to_have_count(1)
    assert violations(page) == []


@pytest.mark.parametrize("question", [LIST, "What structural challenges are there?"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_list_has_a_line_for_each_with_sources_of_its_own(page: Page, question: str, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.goto("/")
    answer = ask(page, question)
    lines = answer.locator("ul > li")
    cited = lines.filter(has=page.get_by_role("link", name=re.compile(r"Source \d")))
    assert cited.count() > 1
    assert cited.count() + lines.filter(has_text="no evidence found.").count() == lines.count()
    expect(page.get_by_label("Chat message from user")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert violations(page) == []
    line = cited.nth(1)
    line.get_by_role("link").first.click()
    assert marked(page).split()[-1] in line.inner_text()
    expect(page.locator("mark:not(.beside)").last).to_be_in_viewport()


def test_a_line_says_in_bold_whose_it_is_and_which_cases_are_silent(page: Page) -> None:
    page.goto("/")
    answer = ask(page, "Which cases mention gowns?")
    silent = answer.locator("li", has_text="no evidence found.")
    assert silent.count() > 0
    for line in silent.all():
        assert re.fullmatch(r".+: no evidence found\.", line.inner_text())
        expect(line.locator("strong")).to_have_count(1)
        expect(line.get_by_role("link")).to_have_count(0)
    muted, said = (
        line.evaluate("element => getComputedStyle(element).color")
        for line in (silent.first.locator("strong"), answer.locator("li").first)
    )
    assert muted != said
    assert violations(page) == []


def test_a_figure_that_is_worked_out_cites_every_row_it_rests_on(page: Page) -> None:
    page.goto("/")
    answer = ask(page, "What is the difference in the number of leaders between Kent and East Ayrshire?")
    line = answer.locator("li", has_text="6 − 5 = 1")
    expect(line.get_by_role("link", name=re.compile(r"Source \d"))).to_have_count(2)
    line.get_by_role("link").last.click()
    assert "leaders" in marked(page)


def test_a_sentence_that_stands_in_two_places_is_marked_in_both(page: Page) -> None:
    page.goto("/")
    ask(page, "How many gowns a day did Northumbria need?").get_by_role("link", name="Source 1").click()
    assert " ".join(GOWNS) in marked(page)


def test_a_table_s_cell_is_brought_into_view_with_its_heads_marked(page: Page) -> None:
    page.goto("/")
    ask(page, "How many leaders took part in East Ayrshire?").get_by_role("link", name="Source 1").click()
    marks = page.locator("mark:not(.beside)")
    expect(marks.first).to_be_visible()
    assert "Number of leaders" in marks.all_inner_texts()
    expect(marks.last).to_have_text("6")
    expect(marks.last).to_be_in_viewport()


def test_a_link_to_a_citation_opens_the_same_words(page: Page) -> None:
    page.goto("/")
    answer = ask(page, "How many gowns a day did Northumbria need?")
    page.goto(answer.get_by_role("link", name="Source 1").get_attribute("href") or "")
    assert " ".join(GOWNS) in marked(page)


def test_a_starter_question_is_asked_by_keyboard_and_announced(page: Page) -> None:
    page.goto("/")
    starter = page.get_by_role("button", name="Why is it difficult to share funding?")
    expect(starter).to_be_visible()
    assert violations(page) == []
    starter.focus()
    page.keyboard.press("Enter")
    said = re.compile(r"Question 1: answer ready, \d sources?\.")
    expect(page.get_by_role("status").filter(has_text=said)).to_have_count(1)
    page.get_by_role("link", name="Source 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark:not(.beside)").first).to_be_visible()


def test_a_refusal_says_why_first_and_then_where_to_look(page: Page) -> None:
    page.goto("/")
    answer = ask(page, "What did the Cardiff case find?")
    expect(answer.get_by_test_id("stMarkdown").locator("p").first).to_contain_text("Cardiff")
    expect(page.get_by_role("status").filter(has_text="Question 1: no answer.")).to_contain_text("Cardiff")
    passages = answer.locator("ul > li")
    expect(passages).to_have_count(3)
    for passage in passages.all():
        expect(passage.get_by_role("link")).to_have_count(1)
        assert len(passage.inner_text()) < 400
    words = passages.first.inner_text().splitlines()[-1].removesuffix(" …")
    passages.first.get_by_role("link").click()
    said = "".join(marked(page).split())  # words in bold are marked apart
    assert said.startswith("".join(words.split())[:40])
    assert violations(page) == []


def test_history_stays_and_follow_ups_show_how_they_were_understood(page: Page) -> None:
    page.goto("/")
    first = ask(page, "How many leaders took part in East Ayrshire?")
    ask(page, "What structural challenges are there?")
    ask(page, "How many leaders took part in East Ayrshire?")
    second = ask(page, "What about Northumbria?")
    expect(page.get_by_label("Chat message from user").last).to_be_in_viewport()
    expect(first).to_contain_text("leaders: 6")
    expect(second).to_contain_text(re.compile(r"Understood as: How many leaders .*Northumbria"))
    expect(second).to_contain_text("leaders: 7")


def test_a_spelling_slip_shows_how_it_was_understood(page: Page) -> None:
    page.goto("/")
    expect(ask(page, "How quikly was a new court set up?")).to_contain_text(
        "Understood as: How quickly was a new court"
    )
    expect(ask(page, "How  QUICKLY was a new court set up?")).not_to_contain_text("Understood as")


def test_filters_hold_until_they_are_changed(page: Page) -> None:
    page.goto("/")
    case = page.get_by_role("combobox", name="Case")
    case.click()
    page.get_by_role("option", name="Kent Fire and Rescue Service").click()
    said = "Filtered by case: Kent Fire and Rescue Service"
    first = ask(page, "How many leaders took part?")
    expect(first).to_contain_text(said)
    expect(first).to_contain_text("leaders: 5")
    first.get_by_role("link", name="Source 1").click()
    expect(page.locator("mark:not(.beside)").first).to_be_visible()
    expect(ask(page, "Which charity was involved?")).to_contain_text(said)
    case.click()
    page.get_by_role("option", name="All").click()
    expect(ask(page, "How many leaders took part in Northumbria?")).not_to_contain_text("Filtered by")
    expect(first).to_contain_text(said)


def test_silly_questions_get_a_message_and_cost_the_conversation_nothing(page: Page) -> None:
    page.goto("/")
    first = ask(page, "How many leaders took part in East Ayrshire?")
    for silly, message in {"   ": "empty", "🙂🙂": "no words", "...???!": "no words"}.items():
        expect(ask(page, silly).get_by_role("alert")).to_contain_text(message)
    page.get_by_label(BOX).press("Enter")
    assert violations(page) == []
    expect(ask(page, "What about Northumbria?")).to_contain_text("leaders: 7")
    expect(first).to_contain_text("leaders: 6")
    expect(page.get_by_role("alert")).to_have_count(3)


def test_a_question_of_5000_words_comes_back_to_be_shortened(page: Page) -> None:
    page.goto("/")
    long = "collaboration " * 5000
    expect(ask(page, long).get_by_role("alert")).to_contain_text("Shorten it.")
    expect(page.get_by_label(BOX)).to_have_value(long)
    assert len(page.get_by_label("Chat message from user").inner_text()) < 400
    assert violations(page) == []
    expect(ask(page, "How many leaders took part in Northumbria?")).to_contain_text("leaders: 7")
    expect(page.get_by_role("alert")).to_have_count(1)


def test_words_of_a_question_are_never_taken_for_markup(page: Page) -> None:
    page.goto("/")
    written = (
        "1. <img src=x onerror=alert(1)> ![a](https://example.org/x.png) **bold** $x$ www.example.org a@b.org -> :x:?"
    )
    ask(page, written)
    question = page.get_by_label("Chat message from user").first
    assert question.inner_text().replace("\u2060", "").strip() == written
    expect(question.locator("img, a, ol, strong")).to_have_count(0)


def test_the_page_works_on_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/")
    ask(page, "How quickly was a new court set up?").get_by_role("link", name="Source 1").click()
    assert COURT in marked(page)
    expect(page.locator("mark:not(.beside)").last).to_be_in_viewport()
    assert violations(page) == []


def test_a_new_question_stands_at_the_top_of_the_page_with_its_answer_below(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/")
    ask(page, LIST)
    ask(page, LIST)
    box = page.get_by_label("Chat message from user").last.bounding_box()
    assert box
    assert 0 < box["y"] < 150


def test_the_source_stays_beside_a_long_conversation(page: Page) -> None:
    page.goto("/")
    link = ask(page, "How quickly was a new court set up?").get_by_role("link", name="Source 1")
    link.click()
    expect(page.locator("mark:not(.beside)").last).to_be_in_viewport()
    for _ in range(4):
        ask(page, LIST)
    expect(link).not_to_be_in_viewport()
    expect(page.locator("mark:not(.beside)").last).to_be_in_viewport()


def test_a_closed_source_gives_the_focus_back(page: Page) -> None:
    page.goto("/")
    link = ask(page, "How quickly was a new court set up?").get_by_role("link", name="Source 1")
    link.click()
    expect(page.locator("mark:not(.beside)").first).to_be_visible()
    page.get_by_role("button", name="Close source").click()
    expect(page.locator("mark:not(.beside)")).to_have_count(0)
    expect(link).to_be_focused()
