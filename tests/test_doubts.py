from __future__ import annotations

from assistant.doubts import doubtful, listed
from assistant.taxonomy import parse_taxonomy
from assistant.types import BlockKind, Facet, Origin, Passage, Span, Tag
from tests.conftest import TAXONOMY

KNOWN = parse_taxonomy(TAXONOMY.encode())
THEME = Tag(Facet.THEME, "Structures", Origin.HEADING)
ASPECT = Tag(Facet.ASPECT, "enabler", Origin.HEADING)
CASE = Tag(Facet.CASE, "Leeds Digital Hub", Origin.MENTION)
ALL = (THEME, ASPECT, CASE)


def guess(confidence: float, value: str = "Structures", facet: Facet = Facet.THEME) -> Tag:
    return Tag(facet, value, Origin.MODEL, confidence)


def passage(*tags: Tag, text: str = "It opened.", kind: BlockKind = BlockKind.PARAGRAPH) -> Passage:
    return Passage("a.md:0-9", "a.md", kind, ("Findings", "Money"), (Span(0, 9),), text, "", (), tags)


def test_a_passage_with_a_sure_tag_of_every_facet_is_no_doubt() -> None:
    assert doubtful([passage(*ALL), passage(guess(0.95), ASPECT, CASE)], KNOWN, 0.95) == []


def test_a_tag_that_the_model_is_not_sure_of_is_a_doubt() -> None:
    (doubt,) = doubtful([passage(guess(0.91), ASPECT, CASE)], KNOWN, 0.95)
    assert doubt.reason == 'Its theme "Structures" (0.91) comes from meaning alone.'


def test_what_lacks_a_tag_is_a_doubt_with_what_it_might_be() -> None:
    both = {0: (guess(0.7), guess(0.6, "challenge", Facet.ASPECT))}
    (doubt,) = doubtful([passage(ASPECT)], KNOWN, 0.95, both)
    assert doubt.reason == 'It has no theme and no case. Perhaps "Structures" (0.70).'


def test_a_facet_that_the_library_has_nothing_of_is_not_missed() -> None:
    assert doubtful([passage(THEME, ASPECT)], parse_taxonomy(TAXONOMY.split("[[cases]]")[0].encode()), 0.95) == []


def test_what_a_person_has_decided_to_have_no_tag_is_not_missed() -> None:
    assert doubtful([passage(ASPECT, CASE)], KNOWN, 0.95, settled={(0, Facet.THEME)}) == []
    assert len(doubtful([passage(ASPECT, CASE)], KNOWN, 0.95, settled={(0, Facet.ASPECT), (1, Facet.THEME)})) == 1


def test_what_is_best_worth_a_look_comes_first() -> None:
    passages = [
        passage(kind=BlockKind.FOOTNOTE),
        passage(THEME, ASPECT),
        passage(CASE),
        passage(CASE),
        passage(guess(0.93), ASPECT, CASE),
        passage(guess(0.91), ASPECT),
        passage(CASE),
    ]
    guesses = {3: (guess(0.5),), 6: (guess(0.8), guess(0.4, "challenge", Facet.ASPECT))}
    assert [doubt.row for doubt in doubtful(passages, KNOWN, 0.95, guesses)] == [5, 4, 6, 3, 2, 1, 0]


def test_they_are_listed_with_where_they_stand_and_why() -> None:
    doubts = doubtful(
        [passage(guess(0.91), ASPECT, CASE), passage(CASE, text="word " * 40), passage(CASE)], KNOWN, 0.95
    )
    assert listed(doubts, most=2).splitlines() == [
        "3 passages worth a look: 1 with a doubtful tag, 2 lacking one.",
        "",
        "a.md > Findings > Money",
        "  “It opened.”",
        '  Its theme "Structures" (0.91) comes from meaning alone.',
        "",
        "a.md > Findings > Money",
        f"  “{'word ' * 19}…”",
        "  It has no theme and no aspect.",
        "",
        "… and 1 more.",
    ]


def test_nothing_to_look_at_is_said_as_well() -> None:
    assert listed([]) == "Every passage has its tags, and none is in doubt."
    assert listed(doubtful([passage(ASPECT, CASE)], KNOWN, 0.95)).startswith("1 passage worth a look: 0 with")
