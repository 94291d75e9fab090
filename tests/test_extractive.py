from __future__ import annotations

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.questions import understand
from assistant.settings import Settings
from assistant.taxonomy import parse_taxonomy
from tests.conftest import TAXONOMY
from tests.samples import document, evidence

NOTES = document(
    "Shared offices helped staff to meet. Shared offices helped staff to meet often. Joint budgets helped too. "
    "A common goal helped most. Regular calls helped as well."
)
KNOWN = parse_taxonomy(TAXONOMY.encode())


def drafted(question: str, *scored: tuple[str, float]) -> list[str]:
    found = [evidence(NOTES, quote, score=score) for quote, score in scored]
    draft = ExtractiveAnswerer(Settings()).draft(understand(question, KNOWN), found)
    assert all(claim.evidence[0].sentence.text == claim.text for claim in draft.claims)
    return [claim.text for claim in draft.claims]


def test_sentences_about_as_good_as_the_best_are_quoted_with_it() -> None:
    found = drafted("What helped?", ("A common goal helped most.", 0.8), ("Joint budgets helped too.", 0.75))
    assert found == ["A common goal helped most.", "Joint budgets helped too."]


def test_weaker_sentences_are_left_out() -> None:
    found = drafted("What helped?", ("A common goal helped most.", 0.8), ("Joint budgets helped too.", 0.5))
    assert found == ["A common goal helped most."]


def test_a_sentence_that_repeats_another_is_left_out() -> None:
    best = ("Shared offices helped staff to meet.", 0.8)
    again = ("Shared offices helped staff to meet often.", 0.79)
    assert drafted("What helped?", best, again) == ["Shared offices helped staff to meet."]


def test_no_more_than_a_few_sentences_are_quoted() -> None:
    quotes = ["A common goal helped most.", "Joint budgets helped too.", "Regular calls helped as well."]
    found = drafted("What helped?", *[(quote, 0.8) for quote in [*quotes, "Shared offices helped staff to meet."]])
    assert found == quotes


def test_a_number_takes_one_sentence() -> None:
    found = drafted("How many offices?", ("A common goal helped most.", 0.8), ("Joint budgets helped too.", 0.8))
    assert found == ["A common goal helped most."]
