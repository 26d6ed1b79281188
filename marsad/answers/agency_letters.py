"""What an agency is sent before publication, as a page in its language: the rows of the monitor that name it.

Does not belong here: which rows those are (`reports/senders/agency_letter.py`), what an agency owes
(`owed_deliveries.py`).
"""

from __future__ import annotations

from ingestion.home import Home
from languages.words import Words
from reports.answers.law_duties import named_agencies
from reports.editors import agency_comments, release_calendar
from reports.released import report_model
from reports.senders.agency_letter import agency_letter


def gets_letter(agency: str) -> bool:
    """Return whether rows of the monitor may name an agency."""
    return agency in named_agencies()


def letter_page(home: Home, agency: str, language: str | None) -> str:
    """Return the page with the rows that name an agency, in its language unless another is named.

    Raises:
        Refusal: `agency_unknown`, `language_unknown`, or as `report_model.load`.
    """
    calendar = release_calendar.read_calendar(home)
    words = Words.load(language or agency_comments.language_of(agency))
    return agency_letter(report_model.load(home), agency, words, published=calendar.published if calendar else None)
