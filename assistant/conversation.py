"""The Assistant: opens a library and answers questions from it. The whole path of a question stands in ``ask``."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.refusal import Refuser
from assistant.citations import Checked, check
from assistant.embeddings import SentenceTransformerEmbedder
from assistant.errors import IndexMissing, QuestionError
from assistant.evidence import weigh
from assistant.followups import standalone
from assistant.index import PassageIndex
from assistant.questions import understand
from assistant.retrieval import retrieve
from assistant.settings import Settings, load_settings
from assistant.types import Answer, Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    from assistant.answering import Answerer
    from assistant.building import Progress
    from assistant.embeddings import Embedder
    from assistant.types import Document, Hit, Turn


@dataclass(frozen=True)
class Assistant:
    """A library that answers questions. Safe to use from several threads: nothing in it changes."""

    index: PassageIndex
    embedder: Embedder
    answerer: Answerer
    settings: Settings

    @classmethod
    def open(
        cls,
        index: str | PathLike[str] | None = None,
        *,
        corpus: str | PathLike[str] | None = None,
        settings: Settings | None = None,
        embedder: Embedder | None = None,
        progress: Progress | None = None,
    ) -> Assistant:
        """Open the index in a folder; where there is none, build it from the corpus first.

        Folders that are not given are those of the settings.

        Raises:
            IndexDamaged: a file of the index is missing, truncated or altered.
            IndexMismatch: the index was built with another format or model than the settings ask for.
            EmptyCorpus, TaxonomyError, ModelError: there is no index, and none can be built.
        """
        chosen = with_folders(settings or load_settings(), index, corpus)
        model = embedder or SentenceTransformerEmbedder(chosen.model)
        try:
            opened = PassageIndex.open(chosen.index, model)
        except IndexMissing:
            from assistant.building import build  # what a build needs loads slowly

            build(chosen, model, progress)
            opened = PassageIndex.open(chosen.index, model)
        return cls(opened, model, ExtractiveAnswerer(chosen), chosen)

    def ask(
        self,
        question: str,
        history: Sequence[Turn | str] = (),
        *,
        case: str | None = None,
        theme: str | None = None,
        aspect: str | None = None,
    ) -> Answer:
        """Answer a question from the library, every sentence with the words it rests on, or say what is missing.

        ``history`` holds the earlier turns or questions, the oldest first. Filters take a name or an unambiguous part of one.

        Raises:
            QuestionError: the question is empty or too long.
            UnknownName: a filter names nothing in the library, or several things.
        """
        clock = _Clock()
        question = writable(question)
        asked = self._checked(question)
        filters = self.index.taxonomy.filters(theme=theme, aspect=aspect, case=case)
        alone = standalone(asked, history, self.index.taxonomy)[: self.settings.question_characters]
        understood = understand(alone, self.index.taxonomy)
        with clock.time("embedding"):
            vector = self.embedder.embed([alone])[0]
        with clock.time("retrieval"):
            hits = retrieve(self.index, understood, vector, self.settings, self.settings.read_passages, filters)
            evidence = weigh(self.index, understood, vector, hits, self.settings)
        with clock.time("answering"):
            refuser = Refuser(self.index.lexical, self.index.mentions, self.settings)
            reason = refuser.reason(understood, evidence, filters)
            draft = Draft((), reason) if reason else self.answerer.draft(understood, evidence)
            checked = check(draft, self.index.documents)
        return self._answer(question, alone, draft, checked, hits, clock)

    def search(
        self, query: str, k: int = 10, *, case: str | None = None, theme: str | None = None, aspect: str | None = None
    ) -> list[Hit]:
        """Return the passages nearest to a query, at most ``k``, best first.

        Raises:
            QuestionError, UnknownName: as ``ask``.
        """
        asked = self._checked(writable(query))
        filters = self.index.taxonomy.filters(theme=theme, aspect=aspect, case=case)
        vector = self.embedder.embed([asked])[0]
        return retrieve(self.index, understand(asked, self.index.taxonomy), vector, self.settings, k, filters)

    def documents(self) -> list[Document]:
        """Return the documents of the library, in the order of their names."""
        return list(self.index.documents.values())

    def _checked(self, question: str) -> str:
        asked = " ".join(question.split())
        if not asked:
            raise QuestionError("The question is empty. Ask something in a sentence of your own.")
        if len(asked) > self.settings.question_characters:
            raise QuestionError(
                f"The question has {len(asked):,} characters; {self.settings.question_characters:,} are read. Shorten it."
            )
        return asked

    def _answer(
        self, question: str, alone: str, draft: Draft, checked: Checked, hits: Sequence[Hit], clock: _Clock
    ) -> Answer:
        reason = draft.reason
        if reason is None and not checked.citations:
            reason = "No sentence of the answer could be held against the library."
        return Answer(
            question=question,
            standalone_question=alone,
            answered=reason is None,
            reason=reason,
            statements=checked.statements,
            citations=checked.citations,
            passages=tuple(hits[: self.settings.shown_passages]),
            rejected=checked.rejected,
            answerer=self.answerer.name,
            timings_ms=clock.timings(),
        )


def writable(text: str) -> str:
    """Return text with every half of a character (a lone surrogate) replaced: it can be neither embedded nor written."""
    return text.encode("utf-8", "replace").decode()


def with_folders(settings: Settings, index: str | PathLike[str] | None, corpus: str | PathLike[str] | None) -> Settings:
    """Return the settings with the folders that are given."""
    given = {"index": index, "corpus": corpus}
    return settings.model_copy(update={name: Path(path) for name, path in given.items() if path is not None})


@dataclass
class _Clock:
    started: float = field(default_factory=perf_counter)
    parts: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, part: str) -> Iterator[None]:
        begun = perf_counter()
        yield
        self.parts[part] = _milliseconds(begun)

    def timings(self) -> dict[str, float]:
        return self.parts | {"total": _milliseconds(self.started)}


def _milliseconds(since: float) -> float:
    return round((perf_counter() - since) * 1000, 2)
