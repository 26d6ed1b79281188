"""What a workbook's styles hide or state: formats that show nothing, unreadable letters, texts in formats.

Belongs here: the part `xl/styles.xml`. A number format has up to four sections (positive, negative, zero, text), and
an empty one shows nothing (ECMA-376 part 1, 18.8.31).
Does not belong here: which cells have such a style (`sheet_scan.py`), what is personal (`personal_data.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.files.noncell_text import NonCellText, local_name, parse
from ingestion.files.safe_zip import Archive

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PART = "xl/styles.xml"
_SECTION = re.compile(r"""(?:"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|[^;"\\])*""", re.DOTALL)
_SHOWS_NOTHING = re.compile(r"""\s|""|\[[^\]]*\]|[_*].|\\\s|"\s*\"""")
_LITERAL = re.compile(r'"([^"]*)"')
_WHITE_THEME = "0"  # the first theme colour is the paper
_SMALLEST_LETTERS = 3  # points; smaller letters look like a line
_NAMED = ("cellStyle", "tableStyle", "slicerStyle")


@dataclass(frozen=True)
class Styles:
    """Numbers of the styles that make content invisible.

    Args:
        blank_numbers: styles whose format shows nothing of a number above zero.
        blank_texts: styles whose format shows nothing of a text.
        unreadable: styles of white letters on white, or of letters under 3 points.
    """

    blank_numbers: frozenset[int] = frozenset()
    blank_texts: frozenset[int] = frozenset()
    unreadable: frozenset[int] = frozenset()

    @property
    def hiding(self) -> frozenset[int]:
        """All of them; an ordinary workbook has none, so its cells need not be searched."""
        return self.blank_numbers | self.blank_texts | self.unreadable


def read_styles(archive: Archive) -> tuple[Styles, list[NonCellText]]:
    """Return the styles that hide content, and the texts in formats and in style names.

    Raises:
        Stop: as `noncell_text.parse`.
    """
    if _PART not in archive.names:
        return Styles(), []
    root = parse(archive, _PART)
    formats = {
        element.get("numFmtId", ""): element.get("formatCode", "")
        for element in root.iter()
        if local_name(element) == "numFmt"
    }
    fonts, fills = _children(root, "fonts"), _children(root, "fills")
    is_unread = [_is_small(font) or _is_white(font, "color") for font in fonts]
    is_paper = [_is_paper(fill) for fill in fills]
    numbers: set[int] = set()
    texts: set[int] = set()
    unreadable: set[int] = set()
    for number, style in enumerate(_children(root, "cellXfs")):
        sections = _sections(formats.get(style.get("numFmtId", ""), ""))
        if len(sections) > 1 and _is_blank(sections[0]):
            numbers.add(number)
        if len(sections) > 3 and _is_blank(sections[3]):
            texts.add(number)
        font, fill = _number(style, "fontId"), _number(style, "fillId")
        if font < len(fonts) and is_unread[font] and (_is_small(fonts[font]) or fill >= len(fills) or is_paper[fill]):
            unreadable.add(number)
    literals = [
        text for code in formats.values() for text in (*_LITERAL.findall(code), "".join(_LITERAL.findall(code)))
    ]
    literals += [element.get("name", "") for element in root.iter() if local_name(element) in _NAMED]
    styles = Styles(frozenset(numbers), frozenset(texts), frozenset(unreadable))
    return styles, [NonCellText("text", text) for text in dict.fromkeys(literals) if text.strip()]


def _children(root: Element, name: str) -> list[Element]:
    return [child for group in root if local_name(group) == name for child in group]


def _sections(code: str) -> list[str]:
    """Return the sections of a number format; a semicolon inside quotation marks separates nothing."""
    sections: list[str] = []
    place = 0
    while code and place <= len(code):
        match = _SECTION.match(code, place)
        end = match.end() if match else len(code)
        sections.append(code[place:end])
        place = end + 1
    return sections


def _is_blank(section: str) -> bool:
    return not _SHOWS_NOTHING.sub("", section)


def _number(style: Element, name: str) -> int:
    value = style.get(name, "0")
    return int(value) if value.strip().isdigit() else 0


def _is_small(font: Element) -> bool:
    size = next((child.get("val", "") for child in font if local_name(child) == "sz"), "")
    return re.fullmatch(r"[0-9]+(\.[0-9]+)?", size) is not None and float(size) < _SMALLEST_LETTERS


def _is_white(element: Element, name: str) -> bool:
    colour = next((child for child in element if local_name(child) == name), None)
    if colour is None:
        return False
    shown = colour.get("rgb", "").upper()[-6:] == "FFFFFF" or colour.get("indexed") in ("1", "9")
    return shown or (colour.get("theme") == _WHITE_THEME and colour.get("tint", "0") in ("0", "0.0"))


def _is_paper(fill: Element) -> bool:
    pattern = next((child for child in fill if local_name(child) == "patternFill"), None)
    if pattern is None:
        return False  # a gradient
    kind = pattern.get("patternType", "none")
    return kind == "none" or (kind == "solid" and _is_white(pattern, "fgColor"))
