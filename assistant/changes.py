"""What has changed in a corpus folder since an index was built from it, and what of the index can therefore stay."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING

from assistant.corrections import corrections_sha256
from assistant.errors import EmptyCorpus, IndexFault
from assistant.generations import current, verify
from assistant.manifest import Duplicate, Manifest, Record, Refusal
from assistant.reading import sources
from assistant.reading.apart import limits_of
from assistant.reading.formats import is_current
from assistant.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.reading import Source
    from assistant.settings import Settings


class State(StrEnum):
    """What a build does with a file, in the order in which it is told."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    REMOVED = "removed"
    SKIPPED = "skipped"
    REFUSED = "refused"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build has to do.

    ``kept`` are the documents whose rows stay, by the name they had, as they are to be recorded now, and ``were`` the names they
    had by those they have. ``to_read`` is what must be read. Files that were refused or left out before, and have not changed,
    still are. ``states`` has every file.
    """

    kept: dict[str, Record] = field(default_factory=dict)
    to_read: list[Source] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)
    duplicates: dict[str, Duplicate] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    were: dict[str, str] = field(default_factory=dict)


def is_stale(settings: Settings, manifest: Manifest) -> bool:
    """Tell whether the corpus, what it is tagged by, or the length of passages has changed since an index was built."""
    if settings.passage_characters != manifest.passage_characters or not is_tagged_alike(settings, manifest):
        return True
    return is_changed(plan(list(sources(settings.corpus, settings.index)), manifest, limits_of(settings)), manifest)


def is_tagged_alike(settings: Settings, manifest: Manifest) -> bool:
    """Tell whether the taxonomy and the corrections of tags are as they were when an index was built."""
    now = load_taxonomy(settings.corpus).sha256, corrections_sha256(settings.corpus)
    return now == (manifest.taxonomy_sha256, manifest.corrections_sha256)


def is_changed(planned: Plan, manifest: Manifest) -> bool:
    """Tell whether a plan is anything but to leave all as it is."""
    same = {record.id: record for record in planned.kept.values()} == manifest.records
    left_out = (planned.refused, planned.duplicates) == (manifest.refused, manifest.duplicates)
    return bool(planned.to_read) or not (same and left_out)


def survey(settings: Settings) -> dict[str, State]:
    """Return what a build would do with each file of the corpus, as far as that can be told without reading it.

    Raises:
        EmptyCorpus, IndexFault: as ``check_folders``.
    """
    check_folders(settings)
    try:
        built = verify(current(settings.index))
    except IndexFault:
        built = None
    usable = built if built and built.passage_characters == settings.passage_characters else None
    states = plan(list(sources(settings.corpus, settings.index)), usable, limits_of(settings)).states
    return dict(sorted(states.items()))


def plan(found: Sequence[Source], manifest: Manifest | None, limits: str) -> Plan:
    """Return what has to be done so that an index holds the files that were found; without a manifest, everything.

    ``limits`` are those that files are read within (see ``reading.apart.limits_of``). Documents that were in the index are read
    before others, so that of two that have become alike the one that was there stays.
    """
    planning = _Planning(found, manifest or Manifest("", "", 0, "", 0), limits)
    planning.keep_what_is_the_same()
    for source in found:
        if source.id not in planning.plan.states:
            planning.place(source)
    planning.note_what_is_gone()
    planning.plan.to_read.sort(key=planning.turn)
    return planning.plan


class _Planning:
    """A plan in the making."""

    def __init__(self, found: Sequence[Source], manifest: Manifest, limits: str) -> None:
        self._limits = limits
        self.plan = Plan()
        self._found = {source.id: source for source in found}
        self._old = manifest
        self._records = manifest.records
        self._kept_as: dict[str, str] = {}  # contents, by their SHA-256, and the names they stay under
        self._by_content: defaultdict[str, list[str]] = defaultdict(list)
        for record in self._records.values():
            self._by_content[record.sha256].append(record.id)

    def keep_what_is_the_same(self) -> None:
        for name, source in self._found.items():
            record = self._records.get(name)
            if record and _is_same(record, source):
                self._keep(name, record, State.UNCHANGED)

    def place(self, source: Source) -> None:
        """Say what is to be done with a file that is not simply as it was."""
        twin = self._kept_as.get(source.sha256) if source.sha256 else None
        if twin:
            known = self._old.duplicates.get(source.id)
            self._leave_out(source, twin, known if known and known.sha256 == source.sha256 else None)
        elif (refusal := self._old.refused.get(source.id)) and self._is_refused_again(refusal, source):
            self.plan.refused[source.id] = refusal
            self.plan.states[source.id] = State.REFUSED
        elif old := self._renamed(source):
            self._keep(old, replace(self._records[old], id=source.id), State.RENAMED)
        elif (near := self._old.duplicates.get(source.id)) and _is_same(near, source) and (of := self._now(near.of)):
            self._leave_out(source, of, near)
        else:
            self._read(source)

    def note_what_is_gone(self) -> None:
        for name in (*self._records, *self._old.refused, *self._old.duplicates):
            if name not in self._found and name not in self.plan.kept:
                self.plan.states[name] = State.REMOVED

    def _keep(self, old: str, record: Record, state: State) -> None:
        self.plan.kept[old] = record
        self.plan.were[record.id] = old
        self.plan.states[record.id] = state
        self._kept_as.setdefault(record.sha256, record.id)

    def _leave_out(self, source: Source, twin: str, near: Duplicate | None = None) -> None:
        self.plan.duplicates[source.id] = (
            replace(near, of=twin, sidecar=source.sidecar) if near else Duplicate(source.sha256, twin, source.sidecar)
        )
        self.plan.states[source.id] = State.SKIPPED

    def _read(self, source: Source) -> None:
        was_left_out = self._old.duplicates.get(source.id)
        is_edited = was_left_out is not None and was_left_out.sha256 != source.sha256
        is_new = source.id not in self._records and source.id not in self._old.refused and not is_edited
        self.plan.to_read.append(source)
        self.plan.states[source.id] = State.ADDED if is_new else State.CHANGED

    def turn(self, source: Source) -> int:
        """Return when a file is read: 0 for one that was in the index, 1 for one that is new, 2 for one that was left out."""
        return 0 if source.id in self._records else 1 + (source.id in self._old.duplicates)

    def _is_refused_again(self, refusal: Refusal, source: Source) -> bool:
        """Tell whether there is no use in reading a file again; what could not be opened has no checksum as long as it is so."""
        cannot_be_opened = refusal.sha256 == source.sha256 == ""
        return cannot_be_opened or (refusal.limits == self._limits and _is_same(refusal, source))

    def _renamed(self, source: Source) -> str | None:
        """Return the name that a file had, if it is one whose own name is gone or has other contents now.

        The end of a name says how a file is read; under another, the same bytes may be another document.
        """
        for name in self._by_content.get(source.sha256, ()):
            alike = PurePath(name).suffix.lower() == PurePath(source.id).suffix.lower()
            if alike and name not in self.plan.kept and _is_same(self._records[name], source):
                return name
        return None

    def _now(self, name: str) -> str | None:
        """Return the name that a document has now whose rows stay."""
        record = self.plan.kept.get(name)
        return record.id if record else None


def _is_same(known: Record | Refusal | Duplicate, source: Source) -> bool:
    """Tell whether a file is as it was, and would be read as it was."""
    return (known.sha256, known.sidecar) == (source.sha256, source.sidecar) and is_current(known.reader)


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
