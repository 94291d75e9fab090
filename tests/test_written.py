from __future__ import annotations

import pytest

from assistant.answering.written import Written, written

ANSWER = (
    "<think>Let me see. [1] Kent?</think>\nA court took six weeks. [1] It was less than usual, e.g. 18-24 months [2, 3]. \n"
    "- **Kent** met Dr. Smith.[1][2]\n2. It cost 3.5 million [5-7]"
)
READ = [
    ("A court took six weeks.", (1,)),
    ("It was less than usual, e.g. 18-24 months.", (2, 3)),
    ("Kent met Dr. Smith.", (1, 2)),
    ("It cost 3.5 million", (5, 6, 7)),
]


def read(text: str, size: int) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.text, one.markers) for one in written(text[at : at + size] for at in range(0, len(text), size))]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 1000])
def test_sentences_and_their_markers_are_the_same_however_they_come(size: int) -> None:
    assert read(ANSWER, size) == READ


def test_numbers_before_their_sentences_are_read_too() -> None:
    assert read("[1] Age UK was unaware. [2] Kent was not.", 4) == [
        ("Age UK was unaware.", (1,)),
        ("Kent was not.", (2,)),
    ]


def test_the_place_of_the_evidence_copied_with_its_number_is_no_part_of_a_sentence() -> None:
    assert read("[1] (Methodology) It took six weeks.\n[2] (Figure 1)\n[3] (Methodology) It was good.", 5) == [
        ("It took six weeks.", (1,)),
        ("It was good.", (3,)),
    ]


def test_a_number_before_a_sentence_does_not_end_it() -> None:
    assert [one.whole for one in written(["[1] It took six"])] == [False]
    assert [one.whole for one in written(["It took six weeks [1]"])] == [True]


def test_a_sentence_comes_as_soon_as_what_follows_shows_that_it_has_ended() -> None:
    taken: list[str] = []

    def pieces() -> object:
        for piece in ("It took six weeks. [1]", "[2]", " It", " was good. [1]\n", "So"):
            taken.append(piece)
            yield piece

    sentences = written(pieces())  # type: ignore[arg-type]
    assert (next(sentences).markers, taken[-1]) == ((1, 2), " It")
    assert (next(sentences).text, taken[-1]) == ("It was good.", " was good. [1]\n")


def test_what_broke_off_is_not_whole_and_the_fault_passes_through() -> None:
    def pieces() -> object:
        yield "It took six weeks. [1] It was"
        raise RuntimeError

    sentences = written(pieces())  # type: ignore[arg-type]
    assert next(sentences).whole
    assert next(sentences) == Written("It was", (), "It was", whole=False)
    with pytest.raises(RuntimeError):
        next(sentences)


def test_what_never_ends_is_given_up() -> None:
    found = list(written(["and so on "] * 1_000))
    assert [one.whole for one in found] == [False]
