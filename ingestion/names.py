"""Whether a text is the name of a person, in Arabic, Kurdish or Latin script.

Belongs here: the list of name parts (read from another package's SQLite file, and our own short list of Kurdish ones),
how sure each part is, and the rules that make a name out of parts. Words that are none stand in `ordinary_words.txt`.
Does not belong here: numbers and addresses that identify (`identifiers.py`), columns and headers (`privacy.py`).
"""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

Strength = Literal["strong", "weak", "particle", "title", "place", "ordinary", "phrase", "unknown"]

_HERE = Path(__file__).parent
_MOST_WORDS = 6  # a name has four or five parts; more words are a sentence
_LETTERS = str.maketrans("أإآٱىیيکةەھ", "ااااييي" + "كههه")
_INVISIBLE = re.compile(r"[\u0640\u064B-\u065F\u0670\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]")
_WORDS = re.compile(r"[^\W\d_]+")
_BREAKS = re.compile(r"[:/\\|;؛()\[\]\n\r\t\d]|\s[-–—]\s")
_CAPITALISED = re.compile(r"[A-Z][\w'’-]+(?:\s[A-Z]\.?)?(?:\s[A-Z][\w'’-]+){1,2}")
_STRONG_COUNT = 10
_STRONG_COUNT_LATIN = 12
_WEAK_COUNT = 3
_GIVEN_COUNT = 20


@dataclass(frozen=True)
class Part:
    """How one word stands to names: its strength, and whether it is mostly a given name."""

    strength: Strength
    is_given: bool = False


def is_personal_name(text: str) -> bool:
    """Return whether `text` is, or ends or begins with, the name of a person of two or more parts.

    A text with ordinary words is a name only where a title or three sure parts in a row say so, so that ministries,
    courts, streets and hospitals named after people pass. The caller excludes known words of the house first.
    """
    return is_surely_name(text) or _is_foreign_name(text)


def is_surely_name(text: str) -> bool:
    """Return whether `text` is a name all of whose parts are listed: for authors and the like, who are not the data."""
    return any(_is_name(_words(piece)) for piece in _BREAKS.split(text))


def begins_like_name(text: str) -> bool:
    """Return whether `text` is a sure given name, alone or before words none of which is ordinary.

    One such cell proves nothing (a place, a surname that is not listed); a column of them is a column of persons.
    """
    words = _words(text)
    if not 1 <= len(words) <= _MOST_WORDS or not _part(words[0]).is_given:
        return False
    return all(_part(word).strength not in ("ordinary", "place") for word in words)


def is_ordinary(text: str) -> bool:
    """Return whether every word of `text` is listed as ordinary: a total, an office, an unknown."""
    words = _words(text)
    return bool(words) and all(_part(word).strength in ("ordinary", "place", "particle", "title") for word in words)


def fold_word(text: str) -> str:
    """Return `text` with the letters that senders confuse made one: for matching only, never shown."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_LETTERS).casefold()
    plain = (letter for letter in unicodedata.normalize("NFD", text) if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", "".join(plain))


def _words(text: str) -> list[str]:
    return _WORDS.findall(fold_word(text).replace("'", "").replace("’", ""))


def _is_name(words: list[str]) -> bool:
    if len(words) < 2:
        return False
    parts = [_part(word) for word in words]
    return (_is_all_name(parts) or _has_name_inside(parts)) and not _is_place_named_after(words)


def _is_foreign_name(text: str) -> bool:
    """Two or three capitalised Latin words, a sure given name first, nothing ordinary: few surnames are listed."""
    if not _CAPITALISED.fullmatch(text.strip()):
        return False
    words = _words(text)
    first, *others = (_part(word) for word in words)
    return (
        first.is_given
        and not _is_place_named_after(words)
        and all(part.strength in ("strong", "weak", "unknown") for part in others)
    )


def _is_place_named_after(words: list[str]) -> bool:
    """Return whether a place that bears a person's name (صلاح الدين) stands here, and no name beside it."""
    spaced = f" {' '.join(words)} "
    phrase = next((phrase for phrase in _place_phrases() if f" {phrase} " in spaced), "")
    return bool(phrase) and all(_part(word).strength != "strong" for word in spaced.replace(phrase, "", 1).split())


