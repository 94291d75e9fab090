"""The page where questions are asked: the chat, the filters, and the source beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import streamlit as st

from assistant.errors import CasewiseError
from assistant.rendering import where
from assistant.types import Facet, Turn
from assistant.ui.components import opened_query, source_links, source_text
from assistant.ui.library import open_library
from assistant.ui.links import Place, address, answer_markdown, escaped, link, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.conversation import Assistant
    from assistant.types import Answer

_STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding-top: 4rem; }
@media (min-width: 800px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-source) { position: sticky; top: 4.5rem; }
}
</style>"""
_EVERYTHING = "All"


def page() -> None:
    """Draw the page."""
    st.session_state.setdefault("turns", [])
    st.session_state.setdefault("place", place_of(st.query_params.to_dict()))
    st.session_state.setdefault("shown", 0)
    st.html(_STYLE)
    st.title("Ask the case studies")
    try:
        library = open_library()
    except CasewiseError as error:
        st.error(escaped(str(error)))
        return
    filters = _filters(library)
    with st.bottom:
        asked = st.chat_input("Ask a question about the case studies", key="question", submit_mode="stop")
    asked = asked or st.session_state.pop("started", None)
    chat, source = st.columns(2, gap="medium")
    with source, st.container(key="source"):
        _source(library)
    with chat:
        _chat(library, asked, filters)
    source_links(_status(), _open_clicked)


def _filters(library: Assistant) -> dict[str, str | None]:
    """Draw the filters; return those that are set, by name."""
    with st.sidebar:
        st.header("Filters")
        chosen = {facet.value: _filter(library, facet) for facet in Facet}
        st.caption("Filters hold for every question until you change them.")
    return chosen


def _filter(library: Assistant, facet: Facet) -> str | None:
    entries = library.index.taxonomy.entries[facet]
    counts = {entry.name: library.index.count(facet, entry.name) for entry in entries}
    chosen = st.selectbox(
        facet.value.capitalize(),
        [_EVERYTHING, *counts],
        format_func=lambda name: name if name == _EVERYTHING else f"{_title(name)} ({counts[name]})",
        help="\n".join(f"- **{escaped(_title(entry.name))}**: {escaped(entry.definition)}" for entry in entries)
        or None,
        key=f"filter_{facet.value}",
    )
    return None if chosen == _EVERYTHING else chosen


def _chat(library: Assistant, asked: str | None, filters: dict[str, str | None]) -> None:
    turns: list[Turn] = st.session_state.turns
    if not turns and not asked:
        _welcome(library)
    for turn in turns:
        _shown_question(turn.question)
        with st.chat_message("assistant", avatar=":material/menu_book:"):
            _shown_answer(turn.answer)
    if asked:
        _shown_question(asked)
        with st.chat_message("assistant", avatar=":material/menu_book:"):
            _answered(library, asked, filters)


def _welcome(library: Assistant) -> None:
    st.write("Every sentence of an answer shows the words it rests on: choose its number to read them in the document.")
    if library.index.taxonomy.starters:
        st.subheader("Try asking", anchor=False)
    for question in library.index.taxonomy.starters:
        st.button(escaped(question), key=f"starter {question}", on_click=_start, args=(question,))


def _start(question: str) -> None:
    st.session_state.started = question


def _shown_question(question: str) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(escaped(question))


def _answered(library: Assistant, asked: str, filters: dict[str, str | None]) -> None:
    """Answer a question and keep the turn before a word of it is shown: a click in mid-stream loses nothing."""
    turns: list[Turn] = st.session_state.turns
    try:
        with st.spinner("Searching the library …"):
            answer = library.ask(asked, turns, **filters)
    except CasewiseError as error:
        st.warning(escaped(str(error)))
        return
    turns.append(Turn(asked, answer))
    if answer.answered:
        _rewritten(answer)
        st.write_stream(_streamed(answer_markdown(answer)))
        _below(answer)
    else:
        _shown_answer(answer)


def _streamed(markdown: str) -> Iterator[str]:
    """Yield an answer a paragraph's words at a time; links come whole."""
    for paragraph in markdown.split("\n\n"):
        words, bracket, links = paragraph.partition(" [\\[")
        for word in words.split(" "):
            yield f"{word} "
        yield f"{bracket.strip()}{links}\n\n"


def _shown_answer(answer: Answer) -> None:
    _rewritten(answer)
    if answer.answered:
        st.markdown(answer_markdown(answer))
        _below(answer)
        return
    st.markdown(f"**The library does not answer this.** {escaped(answer.reason or '')}")
    if answer.passages:
        nearest = "\n".join(
            f"- {link(where(hit.passage), Place(hit.passage.document, hit.passage.spans), hit.passage.text)}: "
            f"{escaped(hit.passage.text)}"
            for hit in answer.passages[:3]
        )
        st.markdown(f"The nearest passages:\n\n{nearest}")


def _rewritten(answer: Answer) -> None:
    """Show how a follow-up was understood, where it was rewritten."""
    if answer.standalone_question != " ".join(answer.question.split()):
        st.caption(f"Understood as: {escaped(answer.standalone_question)}")


def _below(answer: Answer) -> None:
    count = len(answer.citations)
    st.caption(
        f"Quoted from {count} place{'s' if count != 1 else ''} in the library · choose a number to read it there"
    )


def _source(library: Assistant) -> None:
    place: Place | None = st.session_state.place
    if place is None:
        if st.session_state.turns:
            st.caption("Choose a number in an answer to read the words it rests on.")
        return
    document = library.index.documents.get(place.document)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Source", anchor=False, width="content")
        st.button("Close source", on_click=_close, key="close")
    if document is None:
        st.warning(f"The library no longer holds the document {escaped(place.document)}.")
        return
    st.markdown(f"**{escaped(document.title)}** · {escaped(document.id)}")
    source_text(document, place, st.session_state.shown)
    st.markdown(f"[Link to these words]({address(place)})")


def _open_clicked() -> None:
    place = place_of(dict(parse_qsl(opened_query())))
    if place is not None:
        st.session_state.place = place
        st.session_state.shown += 1


def _close() -> None:
    st.session_state.place = None


def _status() -> str:
    turns: list[Turn] = st.session_state.turns
    if not turns:
        return ""
    answer = turns[-1].answer
    if not answer.answered:
        return f"Question {len(turns)}: the library does not answer this."
    count = len(answer.citations)
    return f"Question {len(turns)}: answer ready, {count} source{'s' if count != 1 else ''}."


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
