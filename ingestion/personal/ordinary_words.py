"""Ordinary words: they explain a text because they are known to be harmless.

Belongs here: the words of `gathered_words.txt` (of our own catalogues and cards), of `explained_words.txt` and of
`frequent_words.txt`, and their inflections in Arabic, Sorani and English.
Does not belong here: words of places and nationalities (`place_words.py`), which cell is explained
(`unexplained_texts.py`), what is a name (`names.py`). A word on any list of names is ordinary only if a person put it
into a list of ordinary words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

from ingestion.personal.name_lexicon import fold_word, folded_words_of_each, is_on_name_list, sections_of, words_of
from ingestion.personal.place_words import is_place

_HERE = Path(__file__).parent
GATHERED = _HERE / "gathered_words.txt"
_LATIN_WORD = re.compile(r"(?<![\w'’-])[a-z]{2,}(?![\w'’-])")  # as typed: a capital may begin the name of a person
_OTHER_WORD = re.compile(r"[\u0621-\u06ff]{2,}")
_SHORTEST_STEM = 3
_OWN, _SHARED, _FREQUENT = "explained_words.txt", "ordinary_words.txt", "frequent_words.txt"
_LOWER_CASE = "lower case"
_PARTICLES, _PHRASES = "particle", "phrase"
_WHOLE = "whole texts"
_BEFORE_ON = "before on"
_NO_WORDS = (
    _BEFORE_ON,
    _LOWER_CASE,
    _WHOLE,
    _PARTICLES,
    _PHRASES,
    "everyday",
)  # parts of names, and names that are words

PREFIXES = ("ال", "و", "ف", "ب", "ل", "ك", "وال", "بال", "لل", "كال", "فال", "ولل", "وبال", "وب", "ول")
"""Arabic prefixes written onto a word: the article, and, then, in, to, as; folded."""

SUFFIXES = (
    *("ه", "ات", "ين", "ون", "ان", "ي", "يه", "يين", "ها", "هم", "هن", "نا", "ته", "تها", "تهم", "تين", "تان", "ا"),
    *("هكه", "هكان", "هكهي", "هكاني", "هكانه", "اني", "يك", "ێك", "ێكي", "هوه", "يان", "ش", "دا"),
)
"""Endings of Arabic (feminine, plural, dual, of origin, his and her) and of Sorani (the, a, of); folded."""

_ENGLISH_ENDINGS = ("s", "es")


@lru_cache(maxsize=200_000)
def is_ordinary_word(word: str) -> bool:
    """Return whether a word, folded by `name_lexicon.fold_word`, is ordinary, as it stands or inflected.

    An inflected word is not ordinary if it could also be an inflected name: `باسم` is `in the name of` and Basim. After
    a prefixed `and` or article a word that a person put into a list stays ordinary.
    """
    if _is_known(word) or _is_frequent(word):
        return True
    if is_on_name_list(word):
        return False
    if any(_is_typed(stem) for head, stem in _strip_heads(word) if len(stem) >= _shortest_behind(head)):
        return True
    stems = list(_stems(word))
    if any(is_on_name_list(stem) and not _is_typed(stem) for _, stem in stems):
        return False
    if any(is_long and _is_known(stem) for is_long, stem in stems):
        return True
    return any(_is_frequent(stem) for head, stem in _strip_heads(word) if len(stem) >= _shortest_behind(head))


def is_ordinary_in_lower_case(typed: str) -> bool:
    """Return whether a word, as typed, is ordinary because it has no capital: `will`, but not `Will`."""
    return typed.islower() and typed in sections_of(_HERE / _OWN)[_LOWER_CASE][0].split()


def is_ordinary_text(text: str) -> bool:
    """Return whether a whole text is a phrase of letters and registers: `سري`, which next to a word may be a name."""
    return " ".join(words_of(text)) in _whole_texts()


@cache
def _whole_texts() -> frozenset[str]:
    lines = sections_of(_HERE / _OWN)[_WHOLE]
    return frozenset(" ".join(words_of(line)) for line in lines)


def goes_with_on(word: str) -> bool:
    """Return whether a folded word takes the preposition `على`, so that `على` after it is not the name علي."""
    governing = _words_before_on()
    return any(stem in governing for _, stem in _strip_heads(word))


@cache
def _words_before_on() -> frozenset[str]:
    return frozenset(words for line in folded_words_of_each(sections_of(_HERE / _OWN)[_BEFORE_ON]) for words in line)


def typed_words() -> frozenset[str]:
    """Return the folded words that a person put into a list."""
    return _read_typed_words(_OWN) | _read_typed_words(_SHARED)


def _is_known(word: str) -> bool:
    return _is_typed(word) or (word in gathered_words() and _is_nothing_else(word))


def _is_frequent(word: str) -> bool:
    return word in _read_typed_words(_FREQUENT) and _is_nothing_else(word)


def _is_nothing_else(word: str) -> bool:
    """Return whether no list of names or places has a word."""
    return not is_on_name_list(word) and not is_place((word,))


def _is_typed(word: str) -> bool:
    if word in _read_typed_words(_OWN):
        return True
    return word in _read_typed_words(_SHARED) and not (
        is_on_name_list(word) and is_place((word,))
    )  # مصري: a nation, a surname


def _strip_heads(word: str) -> Iterator[tuple[str, str]]:
    yield "", word
    yield from ((prefix, word.removeprefix(prefix)) for prefix in PREFIXES if word.startswith(prefix))


def _shortest_behind(head: str) -> int:
    """Return the least length of a word after a prefix: كيان is the name Kayan, not `as` and a Sorani word."""
    return _SHORTEST_STEM + (head in ("ب", "ل", "ك", "ف"))


def _stems(word: str) -> Iterator[tuple[bool, str]]:
    """Yield what may remain of a word without its prefixes, and whether that is long enough to be a word."""
    if word.isascii():
        stems = (word.removesuffix(ending) for ending in _ENGLISH_ENDINGS if word.endswith(ending))
        yield from ((len(stem) >= _SHORTEST_STEM, stem) for stem in stems)
        return
    tails = ["", *(suffix for suffix in SUFFIXES if word.endswith(suffix))]
    for (head, rest), tail in product(_strip_heads(word), tails):
        stem = rest[: len(rest) - len(tail)]
        is_long = len(stem) >= _shortest_behind(head)
        if (head or tail) and len(stem) > 1:
            yield is_long, stem
            if tail and tail != "ه":
                yield is_long, stem + "ه"  # شكوى and شكاوى are two words, قضيتها is قضية


@cache
def _read_typed_words(file: str) -> frozenset[str]:
    """Return the words that a person put into a list."""
    sections = sections_of(_HERE / file)
    lines = [line for name in sections if name not in _NO_WORDS for line in sections[name]]
    particles = {word for words in folded_words_of_each(sections.get(_PARTICLES, [])) for word in words}
    return frozenset(word for words in folded_words_of_each(lines) for word in words) - particles


@cache
def gathered_words() -> frozenset[str]:
    """Return the folded words of our catalogues and cards, as stored in the list.

    A stored list is used, and not the catalogues: otherwise any word added to a page would be accepted from a sender.
    """
    return frozenset(sections_of(GATHERED)["gathered"])


def words_gathered_from(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of texts in the form of the list.

    A word holds no blank, and folding joins none: each run between blanks is examined once, however often it occurs.
    """
    pieces = set[str]().union(*(text.split() for text in texts))
    others = " ".join(piece for piece in pieces if not piece.isascii())
    return frozenset(_LATIN_WORD.findall(" ".join(pieces))) | frozenset(_OTHER_WORD.findall(fold_word(others)))
