"""Whether one word can be part of a name: the lists of name parts, the words that are none, and how certain each is.

Belongs here: folding of words, the list of another package (read from its SQLite file), our own lists of Kurdish parts
and of the names of foreign workers, and word forms that are name parts without being listed.
Does not belong here: what makes a name out of parts (`names.py`). Words that are none are in `ordinary_words.txt`.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal

Strength = Literal["strong", "weak", "particle", "title", "place", "ordinary", "phrase", "everyday", "unknown"]

_HERE = Path(__file__).parent
_LETTERS = str.maketrans("أإآٱىیيکةھ", "ااااييي" + "كهه")
_INVISIBLE = re.compile(r"[\u0640\u064B-\u065F\u0670\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WORDS = re.compile(r"[^\W\d_]+")
_BETWEEN = "\0"
_STRONG_COUNT = 10
_STRONG_COUNT_LATIN = 12
_WEAK_COUNT = 3
_GIVEN_COUNT = 20
_SHORTEST_SPELLED = 4
# Servant-of names written as one word (عبدالزهرة, عەبدولستار, Abdulsattar): more than any list holds.
_SERVANT_OF = re.compile(r"عبدال\w{3,}|ع[ەه]بدو[لڵر]\w{2,}|abd[aeu]l\w{4,}")
_SERVANT_APART = re.compile(r"\bعبد\s+ال(?=\w{3})")
_LATIN_SIGNS = re.compile(r"(\w)\1|ou|y|h$")  # transliteration signs with many spellings
_DOUBLED = re.compile(r"(\w)\1")
_LATIN_ARTICLES = frozenset(("al", "el", "ul", "ad", "ed", "ud", "as", "ash", "an", "ar", "at", "az", "a", "l"))
_LATIN_DIN = re.compile(r"(?:[aeu][ld]?)?din")  # Salah ed-Din, Salah Aldeen
_PROGRAMS = frozenset(("microsoft", "excel", "office", "libreoffice", "openpyxl", "xlsxwriter", "calc", "sheets"))
"""Programs that nearly every workbook names as its author: on no list of names, tested before loading the lists."""
_NISBA = re.compile(r"ال\w{2,}ي")  # الجحيشي: of a tribe or a place; also an adjective, so never a part by itself
# Sorani writes its vowels: without them remains the Arabic spelling of the borrowed name (مەعروف, معروف).
_SORANI_ENDING = re.compile(r"\wە(?:ك|ک)(?:ە|ەي|ان|اني|انە)$")  # the house, of the houses: no name has these endings
_SORANI_START = re.compile(r"^ئ[ەايوۆ]?")
_SORANI_LETTERS = str.maketrans({"ە": "", "ڕ": "ر", "ڵ": "ل", "ۆ": "و", "ێ": "ي"})


@dataclass(frozen=True)
class Part:
    """How a word relates to names.

    Args:
        strength: `strong` and `weak` by the lists, else the kind of word.
        is_given: mostly a given name.
        is_everyday: a name that is also an everyday word (كريم, ئازاد, Grace).
        is_nisba: not listed, but of the form of an Arabic surname.
        has_article: a listed surname that begins with the Arabic article.
        is_word: a person put it among the ordinary words (`ordinary_words.py`), though a list of names has it.
    """

    strength: Strength
    is_given: bool = False
    is_everyday: bool = False
    is_nisba: bool = False
    has_article: bool = False
    is_word: bool = False


def fold_word(text: str) -> str:
    """Return `text` with easily confused letters unified: for matching only, never shown."""
    return _fold(text).replace("ە", "ه")


def listed_names() -> Iterator[str]:
    """Yield every listed name in Arabic letters, folded."""
    yield from (row[0] for row in _name_list().execute("select distinct arabic_key from units where role != 'unknown'"))
    yield from (word for word in _own_given_names() | _own_surnames() if not word.isascii())


def remove_marks(text: str) -> str:
    """Return `text` without vowel signs, tatweel and invisible characters inside words."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def words_of(text: str) -> list[str]:
    """Return the words of `text`, folded except for the Sorani vowel `ە`, which `part_of` needs."""
    return words_in(fold_for_words(text))


