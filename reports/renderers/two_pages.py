"""The input of Typst for the two pages of an edition.

Belongs here: a summary as data with the frame around it. Nothing on them is drawn.
Does not belong here: how a page looks (`templates/summary.typ`), typesetting (`typesetting.py`).
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from reports.editions.edition import Edition
from reports.renderers import pdf, readable_text
from reports.renderers.typesetting import Manuscript

_TEMPLATES = Path(__file__).parents[1] / "templates"
_FRAME = {
    "language", "direction", "numerals", "title", "footer", "banners", "publisher", "publisher_language", "contact",
    "contact_language", "summary",
}  # fmt: skip
LABELS = ("sheet_contact",)
"""Keys of `edition.labels` that they need."""


def pages(edition: Edition) -> Manuscript:
    """Return the two pages of an edition that has a summary.

    Raises:
        Refusal: `print_lacks_letters`.
    """
    day = date.fromisoformat(edition.date)
    content = {
        "title_plain": pdf.plain_text(f"{edition.title} {edition.subtitle}"),
        "publisher_plain": pdf.plain_text(edition.publisher),
        "language": edition.language,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "languages": [_language(edition)],
    }
    text = json.dumps(readable_text.set_off(content), ensure_ascii=False)
    pdf.refuse_boxes(edition, text, {})
    files = {name: (_TEMPLATES / name).read_bytes() for name in ("story.typ", "answers.typ")}
    files |= {"main": (_TEMPLATES / "summary.typ").read_bytes(), "edition.json": text.encode("utf-8")}
    return Manuscript(files, day, edition.direction == "rtl")


def _language(edition: Edition) -> dict[str, Any]:
    return edition.model_dump(mode="json", include=_FRAME) | {"labels": {key: edition.labels[key] for key in LABELS}}
