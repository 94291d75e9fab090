"""Whose words they are: what a source gives as somebody's view or telling stays theirs, and one voice is not made many. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.support.lexicon import QUANTIFIERS
from assistant.words import content

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SAID = (
    r"(?:said|says?|saying|stated?|stating|told|tells?|reported|reports|reporting|felt|feels?|feeling|believed?|believes|believing"
    r"|thought|thinks?|thinking|described?|describes|describing|explained|explains|suggested|suggests?|claimed|claims|argued|argues?"
    r"|(?<!not )considered(?!\s+\w+ing\b)|considers?(?!\s+\w+ing\b)"
    r"|regarded|recalled|recalls|commented|comments|mentioned|stressed|emphasised|admitted"
    r"|acknowledged|viewed|remarked|complained|hoped|worried|feared|found\s+that|finds?\s+that|observed|noted"
    r"|(?:saw|see|sees|regard|regards)\s+(?:\w+\s+){1,3}as)"
)
_OPINION = re.compile(
    rf"(?P<speaker>(?:[\w’'&-]+\s+){{1,8}}?)(?:(?:also|often|had|have|has|all|both)\s+)*\b{_SAID}\b(?P<what>.*)",
    re.IGNORECASE,
)
_ACCORDING = re.compile(
    r"\b(?:according\s+to|in\s+the\s+(?:view|words|opinion|eyes|experience)\s+of)\s+(?P<speaker>(?:[\w’'&-]+\s+){0,5}[\w’'&-]+)",
    re.IGNORECASE,
)
_VOICES = re.compile(
    r"\b(?:interviewee|participant|respondent|leader|manager|officer|director|chief|head|member|worker|nurse|doctor|teacher|resident"
    r"|volunteer|partner|colleague|person|user|parent|patient|tenant|head\s*teacher|councillor|commissioner|practitioner"
    r"|council|trust|charity|service|team|organisation|organization|department|agency|company|board|staff|people|one|he|she|they|some"
    r"|many|most|few|several|others?|who|(?-i:[A-Z]\w+))s?\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“([^”]{12,})”|\"([^\"]{12,})\"|(?<!\w)‘([^’]{25,})’(?!\w)")
_ONE = re.compile(r"\b(?:one|an?|another|he|she)\b", re.IGNORECASE)
_MANY = re.compile(r"\b(?:[a-z]+[^s\W]s|people|staff|everyone|everybody|they|most|many|all)\b", re.IGNORECASE)
_SUPPOSED = re.compile(r"\b(?:if|unless|whether|when|where|ensur\w+|making\s+sure|make\s+sure)\b", re.IGNORECASE)
"""Words after which nobody is told to have said or felt anything: "if they feel that they have little control"."""
_WHO_AND_SAID = 4
"""How many words name who says something, the verb included; those before them may say something themselves."""
_UNLIMITED = {"all", "every", "each", "both"}


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who says something, and what."""

    speaker: str
    what: str
    words: str


def unattributed(claim: str, sources: Sequence[str]) -> str | None:
    """Return what is wrong with how a claim gives what its sources give as somebody's words; ``None`` where nothing is."""
    said = content(claim)
    for source in sources:
        for voice in _voices(source):
            who = content(" ".join(voice.words.split()[-_WHO_AND_SAID:]))
            before = content(source.replace(voice.what, " ")) - who
            told = content(voice.what)
            if len(said & told - before) <= len(said & before - told):
                continue
            mine = _voice_of(claim)
            if mine is None:
                return f'The source gives this as what "{voice.words}"; the sentence gives it as a fact.'
            return _widened(mine, voice)
    return None


def _voices(source: str) -> Iterator[_Voice]:
    for quoted in _QUOTED.finditer(source):
        words = next(filter(None, quoted.groups()))
        yield _Voice(source[: quoted.start()], words, "somebody says in so many words")
    found = _OPINION.search(source)
    if found and _VOICES.search(found["speaker"]) and not _SUPPOSED.search(found["speaker"]):
        yield _Voice(found["speaker"], found["what"], source[found.start() : found.start("what")].strip())


def _voice_of(claim: str) -> str | None:
    """Return who a claim says it is told by."""
    found = _ACCORDING.search(claim) or _OPINION.search(claim)
    if found:
        return str(found["speaker"])
    return "somebody" if _QUOTED.search(claim) else None


def _widened(mine: str, voice: _Voice) -> str | None:
    """Return what is wrong where one voice was made many, or the limit on how many was left out."""
    if _ONE.search(voice.speaker) and _MANY.search(mine) and not _ONE.search(mine):
        return f'The source gives this as what "{voice.words}"; the sentence makes it many.'
    theirs = {word for word in voice.speaker.lower().split() if word in QUANTIFIERS} - _UNLIMITED
    limited = any(word in QUANTIFIERS or word in {"one", "a", "an", "half"} for word in mine.lower().split())
    if theirs and not limited and _MANY.search(mine):
        return f'The source says "{" ".join(sorted(theirs))}" of those who say so; the sentence does not.'
    return None
