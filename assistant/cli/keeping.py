"""The commands that keep the library: build its index, check it, serve it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.shared import Corpus, Index, chosen_settings, fail, say, shown_progress
from assistant.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.building import BuildReport, Change, Progress
    from assistant.embeddings import Embedder
    from assistant.proposals import Proposal
    from assistant.settings import Settings


def index(
    corpus: Corpus = None,
    index: Index = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read, and build nothing.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and build again whenever the corpus changes.")] = False,
    add_case: Annotated[
        list[str] | None,
        typer.Option("--add-case", help="Add a case to the taxonomy first, such as one that was proposed."),
    ] = None,
) -> None:
    """Bring the index up to date with the corpus: read what is new, and drop what has gone."""
    from assistant.building import build
    from assistant.changes import survey
    from assistant.embeddings import SentenceTransformerEmbedder
    from assistant.taxonomy import add_case_to

    settings = chosen_settings(corpus, index)
    if dry_run and (watch or add_case):
        raise UsageError("A dry run changes nothing. Leave --dry-run out, or --watch and --add-case.")
    if dry_run:
        _report_survey(survey(settings))
        return
    for name in add_case or ():
        add_case_to(settings.corpus, name)
    embedder = SentenceTransformerEmbedder(settings.model)
    if watch:
        _follow(settings, embedder)
        return
    with shown_progress() as progress:
        report = build(settings, embedder, progress)
    _report(report)
    if report.refused:
        raise SystemExit(1)


def check(
    deep: Annotated[
        bool, typer.Option("--deep", help="Check also what the files hold, and name every file that is damaged.")
    ] = False,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Verify the index, say whether it is up to date, and list the passages whose tags are worth a look."""
    from assistant.building import new_cases
    from assistant.changes import is_stale
    from assistant.doubts import listed
    from assistant.embeddings import SentenceTransformerEmbedder
    from assistant.generations import current, verify
    from assistant.index import PassageIndex
    from assistant.reviewing import review

    settings = chosen_settings(corpus, index)
    if deep:
        _check_deeply(settings)
    verify(current(settings.index), again=True)
    opened = PassageIndex.open(settings.index, SentenceTransformerEmbedder(settings.model))
    manifest = opened.manifest
    print(f"Every file of {opened.folder} is as it was built ({manifest.built_at}, {manifest.model}).")
    print(_sizes(len(manifest.records), manifest.passages, manifest.sentences))
    print(listed(review(opened, settings)))
    _report_open(new_cases(manifest, opened.taxonomy), manifest.strays)
    _check_language_model(settings)
    if is_stale(settings, manifest):
        fail('The corpus has changed since. Run "casewise index" to rebuild the index.')
    _report_refused({name: refusal.reason for name, refusal in manifest.refused.items()})


def _check_language_model(settings: Settings) -> None:
    """Say whether the language model answers, where one is configured."""
    if settings.llm_url is None:
        return
    from assistant.answering.language_model import LanguageModel
    from assistant.errors import LanguageModelError

    model = LanguageModel(settings)
    try:
        seconds = model.check()
    except LanguageModelError as error:
        say(f"{error} Until then, answers are quoted.")
    else:
        print(f'The language model "{model.name}" at {model.place} answers ({seconds:.1f} s).')


def _check_deeply(settings: Settings) -> None:
    from assistant.soundness import faults

    with shown_progress() as progress:
        found = list(faults(settings.index, progress))
    for fault in found:
        say(fault)
    if found:
        fail(f"The index has {len(found)} fault{'s' * (len(found) != 1)}.")
    print("Every sentence stands where the index says it does, and has its vector.")


def _follow(settings: Settings, embedder: Embedder) -> None:
    from assistant.building import BuildReport
    from assistant.watching import follow

    with shown_progress() as progress:
        for came in follow(settings, embedder, progress):
            if isinstance(came, BuildReport):
                _report(came)
                say(f"Watching {settings.corpus} - stop it with Ctrl-C.")
            else:
                say(f"casewise: {came}")


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to listen on.", min=1, max=65535)] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    login: Annotated[
        bool, typer.Option(" /--no-login", help="Let in whoever comes, and tell people apart by a cookie.")
    ] = True,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Open the web page, after building the index if there is none or it is out of date."""
    from assistant.serving import opened_door
    from assistant.serving import serve as serve_app

    settings = chosen_settings(corpus, index)
    with opened_door(settings, host, port, login=login) as door:
        with shown_progress() as progress:
            refused = _up_to_date(settings, progress)
        for name, reason in refused.items():
            say(f"Refused {name}: {reason}")
        say(f"Casewise listens on {door.address} - stop it with Ctrl-C.")
        serve_app(settings, door, browser=browser)


def _up_to_date(settings: Settings, progress: Progress) -> dict[str, str]:
    from assistant.building import ensure
    from assistant.embeddings import SentenceTransformerEmbedder

    return ensure(settings, SentenceTransformerEmbedder(settings.model), progress)


def _sizes(documents: int, passages: int, sentences: int) -> str:
    counts = {"document": documents, "passage": passages, "sentence": sentences}
    return ", ".join(f"{count} {noun}{'s' * (count != 1)}" for noun, count in counts.items()) + "."


def _report(report: BuildReport) -> None:
    for change in report.changes:
        if change.name not in report.refused:
            print(_told(change))
    print(f"{_sizes(report.documents, report.passages, report.sentences)} {report.seconds:.1f} s.", flush=True)
    for name, reason in report.refused.items():
        say(f"Refused {name}: {reason}")
    _report_open(report.proposals, report.strays)


def _report_open(proposals: Sequence[Proposal], strays: Sequence[str]) -> None:
    """Say what a person is asked to decide."""
    for one in proposals:
        say(f'{one.reason} ({", ".join(one.documents)}) To add it: casewise index --add-case "{one.name}"')
    for stray in strays:
        say(f"A correction in tags.toml has lost its passage: {stray}")


def _told(change: Change) -> str:
    """Return what became of a file, in a line."""
    details = [change.detail, f"{change.seconds:.1f} s" if change.seconds else ""]
    why = ", ".join(filter(None, details))
    return f"{change.state}: {change.name}" + (f" ({why})" if why else "")


def _report_survey(found: Mapping[str, str]) -> None:
    for name, state in found.items():
        print(f"{state}: {name}")


def _report_refused(refused: Mapping[str, str]) -> None:
    for name, reason in refused.items():
        say(f"Refused {name}: {reason}")
    if refused:
        raise SystemExit(1)
