"""From a document's own words to display text: markup, bullets and footnote marks taken out, nothing else changed."""

from __future__ import annotations

import re
from html import unescape

SUPERSCRIPTS = "¹²³⁰⁴⁵⁶⁷⁸⁹"
BULLETS = "•◦▪‣●"

UNITS = rf"(?<![⁻{SUPERSCRIPTS}])(?<!\b[A-Za-z])(?<!\bkm)(?<!\bcm)(?<!\bmm)(?<!\bft)(?<!\bmc)(?<!\b10)(?<!x10)"
"""Stands before a superscript that may be a footnote mark: it fails after a unit or a symbol and in a power of ten."""

_ELEMENTS = (
    "a|abbr|article|aside|b|blockquote|body|br|caption|center|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|figcaption"
    "|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|ol|p"
    "|picture|pre|q|s|section|small|source|span|strong|style|script|summary|svg|table|tbody|td|tfoot|th|thead|title|tr|u|ul|video"
)
_ATTRIBUTES = r"(?>(?:\s++[\w:-]++(?>(?:\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>=]++))?))*)"
_BOLD = re.compile(r"(?<!\\)(\*\*|__)(?=\S)[^\n]+?(?<=\S)\1|<(?:b|strong)>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b[^<>]*+>(?>(?:[^<]|<(?!/\1))*)(?:</\1\s*>|\Z)", re.IGNORECASE)

_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")
_ITEM_EDGE = re.compile(rf"[{BULLETS}]|</?li\b[^<>]*>|<br\s*/?>", re.IGNORECASE)
_MAY_HOLD_MARKUP = re.compile(r"[<\[*_`\\&~]")
_MAY_HOLD_MARKS = re.compile(rf"[\[{SUPERSCRIPTS}{BULLETS}]")
_Rule = tuple[str, re.Pattern[str], str]
"""Characters without which a pattern cannot match, the pattern, and what stands in place of its matches."""

_MARKUP: tuple[_Rule, ...] = (
    ("<", re.compile(r"<(https?://[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>"), r"\1"),  # <https://…> stays as an address
    ("![", re.compile(r"!\[([^\[\]\n]*)\]\([^()\n]*\)"), r"\1"),  # ![alt](image)
    (
        "](",
        re.compile(r"\[([^\[\]\n]+)\]\((?>(?:[^()\s]|\([^()\s]*\))*)(?:\s+\"[^\"\n]*\")?\)"),
        r"\1",
    ),  # [text](address)
    ("<!--", re.compile(r"<!--(?>(?:[^<-]|<(?!!--)|-(?!->))*)-->"), " "),
    ("<", _UNSEEN, " "),
    ("<", re.compile(r"</?su[bp]>", re.IGNORECASE), ""),
    ("<", re.compile(rf"</?(?:{_ELEMENTS}){_ATTRIBUTES}\s*+/?>|<!DOCTYPE[^<>]*+>", re.IGNORECASE), " "),
    ("~~", re.compile(r"~~(?=\S)([^~\n]++)~~"), r"\1"),
    ("**", re.compile(r"(?<!\\)\*\*"), ""),
    ("`", re.compile(r"`+"), ""),
    ("*", re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=[^\s\\])\*(?![\w*])"), r"\1"),
    ("_", re.compile(r"(?<![\w\\])(__?)(?=[^\s_])([^_\n]+?)(?<=[^\s\\])\1(?!\w)"), r"\2"),
    # A mark whose partner stands in another sentence:
    ("*", re.compile(r"(?<![\w*\\])\*(?=[^\W\d_])|(?<=[^\W\d_]|[.!?])\*(?![\w*])"), ""),
    ("_", re.compile(r"(?<![\w\\])__?(?=[^\W\d_])|(?<=[^\W\d_]|[.!?])__?(?!\w)"), ""),
    ("\\", re.compile(r"\\([\\*_`|<>\[\]#])"), r"\1"),
)
_MARKS: tuple[_Rule, ...] = (
    ("[", re.compile(r"\[\^[^\[\]\s]+\]:?|\[\d{1,3}\]"), ""),  # [^1], [1]
    ("", re.compile(rf"{UNITS}[{SUPERSCRIPTS}]+(?:,[{SUPERSCRIPTS}]+)*"), ""),
    ("", re.compile(rf"(?:^|(?<=\s))[{BULLETS}](?=\s|$)"), " "),
)


def plain(words: str) -> str:
    """Return a document's words as display text.

    Emphasis, links, HTML tags, bullets and superscript footnote marks go; superscripts that belong to a unit (m²) stay.
    White space becomes single spaces.
    """
    words = legible(words).translate(_CONTROLS)
    return " ".join((_replaced(words, _MARKS) if _MAY_HOLD_MARKS.search(words) else words).split())


def legible(words: str) -> str:
    """Return a document's words without markup, everything else as it stands on the page."""
    return unescape(_replaced(words, _MARKUP)) if _MAY_HOLD_MARKUP.search(words) else words


def is_stressed(words: str) -> bool:
    """Tell whether a document's words hold some in bold."""
    return _BOLD.search(words) is not None


def items(words: str) -> list[str]:
    """Return the items of a list that was flattened into one line, with bullets or HTML, as display text."""
    return [item for part in _ITEM_EDGE.split(words) if (item := plain(part))]


def _replaced(words: str, rules: tuple[_Rule, ...]) -> str:
    for needed, pattern, replacement in rules:
        if needed in words:
            words = pattern.sub(replacement, words)
    return words
