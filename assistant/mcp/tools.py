"""What the tools do: each asks the library, and returns what it says in a shape. Their docstrings are what a client reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Literal, ParamSpec, TypeVar

from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from pydantic import Field

from assistant.errors import CasewiseError, UsageError
from assistant.holdings import Holding, holdings
from assistant.mcp.shapes import AnswerShape, DocumentShape, FoundShape, GridShape, LibraryShape, TextShape
from assistant.rendering import answer_json, grid_json, hit_json
from assistant.types import Facet

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from assistant.taxonomy import Taxonomy

MOST_CHARACTERS = 50_000
"""The longest part of a document that is given at once: some 12,000 tokens."""

Question = Annotated[str, Field(description="The question, in plain English.")]
History = Annotated[
    list[str] | None,
    Field(description="The questions asked before, the oldest first, where this one leans on them."),
]
Case = Annotated[str | None, Field(description="Only this case: any unambiguous part of one of its names.")]
Theme = Annotated[str | None, Field(description="Only this theme: any unambiguous part of its name.")]
Aspect = Annotated[str | None, Field(description="Only this aspect: any unambiguous part of its name.")]
Document = Annotated[str, Field(description="The document's id, or any unambiguous part of it.")]

_Given = ParamSpec("_Given")
_Returned = TypeVar("_Returned")


def _told(tool: Callable[_Given, _Returned]) -> Callable[_Given, _Returned]:
    """Let a client read what went wrong in Casewise's own words, remedy and known names included."""

    @wraps(tool)
    def telling(*given: _Given.args, **named: _Given.kwargs) -> _Returned:
        try:
            return tool(*given, **named)
        except CasewiseError as error:
            raise ToolError(str(error)) from error

    return telling


class Tools:
    """The tools of one library. Safe to call from several threads."""

    def __init__(self, library: Assistant) -> None:
        self._library = library

    @_told
    def ask(
        self, question: Question, history: History = None, case: Case = None, theme: Theme = None, aspect: Aspect = None
    ) -> AnswerShape:
        """Answer a question from the library. Every sentence cites the exact words it rests on.

        Where the library does not hold the answer, `answered` is false and `reason` says what is missing: say so, too.
        """
        answer = self._library.ask(question, history or (), case=case, theme=theme, aspect=aspect)
        return AnswerShape.model_validate(answer_json(answer))

    @_told
    def search(
        self,
        query: Annotated[str, Field(description="What to look for, in plain English.")],
        k: Annotated[int, Field(ge=1, le=100, description="The most passages.")] = 10,
        case: Case = None,
        theme: Theme = None,
        aspect: Aspect = None,
    ) -> FoundShape:
        """Find the passages of the library that are nearest to a query, best first, with where they stand and their tags."""
        hits = self._library.search(query, k, case=case, theme=theme, aspect=aspect)
        return FoundShape.model_validate({"passages": [hit_json(hit) for hit in hits]})

    @_told
    def grid(
        self,
        question: Question,
        by: Annotated[Literal["case", "document"], Field(description="What has a row each.")] = "case",
        columns: Annotated[
            list[str] | None,
            Field(description="Further questions: columns are then the questions, not the themes."),
        ] = None,
        case: Case = None,
        theme: Theme = None,
        aspect: Aspect = None,
    ) -> GridShape:
        """Compare: ask a question of every case (or document) at once. A row each, a column for every theme.

        A cell without quotes has no evidence in the library.
        """
        found = self._library.grid(question, by=by, columns=columns or (), case=case, theme=theme, aspect=aspect)
        return GridShape.model_validate(grid_json(found))

    @_told
    def list_documents(
        self,
        name: Annotated[str, Field(description="Only those with this in their id or title.")] = "",
        first: Annotated[int, Field(ge=0, description="How many to pass over.")] = 0,
        most: Annotated[int, Field(ge=1, le=1000, description="The most documents.")] = 100,
    ) -> LibraryShape:
        """List the documents of the library, and the cases, themes and aspects that the other tools can be held to."""
        index = self._library.index
        fitting = [one for one in holdings(index) if one.is_open and _is_named(one, name)]
        return LibraryShape(
            documents=list(map(_document, fitting[first : first + most])),
            total=len(fitting),
            unreadable={file: refusal.reason for file, refusal in index.manifest.refused.items()},
            cases=names_of(index.taxonomy, Facet.CASE),
            themes=names_of(index.taxonomy, Facet.THEME),
            aspects=names_of(index.taxonomy, Facet.ASPECT),
        )

    @_told
    def read(
        self,
        document: Document,
        start: Annotated[int, Field(ge=0, description="The first character.")] = 0,
        end: Annotated[
            int | None, Field(description="The character to stop before; unset, the document's last.")
        ] = None,
    ) -> TextShape:
        """Read a document, or the part of it at a span, as citations count in it. A long one comes in parts."""
        held = self._library.index.document(document)
        last = len(held.text) if end is None else end
        if not 0 <= start < last <= len(held.text):
            raise UsageError(f'"{held.id}" has {len(held.text)} characters. Give a start and an end within it.')
        last = min(last, start + MOST_CHARACTERS)
        return TextShape(
            document=held.id,
            title=held.title,
            start=start,
            end=last,
            characters=len(held.text),
            text=held.text[start:last],
        )

    def text(self, document: str) -> str:
        """A document's text, as citations count in it."""
        try:
            return self._library.index.texts[document].text
        except KeyError as error:
            known = "; ".join(self._library.index.documents)
            raise ResourceNotFoundError(f'The library has no document "{document}". It has: {known}.') from error

    def held(self) -> Iterator[Holding]:
        """Yield the documents that can be read, in the order of their names."""
        return (one for one in holdings(self._library.index) if one.is_open)


def names_of(taxonomy: Taxonomy, facet: Facet) -> list[str]:
    """Return the names of a facet, in the taxonomy's order."""
    return [entry.name for entry in taxonomy.entries[facet]]


def _is_named(one: Holding, name: str) -> bool:
    return any(name.casefold() in said.casefold() for said in (one.id, one.title))


def _document(one: Holding) -> DocumentShape:
    return DocumentShape(
        document=one.id,
        title=one.title,
        date=one.date,
        format=one.form,
        pages=one.pages,
        passages=one.passages,
        cases=list(one.cases),
    )
