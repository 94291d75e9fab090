"""The themes, aspects and cases of a library, with their definitions and the names they go by."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from threading import RLock
from typing import TYPE_CHECKING

from assistant.errors import TaxonomyError, UnknownName
from assistant.keeping import write_whole
from assistant.toml_text import appended, line
from assistant.types import Facet, Filters
from assistant.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILENAME = "taxonomy.toml"
_KEYS = {"name", "definition", "names"}
_STARTERS, _WORDS = "starters", "words"
_EMPTY_CASES = re.compile(rb"^[ \t]*cases[ \t]*=[ \t]*\[[ \t]*\][ \t]*\r?\n?", re.MULTILINE)
_CASE_TABLE = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*\[\[[ \t]*cases[ \t]*\]\]", re.MULTILINE)
_ONE_AT_A_TIME = RLock()
_SECTIONS = {Facet.THEME: "themes", Facet.ASPECT: "aspects", Facet.CASE: "cases"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A theme, aspect or case. ``names`` are all it goes by, its own name first."""

    name: str
    definition: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry named in a text, at ``[start, end)``."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Everything that passages of a library can be tagged with.

    ``starters`` are questions that show a newcomer what the library holds, ``words`` what people say and the documents put
    otherwise ("fieldwork": "interviews"); ``source`` is the TOML that all was read from.
    """

    entries: Mapping[Facet, tuple[Entry, ...]]
    source: bytes
    starters: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the source."""
        return sha256(self.source).hexdigest()

    def resolve(self, facet: Facet, asked: str) -> str:
        """Return the name that ``asked`` means: a name or alias in any case, or a part of one that fits only one entry.

        Raises:
            UnknownName: nothing fits, or several entries do.
        """
        wanted = _fold(asked)
        exact = [entry.name for entry in self.entries[facet] if wanted in map(_fold, entry.names)]
        partial = [entry.name for entry in self.entries[facet] if any(wanted in _fold(name) for name in entry.names)]
        fitting = exact or (partial if wanted else [])
        if len(fitting) == 1:
            return fitting[0]
        known = "; ".join(fitting or [entry.name for entry in self.entries[facet]])
        if fitting:
            raise UnknownName(f'The {facet} "{asked}" could be several: {known}. Give more of the name.')
        raise UnknownName(f'The library has no {facet} called "{asked}". It has: {known or "none"}.')

    def known(self, facet: Facet, written: str) -> str | None:
        """Return the entry that goes by exactly this name or alias, in any case; ``None`` where none does. Nothing is guessed."""
        wanted = _fold(written)
        return next((entry.name for entry in self.entries[facet] if wanted in map(_fold, entry.names)), None)

    def filters(self, theme: str | None = None, aspect: str | None = None, case: str | None = None) -> Filters:
        """Return filters with every name resolved.

        Raises:
            UnknownName: as ``resolve``.
        """
        return Filters(
            theme=None if theme is None else self.resolve(Facet.THEME, theme),
            aspect=None if aspect is None else self.resolve(Facet.ASPECT, aspect),
            case=None if case is None else self.resolve(Facet.CASE, case),
        )

    def in_its_words(self, text: str) -> str:
        """Return a text with what people say put as the documents put it."""
        for said, meant in self.words.items():
            text = _pattern(said).sub(meant.replace("\\", r"\\"), text)
        return text

    def mentions(self, text: str, facet: Facet) -> list[Mention]:
        """Return where ``text`` names entries of a facet, in the text's order; where names overlap, the longest counts."""
        text = text.replace("’", "'")
        names = (name for entry in self.entries[facet] for name in entry.names)
        if not _pattern(*names).search(text):
            return []  # as most texts: one search for all names, instead of one for each
        found = [
            mention for entry in self.entries[facet] for name in entry.names for mention in _found(text, name, entry)
        ]
        kept: list[Mention] = []
        for mention in sorted(found, key=lambda one: (one.start - one.end, one.start)):
            if all(mention.end <= other.start or other.end <= mention.start for other in kept):
                kept.append(mention)
        return sorted(kept, key=lambda one: one.start)

    def mentioned(self, facet: Facet, text: str) -> list[str]:
        """Return the entries of a facet that ``text`` names, in the taxonomy's order."""
        named = {mention.name for mention in self.mentions(text, facet)}
        return [entry.name for entry in self.entries[facet] if entry.name in named]

    def without(self, facet: Facet, text: str) -> str:
        """Return a text without what it names, or as it is where nothing that says something would be left."""
        left = text
        for mention in reversed(self.mentions(text, facet)):
            left = left[: mention.start] + left[mention.end :]
        return " ".join(left.split()) if terms(left) else text


def load_taxonomy(corpus: Path) -> Taxonomy:
    """Read ``taxonomy.toml`` of a corpus folder.

    Raises:
        TaxonomyError: the file is missing, is not TOML, lacks a name, or gives one name to two entries.
    """
    path = corpus / FILENAME
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TaxonomyError(
            f'"{path}" cannot be read ({error.strerror}). Every library needs a {FILENAME} with its themes, aspects and '
            f"cases; lists may be empty. The README shows one."
        ) from error
    return parse_taxonomy(content, str(path))


