"""One more question in a question set: checked as every reader of it will check it, and written as a whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from filelock import FileLock

from assistant.conversation import writable
from assistant.errors import EvaluationError
from assistant.evaluation.question_sets import read_question_set, strays
from assistant.spans import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from assistant.evaluation.gold import Piece
    from assistant.evaluation.question_sets import AskedQuestion
    from assistant.types import Document, Sentence

_PREFIX = "asked"


def gold_of(document: Document, sentences: Sequence[Sentence]) -> list[Piece]:
    """Return gold that is covered where all of these sentences are cited; each part of one that a page break tore is a piece."""
    return [(quote(document.text, (span,)),) for sentence in sentences for span in sentence.spans]


def add_question(
    path: Path, question: str, gold: Sequence[Piece], documents: Sequence[Document], kind: str | None = None
) -> AskedQuestion:
    """Append a question to a set, which is made where there is none; return it with the id that it was given.

    ``gold`` holds verbatim words of the documents; none where the library does not hold the answer.

    Raises:
        EvaluationError: the question has no words, gold stands in no document, or the set cannot be read or written.
    """
    question = " ".join(writable(question).split())
    if not question:
        raise EvaluationError("The question is empty. Write it out.")
    try:
        with FileLock(path.with_name(f".{path.name}.lock")):
            return _append(path, question, gold, documents, kind)
    except OSError as error:
        raise EvaluationError(
            f'The question cannot be added to "{path}" ({error.strerror}). Mend its permissions or free some space.'
        ) from error


def _append(
    path: Path, question: str, gold: Sequence[Piece], documents: Sequence[Document], kind: str | None
) -> AskedQuestion:
    known = read_question_set(path) if path.exists() else []
    line: dict[str, object] = {"id": next(_free_ids(known)), "question": question, "gold": [list(one) for one in gold]}
    if kind:
        line["kind"] = kind
    before = path.read_text(encoding="utf-8-sig").rstrip("\n") if path.exists() else ""
    beside = path.with_name(f"{path.name}.part")
    try:
        lines = [*filter(None, [before]), json.dumps(line, ensure_ascii=False)]
        beside.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8", newline="\n")
        added = read_question_set(beside)[-1]
        for _, stray in strays([added], documents):
            raise EvaluationError(f"No document holds these words: “{stray}”. Choose words as they stand in one.")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return added


def _free_ids(known: Sequence[AskedQuestion]) -> Iterator[str]:
    taken = {str(asked.id) for asked in known}
    number = 1
    while True:
        if f"{_PREFIX}-{number}" not in taken:
            yield f"{_PREFIX}-{number}"
        number += 1
