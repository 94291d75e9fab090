from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import anyio
import pytest
from mcp import Client, MCPError

from assistant.building import build
from assistant.errors import CasewiseError, MissingExtra
from assistant.mcp.server import listener_on, mcp_server
from assistant.mcp.tools import MOST_CHARACTERS
from assistant.rendering import answer_json, grid_json, hit_json
from assistant.spans import quote
from assistant.types import Facet, Span
from tests.fakes import HashingEmbedder
from tests.mcp_clients import Asker, asking, described, over_stdio, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant import Assistant, Settings
    from tests.conftest import Run

QUICKLY = "How quickly was a new court set up, compared with normal?"
TRUST = "How was trust built between the partners?"
HUB = "# Leeds Digital Hub\n\nThe hub in Leeds opened in May.\n"


@pytest.fixture(scope="module", params=["stdio", "http"])
def asker(
    request: pytest.FixtureRequest, library: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asker]:
    """A client that speaks to a server of the library, over each transport."""
    if request.param == "stdio":
        with over_stdio(library, tmp_path_factory.mktemp("mcp") / "errors") as found:
            yield found
        return
    with served(library) as address, asking(address) as found:
        yield found


def without_times(table: dict[str, Any]) -> dict[str, Any]:
    assert table["timings_ms"]["total"] > 0
    return {key: value for key, value in table.items() if key != "timings_ms"}


def test_a_question_is_answered_as_in_python(asker: Asker, library: Assistant) -> None:
    answer = asker.call("ask", question=QUICKLY)
    assert answer["answered"]
    assert without_times(answer) == without_times(answer_json(library.ask(QUICKLY)))
    for one in answer["citations"]:
        spans = [Span(span["start"], span["end"]) for span in one["spans"]]
        assert quote(library.read(one["document"]), spans) == one["quote"]


def test_a_follow_up_leans_on_the_questions_before(asker: Asker, library: Assistant) -> None:
    history = ["How many leaders took part in East Ayrshire?"]
    answer = asker.call("ask", question="And in Kent?", history=history)
    assert answer["standalone_question"] == library.ask("And in Kent?", history).standalone_question
    assert answer["standalone_question"] != "And in Kent?"


def test_what_the_library_does_not_hold_is_refused_and_no_error(asker: Asker) -> None:
    answer = asker.call("ask", question="How many meals did Kent deliver?")
    assert (answer["answered"], answer["citations"]) == (False, [])
    assert "a number of meals" in answer["reason"]


def test_filters_are_as_in_python(asker: Asker, library: Assistant) -> None:
    filters = {"theme": "relation", "aspect": "enablers"}
    found = asker.call("search", query=TRUST, k=3, **filters)
    assert found == {"passages": [hit_json(hit) for hit in library.search(TRUST, 3, **filters)]}
    assert {tuple(one["themes"]) for one in found["passages"]} == {("Relationships",)}


def test_a_grid_is_laid_out_as_in_python(asker: Asker, library: Assistant) -> None:
    grid = asker.call("grid", question=TRUST)
    assert without_times(grid) == without_times(grid_json(library.grid(TRUST)))
    asked = asker.call("grid", question=TRUST, by="document", columns=["What were the challenges?"])
    assert asked["columns"] == [TRUST, "What were the challenges?"]
    assert [row["name"] for row in asked["rows"]] == [one.id for one in library.documents()]


def test_documents_are_listed_with_the_names_that_filters_take(asker: Asker, library: Assistant) -> None:
    listed = asker.call("list_documents")
    (document,) = library.documents()
    (found,) = listed["documents"]
    assert (found["document"], found["title"], listed["total"]) == (document.id, document.title, 1)
    for facet, key in ((Facet.CASE, "cases"), (Facet.THEME, "themes"), (Facet.ASPECT, "aspects")):
        assert listed[key] == [entry.name for entry in library.index.taxonomy.entries[facet]]
    assert asker.call("list_documents", name="nothing of that name")["documents"] == []
    assert asker.call("list_documents", first=1) == listed | {"documents": []}


def test_a_document_is_read_whole_or_at_a_span(asker: Asker, library: Assistant) -> None:
    text = library.read("executive")
    whole = asker.call("read", document="executive")
    assert (whole["text"], whole["end"], whole["characters"]) == (text, len(text), len(text))
    part = asker.call("read", document="collaboration-executive-summary.txt", start=12368, end=12457)
    assert part["text"] == text[12368:12457]


def test_documents_are_resources(asker: Asker, library: Assistant) -> None:
    (resource,) = asker.run(asker.client.list_resources).resources
    (document,) = library.documents()
    assert (resource.name, resource.title, resource.mime_type) == (document.id, document.title, "text/plain")
    (content,) = asker.run(asker.client.read_resource, resource.uri).contents
    assert content.text == document.text
    with pytest.raises(MCPError, match="collaboration-executive-summary"):
        asker.run(asker.client.read_resource, "casewise://documents/york.md")


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("ask", {"question": ""}, "The question is empty. Ask something"),
        ("ask", {"question": "x" * 100_000}, "Shorten it"),
        ("ask", {"question": "Why?", "theme": "Finance"}, "Motivations; Structures; Relationships"),
        ("search", {"query": "Why?", "case": "Cardiff"}, 'no case called "Cardiff"'),
        ("search", {"query": "Why?", "k": 0}, "greater than or equal to 1"),
        ("grid", {"question": "Why?", "by": "theme"}, "'case' or 'document'"),
        ("read", {"document": "york.md"}, "collaboration-executive-summary.txt"),
        ("read", {"document": "executive", "start": 5, "end": 5}, "Give a start and an end within it"),
        ("read", {"document": "executive", "start": 99_999_999}, "characters"),
        ("ask", {"question": "Why?", "themes": "Structures"}, "themes"),  # misspelt, and not passed over
        ("forget", {}, "forget"),
    ],
)
def test_what_cannot_be_asked_is_an_error_that_says_what_to_do(
    asker: Asker, tool: str, arguments: dict[str, Any], message: str
) -> None:
    try:
        fault = asker.fault(tool, **arguments)
    except MCPError as error:  # a tool that there is not
        fault = str(error)
    assert message in fault
    assert "Traceback" not in fault


