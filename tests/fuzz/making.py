"""Files that no one would write: small valid ones of every format, changed at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.reading.formats import SUFFIXES, Format
from tests.fuzz.objects import html_changed, pdf_changed, word_changed
from tests.fuzz.seeds import seeds

if TYPE_CHECKING:
    from random import Random

TOKENS = (
    *"#*_`|[](){}<>!\\&~-+=:;.,\"'\t\r\n\f\v\0¹²•–“”é\u202e\ufeff\u2028",
    *(
        "\r\n",
        "\n\n",
        "---\n",
        "```",
        "~~~\n",
        "[^1]",
        "[^1]:",
        "[1]",
        "![",
        "](",
        "<!--",
        "-->",
        "</",
        "<script>",
        "<li>",
        "&#0;",
    ),
    *(
        "&#xD800;",
        "&lt;",
        "|-|-|\n",
        "> ",
        "- ",
        "1. ",
        "    ",
        "\t\t",
        "Page 1 of 2",
        "Table 1: ",
        "a: b\n",
        "**",
        "__",
        "$$",
        "o\t",
    ),
)
_BYTES = (
    b"\xff",
    b"\xfe\xff",
    b"\xff\xfe",
    b"\x80",
    b"\xe2\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x1a",
    b"%PDF-1.4\n",
    b"PK\x03\x04",
)


_LARGEST = 40_000
"""The most bytes of a file: the small ones find what there is to find, and many more can be read."""


_SHARES = {Format.PDF: 6, Format.WORD: 6, Format.HTML: 6, Format.MARKDOWN: 2, Format.TEXT: 2}
"""How often each format is made: three are read by more code than the others."""

_CONTAINERS = {Format.PDF, Format.WORD}
_INSIDE = {Format.PDF: pdf_changed, Format.WORD: word_changed, Format.HTML: html_changed}


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made up."""

    name: str
    content: bytes


def made(random: Random, number: int) -> Made:
    """Return a file of a format that can be read, or of one that its name does not say."""
    form = random.choices(list(_SHARES), list(_SHARES.values()))[0]
    name = random.choice([suffix for suffix, one in SUFFIXES.items() if one is form])
    if random.random() < 0.05:
        name = random.choice(list(SUFFIXES))
    if random.random() < 0.15 and form not in _CONTAINERS:
        return Made(f"{number}{name}", _composed(random))
    content = random.choice(seeds(form))
    inside = _INSIDE.get(form)
    if inside and random.random() < 0.8:
        content = inside(random, content, _changed)
        if random.random() < 0.9:
            return Made(f"{number}{name}", content)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        content = _changed(random, content)
    return Made(f"{number}{name}", content[:_LARGEST])


def _changed(random: Random, content: bytes) -> bytes:
    return random.choice(_CHANGES)(random, content)


def _composed(random: Random) -> bytes:
    """Return nothing but tokens and short words."""
    words = (*TOKENS, "It opened.", "The Hub", "a", " ", "12", "and the", "\n")
    text = "".join(random.choice(words) for _ in range(random.randrange(1, 400)))
    return text.encode(random.choice(("utf-8",) * 8 + ("utf-16", "utf-16-le")))


def _flip(random: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(random.choice((1, 2, 8))):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(random: Random, content: bytes) -> bytes:
    low, high = _range(random, content)
    return content[:low] if random.random() < 0.3 else content[:low] + content[high:]


def _repeat(random: Random, content: bytes) -> bytes:
    low, high = _range(random, content, 64)
    return content[:low] + content[low:high] * random.choice((2, 10, 300)) + content[high:]


def _move(random: Random, content: bytes) -> bytes:
    low, high = _range(random, content)
    rest = content[:low] + content[high:]
    place = random.randrange(len(rest) + 1)
    return rest[:place] + content[low:high] + rest[place:]


def _splice(random: Random, content: bytes) -> bytes:
    other = random.choice([seed for form in _SHARES for seed in seeds(form)])
    return content[: random.randrange(len(content) + 1)] + other[random.randrange(len(other) + 1) :]


def _insert(random: Random, content: bytes) -> bytes:
    place = random.randrange(len(content) + 1)
    token = random.choice((*(token.encode() for token in TOKENS), *_BYTES))
    return content[:place] + token * random.choice((1, 1, 2, 50)) + content[place:]


def _recode(random: Random, content: bytes) -> bytes:
    encoding = random.choice(("cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"))
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def _range(random: Random, content: bytes, longest: int = 2**20) -> tuple[int, int]:
    low = random.randrange(len(content) + 1)
    return low, min(len(content), low + random.randrange(longest))


_CHANGES = (_flip, _cut, _repeat, _move, _splice, _insert, _insert, _recode)
