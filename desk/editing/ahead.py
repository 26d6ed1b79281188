"""What an editor's pages are made of, read before the first of them is asked for.

Does not belong here: remembering it (`reports/released/release_memo.py`, `marsad/answers`).
"""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import languages
from marsad.answers import edited_texts
from marsad.answers.previewed_page import preview


def read_ahead(home: Home) -> Thread:
    """Begin to read the report of a home in every language; where none can be made, the pages say why."""
    reader = Thread(target=_read, args=(home,), daemon=True)
    reader.start()
    return reader


def _read(home: Home) -> None:
    with suppress(Refusal):
        edited_texts.list_slots(home)
        for tag in languages():
            preview(home, "index", tag, {})
