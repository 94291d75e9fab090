"""The command that measures how good the answers are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.shared import (
    Answerer,
    Corpus,
    Index,
    check_answerer,
    chosen_settings,
    fail,
    open_library,
    say,
    shown_progress,
)
from assistant.cli.terminal import console
from assistant.errors import CasewiseError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from assistant.evaluation.question_sets import AskedQuestion, Outcome
    from assistant.evaluation.verification import Judge


def evaluate(
    path: Annotated[
        Path, typer.Argument(help="A question set (JSON lines, plain or .gz), or a folder in BEIR's layout.")
    ],
    split: Annotated[str | None, typer.Option("--split", help="Only the questions of this split.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="Only so many, the first ones.", min=1)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines, the figures last.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="A folder for run.jsonl and report.html.")] = None,
    compare: Annotated[Path | None, typer.Option("--compare", help="The run.jsonl of an earlier run.")] = None,
    floors: Annotated[
        Path | None, typer.Option("--floors", help="A TOML file of figures that must be reached.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="PATH holds claims and evidence: judge the measure of support.")
    ] = False,
    answerer: Answerer = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Ask questions whose answers are known, and count how good the answers are."""
    check_answerer(answerer)
    out_of_place = bool(split or out or compare or floors)
    if verify:
        _verify_claims(path, limit, as_json, out_of_place=out_of_place)
        return
    if path.is_dir():
        _rank_set(path, limit, as_json, index, out_of_place=out_of_place)
        return
    from assistant.evaluation import comparing, running, tables
    from assistant.evaluation.floors import chosen_floors, shortfalls
    from assistant.evaluation.question_sets import read_question_set
    from assistant.evaluation.runs import read_run, run_lines

    questions = running.chosen(read_question_set(path), split, limit)
    limits = chosen_floors(floors, split) if floors else []
    earlier = read_run(compare) if compare else None
    outcomes = _outcomes(questions, corpus, index, answerer)
    comparison = comparing.compare(earlier, outcomes) if earlier else None
    _keep_own(path, outcomes, corpus, index, whole=not (split or limit or answerer))
    if out:
        running.write_run(out, path.name, outcomes, comparison)
    if as_json:
        _print_lines(run_lines(outcomes, comparison))
    else:
        _show(*tables.run_tables(outcomes, comparison))
    _report_short(shortfalls(outcomes, limits))


def _outcomes(
    questions: Sequence[AskedQuestion], corpus: Path | None, index: Path | None, answerer: str | None
) -> list[Outcome]:
    from assistant.evaluation.question_sets import ask_all, strays

    library = open_library(corpus, index)
    for asked, gold in strays(questions, library.documents()):
        say(f"No document holds this gold of the question {asked.id!r}: {gold!r}")
    with shown_progress() as progress:
        return ask_all(library, questions, progress, answerer or "extractive")


def _keep_own(path: Path, outcomes: Sequence[Outcome], corpus: Path | None, index: Path | None, *, whole: bool) -> None:
    """Keep a run of the library's own question set for the page that shows figures over time."""
    from assistant.evaluation.kept import keep_run, own_questions
    from assistant.generations import current

    settings = chosen_settings(corpus, index)
    own = own_questions(settings)
    if not whole or not own.is_file() or not own.samefile(path):
        return
    try:
        keep_run(settings, outcomes, current(settings.index).name, datetime.now(UTC))
    except CasewiseError as error:
        say(str(error))  # the figures are none the worse for it


def _report_short(shortfalls: Sequence[str]) -> None:
    if shortfalls:
        fail("\n  ".join(["Not every figure is what it must be:", *shortfalls]))


def _verify_claims(path: Path, limit: int | None, as_json: bool, *, out_of_place: bool) -> None:
    from assistant.evaluation.tables import verification_table
    from assistant.evaluation.verification import judge_all, judged_json, read_claims, verification_json, verify

    if out_of_place:
        raise UsageError("Claims have no splits, runs or floors: leave --split, --out, --compare and --floors out.")
    claims = read_claims(path)[:limit]
    judge, threshold = _measure_of_support()
    with shown_progress() as progress:
        judged = judge_all(claims, judge, progress)
    found = verify(judged, threshold)
    if as_json:
        tables = [*map(judged_json, judged), verification_json(found)]
        _print_lines(json.dumps(table, ensure_ascii=False) for table in tables)
    else:
        _show(verification_table(found))


def _measure_of_support() -> tuple[Judge, float]:
    from assistant.embeddings import SentenceTransformerEmbedder
    from assistant.settings import load_settings
    from assistant.support import Judge

    settings = load_settings()
    return Judge(SentenceTransformerEmbedder(settings.model), settings), settings.enough_support


def _rank_set(folder: Path, limit: int | None, as_json: bool, index: Path | None, *, out_of_place: bool) -> None:
    from assistant.embeddings import SentenceTransformerEmbedder
    from assistant.evaluation.retrieval_sets import evaluate
    from assistant.evaluation.tables import retrieval_table

    if out_of_place:
        raise UsageError(
            "Retrieval sets have no splits, runs or floors: leave --split, --out, --compare and --floors out."
        )
    settings = chosen_settings(None, index)
    with shown_progress() as progress:
        found = evaluate(folder, settings, SentenceTransformerEmbedder(settings.model), limit, progress)
    if found.missing:
        say(f"{len(found.missing)} judged queries are not in the set, and count as 0: {', '.join(found.missing[:5])}")
    if as_json:
        lines = [{"id": identifier, **figures} for identifier, figures in found.by_query.items()]
        _print_lines(json.dumps(line, ensure_ascii=False) for line in [*lines, dict(found.figures)])
    else:
        _show(retrieval_table(found))


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _show(*tables: RenderableType) -> None:
    console().print(*tables, sep="\n")