def _is_all_name(parts: list[Part]) -> bool:
    """Every word a name part, two of them sure; or three and more words of which at most one is unknown."""
    counted = [part.strength for part in parts if part.strength not in ("particle", "title")]
    if not 2 <= len(counted) <= _MOST_WORDS or "ordinary" in counted or "place" in counted:
        return False
    return counted.count("strong") >= 2 and counted.count("unknown") <= (1 if len(counted) >= 3 else 0)


def _has_name_inside(parts: list[Part]) -> bool:
    """A run of sure parts inside a longer text: three, or two behind a title; none where a place is named after one."""
    run, needed, previous = 0, 3, ""
    for part in parts:
        if part.strength == "strong":
            run += 1
            if run >= needed:
                return True
        elif part.strength not in ("particle", "title"):
            run = 0
        if run == 0:
            needed = _needed_after(part.strength, previous)
        previous = part.strength
    return False


def _needed_after(strength: str, previous: str) -> int:
    if strength == "place" or (previous == "place" and strength in ("title", "particle")):
        return _MOST_WORDS + 1
    return 2 if strength == "title" else 3


@lru_cache(maxsize=200_000)
def _part(word: str) -> Part:
    listed = _listed_words().get(word)
    if listed:
        return Part(listed)
    if word in _kurdish_parts():
        return Part("strong", is_given=True)
    given, surname, iraqi = (
        _arabic_counts(word) if "\u0600" <= word[0] <= "\u06ff" else _latin_counts().get(word, (0, 0, 0))
    )
    enough = _STRONG_COUNT if word[0] >= "\u0600" else _STRONG_COUNT_LATIN
    total = given + surname
    is_given = given > surname and (given >= _GIVEN_COUNT or iraqi > 1)
    if total >= enough or iraqi:
        return Part("strong", is_given)
    return Part("weak" if total >= _WEAK_COUNT else "unknown")


@cache
def _listed_words() -> dict[str, Strength]:
    kinds: tuple[Strength, ...] = ("ordinary", "place", "title", "particle")
    return {word: kind for kind in kinds for line in _lines_of(kind) for word in _words(line)}


@cache
def _place_phrases() -> list[str]:
    return [" ".join(_words(line)) for line in _lines_of("phrase")]


def _lines_of(kind: str) -> list[str]:
    return sections_of(_HERE / "ordinary_words.txt")[kind]


@cache
def sections_of(path: Path) -> dict[str, list[str]]:
    """Return the lines of a word list under each of its `[section]` lines, without remarks."""
    sections: dict[str, list[str]] = {"": []}
    lines = sections[""]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[] "), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return sections


@cache
def _kurdish_parts() -> frozenset[str]:
    return frozenset(word for line in sections_of(_HERE / "kurdish_names.txt")[""] for word in _words(line))


@cache
def _name_list() -> sqlite3.Connection:
    """Open the name parts of `arabic-name-romanizer` without importing it: only its data is wanted."""
    spec = importlib.util.find_spec("arabic_name_romanizer")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("arabic_name_romanizer: the door does not open without its list of names")
    path = Path(spec.submodule_search_locations[0]) / "resources" / "names.sqlite3"
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


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
    """Return how often a folded Arabic word is a given name, a surname, and either in Iraq."""
    counts: tuple[int, int, int] = _name_list().execute(_ARABIC, (word,)).fetchone()
    return counts


@cache
def _latin_counts() -> dict[str, tuple[int, int, int]]:
    """Return the same for Latin spellings; read at once on first need (0.1 s), as they have no index."""
    counts: dict[str, tuple[int, int, int]] = {}
    for latin, given, surname, iraqi in _name_list().execute(_LATIN):
        for word in _words(latin):
            known = counts.get(word, (0, 0, 0))
            counts[word] = (known[0] + given, known[1] + surname, known[2] + iraqi)
    return counts
