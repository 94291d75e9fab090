"""The rules that hold the house together, read from the code itself."""

from __future__ import annotations

import ast
import re
from statistics import median, quantiles
from typing import TYPE_CHECKING

import pytest

import assistant
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATIONS = (
    ("types", "errors"),
    ("access", "logs", "shipped"),
    ("services",),
    ("spans", "markup", "words", "calculations", "metadata", "toml_text"),
    ("sentences", "identity", "sidecars"),
    ("keeping",),
    ("settings", "taxonomy", "beginning"),
    ("reading",),
    ("passages",),
    ("tagging", "proposals", "corrections", "inference", "doubts"),
    ("bert",),
    ("embeddings",),
    ("spreading",),
    ("postings",),
    ("vectors", "crossing"),
    ("reranking", "entailment"),
    ("lexical",),
    ("manifest", "locks", "checked", "descriptors"),
    ("storage", "generations"),
    ("vocabulary",),
    ("segments",),
    ("catalogue",),
    ("ledger",),
    ("sending",),
    ("clustered",),
    ("index",),
    ("live",),
    ("library",),
    ("changes", "twins", "vectorising"),
    ("growing", "overlay"),
    ("finishing",),
    ("building", "soundness", "reviewing"),
    ("watching", "background", "previewing", "holdings"),
    ("questions",),
    ("followups",),
    ("retrieval",),
    ("evidence", "support"),
    ("listing", "tabulation", "leaning"),
    ("cells",),
    ("gathering",),
    ("answering",),
    ("citations",),
    ("grid",),
    ("conversation",),
    ("rendering", "pictures", "exchanges"),
    ("notebooks", "frames", "reporting"),
    ("archive",),
    ("exports",),
    ("drawing",),
    ("batch",),
    ("langchain", "mcp"),
    ("evaluation",),
    ("ui",),
    ("serving",),
    ("cli",),
    ("__main__", "__init__"),
)
ORDER = {name: number for number, names in enumerate(STATIONS) for name in names}
MODULES = sorted((ROOT / "assistant").rglob("*.py"))
FILES = [*MODULES, ROOT / "app.py", *sorted((ROOT / "tests").rglob("*.py"))]


def station(path: Path) -> str:
    parts = path.relative_to(ROOT / "assistant").with_suffix("").parts
    return parts[0]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Yield every module that a file imports, late imports and those for type checkers too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where they point"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" if module == "assistant" else module for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_point_back_along_the_journey(path: Path) -> None:
    ours = {name.split(".")[1] for name in imported(path) if name.startswith("assistant.")}
    here = station(path)
    assert here in ORDER, f"{here} has no place in the journey yet"
    assert [name for name in ours if name != here and ORDER[name] >= ORDER[here]] == []


def test_the_nouns_import_nothing_of_ours() -> None:
    assert [name for name in imported(ROOT / "assistant" / "types.py") if name.startswith("assistant")] == []


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        (
            "sentence_transformers",
            {"embeddings", "reranking", "entailment", "crossing"},
        ),  # one makes vectors, the others read pairs
        ("openai", {"answering"}),
        ("openvino", {"bert"}),
        ("ray", {"spreading"}),
        ("tokenizers", {"bert"}),
        ("faiss", {"vectors"}),
        ("pymilvus", {"vectors"}),
        ("grpc", {"vectors"}),
        ("rapidfuzz", {"vocabulary"}),
        ("fcntl", {"locks"}),
        ("pyarrow", {"storage"}),
        ("langchain_text_splitters", {"passages"}),
        ("openpyxl", {"exports"}),
        ("yaml", {"reading"}),
        ("selectolax", {"reading"}),
        ("lxml", {"reading"}),
        ("pypdfium2", {"reading", "pictures"}),
        ("streamlit", {"ui", "serving"}),  # one draws the pages, the other is the server they are drawn by
        ("typer", {"cli"}),
        ("ir_measures", {"evaluation"}),
        ("docx", {"exports"}),
        ("altair", {"ui"}),
        ("pandas", {"grid", "frames"}),
        ("langchain_core", {"langchain"}),
        ("mcp", {"mcp"}),
        ("pickle", set()),
    ],
)
def test_a_package_is_spoken_to_in_one_place(package: str, allowed: set[str]) -> None:
    users = {station(path) for path in MODULES if package in {name.split(".")[0] for name in imported(path)}}
    assert users == allowed


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return a function's lines without its docstring."""
    documented = ast.get_docstring(function) is not None
    body = function.body[1:] if documented and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 2


def test_functions_stay_short() -> None:
    lengths = [length(function) for path in MODULES for function in functions(path)]
    assert median(lengths) <= 10
    assert quantiles(lengths, n=10)[-1] <= 35


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_the_public_face_is_a_sorted_list() -> None:
    assert assistant.__all__ == sorted(assistant.__all__)
    assert [name for name in assistant.__all__ if not hasattr(assistant, name)] == []


def test_nothing_of_this_one_library_stands_in_the_code() -> None:
    words = ("Northumbria", "Nightingale", "Ayrshire", "Bristol", "Kent", "Ipsos", "gowns", "Motivations", "Structures")
    found = [(path.name, word) for path in MODULES for word in words if word in path.read_text(encoding="utf-8")]
    assert found == []


def test_every_error_is_in_the_tree_that_its_module_draws() -> None:
    from assistant import errors

    drawn = errors.__doc__ or ""
    names = [name for name, value in vars(errors).items() if isinstance(value, type)]
    assert names
    assert [name for name in names if name not in drawn] == []


def test_no_group_is_repeated_possessively() -> None:
    """Python before 3.11.5 matches such a group wrongly where it can match in several ways; an atomic group says the same."""
    possessive = re.compile(r"\)[*+?]\+")
    assert [path.name for path in MODULES if possessive.search(path.read_text(encoding="utf-8"))] == []
