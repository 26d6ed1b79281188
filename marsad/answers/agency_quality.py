"""How good each agency's data is, as of the last build, and a page for the agency.

Does not belong here: the measures (`ingestion/quality/quality_measures.py`), what the page shows
(`ingestion/quality/quality_page.py`), which published figures it includes (`reports/senders/sender_page.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.cards.source_card import load_source, source_names
from ingestion.home import Home, write_bytes
from ingestion.people.acts_log import log_look
from ingestion.quality.quality_measures import BodyQuality, quality_of
from ingestion.quality.quality_page import quality_page
from ingestion.submissions.submission_history import sent_files
from languages.words import Words
from marsad.answers.answer_forms import page_path

if TYPE_CHECKING:
    from reports.released.report_model import Report


def measure_quality(
    home: Home, source: str | None, today: datetime.date, tell: Callable[[str], None] = lambda _step: None
) -> list[BodyQuality]:
    """Return the data quality of one agency, or of each."""
    return quality_of(home, [source] if source else source_names(), today, tell)


def write_quality_pages(home: Home, bodies: Sequence[BodyQuality], page: Path, language: str | None) -> dict[str, Path]:
    """Write the page of each agency, in its language unless another is named, and return their paths by source.

    `page` is an .html file for one agency alone, or a folder.
    """
    from reports.released import report_model  # released files are read once for all agencies

    report = report_model.load(home) if report_model.is_anything_out(home) else None
    return {body.source: _write_page(home, body, page, language, report, alone=len(bodies) == 1) for body in bodies}


def look_at_quality(home: Home, person: str, source: str, today: datetime.date, language: str | None) -> str:
    """Return the page of one agency, in its language unless another is named: a look, which is logged before.

    Args:
        home: whose files are measured.
        person: who looks; by default the account of the machine.
        source: the agency.
        today: the day by which missing deliveries are late.
        language: of the page.

    Raises:
        Refusal: `unknown_source`, `language_unknown`, `look_not_logged`.
    """
    from reports.released import report_model

    words = _words_of(source, language)
    log_look(home, person, f"quality {source}")
    report = report_model.load(home) if report_model.is_anything_out(home) else None
    return _page(home, measure_quality(home, source, today)[0], words, report)


def _write_page(
    home: Home, quality: BodyQuality, page: Path, language: str | None, report: Report | None, *, alone: bool
) -> Path:
    words = _words_of(quality.source, language)
    path = page_path(page, f"quality-{quality.source}.{words.tag}.html", alone=alone)
    write_bytes(path, _page(home, quality, words, report).encode("utf-8"))
    return path


def _words_of(source: str, language: str | None) -> Words:
    return Words.load(language or load_source(source).language)


def _page(home: Home, quality: BodyQuality, words: Words, report: Report | None) -> str:
    from reports.senders.sender_page import compare_records

    return quality_page(
        quality,
        words,
        is_invented=home.is_invented,
        files=sent_files(home, quality.source),
        comparison=compare_records(report, quality, words) if report else None,
    )
