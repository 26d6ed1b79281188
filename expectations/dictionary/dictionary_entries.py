"""The dictionary: every indicator, dimension, code, caveat, source and shape as an entry, with links both ways.

Belongs here: what an entry is, their order, and which entries name which. The entries are made from cards and code
lists (`dictionary_cards.py`), so nothing is written for the dictionary alone.
Does not belong here: layout (`dictionary_page.py`), words (`languages`), or any figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "indicator", "dataset", "dimension", "released_codes", "unit", "caveat", "break", "article", "source", "shape",
    "received_codes",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "indicator", "dataset", "dimension", "released_codes", "unit", "caveat", "break", "article", "source", "shape",
    "received_codes",
)  # fmt: skip


@dataclass(frozen=True)
class EntryLink:
    """A mention of another entry."""

    kind: Kind
    code: str


@dataclass(frozen=True)
class EntryText:
    """A text for readers.

    Attributes:
        key: its key in the catalogue; empty for a text written in English in a card.
        english: the text if it has no key.
        arguments: arguments of the catalogue's text.
        others: language to text, for translations that a card holds itself.
    """

    key: str = ""
    english: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])
    others: Mapping[str, str] = field(default_factory=dict[str, str])


Piece = EntryLink | EntryText | str
"""A part of a fact; a plain string is for machines: a code, a column, a formula."""


@dataclass(frozen=True)
class EntryFact:
    """One line of an entry: its name (label under `dictionary.field.<name>`) and its content."""

    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class EntryCode:
    """One code of a list, one field of a shape, or one rule of a dataset, with its description."""

    code: str
    text: EntryText | None = None
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class DictionaryEntry:
    """One entry.

    Attributes:
        code: its machine name, unique within its kind.
        title: None if the code is its only name.
        codes: the codes that it lists.
        sql: how an indicator is counted.
    """

    kind: Kind
    code: str
    title: EntryText | None = None
    facts: tuple[EntryFact, ...] = ()
    codes: tuple[EntryCode, ...] = ()
    sql: str = ""

    @property
    def anchor(self) -> str:
        """Its anchor in the page: links to it end in `#<anchor>`, links to one of its codes in `#<anchor>.<code>`."""
        return anchor(self.kind, self.code)

    @property
    def links(self) -> tuple[EntryLink, ...]:
        """The entries that it names, each once, in order."""
        pieces = [piece for part in (*self.facts, *self.codes) for piece in part.pieces]
        return tuple(dict.fromkeys(piece for piece in pieces if isinstance(piece, EntryLink)))


def anchor(kind: Kind, code: str) -> str:
    """Return the anchor of an entry in the page."""
    return f"{kind}-{re.sub(r'[^a-z0-9]+', '-', code.lower()).strip('-')}"


def fact(name: str, *pieces: Piece | None) -> Iterator[EntryFact]:
    """Yield a fact; nothing if it has no content."""
    filled = tuple(piece for piece in pieces if piece)
    if filled:
        yield EntryFact(name, filled)


def sort_entries(entries: Iterable[DictionaryEntry]) -> list[DictionaryEntry]:
    """Return entries by kind and code."""
    return sorted(entries, key=lambda entry: (KINDS.index(entry.kind), entry.code))


def invert_links(entries: Iterable[DictionaryEntry]) -> dict[EntryLink, list[EntryLink]]:
    """Return entry -> the entries that name it, in order: every link reversed."""
    naming: dict[EntryLink, list[EntryLink]] = {}
    for entry in entries:
        for link in entry.links:
            if link != (own := EntryLink(entry.kind, entry.code)):
                naming.setdefault(link, []).append(own)
    return naming
