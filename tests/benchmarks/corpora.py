"""Corpora of any size for measurements: documents of mixed formats, all different, from the words of those that are here.

Sentences of the library's own document and of ``tests/data/case_studies`` are recombined below headings, with other names, places
and numbers, and with some of their words changed for others. The same seed gives the same corpus.
"""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.reading import read_content
from tests.pdfs import ONE_COLUMN, pdf_of
from tests.roundtrip import html, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.types import Document

ROOT = Path(__file__).parents[2]
SOURCES = [
    ROOT / "corpus/collaboration-executive-summary.txt",
    *sorted((ROOT / "tests/data/case_studies").glob("*.md")),
]
WORDS = 400
"""About how many words a document has."""

_SENTENCE = re.compile(r"[A-Z][^.!?|•#*\t\n]{30,250}\.(?=\s|$)")
_NUMBER = re.compile(r"\d[\d,]*")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_LONG = re.compile(r"\b[a-z]{6,}\b")
_SYLLABLES = re.findall(
    r"\w+", "bar bel cal dor en fal gar hal in kel lin mar nor ol pen ras sel tor ul ven wes yar thorn ley ford"
)
_THEMES = ("Motivations", "Structures", "Relationships")
_KINDS = ("Partnership", "Hub", "Service", "Network", "Trust")


class Maker:
    """Makes documents as Markdown."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - nothing secret
        text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
        self._sentences = [" ".join(found.split()) for found in _SENTENCE.findall(text)]
        self._words = sorted({one for sentence in self._sentences for one in _LONG.findall(sentence)})

    def markdown(self) -> str:
        """Return another document."""
        names = [self._name() for _ in range(4)]
        lines = [f"# The {names[0]} {self._chance.choice(_KINDS)}", self._paragraph(names)]
        for theme in _THEMES:
            lines.append(f"## {theme}")
            for aspect in ("Challenges", "Enablers"):
                items = [f"- {self._sentence(names)}" for _ in range(3)]
                is_list = self._chance.random() < 0.3
                lines += [f"### {aspect}", "\n".join(items) if is_list else self._paragraph(names)]
        return "\n\n".join(lines) + "\n"

    def _paragraph(self, names: Sequence[str]) -> str:
        return " ".join(self._sentence(names) for _ in range(3))

    def _sentence(self, names: Sequence[str]) -> str:
        sentence = self._chance.choice(self._sentences)
        sentence = _NUMBER.sub(lambda _: str(self._chance.randrange(2, 20_000)), sentence)
        sentence = _NAME.sub(lambda _: self._chance.choice(names), sentence)
        return _LONG.sub(lambda one: self._chance.choice((one[0], one[0], self._chance.choice(self._words))), sentence)

    def _name(self) -> str:
        return "".join(self._chance.choices(_SYLLABLES, k=3)).capitalize()


def write_corpus(folder: Path, count: int) -> None:
    """Write a corpus of ``count`` documents with the library's own taxonomy: a fifth each of the formats."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "corpus/taxonomy.toml", folder)
    for name, content in documents(count):
        (folder / name).write_bytes(content)


def documents(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of documents."""
    maker = Maker(seed)
    for number in range(count):
        ending, made = list(_FORMATS.items())[number % len(_FORMATS)]
        source = maker.markdown()
        yield f"{seed:02}-{number:05}.{ending}", made(source, read_content(source.encode(), Path("source.md")))


def _plain(source: str, _: Document) -> bytes:
    return re.sub(r"^#+ ", "", source.replace("\n- ", "\n• "), flags=re.MULTILINE).encode()


_FORMATS: dict[str, Callable[[str, Document], bytes]] = {
    "txt": _plain,
    "md": lambda source, _: source.encode(),
    "html": lambda _, document: html(document),
    "docx": lambda _, document: word(document),
    "pdf": lambda _, document: pdf_of(document, ONE_COLUMN),
}
