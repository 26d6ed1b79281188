"""Readable text: each letter of a printed page can be searched, copied and read aloud, in its place in the word.

Belongs here: which characters the glyphs of a finished PDF stand for.
Does not belong here: how a page looks, which does not change, or its tags (`tagging.py`).

Arabic script has glyphs that stand for several letters, and marks that hang over a letter. Typst lists all letters of
such a glyph in reading order. Programs reverse the glyphs of a line but not the letters of a glyph, so that they find
«في» as «يف», and a mark as a line of its own. Therefore each glyph gets one character here. The further letters of a
ligature are assigned to blanks of zero width, a mark is drawn as a shape and its character is assigned to such a blank,
and direction characters, which are invisible, are left out.
In a document from right to left PDFium reverses Latin letters and the digits beside them part by part: `4Ps` becomes
«Ps4». So the parts of such a run are written in reverse, each in its place on the page.
PDF 1.7 (ISO 32000-1): 9.7.4.2 CIDToGIDMap, 9.10.3 ToUnicode CMaps, 14.9.4 ActualText.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import groupby
from typing import Any, NamedTuple, cast

import pikepdf
from fontTools.pens.basePen import BasePen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from pikepdf import Array, Object

from languages.marked_identifiers import MARKED
from reports.renderers.fonts import INVISIBLE

MARK = "\u200f"  # right-to-left mark
_SIGN = rb"[^\\()]|\\."
_NESTED = 8
"""Maximum nesting of brackets in a string: each is half a code of a letter, and few words have two of them."""
# PDF 1.7, 7.3.4.2: balanced brackets in a string need not be escaped.
_LITERAL = reduce(lambda inner, _: rb"\((?:%s|%s)*\)" % (_SIGN, inner), range(_NESTED), rb"\((?:%s)*\)" % _SIGN)
_STRING = _LITERAL + rb"|<[0-9A-Fa-f]*>"
_NUMBER = rb"-?[\d.]+"
_OPERATION = re.compile(
    rb"/Span<</ActualText(?P<told>" + _STRING + rb")>>BDC"
    rb"|/(?P<font>\w+) (?P<size>[\d.]+) Tf 1 0 0 -1 (?P<x>" + _NUMBER + rb") (?P<y>" + _NUMBER + rb") Tm"
    rb"|(?P<shown>(?:" + _STRING + rb")Tj|\[(?:" + _STRING + rb"|[^\]()<])*\]TJ)"
    rb"|(?P<begins>B[DM]C)|(?P<ends>EMC)",
    re.DOTALL,
)
_RUN = re.compile(rb"BT 0 Tr/(?:" + _STRING + rb"|[^()<])*?\bET\b", re.DOTALL)
"""A text of Typst's from left to right: the one from right to left begins with marked content."""
_PART = re.compile(rb"(?P<string>" + _STRING + rb")|(?P<number>" + _NUMBER + rb")", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_MAPPED = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
_MOST_OF_A_BLOCK = 100  # lines of a CMap
_PART_OF_A_LETTER = "\u200d"
_UNSEEN = INVISIBLE - {MARK} | set("\u202a\u202b\u202c\u2060")  # the last four Typst writes of its own accord
_HAIR = 0.1  # thousandths of a font size
_SPACE = 90  # thousandths of a font size between two letters: some programs read such a gap as a space
_DIGITS, _SIGNS = "\u0660-\u0669", ".,:;\u060c\u061b/\u2013"
_AFTER = re.compile(
    f"(?:[{_DIGITS}\u064b-\u0652\u066a]|(?<=[{_DIGITS}])%)\u2069*"  # a percent sign after Latin digits is English
    f"(?=[-{_SIGNS}\u061f!\u066a%)\\]\xbb])(?![.,:/][{_DIGITS}])"
)
_BETWEEN = re.compile(rf"[{_DIGITS}]\u2069*(?=(?: [(\[\xab]?|[(\[\xab])[\u2066-\u2068]*[{_DIGITS}])")
_BEFORE_BRACKET = re.compile(f"[\u0600-\u06ff]\u2069*{MARK}?[.:\u060c\u061b]\u2069*(?= [\u2066-\u2068]*[(\\[\xab])")
_BEFORE = re.compile(f"(?<![{_DIGITS}])[-{_SIGNS}]\u2069*(?= ?[\u2066-\u2068]*[{_DIGITS}])")
_LATIN_IN_BRACKETS = re.compile(r"(?<=[\u0600-\u06ff] \()[0-9A-Za-z]*[A-Za-z](?=\))")
_UNPRINTED = ("alternative", "title_plain", "publisher_plain")  # read aloud, or document properties


def set_off(content: Any) -> Any:  # noqa: ANN401 - any part of a JSON document
    """Return printed texts with an invisible direction mark between Arabic numbers and the signs beside them.

    Programs take a full stop or a percent sign beside such a number as part of it, and reverse both.
    """
    match content:
        case str():
            content = MARKED.sub(rf"{MARK}\g<0>{MARK}", content)
            for place in (_AFTER, _BEFORE, _BETWEEN, _BEFORE_BRACKET, _LATIN_IN_BRACKETS):
                content = place.sub(r"\g<0>" + MARK, content)
            return content
        case list():
            return [set_off(part) for part in cast("list[Any]", content)]
        case dict():
            parts = cast("dict[str, Any]", content).items()
            return {key: part if key in _UNPRINTED else set_off(part) for key, part in parts}
        case _:
            return content


def make_readable(pdf: pikepdf.Pdf, *, is_right_to_left: bool) -> None:
    """Give each glyph of right-to-left text in an open document one character; it looks as before.

    Args:
        pdf: as Typst made it.
        is_right_to_left: whether its pages are.
    """
    fonts: dict[tuple[int, int], _Font] = {}
    for page in pdf.pages:
        named = page.obj.Resources.get("/Font", pikepdf.Dictionary()).items()
        chosen = {name[1:].encode(): fonts.get(font.objgen) or _Font(font) for name, font in named}
        fonts |= {font.font.objgen: font for font in chosen.values()}
        if any(font.is_from_right for font in chosen.values()):
            text = _PageText(chosen)
            content = _OPERATION.sub(text.rewrite_operation, page.obj.Contents.read_bytes())
            page.obj.Contents = pdf.make_stream(_RUN.sub(text.turn_run, content) if is_right_to_left else content)
    for font in fonts.values():
        if font.is_from_right:
            font.write(pdf)


class _Piece(NamedTuple):
    """A glyph that Typst wrote, by its code, and its offset to the right, in thousandths of a font size."""

    code: int
    right: float = 0.0


_Drawn = tuple[_Piece, ...]
"""What one glyph draws: a glyph of Typst's, several on top of each other (a letter and its mark), or nothing."""


class _Font:
    """A font of the document: the meaning of its codes, and the glyphs added for further characters."""

    def __init__(self, font: Object) -> None:
        self.font = font
        (self.descendant,) = font.DescendantFonts
        self.outlines = TTFont(io.BytesIO(self.descendant.FontDescriptor.FontFile2.read_bytes()), recalcTimestamp=False)
        self.per_em = int(self.outlines["head"].unitsPerEm)  # pyright: ignore[reportAttributeAccessIssue]
        self.glyphs: list[_Drawn] = [(_Piece(code),) for code in range(self.outlines["maxp"].numGlyphs)]
        self.widths = dict.fromkeys(range(len(self.glyphs)), 0.0) | dict(_widths(self.descendant.W))
        mapped = _MAPPED.findall(font.ToUnicode.read_bytes().partition(b"beginbfchar")[2])
        self.texts = {
            int(code, 16): _visible_text(bytes.fromhex(text.decode()).decode("utf-16-be")) for code, text in mapped
        }
        self.is_from_right = any(map(_is_from_right, self.texts.values()))
        self.plain = {code for code, text in self.texts.items() if len(text) == 1 and self.widths[code]}
        self.said = {code: text[: 1 if _is_from_right(text) else None] for code, text in self.texts.items()}
        self.codes: dict[tuple[_Drawn, str, float], int] = {
            ((_Piece(code),), text, self.widths[code]): code for code, text in self.said.items()
        }
        self.blank = next((code for code, text in self.texts.items() if text == " "), None)
        self.spellings: dict[tuple[bytes, str | None], bytes | None] = {}

    def name(self, code: int) -> str:
        """Return the name of the glyph that Typst wrote, by its code."""
        return self.outlines.getGlyphName(code)

    def _code(self, drawn: _Drawn, text: str, width: float) -> int:
        """Return the code that draws a glyph, stands for a text and has a width."""
        if (drawn, text, width) not in self.codes:
            self.codes[drawn, text, width] = added = len(self.glyphs)
            self.glyphs.append(drawn)
            self.said[added], self.widths[added] = text, width
        return self.codes[drawn, text, width]

    def spelling(self, operation: bytes, actual_text: str | None) -> bytes | None:
        """Return an operation that shows the same with one character for each glyph; None for marks alone.

        Args:
            operation: that shows glyphs.
            actual_text: the text that Typst gives for it as a whole, if it does.
        """
        if (operation, actual_text) not in self.spellings:
            self.spellings[operation, actual_text] = self._spelling(operation, actual_text)
        return self.spellings[operation, actual_text]

    def _spelling(self, operation: bytes, actual_text: str | None) -> bytes | None:
        parts = [*_parts(operation)]
        codes = [part for part in parts if isinstance(part, int)]
        is_gap = [isinstance(part, float) and part <= -_SPACE for part in parts]
        if actual_text is None and self.plain.issuperset(codes) and not any(is_gap):
            return operation
        if not any(self.widths[code] for code in codes):
            return None
        spelled: list[int | float] = []
        if actual_text is not None:
            spelled += self._spell_glyphs(*self._overlay_glyphs(parts), actual_text)
        for part, is_wide in zip(parts, is_gap, strict=True) if actual_text is None else ():
            if isinstance(part, int):
                spelled += self._spell_glyphs((_Piece(part),), self.widths[part], self.texts.get(part, ""))
            elif is_wide and spelled and isinstance(last := spelled[-1], int):
                spelled[-1] = self._code(self.glyphs[last], self.said[last], self.widths[last] - part)
            else:
                spelled.append(part)
        return b"[%s]TJ" % b"".join(_write_part(part) for part in spelled)

    def reverse_parts(self, placed: Iterable[_Piece]) -> tuple[float, bytes] | None:
        """Return how far to the right the last part of a run begins, and an operation that shows all from there back.

        Args:
            placed: the glyphs of a run in their places, each with one character.

        Returns:
            None for a run of a single part, and one that is not from left to right.
        """
        by_kind = groupby(placed, lambda piece: _kind(self.said.get(piece.code, "")))
        parts = [(kind, list(pieces)) for kind, pieces in by_kind]
        kinds = {kind for kind, _ in parts}
        if len(parts) < 2 or "letters" not in kinds or "right" in kinds:
            return None
        first = place = parts[-1][1][0].right
        written: list[int | float] = []
        for _, pieces in reversed(parts):
            for piece in pieces:
                if abs(piece.right - place) > _HAIR:
                    written.append(place - piece.right)
                written.append(piece.code)
                place = piece.right + self.widths[piece.code]
        return first, b"[%s]TJ" % b"".join(_write_part(part) for part in written)

    def _overlay_glyphs(self, parts: Iterable[int | float]) -> tuple[_Drawn, float]:
        """Return the glyphs of an operation on top of each other, and their total width."""
        pieces: list[_Piece] = []
        right = 0.0
        for part in parts:
            if isinstance(part, int):
                pieces.append(_Piece(part, right))
                right += self.widths[part]
            else:
                right -= part
        return tuple(pieces), right

    def _spell_glyphs(self, drawn: _Drawn, width: float, text: str) -> Iterator[int | float]:
        """Yield codes, each of one character, that draw something together and share its width."""
        if text in ("", MARK) and all(piece.code == self.blank for piece in drawn):
            yield from ([self._code((), MARK, 0.0)] if text else [])
            yield -width
        elif len(text) > 1 and _is_from_right(text):
            share = round(width / len(text))
            yield from (self._code((), character, share) for character in reversed(text[1:]))
            left = share * (len(text) - 1)
            moved = tuple(_Piece(piece.code, piece.right - left) for piece in drawn)
            yield self._code(moved, text[0], width - left)
        else:
            yield self._code(drawn, text or _PART_OF_A_LETTER, width)

    def write(self, pdf: pikepdf.Pdf) -> None:
        """Write the font into the document with its additional glyphs, their widths and what they stand for."""
        font, descriptor = self.outlines, self.descendant.FontDescriptor
        outlines, metrics, names = font["glyf"], font["hmtx"], font.getGlyphOrder()
        in_an_em = self.per_em / 1000
        for code, drawn in [*enumerate(self.glyphs)][len(names) :]:
            pen = TTGlyphPen(cast(Any, outlines))
            for piece in drawn:
                pen.addComponent(names[piece.code], (1, 0, 0, 1, round(piece.right * in_an_em), 0))
            outlines[f"added{code}"] = added = pen.glyph()
            added.recalcBounds(outlines)
            metrics[f"added{code}"] = (round(self.widths[code] * in_an_em), getattr(added, "xMin", 0))
        written = io.BytesIO()
        font.save(written, reorderTables=None)
        descriptor.FontFile2 = pdf.make_stream(written.getvalue(), Length1=len(written.getvalue()))
        del descriptor["/CIDSet"]  # not required, and would have to list the added glyphs
        self.descendant.W = Array([0, Array([self.widths[code] for code in range(len(self.glyphs))])])
        entries = (
            (code, text.encode("utf-16-be").hex().upper().encode()) for code, text in sorted(self.said.items()) if text
        )
        lines = [b"<%04X> <%s>\n" % line for line in entries]
        blocks = (lines[place : place + _MOST_OF_A_BLOCK] for place in range(0, len(lines), _MOST_OF_A_BLOCK))
        mapping = b"".join(b"%d beginbfchar\n%sendbfchar\n" % (len(block), b"".join(block)) for block in blocks)
        head, tail = re.split(rb"\d+ beginbfchar.*endbfchar\n", self.font.ToUnicode.read_bytes(), flags=re.DOTALL)
        self.font.ToUnicode = pdf.make_stream(head + mapping + tail)


class _PageText:
    """The text of a page while its operations are processed."""

    def __init__(self, fonts: dict[bytes, _Font]) -> None:
        self.fonts = fonts
        self.font = next(iter(fonts.values()))
        self.size = self.x = self.y = 0.0
        self.told: str | None = None
        self.is_dropped: list[bool] = []

    def rewrite_operation(self, operation_match: re.Match[bytes]) -> bytes:
        """Return the replacement of an operation."""
        match operation_match.lastgroup:
            case "told":
                written = _string(operation_match["told"])
                self.told = _visible_text(written.decode("utf-16" if written.startswith(b"\xfe\xff") else "ascii"))
                self.is_dropped.append(True)
                return b""
            case "begins":
                self.is_dropped.append(False)
            case "ends":
                return b"" if self.is_dropped.pop() else operation_match[0]
            case "shown":
                return self._show_operation(operation_match[0])
            case _:
                self.font = self.fonts[operation_match["font"]]
                self.size, self.x, self.y = (float(operation_match[name]) for name in ("size", "x", "y"))
        return operation_match[0]

    def _show_operation(self, operation: bytes) -> bytes:
        actual_text, self.told = self.told, None
        spelled = self.font.spelling(operation, actual_text)
        return b"\nET\n" + self._shape(operation) + b"BT" if spelled is None else spelled

    def turn_run(self, run: re.Match[bytes]) -> bytes:
        """Return a left-to-right run with its parts in reverse, each drawn in its place; any other text as it is."""
        placed: list[_Piece] = []
        begun: tuple[bytes, bytes, bytes] | None = None
        start = right = 0.0
        for operation in _OPERATION.finditer(run[0]):
            match operation.lastgroup:
                case "y":
                    line = (operation["font"], operation["size"], operation["y"])
                    if begun not in (None, line):
                        return run[0]
                    start = start if begun else float(operation["x"])
                    begun, right = line, (float(operation["x"]) - start) * 1000 / float(line[1])
                case "shown" if begun:
                    for part in _parts(operation[0]):
                        if isinstance(part, int):
                            placed.append(_Piece(part, right))
                        right += self.fonts[begun[0]].widths[part] if isinstance(part, int) else -part
                case _:
                    return run[0]
        written = self.fonts[begun[0]].reverse_parts(placed) if begun else None
        if begun is None or written is None:
            return run[0]
        (font, size, y), (first, shown) = begun, written
        x = start + first * float(size) / 1000
        return b"BT 0 Tr/%s %s Tf 1 0 0 -1 %.6f %s Tm%s\nET" % (font, size, x, y, shown)

    def _shape(self, operation: bytes) -> bytes:
        """Return marks as shapes: in a text object of their own they would be read as a separate line."""
        scale = self.size / self.font.per_em
        drawn, x = b"", self.x
        for part in _parts(operation):
            if isinstance(part, int):
                glyphs = self.font.outlines.getGlyphSet()
                pen = _Pen(glyphs)
                glyphs[self.font.name(part)].draw(pen)
                drawn += b"q %.6f 0 0 %.6f %.6f %.6f cm\n%sf\nQ\n" % (scale, -scale, x, self.y, b"".join(pen.drawn))
            else:
                x -= part * self.size / 1000
        return drawn


class _Pen(BasePen):
    """Writes an outline as operations of a page."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.drawn: list[bytes] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - as the pen of fontTools has it
        self.drawn.append(b"%g %g m\n" % pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.drawn.append(b"%g %g l\n" % pt)

    def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:  # noqa: N802
        self.drawn.append(b"%g %g %g %g %g %g c\n" % (*pt1, *pt2, *pt3))

    def _closePath(self) -> None:  # noqa: N802
        self.drawn.append(b"h\n")


def _visible_text(text: str) -> str:
    """Return a text without invisible characters, except those of `set_off`."""
    return "".join(character for character in text if character not in _UNSEEN)


def _is_from_right(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def _kind(text: str) -> str:
    """Return which part of a run a character belongs to, as PDFium divides it."""
    match unicodedata.bidirectional(text[0]) if text else "BN":
        case "L":
            return "letters"
        case "R" | "AL":
            return "right"
        case "EN" | "AN" | "NSM" | "CS" | "ES" | "ET" | "BN":
            return "numbers"
        case _:
            return "signs"


def _widths(array: Object) -> Iterator[tuple[int, float]]:
    """Yield code and width of each entry of a font: Typst writes a first code, a last one, and the width of all."""
    for place in range(0, len(array), 3):
        first, last, width = array[place : place + 3]
        yield from ((code, float(width)) for code in range(int(first), int(last) + 1))


def _parts(operation: bytes) -> Iterator[int | float]:
    """Yield what an operation shows: codes, and numbers by which the next one moves back."""
    for match in _PART.finditer(operation):
        if match["number"]:
            yield float(match["number"])
            continue
        codes = _string(match["string"])
        yield from (int.from_bytes(codes[place : place + 2], "big") for place in range(0, len(codes), 2))


def _string(written: bytes) -> bytes:
    """Return the bytes of a string of a page."""
    is_hexadecimal = written.startswith(b"<")
    return bytes.fromhex(written[1:-1].decode()) if is_hexadecimal else _ESCAPED.sub(_unescape, written[1:-1])


def _unescape(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    return bytes([int(escaped, 8)]) if escaped.isdigit() else _CONTROLS.get(escaped, escaped)


def _write_part(part: float) -> bytes:
    return b"<%04X>" % part if isinstance(part, int) else b"%g" % part
