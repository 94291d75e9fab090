from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant import Assistant, Span
from assistant.building import build
from assistant.errors import UnknownName, UsageError
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant import Settings

LEEDS = "Motivations\n\nEnablers\n\nStaff in Leeds shared an office.\n"


@pytest.fixture
def settings(make_corpus: Callable[..., Settings]) -> Settings:
    made = make_corpus(leeds_txt=LEEDS)
    build(made, HashingEmbedder())
    return made


def opened(settings: Settings) -> Assistant:
    return Assistant.open(settings=settings, embedder=HashingEmbedder())


def generations(settings: Settings) -> int:
    return len(list(settings.index.glob("generation-*")))


def build_another(settings: Settings, text: str) -> None:
    (settings.corpus / "more.txt").write_text(text)
    build(settings, HashingEmbedder())


def test_a_library_reads_a_document_whole_or_at_a_span(settings: Settings) -> None:
    with opened(settings) as library:
        start = LEEDS.index("Staff")
        assert library.read("leeds.txt") == LEEDS
        assert library.read("leeds", Span(start, start + 14)) == "Staff in Leeds"


@pytest.mark.parametrize("span", [Span(0, 10_000), Span(5, 5), Span(9, 3), Span(-4, 3)])
def test_a_span_outside_the_document_is_an_error_that_says_how_long_it_is(settings: Settings, span: Span) -> None:
    with opened(settings) as library, pytest.raises(UsageError, match=f"has {len(LEEDS)} characters"):
        library.read("leeds.txt", span)


def test_an_unknown_document_is_an_error_that_lists_the_known_ones(settings: Settings) -> None:
    with opened(settings) as library, pytest.raises(UnknownName, match=r"It has: leeds\.txt"):
        library.read("york.txt")


def test_a_library_keeps_its_generation_until_it_is_closed(settings: Settings) -> None:
    with opened(settings) as library:
        build_another(settings, "It opened.\n")
        build_another(settings, "It opened in May.\n")
        assert generations(settings) == 2
        assert library.documents()
    build_another(settings, "It opened in June.\n")
    assert generations(settings) == 1


def test_a_closed_library_says_that_it_is_closed(settings: Settings) -> None:
    library = opened(settings)
    library.close()
    library.close()
    for ask in (library.documents, lambda: library.ask("Why?"), lambda: library.search("Why?")):
        with pytest.raises(UsageError, match=r"has been closed\. Open it again"):
            ask()


def test_whoever_was_given_an_index_has_it_after_the_library_was_closed(settings: Settings) -> None:
    library = opened(settings)
    index = library.index
    library.close()
    build_another(settings, "It opened.\n")
    assert index.document("leeds.txt").text == LEEDS


def test_a_library_is_closed_when_the_block_fails(settings: Settings) -> None:
    library = opened(settings)
    with pytest.raises(ZeroDivisionError), library:
        raise ZeroDivisionError
    with pytest.raises(UsageError, match="closed"):
        library.documents()
