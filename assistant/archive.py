"""The conversations that people had with a library, and what they thought of its answers: one SQLite file.

Safe to use from several threads, and from several processes at once. What a person wrote is read back by that person alone,
but for ``gaps``, which is for whoever mends the library.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING
from uuid import uuid4

from assistant.conversation import writable
from assistant.errors import ArchiveError
from assistant.exchanges import Exchange, Verdict, answer_of, filters_of, stored_answer, stored_filters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILENAME = "conversations.sqlite"
VERSION = 1
_SCHEMA = (
    """CREATE TABLE conversations (
        id TEXT PRIMARY KEY, person TEXT NOT NULL, title TEXT NOT NULL, changed TEXT NOT NULL, searched TEXT NOT NULL)""",
    "CREATE INDEX conversations_of ON conversations (person, changed)",
    """CREATE TABLE exchanges (
        id TEXT PRIMARY KEY, number INTEGER NOT NULL, asked TEXT NOT NULL,
        conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        question TEXT NOT NULL, filters TEXT NOT NULL, answer TEXT, message TEXT NOT NULL,
        refused INTEGER NOT NULL, helpful INTEGER, comment TEXT NOT NULL DEFAULT '', searched TEXT NOT NULL,
        UNIQUE (conversation, number))""",
    "CREATE INDEX gaps ON exchanges (asked) WHERE refused OR helpful = 0",
)
_COLUMNS = "exchanges.id, asked, question, filters, answer, message, helpful, comment"
_TITLE, _COMMENT, _WORDS = 80, 4_000, 8
"""How many characters of a title and of a comment are kept, and how many words of a search are looked for."""
_PATIENCE = 5.0
"""How many seconds a write waits for that of another process."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A person's conversation. ``changed`` is when something was asked in it last."""

    id: str
    title: str
    changed: datetime


