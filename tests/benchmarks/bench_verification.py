"""What the check of a language model's sentences catches and keeps: ``python -m tests.benchmarks.bench_verification``.

Every sentence of the library is lied about by rule and put in other words, by a scripted model over HTTP. Prints the lies caught,
by kind, the true paraphrases kept, and what the check takes a sentence, those that lie (many fail before their meaning is looked
at) and those that do not; with ``--misses``, each that went wrong but those set aside.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

os.environ["HF_HUB_OFFLINE"] = "1"

import pytest

from assistant.conversation import Assistant
from tests.conftest import CORPUS
from tests.lying import Told, Watch, tell_lies, tell_lies_by_hand, tell_truths, tell_what_is_made_up

if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> None:
    """Print the table."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        library = Assistant.open(Path(folder) / "index", corpus=CORPUS)
        library.ask("What helps?")
        watch = Watch().over(patch)
        true = list(tell_truths(library))
        print_times("true", watch, Watch())
        so_far = replace(watch)
        lied, by_hand = list(tell_lies(library)), list(tell_lies_by_hand(library))
        print_times("false", watch, so_far)
        made_up = list(tell_what_is_made_up(library))
    print_table("lies caught", lied, wanted=False)
    print_table("lies by hand caught", by_hand, wanted=False)
    print_table("made up on the right subject, caught", made_up, wanted=False)
    print_table("paraphrases kept", true, wanted=True)
    print_table("… of those set aside", [one for one in true if one.aside], wanted=True)
    if "--misses" in sys.argv:
        for one in (
            *(lie for lie in lied if lie.shown),
            *(truth for truth in true if not (truth.shown or truth.aside)),
        ):
            print(f"{one.kind} | {one.text} | {one.source}")


def print_times(title: str, watch: Watch, before: Watch) -> None:
    """Print what the check has taken a sentence since an earlier moment."""
    count = max(1, watch.count - before.count)
    clock, processor = (watch.seconds - before.seconds) / count, (watch.processor - before.processor) / count
    print(f"{title}: {clock * 1000:.1f} ms a sentence, {processor * 1000:.1f} of the processor, {count} sentences")


def print_table(title: str, told: Sequence[Told], *, wanted: bool) -> None:
    """Print how many of each kind went as they should, and of all."""
    counts, right = Counter(one.kind for one in told), Counter(one.kind for one in told if one.shown is wanted)
    print(f"{title}: {right.total()} of {counts.total()}, {right.total() / max(1, counts.total()):.3f}")
    for kind, count in counts.items():
        print(f"  {kind:<20} {right[kind]:>5} of {count}")


if __name__ == "__main__":
    main()
