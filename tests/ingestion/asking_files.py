"""Exports with words that nothing explains. Every word and record is made up."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from ingestion import intake_lock
from ingestion.entry.file_check import Examination, examine
from ingestion.home import Home
from ingestion.privacy.answer_file import path_beside, write_answers
from ingestion.privacy.asked_texts import distinct_words
from ingestion.privacy.confirmed_words import confirm
from tests.ingestion.workbooks import TODAY, Grid, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"
MARKER = "zqxmarkerqz"
OTHER = "zqxotherqz"
LISTED = "زينب"
"""A given name: alone in a title it is no sure name, and a list of names has it."""


def grid(*words: str, persons: Iterable[int] = (1, 2)) -> Grid:
    """A table of victims whose title holds these words, and states until when: so it is needed, and may be asked."""
    rows = victims(*(victim(number) for number in persons))[:-2]
    rows[0][0] = " ".join(["لغاية 31/10/2024", *words])
    return rows


def asking(*words: str, persons: Iterable[int] = (1, 2)) -> bytes:
    """A workbook of that table, whose parts are not compressed: a copy of any of them is found by its words."""
    return _stored(xlsx({"الضحايا": grid(*words, persons=persons)}))


def look(data: bytes) -> Examination:
    """What the door says of a workbook in a home that knows no word."""
    return examine(data, "export.xlsx", SOURCE, today=TODAY)


def answer(path: Path, data: bytes, *, role: str = "statistics_officer", only: Iterable[str] | None = None) -> None:
    """Write what a sender's desk would: that the asked words, or some of them, name nobody."""
    words = [word for word in distinct_words(look(data).asked) if only is None or word.text in only]
    write_answers(path_beside(path), data, SOURCE, role, words)


def confirm_words(home: Home, data: bytes, *roles: str) -> None:
    """Record what `marsad review words` does where each role says yes to each word."""
    examination = look(data)
    for role in roles:
        with intake_lock.lock(home):
            confirm(home, SOURCE, examination.sha256, distinct_words(examination.asked), by=role, day=TODAY)


def numbered(count: int) -> list[str]:
    """That many different words."""
    return [f"zqx{chr(ord('b') + at)}wordqz" for at in range(count)]


def _stored(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name))
    return stream.getvalue()