def parse_taxonomy(content: bytes, origin: str = FILENAME) -> Taxonomy:
    """Return the taxonomy that a TOML text holds; ``origin`` names the file in errors.

    Raises:
        TaxonomyError: as ``load_taxonomy``.
    """
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TaxonomyError(f'"{origin}" is not TOML: {error}. Mend that line.') from error
    entries = {facet: _entries(table.get(section, []), section, origin) for facet, section in _SECTIONS.items()}
    unknown = sorted(set(table) - {*_SECTIONS.values(), _STARTERS, _WORDS})
    if unknown:
        raise TaxonomyError(
            f'"{origin}" has a "{unknown[0]}" that means nothing. It may be a misspelling: mend or remove it.'
        )
    starters = table.get(_STARTERS, [])
    if not _is_texts(starters):
        raise TaxonomyError(f'"{origin}": starters must be a list of questions.')
    words = table.get(_WORDS, {})
    if not isinstance(words, Mapping) or not _is_texts(list(words.values())):
        raise TaxonomyError(f'"{origin}": [words] must hold lines such as fieldwork = "interviews".')
    return Taxonomy(entries, content, tuple(starters), words)


def add_case_to(corpus: Path, name: str) -> None:
    """Add a case to ``taxonomy.toml`` of a corpus folder, which is written whole or not at all.

    Raises:
        TaxonomyError: as ``load_taxonomy`` and ``with_case``, or the file cannot be written.
    """
    path = corpus / FILENAME
    with _ONE_AT_A_TIME:
        content = with_case(load_taxonomy(corpus).source, name)
        try:
            write_whole(path, content)
        except OSError as error:
            raise TaxonomyError(
                f'"{name}" was not added to the cases: "{path}" cannot be written ({error.strerror}). Check the permissions '
                f"of its folder."
            ) from error


def ensure_case(corpus: Path, name: str) -> None:
    """Add a case as ``add_case_to`` does, unless one goes by this name already, as somebody else has just added it.

    Raises:
        TaxonomyError: as ``add_case_to``.
    """
    with _ONE_AT_A_TIME:
        if load_taxonomy(corpus).known(Facet.CASE, name) is None:
            add_case_to(corpus, name)


def with_case(content: bytes, name: str, names: Sequence[str] = (), definition: str = "") -> bytes:
    """Return the TOML of a taxonomy with one more case at its end; comments, order and all else stay as they were.

    Raises:
        TaxonomyError: the text is no taxonomy, writes its cases in one line, or has the name already.
    """
    if not parse_taxonomy(content).entries[Facet.CASE]:
        content = _EMPTY_CASES.sub(b"", content)
    lines = [line("name", " ".join(name.split()))]
    lines += [line("definition", " ".join(definition.split()))] if definition.strip() else []
    lines += [line("names", names)] if names else []
    if isinstance(tomllib.loads(content.decode("utf-8-sig")).get("cases"), list) and not _CASE_TABLE.search(content):
        raise TaxonomyError(f'"{FILENAME}" writes its cases as one list. Head each of them [[cases]] to add another.')
    extended = appended(content, _SECTIONS[Facet.CASE], lines)
    parse_taxonomy(extended)
    return extended


def _entries(raw: object, section: str, origin: str) -> tuple[Entry, ...]:
    if not isinstance(raw, list):
        raise TaxonomyError(f'"{origin}": {section} must be tables, each headed [[{section}]].')
    entries = tuple(_entry(item, section, origin) for item in raw)
    owners: dict[str, Entry] = {}
    for entry in entries:
        for name in entry.names:
            owner = owners.setdefault(_fold(name), entry)
            if owner is not entry:
                raise TaxonomyError(
                    f'"{origin}": "{name}" is a name of both "{owner.name}" and "{entry.name}". Keep one.'
                )
    return entries


def _entry(item: object, section: str, origin: str) -> Entry:
    name = item.get("name") if isinstance(item, Mapping) else None
    if not isinstance(item, Mapping) or not isinstance(name, str) or not name.strip():
        raise TaxonomyError(f'"{origin}": each of [[{section}]] needs a name = "…".')
    unknown = sorted(set(item) - _KEYS)
    if unknown:
        raise TaxonomyError(
            f'"{origin}": "{name}" has a "{unknown[0]}" that means nothing. It may be a misspelling: mend it.'
        )
    names = item.get("names", [])
    if not _is_texts(names):
        raise TaxonomyError(f'"{origin}": names of "{name}" must be a list of texts.')
    definition = item.get("definition", "")
    if not isinstance(definition, str):
        raise TaxonomyError(f'"{origin}": the definition of "{name}" must be a text.')
    return Entry(name, definition, tuple(dict.fromkeys([name, *names])))


def _is_texts(names: object) -> bool:
    return (
        isinstance(names, Sequence)
        and not isinstance(names, str)
        and all(isinstance(n, str) and n.strip() for n in names)
    )


def _fold(name: str) -> str:
    return " ".join(name.replace("’", "'").replace("&", "and").casefold().split())


def _found(text: str, name: str, entry: Entry) -> Iterator[Mention]:
    """Yield where a text has a name: whole words, in any case unless the name is an acronym."""
    for match in _pattern(name).finditer(text):
        yield Mention(entry.name, match.start(), match.end())


@lru_cache(maxsize=1_024)
def _pattern(*names: str) -> re.Pattern[str]:
    """Return the pattern of any of several names."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_spelt, names)) or '(?!)'})(?!\w)")


def _spelt(name: str) -> str:
    spelt = re.escape(" ".join(name.replace("’", "'").split())).replace(r"\ ", r"\s+")
    return f"(?{'' if name.isupper() else 'i'}:{spelt})"
