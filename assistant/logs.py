"""The log: one line an event, to standard error. What people write cannot forge a line, and questions stay out unless asked for.

A line is a time, a level, an event and what is told of it: ``2026-01-31T09:30:00.123Z INFO answer who=1f3870be ms=212``.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from hashlib import sha256
from time import gmtime, strftime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threading import ExceptHookArgs

_LOGGER = logging.getLogger("casewise")
_PLAIN = re.compile(r"[\w.:/@+-]+", re.ASCII)
_LINE = "%(message)s"


def event(name: str, *, question: str | None = None, **fields: object) -> None:
    """Write a line about something that happened. ``question`` appears only where the log may hold questions."""
    _LOGGER.info(name, extra={"fields": fields, "question": question})


def short(identity: str) -> str:
    """Return what stands in the log for a person: enough to tell people apart, not to know who they are."""
    return sha256(identity.encode()).hexdigest()[:8]


def start_logs(*, questions: bool) -> None:
    """Write events to standard error from now on, and what libraries log in the same form: on one line, without what errors say.

    The message of an error may hold the question that it came of; its type and place do not.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(questions=questions))
    _LOGGER.handlers, _LOGGER.propagate = [handler], False
    _LOGGER.setLevel(logging.INFO)
    others = logging.StreamHandler(sys.stderr)
    others.setFormatter(logging.Formatter(_LINE))
    logging.getLogger().handlers = [others]
    logging.setLogRecordFactory(_Foreign)
    logging.captureWarnings(capture=True)
    _hook_threads()


def line(created: float, level: str, name: str, fields: dict[str, object]) -> str:
    """Return a line of the log; ``created`` is in seconds since 1970."""
    time = f"{strftime('%Y-%m-%dT%H:%M:%S', gmtime(created))}.{int(created % 1 * 1000):03d}Z"
    told = [f"{key}={_written(value)}" for key, value in fields.items() if value is not None]
    return " ".join([time, level, name, *told])


def place_of(error: BaseException) -> str:
    """Return where an error was raised: ``file.py:12``."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""


class _Lines(logging.Formatter):
    """Writes events of ours."""

    def __init__(self, *, questions: bool) -> None:
        super().__init__()
        self._questions = questions

    def format(self, record: logging.LogRecord) -> str:
        fields = dict(getattr(record, "fields", {}))
        if self._questions:
            fields["question"] = getattr(record, "question", None)
        return line(record.created, record.levelname, record.msg, fields)


class _Foreign(logging.LogRecord):
    """What a library logs, as a line: whatever handler writes it, it has nothing more to add."""

    def getMessage(self) -> str:  # noqa: N802 - the name is logging's
        """Return the line."""
        message = super().getMessage()
        if self.name == _LOGGER.name:
            return message
        fields: dict[str, object] = {"source": self.name, "message": message}
        error = self.exc_info[1] if self.exc_info else None
        if error is not None:
            fields |= {"error": type(error).__name__, "at": place_of(error)}
            self.exc_info = None
        return line(self.created, self.levelname, "log", fields)


def _hook_threads() -> None:
    import threading

    def tell(failed: ExceptHookArgs) -> None:
        where = place_of(failed.exc_value) if failed.exc_value else ""
        _LOGGER.error("thread_failed", extra={"fields": {"error": failed.exc_type.__name__, "at": where}})

    threading.excepthook = tell


def _written(value: object) -> str:
    """Return a value that is one word, or a string of JSON: without spaces outside it, line breaks or control characters."""
    if isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, float):
        return f"{value:.1f}"
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
