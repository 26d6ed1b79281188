"""The days of the next publication, which editors keep in `prose/calendar.yml`: read and written.

Does not belong here: what the days must be (`reports/editors/checklist.py`), or publishing (`acting.py`).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import yaml

from expectations.cards.dataset_card import validate_card
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from marsad.answers.edited_texts import version_of
from reports.editors import editing_log, release_calendar
from reports.editors.release_calendar import NAME, ReleaseCalendar


@dataclass(frozen=True)
class PublicationDays:
    """The days of a publication, ISO; empty where none is set.

    Attributes:
        published: the day that the report bears.
        next_release: of the next one.
        embargo_until: the first day on which everybody may read it.
        roles: who may read it before, in English.
        version: of the file; saving names the one that was opened.
    """

    published: str
    next_release: str
    embargo_until: str
    roles: tuple[str, ...]
    version: str


def read_days(home: Home) -> PublicationDays:
    """Return the days of a home.

    Raises:
        Refusal: `card_invalid`.
    """
    calendar = release_calendar.read_calendar(home)
    version = version_of(_stored(home))
    if calendar is None:
        return PublicationDays("", "", "", (), version)
    days = (calendar.published, calendar.next_release, calendar.embargo_until)
    published, following, embargo = (day.isoformat() if day else "" for day in days)
    return PublicationDays(published, following, embargo, tuple(calendar.roles("en")), version)


def save_days(home: Home, person: str, days: PublicationDays) -> None:
    """Write the days, and log who did; who may read the report before stays as it is.

    Raises:
        Refusal: `card_invalid` for a day that is none; `prose_changed_since`; `lock_held`.
    """
    with home.lock("marsad report"):
        before = release_calendar.read_calendar(home)
        content = {
            name: _day(name, text)
            for name, text in (
                ("published", days.published),
                ("next_release", days.next_release),
                ("embargo_until", days.embargo_until),
            )
            if text.strip()
        }
        roles = {"pre_release_access": before.pre_release_access} if before and before.pre_release_access else {}
        validate_card(ReleaseCalendar, content | roles, where=NAME)
        text, stored = yaml.safe_dump(content | roles, allow_unicode=True, sort_keys=False), _stored(home)
        if text == stored:  # the button was pressed twice
            return
        if version_of(stored) != days.version:
            raise Refusal("prose_changed_since", where=NAME, person="-", at="-")
        editing_log.append(home, "saved", person, NAME, "", version_of(text))
        write_bytes(home.prose / NAME, text.encode("utf-8"))


def _day(field: str, text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refusal("card_invalid", where=NAME, field=field, problem="no day", nearest="2026-06-30") from error


def _stored(home: Home) -> str:
    path = home.prose / NAME
    return path.read_text(encoding="utf-8") if path.exists() else ""
