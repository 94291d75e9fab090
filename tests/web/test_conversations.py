"""Conversations that are kept: over a reload, a restart and a crash, renamed, searched for, deleted, linked to."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.archive import FILENAME, Archive
from assistant.exchanges import Exchange, Verdict
from assistant.types import Filters
from tests.conftest import CORPUS
from tests.exports import footnotes
from tests.web.conftest import opened_at, served
from tests.web.test_ask import COURT, DESK, PHONE, ask, idle, marked, violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, ViewportSize

    from assistant import Assistant

FIRST = "How quickly was a new court set up?"
LEADERS = "How many leaders took part in East Ayrshire?"
HOSTILE = (
    "<img src=x onerror=alert(1)> ![a](http://127.0.0.1:9/x.png) [b](javascript:alert(1)) $x$ <script>alert(1)</script>"
)


@pytest.fixture(scope="module")
def state(library: Assistant) -> Path:
    """The folder of what people leave behind."""
    return library.settings.index.parent / "state"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Give an empty page that may read and write the clipboard; fail where it calls another host."""
    with opened_at(browser, address) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        yield page


def kept(page: Page) -> Locator:
    return page.locator(".st-key-conversations [class*=st-key-conversation-] button")


def messages(page: Page) -> Locator:
    return page.get_by_label("Chat message from user")


def test_a_reload_keeps_the_conversation_and_its_source_and_goes_on_with_it(page: Page) -> None:
    page.goto("/")
    ask(page, LEADERS)
    first = ask(page, "What about Northumbria?")
    first.get_by_role("link", name="Source 1").click()
    words = marked(page)
    expect(page).to_have_url(re.compile("conversation=.*spans="))
    page.reload()
    expect(messages(page)).to_have_count(2)
    assert marked(page) == words
    expect(page.get_by_role("status").filter(has_text="answer ready")).to_have_count(0)
    expect(ask(page, "What about Kent?")).to_contain_text("leaders: 5")
    page.reload()
    expect(messages(page)).to_have_count(3)


def test_of_a_long_conversation_the_newest_are_shown_until_all_are_wanted(
    page: Page, library: Assistant, state: Path
) -> None:
    with closing(Archive.open(state)) as archive:
        conversation, first = archive.begin("local", Exchange(LEADERS, Filters(), library.ask(LEADERS)))
        for number in range(9):
            archive.add("local", conversation.id, Exchange(f"Question {number}?", Filters(), message="Nothing."))
    address = f"/?conversation={conversation.id}"
    page.goto(address)
    expect(messages(page)).to_have_count(6)
    expect(messages(page).first).to_contain_text("Question 3?")
    page.get_by_role("button", name="Show 4 earlier questions").click()
    expect(messages(page)).to_have_count(10)
    expect(messages(page).first).to_contain_text(LEADERS)
    page.goto(f"{address}&answer={first.id}")
    expect(messages(page)).to_have_count(10)


