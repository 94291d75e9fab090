"""The parts of a sentence that say something by themselves. Pure."""

from __future__ import annotations

import re

from assistant.words import terms

_JOINT = re.compile(
    r"[,;:–—]\s+|(?<!\S)(?:and|but|or|due\s+to|because(?:\s+of)?|since|so(?:\s+that)?|which|who|that|by|with|through|when|where|while|if"
    r"|as|than|to|for)\s+",
    re.IGNORECASE,
)
_LEAST_WORDS = 3
"""How many words of a part must say something; what has fewer goes with what stands beside it."""


def parts(text: str) -> list[str]:
    """Return the parts of a sentence, cut at commas and at words that join; the whole where it has but one."""
    spans, start = [], 0
    for joint in _JOINT.finditer(text):
        said = terms(text[start : joint.start()])
        if len(said) >= _LEAST_WORDS:
            spans.append((start, joint.start()))
        if not said or len(said) >= _LEAST_WORDS:
            start = joint.end()
    if spans and len(terms(text[start:])) < _LEAST_WORDS:
        start, _ = spans.pop()
    return [text[begin:end].strip() for begin, end in [*spans, (start, len(text))]]
