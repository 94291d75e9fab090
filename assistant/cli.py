"""The command ``casewise``. Results go to standard output, everything else to standard error.

Exit codes: 0 done, 1 the job failed or a file was refused, 2 wrong usage. Commands parse, call and print; nothing is
decided here.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assistant.errors import CasewiseError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.building import Progress
    from assistant.conversation import Assistant
    from assistant.settings import Settings

app = typer.Typer(
    name="casewise",
    help="Answers questions from a library of case studies, with the exact words behind every sentence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)

Corpus = Annotated[Path | None, typer.Option("--corpus", help="The folder with the documents.", show_default="corpus")]
Index = Annotated[Path | None, typer.Option("--index", help="The folder with the index.", show_default="index")]
Case = Annotated[str | None, typer.Option("--case", help="Only this case: any unambiguous part of one of its names.")]
Theme = Annotated[str | None, typer.Option("--theme", help="Only this theme.")]
Aspect = Annotated[str | None, typer.Option("--aspect", help="Only this aspect: challenge or enabler.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def index(
    corpus: Corpus = None,
    index: Index = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read, and build nothing.")] = False,
) -> None:
    """Build the index from the corpus."""
    from assistant.building import build
    from assistant.changes import survey
    from assistant.embeddings import SentenceTransformerEmbedder

    settings = _settings(corpus, index)
    if dry_run:
        _report_survey(survey(settings))
        return
    with _progress() as progress:
        report = build(settings, SentenceTransformerEmbedder(settings.model), progress)
    print(_sizes(report.documents, report.passages, report.sentences))
    _report_refused(report.refused)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in plain English.")] = None,
    case: Case = None,
    theme: Theme = None,
    aspect: Aspect = None,
    answerer: Annotated[str, typer.Option("--answerer", help="How answers are written.")] = "extractive",
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
    if answerer != "extractive":
        raise UsageError(f'There is no answerer "{answerer}". There is: extractive.')
    if batch is not None and (as_json or case or theme or aspect):
        raise UsageError(
            "A batch is JSON, and has its filters in its lines: leave --json, --case, --theme and --aspect out."
        )
    if batch is not None:
        _ask_batch(batch, corpus, index)
        return
    answer = _library(corpus, index).ask(question or "", case=case, theme=theme, aspect=aspect)
    print(_dumped(answer_json(answer)) if as_json else answer_text(answer))


@app.command()
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

    hits = _library(corpus, index).search(query, k, case=case, theme=theme, aspect=aspect)
    if as_json:
        print(_dumped([hit_json(hit) for hit in hits]))
        return
    for number, hit in enumerate(hits, 1):
        print(f"{number}. {hit.score:.2f}  {hit_text(hit)}")


@app.command()
def read(
    document: Annotated[str, typer.Argument(help="A document of the library: its path, or a part of it.")],
    span: Annotated[str | None, typer.Option("--span", help="Only the characters START:END.")] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Print the text of a document that citations count in."""
    text = _library(corpus, index).index.document(document).text
    start, end = _bounds(span, len(text)) if span is not None else (0, len(text))
    sys.stdout.write(text[start:end])


@app.command()
def check(corpus: Corpus = None, index: Index = None) -> None:
    """Verify the index against its manifest, and say whether it is up to date."""
    from assistant.changes import is_stale
    from assistant.embeddings import SentenceTransformerEmbedder
    from assistant.index import PassageIndex

    settings = _settings(corpus, index)
    opened = PassageIndex.open(settings.index, SentenceTransformerEmbedder(settings.model))
    manifest = opened.manifest
    print(f"Every file of {opened.folder} is as it was built ({manifest.built_at}, {manifest.model}).")
    print(_sizes(len(manifest.documents), manifest.passages, manifest.sentences))
    if is_stale(settings, manifest):
        _fail('The corpus has changed since. Run "casewise index" to rebuild the index.')
    _report_refused({name: refusal.reason for name, refusal in manifest.refused.items()})


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to listen on.", min=1, max=65535)] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Open the web page, after building the index if there is none or it is out of date."""
    from assistant.serving import serve_page

    settings = _settings(corpus, index)
    with _progress() as progress:
        refused = _up_to_date(settings, progress)
    for name, reason in refused.items():
        _say(f"Refused {name}: {reason}")
    _say(f"Casewise listens on http://{host}:{port} - stop it with Ctrl-C.")
    serve_page(settings, host, port, browser=browser)


def main() -> None:
    """Run the command; an error of ours is one line on standard error and an exit code, never a traceback."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a pipe on Windows may not know every character
    try:
        app()
        sys.stdout.flush()
    except UsageError as error:
        _fail(str(error), code=2)
    except CasewiseError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail("Stopped.", code=130)
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None
    except OSError as error:
        place = f'"{error.filename}"' if error.filename else "The output"
        _fail(f"{place} cannot be used ({error.strerror or error}). Mend its permissions or free some space.")


def _settings(corpus: Path | None, index: Path | None) -> Settings:
    from assistant.conversation import with_folders
    from assistant.settings import load_settings

    return with_folders(load_settings(), index, corpus)


def _library(corpus: Path | None, index: Path | None) -> Assistant:
    """Open the library; say so where its corpus has changed since it was indexed."""
    from assistant.changes import is_stale
    from assistant.conversation import Assistant

    settings = _settings(corpus, index)
    with _progress() as progress:
        library = Assistant.open(settings=settings, progress=progress)
    with suppress(CasewiseError):  # whatever is wrong with the corpus, the index can still be asked
        if settings.corpus.is_dir() and is_stale(settings, library.index.manifest):
            _say('The corpus has changed since the index was built. Run "casewise index" to rebuild it.')
    return library


def _up_to_date(settings: Settings, progress: Progress) -> dict[str, str]:
    from assistant.building import ensure
    from assistant.embeddings import SentenceTransformerEmbedder

    return ensure(settings, SentenceTransformerEmbedder(settings.model), progress)


def _ask_batch(batch: Path, corpus: Path | None, index: Path | None) -> None:
    from assistant.batch import answers

    lines = _lines(batch)
    faults = 0
    for answer, asked in answers(_library(corpus, index), lines):
        print(json.dumps(answer, ensure_ascii=False), flush=True)
        faults += not asked
    if faults:
        _fail(f"{faults} of the lines could not be asked; their reason says why.")


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


def _report_survey(found: dict[str, str]) -> None:
    for name, state in found.items():
        print(f"{state}: {name}")


def _report_refused(refused: dict[str, str]) -> None:
    for name, reason in refused.items():
        _say(f"Refused {name}: {reason}")
    if refused:
        raise SystemExit(1)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show stages as bars on standard error while they last."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bars = Progress(*columns, console=Console(stderr=True))
    tasks: dict[str, TaskID] = {}

    def tell(stage: str, done: int, total: int) -> None:
        bars.start()
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=total)
        bars.update(tasks[stage], completed=done, total=total)

    try:
        yield tell
    finally:
        if tasks:
            bars.stop()


def _sizes(documents: int, passages: int, sentences: int) -> str:
    counts = {"document": documents, "passage": passages, "sentence": sentences}
    return ", ".join(f"{count} {noun}{'s' * (count != 1)}" for noun, count in counts.items()) + "."


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _fail(message: str, code: int = 1) -> NoReturn:
    _say(f"casewise: {message}")
    raise SystemExit(code)