def test_a_restart_of_the_server_keeps_the_conversation(browser: Browser, library: Assistant, tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.symlink_to(library.settings.index, target_is_directory=True)
    with served(CORPUS, index) as address, opened_at(browser, address) as page:
        page.goto("/")
        ask(page, FIRST)
        query = page.url.partition("?")[2]
    with served(CORPUS, index) as address, opened_at(browser, address) as page:
        page.goto(f"/?{query}")
        expect(messages(page)).to_have_text([FIRST])
        expect(page.get_by_label("Chat message from assistant")).to_contain_text(COURT)
        expect(kept(page)).to_have_text([FIRST])


def test_conversations_are_begun_renamed_searched_for_and_deleted(page: Page) -> None:
    page.goto("/")
    ask(page, FIRST)
    page.get_by_role("button", name="New conversation").click()
    expect(messages(page)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("conversation="))
    ask(page, LEADERS)
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("Title").fill("*Zebra* <b>crossings</b>")
    assert violations(page) == []
    page.get_by_role("button", name="Save").click()
    expect(kept(page).first).to_have_text("*Zebra* <b>crossings</b>")
    search = page.get_by_label("Search conversations")
    search.fill("zebra")
    search.press("Enter")
    expect(kept(page)).to_have_text(["*Zebra* <b>crossings</b>"])
    search.fill("six weeks court")
    search.press("Enter")
    expect(kept(page).first).to_have_text(FIRST)
    kept(page).first.click()
    expect(messages(page)).to_have_text([FIRST])
    expect(page.get_by_label("Chat message from assistant")).to_contain_text(COURT)
    search.fill("zebra")
    search.press("Enter")
    expect(kept(page)).to_have_text(["*Zebra* <b>crossings</b>"])
    kept(page).first.click()
    expect(messages(page)).to_have_text([LEADERS])
    page.get_by_role("button", name="Delete", exact=True).click()
    assert violations(page) == []
    page.get_by_role("button", name="Keep it").click()
    expect(kept(page)).to_have_count(1)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(messages(page)).to_have_count(0)
    expect(page.get_by_text("No conversation holds these words.")).to_be_visible()


def test_a_link_to_an_answer_opens_it_in_its_conversation(page: Page) -> None:
    page.goto("/")
    ask(page, FIRST)
    ask(page, "What structural challenges are there?")
    answer = ask(page, LEADERS)
    answer.get_by_role("button", name="Copy a link to this answer").click()
    expect(answer.get_by_text("Link copied")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(messages(page)).to_have_count(3)
    expect(page.get_by_label("Chat message from assistant").last).to_be_in_viewport()
    href = page.get_by_role("link", name="Source 1").first.get_attribute("href") or ""
    page.goto(href)
    assert COURT in marked(page)
    expect(messages(page)).to_have_count(3)


def test_a_citation_opens_for_everyone_and_a_conversation_for_its_person_alone(page: Page, state: Path) -> None:
    page.goto("/")
    href = ask(page, FIRST).get_by_role("link", name="Source 1").get_attribute("href") or ""
    with closing(Archive.open(state)) as archive:
        theirs, _ = archive.begin("someone else", Exchange("A secret?", Filters()))
    page.goto(re.sub("conversation=[^&]*", f"conversation={theirs.id}", href))
    assert COURT in marked(page)
    expect(page.get_by_text("This conversation is not among yours")).to_be_visible()
    expect(page.get_by_text("A secret?")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("conversation="))
    assert violations(page) == []


def test_what_is_thought_of_an_answer_is_kept_and_nothing_else_is_drawn_again(page: Page, state: Path) -> None:
    page.goto("/")
    answer = ask(page, LEADERS)
    answer.locator("[class*=st-key-thumbs] button").last.click()
    comment = answer.get_by_label("What was missing or wrong?")
    comment.fill(HOSTILE)
    comment.press("Enter")
    expect(answer.get_by_text("your comment is kept")).to_be_visible()
    assert violations(page) == []
    with closing(Archive.open(state)) as archive:
        assert archive.gaps()[0].verdict == Verdict(helpful=False, comment=HOSTILE)
    page.reload()
    expect(page.get_by_label("What was missing or wrong?")).to_have_value(HOSTILE)
    page.locator("[class*=st-key-thumbs] button").last.click()
    expect(page.get_by_label("What was missing or wrong?")).to_have_count(0)
    idle(page)
    with closing(Archive.open(state)) as archive:
        assert [one.verdict for one in archive.gaps() if one.question == LEADERS] == []


def test_an_answer_is_copied_with_its_sources(page: Page) -> None:
    page.goto("/")
    answer = ask(page, FIRST)
    answer.get_by_role("button", name="Copy the answer").click()
    expect(answer.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{FIRST}\n\n")
    assert COURT in copied.partition("Sources\n[1] “")[2]
    assert "collaboration-executive-summary.txt" in copied


def test_without_a_clipboard_the_answer_is_shown_selected(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto("/")
    answer = ask(page, FIRST)
    answer.get_by_role("button", name="Copy the answer").click()
    box = answer.get_by_label("Selected: press Ctrl and C to copy")
    expect(box).to_be_focused()
    assert violations(page) == []
    assert box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)").startswith(FIRST)


def test_an_earlier_answer_is_exported_to_word_and_markdown(page: Page) -> None:
    page.goto("/")
    earlier = ask(page, FIRST)
    ask(page, LEADERS)
    expect(earlier.get_by_role("button", name="Export", exact=True)).to_have_count(0)
    earlier.get_by_role("button", name="Copy, rate, export").click()
    earlier.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as made:
        page.get_by_role("button", name="Word (.docx)").click()
    assert made.value.suggested_filename == "how-quickly-was-a-new-court-set-up.docx"
    assert COURT in " ".join(footnotes(made.value.path().read_bytes()).values())
    with page.expect_download() as made:
        page.get_by_role("button", name="Markdown (.md)").click()
    assert COURT in made.value.path().read_text(encoding="utf-8").partition("[^1]:")[2]
    assert violations(page) == []


def test_hostile_questions_and_titles_are_text_wherever_they_are_shown(page: Page) -> None:
    page.on("dialog", lambda _: pytest.fail("a script ran"))
    asked: list[str] = []
    page.on("request", lambda request: ":9/" in request.url and asked.append(request.url))
    page.goto("/")
    ask(page, HOSTILE)
    expect(kept(page).first).to_contain_text("<img src=x onerror=alert(1)>")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("<img src=x onerror=alert(1)>")
    page.keyboard.press("Escape")
    page.reload()
    expect(messages(page)).to_have_count(1)
    for where in (page.get_by_test_id("stSidebar"), page.get_by_test_id("stChatMessage").first):
        assert where.locator("img, script, .katex, a[href^='javascript']").count() == 0
    assert asked == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_passes_in_light_and_dark(page: Page, scheme: str, size: ViewportSize) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size(size)
    page.goto("/")
    answer = ask(page, "What structural challenges are there?")
    assert page.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme") == scheme
    link = answer.get_by_role("link", name="Source 2")
    link.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("tooltip")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Enter")
    assert marked(page)
    assert page.locator("mark.beside").count() > 0
    assert violations(page) == []
    answer.get_by_text("Passages found").click()
    expect(answer.get_by_text("Meaning").first).to_be_visible()
    answer.locator("[class*=st-key-thumbs] button").first.click()
    expect(answer.get_by_label("What helped?")).to_be_visible()
    assert violations(page) == []
    ask(page, "What did the Cardiff case find?")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_passages_found_say_why_and_open_in_the_source(page: Page) -> None:
    page.goto("/")
    answer = ask(page, FIRST)
    answer.get_by_text("Passages found").click()
    first = answer.locator(".found li").first
    for reason in ("Meaning", "Words", "Tags"):
        expect(first).to_contain_text(re.compile(rf"{reason}\s*\d+%"))
    first.get_by_role("link").click()
    begins = "".join(first.locator("p").first.inner_text().split())[:40]
    assert "".join(marked(page).split()).startswith(begins)
    expect(answer.locator(".found li").first).to_be_visible()


def test_a_file_that_cannot_be_used_is_told_and_the_chat_goes_on(
    browser: Browser, library: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FILENAME).write_bytes(b"nothing of the kind " * 100)
    index = tmp_path / "index"
    index.symlink_to(library.settings.index, target_is_directory=True)
    with served(CORPUS, index) as address, opened_at(browser, address) as page:
        page.goto("/")
        expect(ask(page, LEADERS)).to_contain_text("leaders: 6")
        expect(page.get_by_text("This conversation is not kept.")).to_be_visible()
        expect(ask(page, "What about Northumbria?")).to_contain_text("leaders: 7")
        assert violations(page) == []
