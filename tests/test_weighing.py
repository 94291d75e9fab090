"""What a model writes is held to what it cites as a whole and part by part, and the name of a case supports nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.support.parts import parts
from tests.language_model import speaking
from tests.lying import sentences_of

if TYPE_CHECKING:
    from assistant import Assistant

SILOS = "Siloed funding streams and competition for funding can prevent the sharing of resources"
EXPERTS = "leaders described themselves as facilitators whose main role was bringing together experts"
COURTS = "This meant it took six weeks rather than the usual 18-24 months"


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "Sharing funds is hard due to the complexity of large organisations and the need to adapt to changing circumstances.",
            [
                "Sharing funds is hard",
                "the complexity of large organisations",
                "the need to adapt to changing circumstances.",
            ],
        ),
        ("Trust grows, and rapport.", ["Trust grows, and rapport."]),
        (
            "The team built a shared evidence base, for everyone.",
            ["The team built a shared evidence base, for everyone."],
        ),
        ("", [""]),
    ],
)
def test_a_sentence_is_cut_into_parts_that_say_something(sentence: str, found: list[str]) -> None:
    assert parts(sentence) == found


def reason_of(library: Assistant, source: str, sentence: str) -> str | None:
    """Return why a sentence that cites a source is taken back; ``None`` where it is shown."""
    whole = next(text for text in sentences_of(library) if source in text)
    with speaking(lambda request: [f"{sentence} [{request.number_of(source)}]"]) as model:
        settings = library.settings.model_copy(update={"llm_url": model.url, "llm_model": "scripted"})
        answer = replace(library, settings=settings).ask(f"{whole}?", answerer="generative")
    return answer.rejected[0].reason if answer.rejected else None


def test_a_reason_made_up_beside_what_is_true_is_named(library: Assistant) -> None:
    assert reason_of(library, SILOS, "Sharing resources is difficult where funding streams are siloed.") is None
    made_up = "Sharing staff and budgets is hard because managers fear losing their jobs."
    assert reason_of(library, SILOS, made_up) == "What it cites says nothing of “managers fear losing their jobs”."


def test_what_another_passage_says_is_not_borne_out_by_this_one(library: Assistant) -> None:
    blended = "Leaders brought experts together, and gathered evidence and perspectives from communities."
    reason = reason_of(library, EXPERTS, blended)
    assert (
        reason
        == "Another passage says more of “gathered evidence and perspectives from communities” than what it cites."
    )


def test_the_name_of_a_case_bears_out_nothing_that_is_said_of_it(library: Assistant) -> None:
    true = (
        "In the East Ayrshire Vibrant Communities programme, leaders saw bringing experts together as their main role."
    )
    assert reason_of(library, EXPERTS, true) is None
    for made_up in (
        "The East Ayrshire Vibrant Communities programme played a key role in East Ayrshire.",
        "The East Ayrshire Vibrant Communities programme was praised throughout the country.",
    ):
        assert reason_of(library, EXPERTS, made_up) == "What it cites says little of this."
    assert reason_of(library, COURTS, "Nightingale Courts were closed again when the pandemic was over.")


def test_what_another_passage_says_somebody_else_did_is_not_shown(library: Assistant) -> None:
    explore = "leaders took part in an interview with Ipsos MORI to explore the situation in more detail"
    true = "Leaders were interviewed by Ipsos MORI to explore the situation in detail."
    assert reason_of(library, explore, true) is None
    reason = reason_of(library, explore, "Ipsos MORI commissioned the research.")
    assert reason == "Another passage says that somebody else did it."
