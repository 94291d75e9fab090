"""A library of its own that is served: the summary, a Word file, and a PDF that cannot be read."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.building import build
from assistant.settings import Settings
from tests.conftest import CORPUS
from tests.web.conftest import served
from tests.word_files import p, word_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from assistant import Assistant

FERRY = word_file(
    p("Harbour ferries", "Title") + p("The ferry of the harbour carried eighty-two nurses to the island.")
)


@contextmanager
def a_library(library: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch, *, editing: bool) -> Iterator[str]:
    corpus = folder / "corpus"
    shutil.copytree(CORPUS, corpus)
    (corpus / "ferries.docx").write_bytes(FERRY)
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    settings = Settings(corpus=corpus, index=folder / "index", state=folder / "state")
    build(settings, library.embedder)
    monkeypatch.setenv("CASEWISE_EDITING", "1" if editing else "0")
    monkeypatch.setenv("CASEWISE_STATE", str(folder / "state"))
    with served(corpus, settings.index) as address:
        yield address
