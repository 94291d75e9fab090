"""The commands that ask the library: a question, a batch of them, a search, a document's own words."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.completing import document_names
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
    from collections.abc import Sequence

    from assistant.conversation import Assistant
    from assistant.exchanges import Exchange
    from assistant.types import Answer, Filters, Span


def ask(
    question: Annotated[
        str | None, typer.Argument(help="The question, in plain English. Without one, a conversation begins.")
    ] = None,
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
    """Ask a question, many with --batch, or, with neither, hold a conversation.

    In a conversation every line is a question, and may lean on those before it; /case NAME and the like hold it to part of the
    library, /help says what else can be typed, and an empty line or Ctrl-D ends it. From a pipe, too, every line is a question.
    """
    if question is not None and batch is not None:
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
    filters = library.index.taxonomy.filters(theme=theme, aspect=aspect, case=case)
    if question is None:
        _converse(library, filters, answerer, as_json=as_json, word=word, markdown=markdown)
        return
    answer = library.ask(question, case=case, theme=theme, aspect=aspect, answerer=answerer)
    _show_answer(answer, as_json=as_json)
    if word or markdown:
        from assistant.exchanges import Exchange

        exchange = Exchange(answer.question, filters, answer, asked=datetime.now().astimezone())
        _export(library, [exchange], "Answer from Casewise", word, markdown)


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
    from assistant.cli.terminal import show
    from assistant.rendering import hit_json, hit_text

    hits = open_library(corpus, index).search(query, k, case=case, theme=theme, aspect=aspect)
    if as_json:
        print(dumped([hit_json(hit) for hit in hits]))
        return
    for number, hit in enumerate(hits, 1):
        show(f"{number}. {hit.score:.2f}  {hit_text(hit)}")


def read(
    document: Annotated[
        str,
        typer.Argument(help="A document of the library: its path, or a part of it.", autocompletion=document_names),
    ],
    span: Annotated[str | None, typer.Option("--span", help="Only the characters START:END.")] = None,
    as_json: AsJson = False,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Print the text of a document that citations count in."""
    from assistant.rendering import text_json

    wanted = _span(span) if span is not None else None
    library = open_library(corpus, index)
    text = library.read(document, wanted)
    if as_json:
        print(dumped(text_json(library.index.document(document), wanted)))
    else:
        sys.stdout.write(text)


def _check_new(file: Path | None) -> None:
    if file is not None and file.exists():
        raise UsageError(f'"{file}" is there already. Name another file, or remove this one.')


def _show_answer(answer: Answer, *, as_json: bool) -> None:
    from assistant.cli.terminal import show
    from assistant.rendering import answer_json, answer_text

    if as_json:
        print(dumped(answer_json(answer)))
    else:
        show(answer_text(answer))


def _converse(
    library: Assistant,
    filters: Filters,
    answerer: str | None,
    *,
    as_json: bool,
    word: Path | None,
    markdown: Path | None,
) -> None:
    """Hold a conversation; as JSON, an answer is a line."""
    from assistant.cli.conversing import converse, is_typed
    from assistant.rendering import answer_json

    def show(answer: Answer) -> None:
        if as_json:
            print(json.dumps(answer_json(answer), ensure_ascii=False), flush=True)
        else:
            _show_answer(answer, as_json=False)
            print(flush=True)

    talk = converse(library, filters, show, answerer)
    if talk.exchanges and (word or markdown):
        _export(library, talk.exchanges, "Conversation with Casewise", word, markdown)
    if talk.faults and not is_typed():
        fail(f"{talk.faults} of the lines could not be asked.")


def _export(
    library: Assistant, exported: Sequence[Exchange], title: str, word: Path | None, markdown: Path | None
) -> None:
    from assistant.exports.markdown import markdown_export
    from assistant.exports.pieces import About, library_name, titles_of
    from assistant.exports.word import word_export

    titles = titles_of(exported, library.index.documents)
    about = About(title, library_name(library.index.documents), datetime.now().astimezone())
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


def _span(written: str) -> Span:
    from assistant.types import Span

    try:
        start, end = (int(part) for part in written.split(":"))
    except ValueError as error:
        raise UsageError(f'"{written}" is no span. Write START:END, such as 120:180.') from error
    return Span(start, end)
