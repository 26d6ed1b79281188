"""Text as people type it: folding for matching, and digits of three systems.

Belongs here: what makes two spellings of the same word equal.
Does not belong here: which words a list has (`codes/`), the value of a typed number (`typed_numbers.py`), dates
(`typed_dates.py`), citations (`citations.py`). Folded text is for matching only; what is stored is the text as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from languages.digits import TO_LATIN

# Letters that Arabic, Persian and Kurdish keyboards interchange (docs/reference/exports.md, line 7).
_LETTERS = str.maketrans(
    "أإآٱىیېێئؤۆۊةەۀھہکڪگڵڕپچڤژ",
    "ااااييييي" + "ووو" + "هههه" + "ه" + "ككك" + "لربجفز",
)
# Harakat, superscript alef, tatweel, lone hamza, zero-width characters, direction marks, soft hyphen.
_UNSEEN = re.compile(
    "[\u0610-\u061a\u061c\u0621\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LONGEST_NAME = 100
_SHORTEST_MISSPELT = 5  # letters; `سوري` and `سودي`, `خطف` and `خلف` are different words
_MOST_NAMES = 12
_FIGURES = re.compile(r"\D+")  # not a digit
_DOUBLED = re.compile(r"(.)\1")
_BETWEEN = "\0"
_AT_THE_ENDS = " :.*"
_SPACES = re.compile(r"\s+")
_AROUND_MARKS = re.compile(r"\s*([/،,;؛+|])\s*")
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u2189\u2460-\u24ff\u2776-\u2793]")
SORANI_LETTERS = re.compile("[ەێۆڕڵڤگچپژکی]")
"""Letters that Sorani has and the keyboards of Arabic do not."""


def clean(text: str) -> str:
    """Return `text` as typed, in NFC, without invisible characters and outer or doubled spaces."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def printable(name: str) -> str:
    """Return a file's name as it may be shown and written: no control, direction or broken characters, not too long."""
    return "".join(sign for sign in name if sign.isprintable())[:_LONGEST_NAME]


def has_controls(text: str) -> bool:
    """Return whether a text holds a sign that moves a terminal's cursor, ends a line, or turns the text around."""
    return _CONTROLS.search(text) is not None


def without_controls(text: str) -> str:
    """Return a text of somebody else as a terminal may show it, whole, with all its letters and joiners."""
    return _CONTROLS.sub("", text)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return the form of `text` that all its spellings share, for matching only.

    NFKC, lower case, one form of alef, ya, ha, kaf and of the Kurdish letters, no harakat, hamza or tatweel, ASCII
    digits, no spaces around separators, no final colon or full stop. A superscript figure stays separate from the one
    before it: `10³` is not 103, and `5²` is not 52.
    """
    return _fold(text).strip(_AT_THE_ENDS)


def fold_each(texts: Iterable[str]) -> list[str]:
    """Return the folded form of each text, as `fold` does; thousands are folded in one pass.

    The separator between texts is neither letter, mark nor blank, so that no rule matches across it.
    """
    listed = list(texts)
    return [text.strip(_AT_THE_ENDS) for text in _fold(_BETWEEN.join(listed)).split(_BETWEEN)] if listed else []


def _fold(text: str) -> str:
    folded = (
        unicodedata.normalize("NFKC", _RAISED.sub(r"^\g<0>", text)).casefold().translate(_LETTERS).translate(TO_LATIN)
    )
    return _AROUND_MARKS.sub(r"\1", _SPACES.sub(" ", _UNSEEN.sub("", folded)))


def ascii_digits(text: str) -> str:
    """Return `text` with Arabic-Indic and Extended digits as ASCII digits, and Arabic separators as `.` and `,`."""
    return text.translate(TO_LATIN).replace("٫", ".").replace("٬", ",")


def is_misspelling(text: str, known: str) -> bool:
    """Return whether `text` differs from `known` by one slip.

    A slip is a letter too many, too few, wrong, or swapped with its neighbour, in the folded forms. In a word of less
    than five letters any other letter makes another word: there only a doubled letter is a slip, and two swapped
    letters in a Latin word of four. A figure is never a slip: `PRT-02` is not `PRT-03` misspelt.
    """
    typed, meant = fold(text), fold(known)
    if typed == meant or _FIGURES.sub("", typed) != _FIGURES.sub("", meant) or not _is_one_edit(typed, meant):
        return False
    if typed.isascii() and len(typed) == len(meant) == _SHORTEST_MISSPELT - 1 and sorted(typed) == sorted(meant):
        return True
    return min(len(typed), len(meant)) >= _SHORTEST_MISSPELT or _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", meant)


def nearest_word(text: str, known: Iterable[str]) -> str:
    """Return the known word that `text` misspells, or an empty string: better no suggestion than a harmful one.

    With a mapping from words to meanings, nothing is suggested if words of two meanings are equally near.
    """
    near = [word for word in known if is_misspelling(text, word)]
    meanings = {known[word] if isinstance(known, Mapping) else fold(word) for word in near}
    return near[0] if len(meanings) == 1 else ""


def nearest_word_or_all(text: str, known: Iterable[str]) -> str:
    """Return the known name that `text` misspells; else all names, or the first of them if there are many."""
    names = sorted(set(known))
    listed = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
    return nearest_word(text, names) or listed or "-"


def _is_one_edit(left: str, right: str) -> bool:
    """Return whether two words differ by one letter or by two swapped neighbours (Damerau and Levenshtein)."""
    shorter = min(len(left), len(right))
    same = next((place for place in range(shorter) if left[place] != right[place]), shorter)
    a, b = left[same:], right[same:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])
