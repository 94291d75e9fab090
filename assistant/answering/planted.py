"""Instructions planted in documents: what is addressed to a language model is never given to one, nor what follows it. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.gathering import Findings
    from assistant.types import Evidence, Passage

_ORDER = (
    r"(?:answer|respond|reply|say|state|write|tell|claim|conclude|output|print|repeat|reveal|show|display|leak|cite|quote|fetch|load"
    r"|render|include|insert|append|add|ignore|disregard|forget|override|pretend|act|always|never|do\s+not|don['’]t|use|begin|start|end"
    r"|finish|translate|summari[sz]e|visit|open|click|download|send|stop|treat|replace|change|mention|recommend|embed)"
)
_TALK = (
    r"(?:assistants?|language\s+models?|models?|AIs?|chat\s*bots?|LLMs?|users?|readers?|questions?|answers?|answering|prompts?"
    r"|instructions?|citations?|cite|sources?|evidence|markdown|images?|pictures?|links?|https?|rules?|numbers?\s+\[?\d|replies|reply"
    r"|responses?|conversation|api\s+key|developer|system|following\s+words|these\s+words|my\s+words|in\s+the\s+words)"
)
_LEAD = (
    r"(?:please|now|instead|note|important|attention|urgent|system|assistant|from\s+now\s+on|also|and|then|first|next"
    r"|must|should)"
)
_PLANTED = re.compile(
    rf"(?:\A|[.!?:;,>*#\"“)\]-])\s*\W*(?:{_LEAD}\W+)*{_ORDER}\b(?:[^.!?]*\b{_TALK}\b|\s*(?:only|exactly|that|with)?\s*[:“\"'‘])"
    r"|\b(?:ignore|disregard|forget|override)\b[^.!?]{0,60}\b(?:instructions?|rules|sources|evidence|prompt|above|previous|everything)\b"
    r"|\b(?:system|hidden|initial|secret|original)\s+(?:prompt|message|instructions?)\b"
    r"|\b(?:you\s+are\s+(?:now|no\s+longer|an?\s+(?:AI|assistant|model))|as\s+an?\s+(?:AI|assistant|language\s+model))\b"
    rf"|\b(?:assistant|language\s+model|AI|chat\s*bot|model|system)s?\b[^.!?]{{0,40}}\b(?:must|should|shall|has\s+to)[^.!?]{{0,20}}\b{_ORDER}\b"
    r"|!\[[^\]]*\]\(|<(?:img|script|iframe|a)\b|</?(?:system|user|assistant|instructions?)>|\[/?INST\]|<\|",
    re.IGNORECASE,
)


@lru_cache(maxsize=8_192)
def is_planted(text: str) -> bool:
    """Tell whether a sentence of a document gives orders to whatever answers questions from it."""
    return _PLANTED.search(text) is not None


def without_planted(findings: Findings) -> Findings:
    """Return findings without the sentences that give orders to a model, and those of the same passages after them."""
    groups = tuple(
        replace(group, evidence=tuple(_kept(group.evidence)), items=tuple(_kept(group.items)))
        for group in findings.groups
    )
    return replace(findings, evidence=tuple(_kept(findings.evidence)), groups=groups)


def _kept(evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    return (one for one in evidence if not _is_tainted(one))


def _is_tainted(one: Evidence) -> bool:
    sentences = one.hit.passage.sentences
    place = sentences.index(one.sentence) if one.sentence in sentences else len(sentences) - 1
    return any(is_planted(sentence.text) for sentence in sentences[: place + 1]) or _is_headed(one.hit.passage)


def _is_headed(passage: Passage) -> bool:
    return any(map(is_planted, passage.section))
