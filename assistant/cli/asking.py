"""The commands that ask the library: a question, a batch of them, a search, a document's own words."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.shared import (
    Answerer,
    AsJson,
    Aspect,
    Case,
    Corpus,
    Index,
    Theme,
    check_answerer,
    dumped,
    fail,
    open_library,
)
from assistant.errors import UsageError


def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in plain English.")] = None,
    case: Case = None,
    theme: Theme = None,
    aspect: Aspect = None,
    answerer: Answerer = "extractive",
    as_json: AsJson = False,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="A file with one question a line, as JSON; - reads them.")
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Ask a question, or many with --batch."""
    from assistant.rendering import answer_json, answer_text

    if (question is None) == (batch is None):
        raise UsageError("Give a question, or --batch with a file of questions.")
    check_answerer(answerer)
    if batch is not None and (as_json or case or theme or aspect):
        raise UsageError(
            "A batch is JSON, and has its filters in its lines: leave --json, --case, --theme and --aspect out."
        )
    if batch is not None:
        _ask_batch(batch, corpus, index)
        return
    answer = open_library(corpus, index).ask(question or "", case=case, theme=theme, aspect=aspect)
    print(dumped(answer_json(answer)) if as_json else answer_text(answer))


def search(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", help="How many passages.", min=1)] = 10,
    case: Case = None,
    theme: Theme = None,
    aspect: Aspect = None,
    as_json: AsJson = False,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Find the passages nearest to a query."""
    from assistant.rendering import hit_json, hit_text

    hits = open_library(corpus, index).search(query, k, case=case, theme=theme, aspect=aspect)
    if as_json:
        print(dumped([hit_json(hit) for hit in hits]))
        return
    for number, hit in enumerate(hits, 1):
        print(f"{number}. {hit.score:.2f}  {hit_text(hit)}")


def read(
    document: Annotated[str, typer.Argument(help="A document of the library: its path, or a part of it.")],
    span: Annotated[str | None, typer.Option("--span", help="Only the characters START:END.")] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Print the text of a document that citations count in."""
    text = open_library(corpus, index).index.document(document).text
    start, end = _bounds(span, len(text)) if span is not None else (0, len(text))
    sys.stdout.write(text[start:end])


def _ask_batch(batch: Path, corpus: Path | None, index: Path | None) -> None:
    from assistant.batch import answers

    lines = _lines(batch)
    faults = 0
    for answer, asked in answers(open_library(corpus, index), lines):
        print(json.dumps(answer, ensure_ascii=False), flush=True)
        faults += not asked
    if faults:
        fail(f"{faults} of the lines could not be asked; their reason says why.")


def _lines(batch: Path) -> list[str]:
    try:
        text = sys.stdin.read() if str(batch) == "-" else batch.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f'"{batch}" cannot be read ({error}). Give a file of JSON lines in UTF-8.') from error
    return text.split("\n")


def _bounds(span: str, length: int) -> tuple[int, int]:
    try:
        start, end = (int(part) for part in span.split(":"))
    except ValueError as error:
        raise UsageError(f'"{span}" is no span. Write START:END, such as 120:180.') from error
    if not 0 <= start < end <= length:
        raise UsageError(f"The span {span} lies outside the document, which has {length} characters.")
    return start, end
