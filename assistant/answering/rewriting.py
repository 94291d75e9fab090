"""A follow-up made to stand alone by a language model; what it gives is taken only where it adds no name and no number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import LanguageModelError
from assistant.support.checks import names, numbers
from assistant.support.statements import parse
from assistant.types import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.answering.language_model import LanguageModel, Message

_RULES = """\
Rewrite the last question so that it can be understood without the conversation: put what "it", "they", "there" and the \
like stand for in their place, and add what was left out. Add nothing else. Where it stands alone, repeat it word for word.
Write only the question."""
_REMEMBERED = 6
"""How many of the last turns the model is told."""
_SECONDS = 10.0
_LEAST_SHARED = 1


def rewritten(
    question: str, history: Sequence[Turn | str], model: LanguageModel, most: int, going_on: Callable[[], None]
) -> str | None:
    """Return a question that stands alone, of at most ``most`` characters; ``None`` where the rules had better be asked."""
    asked = [turn.question if isinstance(turn, Turn) else turn for turn in history[-_REMEMBERED:]]
    if not asked:
        return None
    try:
        said = " ".join("".join(model.write(_messages(question, asked), seconds=_SECONDS, going_on=going_on)).split())
    except LanguageModelError:
        return None
    told = [question, *asked, *_alone(history)]
    return said if said.endswith("?") and len(said) <= most and _adds_nothing(said, told) else None


def _messages(question: str, asked: Sequence[str]) -> list[Message]:
    told = "\n".join(f"Earlier question: {one}" for one in asked)
    return [
        {"role": "system", "content": _RULES},
        {"role": "user", "content": f"{told}\nLast question: {question}"},
    ]


def _alone(history: Sequence[Turn | str]) -> Iterator[str]:
    """Yield what earlier questions were understood as, and the cases that their answers cite."""
    for turn in history:
        if isinstance(turn, Turn):
            yield turn.answer.standalone_question
            yield from (case for citation in turn.answer.citations for case in citation.cases)


def _adds_nothing(said: str, told: Sequence[str]) -> bool:
    """Tell whether a question has no name or number that was not told, and something of the question it was made of."""
    mine, held = parse(said), [token for one in told for token in parse(one)]
    strange = [*names(mine, held), *numbers(mine, held, close=True)]
    first = {token.stem for token in parse(told[0])}
    return not strange and len({token.stem for token in mine} & first) >= _LEAST_SHARED
