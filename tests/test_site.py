"""The documentation as it is published: whole, without a dead link, and asking nothing of other sites."""

from __future__ import annotations

import re
import zlib
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

import assistant
from assistant.settings import Settings
from tests.conftest import ROOT

ELSEWHERE = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)
FETCHED = "[src], link[href]:not([rel=canonical]), object[data], [srcset], [poster]"
ASKED_IN_STYLES = re.compile(r"(?:url\(|@import)\s*[\"']?\s*((?:https?:)?//)", re.IGNORECASE)
ASKED_IN_SCRIPTS = re.compile(r"(?:fetch|import|importScripts|sendBeacon)\(\s*[\"'`](?:https?:)?//", re.IGNORECASE)


@cache
def parsed(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def pages(site: Path) -> list[Path]:
    return sorted(page for page in site.rglob("*.html") if "_downloads" not in page.parts)


def test_every_page_of_the_sources_is_there(site: Path) -> None:
    sources = [page.relative_to(ROOT / "docs").with_suffix("") for page in (ROOT / "docs").rglob("*.md")]
    shown = [page for page in sources if page.parts[0] != "examples"]
    assert len(shown) > 10
    assert [page for page in shown if not (site / page).with_suffix(".html").is_file()] == []


def test_no_page_fetches_anything_from_elsewhere(site: Path) -> None:
    fetched = [
        (page.name, name, value)
        for page in pages(site)
        for node in parsed(page).css(FETCHED)
        for name, value in node.attributes.items()
        if name in ("src", "href", "data", "srcset", "poster") and value
    ]
    assert fetched
    assert [one for one in fetched if ELSEWHERE.match(one[2])] == []


def test_no_style_and_no_script_asks_for_anything_elsewhere(site: Path) -> None:
    styles = [*site.rglob("*.css"), *pages(site)]
    scripts = [*site.rglob("*.js"), *pages(site)]
    assert [path.name for path in styles if ASKED_IN_STYLES.search(path.read_text(encoding="utf-8"))] == []
    assert [path.name for path in scripts if ASKED_IN_SCRIPTS.search(path.read_text(encoding="utf-8"))] == []


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Path) -> None:
    dead = []
    for page in pages(site):
        for link in parsed(page).css("a[href]"):
            target = urlsplit(link.attributes["href"] or "")
            if target.scheme or target.netloc:
                continue
            path = (page.parent / unquote(target.path)).resolve() if target.path else page
            if not path.is_file() or (target.fragment and unquote(target.fragment) not in places(path)):
                dead.append((page.name, link.attributes["href"]))
    assert dead == []


@cache
def places(page: Path) -> frozenset[str | None]:
    return frozenset(node.attributes.get("id") for node in parsed(page).css("[id]"))


def test_every_setting_is_told_with_what_the_code_says_of_it(site: Path) -> None:
    page = parsed(site / "reference" / "settings.html")
    terms = {node.text() for node in page.css("dt code")}
    assert terms == {f"CASEWISE_{name.upper()}" for name in Settings.model_fields}
    assert [term.text() for term in page.css("dt") if not (term.next and described(term))] == []


def described(term: object) -> bool:
    node = getattr(term, "next", None)
    while node is not None and node.tag != "dd":
        node = node.next
    return node is not None and bool(node.text().strip())


def test_every_command_is_told_with_all_its_options(site: Path) -> None:
    from assistant.cli import app

    page = parsed(site / "reference" / "commands.html")
    names = [command.callback.__name__ for command in app.registered_commands if command.callback]
    assert [node.text().split("¶")[0].rstrip("#") for node in page.css("h2")] == [f"casewise {name}" for name in names]
    terms = " ".join(node.text() for node in page.css("dt code"))
    assert [
        one for one in ("--example", "--watch", "--batch", "--xlsx", "--deep", "--no-login") if one not in terms
    ] == []


def test_every_public_name_and_every_error_is_in_the_reference(site: Path) -> None:
    from assistant import errors

    told = inventory(site)
    names = {name for name, value in vars(errors).items() if isinstance(value, type)} | set(assistant.__all__)
    assert {name for name in names if not any(one.rsplit(".", 1)[-1] == name for one in told)} - {"Settings"} == set()
    assert {f"assistant.Assistant.{name}" for name in ("open", "ask", "search", "grid", "documents")} <= told


def inventory(site: Path) -> set[str]:
    """Return the names that other documentation can link to."""
    packed = (site / "objects.inv").read_bytes().split(b"\n", 4)[4]
    return {line.split(" ")[0] for line in zlib.decompress(packed).decode().splitlines()}


@pytest.mark.parametrize("word", ["citat", "cooki", "nginx", "taxonomi"])
def test_the_search_has_the_words_in_the_site_itself(site: Path, word: str) -> None:
    assert re.search(rf'[{{,]"?{word}"?:', (site / "searchindex.js").read_text(encoding="utf-8"))
