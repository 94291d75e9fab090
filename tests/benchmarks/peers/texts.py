"""What is indexed and asked: real texts of a retrieval set, or made ones; and the set itself, whole or cut down for a try."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import ir_measures

from tests.benchmarks.corpora import ROOT, Maker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.evaluation.beir import RetrievalSet

CHARACTERS = 800
"""About how long a document is."""

_LEAST = 600
_OTHERS = 10
"""How many documents that answer nothing are kept for each query of a set that is cut down."""

_MEASURE = ir_measures.parse_measure("nDCG@10")


@dataclass(frozen=True, slots=True)
class Judged:
    """Texts, queries, and which texts by number are relevant to each query, and how much so."""

    texts: tuple[str, ...]
    queries: tuple[str, ...]
    relevant: tuple[Mapping[int, int], ...]

    def gain(self, found: Sequence[Sequence[int]]) -> float:
        """Return nDCG@10 of the texts that were found for each query, best first: the mean, in [0, 1]."""
        qrels = {str(n): {str(text): grade for text, grade in one.items()} for n, one in enumerate(self.relevant)}
        runs = {str(n): {str(text): -float(place) for place, text in enumerate(one)} for n, one in enumerate(found)}
        return float(ir_measures.calc_aggregate([_MEASURE], qrels, runs)[_MEASURE])


def judged(one: RetrievalSet, limit: int | None = None) -> Judged:
    """Return a retrieval set by numbers; for its first ``limit`` queries only, with what answers them and ten others each."""
    queries = [query for query in one.queries if query.id in one.relevant][:limit]
    needed = {identifier for query in queries for identifier in one.relevant[query.id]}
    others = (document.id for document in one.documents if document.id not in needed)
    kept = needed | set(islice(others, None if limit is None else _OTHERS * limit))
    documents = [document for document in one.documents if document.id in kept]
    numbers = {document.id: number for number, document in enumerate(documents)}
    return Judged(
        tuple(document.searched_text for document in documents),
        tuple(query.text for query in queries),
        tuple(
            {numbers[id_]: grade for id_, grade in one.relevant[query.id].items() if id_ in numbers}
            for query in queries
        ),
    )


def real_texts(one: RetrievalSet, count: int) -> list[str]:
    """Return texts of about ``CHARACTERS`` characters, at most ``count``: the beginnings of a set's longer documents."""
    long_enough = (text for document in one.documents if len(text := _flat(document.text)) >= _LEAST)
    return [_cut(text) for text in islice(long_enough, count)]


def made_texts(count: int) -> list[str]:
    """Return ``count`` made texts of about ``CHARACTERS`` characters, the same ones every time."""
    return list(islice(_made(), count))


def _made() -> Iterator[str]:
    maker = Maker()
    while True:
        lines = (line for line in maker.markdown().splitlines() if not line.startswith("#"))
        yield _cut(_flat(" ".join(line.removeprefix("- ") for line in lines)))


def questions(count: int) -> list[str]:
    """Return questions that people ask of the library that comes with Casewise, those to tune by, at most ``count``."""
    lines = (ROOT / "corpus/questions.jsonl").read_text(encoding="utf-8").splitlines()
    read = map(json.loads, lines)
    return [one["question"] for one in read if one.get("split") == "tuning" and not one.get("history")][:count]


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _cut(text: str) -> str:
    """Return the beginning of a text, to the last whole word."""
    return text if len(text) <= CHARACTERS else text[: CHARACTERS + 1].rpartition(" ")[0]


def written(texts: Sequence[str], path: Path) -> str:
    """Write texts where a driver finds them; return the path."""
    path.write_text(json.dumps(list(texts)), encoding="utf-8")
    return str(path)
