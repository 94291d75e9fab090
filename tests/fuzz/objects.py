"""Changes inside a file that keep its container whole: the objects of a PDF, the parts of a Word file, the tags of a page."""

from __future__ import annotations

import re
import zipfile
import zlib
from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    Change = Callable[[Random, bytes], bytes]

_OBJECT = re.compile(rb"(?<!\d)(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_LENGTH = re.compile(rb"/Length \d+")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
_NUMBERS = b"0 -1 1 0.0001 1e38 -99999 99999 2147483647 -2147483648 4294967296 99999999999999999999 nan".split()
_OPERATORS = (
    *b"BT ET q Q S f T* W n (a)Tj [(a)-9999(b)]TJ <00ff>Tj <d800>Tj (\xad)Tj (\x02)Tj".split(),
    *(b"0 0 0 0 0 0 Tm", b"1 0 0 -1 0 0 cm", b"0 1 -1 0 300 300 Tm", b"1e9 0 0 1e9 0 0 cm", b"/F1 0 Tf", b"/F1 -12 Tf"),
    *(
        b"/F1 1e9 Tf",
        b"3 Tr",
        b"0 Tz",
        b"-100 Tz",
        b"1e6 Tc",
        b"-50 Tw",
        b"9 Ts",
        b"/X1 Do",
        b"0 0 9 9 re S",
        b"0 700 Td",
    ),
    *(b"/Rotate 45", b"/MediaBox [0 0 0 0]", b"/Kids [2 0 R]", b"/Filter /FlateDecode", b"/Encoding /Identity-H"),
)
_PARTS = ("word/document.xml",) * 4
_VALUES = ("", "0", "-1", "1", "99999999", "4294967296", "9" * 30, "none", "true", "x", "Loop", "é\u202e", "1.5", " ")
_TAGS = (
    *(
        "p",
        "div",
        "b",
        "i",
        "a",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "caption",
    ),
    *("h1", "h2", "h6", "pre", "code", "sup", "section", "article", "main", "nav", "aside", "footer", "header", "form"),
    *(
        "select",
        "option",
        "button",
        "script",
        "style",
        "svg",
        "math",
        "template",
        "noscript",
        "iframe",
        "title",
        "br",
        "hr",
    ),
    *("img", "frameset", "details", "summary", "figure", "figcaption", "blockquote", "span", "font", "center", "body"),
    *("html", "head", "textarea", "plaintext", "ruby", "rt"),
)
_ATTRIBUTES = (
    *("id=a", "id=n1", 'href="#n1"', 'href="#a"', "colspan=0", "colspan=1000", "rowspan=65534", "rowspan=-1", "hidden"),
    *("class=footnote", "class=nav", "class=footnotes", "role=main", "role=navigation", 'aria-hidden="true"'),
    *('style="display:none"', "start=99999999999", "value=-5", "type=A", "epub:type=footnote", "alt=x", "lang=ar"),
)


def written(objects: Mapping[int, bytes], root: int = 1) -> bytes:
    """Return a PDF of objects, by number, with a table of where each stands."""
    content, places = b"%PDF-1.7\n", dict[int, int]()
    for number, body in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    last = max(objects, default=0) + 1
    entries = [b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(last)]
    trailer = b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (last, root, len(content))
    return content + b"xref\n0 %d\n" % last + b"".join(entries) + trailer


def pdf_changed(random: Random, content: bytes, change: Change) -> bytes:
    """Change some objects of a PDF, by ``change`` or by what only PDFs hold; its table of objects is right again."""
    objects = {int(number): body.strip() for number, body in _OBJECT.findall(content)}
    root = _ROOT.search(content)
    if not objects or not root:
        return change(random, content)
    for _ in range(random.choice((1, 1, 2, 5))):
        number = random.choice(list(objects))
        way = random.choice((change, _renumbered, _renumbered, _operated, _operated, _referred))
        objects[number] = way(random, objects[number])
        if random.random() < 0.7:
            objects[number] = _measured(objects[number])
    if random.random() < 0.1:
        del objects[random.choice(list(objects))]
    return written(objects, int(root[1]))


def _renumbered(random: Random, body: bytes) -> bytes:
    found = list(_NUMBER.finditer(body))
    if not found:
        return body
    one = random.choice(found)
    return body[: one.start()] + random.choice(_NUMBERS) + body[one.end() :]


def _operated(random: Random, body: bytes) -> bytes:
    spaces = [place for place, byte in enumerate(body) if byte in b" \n"]
    place = random.choice(spaces or [0])
    return body[:place] + b" " + random.choice(_OPERATORS) * random.choice((1, 1, 1, 40)) + b" " + body[place:]


def _referred(random: Random, body: bytes) -> bytes:
    return re.sub(
        rb"(\d+) 0 R", lambda one: b"%d 0 R" % random.randrange(1, 14) if random.random() < 0.3 else one[0], body
    )


def _measured(body: bytes) -> bytes:
    stream = _STREAM.search(body)
    return _LENGTH.sub(b"/Length %d" % len(stream[1]), body, count=1) if stream else body


def word_changed(random: Random, content: bytes, change: Change) -> bytes:
    """Change some parts of a Word file, by ``change`` or as trees, and pack them again."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = [(name, archive.read(name)) for name in archive.namelist()]
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
        return change(random, content)
    for _ in range(random.choice((1, 1, 2, 4))):
        mains = [number for number, (name, _) in enumerate(parts) if name.startswith("word/document")]
        number = random.choice([*mains * 4, *range(len(parts))])
        way = random.choice((change, _grown, _grown, _grown, _grown, _grown, _grown))
        parts[number] = (parts[number][0], way(random, parts[number][1]))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for name, part in parts:
            archive.writestr(name, part)
    return packed.getvalue()


def _grown(random: Random, part: bytes) -> bytes:
    """Copy, move, remove, wrap or revalue some elements of a tree."""
    try:
        root = etree.fromstring(part)
    except etree.XMLSyntaxError:
        return part
    for _ in range(random.choice((1, 2, 6, 20))):
        one, other = (random.choice(list(root.iter("*"))) for _ in range(2))
        random.choice((_copy, _copy, _move, _remove, _wrap, _revalue, _revalue, _rename))(random, one, other)
        if len(etree.tostring(root)) > 200_000:
            break
    return bytes(etree.tostring(root))


def _copy(random: Random, one: etree._Element, other: etree._Element) -> None:
    copied = deepcopy(one)
    copied.tail = None
    for _ in range(random.choice((1, 1, 3))):
        other.insert(random.randrange(len(other) + 1), deepcopy(copied))


def _move(random: Random, one: etree._Element, other: etree._Element) -> None:
    if one.getparent() is not None and one not in (other, *other.iterancestors()):
        other.insert(random.randrange(len(other) + 1), one)


def _remove(_: Random, one: etree._Element, __: etree._Element) -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _wrap(random: Random, one: etree._Element, other: etree._Element) -> None:
    parent = one.getparent()
    if parent is None:
        return
    outer = etree.Element(other.tag, dict(other.attrib))
    parent.replace(one, outer)
    innermost = outer
    for _ in range(random.choice((0, 0, 1, 60))):
        innermost = etree.SubElement(innermost, other.tag)
    innermost.append(one)


def _revalue(random: Random, one: etree._Element, other: etree._Element) -> None:
    if one.attrib:
        one.set(random.choice(list(one.attrib)), random.choice(_VALUES))
    else:
        one.text = random.choice((*_VALUES, other.text or "", "[^1]", "• ", "\t", "\u2028", "A." * 500))


def _rename(_: Random, one: etree._Element, other: etree._Element) -> None:
    one.tag = other.tag


def html_changed(random: Random, content: bytes, change: Change) -> bytes:
    """Put tags with odd attributes into a page, or what ``change`` makes of it."""
    for _ in range(random.choice((1, 2, 8))):
        if random.random() < 0.2:
            content = change(random, content)
            continue
        places = [place for place, byte in enumerate(content) if byte in b"<>"] or [0]
        place = random.choice(places)
        tag = random.choice(_TAGS)
        attributes = "".join(f" {random.choice(_ATTRIBUTES)}" for _ in range(random.choice((0, 0, 1, 2))))
        begin, end = f"<{tag}{attributes}>".encode(), f"</{tag}>".encode()
        piece = random.choice((begin, begin, end, begin + end, begin + b"words" + end))
        content = content[:place] + piece * random.choice((1, 1, 1, 2, 50)) + content[place:]
    return content
