"""Small valid files of every format, for others to be made of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from assistant.reading.formats import Format
from assistant.reading.outline import outline
from assistant.reading.text import read_text
from assistant.types import Document
from tests.fuzz.objects import written
from tests.pdfs import ONE_COLUMN, SMALL_PAGES, TWO_COLUMNS, Setting, column, pages_with, pdf_of
from tests.word_files import p, r, table, tc, word_file

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = """The Hub

1. Setting up

The hub opened in May 2020,¹ and the partners, who had agreed on it
in a meeting of the whole board, which

12

went on all day.

• It had a court.
• It had “a café” – 500 m², £5.

¹ A note.

Table 1: Costs

Case\tCost\tYear
Hub\t£5\t2020
Court\t• a • b\t2021
\fPage 2 of 3

Challenges

Nobody came.
"""

MARKDOWN = """---
title: The hub
case: Hub
---

# The **Hub** in [town](https://example.org)

Opened in *May*.[^1] <b>Bold</b> words, `code` &amp; more.

- a list
  1. of lists
     > with a quote

| Case | Cost |
|:-----|-----:|
| Hub  | 5 \\| 6 |

```sh
code
```

[^1]: A note.

Setext
------

<div>html</div>
"""

HTML = """<!DOCTYPE html><html lang=en><head><meta charset="utf-8"><title>The hub | Town</title><meta name=author content=Kent>
<script>x()</script><style>p {}</style></head><body class="page"><nav><ul><li><a href='/'>Home</a><li><a href=/b>B</a></ul></nav>
<main><h1>The hub</h1><p>It <b>opened</b> in May.<sup id=r1><a href="#n1">1</a></sup><br>It closed &mdash; soon.</p>
<ul><li>a<ul><li>b<ol><li>c</ol></li></ul></li></ul><h2 id=t>Costs</h2>
<table><caption>Table 1</caption><thead><tr><th>Case<th>Cost<tbody>
<tr><td>Hub<td rowspan=2>5<tr><td colspan=2><ul><li>x<li>y</ul></table><!-- x --><pre>a
  b</pre><blockquote><p>Quoted.</p></blockquote><dl><dt>A<dd>B</dl><details><summary>More</summary>words</details>
