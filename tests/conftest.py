from __future__ import annotations

import os
import subprocess
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadScopeScheduling

from assistant.building import build
from assistant.cli import main
from assistant.conversation import Assistant
from assistant.embeddings import SentenceTransformerEmbedder
from assistant.reading import read
from assistant.settings import Settings
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xdist.remote import Producer

    from assistant.types import Document
    from tests.installing import Installed

    Run = Callable[..., tuple[int, str, str]]

# A build server repeats the same examples: what fails there is the change, never chance. No deadlines: machines are noisy.
hypothesis_settings.register_profile("developer", deadline=None)
hypothesis_settings.register_profile("build server", deadline=None, derandomize=True)
hypothesis_settings.load_profile("build server" if os.environ.get("CI") else "developer")

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
SUMMARY = CORPUS / "collaboration-executive-summary.txt"
WEB = "tests/web/"

TAXONOMY = """
[[themes]]
name = "Motivations"
names = ["Motivation"]

[[themes]]
name = "Structures"

[[aspects]]
name = "challenge"
names = ["challenges"]

[[aspects]]
name = "enabler"
names = ["enablers"]

[[cases]]
name = "Leeds Digital Hub"
names = ["Leeds", "LDH"]

[[cases]]
name = "Harbour City"
names = ["Harbour"]
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that drive a browser, which take one process the longest."""
    items.sort(key=lambda item: item.nodeid.startswith(WEB), reverse=True)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Have one process run all of a file's tests, and one all that drive a browser, whose loop of events is in others' way."""
    return ByFile(config, log)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # its packages have no types
    """Shares out files."""

    def _split_scope(self, nodeid: str) -> str:
        return WEB if nodeid.startswith(WEB) else nodeid.partition("::")[0]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CASEWISE_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def in_float32() -> Iterator[None]:
    """Have vectors computed in float32 whatever the processor has, so that they can be compared to the last digits."""
    from assistant.bert import compiled

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "PROCESSOR", Path("no processor"))
        yield


@pytest.fixture(scope="session")
def summary() -> Document:
    """The library's own document, as it is read."""
    return read(SUMMARY)


@pytest.fixture
def make_corpus(tmp_path: Path) -> Callable[..., Settings]:
    """Return a function that lays out a corpus of named texts below ``tmp_path`` and gives settings for it."""

    def make(taxonomy: str | None = TAXONOMY, /, **texts: str) -> Settings:
        corpus = tmp_path / "corpus"
        corpus.mkdir(exist_ok=True)
        if taxonomy is not None:
            (corpus / "taxonomy.toml").write_text(taxonomy, encoding="utf-8")
        for name, text in texts.items():
            (corpus / name.replace("_", ".")).write_bytes(text.encode())
        return Settings(corpus=corpus, index=tmp_path / "index")

    return make


@pytest.fixture
def make_library(make_corpus: Callable[..., Settings]) -> Callable[..., Assistant]:
    """Return a function that makes a library of named texts, embedded by hashing."""

    def make(taxonomy: str = TAXONOMY, /, **texts: str) -> Assistant:
        settings, embedder = make_corpus(taxonomy, **texts), HashingEmbedder()
        build(settings, embedder)
        return Assistant.open(settings=settings, embedder=embedder)

    return make


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The library itself, built with the real model into a folder of its own."""
    index = tmp_path_factory.mktemp("library") / "index"
    return Assistant.open(index, corpus=CORPUS, embedder=SentenceTransformerEmbedder())


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as it is published; that it builds without a warning is part of it."""
    built = tmp_path_factory.mktemp("documentation") / "site"
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", ROOT / "docs", built]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return built


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Casewise as it is released, in an environment of its own."""
    from tests.installing import install

    return install(tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="session")
def milvus_lite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file of a Milvus Lite in this process, for all tests together: each library has a name of its own there."""
    pytest.importorskip("milvus_lite")
    return str(tmp_path_factory.mktemp("milvus") / "milvus.db")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs ``casewise`` and gives its exit code, standard output and standard error."""

    def casewise(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["casewise", *map(str, arguments)])
        try:
            main()
            code: object = 0
        except SystemExit as stop:
            code = stop.code or 0
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert isinstance(code, int)
        return code, out, err

    return casewise


@pytest.fixture
def folders(library: Assistant) -> tuple[str, ...]:
    """Return the options that name the library's own folders."""
    return ("--corpus", str(CORPUS), "--index", str(library.settings.index))
