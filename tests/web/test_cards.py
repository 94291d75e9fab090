"""The card with a citation's words, beside its number; and the whole journey by keyboard alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import opened_at
from tests.web.test_ask import BOX, COURT, PHONE, ask, idle, marked

if TYPE_CHECKING:
    from playwright.sync_api import Locator

QUESTION = "How quickly was a new court set up?"


def card(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def test_pointing_at_a_number_shows_its_words_until_it_is_left(page: Page) -> None:
    page.goto("/")
    link = ask(page, QUESTION).get_by_role("link", name="Source 1")
    assert link.get_attribute("title") is None
    link.hover()
    expect(card(page)).to_contain_text(COURT)
    expect(card(page)).to_contain_text("collaboration-executive-summary.txt")
    beside, own = card(page).bounding_box(), link.bounding_box()
    assert beside
    assert own
    assert beside["y"] >= own["y"] + own["height"] or beside["y"] + beside["height"] <= own["y"]
    page.evaluate("document.dispatchEvent(new Event('scroll'))")  # as the page does that moves to an answer
    expect(card(page)).to_be_hidden()
    expect(card(page)).to_be_visible()
    link.evaluate("link => link.replaceWith(link.cloneNode(true))")  # as the page does that draws an answer again
    page.evaluate("document.dispatchEvent(new Event('scroll'))")
    expect(card(page)).to_be_hidden()
    expect(card(page)).to_be_visible()
    card(page).hover()
    page.wait_for_timeout(600)
    expect(card(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    link.hover()
    page.mouse.move(5, 5)
    expect(card(page)).to_be_hidden()


def test_a_finger_opens_the_source_and_no_card(browser: Browser, address: str) -> None:
    with opened_at(browser, address) as desk:
        context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, base_url=address)
        page = context.new_page()
        desk.close()
        page.set_default_timeout(60_000)
        page.goto("/")
        ask(page, QUESTION).get_by_role("link", name="Source 1").tap()
        assert COURT in marked(page)
        page.wait_for_timeout(400)
        expect(card(page)).to_be_hidden()
        context.close()


def test_the_whole_journey_needs_no_mouse(page: Page) -> None:
    page.goto("/")
    page.get_by_label(BOX).focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Source 1")
    expect(link).to_be_visible()
    expect(page.get_by_role("button", name="Copy the answer")).to_be_visible()
    idle(page)
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    expect(link).to_be_focused()
    expect(card(page)).to_contain_text(COURT)
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("mark:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("mark")).to_have_count(0)
    expect(link).to_be_focused()


def test_an_answer_is_said_to_be_ready_once(page: Page) -> None:
    page.goto("/")
    page.evaluate(
        """() => {
            window.heard = []
            const listen = (root) => new MutationObserver(() => {
                const said = root.querySelector('[role=status]#status')?.textContent
                if (said && window.heard.at(-1) !== said) window.heard.push(said)
            }).observe(root, {childList: true, subtree: true, characterData: true})
            const find = () => {
                for (const one of document.querySelectorAll('*'))
                    if (one.shadowRoot?.querySelector('#status')) return listen(one.shadowRoot)
                setTimeout(find, 20)
            }
            find()
        }"""
    )
    answer = ask(page, QUESTION)
    answer.get_by_role("link", name="Source 1").click()
    assert marked(page)
    answer.locator("[class*=st-key-thumbs] button").first.click()
    expect(answer.get_by_label("What helped?")).to_be_visible()
    page.get_by_role("button", name="Close source").click()
    expect(page.locator("mark")).to_have_count(0)
    idle(page)
    heard = page.evaluate("window.heard")
    assert len(heard) == 1
    assert re.fullmatch(r"Question 1: answer ready, \d sources?\.", heard[0])


def test_what_was_answered_stays_when_it_is_stopped(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    page.get_by_label(BOX).fill("What structural challenges are there?")
    page.evaluate(
        """() => {
            const press = () => {
                const stop = [...document.querySelectorAll('[data-testid=stChatInput] button')].at(-1)
                if (/stop/i.test(stop?.getAttribute('aria-label') ?? '')) { window.stopped = true; stop.click() }
                else if (!window.stopped) setTimeout(press, 1)
            }
            press()
        }"""
    )
    page.get_by_label(BOX).press("Enter")
    page.wait_for_function("window.stopped")
    idle(page)
    page.reload()
    expect(page.get_by_label("Chat message from user")).to_have_text(
        [QUESTION, "What structural challenges are there?"]
    )
    expect(page.get_by_label("Chat message from assistant").first).to_contain_text(COURT)
    outcome = page.get_by_label("Chat message from assistant").last
    expect(outcome).to_contain_text(re.compile("Organisational hierarchies|stopped before it was answered"))
    expect(ask(page, QUESTION)).to_contain_text(COURT)
