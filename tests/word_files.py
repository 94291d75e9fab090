"""Word files made by hand, part by part, for tests of what Word writes and python-docx does not."""

from __future__ import annotations

import zipfile
from io import BytesIO

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = """
<w:style w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="H2"><w:name w:val="Überschrift 2"/></w:style>
<w:style w:styleId="Own"><w:name w:val="Chapter head"/><w:basedOn w:val="berschrift1"/></w:style>
<w:style w:styleId="Deep"><w:name w:val="Deep head"/><w:pPr><w:outlineLvl w:val="3"/></w:pPr></w:style>
<w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
<w:style w:styleId="Bullets"><w:name w:val="List Bullet 2"/></w:style>
<w:style w:styleId="Numbers"><w:name w:val="Numbers"/><w:pPr><w:numPr><w:numId w:val="4"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:styleId="Striped"><w:name w:val="Striped"/><w:tblStylePr w:type="firstRow"/></w:style>
"""


def p(words: str, style: str = "", properties: str = "") -> str:
    """Return a paragraph; ``words`` are XML if they begin with ``<``."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{words if words.startswith('<') else r(words)}</w:p>"


def r(words: str, properties: str = "") -> str:
    """Return a run of characters."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def table(*rows: str, properties: str = "") -> str:
    """Return a table of rows, each cells as they are or words parted by ``|``."""
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{''.join(map(_row, rows))}</w:tbl>"


def tc(content: str, properties: str = "") -> str:
    """Return a cell of a table."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else p(content)}</w:tc>"


def _row(row: str) -> str:
    if row.startswith("<") and not row.startswith("<w:tc>"):
        return row
    return f"<w:tr>{row if row.startswith('<') else ''.join(map(tc, row.split('|')))}</w:tr>"


def word_file(body: str, styles: str = STYLES, main: str = "word/document.xml", **parts: str) -> bytes:
    """Return a Word file with a body; ``parts`` are the content of others: footnotes, endnotes, core, custom."""
    folder = main.rpartition("/")[0]
    inner = {name: parts[name] for name in ("footnotes", "endnotes") if name in parts} | {"styles": styles}
    files = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations(
            {"officeDocument": f"/{main}"}
            | ({"core-properties": "docProps/core.xml"} if "core" in parts else {})
            | ({"custom-properties": "docProps/custom.xml"} if "custom" in parts else {})
        ),
        main: f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
        f"{folder}/_rels/document.xml.rels": _relations({name: f"{name}.xml" for name in inner}),
    }
    files |= {
        f"{folder}/{name}.xml": f"<w:{name} {_NAMESPACES}>{content}</w:{name}>" for name, content in inner.items()
    }
    files |= {f"docProps/{name}.xml": parts[name] for name in ("core", "custom") if name in parts}
    return archive(files)


def archive(files: dict[str, str]) -> bytes:
    """Return a zip archive of files."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return written.getvalue()


def _relations(targets: dict[str, str]) -> str:
    each = "".join(f'<Relationship Type="{_OFFICE}/{kind}" Target="{path}"/>' for kind, path in targets.items())
    return f"<Relationships>{each}</Relationships>"
