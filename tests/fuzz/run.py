"""Reads thousands of made-up files in the processes that read documents, and reports what they did to their readers.

    python -m tests.fuzz.run --files 20000 --seed 1

A fault is a reader that was brought down, took too long or too much memory, or a span that does not hold. Files that did it
are kept in the folder of ``--keep``.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from assistant.passages import passages
from assistant.reading import Source
from assistant.reading.apart import Read, read_apart
from assistant.settings import Settings
from assistant.spans import quote
from tests.fuzz.making import Made, made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.types import Document

_BATCH = 500
_SLOW = 10
_FAULTS = ("brought its reader down", "takes longer", "bytes of memory", "nested too deeply")
_DEATH = re.compile(r"brought its reader down \((?:SIG|signal|exit)")


def faults(found: Read) -> list[str]:
    """Return what is wrong with what became of a file; a refusal with a reason is not."""
    if found.document is None:
        reason = found.reason or "brought its reader down without a reason"
        return [reason] if any(fault in reason for fault in _FAULTS) and not is_death_of_pdfium(found) else []
    found_wrong, begin = list(_of_blocks(found.document)), time.perf_counter()
    try:
        found_wrong = found_wrong or list(_of_passages(found.document))
        seconds = time.perf_counter() - begin
        return [*found_wrong, *([f"passages take {seconds:.0f} s"] if seconds > _SLOW else [])]
    except Exception as error:
        return [f"passages fail: {error!r}"]


def is_death_of_pdfium(found: Read) -> bool:
    """Tell whether the library that reads PDFs, not ours, ended the process; the file is refused by name, and that is all."""
    return found.reader.startswith("pdf/") and _DEATH.search(found.reason or "") is not None


def _of_blocks(document: Document) -> Iterator[str]:
    length = len(document.text)
    for block in document.blocks:
        if not all(0 <= span.start < span.end <= length for span in block.spans):
            yield f"spans of a block: {block.spans}"
        if any(one.end > other.start for one, other in pairwise(block.spans)):
            yield f"spans out of order: {block.spans}"
    if any(not 0 <= page.start <= length or page.page < 1 for page in document.pages):
        yield f"pages: {document.pages}"


def _of_passages(document: Document) -> Iterator[str]:
    length = len(document.text)
    for passage in passages(document, 900):
        for sentence in passage.sentences:
            if not quote(document.text, sentence.spans).strip() or not sentence.text.strip():
                yield f"a sentence of nothing: {sentence}"
            if any(not 0 <= span.start < span.end <= length for span in sentence.spans):
                yield f"spans of a sentence: {sentence.spans}"


def run(files: int, seed: int, keep: Path) -> Counter[str]:
    """Make and read files. Return how many were read, refused and faulty; the faulty ones lie in ``keep``."""
    random, counts = Random(seed), Counter[str]()  # noqa: S311 - nothing is kept secret by it
    begin = time.perf_counter()
    for first in range(0, files, _BATCH):
        batch = [made(random, number) for number in range(first, min(first + _BATCH, files))]
        with tempfile.TemporaryDirectory() as folder:
            for one, found in zip(batch, _read(Path(folder), batch), strict=True):
                _count(counts, one, found, keep)
        print(f"{first + len(batch)} files, {time.perf_counter() - begin:.0f} s: {dict(counts)}", flush=True)
    return counts


def _read(folder: Path, batch: list[Made]) -> Iterator[Read]:
    for one in batch:
        (folder / one.name).write_bytes(one.content)
    given = [Source(one.name, folder / one.name, "") for one in batch]
    yield from read_apart(given, Settings(corpus=folder, reading_seconds=20))


def _count(counts: Counter[str], one: Made, found: Read, keep: Path) -> None:
    counts["read" if found.document else "refused"] += 1
    counts["over a second"] += found.seconds > 1
    counts["deaths of pdfium"] += is_death_of_pdfium(found)
    counts[f"{found.reader.partition('/')[0] or 'unread'} {'read' if found.document else 'refused'}"] += 1
    counts["slowest (ms)"] = max(counts["slowest (ms)"], round(found.seconds * 1000))
    for fault in faults(found):
        counts["faulty"] += 1
        keep.mkdir(parents=True, exist_ok=True)
        (keep / one.name).write_bytes(one.content)
        print(f"{keep / one.name}: {fault}", flush=True)


def main() -> int:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "casewise-fuzz")
    given = parser.parse_args()
    return 1 if run(given.files, given.seed, given.keep)["faulty"] else 0


if __name__ == "__main__":
    sys.exit(main())
