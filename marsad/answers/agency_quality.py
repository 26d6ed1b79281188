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


def _write_page(
    home: Home, quality: BodyQuality, page: Path, language: str | None, report: Report | None, *, alone: bool
) -> Path:
    from reports.senders.sender_page import compare_records

    words = Words.load(language or load_source(quality.source).language)
    path = page_path(page, f"quality-{quality.source}.{words.tag}.html", alone=alone)
    html = quality_page(
        quality,
        words,
        is_invented=home.is_invented,
        files=sent_files(home, quality.source),
        comparison=compare_records(report, quality, words) if report else None,
    )
    write_bytes(path, html.encode("utf-8"))
    return path
