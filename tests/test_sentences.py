from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.sentences import sentence_bounds


def sentences(words: str) -> list[str]:
    return [words[start:end] for start, end in sentence_bounds(words)]


@pytest.mark.parametrize(
    "parts",
    [
        ("The hub opened.", "It closed."),
        ("Did it help?", "It did!", "The end."),
        ('They said "it works."', "(Nobody asked.)", "Then it stopped."),
        ("It cost 3.5 million.", "45 people came."),
        ("It ended…", "**Bold** words began."),
        ("It was shared.¹", "The next.[^2]", "The last.[3]", "Done."),
        ("They agreed (all of them).", "‘Good’ said one."),
        ("The answer was no.", "The team left."),
        ("It opened at 9 a.m.", "The hub closed at noon."),
        ("They make gowns, masks etc.", "This helped."),
        ("It was made in the U.K.", "They sold it."),
        ("Das ging gut.", "Ärzte halfen."),
        ("First line\nends here.", "Second one\nfollows."),
    ],
)
@pytest.mark.parametrize("gap", [" ", "\n", "\r\n", "  \f "])
def test_sentences_end_at_their_full_stops(parts: tuple[str, ...], gap: str) -> None:
    assert sentences(gap.join(parts)) == list(parts)


@pytest.mark.parametrize(
    "words",
    [
        "Mr. Smith met Dr. Jones in St. Ives.",
        "King et al. (2020) Organisational Effectiveness",
        "See No. 5 and pp. 3 of Fig. 2 for more.",
        "J. R. R. Tolkien wrote it.",
        "It is shared, e.g. Kent and i.e. Leeds.",
        "It took 3.5 weeks at v2.0 of example.org today.",
        "The U.S. Army came.",
        "It rose... and then fell.",
        "They came on 3 Jan. 2021 to Leeds.",
    ],
)
def test_a_full_stop_that_is_explained_ends_nothing(words: str) -> None:
    assert sentences(words) == [words]


def test_words_without_a_full_stop_are_one_sentence() -> None:
    assert sentences("Local ownership and clear responsibilities") == ["Local ownership and clear responsibilities"]


@pytest.mark.parametrize("blank", ["", " ", "\n\f\t"])
def test_white_space_holds_no_sentence(blank: str) -> None:
    assert sentences(blank) == []


prose = st.lists(
    st.sampled_from(["The", "hub", "Mr.", "e.g.", "opened.", "Why?", "…", "U.K.", '"Yes!"', "¹", " ", "\n"])
).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), prose))
def test_only_white_space_stands_between_sentences(words: str) -> None:
    end = 0
    for start, stop in sentence_bounds(words):
        assert not words[end:start].strip()
        assert words[start:stop].strip()
        end = stop
    assert not words[end:].strip()


@pytest.mark.parametrize(
    "sentences",
    [
        ["We didn't.", "Staff left."],
        ["They chose plan A.", "Then they left."],
        ["It cost a lot.", "£5 million was spent."],
        ["2.1. Members may borrow tools."],
        ["Cllr. Patel came."],
    ],
)
def test_sentences_end_where_they_end(sentences: list[str]) -> None:
    words = " ".join(sentences)
    assert [words[start:end] for start, end in sentence_bounds(words)] == sentences
