"""What is planted: invented names, telephones, case and identity numbers, one to a file; and how each would be found.

Belongs here: the texts and their forms in bytes. Stems of names are sounds that no word of the project has.
Does not belong here: files and places.
"""

from __future__ import annotations

import hashlib
import json
import struct
from urllib.parse import quote

_ARABIC = "بظ جغ خض دث ذق رط زك سظ شغ صذ ضخ طز ظف عذ غز فظ قض كذ لظ مغ".split()  # noqa: SIM905 - a list of sounds
_SORANI = "بێڤ چۆ ڕێژ گوڤ پێڵ ژۆڵ ڤێچ کۆژ لێڤ مۆڕ نێڤ سۆڤ شێڵ تۆپ وێژ یۆڤ زێڵ هۆژ دێڤ فۆڵ".split()  # noqa: SIM905
_LATIN = "qov zhi xub dze kvy plo wug tsy gwi mox rzu nyq bwe fjo hux jiv lyz cyx vug sqa".split()  # noqa: SIM905
STEMS = {"arabic": "خذغظ", "sorani": "ڤچۆڵێژ", "latin": "qxzhov"}
"""Each word of a planted name begins with the stem of its script: what is cut off behind it is found all the same."""

KINDS = (
    "arabic",
    "telephone",
    "sorani",
    "case",
    "latin",
    "identity",
    "telephone_number",
    "long_case",
    "identity_number",
)
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_FOLDED = str.maketrans("أإآٱىیێېئؤۆۊةەھکگڵڕپچڤژ", "اااايييييوووهههككلربجفز")


def plant_of(number: int, kind: str) -> str | int:
    """The plant of a file: no two of them share a word or a number."""
    high, low = divmod(number, 20)
    if kind in STEMS:
        sounds = {"arabic": _ARABIC, "sorani": _SORANI, "latin": _LATIN}[kind]
        name = f"{STEMS[kind]}{sounds[high]}{sounds[low]} {STEMS[kind]}{sounds[low]}{sounds[high]}{sounds[low]}"
        return name.title() if kind == "latin" else name
    spread = (number * 7_919_317 + 13_371_337) % 90_000_000
    if kind == "telephone":
        digits = f"0779{spread:08}"[:11]
        return (digits, f"{digits[:4]} {digits[4:7]} {digits[7:]}", f"+964{digits[1:]}")[number % 3]
    if kind == "telephone_number":
        return int(f"779{spread:08}"[:10])
    if kind == "case":
        return f"{4000 + number}/ج/20{10 + number % 15}"
    if kind == "long_case":
        return f"73{spread:08}/ج/2023"
    return int(f"1987{spread:08}") if kind == "identity_number" else f"1993{spread:08}"


def _texts(plant: str) -> set[str]:
    """The texts by which a plant is recognised: whole, its numbers, without what parts it, in other digits."""
    digits = "".join(one for one in plant if one.isdigit())
    texts = {plant, plant.translate(_FOLDED), plant.lower()}
    if len(digits) >= 8:
        texts |= {
            digits.removeprefix("964").removeprefix("0")[-12:],
            *(one for one in plant.split("/") if len(one) > 8),
        }
    if "/" in plant:
        texts |= {plant.replace("/", one) for one in ("", "-", " / ")}
    return texts | {one.translate(table) for one in texts for table in (_ARABIC_DIGITS, _PERSIAN_DIGITS)}


def _bytes_of(text: str) -> set[bytes]:
    """A text as it may stand in bytes: in two encodings, escaped, in a link, hashed."""
    hashes = {one(text.encode()).hexdigest() for one in (hashlib.sha256, hashlib.sha1, hashlib.md5)}
    return _encoded(text) | {one.encode() for one in hashes}


def _encoded(text: str) -> set[bytes]:
    return {text.encode(), text.encode("utf-16-le"), json.dumps(text)[1:-1].encode(), quote(text).encode()}


def _numbers_of(plant: str) -> set[bytes]:
    """A number as programs store it: eight bytes, whole or floating."""
    return {struct.pack("<q", int(plant)), struct.pack("<d", int(plant))} if plant.isdigit() else set()


def stem_forms() -> dict[bytes, str]:
    """Every form of the stems of names."""
    both = {text for stem in STEMS.values() for text in (stem, stem.translate(_FOLDED), stem.title(), stem.upper())}
    return {one: f"a name ({text})" for text in both for one in _encoded(text)}


def forms_of(plant: str) -> set[bytes]:
    """Every form in bytes by which a plant is found, beside the stem of a name."""
    return {one for text in _texts(plant) for one in _bytes_of(text)} | _numbers_of(plant)


def is_name(plant: str) -> bool:
    """Whether a plant is found by the stem of its words."""
    return any(stem in plant.lower() for stem in STEMS.values())
