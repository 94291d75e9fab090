from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from assistant.index import PassageIndex
from tests.conftest import ROOT
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.settings import Settings

LIMITED = """
import json, resource, signal, sys
from pathlib import Path
from assistant.building import build
from assistant.errors import IndexFault
from assistant.settings import Settings
from tests.fakes import HashingEmbedder

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
settings = Settings(corpus=Path(sys.argv[1]), index=Path(sys.argv[2]))
told = {}
for size in json.loads(sys.argv[3]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        build(settings, HashingEmbedder())
        told[size] = "built"
    except IndexFault as fault:
        told[size] = str(fault)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(json.dumps(told))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="files cannot be limited there")
def test_wherever_the_disk_is_full_the_old_index_stays_and_the_error_says_what_to_do(
    make_corpus: Callable[..., Settings],
) -> None:
    settings = make_corpus(leeds_txt="Ports\n\nA ferry came.\n")
    sizes = [0, 100, 300, 500, 800, 1_200, 2_000, 4_000]
    command = [sys.executable, "-c", LIMITED, str(settings.corpus), str(settings.index)]
    subprocess.run([*command, "[1000000]"], cwd=ROOT, check=True, capture_output=True)
    (settings.corpus / "leeds.txt").write_text("Ports\n\n" + "\n\n".join(f"Tram {number} came." for number in range(9)))
    done = subprocess.run([*command, json.dumps(sizes)], cwd=ROOT, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    assert len(told) == len(sizes)
    assert "built" not in told.values()
    assert all("Free some space" in fault and str(settings.index) in fault for fault in told.values())
    index = PassageIndex.open(settings.index, HashingEmbedder())
    assert [document.text for document in index.documents.values()] == ["Ports\n\nA ferry came.\n"]
    left = [path.name for path in settings.index.iterdir() if path.is_dir()]
    assert left == [index.folder.name]
