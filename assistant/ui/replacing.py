"""A document of the library replaced by another file, or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import CasewiseError
from assistant.keeping import remove_document, replace_document
from assistant.ui.links import escaped
from assistant.ui.people import person
from assistant.ui.proposing import facts, largest, previewed
from assistant.ui.rebuilding import start

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from assistant.embeddings import Embedder
    from assistant.index import PassageIndex
    from assistant.settings import Settings
    from assistant.types import Document

_ONLY_EDITORS = "Documents are replaced and removed by editors only. Ask one, or sign in as one."


def show_replacing(index: PassageIndex, settings: Settings, embedder: Embedder, document: Document) -> None:
    """Draw what replaces and what removes a document."""
    with st.expander("Replace or remove this document"):
        st.session_state.setdefault("uploads", 0)
        file = st.file_uploader(
            "Choose the file that takes its place; the name and what is said of it stay",
            max_upload_size=largest(settings),
            key=f"replacement {document.id} {st.session_state['uploads']}",
        )
        if file:
            _show_replacement(file, index, settings, embedder, document)
        st.divider()
        _show_removal(index, settings, embedder, document)


def _show_replacement(
    file: UploadedFile, index: PassageIndex, settings: Settings, embedder: Embedder, document: Document
) -> None:
    (preview,) = previewed([file], settings, index)
    if preview is None:
        return
    if preview.reason:
        st.error(f"**{escaped(file.name)}** cannot take its place. {escaped(preview.reason)}")
        return
    st.markdown(f"**{escaped(preview.title)}**  \n{facts(preview)}")
    arguments = (document.id, file, settings, embedder)
    st.button("Replace the document", type="primary", on_click=_replace, args=arguments, key="replace")


def _show_removal(index: PassageIndex, settings: Settings, embedder: Embedder, document: Document) -> None:
    if len(index.documents) == 1:
        st.markdown("This is the only document of the library. Add another before you remove it.")
        return
    count = len(index.rows_of(document.id))
    st.markdown(
        f"Removing **{escaped(document.id)}** deletes the file and what is said of it from the corpus folder, and takes its "
        f"{count:,} passage{'s' * (count != 1)} out of the library. Answers rest on the other documents from then on."
    )
    is_sure = st.checkbox("Yes, remove this document", key=f"sure {document.id}")
    st.button("Remove the document", disabled=not is_sure, on_click=_remove, args=(document.id, settings, embedder))


def _replace(document: str, file: UploadedFile, settings: Settings, embedder: Embedder) -> None:
    if not person(settings).may_edit:
        st.session_state["notices"] = [_ONLY_EDITORS]
        return
    try:
        replace_document(settings.corpus, document, file.name, file.getvalue())
    except CasewiseError as error:
        st.session_state["notices"] = [str(error)]
        return
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    start(settings, embedder)


def _remove(document: str, settings: Settings, embedder: Embedder) -> None:
    if not person(settings).may_edit:
        st.session_state["notices"] = [_ONLY_EDITORS]
        return
    try:
        remove_document(settings.corpus, document)
    except CasewiseError as error:
        st.session_state["notices"] = [str(error)]
        return
    st.query_params.clear()
    start(settings, embedder)
