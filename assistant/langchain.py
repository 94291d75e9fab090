"""Casewise for LangChain: a retriever, so that any chain can take its evidence from a library.

::

    from assistant import Assistant
    from assistant.langchain import CasewiseRetriever

    retriever = CasewiseRetriever(library=Assistant.open("index"), k=5)
    documents = retriever.invoke("What helped set up new courts quickly?", theme="Funding")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field, InstanceOf

from assistant.conversation import Assistant
from assistant.errors import MissingExtra
from assistant.rendering import hit_json

try:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables.config import run_in_executor
except ImportError as error:
    raise MissingExtra('The retriever needs langchain-core. Install it: pip install "casewise[langchain]"') from error

if TYPE_CHECKING:
    from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun

    from assistant.types import Hit

__all__ = ["CasewiseRetriever"]


class CasewiseRetriever(BaseRetriever):
    """Retrieves the passages of a library that are nearest to a question, best first.

    ``k`` is the most passages, and the filters are as for ``Assistant.ask``; a call may give others. A Document's ``id`` is the
    passage's, its content the passage for display. Its metadata are what ``casewise search --json`` prints (``document``,
    ``spans`` in the document's text, ``score`` and its ``signals``, ``section``, ``themes``, ``aspects``, ``cases``), with the
    document's ``title`` and what it says of itself, as ``about``; ``source`` is the document's id again, where chains look
    for it.

    Raises, when it is called:
        QuestionError, UnknownName: as ``Assistant.search``.
    """

    model_config = ConfigDict(extra="forbid")

    library: Annotated[InstanceOf[Assistant], Field(repr=False)]
    k: Annotated[int, Field(ge=1)] = 10
    case: str | None = None
    theme: str | None = None
    aspect: str | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain looks for it
        **given: Any,
    ) -> list[Document]:
        return self._found(query, **given)

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain passes it
        **given: Any,
    ) -> list[Document]:
        return await run_in_executor(None, self._found, query, **given)

    def _found(
        self,
        query: str,
        k: int | None = None,
        case: str | None = None,
        theme: str | None = None,
        aspect: str | None = None,
    ) -> list[Document]:
        hits = self.library.search(
            query,
            self.k if k is None else k,
            case=self.case if case is None else case,
            theme=self.theme if theme is None else theme,
            aspect=self.aspect if aspect is None else aspect,
        )
        return [self._document(hit) for hit in hits]

    def _document(self, hit: Hit) -> Document:
        found = hit_json(hit)
        held = self.library.index.documents.get(hit.passage.document)  # a build may just have removed it
        about = (
            {"title": held.title, "about": dict(held.metadata)} if held else {"title": found["document"], "about": {}}
        )
        return Document(
            id=found.pop("id"),
            page_content=found.pop("text"),
            metadata={**found, "source": found["document"], **about},
        )
