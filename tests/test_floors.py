from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.errors import EvaluationError, UsageError
from assistant.evaluation.floors import Floor, chosen_floors, read_floors, shortfalls
from tests.outcomes import answered, refused

if TYPE_CHECKING:
    from pathlib import Path

RUN = [answered("a", split="test", words=40), refused("b", gold=(("x",),), kind="table", split="test")]


@pytest.fixture
def floors(tmp_path: Path) -> Path:
    path = tmp_path / "floors.toml"
    path.write_text("[all]\ncited = 1\n[test]\nmedian_words = 60\n[test.kinds.fact]\nfirst_citation = 0.9\n")
    return path


def test_floors_are_read_by_split_and_kind(floors: Path) -> None:
    cited, words, first = read_floors(floors)
    assert cited == Floor("all", None, "cited", 1.0)
    assert words == Floor("test", None, "median_words", 60.0)
    assert first == Floor("test", "fact", "first_citation", 0.9)
    assert chosen_floors(floors, "test") == [words, first]
    assert shortfalls(RUN, [cited, words, first]) == []
    with pytest.raises(UsageError, match=r'no floor for the split "tuning"\. It has some for: all; test'):
        chosen_floors(floors, "tuning")


def test_every_figure_that_falls_short_is_named_and_one_that_is_undefined_reaches_nothing() -> None:
    limits = [
        Floor("test", None, "evidence_recall", 0.95),
        Floor("test", "table", "first_citation", 0.9),
        Floor("all", None, "median_words", 39),
        Floor("all", None, "refusal_recall", 0.9),
        Floor("tuning", None, "cited", 1),
        Floor("test", "fact", "first_citation", 1),
    ]
    assert shortfalls(RUN, limits) == [
        "test: evidence_recall is 0.500, below its floor of 0.95.",
        "test, table: first_citation is 0.000, below its floor of 0.9.",
        "all: median_words is 40.000, above its ceiling of 39.",
        "all: refusal_recall is undefined, its limit 0.9: the run has no such questions.",
        "tuning: cited is undefined, its limit 1: the run has no such questions.",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[test", "is not TOML"),
        ("cited = 1", "holds no floors: cited Input should be a valid dict"),
        ("[test]\nspeed = 1", "a floor for test: speed"),
        ("[test]\nlatency_p50_ms = 25", "a floor for test: latency_p50_ms"),
        ("[test]\ncited = true\n[test.kinds.fact]\ncited = 'all'", "holds no floors: test.kinds"),
    ],
)
def test_a_file_that_holds_no_floors_is_explained(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "floors.toml"
    path.write_text(text)
    with pytest.raises(EvaluationError, match=reason):
        read_floors(path)
