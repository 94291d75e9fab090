"""Openers that say in so many words that something else comes now: "Different subject: …", "Moving on to …: …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_AND = r"(?:(?:and|so|but|ok(?:ay)?|now|then)\s*,?\s+)*"
_PAUSE = r"\s*(?:[:;,.?!–—]|\s-)[\s.–—-]*(?:but\s+)?(?=\w)"
_WE = (
    r"(?:(?:let['’]?s|let\s+us|(?:can|could|may|shall)\s+(?:we|i)|(?:i|we)(?:['’]d|\s+would)\s+like\s+to|(?:i|we)\s+want\s+to)"
    r"\s+)?"
)
_GO = (
    r"(?:(?:mov(?:e|ing)|go(?:ing)?|com(?:e|ing)|turn(?:ing)?|switch(?:ing)?|jump(?:ing)?|return(?:ing)?)\s+"
    r"(?:(?:on|over|back|now)\s+)?to|(?:back|over|on)\s+to|(?:talk(?:ing)?|ask(?:ing)?|speaking)\s+(?:now\s+)?(?:about|of))"
)
_WHOLLY = r"(?:(?:completely|totally|entirely|quite|rather|slightly)\s+)?"
_THING = r"(?:subject|topic|theme|question|thing|matter|note|point|issue|one)"
_ELSE = (
    rf"(?:(?:an?\s+)?{_WHOLLY}(?:different|new|separate|unrelated|another)\s+{_THING}"
    rf"|something\s+{_WHOLLY}(?:else|different|new))"
)
_CHANGED = re.compile(
    rf"\W*{_AND}(?:{_WE}{_GO}\s+|(?:on|to|for|about|(?:here['’]?s|i\s+have|one)\s+)\s*)?{_ELSE}{_PAUSE}"
    rf"|\W*{_AND}(?:to\s+)?{_WE}(?:chang(?:e|ing)|a\s+change\s+of|change\s+of)\s+(?:the\s+|my\s+)?(?:subject|topic)"
    rf"(?:\s+(?:a|little|bit|slightly|completely|totally)\b)*{_PAUSE}"
    rf"|\W*{_AND}{_WHOLLY}(?:unrelated|separately|off\s+topic){_PAUSE}",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    rf"\W*{_AND}(?:(?:just\s+)?(?:another|one\s+more|(?:my\s+)?(?:next|last|second|final))\s+(?:quick\s+)?(?:question|thing)"
    rf"|moving\s+on|by\s+the\s+way|btw|anyway|next){_PAUSE}",
    re.IGNORECASE,
)
_MOVED = re.compile(rf"\W*{_AND}{_WE}{_GO}\s+(?P<topic>[^:;,.?!–—]{{2,60}}){_PAUSE}", re.IGNORECASE)
_MOVES = re.compile(
    r"\b(?:on|back|over|now)\s+to\b|\b(?:let|turn|switch|talk|ask|speaking|like\s+to|want\s+to|(?:can|could|shall)\s+we)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shift:
    """What is left of a question without its opener, whether the turns before are left behind, and for which topic."""

    rest: str
    is_new: bool
    topic: str | None = None


def shift(question: str) -> Shift | None:
    """Return the question without an opener that changes the subject; ``None`` where it has none."""
    further, changed = _FURTHER.match(question), _CHANGED.match(question)
    if further or changed:
        opener = changed or further
        return Shift(question[opener.end() :], changed is not None) if opener else None
    moved = _MOVED.match(question)
    if moved and _MOVES.search(question[: moved.start("topic")]):
        return Shift(question[moved.end() :], True, moved["topic"].strip())
    return None
