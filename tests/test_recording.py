from __future__ import annotations

import errno
import os
import tomllib
from typing import TYPE_CHECKING

import pytest

from assistant.building import build
from assistant.corrections import Correction, record
from assistant.errors import CorrectionError
from assistant.types import Facet

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant import Assistant

SAID = "Staff in Leeds shared an office."
HARDER = Correction("leeds.md", SAID, {Facet.ASPECT: ("challenge",)}, by="Ada")


def test_a_recorded_correction_moves_a_quote_to_another_cell(make_library: Callable[..., Assistant]) -> None:
    library = make_library(leeds_md=f"## Motivations\n\n### Enablers\n\n{SAID}\n")
    assert library.grid("What did staff share?", aspect="challenge").quotes == ()
    record(library.settings.corpus, HARDER, library.index.taxonomy)
    build(library.settings, library.embedder)
    assert [one.citation.quote for one in library.grid("What did staff share?", aspect="challenge").quotes] == [SAID]


def test_corrections_are_added_to_those_that_are_there(make_library: Callable[..., Assistant]) -> None:
    library = make_library(leeds_md=SAID)
    record(library.settings.corpus, HARDER, library.index.taxonomy)
    record(library.settings.corpus, Correction("x.md", "y", {Facet.CASE: ()}), library.index.taxonomy)
    written = tomllib.loads((library.settings.corpus / "tags.toml").read_text(encoding="utf-8"))
    assert [one["document"] for one in written["corrections"]] == ["leeds.md", "x.md"]


def test_a_file_that_cannot_be_written_is_an_error_and_nothing_is_lost(
    make_library: Callable[..., Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = make_library(leeds_md=SAID)
    corpus = library.settings.corpus
    record(corpus, HARDER, library.index.taxonomy)
    before = {path.name: path.read_bytes() for path in corpus.iterdir()}

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CorrectionError, match="was not recorded"):
        record(corpus, Correction("x.md", "y", {Facet.CASE: ()}), library.index.taxonomy)
    assert {path.name: path.read_bytes() for path in corpus.iterdir()} == before
