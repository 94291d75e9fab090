"""From a corpus folder to an index: what is new is read, split, tagged, embedded and written; the rest is carried over."""

from __future__ import annotations

import gc
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from assistant.changes import Plan, State, check_folders, is_changed, is_stale, is_tagged_alike, plan
from assistant.corrections import corrections_sha256, load_corrections
from assistant.errors import ClusterError, EmptyCorpus, IndexFault
from assistant.finishing import finished
from assistant.generations import current, new_generation, publish, verify
from assistant.growing import Growth, Old
from assistant.index import check_model
from assistant.manifest import Manifest
from assistant.proposals import gathered
from assistant.reading import sources
from assistant.reading.apart import limits_of
from assistant.taxonomy import load_taxonomy
from assistant.types import Facet
from assistant.vectorising import Vectoriser
from assistant.vectors.cluster import cluster_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from assistant.embeddings import Embedder
    from assistant.proposals import Proposal
    from assistant.settings import Settings
    from assistant.taxonomy import Taxonomy
    from assistant.vectors.cluster import Cluster


_OBJECTS = 100_000


class Progress(Protocol):
    """Is told how far a build has come."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that ``done`` of ``total`` are through ``stage``."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """What a build did with a file, why or from what, and how long it took to read."""

    name: str
    state: State
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. ``changes`` has every file but those that stayed as they were; ``seconds`` is how long it all took.

    ``proposals`` are cases that documents look to be about and the taxonomy does not know; ``strays`` are corrections of tags
    that no passage answers to.
    """

    folder: Path
    documents: int
    passages: int
    sentences: int
    refused: Mapping[str, str]
    changes: tuple[Change, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    strays: tuple[str, ...] = ()
    seconds: float = 0.0


def build(settings: Settings, embedder: Embedder, progress: Progress | None = None) -> BuildReport:
    """Bring the index up to date with the corpus folder, and switch to it.

    Files that cannot be read are refused, and the rest is indexed; where nothing has changed, nothing is built.

    Raises:
        TaxonomyError, CorrectionError: the taxonomy is missing or wrong, or the corrections are wrong.
        EmptyCorpus: nothing can be read.
        IndexFault: the index cannot be written.
        ClusterError: the cluster that the settings name does not answer, or refuses; the index stays as it was.
        ModelError: the model cannot be used.
    """
    tell, begun = progress or _silent, perf_counter()
    check_folders(settings)
    _ = embedder.identity  # a model that cannot be used is told as such, before anything is written
    waiting = new_generation(settings.index, lambda who: tell(f"Waiting for {who}", 0, 1))
    with waiting as folder, _rare_collections():
        taxonomy = load_taxonomy(settings.corpus)
        seen = corrections_sha256(settings.corpus)  # first: what is written meanwhile is for the next build
        corrections = load_corrections(settings.corpus, taxonomy)
        old = _opened(settings, embedder)
        found = list(sources(settings.corpus, settings.index))
        planned = plan(found, old.manifest if old else None, limits_of(settings))
        cluster = cluster_of(settings)
        if old and _is_up_to_date(old, planned, settings, cluster):
            return _report(old.folder, old.manifest, planned, taxonomy, perf_counter() - begun)
        growth = Growth(folder, settings, taxonomy, Vectoriser(embedder, tell), tell)
        growth.grow(planned, old)
        manifest = _manifest(growth, embedder, seen)
        if not manifest.passages:
            raise EmptyCorpus(_nothing_found(settings.corpus, manifest))
        manifest = finished(growth, old, manifest, corrections)
        previous = old.folder if old else None
        final = _published(folder, manifest, previous, settings, cluster, tell)
        return _report(final, manifest, planned, taxonomy, perf_counter() - begun, growth)


def ensure(settings: Settings, embedder: Embedder, progress: Progress | None = None) -> dict[str, str]:
    """Build the index if there is none, it cannot be used, or the corpus has changed. Return the files refused, with the reasons.

    Raises:
        CasewiseError: as ``build``.
    """
    try:
        manifest = verify(current(settings.index))
        check_model(manifest, embedder)
    except IndexFault:
        return dict(build(settings, embedder, progress).refused)
    if is_stale(settings, manifest) or not _was_sent(settings):
        return dict(build(settings, embedder, progress).refused)
    return {name: refusal.reason for name, refusal in manifest.refused.items()}


def _is_up_to_date(old: Old, planned: Plan, settings: Settings, cluster: Cluster | None) -> bool:
    if is_changed(planned, old.manifest) or not is_tagged_alike(settings, old.manifest):
        return False
    if cluster is None:
        return True
    from assistant.sending import is_sent  # only where there is a cluster

    return is_sent(cluster, old.folder, settings)


def _was_sent(settings: Settings) -> bool:
    """Tell whether the generation in use was sent to a cluster, if the settings name one; the cluster is not asked."""
    if settings.milvus_uri is None:
        return True
    from assistant.ledger import place_of

    return place_of(current(settings.index)) is not None


def _published(
    folder: Path,
    manifest: Manifest,
    previous: Path | None,
    settings: Settings,
    cluster: Cluster | None,
    tell: Progress,
) -> Path:
    """Switch to a generation that is written: in the cluster first, if there is one, then on disk."""
    if cluster is None:
        return publish(folder, manifest, previous)
    from assistant.sending import sent, tidied

    sent(cluster, folder, manifest, previous, settings, tell)
    final = publish(folder, manifest, previous)
    with suppress(ClusterError):  # the next build does it
        tidied(cluster, settings.index, settings)
    return final


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let Python look for garbage after every 100,000 new objects instead of after 700, as long as it lasts.

    A build makes many that are in no cycle, and going through them again and again takes its time: adding one document to 2,000
    took 1.98 s of processor time with the usual threshold, and 1.74 s with this one.
    """
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def _opened(settings: Settings, embedder: Embedder) -> Old | None:
    """Return the generation in use, if anything of it can stay. Only builders remove generations, so it need not be held."""
    try:
        folder = current(settings.index)
        manifest = verify(folder)
        check_model(manifest, embedder)
        if manifest.passage_characters != settings.passage_characters:
            return None
        return Old.open(folder, manifest)
    except IndexFault:
        return None


def _manifest(growth: Growth, embedder: Embedder, seen: str) -> Manifest:
    return Manifest(
        model=embedder.identity.name,
        model_sha256=embedder.identity.sha256,
        dimensions=0,
        taxonomy_sha256=growth.taxonomy.sha256,
        corrections_sha256=seen,
        passage_characters=growth.settings.passage_characters,
        segments=tuple(growth.segments),
        refused=dict(sorted(growth.refused.items())),
        duplicates=dict(sorted(growth.duplicates.items())),
    )


def _nothing_found(corpus: Path, manifest: Manifest) -> str:
    if manifest.refused:
        return " ".join(refusal.reason for refusal in manifest.refused.values())
    return f'The corpus folder "{corpus}" holds no words to quote. Put documents into it.'


def _report(
    folder: Path,
    manifest: Manifest,
    planned: Plan,
    taxonomy: Taxonomy,
    seconds: float,
    growth: Growth | None = None,
) -> BuildReport:
    changes = (_change(name, state, planned, manifest, growth) for name, state in sorted(planned.states.items()))
    return BuildReport(
        folder=folder,
        documents=len(manifest.records),
        passages=manifest.passages,
        sentences=manifest.sentences,
        refused={name: refusal.reason for name, refusal in manifest.refused.items()},
        changes=tuple(change for change in changes if change.state is not State.UNCHANGED),
        proposals=tuple(new_cases(manifest, taxonomy)),
        strays=manifest.strays,
        seconds=seconds,
    )


def new_cases(manifest: Manifest, taxonomy: Taxonomy) -> list[Proposal]:
    """Return the cases that documents of an index look to be about, and that the taxonomy does not know."""
    named = {record.id: record.proposal for record in manifest.records.values() if record.proposal}
    return gathered({id_: name for id_, name in named.items() if taxonomy.known(Facet.CASE, name) is None})


def _change(name: str, state: State, planned: Plan, manifest: Manifest, growth: Growth | None) -> Change:
    """Return what became of a file, which may be something else than was planned, once it was read."""
    if name in manifest.refused:
        return Change(name, State.REFUSED, manifest.refused[name].reason)
    if name in manifest.duplicates:
        return Change(name, State.SKIPPED, f'it says what "{manifest.duplicates[name].of}" says')
    if state is State.RENAMED:
        return Change(name, state, f'was "{planned.were[name]}"')
    if growth and name in growth.sizes:
        count, strange = growth.sizes[name], [_strange(*one) for one in growth.strange[name]]
        return Change(name, state, ", ".join([f"{count} passage{'s' * (count != 1)}", *strange]), growth.seconds[name])
    return Change(name, state)


def _strange(facet: Facet, name: str) -> str:
    return f'the taxonomy has no {facet.value} "{name}"'
