"""Which answerer writes an answer: the one that is asked for, or the language model where one is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.errors import UsageError
from assistant.words import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.answering import Answerer, Listener
    from assistant.answering.numbering import Numbered
    from assistant.answering.verification import Verifier
    from assistant.answering.weighing import Sources
    from assistant.embeddings import Embedder
    from assistant.gathering import Findings
    from assistant.index import PassageIndex
    from assistant.services import Services
    from assistant.settings import Settings
    from assistant.types import Draft, Turn

EXTRACTIVE, GENERATIVE = ANSWERERS = ("extractive", "generative")
"""Quoting, and written by a language model."""


def chosen(name: str | None, services: Services) -> str:
    """Return the name of the answerer that is meant: where none is asked for, the language model if one is configured.

    Raises:
        UsageError: there is no such answerer, or no language model.
    """
    if name is None:
        return GENERATIVE if services.llm_url else EXTRACTIVE
    if name not in ANSWERERS:
        raise UsageError(f'There is no answerer "{name}". There are: {", ".join(ANSWERERS)}.')
    if name == GENERATIVE and services.llm_url is None:
        raise UsageError("No language model is configured. Set CASEWISE_LLM_URL and CASEWISE_LLM_MODEL.")
    return name


def answerer_of(
    name: str,
    index: PassageIndex,
    embedder: Embedder,
    settings: Settings,
    hear: Callable[[Draft], None],
    listener: Listener | None = None,
) -> Answerer:
    """Return the answerer of a name that ``chosen`` gave; ``hear`` is told of a draft whenever it grows."""
    quoting = ExtractiveAnswerer(index.taxonomy, settings)
    if name == EXTRACTIVE:
        return quoting
    from assistant.answering.generative import GenerativeAnswerer
    from assistant.answering.language_model import LanguageModel, unwatched

    going_on = listener.waiting if listener else unwatched
    verifier = _verifier(index, embedder, settings)
    return GenerativeAnswerer(LanguageModel(settings), quoting, verifier, settings, hear, going_on)


def rewritten_by_model(
    question: str, history: Sequence[Turn | str], settings: Settings, listener: Listener | None
) -> str | None:
    """Return a follow-up as the language model makes it stand alone; ``None`` where the settings or its words are against it."""
    if not (history and settings.llm_rewrites and settings.llm_url):
        return None
    from assistant.answering.language_model import LanguageModel, unwatched
    from assistant.answering.rewriting import rewritten

    going_on = listener.waiting if listener else unwatched
    return rewritten(question, history, LanguageModel(settings), settings.question_characters, going_on)


def _verifier(
    index: PassageIndex, embedder: Embedder, settings: Settings
) -> Callable[[Findings, Sequence[Numbered], str], Verifier]:
    from assistant.answering.verification import Verifier
    from assistant.answering.weighing import Weighing
    from assistant.entailment import Entailment

    entailment = Entailment(settings.entailment) if settings.entailment else None

    def is_name(word: str) -> bool:
        known = stem(word) in index.vocabulary
        return (
            index.vocabulary.is_name(stem(word)) if known else index.vocabulary.is_namelike(embedder.embed([word])[0])
        )

    def verifier(findings: Findings, evidence: Sequence[Numbered], rules: str) -> Verifier:
        weighing = Weighing(_sources(index, findings, evidence), index.taxonomy, embedder, settings)
        return Verifier(weighing, rules, is_name, entailment)

    return verifier


def _sources(index: PassageIndex, findings: Findings, evidence: Sequence[Numbered]) -> Sources:
    """Return every sentence that was found with its vector; they were made when the index was built."""
    from assistant.answering.weighing import Sources, key_of

    everything = [one for group in findings.groups for one in (*group.items, *group.evidence)]
    everything += [*findings.evidence, *(part for one in evidence for part in one.parts)]
    sentences = {key_of(one): one for one in everything}
    passages = {one.hit.passage.id: one.hit.passage for one in everything}
    vectors = {name: index.vectors_of_sentences(passage) for name, passage in passages.items()}
    rows = [vectors[one.hit.passage.id][one.hit.passage.sentences.index(one.sentence)] for one in sentences.values()]
    places = {key: row for row, key in enumerate(sentences)}
    return Sources({one.number: one for one in evidence}, sentences, places, np.stack(rows))
