from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.embeddings import SentenceTransformerEmbedder
from assistant.support import ENOUGH_SUPPORT, Judge, find_faults, support
from tests.conftest import ROOT
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PAIRS = [json.loads(line) for line in (ROOT / "tests" / "data" / "support_pairs.jsonl").read_text("utf-8").splitlines()]


class Remembering:
    """The real model, asked once for all texts of the pairs."""

    def __init__(self) -> None:
        model = SentenceTransformerEmbedder()
        texts = sorted({text for pair in PAIRS for text in (pair["claim"], *pair["evidence"])}, key=len)
        self.identity = model.identity
        self.vectors = dict(zip(texts, model.embed(texts), strict=True))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.vectors[text] for text in texts])

    def is_common(self, word: str) -> bool:
        return word in self.vectors


@cache
def remembered() -> Remembering:
    return Remembering()


def share_right(split: str, *, supported: bool) -> float:
    pairs = [pair for pair in PAIRS if pair["split"] == split and pair["supported"] is supported]
    right = [support(pair["claim"], pair["evidence"], remembered()).verdict is supported for pair in pairs]
    return sum(right) / len(right)


def test_there_are_enough_pairs_and_half_of_them_were_set_aside() -> None:
    changed = [pair for pair in PAIRS if not pair["supported"]]
    assert len(changed) >= 120
    assert len(PAIRS) - len(changed) >= 100
    assert {pair["change"] for pair in changed} == {"number", "name", "case", "negation", "scope", "role", "unit"}
    assert 0.4 < sum(pair["split"] == "test" for pair in PAIRS) / len(PAIRS) < 0.6


FLOORS = [("tune", False, 0.97), ("tune", True, 0.98), ("test", False, 0.93), ("test", True, 0.89)]


@pytest.mark.parametrize(("split", "supported", "floor"), FLOORS)
def test_changed_sentences_are_recognised_and_paraphrases_kept(split: str, supported: bool, floor: float) -> None:
    assert share_right(split, supported=supported) >= floor - 0.005


SOURCE = "The team trained 18 of the nurses in six weeks, and some wards refused to close."


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("The team trained 28 of the nurses.", 'the number "28" is not in the source'),
        ("The team trained 18 of the nurses in six months.", 'the claim says "months", the source "weeks"'),
        ("The team trained 18 of the nurses in Oslo.", 'the name "Oslo" is not in the source'),
        ("All wards refused to close.", 'the claim says "All", the source does not'),
        ("Only the team trained 18 of the nurses.", 'the claim says "Only", the source does not'),
        ("Some wards agreed to close.", 'the source denies "close", the claim does not'),
        ("The team never trained the nurses.", 'the claim denies "trained", the source does not'),
        ("The nurses trained the team.", '"nurses" and "team" change places around "trained"'),
    ],
)
def test_a_reason_says_what_the_source_does_not(claim: str, reason: str) -> None:
    assert reason in [finding.reason for finding in find_faults(claim, [SOURCE])]


@pytest.mark.parametrize(
    "claim",
    [
        "Eighteen of the nurses were trained by the team.",
        "In six weeks, the team trained 18 of the nurses.",
        "Some wards did not close.",
        "The training of the nurses took only six weeks.",
    ],
)
def test_what_the_source_says_in_other_words_is_not_held_against_a_claim(claim: str) -> None:
    assert find_faults(claim, [SOURCE]) == ()


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Thirty-seven people came.", "37 people came."),
        ("It cost 1,500 pounds.", "It cost 1500 pounds."),
        ("Half a dozen people came.", "Six people came."),
        ("Two hundred people came.", "200 people came."),
        ("The World Health Organization agreed.", "The WHO agreed."),
    ],
)
def test_numbers_and_names_are_the_same_however_they_are_written(claim: str, source: str) -> None:
    assert find_faults(claim, [source]) == ()


def test_nothing_supports_nothing() -> None:
    assert support(" ", [SOURCE], HashingEmbedder()).probability == 0
    assert support("The team trained nurses.", [], HashingEmbedder()).reasons == ("there is no evidence",)


def test_a_verdict_against_a_claim_gives_a_reason_and_one_for_it_none() -> None:
    for pair in PAIRS[::7]:
        found = support(pair["claim"], pair["evidence"], remembered())
        assert found.verdict is (found.probability >= ENOUGH_SUPPORT)
        assert bool(found.reasons) is not found.verdict


def test_what_is_about_something_else_is_not_supported() -> None:
    found = support("The museum bought a painting by Turner.", [SOURCE], HashingEmbedder())
    assert not found.verdict


def test_vectors_of_the_evidence_spare_the_model_its_sentences() -> None:
    embedder = HashingEmbedder()
    vectors = embedder.embed([SOURCE])
    embedder.calls.clear()
    given = support("The team trained nurses.", [SOURCE], embedder, vectors)
    assert embedder.calls == [1]
    assert given.probability == pytest.approx(support("The team trained nurses.", [SOURCE], embedder).probability)


def test_a_judge_gives_the_probability() -> None:
    claim = "The team trained nurses."
    assert Judge(HashingEmbedder())(claim, [SOURCE]) == support(claim, [SOURCE], HashingEmbedder()).probability
