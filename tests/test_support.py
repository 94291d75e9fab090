from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from assistant.embeddings import SentenceTransformerEmbedder
from assistant.settings import Settings
from assistant.support import Judge, find_faults, support
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


def share_right(*, supported: bool, ours: bool, reworded: bool = False) -> float:
    kind = (supported, "tune", ours, reworded)
    return right_of(
        [p for p in PAIRS if (p["supported"], p["split"], "source" not in p, "reworded" in p) == kind],
        supported=supported,
    )


def right_of(pairs: Sequence[dict[str, Any]], *, supported: bool) -> float:
    right = [support(pair["claim"], pair["evidence"], remembered()).verdict is supported for pair in pairs]
    return sum(right) / len(right)


def test_there_are_enough_pairs_of_every_kind_and_others_from_open_texts() -> None:
    changed = [pair for pair in PAIRS if not pair["supported"]]
    assert len(changed) >= 350
    assert len(PAIRS) - len(changed) >= 300
    assert {pair["change"] for pair in changed} == {"number", "name", "case", "negation", "scope", "role", "unit"}
    assert {pair["source"] for pair in PAIRS if "source" in pair} == {
        "SQuAD 2.0, CC BY-SA 4.0",
        "OR-ShARC, CC BY-SA 3.0",
    }


FLOORS = [(True, False, 0.98), (True, True, 0.92), (False, False, 0.98), (False, True, 0.93)]


@pytest.mark.parametrize(("ours", "supported", "floor"), FLOORS)
def test_changed_sentences_are_recognised_and_paraphrases_kept(*, ours: bool, supported: bool, floor: float) -> None:
    assert share_right(supported=supported, ours=ours) >= floor - 0.005


@pytest.mark.parametrize(
    ("supported", "reworded", "floor"),
    [
        (True, False, 0.93),  # paraphrases kept: 0.948 of 115
        (False, False, 0.91),  # changed in the document's wording: 0.925 of 67
        (False, True, 0.50),  # changed and put in other words as well: 0.526 of 78
    ],
)
def test_the_pairs_set_aside_are_told_apart_as_well_as_they_were(
    *, supported: bool, reworded: bool, floor: float
) -> None:
    aside = [p for p in PAIRS if p["split"] == "test" and (p["supported"], "reworded" in p) == (supported, reworded)]
    assert right_of(aside, supported=supported) >= floor


def test_what_is_changed_and_put_in_other_words_as_well_is_recognised_more_often_than_one_time_in_three() -> None:
    assert share_right(supported=False, ours=False, reworded=True) > 1 / 3


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
    ("claim", "reason"),
    [
        ("The team trained 18 of the cooks in six weeks.", 'the claim says "cooks", the source "nurses"'),
        ("The nurses trained 18 of the team in six weeks.", '"nurses" and "team" change places around "trained"'),
        ("Within six weeks the team hired 18 of the nurses.", None),
        ("In about six weeks, eighteen nurses had been prepared for their work.", None),
    ],
)
def test_a_new_word_tells_where_all_else_is_the_same_and_not_where_a_claim_has_words_of_its_own(
    claim: str, reason: str | None
) -> None:
    found = [finding.reason for finding in find_faults(claim, [SOURCE])]
    assert found[:1] == ([reason] if reason else [])


def test_close_wording_is_as_close_as_the_settings_say() -> None:
    claim = "The team trained 18 of the cooks in six weeks."
    assert find_faults(claim, [SOURCE], Settings(same_wording=1.0)) == ()


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
        ("It sold 2.4 million tickets.", "It sold 2.4m tickets."),
        ("It took two years to build.", "It took 24 months to build."),
        ("British ministers agreed.", "Ministers of the UK agreed."),
        ("It was five years after the first.", "The first was in 2005, the second in 2010."),
        ("It was the work of three months.", "The work went on from January to March."),
    ],
)
def test_numbers_and_names_are_the_same_however_they_are_written(claim: str, source: str) -> None:
    assert find_faults(claim, [source]) == ()


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("There is no trust without open talk between the teams.", "Trust between the teams requires open talk."),
        (
            "The teams did not trust each other until they met.",
            "Only by meeting did the teams come to trust one another.",
        ),
        ("It made 40 gowns every day for the wards.", "It made 40 gowns a day for the wards."),
        (
            "The council said that the towns lacked diversity.",
            "The council spoke of problems of diversity in the towns.",
        ),
        ("The problems that the leaders of the towns faced grew.", "Problems facing leaders of the towns grew."),
        ("If data is to be shared, teams must meet often.", "The teams need to meet often to share data."),
        ("The NB built the boats.", "Boats were built by the NB, the National Bank."),
        ("The boats were built by the Bank and Port of Leeds.", "The Bank and Port of Leeds built the boats."),
        ("No, the teams do not share data.", "The teams are unable to share data."),
    ],
)
def test_the_same_said_by_way_of_denials_or_the_other_way_round_is_no_fault(claim: str, source: str) -> None:
    assert find_faults(claim, [source]) == ()


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("There is trust without open talk between the teams.", "Trust between the teams requires open talk."),
        ("It is not hard for the teams to share data.", "It is difficult for the teams to share data."),
        ("It is impossible for the teams to share data.", "It is difficult for the teams to share data."),
        ("Every team can share data with the wards.", "Not every team can share data with the wards."),
        ("The teams acted as neither partners nor friends.", "The teams acted as both partners and friends."),
        ("It trained 1 of the nurses in the wards.", "It trained 18 of the nurses in the wards."),
        ("Oslo Port funded the boats.", "Oslo Port runs boats funded by the Bank of Leeds."),
        (
            "The boats were built by the Bank of Leeds.",
            "The boats, built by Oslo Port, were funded by the Bank of Leeds.",
        ),
        ("No, the teams cannot share data.", "The teams share data every week."),
    ],
)
def test_one_denial_or_one_word_of_how_many_too_much_is_a_fault(claim: str, source: str) -> None:
    assert find_faults(claim, [source])


def test_nothing_supports_nothing() -> None:
    assert support(" ", [SOURCE], HashingEmbedder()).probability == 0
    assert support("The team trained nurses.", [], HashingEmbedder()).reasons == ("there is no evidence",)


def test_a_verdict_against_a_claim_gives_a_reason_and_one_for_it_none() -> None:
    for pair in PAIRS[::7]:
        found = support(pair["claim"], pair["evidence"], remembered())
        assert found.verdict is (found.probability >= Settings().enough_support)
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
