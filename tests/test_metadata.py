from __future__ import annotations

import pytest

from assistant.metadata import joined, key, names
from assistant.types import Facet


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("case", "case"),
        ("Cases", "case"),
        ("themes", "theme"),
        (" Title ", "title"),
        ("titles", None),
        ("layout", None),
    ],
)
def test_a_key_is_known_in_any_case_and_a_facet_s_in_the_plural(written: str, meant: str | None) -> None:
    assert key(written) == meant


def test_several_names_come_back_as_they_were_joined() -> None:
    metadata = {"case": joined(["Leeds  Digital\nHub", "", "Harbour City"])}
    assert metadata == {"case": "Leeds Digital Hub; Harbour City"}
    assert names(metadata, Facet.CASE) == ["Leeds Digital Hub", "Harbour City"]


def test_a_name_that_is_given_twice_counts_once_and_an_empty_one_not_at_all() -> None:
    assert names({"case": "Leeds; ;Leeds;"}, Facet.CASE) == ["Leeds"]
    assert names({"case": "Leeds"}, Facet.THEME) == []
