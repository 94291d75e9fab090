"""Retrieval sets on disk, in the layout of BEIR (Thakur et al. 2021): corpus, queries and judgements, plain or compressed.

::

    folder/
      corpus.jsonl[.gz]     {"id", "title", "text"} a line; the title may be missing
      queries.jsonl[.gz]    {"id", "text", "history"} a line; the history may be missing
      qrels.tsv[.gz]        query, document and relevance, parted by tabs, with or without a line of heads

Ids may also be called ``_id``, and the judgements stand in ``qrels/test.tsv``, as in BEIR's own downloads.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, ValidationError

from assistant.errors import RetrievalSetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CORPUS = "corpus.jsonl"
QUERIES = "queries.jsonl"
QRELS = ("qrels.tsv", "qrels/test.tsv")


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Identifier = Annotated[str, BeforeValidator(_as_text), Field(validation_alias=AliasChoices("id", "_id"))]


class Message(BaseModel):
    """One turn of what was said before a query."""

    role: Literal["user", "assistant", "system"]
    text: str


class JudgedDocument(BaseModel):
    """A document of the corpus."""

    id: Identifier
    title: str = ""
    text: str

    @property
    def searched_text(self) -> str:
        """What is embedded and searched: the title, unless the text begins with it, then the text."""
        return self.text if self.text.startswith(self.title) else f"{self.title}\n{self.text}"


class Query(BaseModel):
    """A query, and what was said before it: messages, or the earlier questions alone."""

    id: Identifier
    text: str
    history: list[Message | str] = Field(default_factory=list)

    @property
    def earlier_questions(self) -> list[str]:
        """What the user asked before, the oldest first."""
        return [
            turn if isinstance(turn, str) else turn.text
            for turn in self.history
            if isinstance(turn, str) or turn.role == "user"
        ]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """A corpus, queries, and the relevance of documents by query.

    ``relevant`` holds only what is relevant, and only queries that have something relevant: where nothing can be found
    there is nothing to measure.
    """

    name: str
    documents: tuple[JudgedDocument, ...]
    queries: tuple[Query, ...]
    relevant: Mapping[str, Mapping[str, int]]


def is_retrieval_set(folder: Path) -> bool:
    """Tell whether a folder holds a retrieval set."""
    return _file(folder, CORPUS) is not None


def read_retrieval_set(folder: Path) -> RetrievalSet:
    """Read a retrieval set.

    Raises:
        RetrievalSetError: a file is missing, or cannot be read; the message names it and the line.
    """
    documents = _read(folder, CORPUS, JudgedDocument)
    queries = _read(folder, QUERIES, Query)
    relevant = _judgements(folder)
    if relevant.keys().isdisjoint(query.id for query in queries):
        raise RetrievalSetError(
            f'No query of "{folder / QUERIES}" has a relevant document in "{_needed(folder, *QRELS)}": '
            "there is nothing to measure. Check that the two belong together."
        )
    return RetrievalSet(folder.resolve().name, documents, queries, relevant)


_Row = TypeVar("_Row", JudgedDocument, Query)


def _read(folder: Path, name: str, kind: type[_Row]) -> tuple[_Row, ...]:
    path = _needed(folder, name)
    rows: dict[str, _Row] = {}
    for number, line in _lines(path):
        row = _parsed(path, number, line, kind)
        if rows.setdefault(row.id, row) is not row:
            raise RetrievalSetError(
                f'"{path}", line {number}: the id "{row.id}" was given before. Every id stands once.'
            )
    if not rows:
        raise RetrievalSetError(f'"{path}" is empty. Give it one JSON object a line.')
    return tuple(rows.values())


def _parsed(path: Path, number: int, line: str, kind: type[_Row]) -> _Row:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        where = f"{place}: " if place else ""
        raise RetrievalSetError(f'"{path}", line {number}: {where}{fault["msg"]}. Mend that line.') from error


def _judgements(folder: Path) -> dict[str, dict[str, int]]:
    path = _needed(folder, *QRELS)
    relevant: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        query, document, grade = _judgement(path, number, line)
        if grade > 0:
            relevant.setdefault(query, {})[document] = grade
    return relevant


def _judgement(path: Path, number: int, line: str) -> tuple[str, str, int]:
    """Return query, document and grade; TREC's four columns have one between the first two that nobody uses."""
    columns = line.rstrip("\r\n").split("\t")
    if len(columns) == _TREC_COLUMNS:
        del columns[1]
    try:
        query, document, grade = columns
        return query, document, int(grade)
    except ValueError as error:
        if number == 1 and len(columns) == _COLUMNS:
            return "", "", 0  # the heads of the columns
        raise RetrievalSetError(
            f'"{path}", line {number}: expected a query, a document and a whole number, parted by tabs. Mend that line.'
        ) from error


_COLUMNS = 3
_TREC_COLUMNS = 4


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers."""
    number = 0
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8-sig")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8-sig") as file
        ):
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise RetrievalSetError(
            f'"{path}" cannot be read after line {number} ({error}). Fetch it again, or mend it there.'
        ) from error


def _needed(folder: Path, *names: str) -> Path:
    found = next((path for name in names if (path := _file(folder, name))), None)
    if found is None:
        raise RetrievalSetError(
            f'"{folder}" has no {names[0]} or {names[0]}.gz. A retrieval set is a folder with {CORPUS}, {QUERIES} and {QRELS[0]}.'
        )
    return found


def _file(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)