def folded_words_of_each(texts: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the words of each text as `fold_word` folds them; thousands of texts are folded in one pass.

    The separator between texts is neither letter, mark nor blank, so that no rule matches across it.
    """
    listed = list(texts)
    folded = _fold_for_words(_BETWEEN.join(listed)).split(_BETWEEN) if listed else []
    words = [words_in(text) for text in folded]
    plain = iter(fold_word(_BETWEEN.join(word for own in words for word in own)).split(_BETWEEN))
    return [tuple(islice(plain, len(own))) for own in words]


@lru_cache(maxsize=16)  # several rules in a row ask about one cell
def fold_for_words(text: str) -> str:
    """Return `text` folded as `words_in` needs it; marks between words stay."""
    return _fold_for_words(text)


def _fold_for_words(text: str) -> str:
    return _SERVANT_APART.sub("عبدال", _fold(text).replace("'", "").replace("’", ""))


def words_in(folded: str) -> list[str]:
    """Return the words of a text, or of a piece of one, that `fold_for_words` folded."""
    return _WORDS.findall(folded)


@lru_cache(maxsize=200_000)
def part_of(word: str) -> Part:
    """Return how a folded word relates to names."""
    plain = word.replace("ە", "ه")
    listed = _listed_words().get(plain)
    if listed:
        return Part(listed)
    if plain in _PROGRAMS:
        return Part("unknown")
    is_everyday = plain in _everyday_words()
    if plain in _own_given_names() or _SERVANT_OF.fullmatch(word):
        return Part("strong", is_given=True, is_everyday=is_everyday)
    if plain in _own_surnames():
        return Part("strong", is_everyday=is_everyday)
    counted = _judge_by_counts(plain, is_everyday=is_everyday)
    if counted.strength == "strong" or "ە" not in word or _SORANI_ENDING.search(word):
        return counted
    spelled = _SORANI_START.sub("ا", word).replace("وو", "و").translate(_SORANI_LETTERS)
    return _judge_by_counts(spelled, is_everyday=True) if len(spelled) >= _SHORTEST_SPELLED else counted


@lru_cache(maxsize=200_000)
def is_on_name_list(word: str) -> bool:
    """Return whether a folded word is on any list of names, however rare, or is a servant-of name."""
    plain = word.replace("ە", "ه")
    is_listed = plain in _own_given_names() or plain in _own_surnames() or plain in _everyday_words()
    if is_listed or _SERVANT_OF.fullmatch(word):
        return True
    return plain in _latin_counts() if plain < "\u0600" else sum(_arabic_counts(plain)[:2]) > 0


def is_name_near_code(word: str) -> bool:
    """Return whether a folded word is a name that differs from a word of a code list by one letter (Indra, India)."""
    return word in _own_parts("near codes")


def place_named_after(words: Sequence[str]) -> tuple[int, int] | None:
    """Return where the first place named after a person stands among folded words: its first word, the word after it.

    Latin spellings of one name are equal: Salah Al-Deen, Salahuddin's governorate as `Salah ad Din`.
    """
    heard = [(at, key) for at, word in enumerate(words) if (key := place_key(word))]
    keys = [key for _, key in heard]
    for at, key in enumerate(keys):
        for phrase in _phrases().get(key, ()):
            if tuple(keys[at : at + len(phrase)]) == phrase:
                return heard[at][0], heard[at + len(phrase) - 1][0] + 1
    return None


@lru_cache(maxsize=65536)
def place_key(word: str) -> str:
    """Return the form shared by all spellings of a word in a place name; empty for an article in Latin letters."""
    plain = word.replace("ە", "ه")
    if not plain.isascii():
        return plain
    return "" if plain in _LATIN_ARTICLES else _LATIN_DIN.sub("din", _sound(plain))


@cache
def sections_of(path: Path) -> dict[str, list[str]]:
    """Return the lines of a word list under each of its `[section]` lines, without comments."""
    sections: dict[str, list[str]] = {"": []}
    lines = sections[""]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[] "), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return sections


def _fold(text: str) -> str:
    if text.isascii():  # the steps below change no ASCII character
        return text.lower()
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_LETTERS).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def _judge_by_counts(word: str, *, is_everyday: bool) -> Part:
    is_arabic = word >= "\u0600"
    given, surname, iraqi = _arabic_counts(word) if is_arabic else _latin_counts_of(word)
    total = given + surname
    if total >= (_STRONG_COUNT if is_arabic else _STRONG_COUNT_LATIN) or iraqi:
        is_given = given > surname and (given >= _GIVEN_COUNT or iraqi > 1)
        return Part("strong", is_given, is_everyday, has_article=surname > given and word.startswith("ال"))
    is_nisba = _NISBA.fullmatch(word) is not None
    return Part("weak" if total >= _WEAK_COUNT else "unknown", is_nisba=is_nisba)


@cache
def _listed_words() -> dict[str, Strength]:
    kinds: tuple[Strength, ...] = ("ordinary", "place", "title", "particle")
    return {word: kind for kind in kinds for word in _words_of_lines(_lines_of(kind))}


@cache
def _everyday_words() -> frozenset[str]:
    return frozenset(_words_of_lines(_lines_of("everyday")))


@cache
def _phrases() -> Mapping[str, list[tuple[str, ...]]]:
    """Return the places named after persons (صلاح الدين) by their first word, the longest first."""
    keys = {
        tuple(key for word in words if (key := place_key(word))) for words in folded_words_of_each(_lines_of("phrase"))
    }
    by_first_word: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(sorted(keys), key=len, reverse=True):
        by_first_word.setdefault(phrase[0], []).append(phrase)
    return by_first_word


def _lines_of(kind: str) -> list[str]:
    return sections_of(_HERE / "ordinary_words.txt")[kind]


def _words_of_lines(lines: Iterable[str]) -> Iterator[str]:
    return (word for words in folded_words_of_each(lines) for word in words)


@cache
def _own_given_names() -> frozenset[str]:
    return _own_parts("given")


@cache
def _own_surnames() -> frozenset[str]:
    return _own_parts("surname")


@cache
def _own_parts(section: str) -> frozenset[str]:
    files = [_HERE / f"{whose}_names.txt" for whose in ("iraqi", "kurdish", "foreign")]
    return frozenset(_words_of_lines(line for path in files for line in sections_of(path).get(section, [])))


@cache
def _name_list() -> sqlite3.Connection:
    """Return an empty list: its package went with the search, of which this module is the last to go."""
    names = sqlite3.connect(":memory:", check_same_thread=False)
    names.execute("create table units (arabic_key, latin, role, country, count)")
    return names


_ARABIC = """
    select coalesce(sum(case when role = 'given' then count end), 0),
           coalesce(sum(case when role = 'surname' then count end), 0),
           coalesce(sum(case when country = 'IQ' and role != 'unknown' then count end), 0)
    from units where arabic_key = ?
"""
_LATIN = """
    select latin,
           coalesce(sum(case when role = 'given' then count end), 0),
           coalesce(sum(case when role = 'surname' then count end), 0),
           coalesce(sum(case when country = 'IQ' and role != 'unknown' then count end), 0)
    from units group by latin
"""


def _arabic_counts(word: str) -> tuple[int, int, int]:
    """Return how often a folded Arabic word is a given name, a surname, and either of them in Iraq."""
    counts: tuple[int, int, int] = _name_list().execute(_ARABIC, (word,)).fetchone()
    return counts


def _latin_counts_of(word: str) -> tuple[int, int, int]:
    """Return the counts of a Latin spelling, else of the spellings that sound like it (Duaa, Dua; Ruqayya, Ruqaya)."""
    nothing = (0, 0, 0)
    if word in _latin_counts() or not _LATIN_SIGNS.search(word):
        return _latin_counts().get(word, nothing)
    return _latin_sounds().get(_sound(word), nothing)


@cache
def _latin_sounds() -> dict[str, tuple[int, int, int]]:
    """Return the counts of each sound; all forty thousand words are converted in one pass."""
    sounds: dict[str, tuple[int, int, int]] = {}
    heard = _sound(_BETWEEN.join(_latin_counts())).split(_BETWEEN)
    for sound, counts in zip(heard, _latin_counts().values(), strict=False):
        sounds[sound] = max(sounds.get(sound, counts), counts)
    return sounds


def _sound(words: str) -> str:
    """Return Latin spellings with one notation for long vowels, doubled letters and a final `h`."""
    plain = words.replace("ee", "i").replace("oo", "u").replace("ou", "u").replace("y", "i")
    return _DOUBLED.sub(r"\1", plain).replace(f"h{_BETWEEN}", _BETWEEN).removesuffix("h")


@cache
def _latin_counts() -> dict[str, tuple[int, int, int]]:
    """Return the same for Latin spellings; read at once on first need (0.05 s), as they have no index."""
    counts: dict[str, tuple[int, int, int]] = {}
    for latin, given, surname, iraqi in _name_list().execute(_LATIN):
        for word in (latin.lower(),) if latin.isascii() and latin.isalpha() else words_of(latin):
            known = counts.get(word)
            own = (given, surname, iraqi)
            counts[word] = (known[0] + given, known[1] + surname, known[2] + iraqi) if known else own
    return counts
