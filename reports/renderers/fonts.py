"""Fonts: IBM Plex Sans Arabic from its package, whole for charts, subset to the alphabets of a language for pages.

Belongs here: where the font files are, which letters they have, how wide a text is, and the subset embedded in a page.
Does not belong here: which text is typeset (`site.py`) or drawn (`charts.py`).
"""

from __future__ import annotations

import base64
import io
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from languages.digits import ARABIC
from reports.renderers import kept_drawings

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

FAMILY = "IBM Plex Sans Arabic"
WEIGHTS = {400: "Regular", 600: "SemiBold"}
# No font draws joining controls, isolates and the letter mark; browsers handle them without a glyph.
INVISIBLE = frozenset("\n\t\u061c\u200b\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069")
# As HarfBuzz shapes them in this font, place names take 0.6 to 0.9 of the width of their isolated letters.
_LATIN = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("–—…·±«»−“”‘’؛" + ARABIC + "٪٫٬")
_ARABIC_LETTERS = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْ" + "پچڕژڤکگڵھەۆێی" + "،؛؟")  # of Arabic and Sorani
_MOST_IN_NAMES = 20  # distinct letters: the names of our languages in their own script have fewer
_ARABIC, _JOINED = frozenset(map(chr, range(0x0620, 0x06D6))) - frozenset(ARABIC + "٪٫٬"), 0.85


def folder() -> Path:
    """Return the folder of the static font files in the installed package."""
    return Path(str(resources.files("fontpkg_ibm_plex_sans_arabic"))) / "files"


def letters(weight: int = 400) -> frozenset[str]:
    """Return every character for which the font of a weight has a glyph."""
    return frozenset(chr(code) for code in (_font(weight).getBestCmap() or {}))


def lacking_letters(text: str) -> frozenset[str]:
    """Return the characters of `text` that a reader would see as boxes."""
    return frozenset(text) - letters() - INVISIBLE


def embed_font(text: str, weight: int) -> str:
    """Return a data URI of the font, subset to the characters of `text`, as WOFF2; the same text gives the same bytes.

    Subsetting takes a third of a second, so the subset has whole alphabets: forms and languages of a report share it.
    """
    characters = "".join(sorted(_with_alphabets(set(text))))
    cut = kept_drawings.draw_unless_kept(["font", characters, weight], lambda: _cut_font(characters, weight))
    return "data:font/woff2;base64," + base64.b64encode(cut).decode("ascii")


def font_face(text: str, weight: int) -> str:
    """Return the CSS rule that embeds a weight of the font, subset to the characters of `text`."""
    source = f'url({embed_font(text, weight)}) format("woff2")'
    return f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};src:{source}}}'


def width(text: str, size: float) -> float:
    """Return the approximate width of a text at a letter size; Arabic letters are narrower joined than isolated."""
    advances, glyphs, per_em = _advances()
    letter_widths = (
        advances[glyphs.get(ord(letter), ".notdef")][0] * (_JOINED if letter in _ARABIC else 1) for letter in text
    )
    return sum(letter_widths) * size / per_em


class _Advances(NamedTuple):
    """The widths of the font's glyphs: width and side bearing by glyph, glyph by letter, and the units of an em."""

    widths: dict[str, tuple[int, int]]
    glyphs: dict[int, str]
    per_em: int


@cache
def _advances() -> _Advances:
    font = _font(400)
    metrics, per_em = font["hmtx"].metrics, font["head"].unitsPerEm  # pyright: ignore[reportAttributeAccessIssue]
    return _Advances(dict(metrics), font.getBestCmap() or {}, int(per_em))


def _with_alphabets(characters: set[str]) -> frozenset[str]:
    """Return characters with every letter of each script in which they are written; a few letters are only a name."""
    of_scripts = (
        _LATIN,
        *([_ARABIC_LETTERS] if len(characters.intersection(_ARABIC_LETTERS)) > _MOST_IN_NAMES else []),
    )
    return frozenset(characters).union(*of_scripts) - INVISIBLE


@cache
def _cut_font(characters: str, weight: int) -> bytes:
    from fontTools.subset import Options, Subsetter  # takes a third of a second, only needed here

    options = Options()
    options.layout_features = ["*"]  # Arabic joining forms, ligatures and mark positions are features
    options.notdef_outline = True
    options.drop_tables = [*options.drop_tables, "meta"]  # names of scripts and languages, not needed in a page
    font = _font(weight)
    subsetter = Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    font.flavor = "woff2"
    sink = io.BytesIO()
    font.save(sink)
    return sink.getvalue()


def _font(weight: int) -> TTFont:
    from fontTools.ttLib import TTFont

    path = folder() / f"IBMPlexSansArabic-{WEIGHTS[weight]}.ttf"
    return TTFont(path, recalcTimestamp=False)  # a new time stamp would be new bytes
