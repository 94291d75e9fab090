"""What is released: it installs and runs outside the checkout, with any library."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING
from zipfile import ZipFile

from assistant.shipped import shipped
from tests.conftest import CORPUS, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run
    from tests.installing import Installed

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_wheel_installs_one_package_and_one_command(installed: Installed) -> None:
    with ZipFile(installed.wheel) as wheel:
        names = wheel.namelist()
    assert {name.split("/")[0] for name in names} == {"assistant", f"casewise-{PROJECT['version']}.dist-info"}
    commands = {path.name for path in (installed.environment / "bin").iterdir()} - {"activate"}
    assert {name for name in commands if not name.startswith(("python", "activate", "Activate"))} == {"casewise"}


def test_the_wheel_says_that_it_is_typed(installed: Installed) -> None:
    with ZipFile(installed.wheel) as wheel:
        assert "assistant/py.typed" in wheel.namelist()


def test_the_version_stands_in_one_place(installed: Installed, run: Run, tmp_path: Path) -> None:
    assert installed.run("casewise", "--version", within=tmp_path).stdout == f"{PROJECT['version']}\n"
    assert run("--version")[0] == 0


def test_what_lies_beside_the_package_in_a_checkout_lies_within_it_in_a_wheel(
    installed: Installed, tmp_path: Path
) -> None:
    asked = "from assistant.shipped import shipped; print(shipped({!r}), end='')"
    for name in ("app.py", ".streamlit/config.toml", "corpus/taxonomy.toml"):
        assert shipped(name) == ROOT / name
        found = installed.run("python", "-c", asked.format(name), within=tmp_path).stdout
        assert found.startswith(f"{installed.environment}/")
        assert (tmp_path / found).read_bytes() == (ROOT / name).read_bytes()


def test_the_example_library_is_laid_out_by_the_wheel(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("casewise", "init", "library", "--example", within=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for path in CORPUS.iterdir():
        assert (tmp_path / "library" / "corpus" / path.name).read_bytes() == path.read_bytes()
