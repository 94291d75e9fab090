"""The Assistant: opens a library and answers questions from it. The whole path of a question stands in ``ask``."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.answering.choosing import GENERATIVE, answerer_of, chosen, rewritten_by_model
from assistant.answering.refusal import Refuser
from assistant.citations import Checked, check
from assistant.embeddings import SentenceTransformerEmbedder
from assistant.errors import IndexMissing, QuestionError, UsageError
from assistant.evidence import Query
from assistant.followups import standalone
from assistant.gathering import gather
from assistant.grid import by_name, grid
from assistant.library import OpenLibrary
from assistant.live import LiveIndex
from assistant.questions import corrected, understand
from assistant.reranking import CrossEncoderReranker
from assistant.retrieval import retrieve
from assistant.settings import Settings, load_settings
from assistant.types import Answer, Draft
from assistant.vectors.cluster import cluster_of
from assistant.vocabulary import is_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    import numpy as np
    from numpy.typing import NDArray

    from assistant.answering import Listener
    from assistant.building import Progress
    from assistant.embeddings import Embedder
    from assistant.grid import Grid
    from assistant.index import PassageIndex
    from assistant.questions import Question
    from assistant.reranking import Reranker
    from assistant.types import Hit, Turn


@dataclass(frozen=True)
class Assistant(OpenLibrary):
    """A library that answers questions. Safe to use from several threads.

    A question is answered from the index as it is when it is asked: what is built meanwhile is for the next one.
    ``embedder`` and ``reranker`` are for Casewise's own modules.
    """

    embedder: Embedder
    settings: Settings
    reranker: Reranker | None = None

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
            IndexMismatch: the index was built with another format or model than the settings ask for, or without their cluster.
            EmptyCorpus, TaxonomyError, ModelError, ClusterError: there is no index, and none can be built.
        """
        chosen = with_folders(settings or load_settings(), index, corpus)
        model = embedder or SentenceTransformerEmbedder(chosen.model)
        cluster = cluster_of(chosen)
        try:
            live = LiveIndex(chosen.index, model, cluster)
        except IndexMissing:
            from assistant.building import build  # what a build needs loads slowly

            build(chosen, model, progress)
            live = LiveIndex(chosen.index, model, cluster)
        reranker = CrossEncoderReranker(chosen.reranker) if chosen.reranker else None
        return cls(live, model, chosen, reranker)

    def ask(
        self,
        question: str,
        history: Sequence[Turn | str] = (),
        *,
        case: str | None = None,
        theme: str | None = None,
        aspect: str | None = None,
        answerer: str | None = None,
        listener: Listener | None = None,
    ) -> Answer:
        """Answer a question from the library, every sentence with the words it rests on, or say what is missing.

        ``history`` holds the earlier turns or questions, the oldest first. Filters take a name or an unambiguous part of one.
        ``answerer`` is "extractive" or "generative", unset, the language model where one is configured; ``listener`` reads what
        it writes as soon as it is checked.

        Raises:
            QuestionError: the question is empty or too long.
            UnknownName: a filter names nothing in the library, or several things.
            ClusterError: the cluster that the settings name does not answer, or refuses.
            UsageError: there is no such answerer, or no language model.
        """
        how = chosen(answerer, self.settings)
        clock, index = _Clock(), self.index
        question = writable(question)
        asked = self._checked(question)
        filters = index.taxonomy.filters(theme=theme, aspect=aspect, case=case)
        asked = corrected(asked, index.vocabulary, self.embedder.is_common)
        by_model = rewritten_by_model(asked, history, self.settings, listener) if how == GENERATIVE else None
        alone = (by_model or standalone(asked, history, index.taxonomy))[: self.settings.question_characters]
        understood = understand(alone, index.taxonomy)
        with clock.time("embedding"):
            (query,) = self._queries([understood], index)
        with clock.time("retrieval"):
            findings = gather(index, query, filters, self.settings, self.reranker)
        with clock.time("answering"):
            refuser = Refuser(index.lexical, index.mentions, self.settings, _about(index))
            reason = refuser.reason(understood, findings, filters)

            def answered(draft: Draft) -> Answer:
                return self._answer(question, alone, draft, check(draft, index.texts), findings.hits, clock, how)

            def hear(draft: Draft) -> None:
                if listener:
                    listener.said(answered(draft))

            writer = answerer_of(how, index, self.embedder, self.settings, hear, listener)
            draft = Draft((), reason) if reason else writer.draft(understood, findings)
        return answered(draft)

    def search(
        self, query: str, k: int = 10, *, case: str | None = None, theme: str | None = None, aspect: str | None = None
    ) -> list[Hit]:
        """Return the passages nearest to a query, at most ``k``, best first.

        Raises:
            QuestionError, UnknownName: as ``ask``.
            UsageError: ``k`` is less than 1.
        """
        if k < 1:
            raise UsageError(f"{k} passages cannot be found. Ask for 1 or more.")
        asked, index = self._checked(writable(query)), self.index
        filters = index.taxonomy.filters(theme=theme, aspect=aspect, case=case)
        vector = self.embedder.embed([asked])[0]
        understood = understand(asked, index.taxonomy)
        return retrieve(index, understood, vector, self.settings, k, filters, self.reranker)

    def grid(
        self,
        question: str,
        *,
        by: str = "case",
        columns: Sequence[str] = (),
        case: str | None = None,
        theme: str | None = None,
        aspect: str | None = None,
    ) -> Grid:
        """Lay out what the library holds on a question: a row for every case or document, always, and a column for every theme.

        ``columns`` are further questions: then there is a column for each question, the first one included, instead. Filters are
        as for ``ask``; one by case leaves its row alone, one by theme its column.

        Raises:
            QuestionError, UnknownName: as ``ask``.
            UsageError: ``by`` is neither "case" nor "document".
        """
        clock, index, rows = _Clock(), self.index, by_name(by)
        filters = index.taxonomy.filters(theme=theme, aspect=aspect, case=case)
        asked = list(dict.fromkeys(self._checked(writable(one)) for one in (question, *columns)))
        respelt = [corrected(one, index.vocabulary, self.embedder.is_common) for one in asked]
        with clock.time("embedding"):
            queries = self._queries([understand(one, index.taxonomy) for one in respelt], index)
        with clock.time("filling"):
            found = grid(index, dict(zip(asked, queries, strict=True)), rows, filters, self.settings)
        return replace(found, timings_ms=clock.timings())

    def _checked(self, question: str) -> str:
        asked = " ".join(question.split())
        if not asked:
            raise QuestionError("The question is empty. Ask something in a sentence of your own.")
        if len(asked) > self.settings.question_characters:
            raise QuestionError(
                f"The question has {len(asked):,} characters; {self.settings.question_characters:,} are read. Shorten it."
            )
        return asked

    def _queries(self, questions: Sequence[Question], index: PassageIndex) -> list[Query]:
        """Embed questions, and with them those of their words that the library does not know, all at once."""
        strange = [
            [term for term in one.terms if term not in index.vocabulary and not is_number(term)] for one in questions
        ]
        texts = [
            [one.text, one.bare_text, *(one.forms[term] for term in terms)]
            for one, terms in zip(questions, strange, strict=True)
        ]
        vectors = iter(self.embedder.embed([text for own in texts for text in own]))
        return [
            self._query(one, terms, [next(vectors) for _ in own], index)
            for one, terms, own in zip(questions, strange, texts, strict=True)
        ]

    def _query(
        self, question: Question, strange: Sequence[str], embedded: Sequence[NDArray[np.float32]], index: PassageIndex
    ) -> Query:
        known = [term for term in question.terms if term in index.vocabulary]
        whole, bare, *rest = embedded
        vectors = dict(zip(strange, rest, strict=True))
        if known:
            vectors |= zip(known, index.vocabulary.vectors_of(known), strict=True)
        names = tuple(question.forms[term] for term in strange if index.vocabulary.is_namelike(vectors[term]))
        least = self.settings.near_word
        near = [term for term in strange if index.vocabulary.comes_near(vectors[term], least)]
        familiar = frozenset(term for term in question.terms if term in near or index.lexical.frequency(term))
        return Query(question, whole, bare, vectors, names, familiar)

    def _answer(
        self,
        question: str,
        alone: str,
        draft: Draft,
        checked: Checked,
        hits: Sequence[Hit],
        clock: _Clock,
        answerer: str,
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
            rejected=(*draft.rejected, *checked.rejected),
            answerer=draft.written_by or answerer,
            timings_ms=clock.timings(),
            missing=draft.missing,
            is_list=draft.is_list,
            note=draft.note,
        )


def _about(index: PassageIndex) -> str:
    """Return what can be asked of a library, as the end of a sentence."""
    titles = [document.title for document in index.documents.values()] if len(index.documents) == 1 else []
    held = f'"{titles[0]}"' if titles else f"{len(index.documents)} documents"
    starter = next(iter(index.taxonomy.starters), "")
    example = f', for example "{starter}"' if starter else ""
    return f"; ask Casewise about what is in {held}{example}"


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
