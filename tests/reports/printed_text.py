"""What a reader of a PDF can copy out of it, for tests: letters by the fonts' own tables, without a program beside."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

import pikepdf
from pikepdf import Name

_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")


def letters(document: bytes) -> str:
    """Return all letters of all pages in their order of drawing, without white space and characters of direction.

    From right to left a line comes in the order in which it is drawn; drawings count as well.
    """
    with pikepdf.open(io.BytesIO(document)) as pdf:
        text = "".join(part for page in pdf.pages for part in _drawn(page.obj, page.obj.Resources))
    return re.sub(r"[\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", text)


def glyphs(document: bytes) -> Iterator[int]:
    """Yield the number of every glyph that pages draw; 0 is the box of a letter that the font does not have."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        for page in pdf.pages:
            for _, codes in _shown(page.obj, page.obj.Resources):
                yield from codes


def placed(document: bytes) -> Iterator[Iterator[tuple[float, str]]]:
    """Yield the texts of each page in their order of drawing, each with its height on the page."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        for page in pdf.pages:
            yield _heights(page.obj)


class ShownFont(NamedTuple):
    """A font of a document: the codes that pages show, what they stand for, how wide they are, and its program."""

    codes: set[int]
    texts: dict[int, str]
    widths: dict[int, float]
    program: bytes


def fonts(document: bytes) -> Iterator[ShownFont]:
    """Yield every font of a document whose entries of width are those of one list."""
    shown: dict[tuple[int, int], set[int]] = {}
    with pikepdf.open(io.BytesIO(document)) as pdf:
        for page in pdf.pages:
            for font, codes in _shown(page.obj, page.obj.Resources):
                shown.setdefault(font.objgen, set()).update(codes)
        for number, codes in shown.items():
            font = pdf.get_object(number)
            inside = font.DescendantFonts[0]
            first, widths = inside.W
            program = inside.FontDescriptor.FontFile2.read_bytes()
            yield ShownFont(codes, _table(font), dict(enumerate(map(float, widths), int(first))), program)


def _heights(page: pikepdf.Object) -> Iterator[tuple[float, str]]:
    tables: dict[str, dict[int, str]] = {}
    matrix, kept, line, font = pikepdf.Matrix(), list[pikepdf.Matrix](), pikepdf.Matrix(), pikepdf.Dictionary()
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "q":
                kept.append(matrix)
            case "Q":
                matrix = kept.pop()
            case "cm":
                matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
            case "Tm":
                line = pikepdf.Matrix(*map(float, operands))
            case "Tf":
                font = page.Resources.Font[str(operands[0])]
            case "Tj" | "TJ":
                table = tables.setdefault(str(font.objgen), _table(font))
                yield (line @ matrix).f, "".join(table.get(code, "\ufffd") for code in _codes(operands[0]))
            case _:
                pass


def _codes(shown: pikepdf.Object) -> Iterator[int]:
    for part in shown if isinstance(shown, pikepdf.Array) else [shown]:
        if isinstance(part, pikepdf.String):
            text = bytes(part)
            yield from (int.from_bytes(text[place : place + 2], "big") for place in range(0, len(text), 2))


def _drawn(holder: pikepdf.Object, resources: pikepdf.Object) -> Iterator[str]:
    known: dict[str, dict[int, str]] = {}
    for font, codes in _shown(holder, resources):
        name = str(font.objgen)
        known.setdefault(name, _table(font))
        yield "".join(known[name].get(code, "\ufffd") for code in codes)


def _shown(holder: pikepdf.Object, resources: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, list[int]]]:
    font: pikepdf.Object = pikepdf.Dictionary()
    for operands, operator in pikepdf.parse_content_stream(holder):
        if str(operator) == "Tf":
            font = resources.Font[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            yield font, list(_codes(operands[0]))
        elif str(operator) == "Do":
            form = resources.XObject[str(operands[0])]
            if form.get("/Subtype") == Name.Form:
                yield from _shown(form, form.get("/Resources", resources))


def _table(font: pikepdf.Object) -> dict[int, str]:
    text = font.ToUnicode.read_bytes()
    found: dict[int, str] = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", text, re.S):
        found |= {int(code, 16): _said(to) for code, to in _PAIR.findall(part)}
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, to, each in _RANGE.findall(part):
            codes = range(int(first, 16), int(last, 16) + 1)
            if to:
                found |= {code: chr(int(to, 16) + step) for step, code in enumerate(codes)}
            else:
                found |= dict(zip(codes, map(_said, re.findall(rb"<([0-9A-Fa-f]+)>", each)), strict=True))
    return found


def _said(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be")
