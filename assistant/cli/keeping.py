"""The commands that keep the library: build its index, check it, serve it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.shared import Corpus, Index, chosen_settings, fail, say, shown_progress

if TYPE_CHECKING:
    from assistant.building import Progress
    from assistant.settings import Settings


def index(
    corpus: Corpus = None,
    index: Index = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read, and build nothing.")] = False,
) -> None:
    """Build the index from the corpus."""
    from assistant.building import build
    from assistant.changes import survey
    from assistant.embeddings import SentenceTransformerEmbedder

    settings = chosen_settings(corpus, index)
    if dry_run:
        _report_survey(survey(settings))
        return
    with shown_progress() as progress:
        report = build(settings, SentenceTransformerEmbedder(settings.model), progress)
    print(_sizes(report.documents, report.passages, report.sentences))
    _report_refused(report.refused)


def check(corpus: Corpus = None, index: Index = None) -> None:
    """Verify the index against its manifest, and say whether it is up to date."""
    from assistant.changes import is_stale
    from assistant.embeddings import SentenceTransformerEmbedder
    from assistant.index import PassageIndex

    settings = chosen_settings(corpus, index)
    opened = PassageIndex.open(settings.index, SentenceTransformerEmbedder(settings.model))
    manifest = opened.manifest
    print(f"Every file of {opened.folder} is as it was built ({manifest.built_at}, {manifest.model}).")
    print(_sizes(len(manifest.documents), manifest.passages, manifest.sentences))
    if is_stale(settings, manifest):
        fail('The corpus has changed since. Run "casewise index" to rebuild the index.')
    _report_refused({name: refusal.reason for name, refusal in manifest.refused.items()})


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to listen on.", min=1, max=65535)] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Open the web page, after building the index if there is none or it is out of date."""
    from assistant.serving import serve_page

    settings = chosen_settings(corpus, index)
    with shown_progress() as progress:
        refused = _up_to_date(settings, progress)
    for name, reason in refused.items():
        say(f"Refused {name}: {reason}")
    say(f"Casewise listens on http://{host}:{port} - stop it with Ctrl-C.")
    serve_page(settings, host, port, browser=browser)


def _up_to_date(settings: Settings, progress: Progress) -> dict[str, str]:
    from assistant.building import ensure
    from assistant.embeddings import SentenceTransformerEmbedder

    return ensure(settings, SentenceTransformerEmbedder(settings.model), progress)


def _sizes(documents: int, passages: int, sentences: int) -> str:
    counts = {"document": documents, "passage": passages, "sentence": sentences}
    return ", ".join(f"{count} {noun}{'s' * (count != 1)}" for noun, count in counts.items()) + "."


def _report_survey(found: dict[str, str]) -> None:
    for name, state in found.items():
        print(f"{state}: {name}")


def _report_refused(refused: dict[str, str]) -> None:
    for name, reason in refused.items():
        say(f"Refused {name}: {reason}")
    if refused:
        raise SystemExit(1)
