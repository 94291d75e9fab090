"""PDFs made for tests: the blocks of a document set in several ways, and pages with words at given places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import black
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4, A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, ListFlowable, ListItem, PageTemplate, Paragraph, Spacer, Table

from assistant.markup import SUPERSCRIPTS, items
from assistant.spans import quote
from assistant.types import BlockKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.types import Block, Document

_FIGURES = {mark: str("⁰¹²³⁴⁵⁶⁷⁸⁹".index(mark)) for mark in SUPERSCRIPTS}
_NOTE = re.compile(r"^\[\^([^\]]+)\]:\s*|^([¹²³⁰⁴-⁹]+)\s*")
_PLAIN_WORD = re.compile(
    r"(?<=[a-z] )[a-z]{7,}(?=[ ,.][a-z ])"
)  # reportlab loses the space between a soft hyphen and bold
_SYLLABLE = re.compile(r"(?<=[a-z][aeiou])(?=[bcdfglmnprstv][aeiou][a-z])")


@dataclass(frozen=True, slots=True)
class Setting:
    """How a PDF is set. Sizes are in points; notes stand at the foot of the page that refers to them."""

    page: tuple[float, float] = A4
    columns: int = 1
    body: float = 10.5
    margin: float = 64
    foot: float = 130
    justified: bool = False
    hyphenated: bool = False
    header: str = ""


ONE_COLUMN = Setting(header="Collaboration Executive Summary")
TWO_COLUMNS = Setting(columns=2, body=9.5, justified=True, hyphenated=True, header="Collaboration Executive Summary")
SMALL_PAGES = Setting(page=A5, body=9.5, margin=40, foot=110)


def pdf_of(document: Document, setting: Setting, **described: str) -> bytes:
    """Return a document as a PDF: headings in larger type, bullets, ruled tables, footnotes where their mark stands."""
    notes = dict(_notes(document))
    written = BytesIO()
    template = BaseDocTemplate(written, pagesize=setting.page, **described)
    template.addPageTemplates(PageTemplate(frames=list(_frames(setting))))
    template.build(list(_flow(document, setting)), canvasmaker=_canvas(setting, notes))
    return written.getvalue()


def _frames(setting: Setting) -> Iterator[Frame]:
    width, height = setting.page
    inner = width - 2 * setting.margin
    gutter = 18.0
    column = (inner - gutter * (setting.columns - 1)) / setting.columns
    for number in range(setting.columns):
        left = setting.margin + number * (column + gutter)
        space = height - setting.margin - setting.foot
        yield Frame(left, setting.foot, column, space, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _canvas(setting: Setting, notes: dict[str, str]) -> Callable[..., Canvas]:
    class Page(Canvas):
        """Draws the running header, the page's number and the footnotes that were referred to."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.marks: list[str] = []
            self.setNamedCB("note", self.note)

        def note(self, _canvas: Canvas, _kind: str, mark: str) -> None:
            self.marks.append(mark)

        def showPage(self) -> None:  # noqa: N802
            width, height = setting.page
            self.setFont("Helvetica", 8)
            if setting.header:
                self.drawString(setting.margin, height - setting.margin * 0.6, setting.header)
                self.drawCentredString(width / 2, 24, str(self.getPageNumber()))
            self._draw_notes(width)
            super().showPage()

        def _draw_notes(self, width: float) -> None:
            style = ParagraphStyle("note", fontName="Helvetica", fontSize=7.5, leading=9, splitLongWords=1)
            y = setting.foot - 14
            for mark in self.marks:
                paragraph = Paragraph(f"<super>{mark}</super> {_markup(notes[mark])}", style)
                _, height = paragraph.wrap(width - 2 * setting.margin, 200)
                y -= height + 2
                paragraph.drawOn(self, setting.margin, y)
            self.marks = []

    return Page


def _notes(document: Document) -> Iterator[tuple[str, str]]:
    for block in document.blocks:
        if block.kind is BlockKind.FOOTNOTE:
            words = quote(document.text, block.spans)
            found = _NOTE.match(words)
            assert found
            mark = found[1] or "".join(_FIGURES[one] for one in found[2])
            yield mark, words[found.end() :]


