"""Many threads ask through one Assistant while its index is built anew."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

from assistant import Assistant
from assistant.building import build
from assistant.spans import quote
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from assistant import Citation, Settings

THREADS, BUILDS = 32, 10
PAUSE = 0.3
"""How many seconds a thread rests between questions, so that the builder, one thread of 33, has its turn too."""

PLACES = ("Leeds", "York", "Derby", "Hull")
QUESTIONS = [f"How many desks does the hub in {place} have?" for place in PLACES]


def text(place: str, version: int) -> str:
    """Return a version of a document: its number stands in every sentence, and moves every span."""
    padding = f"Version {version} was written by volunteers.\n\n" * (version + 1)
    return f"The hub in {place}\n\n{padding}The hub in {place} has {100 + version} desks in version {version}.\n"


def lay_out(settings: Settings, version: int) -> None:
    """Write a version of every document, and leave one out: which, changes from version to version."""
    for number, place in enumerate(PLACES):
        path = settings.corpus / f"{place}.txt"
        if number == version % len(PLACES):
            path.unlink(missing_ok=True)
        else:
            path.write_text(text(place, version), encoding="utf-8")


def is_valid(one: Citation) -> bool:
    """Tell whether a quote stands at its spans in the version of the document that it says it is of."""
    said = re.search(r"[Vv]ersion (\d+)", one.quote)
    document = one.document.removesuffix(".txt")
    return said is not None and quote(text(document, int(said[1])), one.spans) == one.quote


def cited(library: Assistant, number: int, stop: Event) -> list[Citation]:
    """Ask again and again until told to stop, lay out a grid and search in between; return what was cited."""
    found: list[Citation] = []
    turn = number
    while not found or not stop.wait(PAUSE):
        question = QUESTIONS[turn % len(QUESTIONS)]
        if turn % 4 == 0:
            found += [one.citation for one in library.grid(question, by="document").quotes]
        elif turn % 4 == 1:
            assert library.search(question, 3)
        else:
            found += library.ask(question).citations
        turn += 1
    return found


def versions(citations: Iterable[Citation]) -> set[str]:
    return {found for one in citations for found in re.findall(r"version \d+", one.quote)}


def test_32_threads_ask_while_the_index_is_built_ten_times_and_every_quote_is_valid(
    make_corpus: Callable[..., Settings],
) -> None:
    settings, stop = make_corpus(), Event()
    lay_out(settings, 0)
    build(settings, HashingEmbedder())
    with (
        Assistant.open(settings=settings, embedder=HashingEmbedder()) as library,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        asking = [threads.submit(cited, library, number, stop) for number in range(THREADS)]
        try:
            for version in range(1, BUILDS + 1):
                lay_out(settings, version)
                build(settings, HashingEmbedder())
        finally:
            stop.set()
        citations = [one for asked in asking for one in asked.result()]
        last = [one for question in QUESTIONS for one in library.ask(question).citations]
    assert len(citations) >= THREADS
    assert [one for one in citations if not is_valid(one)] == []
    assert len(versions(citations)) > BUILDS // 2, "threads are answered from what is built meanwhile"
    assert versions(last) == {f"version {BUILDS}"}
    assert len(list(settings.index.glob("generation-*"))) <= 2
