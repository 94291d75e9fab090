"""True paraphrases of a library's own sentences: those written by hand for the measure of support, and some made by rule."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SAME = {
    "difficult": "hard",
    "collaboration": "working together",
    "For example, ": "",
    "Similarly, ": "",
    "during the pandemic": "in the pandemic",
    "such as": "like",
    "also ": "",
    "quickly": "fast",
    "establish": "set up",
    "critical": "vital",
}
"""Words, and others that say the same wherever they stand in the library's own document."""


@dataclass(frozen=True)
class Paraphrase:
    """A true sentence, the sentences it rests on, and whether it was set aside before anything was chosen."""

    text: str
    sources: tuple[str, ...]
    aside: bool = False


@cache
def _pairs(name: str = "support_pairs") -> list[dict[str, Any]]:
    lines = (ROOT / "tests" / "data" / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def by_hand() -> tuple[Paraphrase, ...]:
    """Return the paraphrases of the library's own sentences; a table's row stands in them with a bar between its cells."""
    own = [pair for pair in _pairs() if pair["supported"] and "source" not in pair]
    return tuple(Paraphrase(one["claim"], tuple(one["evidence"]), one["split"] == "test") for one in own)


@cache
def lies_by_hand() -> tuple[Paraphrase, ...]:
    """Return the false sentences about the library that were written by hand, those in other words than its own set aside."""
    own = [pair for pair in _pairs() if not pair["supported"] and "source" not in pair]
    return tuple(Paraphrase(one["claim"], tuple(one["evidence"]), one.get("reworded", False)) for one in own)


@cache
def made_up() -> tuple[Paraphrase, ...]:
    """Return sentences on the subject of one of the library's own that add a reason or a result, which nothing bears out."""
    return tuple(Paraphrase(one["claim"], tuple(one["evidence"]), one["split"] == "test") for one in _pairs("made_up"))


def standing_in(sources: Sequence[str], sentences: Sequence[str]) -> list[str]:
    """Return the sentences of a library that sources are, markup and heads of columns aside."""
    known = {_bare(sentence): sentence for sentence in sentences}
    return [known[bare] for source in sources if (bare := _bare(source)) in known]


def _bare(sentence: str) -> str:
    row = re.match(r"(.*?)(?: \| | – Number of leaders: )(\d+)\.?\Z", sentence)
    return "".join(re.findall(r"\w", f"{row[1]} {row[2]}" if row else sentence)).lower()


def by_rule(source: str) -> Iterator[Paraphrase]:
    """Yield the sentence in slightly other words."""
    for one, other in SAME.items():
        if re.search(rf"\b{re.escape(one)}", source):
            text = re.sub(
                rf"\b{re.escape(one.strip())}\b ?" if not other else rf"\b{re.escape(one)}\b", other, source, count=1
            )
            if text != source:
                yield Paraphrase(f"{text[:1].upper()}{text[1:]}", (source,))
