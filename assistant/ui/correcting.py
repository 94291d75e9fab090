"""Tags corrected in place: a dialog on one passage, for any page. What it records holds for everyone from the next build on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from assistant.building import build
from assistant.corrections import Correction, record
from assistant.errors import CasewiseError
from assistant.spans import quote
from assistant.types import Facet, Origin
from assistant.ui.links import escaped, shortened
from assistant.ui.people import person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.conversation import Assistant
    from assistant.index import PassageIndex
    from assistant.types import Passage, Tag

_ASKED, _DONE = "passage_to_correct", "corrected"
_SHOWN_CHARACTERS = 600
_WHENCE = {
    Origin.HEADING: "from a heading above it",
    Origin.MENTION: "as its words mention it",
    Origin.PERSON: "from a person",
}
_LABELS = {Facet.THEME: "Themes", Facet.ASPECT: "Aspects", Facet.CASE: "Cases"}


def ask_to_correct(document: str, passage: str) -> None:
    """Open the dialog on a passage in the run that follows."""
    forget_correction()
    st.session_state[_ASKED] = (document, passage)


def forget_correction() -> None:
    """Say no more of what was corrected last."""
    st.session_state.pop(_DONE, None)


def show_correcting(library: Assistant) -> None:
    """Say what was corrected last, and open the dialog where it was asked for; call it once in a page."""
    done: str = st.session_state.get(_DONE, "")
    with st.container():  # always there: what follows keeps its place, and what is typed in it, when this comes or goes
        if done:
            (st.success if done.startswith("Recorded.") else st.warning)(escaped(done))
    asked = st.session_state.pop(_ASKED, None)
    if asked and person(library.settings).may_edit:
        _open(library, *asked)


def _open(library: Assistant, document: str, identifier: str) -> None:
    index = library.index  # the dialog stays with it, whatever is published while it is open
    passages = (index.passage(row) for row in index.rows_of(document))
    passage = next((one for one in passages if one.id == identifier), None)
    if passage is None:
        st.warning("The library no longer holds this passage. Ask again to see what it holds now.")
        return
    st.dialog("Correct tags", width="medium")(_correct)(library, index, passage)


def _correct(library: Assistant, index: PassageIndex, passage: Passage) -> None:
    st.markdown(f"“{escaped(shortened(passage.text, _SHOWN_CHARACTERS))}”")
    st.caption(escaped(" › ".join([passage.document, *passage.section])))
    with st.form("correction", border=False):
        chosen = {facet: _choose(index, passage, facet) for facet in Facet}
        st.caption(
            "Your choice is kept in tags.toml with your name and the date, and holds however the index is built again."
        )
        saved = st.form_submit_button("Save correction")
    if saved:
        other = {facet: names for facet, names in chosen.items() if _is_other(passage, facet, names)}
        _save(library, index, passage, other)


def _choose(index: PassageIndex, passage: Passage, facet: Facet) -> tuple[str, ...]:
    known = [entry.name for entry in index.taxonomy.entries[facet]]
    given = [name for name in passage.values(facet) if name in known]
    chosen = st.pills(
        _LABELS[facet],
        known,
        selection_mode="multi",
        default=given,
        format_func=escaped,
        key=f"correct {facet.value} {passage.id}",
    )
    tags = [tag for tag in passage.tags if tag.facet is facet]
    st.caption("  \n".join(map(_told, tags)) or f"It has no {facet.value} now.")
    return tuple(chosen)


def _told(tag: Tag) -> str:
    """Return where a tag came from, in words."""
    whence = _WHENCE.get(tag.origin, f"from its meaning, {tag.confidence:.0%} sure")
    return f"Now {escaped(tag.value)}, {whence}."


def _is_other(passage: Passage, facet: Facet, names: tuple[str, ...]) -> bool:
    return set(names) != set(passage.values(facet))


def _save(library: Assistant, index: PassageIndex, passage: Passage, tags: Mapping[Facet, tuple[str, ...]]) -> None:
    """Record a correction, bring the index up to date, and draw the page again; where that fails, say what to do."""
    who = person(library.settings)
    if not who.may_edit:
        st.error("You may not correct tags here. Ask whoever keeps the library.")
    elif not tags:
        st.info("These are the tags it has already. Choose others, or close this.")
    else:
        words = quote(index.texts[passage.document].text, passage.spans)
        correction = Correction(passage.document, words, tags, by=who.name or who.id, at=datetime.now(UTC).date())
        try:
            record(library.settings.corpus, correction, index.taxonomy)
        except CasewiseError as error:
            st.error(escaped(str(error)))
            return
        st.session_state[_DONE] = _brought_up_to_date(library)
        st.rerun()


def _brought_up_to_date(library: Assistant) -> str:
    """Build, and return what came of it in a sentence."""
    try:
        with st.spinner("Bringing the index up to date …"):
            report = build(library.settings, library.embedder)
    except CasewiseError as error:
        return f"The correction is kept in tags.toml, but the index could not be brought up to date: {error}"
    if report.strays:
        return f"The correction is kept in tags.toml. One there no longer has its passage: {report.strays[-1]}"
    return "Recorded. The new tags hold from now on."
