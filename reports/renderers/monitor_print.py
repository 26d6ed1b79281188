"""The input of Typst for the print of the monitor of the law.

Belongs here: the monitor of an edition as data. Does not belong here: how a page looks (`templates/monitor.typ`), the
texts (`reports/chapters/law.py`), typesetting (`typesetting.py`).
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from reports.editions.edition import Edition
from reports.renderers import pdf, readable_text
from reports.renderers.typesetting import Manuscript

_TEMPLATES = Path(__file__).parents[1] / "templates"
_FRAME = {
    "language", "direction", "numerals", "title", "subtitle", "footer", "banners", "publisher", "publisher_language",
    "contact", "contact_language", "monitor",
}  # fmt: skip
LABELS = (
    "page", "sheet_contact", "monitor_question", "monitor_ordered", "monitor_duty", "monitor_counts",
    "monitor_counts_note", "monitor_answer", "monitor_statements", "monitor_recommendation",
)  # fmt: skip
"""Keys of `edition.labels` that the print needs."""


def manuscript(edition: Edition) -> Manuscript:
    """Return the print of an edition that has a monitor.

    Raises:
        Refusal: `print_lacks_letters`.
    """
    day = date.fromisoformat(edition.date)
    title = edition.monitor.title if edition.monitor else edition.title
    content = edition.model_dump(mode="json", include=_FRAME) | {
        "title_plain": pdf.plain_text(f"{title} {edition.subtitle}"),
        "publisher_plain": pdf.plain_text(edition.publisher),
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "labels": {key: edition.labels[key] for key in LABELS},
    }
    text = json.dumps(readable_text.set_off(content), ensure_ascii=False)
    pdf.refuse_boxes(edition, text, {})
    files = {
        "main": (_TEMPLATES / "monitor.typ").read_bytes(),
        "story.typ": (_TEMPLATES / "story.typ").read_bytes(),
        "edition.json": text.encode("utf-8"),
    }
    return Manuscript(files, day, edition.direction == "rtl")


def properties(edition: Edition) -> set[str]:
    """Return the document properties of the print that no other print of the edition has."""
    return {pdf.plain_text(f"{edition.monitor.title} {edition.subtitle}")} if edition.monitor else set()
