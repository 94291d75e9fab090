from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from assistant.errors import TaxonomyError, UnknownName
from assistant.taxonomy import Taxonomy, add_case_to, ensure_case, load_taxonomy, parse_taxonomy, with_case
from assistant.types import Facet, Filters
from tests.conftest import CORPUS

if TYPE_CHECKING:
    from pathlib import Path

CASES = [
    "Nightingale Courts",
    "Homelessness Prevention Taskforces",
    "Northumbria",
    "Kent Fire and Rescue Service",
    "Vibrant Communities, East Ayrshire",
    "Stepping Up, Bristol",
]


@pytest.fixture(scope="module")
def real() -> Taxonomy:
    return load_taxonomy(CORPUS)


def cases(*tables: str) -> Taxonomy:
    return parse_taxonomy("\n".join(f"[[cases]]\n{table}" for table in tables).encode())


def named(taxonomy: Taxonomy, text: str, facet: Facet = Facet.CASE) -> list[tuple[str, str]]:
    return [(one.name, text[one.start : one.end]) for one in taxonomy.mentions(text, facet)]


def test_the_library_s_own_taxonomy_has_its_themes_aspects_and_cases(real: Taxonomy) -> None:
    assert [entry.name for entry in real.entries[Facet.THEME]] == ["Motivations", "Structures", "Relationships"]
    assert [entry.name for entry in real.entries[Facet.ASPECT]] == ["challenge", "enabler"]
    assert [entry.name for entry in real.entries[Facet.CASE]] == CASES
    assert all(entry.definition for entries in real.entries.values() for entry in entries)
    assert len(real.starters) >= 3


@pytest.mark.parametrize(
    ("facet", "asked", "meant"),
    [
        (Facet.CASE, "Northumbria", "Northumbria"),
        (Facet.CASE, "northumbria", "Northumbria"),
        (Facet.CASE, "Kent", "Kent Fire and Rescue Service"),
        (Facet.CASE, "KENT", "Kent Fire and Rescue Service"),
        (Facet.CASE, "Nightingale", "Nightingale Courts"),
        (Facet.CASE, "HMCTS", "Nightingale Courts"),
        (Facet.CASE, "hmpps", "Homelessness Prevention Taskforces"),
        (Facet.CASE, "Kent Fire & Rescue Service", "Kent Fire and Rescue Service"),
        (Facet.CASE, "Her Majesty’s Courts", "Nightingale Courts"),
        (Facet.CASE, "  east   ayrshire ", "Vibrant Communities, East Ayrshire"),
        (Facet.THEME, "relation", "Relationships"),
        (Facet.ASPECT, "enablers", "enabler"),
        (Facet.ASPECT, "Barriers", "challenge"),
    ],
)
def test_a_name_an_alias_or_a_part_of_one_is_enough(real: Taxonomy, facet: Facet, asked: str, meant: str) -> None:
    assert real.resolve(facet, asked) == meant


def test_every_name_of_every_entry_means_that_entry(real: Taxonomy) -> None:
    for facet, entries in real.entries.items():
        for entry in entries:
            assert {real.resolve(facet, name.upper()) for name in entry.names} == {entry.name}


def test_a_whole_name_is_no_part_of_a_longer_one() -> None:
    taxonomy = cases('name = "York"', 'name = "New York"')
    assert taxonomy.resolve(Facet.CASE, "york") == "York"


def test_a_part_of_several_names_is_an_error_that_lists_those(real: Taxonomy) -> None:
    with pytest.raises(UnknownName, match="could be several") as caught:
        real.resolve(Facet.CASE, "Her Majesty's")
    assert all(name in str(caught.value) for name in CASES[:2])
    assert not any(name in str(caught.value) for name in CASES[2:])


@pytest.mark.parametrize("asked", ["Atlantis", "", "   ", "Kent Fire Brigade", "challenge"])
def test_a_name_that_fits_nothing_is_an_error_that_lists_all(real: Taxonomy, asked: str) -> None:
    with pytest.raises(UnknownName) as caught:
        real.resolve(Facet.CASE, asked)
    assert f'no case called "{asked}"' in str(caught.value)
    assert all(name in str(caught.value) for name in CASES)


def test_a_library_without_cases_says_that_it_has_none() -> None:
    with pytest.raises(UnknownName, match="It has: none"):
        parse_taxonomy(b"").resolve(Facet.CASE, "Kent")


