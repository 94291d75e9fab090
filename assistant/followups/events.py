"""Words that stand for what was done or said before, not for a thing: "How did they manage that?", "Why was it so slow?"."""

from __future__ import annotations

import re

from assistant.followups.wording import VERBS

_ADVERB = r"(?:\w+ly|so|much|that|very|quite|even|still|usually|often|a\s+lot)\s+"
_DEGREE = (
    r"(?:hard|difficult|easy|possible|impossible|necessary|important|expensive|cheap|quick|fast|slow|long|soon|worth|rare|common"
    r"|unusual|risky|\w{2,}er\b|more\s+\w+|less\s+\w+)"
)
_TAKES = r"(?:takes?|took|taken|cost|costs)"
_WHAT = r"(?:\s+(?!to\b)[\w'’-]+){0,4}?\s+(?P<what>to\s+[a-z][\w'’-]*[^?!]*?)[\s.?!]*\Z"
_TAKEN_BEFORE = re.compile(rf"\bit\s+(?:{_ADVERB})*{_TAKES}\b{_WHAT}", re.IGNORECASE)
_INFINITIVE_BEFORE = re.compile(
    rf"\bit\s+(?:(?:is|was|be|been|become|became)\s+)?(?:{_ADVERB})*(?:{_TAKES}|{_DEGREE})\b{_WHAT}", re.IGNORECASE
)
_IT_TAKES = re.compile(rf"\bit\s+(?:{_ADVERB})*{_TAKES}\b", re.IGNORECASE)
_IT = re.compile(
    rf"\bit\s+(?:(?:is|was|be|been)\s+)?(?:{_ADVERB})*(?:{_TAKES}|{_DEGREE})\b"
    rf"|\b(?:is|was|isn['’]t|wasn['’]t|be|makes?|made)\s+it\s+(?:{_ADVERB})*{_DEGREE}",
    re.IGNORECASE,
)
_TO = re.compile(r"\bto\s+\w+", re.IGNORECASE)
_WHAT_IT_TOOK = re.compile(
    r"\bwhat\s+(?:did|does|do|will|would|has|had)\s+it\s+(?:really\s+)?(?:take|taken)\b", re.IGNORECASE
)
_TRIED = re.compile(
    r"\b(?:attempt(?:s|ed|ing)?|efforts?|tr(?:y|ies|ied|ying)|plan(?:s|ned)?|want(?:s|ed)?|hop(?:e|es|ed)|aim(?:s|ed)?|fail(?:s|ed|ure)?"
    r"|struggl(?:e|es|ed)|bids?|manag(?:e|es|ed)|able|work(?:ed|ing)?)\s+(?P<what>to(?:wards)?\s+[\w'’-]+\b[^?!]*?)[\s.?!]*\Z",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"\b(?:do|does|did|done|doing|manage[ds]?|achieve[ds]?|pull(?:ed)?|bring|brought)\s+(?:that|this|it)\b(?!\s+(?!so\b|off\b|about\b|in\b|then\b)\w)",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r"\bwho\s+(?:has\s+|have\s+)?(?:actually\s+)?(?:wrote|writes|written|says?|said|claims?|claimed|argues?|argued|found|reports?|reported|states?|stated|thinks?)"
    r"\s+(?:that|this|so)\b(?=\W*(?:\Z|\s(?:and|or|then|exactly)\b|,))",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"\b(?:say|says|said|mention\w*|claim\w*|argue\w*|suggest\w*|state[sd]?|according|literature|evidence|research|report|survey|study"
    r"|studies|article|paper|find|findings?)\b",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"\W*(?:(?:does|did|would)\s+it\s+(?:really\s+)?(?:matter|help|hurt|count)|(?:is|was)\s+it\s+(?:really\s+|ever\s+)?(?:true|possible|likely|a\s+problem|clear))"
    r"\s+(?:if|whether|that|when)\s+(?=\w)",
    re.IGNORECASE,
)


def with_deed(question: str, before: str) -> str | None:
    """Return a question whose "it" waits for an infinitive ("How long did it take?") with that of the question before."""
    if _TO.search(question) or not _IT.search(question):
        return None
    told = (_TAKEN_BEFORE if _IT_TAKES.search(question) else _INFINITIVE_BEFORE).search(before)
    what = told["what"] if told else _tried(before) if _WHAT_IT_TOOK.search(question) else None
    return f"{question.rstrip(' ?.!')} {what}?" if what else None


def _tried(before: str) -> str | None:
    """Return what was tried: "Did the attempts to reopen the line succeed?" gives "to reopen the line"."""
    found = _TRIED.search(before)
    if found is None:
        return None
    *most, last = found["what"].split()
    return " ".join(most) if last in VERBS and len(most) > 1 else found["what"]


def does_the_same(question: str) -> bool:
    """Tell whether a question speaks of a deed by "do that" and its like."""
    return _DEED.search(question) is not None


def asking_for_source(question: str, before: str) -> str | None:
    """Return a question for who says so as one for the source, where the one before is on what a text says."""
    found = _SAYS_SO.search(question)
    if found is None or not _TEXT.search(before):
        return None
    return f"{question[: found.start()]}which source says that{question[found.end() :]}"


def stated(before: str) -> str:
    """Return a question without what only asks for a judgement of it: "Does it matter if …"."""
    return _FRAME.sub("", before, count=1)
