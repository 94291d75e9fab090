"""Words as they are counted: in lower case, stemmed, with or without function words.

Stems of all words serve BM25, which weighs common words down by itself. Those of the words that say something of a
subject serve the weighing of sentences and the refusal of questions about what the library never mentions.
"""

from __future__ import annotations

import re
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:[.,/]\d+)*(?:['’][^\W\d_]+)*")

FUNCTION_WORDS = frozenset(
    """
    a about above across actually after again against all along already also although am among an and another any anybody
    anyone anything are around as at away back be became because been before behind being below beside besides between
    both but by can cannot could did do does doing done down during each either else enough etc even ever every everybody
    everyone everything except few for from further give given gives get gets got had has have having he hence her here
    hers herself him himself his how however i if in indeed instead into is it its itself just kindly know least less let
    like lot made make makes many may maybe me mention mentioned might mine more most much must my myself near neither
    never nevertheless no nobody none nor not nothing now of off often on once one only onto or other others otherwise
    ought our ours ourselves out over own per perhaps please pls plz quite rather really same say says said shall she should
    show since so some somebody someone something sometimes somewhere still such tell than thank thanks that the their
    theirs them themselves then there thereby therefore these they thing things this those though through throughout
    thus to together too toward towards under unless until unlike up upon us versus very via want was we well were what
    whatever when whenever where whereas wherever whether which whichever while who whoever whole whom whose why will
    with within without would yes yet you your yours yourself don't doesn't didn't isn't aren't wasn't weren't can't
    couldn't won't wouldn't shouldn't hasn't haven't hadn't i'm it's that's what's who's where's there's let's
    whats wheres whos hows whys thats theres dont doesnt didnt isnt arent wasnt werent wont wouldnt couldnt shouldnt hasnt
    havent hadnt im ive id youre theyre theyve
    """.split()  # noqa: SIM905 - a closed class of English words reads better as prose
)
"""Words that say nothing of a subject: pronouns, articles, prepositions, conjunctions, auxiliaries, and the small verbs of asking."""

_POSSESSIVE = re.compile(r"['’]s?\Z")


def words(text: str) -> list[str]:
    """Return the words of a text as written. A number keeps its separators (15,500), a possessive loses its ending."""
    return _WORD.findall(text)


def stems(text: str) -> list[str]:
    """Return the stems of all words of ``text``, in order, repeats included."""
    return [stem(word) for word in words(text)]


def terms(text: str) -> list[str]:
    """Return the stems of the words of ``text`` that say something of its subject, in order, repeats included."""
    return [term for word in words(text) if (term := _term(word)) is not None]


@lru_cache(maxsize=8_192)
def content(text: str) -> frozenset[str]:
    """Return the stems of ``terms`` as a set; the texts asked about last are remembered."""
    return frozenset(terms(text))


@lru_cache(maxsize=65_536)
def _term(word: str) -> str | None:
    return None if word.lower().replace("’", "'") in FUNCTION_WORDS else stem(word)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of one word (Snowball English, Porter 2001); numbers lose their separators of thousands."""
    lowered = _POSSESSIVE.sub("", word.lower())
    if lowered[:1].isdigit():
        return re.sub(r"(?<=\d),(?=\d{3})", "", lowered)
    return str(_stemmer().stemWord(lowered))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
