from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(not hasattr(os, "fork"), reason="builders are forked")
@pytest.mark.parametrize("builds", [20, pytest.param(240, marks=pytest.mark.slow)])
def test_a_build_killed_at_any_instant_leaves_the_old_index_or_the_new_and_readers_see_no_error(
    builds: int, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "tests.killing", str(tmp_path), str(builds), "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert sum(found["states"].values()) == builds
    assert all(found["states"].values()), "some builds must have come through, and some not"
    assert [reader["error"] for reader in found["readers"]] == [None, None]
    assert all(reader["asked"] > builds / 4 for reader in found["readers"])
    generations = [name for name in found["left"] if name.startswith("generation-")]
    assert len(generations) == 1, "what killed builds leave is cleared away by the next one"
    assert not [name for name in found["left"] if name.startswith(".building")]
