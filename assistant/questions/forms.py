"""What form of answer a question asks for, by general turns of English: a fact, a list, a figure of a table, a line a case."""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.questions.operations import NUMERALS


class Form(StrEnum):
    """How an answer is laid out."""

    NOTHING = "nothing asked"
    FACT = "fact"
    LIST = "list"
    EVERY_CASE = "every case"
    COMPARISON = "comparison"
    BOTH_SIDES = "both sides"


_EXAMPLES = (
    r"(?:case(?:\s+stud(?:y|ies))?s?|examples?|stud(?:y|ies)|stor(?:y|ies)|projects?|programmes?|schemes?|initiatives?"
    r"|collaborations?|places?|areas?|sites?|organisations?)"
)
_PLURAL = (
    r"(?:cases|case\s+studies|examples|stories|projects|programmes|schemes|initiatives|collaborations|places|areas"
    r"|sites|organisations)"
)
_NUMERAL = rf"(?:{'|'.join(NUMERALS[1:])}|\d+|different|other|various)"
_NOTHING_NAMED = r"(?=\W*(?:\Z|[,:;.?]|(?:are|is|were|was|did|do|does|had|have|has|can|could|will|would)\b))"
_EVERY = re.compile(
    rf"\b(?:which|what)\s+(?:(?:of\s+)?(?:the|these|those)\s+)?(?:{_NUMERAL}\s+)?(?:cases|case\s+studies|examples|projects|programmes)\b"
    rf"|\b(?:across|among|between)\s+(?:all\s+)?(?:of\s+)?(?:the|these|those)?\s*(?:{_NUMERAL}\s+)?(?:cases|case\s+studies|examples)\b"
    rf"|\b(?:each|every)\s+(?:single\s+|one\s+)?(?:of\s+the\s+)?(?:{_NUMERAL}\s+)?{_EXAMPLES}\b|\bper\s+{_EXAMPLES}\b|\beach\s+(?:one|of\s+them)\b|\b{_EXAMPLES}\s+by\s+{_EXAMPLES}\b"
    rf"|\ball\s+(?:of\s+)?(?:the\s+|these\s+)?(?:{_NUMERAL}\s+)?{_PLURAL}\b"
    rf"|\b(?:each|every\s+one|all|which)\s+of\s+(?:them|these|those|the\s+{_NUMERAL}){_NOTHING_NAMED}|\b(?:for|in)\s+each{_NOTHING_NAMED}"
    rf"|\ball\s+(?:the\s+)?{_NUMERAL}{_NOTHING_NAMED}"
    r"|\bhow\s+(?:do|did|does|are|were)\s+(?:the\s+)?(?:cases|case\s+studies)\b|\b(?:compare|list|name)\s+(?:all\s+)?(?:the\s+)?(?:cases|case\s+studies)\b",
    re.IGNORECASE,
)
_HOW_CHOSEN = re.compile(
    r"\b(?:how|who|why)\b.{0,40}\b(?:cho(?:ose|se|sen|osing)|pick(?:s|ed|ing)?|select(?:s|ed|ing)?|settled?\s+on|decided?\s+on)\b",
    re.IGNORECASE,
)
_ONE_BY_ONE = re.compile(r"\b(?:each|every|which|per|one\s+by\s+one|compare|contrast|differ\w*)\b", re.IGNORECASE)
_SELECTS = re.compile(
    rf"\b(?:which|what)\s+(?:of\s+)?(?:the\s+|these\s+)?(?:{_NUMERAL}\s+)?{_EXAMPLES}\b|\b(?:did|do|does|were|was|have|has)\s+any\b",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"\b(?:what|which|list|name|summari[sz]e|summary|outline|describe|identify|give|overview|main|key|all|any|tell\s+me)\b",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(
    r"\b(?:(?:whole|full|complete)\s+list|list|bullet\w*|everything|in\s+(?:what|which)\s+ways|the\s+(?:ways|reasons|things))\b",
    re.IGNORECASE,
)
_FIRST_ASKED = re.compile(r"\b(?:what|which|why|who|whom|whose|when|where|how)\b", re.IGNORECASE)
_BOTH = re.compile(r"\b(?:compare[ds]?|comparison|differ\w*|versus|both|each|contrast)\b", re.IGNORECASE)
_BOTH_SIDES = re.compile(
    r"\b(?:good\b.{0,40}\bbad|bad\b.{0,40}\bgood|pros?\s+and\s+cons?|(?:dis)?advantages?\s+(?:and|or)\s+(?:dis)?advantages?"
    r"|(?:benefits?|upsides?)\s+(?:and|or)\s+(?:costs?|drawbacks?|risks?|downsides?)|strengths?\s+and\s+weaknesses|for\s+and\s+against"
    r"|help(?:s|ed)?\s+(?:and|or)\s+(?:hinder|hurt|harm)\w*|both\s+sides)\b",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(
    r"\A\W*(?:(?:hi|hello|hey|thanks|ok(?:ay)?)\b\W*)*I(?:['’]m|\s+am|\s+work|\s+run|\s+lead|\s+manage|m)\b[^.?!]{0,80}[.!]\s+(?=\w)",
    re.IGNORECASE,
)
_SETS_ASIDE = re.compile(
    r"\A\W*(?:(?:apart|aside)\s+from|besides|beyond|in\s+addition\s+to|other\s+than|except\s+for)\b[^,]{1,60},\s*|[\s,]+(?:apart\s+from|aside\s+from|other\s+than|except(?:\s+for)?)\b[^,.?!]{1,60}(?=[,.?!]|\Z)",
    re.IGNORECASE,
)
_GREETS = re.compile(
    r"\A\W*(?:hi|hello|hey|thanks?(?:\s+you)?|cheers|bye|goodbye|good\s+(?:morning|afternoon|evening)|ok(?:ay)?|great|help|test)"
    r"(?:\s+(?:you|there|all|me|again|very\s+much))?\W*\Z",
    re.IGNORECASE,
)
_OF_THE_ASSISTANT = re.compile(
    r"\b(?:who|what)\s+are\s+you\b|\b(?:are|were)\s+you\s+(?:an?|real|human|there|sure|ok(?:ay)?)\b|\bhow\s+do\s+you\s+work\b"
    r"|\bwhat\s+can\s+(?:i|you|we)\s+(?:ask|do|answer)\b|\byour\s+(?:name|instructions?|prompt|model|purpose|rules)\b"
    r"|\A\W*what(?:['’]?s|\s+is|\s+does)\s+(?:this|the)\s+(?:document|report|library|tool|app|assistant|page)(?:\s+(?:about|for|do))?\W*\Z"
    r"|\A\W*summari[sz]e\s+(?:the|this)\s+(?:document|report|library|whole\s+\w+)\W*\Z",
    re.IGNORECASE,
)
_DEEDS = re.compile(
    r"\bwhat\s+(?:exactly\s+|else\s+)?(?:did|does|do|has|have|had)\s+(?P<doer>[^?]{2,80}?)\s+(?:actually\s+)?(?:do|done|achieve[ds]?)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"\b(?:more|fewer|less|bigger|larger|smaller|higher|lower)\b", re.IGNORECASE)
ASKING_TERMS = frozenset(
    {
        "long",
        "quick",
        "fast",
        "soon",
        "old",
        "far",
        "often",
        "year",
        "date",
        "month",
        "take",
        "took",
        "taken",
        "last",
        "spend",
    }
    | {"spent", "get", "got", "go", "went"}
)
"""Words that ask for a length of time, a number or a date, and so stand in no answer, or say nothing of it."""
EXAMPLE_NOUNS = frozenset({"case", "studi", "exampl", "project", "programm", "scheme", "stori", "initi"})
"""What cases are called where they are counted."""
EXAMPLE_TERMS = EXAMPLE_NOUNS.union(
    {
        "list",
        "summaris",
        "summar",
        "summari",
        "overview",
        "describ",
        "explain",
        "outlin",
        "involv",
        "compar",
        "comparison",
        "differ",
        "versus",
        "vs",
        "report",
        "document",
        "say",
        "tell",
        "mention",
        "everyth",
        "thing",
        "bullet",
        "pro",
        "con",
    }
)


def doer(text: str) -> str:
    """Return whose deeds a question asks for: "What did the fire service do?"; nothing where it asks for none."""
    found = _DEEDS.search(text)
    return found["doer"] if found else ""


def is_of_the_assistant(text: str) -> bool:
    """Tell whether a question asks who or what it is put to, or is only a greeting."""
    return _GREETS.search(text) is not None or _OF_THE_ASSISTANT.search(text) is not None


def names_every_case(text: str) -> bool:
    """Tell whether a question asks about all cases, and not how they were chosen."""
    return _EVERY.search(text) is not None and _HOW_CHOSEN.search(text) is None


def goes_one_by_one(text: str) -> bool:
    """Tell whether a question asks about things one by one, rather than about all of them taken together."""
    return _ONE_BY_ONE.search(text) is not None


def selects(text: str) -> bool:
    """Tell whether a question asks which cases, so that those without evidence are out, rather than what each one did."""
    return _SELECTS.search(text) is not None


def to_the_point(text: str) -> str:
    """Return a question without what its asker says of themselves first, and without what it sets aside ("apart from …")."""
    left = _SETS_ASIDE.sub("", _INTRODUCES.sub("", text)).strip()
    return left if len(left.split()) > 2 else text


def set_aside(text: str) -> str:
    """Return what a question sets aside ("apart from …"); an empty text where that is nothing."""
    return " ".join(_SETS_ASIDE.findall(_INTRODUCES.sub("", text)))


def weighs_both_sides(text: str) -> bool:
    """Tell whether a question asks for what speaks for something and what against it."""
    return _BOTH_SIDES.search(text) is not None


def asks_a_list(text: str) -> bool:
    """Tell whether a question asks what there is, not why, who or how."""
    first = _FIRST_ASKED.search(text)
    return _LISTS.search(text) is not None and (first is None or first[0].lower() in {"what", "which"})


def asks_everything(text: str) -> bool:
    """Tell whether a question asks in so many words for a list, however it begins."""
    return _EVERYTHING.search(text) is not None


def offers(text: str) -> bool:
    """Tell whether a question offers one thing or another, rather than asking about both."""
    return re.search(r"\bor\b", text, re.IGNORECASE) is not None and _BOTH.search(text) is None


def compares(text: str) -> bool:
    """Tell whether a question asks for more or less of something."""
    return _COMPARES.search(text) is not None