@dataclass(frozen=True)
class Archive:
    """The conversations of everyone who uses a library."""

    path: Path
    _connection: sqlite3.Connection
    _lock: Lock

    @classmethod
    def open(cls, folder: Path) -> Archive:
        """Open the archive in a folder, and make both where there are none.

        Raises:
            ArchiveError: the file cannot be made or read, is no archive, or was written by a later version.
        """
        path = folder / FILENAME
        with _translated(path):
            folder.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False, isolation_level=None)
            try:
                _prepare(connection, path)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, Lock())

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def conversations(self, person: str, search: str = "", limit: int = 200) -> list[Conversation]:
        """Return a person's conversations, the newest first: those that hold every word of ``search``, in any case."""
        sought = writable(search).casefold().split()[:_WORDS]
        holds = """ AND (instr(searched, ?) OR EXISTS (SELECT 1 FROM exchanges
            WHERE conversation = conversations.id AND instr(exchanges.searched, ?)))"""
        rows = self._read(
            f"SELECT id, title, changed FROM conversations WHERE person = ?{holds * len(sought)}"  # noqa: S608 - no value
            " ORDER BY changed DESC, rowid DESC LIMIT ?",
            (person, *(word for word in sought for _ in range(2)), limit),
        )
        return [Conversation(identifier, title, datetime.fromisoformat(changed)) for identifier, title, changed in rows]

    def conversation(self, person: str, identifier: str) -> Conversation | None:
        """Return a person's conversation; ``None`` where it is not theirs, or there is none."""
        rows = self._read(
            "SELECT id, title, changed FROM conversations WHERE person = ? AND id = ?", (person, writable(identifier))
        )
        return next((Conversation(known, title, datetime.fromisoformat(when)) for known, title, when in rows), None)

    def exchanges(self, person: str, conversation: str) -> list[Exchange]:
        """Return what was asked in a person's conversation, the oldest first; nothing where it is not theirs."""
        rows = self._read(
            f"SELECT {_COLUMNS} FROM exchanges JOIN conversations ON conversations.id = conversation"  # noqa: S608 - no value
            " WHERE person = ? AND conversation = ? ORDER BY number",
            (person, writable(conversation)),
        )
        return list(map(_exchange, rows))

    def begin(self, person: str, exchange: Exchange) -> tuple[Conversation, Exchange]:
        """Keep the first exchange of a new conversation; return both as they are kept. The question is the title."""
        made = Conversation(uuid4().hex, _titled(exchange.question), datetime.now(UTC))
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?)",
                (made.id, person, made.title, made.changed.isoformat(), made.title.casefold()),
            )
            return made, _insert(connection, made.id, exchange)

    def add(self, person: str, conversation: str, exchange: Exchange) -> Exchange | None:
        """Keep one more exchange; return it as it is kept, ``None`` where the conversation is gone or not the person's."""
        with self._writing() as connection:
            changed = connection.execute(
                "UPDATE conversations SET changed = ? WHERE person = ? AND id = ?",
                (datetime.now(UTC).isoformat(), person, writable(conversation)),
            )
            return _insert(connection, conversation, exchange) if changed.rowcount else None

    def settle(self, person: str, exchange: Exchange) -> None:
        """Keep what came of a question that was kept before it was answered.

        Raises:
            ArchiveError: it is not kept, or not the person's: its conversation was deleted meanwhile, say.
        """
        with self._writing() as connection:
            changed = connection.execute(
                f"UPDATE exchanges SET answer = ?, message = ?, refused = ?, searched = ? WHERE id = ? AND {_THEIRS}",  # noqa: S608 - no value
                (*_outcome(exchange), exchange.id, person),
            )
            _expect_one(changed)

    def rate(self, person: str, exchange: str, verdict: Verdict | None) -> None:
        """Keep what a person thought of an answer to a question of theirs; ``None`` takes it back.

        Raises:
            ArchiveError: the question is not kept, or not the person's: its conversation was deleted meanwhile, say.
        """
        helpful = None if verdict is None else int(verdict.helpful)
        comment = writable(verdict.comment)[:_COMMENT] if verdict else ""
        with self._writing() as connection:
            changed = connection.execute(
                f"UPDATE exchanges SET helpful = ?, comment = ? WHERE id = ? AND {_THEIRS}",  # noqa: S608 - no value
                (helpful, comment, writable(exchange), person),
            )
            _expect_one(changed)

    def rename(self, person: str, conversation: str, title: str) -> None:
        """Give a person's conversation another title; a title without words changes nothing."""
        titled = _titled(title)
        if not titled:
            return
        with self._writing() as connection:
            connection.execute(
                "UPDATE conversations SET title = ?, searched = ? WHERE person = ? AND id = ?",
                (titled, titled.casefold(), person, writable(conversation)),
            )

    def delete(self, person: str, conversation: str) -> None:
        """Remove a person's conversation; none of its words stay in the file."""
        with self._writing() as connection:
            connection.execute(
                "DELETE FROM conversations WHERE person = ? AND id = ?", (person, writable(conversation))
            )
        with self._lock, _translated(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def gaps(self, limit: int = 200) -> list[Exchange]:
        """Return the questions of all people that were refused, or whose answer was no help, the newest first."""
        rows = self._read(
            f"SELECT {_COLUMNS} FROM exchanges WHERE refused OR helpful = 0 ORDER BY asked DESC, rowid DESC LIMIT ?",  # noqa: S608 - no value
            (limit,),
        )
        return list(map(_exchange, rows))

    def _read(self, query: str, values: tuple[object, ...]) -> list[tuple[str, ...]]:
        with self._lock, _translated(self.path):
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated(self.path), _transaction(self._connection):
            yield self._connection


_THEIRS = "conversation IN (SELECT id FROM conversations WHERE person = ?)"


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Lay out a new file, and set what holds for one connection only."""
    connection.execute("PRAGMA journal_mode = WAL")
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    with _transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise ArchiveError(
                f'"{path}" was written by a later version of Casewise. Update Casewise, or move it away.'
            )
        if version == VERSION:
            return
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing: taken back where the last step fails too, so that the next write can begin."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise ArchiveError(
            f'Conversations cannot be kept in "{path}": {said}. '
            "Make the file writable, or move it away for a new one to be made."
        ) from error


def _expect_one(changed: sqlite3.Cursor) -> None:
    if not changed.rowcount:
        raise ArchiveError("It was deleted, in another window perhaps. Ask again to begin a new one.")


def _insert(connection: sqlite3.Connection, conversation: str, exchange: Exchange) -> Exchange:
    kept = replace(exchange, question=writable(exchange.question), id=uuid4().hex, asked=datetime.now(UTC))
    answer, message, refused, searched = _outcome(kept)
    connection.execute(
        "INSERT INTO exchanges (id, number, asked, conversation, question, filters, answer, message, refused, searched)"
        " SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ? FROM exchanges WHERE conversation = ?",
        (
            *(kept.id, datetime.isoformat(kept.asked or datetime.now(UTC)), conversation, kept.question),
            *(stored_filters(kept.filters), answer, message, refused, searched, conversation),
        ),
    )
    return kept


def _outcome(exchange: Exchange) -> tuple[str | None, str, int, str]:
    answer = exchange.answer
    said = f"{exchange.question}\n{answer.answer if answer else ''}"
    refused = answer is not None and not answer.answered
    return (
        stored_answer(answer) if answer else None,
        writable(exchange.message),
        int(refused),
        writable(said).casefold(),
    )


def _exchange(row: tuple[str, ...]) -> Exchange:
    identifier, asked, question, filters, answer, message, helpful, comment = row
    read = answer_of(answer) if answer else None
    unread = (
        "" if read or not answer else "This answer was kept by another version of Casewise. Ask the question again."
    )
    verdict = None if helpful is None else Verdict(bool(helpful), comment)
    return Exchange(
        question, filters_of(filters), read, message or unread, identifier, datetime.fromisoformat(asked), verdict
    )


def _titled(text: str) -> str:
    text = " ".join(writable(text).split())
    return text if len(text) <= _TITLE else f"{text[:_TITLE].rsplit(' ', 1)[0]} …"
