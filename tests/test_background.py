"""Builds behind the page: one at a time, none forgotten, and the old index in use until the new one is done."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from assistant.background import Rebuilder
from assistant.changes import State
from assistant.holdings import Standing, as_they_stand, holdings, pending, states
from assistant.previewing import Upload, previews
from assistant.types import Facet
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from assistant.conversation import Assistant
    from assistant.settings import Settings

HUB = (
    "# The hub in Leeds\n\n## Structures\n\n### Enablers\n\nThe hub had a shared budget.\n\n## Notes\n\nNothing more.\n"
)


class HeldEmbedder(HashingEmbedder):
    """Embeds only once it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = Event(), Event()
        self.go_on.set()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.begun.set()
        assert self.go_on.wait(60)
        return super().embed(texts)


def test_what_is_asked_for_while_a_build_runs_is_done_after_it_once(make_corpus: Callable[..., Settings]) -> None:
    settings, embedder, rebuilder = make_corpus(a_md=HUB), HeldEmbedder(), Rebuilder()
    embedder.go_on.clear()
    rebuilder.start(settings, embedder)
    assert embedder.begun.wait(60)
    assert rebuilder.is_running
    (settings.corpus / "b.txt").write_text("The trams of York ran late.")
    for _ in range(3):
        rebuilder.start(settings, embedder)
    embedder.go_on.set()
    rebuilder.wait(60)
    assert rebuilder.last is not None
    assert rebuilder.last.number == 2
    assert rebuilder.last.report is not None
    assert [change.name for change in rebuilder.last.report.changes] == ["b.txt"]
    assert not rebuilder.is_running
    assert rebuilder.stage is None


def test_an_error_is_told_and_leaves_the_old_index_in_use(make_library: Callable[..., Assistant]) -> None:
    library, rebuilder = make_library(a_md=HUB), Rebuilder()
    (library.settings.corpus / "taxonomy.toml").write_text("themes = [")
    rebuilder.start(library.settings, library.embedder)
    rebuilder.wait(60)
    assert rebuilder.last is not None
    assert rebuilder.last.report is None
    assert "is not TOML" in rebuilder.last.message
    assert list(library.index.documents) == ["a.md"]


def test_an_open_library_goes_on_to_what_was_built_behind_it(make_library: Callable[..., Assistant]) -> None:
    library, rebuilder = make_library(a_md=HUB), Rebuilder()
    (library.settings.corpus / "b.txt").write_text("The trams of York ran late.")
    rebuilder.start(library.settings, library.embedder)
    rebuilder.wait(60)
    assert list(library.index.documents) == ["a.md", "b.txt"]


def test_holdings_count_tags_and_tell_where_every_file_stands(make_library: Callable[..., Assistant]) -> None:
    library = make_library(a_md=HUB, b_txt="The trams of York ran late.", c_pdf="%PDF-1.4 broken", d_md=HUB)
    settings, index = library.settings, library.index
    held = {one.id: one for one in holdings(index)}
    hub = held["a.md"]
    assert (hub.title, hub.form, hub.passages, hub.untagged) == ("The hub in Leeds", "markdown", 2, 1)
    assert (Facet.THEME, "Structures", 1) in hub.tags
    assert hub.cases == ("Leeds Digital Hub",)
    assert (held["c.pdf"].standing, held["d.md"].standing) == (Standing.UNREADABLE, Standing.SAME)
    found = states(settings, index.manifest)
    assert pending(settings, index.manifest, found).is_nothing
    (settings.corpus / "b.txt").write_text("The trams of York ran on time.")
    (settings.corpus / "e.txt").write_text("A new report.")
    (settings.corpus / "d.md").unlink()
    found = states(settings, index.manifest)
    now = {one.id: one.standing for one in as_they_stand(list(held.values()), found)}
    assert now == {
        "a.md": Standing.IN_USE,
        "b.txt": Standing.CHANGED,
        "c.pdf": Standing.UNREADABLE,
        "d.md": Standing.GONE,
        "e.txt": Standing.NEW,
    }
    assert pending(settings, index.manifest, found).counts == {State.ADDED: 1, State.CHANGED: 1, State.REMOVED: 1}


def test_previews_tell_what_files_would_come_to_and_keep_nothing(make_library: Callable[..., Assistant]) -> None:
    library = make_library(a_md=HUB)
    settings = library.settings
    before = sorted(settings.corpus.iterdir())
    files = {
        "A.MD": HUB.encode(),
        "copy.md": HUB.encode(),
        "picture.pdf": b"\x89PNG\r\n",
        "empty.txt": b"",
        "taxonomy.toml": b"",
        "trust.md": b"# Case study: York Tram Trust\n\n## Structures\n\nThe York Tram Trust ran nineteen trams.\n",
    }
    uploads = [Upload(name, content) for name, content in files.items()]
    found = {one.uploaded: one for one in previews(uploads, settings, library.index)}
    assert list(found) == list(files)
    assert found["copy.md"].twin == "a.md"
    assert (found["A.MD"].taken, found["A.MD"].twin) == ("a.md", None)
    assert "is a picture" in found["picture.pdf"].reason
    assert "holds no text" in found["empty.txt"].reason
    assert "files of its own" in found["taxonomy.toml"].reason
    trust = found["trust.md"]
    assert (trust.proposal, trust.passages, trust.sections) == ("York Tram Trust", 1, 2)
    assert sorted(settings.corpus.iterdir()) == before


def test_a_preview_names_no_twin_that_was_removed_from_the_folder(make_library: Callable[..., Assistant]) -> None:
    library = make_library(a_md=HUB, b_txt="The trams of York ran late.")
    (library.settings.corpus / "a.md").unlink()
    (found,) = previews([Upload("copy.md", HUB.encode())], library.settings, library.index)
    assert (found.reason, found.twin) == ("", None)


def test_a_preview_of_a_file_that_is_too_large_says_so(make_library: Callable[..., Assistant]) -> None:
    library = make_library(a_md=HUB)
    settings = library.settings.model_copy(update={"largest_file": 1_000})
    (found,) = previews([Upload("b.txt", b"The trams ran late. " * 60)], settings, library.index)
    assert "is larger than 1,000 bytes" in found.reason