def test_filters_are_resolved_and_what_is_not_asked_for_is_no_filter(real: Taxonomy) -> None:
    assert real.filters(case="Bristol", aspect="barrier") == Filters(aspect="challenge", case="Stepping Up, Bristol")
    assert real.filters() == Filters()
    with pytest.raises(UnknownName, match="theme"):
        real.filters(theme="")


def test_a_missing_taxonomy_is_named(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError) as caught:
        load_taxonomy(tmp_path)
    assert str(tmp_path / "taxonomy.toml") in str(caught.value)
    assert "needs a taxonomy.toml" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        '[[cases]\nname = "Kent"',
        "[[cases]]\nname = Kent",
        b'[[cases]]\nname = "K\xe9nt"',
        'cases = "Kent"',
        '[cases]\nname = "Kent"',
        "cases = [1]",
        "themes = 3",
        '[[cases]]\ndefinition = "no name"',
        "[[cases]]\nname = 7",
        '[[cases]]\nname = "  "',
        '[[cases]]\nname = "Kent"\ndefinition = 7',
        '[[cases]]\nname = "Kent"\nnames = "Fire"',
        '[[cases]]\nname = "Kent"\nnames = [1]',
        '[[cases]]\nname = "Kent"\nnames = [""]',
        '[[cases]]\nname = "Kent"\nnames = [" "]',
        'starters = "Why?"',
        "starters = [1]",
        '[[cases]]\nname = "Kent"\n[[cases]]\nname = "Kent"',
        '[[cases]]\nname = "Kent"\n[[cases]]\nname = "kent"',
        '[[cases]]\nname = "Kent"\n[[cases]]\nname = "Fire"\nnames = ["KENT"]',
        '[[cases]]\nname = "Fire & Rescue"\n[[cases]]\nname = "Fire and  Rescue"',
    ],
)
def test_a_taxonomy_that_is_wrong_is_an_error_that_names_the_file(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / "taxonomy.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TaxonomyError) as caught:
        load_taxonomy(tmp_path)
    assert str(path) in str(caught.value)


def test_one_name_may_serve_two_facets() -> None:
    taxonomy = parse_taxonomy(b'[[cases]]\nname = "Trust"\n[[themes]]\nname = "Trust"')
    assert taxonomy.filters(theme="trust", case="trust") == Filters(theme="Trust", case="Trust")


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parse_taxonomy(b'\xef\xbb\xbf[[cases]]\nname = "Kent"').resolve(Facet.CASE, "kent") == "Kent"


def test_its_hash_is_that_of_the_bytes_it_was_read_from() -> None:
    assert parse_taxonomy(b"").sha256 != parse_taxonomy(b"\n").sha256 == parse_taxonomy(b"\n").sha256


def test_mentions_are_whole_words_in_any_case(real: Taxonomy) -> None:
    assert named(real, "Fire crews in kent, Kent's own, Kentish town") == [
        ("Kent Fire and Rescue Service", "kent"),
        ("Kent Fire and Rescue Service", "Kent"),
    ]


def test_acronyms_are_mentioned_in_capitals_only(real: Taxonomy) -> None:
    assert named(real, "HMCTS and hmpps") == [("Nightingale Courts", "HMCTS")]


def test_the_longest_name_counts_where_names_overlap(real: Taxonomy) -> None:
    text = "Kent Fire & Rescue Service met Northumbria Healthcare."
    assert [words for _, words in named(real, text)] == ["Kent Fire & Rescue Service", "Northumbria Healthcare"]


def test_a_longer_name_hides_the_shorter_one_of_another_entry() -> None:
    taxonomy = cases('name = "York"', 'name = "New York"')
    assert named(taxonomy, "New York and York") == [("New York", "New York"), ("York", "York")]


def test_curly_and_straight_apostrophes_are_one(real: Taxonomy) -> None:
    curly = "Her Majesty’s Prison and Probation Service"
    assert named(real, f"In {curly}, much") == [("Homelessness Prevention Taskforces", curly)]
    assert named(cases('name = "King’s Lynn"'), "King's Lynn") == [("King’s Lynn", "King's Lynn")]


def test_a_name_is_found_across_line_ends(real: Taxonomy) -> None:
    assert named(real, "East\n  Ayrshire") == [("Vibrant Communities, East Ayrshire", "East\n  Ayrshire")]


def test_a_name_with_signs_of_regular_expressions_means_itself() -> None:
    assert named(cases('name = "C++ (Leeds)"'), "C++ (Leeds) or Cxx Leeds") == [("C++ (Leeds)", "C++ (Leeds)")]


def test_entries_mentioned_come_once_and_in_the_taxonomy_s_order(real: Taxonomy) -> None:
    text = "Bristol, Kent and again Bristol; HMCTS"
    assert real.mentioned(Facet.CASE, text) == [CASES[0], CASES[3], CASES[5]]
    assert real.mentioned(Facet.THEME, text) == []


@pytest.mark.parametrize("text", ['[[case]]\nname = "Kent"\n', '[[cases]]\nname = "Kent"\naliases = ["K"]\n'])
def test_a_misspelt_key_is_named(text: str) -> None:
    with pytest.raises(TaxonomyError, match=r'has a "(case|aliases)" that means nothing'):
        parse_taxonomy(text.encode())


def test_what_people_say_is_put_as_the_documents_put_it() -> None:
    known = parse_taxonomy(b'[words]\nfieldwork = "interviews"\n"sample size" = "number of participants"\n')
    assert known.in_its_words("When was the Fieldwork done?") == "When was the interviews done?"
    assert known.in_its_words("What sample  size?") == "What number of participants?"
    assert known.in_its_words("Fieldworkers") == "Fieldworkers"


def test_words_may_hold_what_a_pattern_would_take_for_its_own() -> None:
    known = parse_taxonomy(b'[words]\n"c++" = "code \\\\1"\n')
    assert known.in_its_words("any c++ here") == "any code \\1 here"


@pytest.mark.parametrize("content", [b'words = "fieldwork"', b"[words]\nfieldwork = 3", b'[words]\nfieldwork = ""'])
def test_words_that_are_no_pairs_are_refused(content: bytes) -> None:
    with pytest.raises(TaxonomyError, match="fieldwork ="):
        parse_taxonomy(content)


def test_a_known_name_is_a_whole_name_or_alias_and_never_a_guess(real: Taxonomy) -> None:
    assert real.known(Facet.CASE, "kent fire and  rescue") == "Kent Fire and Rescue Service"
    assert real.known(Facet.CASE, "Kent Fire") is None
    assert real.known(Facet.THEME, "Kent") is None


def test_a_case_is_added_at_the_end_and_all_else_stays_as_it_was(real: Taxonomy) -> None:
    content = with_case(real.source, 'The  "Hub" \\ Leeds', ["LDH"], "A hub.\nIn Leeds.")
    assert content.startswith(real.source.rstrip())
    found = parse_taxonomy(content)
    assert [entry.name for entry in found.entries[Facet.CASE]] == [*CASES, 'The "Hub" \\ Leeds']
    added = found.entries[Facet.CASE][-1]
    assert (added.names, added.definition) == (('The "Hub" \\ Leeds', "LDH"), "A hub. In Leeds.")
    assert found.entries[Facet.THEME] == real.entries[Facet.THEME]


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"cases = []\r\nthemes = []\r\n", b'[words]\nfieldwork = "x"']
)
def test_a_case_is_added_to_any_taxonomy(content: bytes) -> None:
    once = with_case(content, "Leeds")
    assert [entry.name for entry in parse_taxonomy(with_case(once, "York")).entries[Facet.CASE]] == ["Leeds", "York"]


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"[[cases]]\nname = 'Leeds'", "leeds", "is a name of both"),
        (b"[[cases]]\nname = 'Leeds'", " ", "needs a name"),
        (b"cases = [{name = 'Leeds'}]", "York", r"Head each of them \[\[cases\]\]"),
        (b"cases = 3", "York", "must be tables"),
    ],
)
def test_a_case_that_cannot_be_added_is_an_error(content: bytes, name: str, problem: str) -> None:
    with pytest.raises(TaxonomyError, match=problem):
        with_case(content, name)


def test_cases_that_several_people_add_at_once_are_all_kept(tmp_path: Path) -> None:
    (tmp_path / "taxonomy.toml").write_bytes(b"")
    names = [f"Case {number:02}" for number in range(20)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(partial(ensure_case, tmp_path), [*names, *names]))
    assert sorted(entry.name for entry in load_taxonomy(tmp_path).entries[Facet.CASE]) == names


def test_a_taxonomy_that_cannot_be_written_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taxonomy.toml").write_bytes(b"# Ours.\n")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TaxonomyError, match=r'"Leeds" was not added.*cannot be written \(No space left'):
        add_case_to(tmp_path, "Leeds")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"taxonomy.toml": b"# Ours.\n"}
