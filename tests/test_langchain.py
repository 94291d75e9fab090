from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from langchain_tests.integration_tests import RetrieversIntegrationTests
from pydantic import ValidationError

from assistant import Assistant, Settings
from assistant.building import build
from assistant.errors import CasewiseError, UnknownName, UsageError
from assistant.langchain import CasewiseRetriever
from assistant.spans import quote
from tests.conftest import TAXONOMY
from tests.fakes import HashingEmbedder

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever

LEEDS = """---
source: https://example.org/leeds
---
# Leeds Digital Hub

## Motivations

### Challenges

Staff shared an office in Leeds and disliked the noise.

### Enablers

The office was shared by staff who wanted the same thing.

## Structures

### Enablers

A shared budget paid for the office of the staff.
"""
HARBOUR = "# Harbour City\n\nThe bridge over the estuary was painted green.\n"
SHARED = "What did the staff share in the office?"


@pytest.fixture(scope="module")
def hubs(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("hubs")
    settings = Settings(corpus=folder, index=folder / "index")
    for name, text in (("taxonomy.toml", TAXONOMY), ("leeds.md", LEEDS), ("harbour.md", HARBOUR)):
        (folder / name).write_text(text, encoding="utf-8")
    build(settings, HashingEmbedder())
    return Assistant.open(settings=settings, embedder=HashingEmbedder())


@pytest.mark.anyio
class TestStandard(RetrieversIntegrationTests):
    """LangChain's own tests of a retriever."""

    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @pytest.fixture(autouse=True)
    def _opened(self, hubs: Assistant) -> None:
        self.hubs = hubs

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return CasewiseRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"library": self.hubs, "k": 2}

    @property
    def retriever_query_example(self) -> str:
        return SHARED


def test_a_document_carries_what_a_passage_is_and_where_it_stands(hubs: Assistant) -> None:
    found = CasewiseRetriever(library=hubs).invoke(SHARED)
    hits = hubs.search(SHARED)
    assert [one.id for one in found] == [hit.passage.id for hit in hits]
    assert [one.page_content for one in found] == [hit.passage.text for hit in hits]
    for one, hit in zip(found, hits, strict=True):
        text = hubs.read(one.metadata["document"])
        spans = one.metadata["spans"]
        assert " ".join(text[span["start"] : span["end"]] for span in spans) == quote(text, hit.passage.spans)
        assert one.metadata["score"] == round(hit.score, 4)
        assert one.metadata["source"] == one.metadata["document"] == hit.passage.document
    (first, *_) = [one for one in found if one.metadata["document"] == "leeds.md"]
    assert (first.metadata["title"], first.metadata["cases"]) == ("Leeds Digital Hub", ["Leeds Digital Hub"])
    assert first.metadata["about"]["source"] == "https://example.org/leeds"
    json.dumps([one.metadata for one in found])


def test_filters_of_the_retriever_hold_unless_a_call_gives_others(hubs: Assistant) -> None:
    retriever = CasewiseRetriever(library=hubs, theme="Motiv", aspect="enablers")
    assert tags(retriever.invoke(SHARED)) == {("Motivations", "enabler")}
    assert tags(retriever.invoke(SHARED, theme="Structures")) == {("Structures", "enabler")}
    assert tags(retriever.invoke(SHARED, aspect="challenge")) == {("Motivations", "challenge")}
    assert retriever.invoke(SHARED, case="Harbour") == []


def tags(found: list[Document]) -> set[tuple[str, str]]:
    return {(theme, aspect) for one in found for theme in one.metadata["themes"] for aspect in one.metadata["aspects"]}


def test_what_is_called_asynchronously_finds_the_same(hubs: Assistant) -> None:
    retriever = CasewiseRetriever(library=hubs)

    async def both() -> list[list[Document]]:
        return await asyncio.gather(*(retriever.ainvoke(SHARED, k=1, theme=theme) for theme in ("Motiv", "Struct")))

    assert asyncio.run(both()) == [retriever.invoke(SHARED, k=1, theme=theme) for theme in ("Motiv", "Struct")]


def test_a_retriever_is_a_link_of_a_chain(hubs: Assistant) -> None:
    def joined(found: list[Document]) -> str:
        return "\n".join(one.page_content for one in found)

    chain = CasewiseRetriever(library=hubs, k=2) | joined
    assert chain.invoke(SHARED) == "\n".join(hit.passage.text for hit in hubs.search(SHARED, 2))


def test_what_cannot_be_asked_is_an_error_that_says_so(hubs: Assistant) -> None:
    retriever = CasewiseRetriever(library=hubs)
    with pytest.raises(UnknownName, match="Motivations; Structures"):
        retriever.invoke(SHARED, theme="Finance")
    with pytest.raises(UsageError, match="Ask for 1 or more"):
        retriever.invoke(SHARED, k=0)
    with pytest.raises(TypeError, match="themes"):
        retriever.invoke(SHARED, themes="Structures")


@pytest.mark.parametrize("given", [{"k": 0}, {"themes": "Structures"}, {"library": "index"}])
def test_what_cannot_be_set_is_refused_and_not_passed_over(hubs: Assistant, given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CasewiseRetriever(**{"library": hubs, **given})


def test_without_langchain_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_core.retrievers", None)
    monkeypatch.delitem(sys.modules, "assistant.langchain")
    with pytest.raises(ImportError, match=r"pip install \"casewise\[langchain\]\"") as raised:
        __import__("assistant.langchain")
    assert isinstance(raised.value, CasewiseError)
