"""The gaps of the library, each to be made an evaluation question: for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import CasewiseError
from assistant.evaluation.adding import add_question, gold_of
from assistant.evaluation.gaps import Gap, gaps
from assistant.evaluation.kept import own_questions
from assistant.evaluation.question_sets import UNANSWERABLE, read_question_set
from assistant.rendering import where
from assistant.ui.conversations import archive_of
from assistant.ui.links import escaped, shortened
from assistant.ui.measures import moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.conversation import Assistant
    from assistant.evaluation.gold import Piece
    from assistant.evaluation.question_sets import AskedQuestion
    from assistant.index import PassageIndex
    from assistant.types import Hit

_ANSWER, _REFUSE = "Answer it with words of the library", "Refuse it: the library does not hold this"
_KINDS = ("fact", "number", "list", "method")
"""What kinds are offered where the question set has none yet."""
_PAGEFUL, _PASSAGES, _SENTENCES, _COMMENT = 20, 5, 12, 400
"""How many gaps, passages and sentences of a passage are shown, and how many characters of a comment."""


def show_gaps(library: Assistant) -> None:
    """Show what was refused or no help, the newest first; or the form that makes one of them a question of the set."""
    st.header("Gaps", anchor=False)
    said = st.session_state.pop("gaps said", None)
    if said:
        st.success(escaped(said))
    try:
        known = _known(own_questions(library.settings))
        exchanges = archive_of(library.settings).gaps()
    except CasewiseError as error:
        st.error(escaped(str(error)))
        return
    found = gaps(exchanges, known)
    chosen = next((gap for gap in found if _is_chosen(gap)), None)
    if chosen:
        _form(library, chosen, known)
    else:
        _list(found)
        settled = len(gaps(exchanges)) - len(found)
        if settled:
            st.caption(f"Left out, since they are evaluation questions by now: {settled:,}.")


def _is_chosen(gap: Gap) -> bool:
    """Tell whether the form is open for a gap; it stays so where the question is asked once more meanwhile, in other words."""
    return st.session_state.get("gap") in {one.id for one in gap.exchanges}


def _known(path: Path) -> list[AskedQuestion]:
    return read_question_set(path) if path.is_file() else []


def _list(found: Sequence[Gap]) -> None:
    if not found:
        st.markdown(
            "Nothing to mend: no question was refused, and no answer was marked unhelpful. What people ask on the page **Ask** "
            "shows up here when the library has no answer, or not a good one."
        )
        return
    st.caption(
        "What was refused, and what people marked unhelpful. Make one an evaluation question to follow it from now on."
    )
    count = st.session_state.setdefault("gaps shown", _PAGEFUL)
    for number, gap in enumerate(found[:count]):
        _row(number, gap)
    if len(found) > count:
        st.button(f"Show {min(_PAGEFUL, len(found) - count)} more", key="more gaps", on_click=_show_more)


def _row(number: int, gap: Gap) -> None:
    with st.container(border=True, key=f"gap-{number}"):
        st.markdown(f"**{escaped(gap.question)}**")
        st.caption(escaped(_story(gap)))
        st.markdown(escaped(_came_of_it(gap)))
        for comment in gap.comments:
            st.markdown(f"Comment: “{escaped(shortened(comment, _COMMENT))}”")
        st.button("Make it an evaluation question", key=f"make {number}", on_click=_choose, args=(gap.exchanges[0].id,))


def _story(gap: Gap) -> str:
    counted = {"refused": gap.refused, "marked unhelpful": gap.unhelpful}
    said = " and ".join(f"{name} {_times(count)}" for name, count in counted.items() if count)
    last = f", last on {moment(gap.asked)}" if gap.asked else ""
    return f"{said[:1].upper()}{said[1:]}{last}"


def _came_of_it(gap: Gap) -> str:
    """Return how the question was answered last, or why it was not."""
    answer = gap.exchanges[0].answer
    return shortened((answer.answer if answer.answered else answer.reason or "") if answer else "", _COMMENT)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _form(library: Assistant, gap: Gap, known: Sequence[AskedQuestion]) -> None:
    st.markdown("**A new evaluation question**")
    question = st.text_input(
        "Question", gap.question, key="gap question", max_chars=library.settings.question_characters
    )
    wanted = st.radio("What should Casewise do?", [_ANSWER, _REFUSE], key="gap wanted")
    kinds = list(dict.fromkeys([*(one.kind for one in known if one.answerable), *_KINDS]))
    gold: list[Piece] = []
    if wanted == _ANSWER:
        kind: str | None = st.selectbox("Kind of question", kinds, key="gap kind", accept_new_options=True)
        gold = _chosen_words(library, question)
    else:
        kind = UNANSWERABLE
    with st.container(horizontal=True):
        kept = st.button("Keep the question", key="keep gap", type="primary")
        st.button("Back to the gaps", key="leave gap", on_click=_choose, args=(None,))
    if kept and wanted == _ANSWER and not gold:
        st.error("Choose the words that answer the question, or say that the library does not hold this.")
    elif kept:
        _keep(library, question, gold, kind)


def _chosen_words(library: Assistant, question: str) -> list[Piece]:
    """Let somebody find passages and choose the sentences that an answer must cite; return their words in the document."""
    sought = st.text_input("Find the words that answer it", question, key="gap sought")
    st.caption("An answer must cite everything that you choose.")
    try:
        hits = library.search(sought, _PASSAGES)
    except CasewiseError as error:
        st.warning(escaped(str(error)))
        return []
    if not hits:
        st.markdown("No passage comes near. Look for other words.")
    index = library.index
    return [piece for hit in hits for piece in _ticked(index, hit)]


def _ticked(index: PassageIndex, hit: Hit) -> list[Piece]:
    passage = hit.passage
    document = index.documents.get(passage.document)
    if document is None:
        return []
    st.caption(escaped(f"{document.title}: {where(passage)}"))
    offered = {f"{one.spans[0].start}-{one.spans[-1].end}": one for one in passage.sentences[:_SENTENCES]}
    ticked = [one for name, one in offered.items() if st.checkbox(escaped(one.text), key=f"gold {passage.id} {name}")]
    return gold_of(document, ticked)


def _keep(library: Assistant, question: str, gold: Sequence[Piece], kind: str | None) -> None:
    path = own_questions(library.settings)
    try:
        added = add_question(path, question, gold, library.documents(), kind)
    except CasewiseError as error:
        st.error(escaped(str(error)))
        return
    st.session_state["gaps said"] = (
        f"“{shortened(added.question, 100)}” is an evaluation question now: {added.id} in {path.name}."
    )
    _choose(None)
    st.rerun()


def _choose(exchange: str | None) -> None:
    st.session_state.gap = exchange
    for key in [key for key in st.session_state if str(key).startswith(("gold ", "gap "))]:
        del st.session_state[key]


def _show_more() -> None:
    st.session_state["gaps shown"] += _PAGEFUL
