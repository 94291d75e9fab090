"""The commands that keep the library: build its index, check it, serve it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.shared import AsJson, Corpus, Index, chosen_settings, dumped, fail, say, shown_progress
from assistant.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.building import BuildReport, Change, Progress
    from assistant.embeddings import Embedder
    from assistant.index import PassageIndex
    from assistant.proposals import Proposal
    from assistant.settings import Settings
    from assistant.vectors.cluster import Cluster


def index(
    corpus: Corpus = None,
    index: Index = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read, and build nothing.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and build again whenever the corpus changes.")] = False,
    add_case: Annotated[
        list[str] | None,
        typer.Option("--add-case", help="Add a case to the taxonomy first, such as one that was proposed."),
    ] = None,
    as_json: AsJson = False,
    ray: Annotated[
        str | None,
        typer.Option("--ray", metavar="ADDRESS", help="Embed on a Ray cluster: HOST:PORT of its head, auto or local."),
    ] = None,
) -> None:
    """Bring the index up to date with the corpus: read what is new, and drop what has gone."""
    from assistant.building import build
    from assistant.changes import survey
    from assistant.embeddings import SentenceTransformerEmbedder
    from assistant.spreading import spread
    from assistant.taxonomy import add_case_to

    settings = chosen_settings(corpus, index)
    if dry_run and (watch or add_case):
        raise UsageError("A dry run changes nothing. Leave --dry-run out, or --watch and --add-case.")
    if dry_run:
        _report_survey(survey(settings), as_json=as_json)
        return
    for name in add_case or ():
        add_case_to(settings.corpus, name)
    if ray is not None:
        settings = _with_ray(settings, ray)
    here = SentenceTransformerEmbedder(settings.model)
    with shown_progress() as progress, spread(here, settings.ray_address, settings.model, progress) as embedder:
        if watch:
            _follow(settings, embedder, progress, as_json=as_json)
            return
        report = build(settings, embedder, progress)
    _report(report, as_json=as_json)
    if report.refused:
        raise SystemExit(1)


def check(
    deep: Annotated[
        bool, typer.Option("--deep", help="Check also what the files hold, and name every file that is damaged.")
    ] = False,
    as_json: AsJson = False,
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
    from assistant.reporting import check_json
    from assistant.reviewing import review
    from assistant.vectors.cluster import cluster_of

    settings = chosen_settings(corpus, index)
    if deep:
        _check_deeply(settings, as_json=as_json)
    verify(current(settings.index), again=True)
    cluster = cluster_of(settings)
    opened = PassageIndex.open(settings.index, SentenceTransformerEmbedder(settings.model), cluster)
    manifest = opened.manifest
    doubts, proposals = review(opened, settings), new_cases(manifest, opened.taxonomy)
    if as_json:
        print(dumped(check_json(manifest, doubts, proposals, is_up_to_date=not is_stale(settings, manifest))))
    else:
        print(f"Every file of {opened.folder} is as it was built ({manifest.built_at}, {manifest.model}).")
        print(_sizes(len(manifest.records), manifest.passages, manifest.sentences))
        print(listed(doubts))
    if cluster:
        _check_cluster(opened, cluster, deep=deep, tell=say if as_json else print)
    _check_language_model(settings, say if as_json else print)
    _report_open(proposals, manifest.strays)
    if is_stale(settings, manifest):
        fail('The corpus has changed since. Run "casewise index" to rebuild the index.')
    _report_refused({name: refusal.reason for name, refusal in manifest.refused.items()})


def _check_language_model(settings: Settings, tell: Callable[[str], None]) -> None:
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
        tell(f'The language model "{model.name}" at {model.place} answers ({seconds:.1f} s).')


def _check_deeply(settings: Settings, *, as_json: bool) -> None:
    from assistant.soundness import faults

    with shown_progress() as progress:
        found = list(faults(settings.index, progress))
    for fault in found:
        say(fault)
    if found and as_json:
        print(dumped({"faults": found}))
    if found:
        fail(f"The index has {len(found)} fault{'s' * (len(found) != 1)}.")
    if not as_json:
        print("Every sentence stands where the index says it does, and has its vector.")


def _check_cluster(opened: PassageIndex, cluster: Cluster, *, deep: bool, tell: Callable[[str], None]) -> None:
    from assistant.clustered import ClusteredVectors, faults, standing

    tell(standing(opened.folder, cluster))
    if deep and isinstance(opened.vectors, ClusteredVectors):
        with shown_progress() as progress:
            found = list(faults(opened.folder, cluster, opened.vectors.stored, progress))
        for fault in found:
            fail(fault)
        tell("Every vector in Milvus is that of the index.")


def _with_ray(settings: Settings, address: str) -> Settings:
    from assistant.services import RAY_ADDRESS

    if not re.fullmatch(RAY_ADDRESS, address):
        raise UsageError(f'"{address}" is no address of a Ray cluster. Say --ray HOST:PORT, --ray auto or --ray local.')
    return settings.model_copy(update={"ray_address": address})


def _follow(settings: Settings, embedder: Embedder, progress: Progress, *, as_json: bool) -> None:
    from assistant.building import BuildReport
    from assistant.watching import follow

    for came in follow(settings, embedder, progress):
        if isinstance(came, BuildReport):
            _report(came, as_json=as_json)
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


def _report(report: BuildReport, *, as_json: bool) -> None:
    """Print what a build did; as JSON, in a line, as several follow each other where the folder is watched."""
    from assistant.reporting import build_json

    if as_json:
        print(json.dumps(build_json(report), ensure_ascii=False), flush=True)
    else:
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


def _report_survey(found: Mapping[str, str], *, as_json: bool) -> None:
    from assistant.reporting import survey_json

    if as_json:
        print(json.dumps(survey_json(found), ensure_ascii=False))
        return
    for name, state in found.items():
        print(f"{state}: {name}")


def _report_refused(refused: Mapping[str, str]) -> None:
    for name, reason in refused.items():
        say(f"Refused {name}: {reason}")
    if refused:
        raise SystemExit(1)