<figure><img src=x alt="A picture"><figcaption>Figure 1: It</figcaption></figure>
<ol class=footnotes><li id=n1>A note. <a href="#r1">back</a></li></ol></main><aside>x</aside><footer>x</footer></body></html>"""

XHTML = """<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>
<body><div class="navheader"/><div class="chapter"><h2 class="title"><a id="c"/>The hub</h2><div><p>It opened.<a href="#f">
<sup>[1]</sup></a></p><table border="1"><tr><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>
<div class="footnote"><p><a id="f" href="#g"><sup>[1]</sup></a> Note.</p></div></div></div></body></html>"""


def word() -> bytes:
    """Return a Word file with headings, lists, nested and merged cells, notes, fields, changes, boxes and formulas."""
    numbers = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="4"/></w:numPr>'
    wide, begun, goes_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        f"<w:tr>{tc('a', wide)}{tc(p('x') + table('c|d'))}</w:tr>",
        f"<w:tr>{tc('b', begun)}{tc('c')}{tc('d')}</w:tr>",
        f"<w:tr>{tc('', goes_on)}{tc('e')}</w:tr>",
    )
    field = "".join(
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r><w:r>{words}</w:r>'
        for kind, words in (("begin", "<w:instrText>PAGE</w:instrText>"), ("separate", "<w:t>3</w:t>"), ("end", ""))
    )
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    box = "<w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
    box = f"<mc:Choice><wps:txbx><w:txbxContent>{box}</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback/>"
    changed = f"<w:ins>{r('put in')}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
    parts = (
        p("The hub", "Title"),
        p("Costs", "berschrift1"),
        p(r("It ") + r("opened", "<w:b/>") + r(" in May.") + note),
        p(f"{field}{changed}<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"),
        p("one", "Bullets"),
        p("two", "", numbers),
        table("Case|Cost", "Hub|5", properties='<w:tblLook w:firstRow="1"/>'),
        table(*rows),
        p(f"<w:r><mc:AlternateContent>{box}</mc:AlternateContent></w:r>"),
        f"<w:sdt><w:sdtContent>{p('Deep', 'Deep')}</w:sdtContent></w:sdt>",
        p("a", "Loop"),
    )
    notes = f'<w:footnote w:id="2">{p("A note.")}</w:footnote>'
    core = '<c xmlns:d="x"><d:title>The hub</d:title><d:creator>Kent</d:creator><d:created>2020-01-02</d:created></c>'
    custom = '<c><property name="case"><v>Hub</v></property></c>'
    return word_file("".join(parts), footnotes=notes, core=core, custom=custom)


def strict_word() -> bytes:
    """Return a small Word file whose main part has another name than usual."""
    return word_file(p("The hub", "H2") + p("It opened.") + table("a|b"), main="word/document2.xml")


def placed() -> bytes:
    """Return a PDF of words in two columns, with a table in line, bullets, small print and running heads."""
    words = [
        (60, 800, "Running head", 8.0),
        (60, 760, "The **hub** opened", 18.0),
        *column(60, 700, ["It opened in May^1^ and the part-", "ners agreed. It closed", "• one", "• two"]),
        *column(320, 700, ["Another column of words", "that goes on and on."]),
        *column(60, 500, ["Case", "Hub", "Court"]),
        *column(200, 500, ["Cost", "5", "6"]),
        (60, 60, "^1^ A note at the foot.", 7.0),
        (300, 30, "1", 8.0),
    ]
    return pages_with(words, words, title="The hub", author="Kent")


def turned() -> bytes:
    """Return a PDF whose page is turned."""
    return pages_with([(60, 300, "It opened in May."), (60, 280, "It closed.")], turn=90)


def typeset(setting: Setting) -> bytes:
    """Return a PDF of the document in ``TEXT``."""
    text = TEXT.replace("²", "")  # which would be set as the mark of a note
    document = Document("a.txt", "The Hub", text, tuple(outline(text, read_text(text), None)))
    return pdf_of(document, setting, pageCompression=0)


def by_hand() -> bytes:
    """Return a PDF with an outline, annotations, a form in a form, a font of its own and a table of characters."""
    drawn = (
        b"BT /F1 12 Tf 50 700 Td (It opened.) Tj 0 -14 Td [(It) -300 (closed) 20 (.)] TJ T* <0001> Tj ET "
        b"q 1 0 0 1 10 10 cm /X1 Do Q"
    )
    lines = (
        b"0 0 m 100 0 l S 50 500 200 100 re S 50 550 m 250 550 l S BT /F2 10 Tf 60 520 Td (cell) Tj 3 Tr (unseen) Tj ET"
    )
    mapped = b"/CIDInit /ProcSet findresource begin begincmap 1 beginbfchar <0001> <00410042> endbfchar endcmap end"
    return written(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /Outlines 9 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 /MediaBox [0 0 595 842] >>",
            3: b"<< /Type /Page /Parent 2 0 R /Rotate 0 /CropBox [0 0 595 842] /Contents [4 0 R 5 0 R] /Annots [8 0 R] "
            b"/Resources << /Font << /F1 6 0 R /F2 7 0 R >> /XObject << /X1 11 0 R >> >> >>",
            4: b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
            5: b"<< /Length %d >>\nstream\n%b\nendstream" % (len(lines), lines),
            6: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 12 0 R >>",
            7: b"<< /Type /Font /Subtype /TrueType /BaseFont /Arial /FirstChar 32 /LastChar 34 /Widths [250 -1 1000] >>",
            8: b"<< /Type /Annot /Subtype /Link /Rect [0 0 10 10] /Border [0 0 0] /A << /S /URI /URI (http://a) >> >>",
            9: b"<< /First 10 0 R /Last 10 0 R /Count 1 >>",
            10: b"<< /Title (A) /Parent 9 0 R /Dest [3 0 R /Fit] >>",
            11: b"<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Matrix [1 0 0 1 0 0] /Length 27 >>\nstream\n"
            b"BT /F1 9 Tf (Inner) Tj ET   \nendstream",
            12: b"<< /Length %d >>\nstream\n%b\nendstream" % (len(mapped), mapped),
        }
    )


_SEEDS: dict[Format, tuple[Callable[[], bytes], ...]] = {
    Format.TEXT: (TEXT.encode, lambda: TEXT.encode("cp1252", "replace")),
    Format.MARKDOWN: (MARKDOWN.encode,),
    Format.HTML: (HTML.encode, XHTML.encode),
    Format.WORD: (word, strict_word),
    Format.PDF: (
        placed,
        turned,
        by_hand,
        lambda: typeset(ONE_COLUMN),
        lambda: typeset(TWO_COLUMNS),
        lambda: typeset(SMALL_PAGES),
    ),
}


@cache
def seeds(form: Format) -> tuple[bytes, ...]:
    """Return small valid files of a format, none for a format without any."""
    return tuple(make() for make in _SEEDS.get(form, ()))
