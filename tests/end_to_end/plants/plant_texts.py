"""What is planted: invented names, telephones, case and identity numbers, one to a file; and how each would be found.

Belongs here: the texts and their forms in bytes. Stems of names are sounds that no word of the project has.
Does not belong here: files and places.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
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
    for parting in set(" /") & set(plant):
        texts |= {plant.replace(parting, other) for other in ("", "-", "_", " ", " / ")}
    return texts | {one.translate(table) for one in texts for table in (_ARABIC_DIGITS, _PERSIAN_DIGITS)}


def _bytes_of(text: str) -> set[bytes]:
    """A text as it may stand in bytes: encoded, or hashed without a key."""
    made = [one(text.encode()) for one in (hashlib.sha256, hashlib.sha1, hashlib.md5)]
    return _encoded(text) | {one.digest() for one in made} | {one.hexdigest().encode() for one in made}


def _encoded(text: str) -> set[bytes]:
    """A text in three encodings, escaped as in JSON, in XML and in links, and in base64 at each of its three places."""
    escaped = json.dumps(text)[1:-1]
    forms = {escaped, re.sub(r"\\u(....)", lambda found: f"\\u{found[1].upper()}", escaped), quote(text)}
    forms |= {"".join(f"&#{ord(one)};" for one in text), "".join(f"&#x{ord(one):x};" for one in text)}
    data = text.encode()
    places = [base64.b64encode(b"\0" * place + data)[_AFTER[place] :].decode()[:-4] for place in range(3)]
    forms |= {data.hex(), data.hex().upper(), *(form for form in places if len(form) >= 12)}
    encoded = {text.encode("utf-16-le"), text.encode("utf-32-le"), text.encode("ascii", "xmlcharrefreplace")}
    return {one.encode() for one in forms} | {data} | encoded | ({text.encode("cp1256")} if _is_arabic(text) else set())


def _is_arabic(text: str) -> bool:
    """Whether the code page of Windows for Arabic has every letter of a text."""
    return text.encode("cp1256", "replace").decode("cp1256") == text


_AFTER = (0, 2, 3)
"""How many characters of base64 depend on what stands before a text."""


def _numbers_of(plant: str) -> set[bytes]:
    """A number as programs store it: eight bytes, whole or floating."""
    return {struct.pack("<q", int(plant)), struct.pack("<d", int(plant))} if plant.isdigit() else set()


def stem_forms() -> dict[bytes, str]:
    """Every form of the stems of names, but those so short that chance writes them."""
    both = {text for stem in STEMS.values() for text in (stem, stem.translate(_FOLDED), stem.title(), stem.upper())}
    return {one: f"a name ({text})" for text in both for one in _encoded(text) if len(one) >= 6}


def forms_of(plant: str) -> set[bytes]:
    """Every form in bytes by which a plant is found, beside the stem of a name."""
    return {one for text in _texts(plant) for one in _bytes_of(text)} | _numbers_of(plant)


def is_name(plant: str) -> bool:
    """Whether a plant is found by the stem of its words."""
    return any(stem in plant.lower() for stem in STEMS.values())
