"""The library's own document as a careful person would write it in other formats: real headings, lists, tables and footnotes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

import docx
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from assistant.markup import plain
from assistant.spans import quote
from assistant.types import BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.types import Block, Document

_CAPTION = re.compile(r"(?:Table|Figure) \d+: ")
_INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|(?P<mark>[¹²³])|<(?P<address>https://[^<>]+)>")
_DIGITS = {"¹": "1", "²": "2", "³": "3"}
_FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


@dataclass(frozen=True)
class Run:
    words: str
    bold: bool = False
    mark: str = ""
    address: str = ""


@dataclass(frozen=True)
class Piece:
    """A piece of the document: ``kind`` is heading, caption, paragraph, item, table or note."""

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    mark: str = ""
    rows: tuple[tuple[str | tuple[str, ...], ...], ...] = ()

    @property
    def words(self) -> str:
        return "".join(run.words for run in self.runs)


def parts(document: Document) -> list[Piece]:
    """Return what a plain text says, piece by piece, with its notes at the end."""
    found: list[Piece] = []
    for is_table, group in groupby(document.blocks, lambda block: block.kind is BlockKind.TABLE_ROW):
        blocks = list(group)
        found.extend([_table(document, blocks)] if is_table else [_part(document, block) for block in blocks])
    return [*(part for part in found if part.kind != "note"), *(part for part in found if part.kind == "note")]


def _part(document: Document, block: Block) -> Piece:
    words = quote(document.text, block.spans)
    if block.kind is BlockKind.HEADING:
        kind = "caption" if _CAPTION.match(words) else "heading"
        return Piece(kind, _runs(words), len(block.section) + 1)
    if block.kind is BlockKind.FOOTNOTE:
        return Piece("note", _runs(words[1:].lstrip()), mark=_DIGITS[words[0]])
    return Piece("item" if block.kind is BlockKind.LIST_ITEM else "paragraph", _runs(words))


def _table(document: Document, blocks: Sequence[Block]) -> Piece:
    start = min(span.start for block in blocks for span in block.spans)
    end = max(span.end for block in blocks for span in block.spans)
    start = document.text.rindex("\n", 0, start) + 1
    lines = (document.text[start:end] + document.text[end:].partition("\n")[0]).splitlines()
    return Piece("table", rows=tuple(tuple(_cell(cell) for cell in line.split("\t")) for line in lines))


def _cell(words: str) -> str | tuple[str, ...]:
    items = tuple(filter(None, (plain(item) for item in words.split("•")))) if "•" in words else ()
    return items or words.strip()


def _runs(words: str) -> tuple[Run, ...]:
    return tuple(_split(words))


def _split(words: str) -> Iterator[Run]:
    words, end = " ".join(words.split()), 0
    for found in _INLINE.finditer(words):
        if found.start() > end:
            yield Run(words[end : found.start()])
        if found["bold"]:
            yield Run(found["bold"], bold=True)
        elif found["mark"]:
            yield Run("", mark=_DIGITS[found["mark"]])
        else:
            yield Run(found["address"], address=found["address"])
        end = found.end()
    if end < len(words):
        yield Run(words[end:])


def markdown(document: Document) -> bytes:
    """Return the document as Markdown."""
    lines: list[str] = []
    for part in parts(document):
        words = "".join(_as_markdown(run) for run in part.runs)
        match part.kind:
            case "heading":
                lines.append(f"{'#' * part.level} {words}")
            case "caption":
                lines.append(f"**{words}**")
            case "item":
                lines.append(f"- {words}")
            case "note":
                lines.append(f"[^{part.mark}]: {words}")
            case "table":
                head, *body = [f"| {' | '.join(map(_markdown_cell, row))} |" for row in part.rows]
                lines.append("\n".join([head, "|" + "---|" * len(part.rows[0]), *body]))
            case _:
                lines.append(words)
    return ("\n\n".join(lines) + "\n").encode()


def _as_markdown(run: Run) -> str:
    if run.mark:
        return f"[^{run.mark}]"
    return f"<{run.address}>" if run.address else f"**{run.words}**" if run.bold else run.words


def _markdown_cell(cell: str | tuple[str, ...]) -> str:
    return cell if isinstance(cell, str) else f"<ul>{''.join(f'<li>{item}</li>' for item in cell)}</ul>"


def html(document: Document) -> bytes:
    """Return the document as a page of a government's web site, with all that such a page has around its content."""
    body: list[str] = []
    found = list(_captioned([part for part in parts(document) if part.kind != "note"]))
    for is_list, group in groupby(found, lambda part: part.kind == "item"):
        lines = [_as_html(part) for part in group]
        body.extend(['<ul class="govuk-list govuk-list--bullet">', *lines, "</ul>"] if is_list else lines)
    notes = [part for part in parts(document) if part.kind == "note"]
    return _PAGE.format(title=escape(document.title), body="\n".join(body), notes="".join(map(_note, notes))).encode()


