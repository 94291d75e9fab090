"""What files would come to as documents of the library, told before they are kept: nothing of them enters the corpus."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.errors import KeepingError
from assistant.keeping import safe_name, taken
from assistant.metadata import names
from assistant.passages import passages
from assistant.proposals import proposal
from assistant.reading import Source
from assistant.reading.apart import read_apart
from assistant.tagging import tagged
from assistant.taxonomy import load_taxonomy
from assistant.twins import Twins, said_in
from assistant.types import BlockKind, Facet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.index import PassageIndex
    from assistant.reading.apart import Read
    from assistant.settings import Settings
    from assistant.types import Document, Passage

_BEGINNING = 300
"""How many characters of a document are shown before it is kept."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: what it was called, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would come to. ``reason`` says why it cannot be kept or read; all that follows is empty then.

    ``name`` is the one it would be kept under, ``taken`` what lies under that name already, ``twin`` the document that says the
    same, ``proposal`` the new case that it looks to be about. ``tags`` count the passages that carry each.
    """

    uploaded: str
    name: str
    reason: str = ""
    taken: str | None = None
    twin: str | None = None
    proposal: str | None = None
    title: str = ""
    date: str = ""
    form: str = ""
    pages: int = 0
    sections: int = 0
    passages: int = 0
    untagged: int = 0
    tags: tuple[tuple[Facet, str, int], ...] = ()
    cases: tuple[str, ...] = ()
    begins: str = ""


def previews(uploads: Sequence[Upload], settings: Settings, index: PassageIndex | None) -> Iterator[Preview]:
    """Yield what each file would come to, in their order, read in processes of their own within the limits of the settings.

    Raises:
        TaxonomyError: the taxonomy cannot be read.
        ReadingError: no process can be started.
        KeepingError: the files cannot be put aside to be read.
    """
    previewing = _Previewing(settings, index)
    with TemporaryDirectory(prefix="casewise-") as folder:
        waiting = [_put_aside(upload, Path(folder) / str(number)) for number, upload in enumerate(uploads)]
        reading = read_apart([one for one in waiting if isinstance(one, Source)], settings)
        for upload, one in zip(uploads, waiting, strict=True):
            if isinstance(one, Source):
                yield previewing.of(upload, next(reading))
            else:
                yield Preview(upload.name, upload.name, one)


def _put_aside(upload: Upload, folder: Path) -> Source | str:
    """Return a file as it lies in a folder of its own, by the name it would be kept under; or why it cannot have one."""
    try:
        name = safe_name(upload.name)
    except KeepingError as error:
        return str(error)
    path = folder / name
    try:
        folder.mkdir()
        path.write_bytes(upload.content)
    except OSError as error:
        raise KeepingError(
            f'"{name}" cannot be put aside to be read ({error.strerror}). Free some space on the disk, and try again.'
        ) from error
    return Source(name, path, sha256(upload.content).hexdigest())


class _Previewing:
    """Files held against a library, and against those before them."""

    def __init__(self, settings: Settings, index: PassageIndex | None) -> None:
        self._settings, self._taxonomy = settings, load_taxonomy(settings.corpus)
        self._twins = Twins(settings.same_document)
        if index:
            for segment, record in zip(index.catalogue.segments, index.manifest.segments, strict=True):
                there = [one.id if (settings.corpus / one.id).is_file() else None for one in record.documents]
                self._twins.add_segment(segment, there)

    def of(self, upload: Upload, read: Read) -> Preview:
        name, document = read.source.id, read.document
        there = taken(self._settings.corpus, name)
        if document is None:
            return Preview(upload.name, name, read.reason or "It cannot be read.", there)
        found = [
            tagged(one, document.title, self._taxonomy, document.metadata)
            for one in passages(document, self._settings.passage_characters)
        ]
        said = said_in(found)
        twin = self._twins.of(said)
        if there is None:
            self._twins.add(name, said)
        counts = Counter((tag.facet, tag.value) for one in found for tag in one.tags)
        return Preview(
            upload.name,
            name,
            taken=there,
            twin=None if twin == there else twin,
            proposal=proposal(document, self._taxonomy),
            title=document.title,
            date=document.metadata.get("date", ""),
            form=read.reader.partition("/")[0],
            pages=max((one.page for one in document.pages), default=0),
            sections=sum(1 for block in document.blocks if block.kind is BlockKind.HEADING),
            passages=len(found),
            untagged=sum(1 for one in found if not (one.values(Facet.THEME) or one.values(Facet.ASPECT))),
            tags=tuple((facet, value, count) for (facet, value), count in counts.items()),
            cases=tuple(self._cases(document, found)),
            begins=_beginning(found),
        )

    def _cases(self, document: Document, found: Sequence[Passage]) -> list[str]:
        """Return the cases that a document is given, else those that its passages carry, the one that most of them do first."""
        written = names(document.metadata, Facet.CASE)
        given = [name for one in written if (name := self._taxonomy.known(Facet.CASE, one))]
        carried = Counter(name for one in found for name in one.values(Facet.CASE))
        return list(dict.fromkeys(given or [name for name, _ in carried.most_common()]))


def _beginning(found: Sequence[Passage]) -> str:
    text = " ".join(one.text for one in found[:3])
    return text if len(text) <= _BEGINNING else f"{text[:_BEGINNING].rsplit(' ', 1)[0]} …"
