"""Whose turn it is: pages that compute are drawn a few at a time, in place of all at once and each for longer."""

from __future__ import annotations

from contextlib import contextmanager
from threading import BoundedSemaphore, local
from typing import TYPE_CHECKING

from assistant.ui.opening import standing

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_ONCE = 2
"""One computes while another draws. Python runs one thread at a time, and every step that lets go of it, of which an answer has
hundreds, waits for all others: 50 people who ask every 5 s have their answers after 1.4 s with two turns, 1.8 s with one, 3.1 s
with four and 6.9 s without any (95th percentile, ``tests/benchmarks/bench_crowd.py``, two cores)."""
_turns = BoundedSemaphore(_AT_ONCE)
_own = local()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn, and have it. While the model is loading nobody need wait: who asked first would keep the page from all."""
    if standing().model == "loading":
        yield
        return
    with _turns:
        _own.held = True
        try:
            yield
        finally:
            _own.held = False


@contextmanager
def letting_others() -> Iterator[None]:
    """Give the turn to others while a language model is waited for, say; then wait for it again."""
    if not getattr(_own, "held", False):
        yield
        return
    _turns.release()
    try:
        yield
    finally:
        _turns.acquire()