def _captioned(found: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces, the caption of a table in the table itself."""
    for before, part, after in zip([None, *found], found, [*found[1:], None], strict=False):
        if part.kind == "table" and before and before.kind == "caption":
            yield replace(part, runs=before.runs)
        elif not (part.kind == "caption" and after and after.kind == "table"):
            yield part


def _as_html(part: Piece) -> str:
    words = "".join(_run_as_html(run) for run in part.runs)
    match part.kind:
        case "heading":
            return f'<h{part.level} class="govuk-heading-l" id="{part.words[:9]}">{words}</h{part.level}>'
        case "caption":
            return f'<figure><img src="x.png" alt=""><figcaption>{words}</figcaption></figure>'
        case "item":
            return f"<li>{words}</li>"
        case "table":
            head, *body = part.rows
            rows = "".join(f'<tr><th scope="row">{row[0]}</th>{"".join(map(_td, row[1:]))}</tr>' for row in body)
            heads = "".join(f'<th scope="col">{cell}</th>' if cell else "<td></td>" for cell in head)
            caption = f"<caption>{words}</caption>" if words else ""
            return f'<table class="govuk-table">{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<p class="govuk-body">{words}</p>'


def _td(cell: str | tuple[str, ...]) -> str:
    if isinstance(cell, str):
        return f"<td>{escape(cell)}</td>"
    return f"<td><ul>{''.join(f'<li>{escape(item)}</li>' for item in cell)}</ul></td>"


def _run_as_html(run: Run) -> str:
    if run.mark:
        return (
            f'<sup id="fnref:{run.mark}" role="doc-noteref"><a href="#fn:{run.mark}" class="footnote" rel="footnote">'
            f"[footnote {run.mark}]</a></sup>"
        )
    words = escape(run.words)
    return f'<a href="{run.address}">{words}</a>' if run.address else f"<strong>{words}</strong>" if run.bold else words


def _note(part: Piece) -> str:
    words = "".join(_run_as_html(run) for run in part.runs)
    back = f'<a href="#fnref:{part.mark}" class="reversefootnote" role="doc-backlink" aria-label="go to where this is">↩</a>'
    return f'<li id="fn:{part.mark}" role="doc-endnote"><p>{words} {back}</p></li>'


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} - GOV.UK</title>
<meta name="author" content="National Leadership Centre"><meta property="article:published_time" content="2021-09-30">
<style>.x {{ color: red }}</style><script>document.write("<p>This script is no content.</p>")</script></head>
<body class="govuk-template__body"><a href="#content" class="govuk-skip-link">Skip to main content</a>
<div id="global-cookie-message" class="gem-c-cookie-banner" role="region"><h2>Cookies on GOV.UK</h2>
<p>We use some essential cookies to make this website work.</p><button>Accept additional cookies</button></div>
<header role="banner"><a href="/">GOV.UK</a><form action="/search"><label>Search</label><input name="q"></form>
<nav aria-label="Menu"><ul><li><a href="/benefits">Benefits</a></li>
<li><a href="/work">Working, jobs and pensions</a></li></ul></nav>
</header><div class="govuk-width-container"><div class="gem-c-breadcrumbs"><ol><li><a href="/">Home</a></li>
<li><a href="/government">Government</a></li></ol></div>
<main id="content" role="main"><nav class="gem-c-contents-list" role="navigation"><h2>Contents</h2>
<ol><li><a href="#Motivatio">Motivations</a></li></ol></nav><div class="govspeak">
{body}
<div class="footnotes" role="doc-endnotes"><ol>{notes}</ol></div></div></main>
<div class="gem-c-feedback"><form><h2>Is this page useful?</h2><button>Yes</button></form></div></div>
<footer role="contentinfo"><h2>Support links</h2><ul><li><a href="/help">Help</a></li><li><a href="/privacy">Privacy</a></li></ul>
<p>All content is available under the Open Government Licence v3.0</p></footer></body></html>
"""


def word(document: Document) -> bytes:
    """Return the document as a Word file, with headers and footers."""
    file = docx.Document()
    file.core_properties.author, file.core_properties.title = "National Leadership Centre", document.title
    file.core_properties.created = datetime(2021, 9, 30, tzinfo=UTC)
    file.sections[0].header.paragraphs[0].text = "Running header"
    file.sections[0].footer.paragraphs[0].text = "Running footer"
    found = parts(document)
    for part in found:
        match part.kind:
            case "heading":
                file.add_heading(part.words, part.level - 1)  # level 0 is the style Title
            case "table":
                _add_table(file, part)
            case "note":
                continue
            case kind:
                style = {"item": "List Bullet", "caption": "Caption"}.get(kind)
                _add_runs(file.add_paragraph(style=style), part)
    _add_notes(file, [part for part in found if part.kind == "note"])
    written = BytesIO()
    file.save(written)
    return written.getvalue()


def _add_runs(paragraph: docx.text.paragraph.Paragraph, part: Piece) -> None:
    for run in part.runs:
        added = paragraph.add_run(run.words)
        added.bold = run.bold or None
        if run.mark:
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), run.mark)
            added._r.append(reference)


def _add_table(file: docx.document.Document, part: Piece) -> None:
    table = file.add_table(0, len(part.rows[0]), "Table Grid")
    for row in part.rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            if isinstance(words, str):
                cell.text = words
                continue
            for number, item in enumerate(words):
                paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                paragraph.text, paragraph.style = item, file.styles["List Bullet"]
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _add_notes(file: docx.document.Document, notes: Sequence[Piece]) -> None:
    """Add the part that holds footnotes, which python-docx does not write itself."""
    root = parse_xml(f"<w:footnotes {nsdecls('w')}/>")
    for part in notes:
        words = escape(part.words)
        root.append(
            parse_xml(
                f'<w:footnote {nsdecls("w")} w:id="{part.mark}"><w:p><w:r><w:footnoteRef/></w:r>'
                f'<w:r><w:t xml:space="preserve"> {words}</w:t></w:r></w:p></w:footnote>'
            )
        )
    blob = docx.oxml.xmlchemy.serialize_for_reading(root).encode()
    package = file.part.package
    file.part.relate_to(Part(PackURI("/word/footnotes.xml"), _FOOTNOTES_TYPE, blob, package), _FOOTNOTES)
