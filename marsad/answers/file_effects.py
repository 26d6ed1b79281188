"""What a file would change, in words: the rows that will count afterwards, and those that no longer will.

Belongs here: one sentence for each fact. Does not belong here: which file is in force (`ingestion/submissions/`), the
rows that changed one by one (`sent_file.py`), where an answer is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingestion.cards.headings import LANGUAGES, sheet_of
from ingestion.submissions.files_in_force import CountedPeriod, PeriodEffect
from languages import dates
from languages.words import Words


def effect_lines(effects: Iterable[PeriodEffect], words: Words) -> Iterator[str]:
    """Yield for each kind of record and year what will count, and each earlier file that changes or stays."""
    tag = words.tag if words.tag in LANGUAGES else "en"
    for effect in effects:
        table, year = sheet_of(effect.shape, tag), dates.year(words, effect.period)
        yield words.text("effect.after", table=table, year=year, rows=effect.rows_after, own=effect.rows)
        for key, entries in (("gone", effect.gone), ("beside", effect.beside), ("back", effect.back)):
            for entry in entries:
                yield _line(f"effect.{key}", entry, words)


def _line(key: str, entry: CountedPeriod, words: Words) -> str:
    number = dates.year(words, entry.receipt.n)  # a register number has no thousands separators
    day = dates.day(words, entry.receipt.sent_date.isoformat())
    return words.text(key, number=number, day=day, rows=entry.rows)
