"""An open library, before anything is asked of it: its documents and their words, until it is closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import UsageError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from assistant.index import PassageIndex
    from assistant.live import LiveIndex
    from assistant.types import Document, Span


@dataclass(frozen=True)
class OpenLibrary:
    """What is open can be read by several threads at once, and keeps its generation of the index from being removed.

    In a ``with`` statement it is closed at the end. ``index`` and ``live`` are for Casewise's own modules.
    """

    live: LiveIndex

    @property
    def index(self) -> PassageIndex:
        """The index as it is now.

        Raises:
            UsageError: the library has been closed.
        """
        return self.live.now()

    def documents(self) -> list[Document]:
        """Return the documents of the library, in the order of their names."""
        return list(self.index.documents.values())

    def read(self, document: str, span: Span | None = None) -> str:
        """Return the text of a document that citations count in, or the part of it at a span.

        ``document`` is its id, or an unambiguous part of it.

        Raises:
            UnknownName: there is no such document, or several.
            UsageError: the span lies outside the document.
        """
        text = self.index.document(document).text
        if span is None:
            return text
        if not 0 <= span.start < span.end <= len(text):
            raise UsageError(
                f"The span {span.start}:{span.end} lies outside the document, which has {len(text)} characters. "
                "Name one within it."
            )
        return text[span.start : span.end]

    def close(self) -> None:
        """Let go of the index. Questions that are being answered are answered; from then on nothing can be asked.

        An old generation is removed by the next build, as soon as nobody reads it any more.
        """
        self.live.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
