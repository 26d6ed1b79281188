"""The calendar of a report: when it is published, when the next one is due, who has pre-release access.

Belongs here: the schema of `prose/calendar.yml` in the home, beside the texts of editors, and reading it.
Does not belong here: problems in a calendar that can be read (`checklist.py`), or words.

    published: 2026-06-30
    next_release: 2027-06-30
    embargo_until: 2026-06-30          # left out where there is none
    pre_release_access:                # roles, never persons; published in the report
      - {en: Minister of Interior, ar: وزير الداخلية, ckb: وەزیری ناوخۆ}
"""

from __future__ import annotations

import datetime

from pydantic import Field, field_validator

from expectations.cards.dataset_card import StrictCard, validate_card
from ingestion.home import Home
from languages.catalogue import SOURCE
from reports.editors import editors_card

NAME = "calendar.yml"


class ReleaseCalendar(StrictCard):
    """The dates of an edition.

    Attributes:
        published: the date of the edition.
        next_release: of the next edition; None until it is decided, which the checklist does not accept.
        embargo_until: the first day on which everybody may read it; None without an embargo.
        pre_release_access: roles with pre-release access, each by language, English at least.
    """

    published: datetime.date
    next_release: datetime.date | None = None
    embargo_until: datetime.date | None = None
    pre_release_access: list[dict[str, str]] = Field(default_factory=list[dict[str, str]])

    @field_validator("pre_release_access")
    @classmethod
    def _are_roles(cls, roles: list[dict[str, str]]) -> list[dict[str, str]]:
        if any(not role.get(SOURCE) for role in roles):
            raise ValueError(SOURCE)
        if any(sign in text for role in roles for text in role.values() for sign in "@0123456789"):
            raise ValueError("a role, no address or number")
        return roles

    def roles(self, language: str) -> list[str]:
        """Return the roles with pre-release access, in a language; in English if a role is not translated."""
        return [role.get(language) or role[SOURCE] for role in self.pre_release_access]


def read_calendar(home: Home) -> ReleaseCalendar | None:
    """Return the calendar of a home; None if there is none yet.

    Raises:
        Refusal: `card_invalid` with the field and the nearest known key.
    """
    content = editors_card.read_card(home, NAME)
    return None if content is None else validate_card(ReleaseCalendar, content, where=NAME)
