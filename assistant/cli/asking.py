"""The commands that ask the library: a question, a batch of them, a search, a document's own words."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    say,
)
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from assistant.types import Answer, Filters


def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in plain English.")] = None,
    case: Case = None,
    theme: Theme = None,
    aspect: Aspect = None,
    answerer: Answerer = None,
    as_json: AsJson = False,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="A file with one question a line, as JSON; - reads them.")
    ] = None,
    word: Annotated[Path | None, typer.Option("--docx", help="Write the answer to a Word file, too.")] = None,
    markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Write the answer to a Markdown file, too.")
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Ask a question, or many with --batch."""
    from assistant.rendering import answer_json, answer_text

    if (question is None) == (batch is None):
        raise UsageError("Give a question, or --batch with a file of questions.")
    check_answerer(answerer)
    if batch is not None and (as_json or case or theme or aspect or word or markdown):
        raise UsageError(
            "A batch is JSON, and has its filters in its lines: leave --json, --docx, --markdown, --case, --theme and "
            "--aspect out."
        )
    if batch is not None:
        _ask_batch(batch, corpus, index, answerer)
        return
    for file in (word, markdown):
        _check_new(file)
    library = open_library(corpus, index)
    answer = library.ask(question or "", case=case, theme=theme, aspect=aspect, answerer=answerer)
    print(dumped(answer_json(answer)) if as_json else answer_text(answer))
    if word or markdown:
        filters = library.index.taxonomy.filters(theme=theme, aspect=aspect, case=case)
        _export(library, answer, filters, word, markdown)


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


def _check_new(file: Path | None) -> None:
    if file is not None and file.exists():
        raise UsageError(f'"{file}" is there already. Name another file, or remove this one.')


def _export(library: Assistant, answer: Answer, filters: Filters, word: Path | None, markdown: Path | None) -> None:
    from assistant.exchanges import Exchange
    from assistant.exports.markdown import markdown_export
    from assistant.exports.pieces import About, library_name, titles_of
    from assistant.exports.word import word_export

    now = datetime.now().astimezone()
    exported = [Exchange(answer.question, filters, answer, asked=now)]
    titles = titles_of(exported, library.index.documents)
    about = About("Answer from Casewise", library_name(library.index.documents), now)
    if word:
        word.write_bytes(word_export(about, exported, titles))
        say(f'Written: "{word}".')
    if markdown:
        markdown.write_text(markdown_export(about, exported, titles), encoding="utf-8", newline="\n")
        say(f'Written: "{markdown}".')


def _ask_batch(batch: Path, corpus: Path | None, index: Path | None, answerer: str | None) -> None:
    from assistant.batch import answers

    lines = _lines(batch)
    faults = 0
    for answer, asked in answers(open_library(corpus, index), lines, answerer):
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