def test_every_tool_only_reads_and_says_what_it_takes_and_returns(asker: Asker) -> None:
    tools = {one.name: one for one in asker.run(asker.client.list_tools).tools}
    assert set(tools) == {"ask", "search", "grid", "list_documents", "read"}
    for one in tools.values():
        assert one.description
        assert one.annotations.read_only_hint
        assert not one.annotations.destructive_hint
        assert one.output_schema["type"] == "object"
        assert not one.input_schema["additionalProperties"]
        assert all(said.get("description") for said in one.input_schema["properties"].values())


def test_the_shapes_describe_every_key_there_is(asker: Asker, library: Assistant) -> None:
    schemas = {one.name: one.output_schema for one in asker.run(asker.client.list_tools).tools}
    assert described(schemas["ask"], answer_json(library.ask(QUICKLY)))
    assert described(schemas["grid"], grid_json(library.grid(TRUST)))


def test_a_client_is_told_what_the_library_holds_before_it_asks(asker: Asker) -> None:
    assert asker.client.instructions is not None
    assert "Motivations; Structures; Relationships" in asker.client.instructions
    assert "refused" in asker.client.instructions


def test_a_client_of_the_protocol_before_this_one_is_served_too(library: Assistant) -> None:
    with served(library) as address, asking(address, mode="legacy") as old:
        assert old.call("ask", question=QUICKLY)["answered"]


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("Host", "casewise.example.org", 421),
        ("Host", "127.0.0.1.example.org:8502", 421),
        ("Origin", "https://example.org", 403),
        ("Origin", "null", 403),
    ],
)
def test_a_page_from_elsewhere_is_turned_away(library: Assistant, header: str, value: str, code: int) -> None:
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'
    with served(library) as address:
        request = Request(address, body, {"Content-Type": "application/json", header: value})  # noqa: S310
        with pytest.raises(HTTPError) as refused:
            urlopen(request)  # noqa: S310
        refused.value.close()
    assert refused.value.code == code


def test_the_server_listens_on_this_machine_alone_and_says_when_a_port_is_taken() -> None:
    with listener_on(0) as listener:
        host, port = listener.getsockname()
        assert host == "127.0.0.1"
        with pytest.raises(CasewiseError, match=rf"Port {port} is taken already\. Choose another"):
            listener_on(port)


def test_a_long_document_comes_in_parts(make_library: Callable[..., Assistant]) -> None:
    text = "The hub in Leeds opened in May.\n\n" * 1_600
    library = make_library(leeds_txt=text)
    with asking(mcp_server(library)) as asker:
        parts = []
        while not parts or parts[-1]["end"] < parts[-1]["characters"]:
            parts.append(asker.call("read", document="leeds", start=parts[-1]["end"] if parts else 0))
    assert "".join(one["text"] for one in parts) == library.read("leeds")
    assert max(len(one["text"]) for one in parts) == MOST_CHARACTERS


def test_what_is_built_meanwhile_is_served_and_what_cannot_be_read_is_told(
    make_corpus: Callable[..., Settings],
) -> None:
    from assistant import Assistant

    settings = make_corpus(leeds_md=HUB, bad_txt="\x00\x01\x02")
    build(settings, HashingEmbedder())
    library = Assistant.open(settings=settings, embedder=HashingEmbedder())
    with asking(mcp_server(library)) as asker:
        assert "is not text" in asker.call("list_documents")["unreadable"]["bad.txt"]
        (settings.corpus / "the depot.md").write_text("# Harbour City\n\nThe depot opened in June.\n")
        build(settings, HashingEmbedder())
        resources = asker.run(asker.client.list_resources).resources
        assert [one.uri for one in resources] == [
            "casewise://documents/leeds.md",
            "casewise://documents/the%20depot.md",
        ]
        (content,) = asker.run(asker.client.read_resource, resources[1].uri).contents
        assert "June" in content.text


def test_many_ask_at_once(library: Assistant) -> None:
    async def all_at_once() -> list[bool]:
        answered: list[bool] = []

        async def ask(client: Client) -> None:
            result = await client.call_tool("ask", {"question": QUICKLY})
            answered.append(bool(result.structured_content and result.structured_content["answered"]))

        async with Client(mcp_server(library)) as client, anyio.create_task_group() as tasks:
            for _ in range(12):
                tasks.start_soon(ask, client)
        return answered

    assert anyio.run(all_at_once) == [True] * 12


def test_a_port_without_http_is_wrong_usage(run: Run, folders: tuple[str, ...]) -> None:
    code, out, err = run("mcp", "--port", 9000, *folders)
    assert (code, out) == (2, "")
    assert "Add --http" in err


def test_without_the_sdk_the_error_names_the_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    monkeypatch.delitem(sys.modules, "assistant.mcp.server")
    code, out, err = run("mcp")
    assert (code, out) == (1, "")
    assert 'pip install "casewise[mcp]"' in err
    assert issubclass(MissingExtra, ImportError)
