"""Spoilt words: other words for a code, words that no list has, and the same word in other letters.

Belongs here: cells that name codes, and letters. Does not belong here: dates, numbers. Every function returns what is
typed instead and the raw value it lands with where it differs, or None for a cell that it does not touch.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from samples.layouts import SheetColumn
from samples.life.chance import RandomStream
from samples.life.spelling import Cell, Language, words_of

Spoilt = tuple[Cell, Mapping[str, object]]
_LANGUAGES: tuple[Language, ...] = ("ar", "ckb", "en")
_COURT = "رئاسة محكمة استئناف "
_CAPITALS = {
    "IQG01": "الرمادي", "IQG03": "السماوة", "IQG05": "الديوانية", "IQG07": "الحلة", "IQG10": "بعقوبة",
    "IQG14": "العمارة", "IQG15": "الموصل", "IQG16": "تكريت", "IQG17": "الناصرية", "IQG18": "الكوت",
}  # fmt: skip
# The older humanitarian codes, of which some name another governorate than the codes in use do.
_OTHER_P_CODES = {
    "IQG01": "G01", "IQG02": "G02", "IQG03": "G03", "IQG04": "G17", "IQG05": "G04", "IQG06": "G05", "IQG07": "G06",
    "IQG08": "G07", "IQG09": "G08", "IQG10": "G10", "IQG11": "G11", "IQG12": "G12", "IQG13": "G13", "IQG14": "G14",
    "IQG15": "G15", "IQG16": "G18", "IQG17": "G09", "IQG18": "G16",
}  # fmt: skip
_IN_HASTE = {
    "IQG01": ("انبار", "الانبار - الرمادي"), "IQG02": ("بصرة", "م/البصرة"), "IQG03": ("مثنى", "المثنى (السماوة)"),
    "IQG04": ("نجف",), "IQG05": ("ديوانية", "القادسية/الديوانية"), "IQG06": ("سليمانية", "Sulaimaniya"),
    "IQG08": ("مدينة بغداد", "Bagdad"), "IQG10": ("ديالا",), "IQG11": ("Irbil", "Hewlêr"), "IQG15": ("نينوى - الموصل",),
    "IQG16": ("صلاحالدين", "Salah ad Din"), "IQG17": ("ذيقار", "DhiQar"), "IQG18": ("Wāsiţ", "واسط الكوت"),
}  # fmt: skip
_OTHER_NATIONALITIES = {
    "أفغانية": "AFG", "افغاني الجنسية": "AFG", "Afghan": "AFG", "لبنانية": "LBN", "لبنان": "LBN", "أردني": "JOR",
    "نيجيرية": "NGA", "سودانية": "SDN", "ئەفغانی": "AFG", "Moroccan": "MAR", "كاميرونية": "CMR",
}  # fmt: skip
_BAGHDAD = ("الكرخ", "الرصافة", "بغداد الكرخ", "استئناف بغداد الرصافة")
_MORE_FORMS = {"BEGGING": "تسول", "FORCED_LABOUR": "عمل قسري", "SEXUAL": "استغلال جنسي"}
_MORE_FORMS_IN_ENGLISH = {"BEGGING": "begging", "FORCED_LABOUR": "forced labour", "SEXUAL": "sexual exploitation"}
_EXCHANGED = (("أ", "ا"), ("إ", "ا"), ("ة", "ه"), ("ى", "ي"), ("ي", "ی"), ("ك", "ک"), ("ا", "أ"))
_TATWEEL, _RIGHT_MARK, _HARD_SPACE, _NON_JOINER = "\u0640", "\u200f", "\u00a0", "\u200c"
_ARABIC_PAIR = re.compile("([\u0628\u062a-\u062e\u0633-\u063a\u0641-\u0647\u064a])([\u0627-\u064a])")


@cache
def _code_of_word(code_list: str) -> Mapping[str, str]:
    """Return word in lower case -> code, over all languages."""
    return {
        word.casefold(): code
        for language in _LANGUAGES
        for code, words in words_of(code_list, language).items()
        for word in words
    }


def code_of(code_list: str, cell: Cell) -> str | None:
    """Return the code that a cleanly typed cell names, or None."""
    return _code_of_word(code_list).get(cell.removeprefix(_COURT).casefold()) if isinstance(cell, str) else None


def other_word(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return another word of any language for the same code."""
    code = code_of(column.kind, cell)
    if code is None or code == "_U":
        return None
    words = [word for language in _LANGUAGES for word in words_of(column.kind, language)[code] if word != cell]
    return (chance.one_of(words), {}) if words else None


