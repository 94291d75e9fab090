"""At least 98 of 100 lies never reach a reader as supported, and at least 95 of 100 true paraphrases do, over real HTTP."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.lying import ALONE, remembering, tell_lies, tell_truths, tell_what_is_made_up

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant import Assistant
    from tests.lying import Told

EVERYWHERE = {"general", "denial", "quotation", "language", *ALONE}
"""The kinds of lies that can be told of almost any sentence."""
ELSEWHERE = {
    "name",
    "case",
    "number",
    "number of another",
    "date",
    "unit",
    "opposite",
    "scope",
    "swapped",
    "opinion",
    "leak",
}
"""Those that need a name, a number or the like."""


@pytest.fixture(scope="module")
def asked(library: Assistant) -> Assistant:
    return remembering(library)


def share_shown(told: Iterable[Told]) -> float:
    shown = [one.shown for one in told]
    return sum(shown) / len(shown)


def test_lies_about_every_fourth_sentence_are_caught(asked: Assistant) -> None:
    told = list(tell_lies(asked, every=4))
    assert len(told) >= 200
    assert {one.kind for one in told} >= EVERYWHERE
    assert share_shown(told) <= 0.02


def test_two_hundred_true_paraphrases_are_kept(asked: Assistant) -> None:
    told = list(tell_truths(asked, most=200))
    assert len(told) >= 200
    assert share_shown(told) >= 0.95


def test_half_of_what_is_made_up_on_the_right_subject_is_caught(asked: Assistant) -> None:
    told = list(tell_what_is_made_up(asked))
    assert len(told) >= 70
    assert share_shown(told) <= 0.5  # a measure without an entailment model catches no more: limits.md


@pytest.mark.slow
def test_lies_of_every_kind_about_every_sentence_are_caught_and_all_paraphrases_but_a_few_kept(
    asked: Assistant,
) -> None:
    lied, true = list(tell_lies(asked)), list(tell_truths(asked))
    assert {one.kind for one in lied} == EVERYWHERE | ELSEWHERE
    assert share_shown(lied) <= 0.02
    shown = Counter(one.kind for one in lied if one.shown)
    counts = Counter(one.kind for one in lied)
    assert {kind for kind in counts if shown[kind] > 0.05 * counts[kind] + 1} == set()
    assert share_shown(true) >= 0.95
    assert share_shown(one for one in true if one.aside) >= 0.93  # set aside before anything was chosen: 0.942 of 104
