"""How an exported Word file looks: its language, page, typeface, headings and footnotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt, RGBColor

from assistant.exports.footnotes import REFERENCE, TEXT

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.styles.style import CharacterStyle, ParagraphStyle
    from docx.text.paragraph import Paragraph

LANGUAGE = "en-GB"
_TYPEFACE = "Arial"
_INK, _MUTED = RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x50, 0x5A, 0x5F)  # 19:1 and 7:1 on white
_SIZES = {"Title": (24, 0, 6), "Heading 1": (15, 24, 4), "Subtitle": (10, 0, 12), "List Bullet": (11, 0, 4)}
"""The size of the type, and the space before and after, in points."""


def dress(file: WordDocument) -> None:
    """Give a new file its looks."""
    _set_language(file)
    _set_page(file)
    _set_typeface(file)
    for name, (size, before, after) in _SIZES.items():
        _set_style(file.styles[name], size, before, after)
    _add_footnote_styles(file)
    _number_pages(file.sections[0].footer.paragraphs[0])


def _set_language(file: WordDocument) -> None:
    for language in file.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    for language in file.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), LANGUAGE)
    for setting in file.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # as Word has written since 2013, or it opens in its compatibility mode


def _set_page(file: WordDocument) -> None:
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(25)


def _set_typeface(file: WordDocument) -> None:
    normal = file.styles["Normal"]
    _set_style(normal, 11, 0, 8)
    for fonts in [*file.styles.element.iter(qn("w:rFonts"))]:
        for attribute in [*fonts.attrib]:
            del fonts.attrib[attribute]
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), _TYPEFACE)


def _set_style(style: ParagraphStyle, size: int, before: int, after: int) -> None:
    heading = style.name in ("Title", "Heading 1")
    style.font.size, style.font.italic, style.font.bold = Pt(size), False, heading
    style.font.color.rgb = _MUTED if style.name == "Subtitle" else _INK
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.keep_with_next = heading
    for unwanted in (*style.element.iter(qn("w:pBdr")), *style.element.iter(qn("w:contextualSpacing"))):
        unwanted.getparent().remove(unwanted)
    properties = style.element.rPr
    for unwanted in (*properties.findall(qn("w:spacing")), *properties.findall(qn("w:szCs"))):
        properties.remove(unwanted)


def _add_footnote_styles(file: WordDocument) -> None:
    text: ParagraphStyle = file.styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    text.element.set(qn("w:styleId"), TEXT)
    text.base_style = file.styles["Normal"]
    text.font.size = Pt(9)
    text.paragraph_format.space_after = Pt(4)
    number: CharacterStyle = file.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    number.element.set(qn("w:styleId"), REFERENCE)
    number.base_style = file.styles["Default Paragraph Font"]
    number.font.superscript = True


def _number_pages(paragraph: Paragraph) -> None:
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )
    paragraph.style = "Footer"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
