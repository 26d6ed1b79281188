"""One spelling of name parts for Arabic, Sorani and Latin letters: the agreed form under every code of a name.

Belongs here: how a full name is split into parts, and the consonants that all spellings of a part share.
Does not belong here: codes (`name_codes.py`). The rules and test vectors for holders with their own programs are
in docs/methods/linkage.md; changing any rule needs another `SPELLING`.
"""

from __future__ import annotations

import re
import unicodedata

SPELLING = "s1"
"""Version of the rules: codes of two versions are never compared."""

_VOWEL = "a"  # kept only if a part begins with one
_SOUNDS = {
    _VOWEL: "اأإآٱءئؤعةەaeiouı",
    "b": "بپbp", "t": "تطt", "s": "ثسصs", "j": "جژj", "h": "حهھہh", "x": "خx", "d": "دضd", "z": "ذزظz", "r": "رڕr",
    "C": "شچşçC", "G": "غG", "f": "فڤfv", "k": "قكکڪگkqgc", "l": "لڵl", "m": "مm", "n": "نںn", "w": "وۆۊw",
    "y": "يىیێېy",
}  # fmt: skip
_SOUND_OF = {letter: sound for sound, letters in _SOUNDS.items() for letter in letters}
_PAIRS = {"kh": "x", "gh": "G", "sh": "C", "ch": "C", "th": "s", "dh": "d", "zh": "j", "ph": "f"}
_LATIN_PAIR = re.compile("|".join(_PAIRS))
_OLD_KURDISH_VOWEL = re.compile("ه\u200c")  # written by keyboards without ە
_NO_LETTER = re.compile(r"[^\w\s]|[\d_]|ـ")
_BETWEEN_PARTS = re.compile(r"[\s\-\u2010-\u2015/،,.]+")
_PARTICLES = frozenset({"ال", "آل", "بن", "ابن", "بنت", "al", "el", "bin", "ibn", "bint"})
_JOINED_ON = frozenset(
    {"عبد", "عبدول", "عەبدول", "ابو", "أبو", "ئەبو", "ام", "أم", "abd", "abdul", "abdel", "abdal", "abu", "um", "umm"}
)
_ARTICLE = "ال"
_SHORTEST_AFTER_ARTICLE = 3
_SERVANT_OF = re.compile("^abdl(?=.)")
_REPEATED = re.compile(r"(.)\1+")


def spell_parts(name: str) -> list[str]:
    """Return the parts of a full name in order, each in the form that its spellings share.

    Particles (`بن`, `al-`) are dropped, `عبد` and `أبو` are joined with what follows, the article is dropped after the
    first part, and a part without letters is ignored.

    Args:
        name: as typed, in Arabic, Sorani or Latin letters.
    """
    text = _OLD_KURDISH_VOWEL.sub("ە", unicodedata.normalize("NFKC", name).casefold())
    words = [word for word in (_NO_LETTER.sub("", part) for part in _BETWEEN_PARTS.split(text)) if word]
    parts: list[str] = []
    before = ""
    for word in words:
        if before and word in _PARTICLES:
            continue
        if word in _JOINED_ON:
            before += word
        elif word not in _PARTICLES:
            parts.append(before + _drop_article(word, is_first=not parts or bool(before)))
            before = ""
    parts += [before] if before else []
    return [spelt for part in parts if (spelt := spell_part(part))]


def spell_part(part: str) -> str:
    """Return the consonants of one part as sounds, with a mark if it begins with a vowel; empty without letters.

    Letters of the three scripts for one sound become one sign; doubled ones become one; vowels, `و` and `ي` count only
    at the beginning of a part; a final `h` is dropped, and so is the `l` of `عبد ال`.
    """
    composed = unicodedata.normalize("NFKC", part).casefold()
    paired = _LATIN_PAIR.sub(lambda match: _PAIRS[match[0]], composed)
    plain = "".join(_sound_of_letter(letter) for letter in paired)
    single = _REPEATED.sub(r"\1", plain)
    consonants = single[:1] + re.sub(f"[{_VOWEL}wy]", "", single[1:])
    return _SERVANT_OF.sub("abd", consonants[:1] + consonants[1:].rstrip("h"))


def _drop_article(word: str, *, is_first: bool) -> str:
    """Drop the article, except in the first part: given names such as إلهام begin with the same letters."""
    is_article = word.startswith(_ARTICLE) and len(word) >= len(_ARTICLE) + _SHORTEST_AFTER_ARTICLE
    return word[len(_ARTICLE) :] if is_article and not is_first else word


def _sound_of_letter(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]  # é is e
    return _SOUND_OF.get(letter) or _SOUND_OF.get(base, "")
