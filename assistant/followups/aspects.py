"""Follow-ups that ask for one side of a theme after the other: "And what makes that easier?", "And the enablers?"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.types import Facet
from assistant.words import stem, terms, words

if TYPE_CHECKING:
    from assistant.taxonomy import Taxonomy

_AROUND = frozenset(
    """
    and but so or what which things how about of are were is was the any some its their main key biggest then instead too though
    with to in for that this it them these those there
    """.split()  # noqa: SIM905 - words read better as prose
)
"""What may stand around the name of an aspect where nothing else is asked."""

_VERBAL = re.compile(
    r"\W*(?:(?:and|but|so)\s+)*(?:what|which\s+things)\s+(?!about\b|of\b|are\b|were\b|is\b|was\b)", re.IGNORECASE
)
_EASIER = re.compile(
    r"\W*(?:(?:and|but|so)\s+)*(?:what|which\s+things)\s+(?:\w+\s+)?(?:makes?|made)\s+(?:it|that|this|them|these|those)\s+"
    r"(?:any\s+|a\s+bit\s+)?(?:easy|easier|better|possible|simpler|smoother)\W*\Z",
    re.IGNORECASE,
)
_HARD = frozenset({"hard", "harder", "difficult", "difficulty"})


def other_side(question: str, before: str, taxonomy: Taxonomy) -> str | None:
    """Return what stands alone for a follow-up that names nothing but an aspect, after a question on one theme.

    The theme's section is meant, not all that was said of it. ``None`` where the question before said nothing else, or
    where a case is spoken of: there its own words serve.
    """
    themes = {mention.name for mention in taxonomy.mentions(before, Facet.THEME)}
    if len(themes) != 1 or taxonomy.mentions(before, Facet.CASE):
        return None
    (theme,) = themes
    if _EASIER.match(question):
        opposite = _opposite_of_hard(before, taxonomy)
        return f"What are the {opposite} under {theme}?" if opposite else None
    named = taxonomy.mentions(question, Facet.ASPECT)
    if len(named) != 1:
        return None
    said = question[named[0].start : named[0].end]
    around = f"{question[: named[0].start]} {question[named[0].end :]}"
    if not {word.lower() for word in words(around)} <= _AROUND:
        return None
    if _VERBAL.match(question):
        return f"What {said} under {theme}?"
    return None if _says_no_more(before, taxonomy) else f"What are the {said} under {theme}?"


def _opposite_of_hard(before: str, taxonomy: Taxonomy) -> str | None:
    """Return a name for what makes things easy, where the question before is on the one other aspect: what makes them hard."""
    asked = set(taxonomy.mentioned(Facet.ASPECT, before))
    hard = {entry.name for entry in taxonomy.entries[Facet.ASPECT] if _HARD & set(entry.names)}
    others = [entry for entry in taxonomy.entries[Facet.ASPECT] if entry.name not in hard]
    if not asked or asked != hard or len(others) != 1:
        return None
    return next((name for name in others[0].names if name.endswith("s")), others[0].name)


def _says_no_more(before: str, taxonomy: Taxonomy) -> bool:
    """Tell whether a question names an aspect and a theme, and nothing else."""
    named = [mention for facet in (Facet.ASPECT, Facet.THEME) for mention in taxonomy.mentions(before, facet)]
    said = {term for mention in named for term in terms(before[mention.start : mention.end])}
    aspects = taxonomy.mentions(before, Facet.ASPECT)
    return bool(aspects) and set(terms(before)) <= said | {stem("kind"), stem("sort"), stem("main")}
