"""What files that were chosen would come to, read once each while whoever chose them looks on, and shown before they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import CasewiseError
from assistant.previewing import Preview, Upload, previews
from assistant.types import Facet
from assistant.ui.links import escaped
from assistant.ui.shelf import format_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from assistant.index import PassageIndex
    from assistant.settings import Settings

_NAMED = 6
"""How many tags are named."""


def previewed(files: Sequence[UploadedFile], settings: Settings, index: PassageIndex | None) -> list[Preview | None]:
    """Return what each file would come to; those that were looked at before are not read again. ``None`` where it went wrong."""
    known: dict[str, Preview] = st.session_state.setdefault("previews", {})
    new = [file for file in files if file.file_id not in known]
    place = st.empty()  # always there: were the rest to move up, the browser would drop what is being typed
    if new:
        bar = place.progress(0.0, "Reading the files …")
        try:
            coming = previews([Upload(file.name, file.getvalue()) for file in new], settings, index)
            for number, (file, preview) in enumerate(zip(new, coming, strict=True), 1):
                known[file.file_id] = preview
                bar.progress(number / len(new), f"Reading the files: {number:,} of {len(new):,} …")
        except CasewiseError as error:
            place.error(escaped(str(error)))
        else:
            place.empty()
    return [known.get(file.file_id) for file in files]


def largest(settings: Settings) -> int:
    """Return the largest file that is taken, in whole megabytes as the page counts them."""
    return max(1, settings.largest_file // 2**20)


def facts(preview: Preview) -> str:
    """Return what was read of a file, as Markdown in a line or two."""
    sizes = [(preview.pages, "page"), (preview.sections, "section"), (preview.passages, "passage")]
    counts = [f"{count:,} {noun}{'s' * (count != 1)}" for count, noun in sizes if count]
    tags = [f"{name} {count:,}" for facet, name, count in preview.tags if facet is not Facet.CASE]
    more = [f"{len(tags) - _NAMED} more"] if len(tags) > _NAMED else []
    untagged = [f"{preview.untagged:,} untagged"] if preview.untagged else []
    told = [
        " · ".join([format_name(preview.form), *counts]),
        "Case: " + escaped(", ".join(preview.cases)) if preview.cases else "",
        "Tags: " + escaped(", ".join([*tags[:_NAMED], *more, *untagged])) if tags or untagged else "",
    ]
    return "  \n".join(filter(None, told))