def unknown_nationality(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return a word that no list has, as a published table has dozens."""
    typed = ["PERO", "Hodruanian", "جنسية اخرى", "كوري", "كونغولية", "كردي"]
    return None if cell is None else (chance.one_of(typed), {})


def other_nationality(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return a nationality that the code list does not have and the world does."""
    if cell is None:
        return None
    word = chance.one_of([*_OTHER_NATIONALITIES])
    return word, {column.field: _OTHER_NATIONALITIES[word]}


def nationality_form(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the nationality with its noun, its article or in the plural.

    Not of a Kenyan: typed without Kurdish letters, Guinea in Sorani is the same word, about which the desk asks.
    """
    code = code_of(column.kind, cell)
    if code is None or code in ("_U", "XXA", "KEN"):
        return None
    people = words_of(column.kind)[code][0]
    return chance.one_of(
        [f"{people}ة الجنسية", f"جنسية {people}ة", f"ال{people}ة", f"{people}ين", f"مواطن {people}"]
    ), {}


def place_in_haste(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the governorate joined, without its article, or with its capital behind it."""
    code = code_of("governorate", cell)
    return (chance.one_of(_IN_HASTE[code]), {}) if code in _IN_HASTE else None


def unknown_form(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return brokering, which alone is no form of exploitation."""
    return None if cell is None else ("سمسرة", {})


def several_forms(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the cell with one more form of exploitation in it."""
    code = code_of("exploitation", cell)
    if code is None or code == "_U":
        return None
    is_english = bool(re.search("[A-Za-z]", str(cell)))
    forms = _MORE_FORMS_IN_ENGLISH if is_english else _MORE_FORMS
    more = chance.one_of([one for one in forms if one != code])
    joint = chance.one_of([" and ", " + ", "; "] if is_english else ["، ", " و", "/", " + ", "؛ "])
    return f"{cell}{joint}{forms[more]}", {column.field: ";".join(sorted({code, more}))}


def capital(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the capital for its governorate."""
    typed = _CAPITALS.get(code_of("governorate", cell) or "")
    return (typed, {}) if typed else None


def p_code(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the p-code in use, alone: the same code names another governorate in another list."""
    code = code_of("governorate", cell)
    return None if code is None or code == "_U" else (code, {})


def named_p_code(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the p-code of either list beside the name, which says which list it is of."""
    code = code_of("governorate", cell)
    if code not in _OTHER_P_CODES:
        return None
    return f"{chance.one_of([code, _OTHER_P_CODES[code]])} {words_of('governorate')[code][0]}", {}


def other_p_code(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the p-code of the older list."""
    typed = _OTHER_P_CODES.get(code_of("governorate", cell) or "")
    return (typed, {}) if typed else None


def court_of_baghdad(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return one of the two courts of appeal for Baghdad."""
    return (chance.one_of(_BAGHDAD), {}) if code_of("governorate", cell) == "IQG08" else None


def letter_variants(chance: RandomStream, column: SheetColumn | None, cell: Cell) -> Spoilt | None:
    """Return the word with the letters that keyboards exchange exchanged."""
    if not isinstance(cell, str):
        return None
    typed = cell
    for own, other in _EXCHANGED:
        if own in typed and chance.flip(0.6):
            typed = typed.replace(own, other)
    return (typed, {}) if typed != cell else None


def presentation_forms(chance: RandomStream, column: SheetColumn | None, cell: Cell) -> Spoilt | None:
    """Return the word in letters as shapes, as whole pages arrive that were copied from a printed page."""
    if not isinstance(cell, str):
        return None
    typed = cell.translate(_shapes())
    return (typed, {}) if typed != cell else None


@cache
def _shapes() -> dict[int, str]:
    shapes: dict[int, str] = {}
    for point in (*range(0xFE80, 0xFEF5), *range(0xFB50, 0xFBB2)):
        parts = unicodedata.decomposition(chr(point)).split()
        if len(parts) == 2 and parts[0] == "<isolated>":
            shapes.setdefault(int(parts[1], 16), chr(point))
    return shapes


def invisible_marks(chance: RandomStream, column: SheetColumn | None, cell: Cell) -> Spoilt | None:
    """Return the word with tatweel, direction marks and hard spaces, none of which shows."""
    if not isinstance(cell, str) or not cell:
        return None
    typed = cell.replace(" ", _HARD_SPACE) if chance.flip(0.5) else cell
    typed = _ARABIC_PAIR.sub(rf"\1{_TATWEEL}\2", typed, count=1) if chance.flip(0.5) else typed
    typed = f"{_RIGHT_MARK}{typed}" if chance.flip(0.5) or typed == cell else typed
    return f"{typed}{_NON_JOINER}" if chance.flip(0.3) else typed, {}
