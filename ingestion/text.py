"""Text as people type it: folding for matching, and numbers in three digit systems.

Belongs here: what makes two spellings of the same word equal, and what a typed number is worth.
Does not belong here: which words a list knows (`codes/`), dates (`dates.py`), citations (`citations.py`). Folded text
is for matching only; what is kept is the text as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

# Letters that Arabic, Persian and Kurdish keyboards exchange (domain sheet 2.3, line 7).
_LETTERS = str.maketrans(
    "أإآٱىیېێئؤۆۊةەۀھہکڪگڵڕپچڤژ",
    "ااااييييي" + "ووو" + "هههه" + "ه" + "ككك" + "لربجفز",
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# Harakat, superscript alef, tatweel, lone hamza, zero-width characters, direction marks, soft hyphen.
_UNSEEN = re.compile(
    "[\u0610-\u061a\u0621\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LONGEST_NAME = 100
_SPACES = re.compile(r"\s+")
_AROUND_MARKS = re.compile(r"\s*([/،,;؛+|])\s*")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_GROUPED_NUMBER = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
SORANI_LETTERS = re.compile("[ەێۆڕڵڤگچپژکی]")
"""Letters that Sorani has and the keyboards of Arabic do not."""


def clean(text: str) -> str:
    """Return `text` as typed, in NFC, without invisible characters and outer or doubled spaces."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def printable(name: str) -> str:
    """Return a file's name as it may be shown and written: no control, direction or broken characters, not too long."""
    return "".join(sign for sign in name if sign.isprintable())[:_LONGEST_NAME]


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return the form of `text` that all its spellings share, for matching only.

    NFKC, lower case, one form of alef, ya, ha, kaf and of the Kurdish letters, no harakat, hamza or tatweel, ASCII
    digits, no spaces around separators, no colon or full stop at the end.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS).translate(_DIGITS)
    folded = _SPACES.sub(" ", _UNSEEN.sub("", folded))
    return _AROUND_MARKS.sub(r"\1", folded).strip(" :.*")


def ascii_digits(text: str) -> str:
    """Return `text` with Arabic-Indic and Extended digits as ASCII digits, and Arabic separators as `.` and `,`."""
    return text.translate(_DIGITS).replace("٫", ".").replace("٬", ",")


def parse_number(text: str) -> Decimal | None:
    """Return the number that `text` states, or None.

    A comma groups thousands only where groups of three prove it: `1,757` is a number, `5,5` is not.
    """
    plain = _INVISIBLE.sub("", ascii_digits(text)).strip().replace("\u00a0", "").replace("،", ",")
    if _PLAIN_NUMBER.fullmatch(plain):
        return Decimal(plain)
    if _GROUPED_NUMBER.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    return None


def nearest(text: str, known: Iterable[str], *, cutoff: float = 0.5) -> str:
    """Return the known word whose folded form is nearest to `text`, or an empty string when none is near enough."""
    by_form = {fold(word): word for word in known}
    found = get_close_matches(fold(text), by_form, n=1, cutoff=cutoff)
    return by_form[found[0]] if found else ""