def _flow(document: Document, setting: Setting) -> Iterator[Any]:
    body = _style(setting)
    for kind, group in groupby(document.blocks, lambda block: block.kind):
        blocks = list(group)
        if kind is BlockKind.TABLE_ROW:
            yield _table(document, blocks, setting)
            yield Spacer(1, 10)
        elif kind is BlockKind.LIST_ITEM:
            texts = [_markup(quote(document.text, block.spans), setting) for block in blocks]
            entries = [ListItem(Paragraph(text, body), leftIndent=14) for text in texts]
            yield ListFlowable(entries, bulletType="bullet", start="•", leftIndent=14, bulletFontSize=setting.body)
        elif kind is not BlockKind.FOOTNOTE:
            for block in blocks:
                yield Paragraph(_markup(quote(document.text, block.spans), setting), _heading(block, document, setting))


def _style(setting: Setting, **changes: Any) -> ParagraphStyle:
    kept = {"fontName": "Helvetica", "fontSize": setting.body, "leading": setting.body * 1.25, "spaceAfter": 7}
    alignment = {"alignment": TA_JUSTIFY} if setting.justified else {}
    return ParagraphStyle("body", **{**kept, **alignment, **changes})


def _heading(block: Block, document: Document, setting: Setting) -> ParagraphStyle:
    """Return the style of a paragraph or heading: larger the further out, the title largest."""
    if block.kind is not BlockKind.HEADING:
        return _style(setting)
    words = quote(document.text, block.spans)
    size = 20.0 if block is document.blocks[0] else 16.0 if block.section == (words,) else 13.0
    caption = words.startswith(("Figure", "Table"))
    changes = {"fontSize": setting.body} if caption else {"fontSize": size, "leading": size * 1.2, "keepWithNext": 1}
    font = "Helvetica-Oblique" if caption else "Helvetica-Bold"
    return _style(setting, fontName=font, alignment=0, spaceBefore=8, **changes)


def _markup(words: str, setting: Setting | None = None) -> str:
    """Return a document's words as reportlab's markup: bold runs, raised marks that call for their notes, soft hyphens."""
    words = re.sub(r"<(https?://[^<>]+)>", r"\1", words)
    words = re.sub(r"</?[a-z]+\b[^<>]*>", " ", words)
    words = escape(words, quote=False)
    if setting and setting.hyphenated:
        words = _PLAIN_WORD.sub(lambda word: _SYLLABLE.sub("\xad", word[0]), words)
    words = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", words)
    return re.sub(r"[¹²³⁰⁴-⁹]", lambda mark: _called(_FIGURES[mark[0]]), words)


def _called(mark: str) -> str:
    return f'<super>{mark}</super><onDraw name="note" label="{mark}"/>'


def _table(document: Document, blocks: Sequence[Block], setting: Setting) -> Table:
    """Return rows as a table with ruled lines; a cell of several items has a bullet before each."""
    small = _style(
        setting, fontSize=setting.body - 1.5, leading=setting.body, alignment=0, spaceAfter=0, splitLongWords=0
    )
    rows: dict[str, list[Any]] = {}
    for block in blocks:
        if block.cells:
            name, *rest = [document.text[cell.body.start : cell.body.end] for cell in block.cells]
            rows.setdefault(name, []).extend(_cell(words, small) for words in rest)
    heads = [document.text[span.start : span.end] for span in blocks[0].spans]
    width = len(next(iter(rows.values()))) + 1
    heads = [*[""] * (width - len(heads)), *heads]
    column = (setting.page[0] - 2 * setting.margin - 18.0 * (setting.columns - 1)) / setting.columns
    first = 0.6 if width == 2 else 0.32
    table = Table(
        [
            [Paragraph(f"<b>{head}</b>", small) for head in heads],
            *([Paragraph(_markup(name), small), *cells] for name, cells in rows.items()),
        ],
        colWidths=[column * first, *[column * (1 - first) / (width - 1)] * (width - 1)],
    )
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, black), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return table


def _cell(words: str, body: ParagraphStyle) -> Any:
    parts = items(words)
    if len(parts) < 2:
        return Paragraph(_markup(words), body)
    style = ParagraphStyle("item", parent=body, leftIndent=10, bulletIndent=0, spaceAfter=1)
    return [Paragraph(_markup(part), style, bulletText="•") for part in parts]


