"""How often tags from meaning are right, and how often they claim to be.

Run as ``python -m tests.benchmarks.bench_inference``; pytest does not collect it. The headings of one, two or three of five
case studies are hidden, in every combination, and what they say is inferred from those of the others. For each
confidence the tables show how many tags were given, the mean confidence, and the share that was right; then the same for all
tags at and above a threshold, which is what ``Settings.enough_confidence`` is chosen by. A paragraph that no heading gives a
theme, such as an introduction, counts as wrong whatever it is given.

With three hidden, two documents with headings are left: too few to learn from, so definitions alone are measured.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from assistant.embeddings import SentenceTransformerEmbedder
from assistant.inference import FACETS
from tests.case_studies import FILES, Judged, judged, shelf, tagged_by_headings

if TYPE_CHECKING:
    from collections.abc import Sequence

BOUNDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
THRESHOLDS = (0.7, 0.8, 0.85, 0.9, 0.95)


def main() -> None:
    console, full = Console(), shelf(SentenceTransformerEmbedder())
    console.print(
        f"{len(full.passages)} paragraphs of {len(FILES)} documents; headings give {tagged_by_headings(full)} tags"
    )
    for hidden in (1, 2, 3):
        given = [tag for chosen in combinations(range(len(FILES)), hidden) for tag in judged(full, chosen)]
        for facet in FACETS:
            console.print(
                reliability(f"{facet.value}, {hidden} without headings", [t for t in given if t.facet is facet])
            )


def reliability(title: str, tags: Sequence[Judged]) -> Table:
    table = Table("confidence", "tags", "mean confidence", "right", title=title)
    for low, high in pairwise(BOUNDS):
        row(table, f"{low:.1f} to {min(high, 1):.1f}", [tag for tag in tags if low <= tag.confidence < high])
    table.add_section()
    for least in THRESHOLDS:
        row(table, f"{least:.2f} and more", [tag for tag in tags if tag.confidence >= least])
    return table


def row(table: Table, name: str, tags: Sequence[Judged]) -> None:
    if tags:
        mean = sum(tag.confidence for tag in tags) / len(tags)
        table.add_row(name, str(len(tags)), f"{mean:.3f}", f"{sum(tag.is_right for tag in tags) / len(tags):.3f}")


if __name__ == "__main__":
    main()
