"""What has changed in a corpus folder since an index was built from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import EmptyCorpus, IndexFault
from assistant.generations import Manifest, current, verify
from assistant.reading import sources
from assistant.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from assistant.settings import Settings


def is_stale(settings: Settings, manifest: Manifest) -> bool:
    """Tell whether the corpus, its taxonomy or the length of passages has changed since an index was built."""
    split_alike = settings.passage_characters == manifest.passage_characters
    tagged_alike = load_taxonomy(settings.corpus).sha256 == manifest.taxonomy_sha256
    return not (split_alike and tagged_alike and _files(settings) == _built(manifest))


def survey(settings: Settings) -> dict[str, str]:
    """Return what a build would do with each file of the corpus: added, changed, unchanged or removed.

    Raises:
        EmptyCorpus, IndexFault: as ``check_folders``.
    """
    check_folders(settings)
    try:
        built = _built(verify(current(settings.index)))
    except IndexFault:
        built = {}
    files = _files(settings)
    states = {name: _state(built.get(name), digest) for name, digest in files.items()}
    return states | {name: "removed" for name in built if name not in files}


def check_folders(settings: Settings) -> None:
    """Make sure that there is a corpus folder, and that the index has another.

    Raises:
        EmptyCorpus: there is no corpus folder.
        IndexFault: the index would be built into the corpus folder itself.
    """
    corpus = settings.corpus
    if corpus.exists() and not corpus.is_dir():
        raise EmptyCorpus(f'"{corpus}" is a file. Give the folder that it is in as the corpus.')
    if not corpus.is_dir():
        raise EmptyCorpus(f'The corpus folder "{corpus}" does not exist. Make it, or set CASEWISE_CORPUS to another.')
    if corpus.resolve() == settings.index.resolve():
        raise IndexFault(
            f'"{corpus}" is the corpus. Give the index a folder of its own with --index or CASEWISE_INDEX.'
        )


def _files(settings: Settings) -> dict[str, str]:
    return {source.id: source.sha256 for source in sources(settings.corpus, settings.index)}


def _built(manifest: Manifest) -> dict[str, str]:
    return {**manifest.documents, **{name: refusal.sha256 for name, refusal in manifest.refused.items()}}


def _state(built: str | None, found: str) -> str:
    if built is None:
        return "added"
    return "unchanged" if built == found else "changed"
