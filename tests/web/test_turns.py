"""Turns: few at once, given back whatever happens, and nobody kept waiting by a model that loads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from typing import TYPE_CHECKING

import pytest

from assistant.ui import opening
from assistant.ui.turns import turn

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def shelf() -> Iterator[opening._Shelf]:
    """Give what the process knows of its library, as it was before anybody came."""
    opening._shelf.clear()
    yield opening._shelf()
    opening._shelf.clear()


def having(people: int, seconds: float) -> int:
    """Return how many of some people have their turn while all who have one keep it."""
    arrived, leave = Semaphore(0), Event()

    def come() -> None:
        with turn():
            arrived.release()
            assert leave.wait(60)

    with ThreadPoolExecutor(people) as pool:
        coming = [pool.submit(come) for _ in range(people)]
        count = sum(arrived.acquire(timeout=seconds) for _ in range(people))
        leave.set()
        for one in coming:
            one.result()
    return count


def test_two_have_their_turn_and_the_others_theirs_once_it_is_given_back(shelf: opening._Shelf) -> None:
    shelf.model = "ready"
    assert having(5, 0.2) == 2
    with pytest.raises(ZeroDivisionError), turn():
        raise ZeroDivisionError
    assert having(5, 0.2) == 2


def test_nobody_waits_while_the_model_is_loading(shelf: opening._Shelf) -> None:
    assert shelf.model == "loading"
    assert having(5, 60) == 5
