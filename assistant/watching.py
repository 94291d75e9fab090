"""Follows a corpus folder: builds again whenever something in it changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from watchfiles import watch

from assistant.building import BuildReport, build
from assistant.changes import check_folders
from assistant.errors import CasewiseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event

    from watchfiles import Change

    from assistant.building import Progress
    from assistant.embeddings import Embedder
    from assistant.settings import Settings


_FIRST_LOOK_MS = 1_000


def follow(
    settings: Settings, embedder: Embedder, progress: Progress | None = None, stop: Event | None = None
) -> Iterator[BuildReport | CasewiseError]:
    """Yield the report of a first build, and of another whenever a file of the corpus was added, changed or removed.

    What a build cannot do is yielded as the error it is, and the next change is waited for. An interrupt ends it, or ``stop``.

    Raises:
        EmptyCorpus, IndexFault: there is no folder to follow.
    """
    check_folders(settings)
    first = _built(settings, embedder, progress)
    yield first
    index = settings.index.resolve()

    def counts(_: Change, path: str) -> bool:
        return not Path(path).resolve().is_relative_to(index)

    watched = watch(
        settings.corpus,
        watch_filter=counts,
        stop_event=stop,
        raise_interrupt=False,
        rust_timeout=_FIRST_LOOK_MS,
        yield_on_timeout=True,
    )
    for number, changes in enumerate(watched):
        if changes:
            yield _built(settings, embedder, progress)
        elif number == 0:  # what came while the first build ran was watched by nobody
            again = _built(settings, embedder, progress)
            if not (isinstance(first, BuildReport) and isinstance(again, BuildReport) and again.folder == first.folder):
                yield again


def _built(settings: Settings, embedder: Embedder, progress: Progress | None) -> BuildReport | CasewiseError:
    try:
        return build(settings, embedder, progress)
    except CasewiseError as error:
        return error
