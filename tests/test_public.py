"""The public surface, whole: whoever changes it changes this list, and says so in the changelog."""

from __future__ import annotations

import ast
import builtins
import importlib
import inspect
import re
from typing import TYPE_CHECKING, Any

import pytest

import assistant
from assistant import Assistant
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

NOUNS = {
    *(
        "Answer",
        "Block",
        "BlockKind",
        "Calculation",
        "Cell",
        "Citation",
        "Claim",
        "Document",
        "Draft",
        "Evidence",
        "Facet",
    ),
    *("Filters", "Hit", "Origin", "PageStart", "Passage", "Rejection", "Sentence", "Span", "Statement", "Tag", "Turn"),
    "embedded_text",
}
ERRORS = {
    *(
        "ArchiveError",
        "CasewiseError",
        "ClusterAway",
        "ClusterError",
        "CorrectionError",
        "EmptyCorpus",
        "EvaluationError",
        "IndexDamaged",
        "IndexFault",
    ),
    *(
        "IndexMismatch",
        "IndexMissing",
        "KeepingError",
        "LanguageModelError",
        "MissingExtra",
        "ModelError",
        "QuestionError",
        "ReadingError",
    ),
    *("RetrievalSetError", "SettingsError", "TaxonomyError", "UnknownName", "UsageError", "WorkersError"),
}
FACE = {
    *("Answer", "Assistant", "By", "CasewiseError", "Citation", "Document", "Embedder", "Filters", "Grid", "GridCell"),
    *(
        "GridQuote",
        "GridRow",
        "Hit",
        "Listener",
        "ModelIdentity",
        "Passage",
        "Progress",
        "Settings",
        "Span",
        "Turn",
        "to_pandas",
    ),
}
PUBLIC = {
    "assistant": FACE,
    "assistant.types": NOUNS,
    "assistant.errors": ERRORS,
    "assistant.settings": {"Settings", "load_settings"},
    "assistant.langchain": {"CasewiseRetriever"},
}
ASKING = {
    "open": "index=None, *, corpus=None, settings=None, embedder=None, progress=None",
    "ask": "question, history=(), *, case=None, theme=None, aspect=None, answerer=None, listener=None",
    "search": "query, k=10, *, case=None, theme=None, aspect=None",
    "grid": "question, *, by='case', columns=(), case=None, theme=None, aspect=None",
    "documents": "",
    "read": "document, span=None",
    "close": "",
}
"""What can be asked of an Assistant, and how; it is also a context manager, and has its ``settings``."""

INTERNAL = {"index", "live", "embedder", "reranker"}
"""What an Assistant has for Casewise's own modules, and says so of."""

ELSEWHERE = {
    *(
        "Any",
        "Callable",
        "ClassVar",
        "Iterable",
        "Iterator",
        "Literal",
        "Mapping",
        "Path",
        "PathLike",
        "Self",
        "Sequence",
    ),
    *("DataFrame", "NDArray", "float32", "np"),
    *("Annotated", "BaseModel", "Field", "InstanceOf"),
}
"""Names in public signatures that are the standard library's, NumPy's, pandas' or pydantic's."""


def defined_in(name: str) -> set[str]:
    """Return what a module makes public: what it says, or else what it defines without an underscore."""
    module = importlib.import_module(name)
    defined = [key for key, value in vars(module).items() if getattr(value, "__module__", None) == name]
    return set(getattr(module, "__all__", [key for key in defined if not key.startswith("_")]))


def members(noun: type) -> Iterator[tuple[str, Any]]:
    """Yield what a class of ours has without an underscore, its own and what it inherits from classes of ours."""
    for owner in noun.__mro__:
        if owner.__module__.startswith("assistant"):
            yield from ((name, value) for name, value in vars(owner).items() if not name.startswith("_"))
            yield from ((name, None) for name in inspect.get_annotations(owner) if not name.startswith("_"))


def annotations(value: Any) -> Iterator[str]:
    """Yield the annotations of a function, a property, or the fields and methods of a class, as they are written."""
    function = getattr(value, "fget", None) or getattr(value, "__func__", value)
    if inspect.isclass(function):
        fields = inspect.get_annotations(function)
        yield from (str(written) for name, written in fields.items() if name not in INTERNAL)
        for name, member in members(function):
            if member is not None and name not in INTERNAL:
                yield from annotations(member)
    elif inspect.isfunction(function):
        yield from map(str, inspect.get_annotations(function).values())


def test_the_public_surface_is_this() -> None:
    assert {name: defined_in(name) for name in PUBLIC} == PUBLIC


def test_what_can_be_asked_of_an_assistant_is_this() -> None:
    found = {name: value for name, value in members(Assistant) if name not in INTERNAL}
    assert set(found) == {*ASKING, "settings"}
    for name, written in ASKING.items():
        signature = inspect.signature(getattr(Assistant, name))
        given = [one.replace(annotation=one.empty) for one in signature.parameters.values() if one.name != "self"]
        assert str(inspect.Signature(given)) == f"({written})"
    assert {"__enter__", "__exit__"} <= set(dir(Assistant))


def test_the_package_says_which_modules_are_public_and_that_no_other_is() -> None:
    said = assistant.__doc__ or ""
    assert set(re.findall(r"``(assistant\.\w+)``", said)) == set(PUBLIC) - {"assistant"}
    assert "Every other module is internal" in said


def test_what_is_internal_of_an_assistant_says_so() -> None:
    documented = " ".join(owner.__doc__ or "" for owner in Assistant.__mro__ if "assistant" in owner.__module__)
    named = re.findall(r"((?:``\w+``(?: and )?)+) are for Casewise's own modules", documented)
    assert set(re.findall(r"\w+", " ".join(named).replace(" and ", " "))) == INTERNAL


@pytest.mark.parametrize(
    "name", [f"{module}.{name}" for module, names in PUBLIC.items() for name in sorted(names)], ids=lambda name: name
)
def test_what_is_public_is_documented_and_mentions_only_what_is_public(name: str) -> None:
    module, _, own = name.rpartition(".")
    value = getattr(importlib.import_module(module), own)
    assert inspect.getdoc(value)
    known = {one for names in PUBLIC.values() for one in names} | set(dir(builtins)) | ELSEWHERE
    if own == "Settings":
        return  # its fields are values that a file can hold
    written = {node.id for one in annotations(value) for node in ast.walk(ast.parse(one)) if isinstance(node, ast.Name)}
    assert written - known == set()


def imports(path: str) -> Iterator[tuple[str, str]]:
    """Yield what the Python of a page of documentation imports of ours: module and name."""
    for block in re.findall(r"```python\n(.*?)```", (ROOT / path).read_text(encoding="utf-8"), re.DOTALL):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("assistant"):
                yield from ((node.module or "", alias.name) for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from ((one.name, "*") for one in node.names if one.name.startswith("assistant."))


PAGES = [str(path.relative_to(ROOT)) for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))]


@pytest.mark.parametrize("page", PAGES)
def test_documentation_shows_only_what_is_public(page: str) -> None:
    assert [(module, name) for module, name in imports(page) if name not in PUBLIC.get(module, ())] == []


def test_the_package_tells_type_checkers_that_it_is_typed() -> None:
    assert (ROOT / "assistant" / "py.typed").is_file()
