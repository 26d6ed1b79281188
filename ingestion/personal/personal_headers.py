"""What a header says of its column: that it holds persons' names, numbers, addresses, birth dates, cases, tokens.

Belongs here: how a header is compared with the word lists of `personal_headers.txt`.
Does not belong here: the values under it (`personal_data.py`), the headers that a card expects (`source_card.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from ingestion.personal.name_lexicon import fold_word, sections_of

HeaderKind = Literal["forbidden", "birth", "case_number", "token", "person", "notes", ""]
"""`forbidden`: must be empty. `birth`: no full dates. `case_number`, `token`: pseudonymous IDs or a known word only.
`person`: no given name, not even one alone. `notes`: no given name alone that is nothing else.
"""

_NOTHING: HeaderKind = ""
_KINDS: tuple[HeaderKind, ...] = ("token", "case_number", "birth", "forbidden", "person", "notes")
_FIELD_PREFIX = re.compile(r"^(cas|con|prs|vic)_")  # HTCDS names its fields prs_FirstName
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"^و?ال(?=..)|^و(?=ال)")
_SEPARATORS = re.compile(r"\s*[/\\|()\n]\s*")
_LONGEST = 60


@dataclass(frozen=True)
class _Line:
    kind: HeaderKind
    groups: tuple[frozenset[str], ...]
    words: frozenset[str]

    def fits(self, words: set[str]) -> bool:
        return words <= self.words and all(words & group for group in self.groups)


@lru_cache(maxsize=50_000)
def header_kind(text: str, *, in_parts: bool = False) -> HeaderKind:
    """Return the kind of column that `text` heads, or an empty string.

    Args:
        text: a cell, as typed.
        in_parts: also judge the parts of `الضحية / الاسم` one by one; for cells in rows of headings.
    """
    if len(text) > _LONGEST:
        return _NOTHING
    for part in [text, *_SEPARATORS.split(text)] if in_parts else [text]:
        words = set(_header_words(_CAMEL.sub(" ", _FIELD_PREFIX.sub("", part.strip()))))
        for line in _lines() if words else []:
            if line.fits(words):
                return line.kind
    return _NOTHING


def _header_words(text: str) -> list[str]:
    """Return the folded words without the article, which senders add or omit in headers."""
    return [_ARTICLE.sub("", word) for word in _WORD.findall(fold_word(text).replace("'", "").replace("’", ""))]


@cache
def _lines() -> list[_Line]:
    sections = sections_of(Path(__file__).with_name("personal_headers.txt"))
    return [_line(kind, text) for kind in _KINDS for text in sections[kind]]


def _line(kind: HeaderKind, text: str) -> _Line:
    cores, _, companions = text.partition(":")
    groups = tuple(frozenset(_header_words(group)) for group in cores.split("+"))
    return _Line(kind, groups, frozenset(_header_words(companions)).union(*groups))
