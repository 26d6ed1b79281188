"""The entries of a gettext .po file, as Babel reads them.

Belongs here: what Babel's reader is asked for. Does not belong here: what an entry means to us (`catalogue.py`).

Import this late: it loads dates and time zones too, and English is read without it.
"""

from __future__ import annotations

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser


def read_entries(text: str) -> list[Message]:
    """Return the entries of a .po file in order, its header too (whose `id` is empty); obsolete ones are left out.

    Raises:
        ValueError: a line that is no part of an entry, with its number.
    """
    catalog = _EntriesInOrder()
    try:
        PoFileParser(catalog, ignore_obsolete=True, abort_invalid=True).parse(text.split("\n"))
    except PoFileError as error:
        raise ValueError(f"line {error.lineno + 1}: {error.line}") from error
    return catalog.entries


class _EntriesInOrder(Catalog):
    """A catalogue that holds every entry as written: Babel's own merges duplicates and drops headers unknown to it."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Message] = []

    def __setitem__(self, id: str | tuple[str, ...] | list[str], message: Message) -> None:
        self.entries.append(message)
        if not id:
            super().__setitem__(id, message)  # the header says how many plural forms the language has
