from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

expect.set_options(timeout=60_000)  # the first answer waits for the model
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COURT = "This meant it took six weeks rather than the usual 18-24 months to establish a new court."
GOWNS = [
    "The team collaborated with other businesses in the industry to establish a network which could deliver the",
    "Trust's order of 15,500 gowns a day.",
]


def ask(page: Page, question: str) -> Locator:
    """Type a question and return its answer."""
    before = page.get_by_test_id("stChatMessage").count()
    page.get_by_label("Ask a question about the case studies").fill(question)
    page.keyboard.press("Enter")
    answer = page.get_by_test_id("stChatMessage").nth(before + 1)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(answer).to_be_visible()
    return answer


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
    mark = page.locator("mark")
    expect(mark).to_have_text(COURT)
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()
    assert violations(page) == []


def test_a_sentence_that_stands_in_two_places_is_marked_in_both(page: Page) -> None:
    page.goto("/")
    ask(page, "How many gowns a day did Northumbria need?").get_by_role("link", name="Source 1").click()
    expect(page.locator("mark")).to_have_text(GOWNS)


def test_a_table_s_cell_is_brought_into_view_with_its_heads_marked(page: Page) -> None:
    page.goto("/")
    ask(page, "What are the structural challenges?").get_by_role("link", name="Source 1").click()
    marks = page.locator("mark")
    expect(marks).to_have_count(3)
    expect(marks.nth(0)).to_have_text("Challenges for collaboration")
    expect(marks.nth(2)).to_contain_text("Variation in funding periods")
    expect(marks.nth(2)).to_be_in_viewport()


def test_a_link_to_a_citation_opens_the_same_words(page: Page) -> None:
    page.goto("/")
    answer = ask(page, "How many gowns a day did Northumbria need?")
    page.goto(answer.get_by_role("link", name="Source 1").get_attribute("href") or "")
    expect(page.locator("mark")).to_have_text(GOWNS)


def test_a_starter_question_is_asked_by_keyboard_and_announced(page: Page) -> None:
    page.goto("/")
    starter = page.get_by_role("button", name="Why is it difficult to share funding?")
    expect(starter).to_be_visible()
    assert violations(page) == []
    starter.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Question 1: answer ready, 2 sources.")).to_have_count(1)
    page.get_by_role("link", name="Source 2").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_contain_text("funding")


def test_a_refusal_says_why_and_shows_the_nearest_passages(page: Page) -> None:
    page.goto("/")
    answer = ask(page, "What did the Cardiff case find?")
    expect(answer).to_contain_text('The library never mentions "Cardiff".')
    expect(answer.get_by_role("link")).to_have_count(3)
    answer.get_by_role("link").first.click()
    expect(page.locator("mark").first).to_be_visible()
    assert violations(page) == []


def test_history_stays_and_follow_ups_show_how_they_were_understood(page: Page) -> None:
    page.goto("/")
    first = ask(page, "How many leaders took part in East Ayrshire?")
    ask(page, "What are the structural challenges?")
    ask(page, "How many leaders took part in East Ayrshire?")
    second = ask(page, "What about Northumbria?")
    expect(page.get_by_label("Chat message from user").last).to_be_in_viewport()
    expect(first).to_contain_text("Number of leaders: 6.")
    expect(second).to_contain_text("Understood as: How many leaders took part in Northumbria?")
    expect(second).to_contain_text("Number of leaders: 7.")


def test_filters_hold_until_they_are_changed(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="Case").click()
    page.get_by_role("option", name="Kent Fire and Rescue Service").click()
    answer = ask(page, "How many leaders took part?")
    expect(answer).to_contain_text("Kent Fire and Rescue Service, Responding to COVID-19 – Number of leaders: 5.")


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
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/")
    ask(page, "How quickly was a new court set up?").get_by_role("link", name="Source 1").click()
    expect(page.locator("mark")).to_be_in_viewport()
    assert violations(page) == []


def test_the_source_stays_beside_a_long_conversation(page: Page) -> None:
    page.goto("/")
    link = ask(page, "How quickly was a new court set up?").get_by_role("link", name="Source 1")
    link.click()
    expect(page.locator("mark")).to_be_in_viewport()
    for _ in range(4):
        ask(page, "What are the structural challenges?")
    expect(link).not_to_be_in_viewport()
    expect(page.locator("mark")).to_be_in_viewport()


def test_a_closed_source_gives_the_focus_back(page: Page) -> None:
    page.goto("/")
    link = ask(page, "How quickly was a new court set up?").get_by_role("link", name="Source 1")
    link.click()
    expect(page.locator("mark")).to_be_visible()
    page.get_by_role("button", name="Close source").click()
    expect(page.locator("mark")).to_have_count(0)
    expect(link).to_be_focused()
