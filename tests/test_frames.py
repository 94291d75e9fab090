from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from assistant import to_pandas
from assistant.rendering import hit_json

if TYPE_CHECKING:
    from assistant import Assistant


def test_hits_are_a_frame_with_a_row_each_best_first(library: Assistant) -> None:
    hits = library.search("silo mentality", 3)
    frame = to_pandas(hits)
    assert list(frame["id"]) == [hit.passage.id for hit in hits]
    assert frame.to_dict("records") == [hit_json(hit) for hit in hits]
    assert frame["score"].is_monotonic_decreasing


def test_citations_are_a_frame_whose_themes_can_be_counted(library: Assistant) -> None:
    answer = library.ask("What enables good relationships?")
    frame = to_pandas(answer.citations)
    assert list(frame["quote"]) == [one.quote for one in answer.citations]
    assert frame.explode("themes")["themes"].value_counts().sum() == sum(len(one.themes) for one in answer.citations)


def test_a_grid_is_a_frame_of_its_rows_and_columns(library: Assistant) -> None:
    grid = library.grid("How was trust built between the partners?")
    frame = grid.to_pandas()
    assert list(frame.index) == [row.title for row in grid.shown_rows]
    assert list(frame.columns) == list(grid.shown_columns)
    assert frame.index.name == "case"
    for row in grid.shown_rows:
        for head, cell in zip(grid.shown_columns, grid.shown_cells(row), strict=True):
            quotes = "\n".join(one.citation.quote for one in cell.quotes)
            assert frame.loc[row.title, head] == (quotes or None)
    assert frame.isna().to_numpy().any()
    assert frame.notna().to_numpy().any()


def test_the_quotes_of_a_grid_are_a_frame_with_their_strength(library: Assistant) -> None:
    grid = library.grid("How was trust built between the partners?")
    frame = to_pandas(grid.quotes)
    assert list(frame["marker"]) == list(range(1, len(grid.quotes) + 1))
    assert list(frame["strength"]) == [one.strength for one in grid.quotes]


def test_documents_are_a_frame_without_their_texts(library: Assistant) -> None:
    frame = to_pandas(library.documents())
    (document,) = library.documents()
    assert frame.to_dict("records") == [
        {
            "document": document.id,
            "title": document.title,
            "characters": len(document.text),
            "metadata": dict(document.metadata),
        }
    ]


def test_nothing_found_is_an_empty_frame() -> None:
    assert len(to_pandas([])) == 0


def test_pandas_is_not_loaded_before_it_is_asked_for() -> None:
    code = "import sys, assistant.frames, assistant.notebooks; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
