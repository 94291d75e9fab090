from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.ui.heat_map import DARK, LIGHT, Colours, lines, told

if TYPE_CHECKING:
    from assistant import Assistant


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_words_can_be_read_on_weak_and_strong_evidence(colours: Colours) -> None:
    assert contrast(colours.on_cells, colours.weak) >= 4.5
    assert contrast(colours.on_cells, colours.strong) >= 4.5


def test_every_cell_says_what_it_holds_in_words_too(library: Assistant) -> None:
    grid = library.grid("How was trust built with the community?")
    shown = lines(grid)
    assert len(shown) == len(grid.shown_rows) * len(grid.shown_columns)
    assert {line["label"] for line in shown if not line["quotes"]} == {"none"}
    assert told(grid).endswith("of 18 cells have evidence")


def test_columns_of_questions_are_known_by_letters(library: Assistant) -> None:
    grid = library.grid("How was trust built?", columns=["How was funding shared?"])
    assert [line["head"] for line in lines(grid) if line["row"] == 0] == ["A", "B"]