def page_of(document: Document) -> str:
    """Return a document as a web page, to be printed by a browser."""
    bold = re.compile(r"\*\*(.+?)\*\*")
    body = []
    for kind, group in groupby(document.blocks, lambda block: block.kind):
        blocks = list(group)
        if kind is BlockKind.TABLE_ROW:
            body.append(_html_table(document, blocks))
            continue
        body.append("<ul>" if kind is BlockKind.LIST_ITEM else "")
        for block in blocks:
            words = re.sub(r"<(https?://[^<>]+)>", r"\1", quote(document.text, block.spans))
            words = bold.sub(r"<b>\1</b>", escape(words, quote=False))
            tag = {BlockKind.LIST_ITEM: "li", BlockKind.HEADING: _tag(block, document)}.get(kind, "p")
            if kind is BlockKind.FOOTNOTE:
                words, tag = re.sub(r"^[¹²³⁰⁴-⁹]+", lambda mark: f"<sup>{_figures(mark[0])}</sup>", words), "footer"
            else:
                words = re.sub(r"[¹²³⁰⁴-⁹]+", lambda mark: f"<sup>{_figures(mark[0])}</sup>", words)
            body.append(f"<{tag}>{words}</{tag}>")
        body.append("</ul>" if kind is BlockKind.LIST_ITEM else "")
    style = (
        "body {font: 11pt sans-serif} td, th {border: 1px solid; padding: 4px} table {border-collapse: collapse}"
        " sup {font-size: 60%} footer {font-size: 8pt}"
    )
    return f"<!DOCTYPE html><html lang=en><meta charset=utf-8><style>{style}</style><body>{''.join(body)}</body></html>"


def _figures(marks: str) -> str:
    return "".join(_FIGURES[mark] for mark in marks)


def _tag(block: Block, document: Document) -> str:
    words = quote(document.text, block.spans)
    if words.startswith(("Figure", "Table")):
        return "p"
    return "h1" if block is document.blocks[0] else "h2" if block.section == (words,) else "h3"


def _html_table(document: Document, blocks: Sequence[Block]) -> str:
    rows: dict[str, list[str]] = {}
    for block in blocks:
        if block.cells:
            name, *rest = [document.text[cell.body.start : cell.body.end] for cell in block.cells]
            lists = [
                f"<ul>{''.join(f'<li>{item}</li>' for item in items(words))}</ul>" if len(items(words)) > 1 else words
                for words in rest
            ]
            rows.setdefault(name, []).extend(lists)
    heads = [document.text[span.start : span.end] for span in blocks[0].spans]
    width = len(next(iter(rows.values()))) + 1
    cells = [[*[""] * (width - len(heads)), *heads], *([name, *rest] for name, rest in rows.items())]
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in cells]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


Place = tuple[float, float, str]


def pages_with(
    *pages: Sequence[Place | tuple[float, float, str, float]],
    size: tuple[float, float] = A4,
    turn: int = 0,
    **described: str,
) -> bytes:
    """Return a PDF whose pages have words at given places: x, y from below, the words, and the size of type (10 points).

    Words between ``**`` are bold, words between ``^`` are small and raised.
    """
    written = BytesIO()
    canvas = Canvas(
        written, pagesize=size if turn % 180 == 0 else size[::-1], pageCompression=0
    )  # reportlab turns the sheet as well
    canvas.setTitle(described.get("title", ""))
    canvas.setAuthor(described.get("author", ""))
    for page in pages:
        canvas.setPageRotation(turn)
        for x, y, words, *rest in page:
            _draw(canvas, x, y, words, rest[0] if rest else 10.0)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def _draw(canvas: Canvas, x: float, y: float, words: str, size: float) -> None:
    text = canvas.beginText(x, y)
    for part in re.split(r"(\*\*.+?\*\*|\^.+?\^)", words):
        raised = part.startswith("^")
        text.setFont("Helvetica-Bold" if part.startswith("**") else "Helvetica", size * (0.6 if raised else 1.0))
        text.setRise(size * 0.35 if raised else 0)
        text.textOut(part.strip("*^"))
    canvas.drawText(text)


def column(
    x: float, y: float, lines: Sequence[str], size: float = 10.0, leading: float = 12.0
) -> list[tuple[float, float, str, float]]:
    """Return lines below each other, from a place on."""
    return [(x, y - number * leading, line, size) for number, line in enumerate(lines)]
