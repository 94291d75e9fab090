"""Documents added to the library: chosen, looked at, and kept only once an editor says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import CasewiseError
from assistant.keeping import keep, replace_document
from assistant.taxonomy import ensure_case, load_taxonomy
from assistant.types import Facet
from assistant.ui.links import escaped
from assistant.ui.people import person
from assistant.ui.proposing import facts, largest, previewed
from assistant.ui.rebuilding import start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from assistant.embeddings import Embedder
    from assistant.index import PassageIndex
    from assistant.previewing import Preview
    from assistant.settings import Settings


def show_adding(settings: Settings, index: PassageIndex | None, embedder: Embedder) -> None:
    """Draw what adds documents; nothing enters the corpus before it is confirmed."""
    state = st.session_state
    state.setdefault("uploads", 0)
    with st.expander("Add documents", expanded=index is None):
        chosen = st.file_uploader(
            "Choose files: PDF, Word, web pages, Markdown or text",
            accept_multiple_files=True,
            max_upload_size=largest(settings),
            key=f"upload {state['uploads']}",
        )
        files = [file for file in chosen if file.file_id not in state.get("kept", set())]
        if files:
            _show_files(files, settings, index, embedder)


def _show_files(
    files: Sequence[UploadedFile], settings: Settings, index: PassageIndex | None, embedder: Embedder
) -> None:
    cases = _cases(settings)
    ticked = []
    for file, preview in zip(files, previewed(files, settings, index), strict=True):
        if preview is not None and _show_file(file.file_id, preview, cases):
            ticked.append((file, preview))
    count = len(ticked)
    st.button(
        f"Add {count:,} document{'s' * (count != 1)}" if count else "Add documents",
        type="primary",
        disabled=not count,
        on_click=_confirm,
        args=(ticked, len(ticked) == len(files), settings, embedder),
        key="confirm",
    )


def _cases(settings: Settings) -> list[str]:
    try:
        return [entry.name for entry in load_taxonomy(settings.corpus).entries[Facet.CASE]]
    except CasewiseError as error:
        st.error(escaped(str(error)))
        return []


def _show_file(file: str, preview: Preview, cases: Sequence[str]) -> bool:
    """Show what a file would come to; tell whether it is ticked."""
    if preview.reason:
        st.error(f"**{escaped(preview.uploaded)}** cannot be added. {escaped(preview.reason)}")
        return False
    with st.container(border=True, key=f"file {file}"):  # by a name: it stays the same one when a file above it goes
        st.markdown(f"**{escaped(preview.title)}**  \n{escaped(preview.name)}")
        st.markdown(facts(preview))
        st.caption(escaped(preview.begins))
        if preview.twin:
            st.warning(f"It says the same as {escaped(preview.twin)}, and would be left out of the answers.")
        if preview.taken:
            st.warning(f"There is a {escaped(preview.taken)} in the library already.")
            return st.checkbox(f"Replace {escaped(preview.taken)} with this file", key=f"replace {file}")
        is_ticked = st.checkbox(f"Add {escaped(preview.name)}", not preview.twin, key=f"add {file}")
        if is_ticked:
            _show_description(file, preview, cases)
        return is_ticked


def _show_description(file: str, preview: Preview, cases: Sequence[str]) -> None:
    """Let an editor say what a document is, where it does not say so itself."""
    if preview.proposal:
        st.markdown(f"Looks like a new case: **{escaped(preview.proposal)}**.")
        st.checkbox(f"Add {escaped(preview.proposal)} to the cases of the library", key=f"new case {file}")
    title, case, date = st.columns([2, 2, 1])
    title.text_input("Title", value=preview.title, key=f"title {file}", max_chars=200)
    said = f"As the text says: {', '.join(preview.cases)}" if preview.cases else "As the text says"
    case.multiselect("Case", cases, key=f"case {file}", placeholder=said)
    date.text_input("Date", value=preview.date, key=f"date {file}", max_chars=40, placeholder="2026-11-23")


def _confirm(
    ticked: Sequence[tuple[UploadedFile, Preview]],
    is_all: bool,
    settings: Settings,
    embedder: Embedder,
) -> None:
    """Keep what was ticked, and bring the index up to date; what cannot be kept stays where it is, and is told."""
    if not person(settings).may_edit:
        st.session_state["notices"] = ["Documents are added by editors only. Ask one, or sign in as one."]
        return
    kept: set[str] = st.session_state.setdefault("kept", set())
    notices = []
    before = len(kept)
    for file, preview in ticked:
        try:
            _keep(file, preview, settings)
            kept.add(file.file_id)
        except CasewiseError as error:
            notices.append(str(error))
            st.session_state["previews"].pop(
                file.file_id, None
            )  # looked at again: its name may be taken by now, or free
    st.session_state["notices"] = notices
    if len(kept) > before:
        start(settings, embedder)
    if is_all and not notices:
        st.session_state["uploads"] += 1  # another, empty place to put files
        st.session_state["previews"], st.session_state["kept"] = {}, set()


def _keep(file: UploadedFile, preview: Preview, settings: Settings) -> None:
    if preview.taken:
        replace_document(settings.corpus, preview.taken, preview.name, file.getvalue())
        return
    state = st.session_state
    new = preview.proposal if preview.proposal and state.get(f"new case {file.file_id}") else ""
    cases = [*state.get(f"case {file.file_id}", []), *([new] if new else [])]
    if new:
        ensure_case(settings.corpus, new)
    title, date = (str(state.get(f"{key} {file.file_id}", "")).strip() for key in ("title", "date"))
    said = {
        "title": title if title != preview.title else "",
        "case": "; ".join(cases),
        "date": date if date != preview.date else "",
    }
    keep(settings.corpus, preview.name, file.getvalue(), said)
