"""Code-list words as written in a hurry: without the article, run together, with the capital after the governorate.

Belongs here: which variations of a word still mean that word, and the spellings that are listed for it
(`spellings.yml`). Does not belong here: the lists (`codes/`), nationalities (`nationalities.py`), misspelt words,
which are never read (`folding.nearest_word`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ingestion.cards.source_card import read_yaml
from ingestion.text.folding import fold

_ARTICLE = re.compile(r"(?:^|(?<= ))(?:ال(?=\S\S)|(?:al|an|as|at|ad|el|ud|ul)[ -](?=\w))")
_JOINTS = re.compile(r"[\s'’`_-]+")
_BESIDE = re.compile(r" ?[-–—/(،,] ?")
_Words = Mapping[str, str]


def loose_words(words: _Words, code_list: str) -> _Words:
    """Return squeezed form -> code for a list's words and other spellings; a form that two codes share is left out."""
    codes_of: dict[str, set[str]] = {}
    for word, code in (*words.items(), *((word, code) for code, several in _spellings(code_list) for word in several)):
        for form in _squeeze(word):
            codes_of.setdefault(form, set()).add(code)
    return {form: codes.pop() for form, codes in codes_of.items() if len(codes) == 1 and len(form) > 1}


def loose_code(text: str, loose: _Words) -> str | None:
    """Return the code that a text certainly means, or None.

    One word, or several side by side that all mean the same: `نينوى - الموصل`, `Basra (البصرة)`.
    """
    form = fold(text)
    parts = [part for part in _BESIDE.split(form.replace(")", "")) if part]
    codes = {_code_of(part, loose) for part in parts}
    return _code_of(form, loose) or (codes.pop() if len(codes) == 1 else None)


def _code_of(text: str, loose: _Words) -> str | None:
    codes = {loose[form] for form in _squeeze(text) if form in loose}
    return codes.pop() if len(codes) == 1 else None


def _squeeze(text: str) -> set[str]:
    """Return the folded forms without joiners and Latin diacritics, with and without articles."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", fold(text)) if not unicodedata.combining(sign))
    return {_JOINTS.sub("", form) for form in (plain, _ARTICLE.sub("", plain))}


def _spellings(code_list: str) -> list[tuple[str, list[str]]]:
    return list(_read_spellings().get(code_list, {}).items())


@cache
def _read_spellings() -> Mapping[str, Mapping[str, list[str]]]:
    return read_yaml(Path(__file__).with_name("spellings.yml"))
