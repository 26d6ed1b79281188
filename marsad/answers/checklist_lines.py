"""The publishing checklist in words, and what keeps single texts out of the report.

Does not belong here: the checks (`reports/editors/checklist.py`), or writing a report (`written_report.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from ingestion.home import Home
from languages.words import Words, languages
from reports.editors import checklist, written_sentences
from reports.editors.checklist import ChecklistItem, Level
from reports.publishing import publish_report
from reports.released.release_memo import previewing


@dataclass(frozen=True)
class ChecklistLine:
    """One thing to do (`must`) or to know (`watch`) before publication: where, and its sentence.

    `sentence` is the hash of one that somebody wrote and a second person has to read; empty on other lines.
    """

    level: Level
    code: str
    where: str
    message: str
    sentence: str = ""

    @property
    def file(self) -> str:
        """The file of `prose/` that it is about."""
        return self.where.removeprefix("prose/")

    @property
    def without_place(self) -> str:
        """The sentence without the file that it begins with, for a page that shows the text itself."""
        place, colon, rest = self.message.partition(": ")
        return rest if colon and self.where in place else self.message


def in_words(items: Iterable[ChecklistItem], words: Words, place: str = "") -> list[ChecklistLine]:
    """Return items as lines in a language; as `item_sentence`."""
    return [
        ChecklistLine(
            item.level,
            item.code,
            item.where,
            checklist.item_sentence(item, words, place),
            written_sentences.hash_of(str(item.arguments["sentence"])) if item.waits_for_a_look else "",
        )
        for item in items
    ]


def checklist_lines(home: Home, words: Words, *, is_pre_release: bool = False, place: str = "") -> list[ChecklistLine]:
    """Return what is to be done or known before the report is published today in every language, blocking lines first.

    As `item_sentence` with a `place`.

    Raises:
        Refusal: as `publish_report.readiness`.
    """
    today = datetime.datetime.now(tz=datetime.UTC).date()
    with previewing():
        ready = publish_report.readiness(home, languages(), today=today, is_pre_release=is_pre_release)
    return in_words(ready.items, words, place)
