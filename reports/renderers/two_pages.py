"""The input of Typst for the two pages of an edition, and for the sheet that has their answers in every language.

Belongs here: a summary as data with the frame around it. Nothing on them is drawn.
Does not belong here: how a page looks (`templates/summary.typ`, `templates/sheet.typ`), typesetting (`typesetting.py`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
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
"""Keys of `edition.labels` that both need."""


def pages(edition: Edition) -> Manuscript:
    """Return the two pages of an edition that has a summary.

    Raises:
        Refusal: `print_lacks_letters`.
    """
    return _manuscript("summary.typ", edition, [edition])


def sheet(own: Edition, editions: Sequence[Edition]) -> Manuscript:
    """Return one A3 sheet with the answers in every language, left-to-right languages first.

    Args:
        own: the edition that it belongs to; the file has its title.
        editions: of every language that has a summary.

    Raises:
        Refusal: `print_lacks_letters`.
    """
    ordered = sorted(editions, key=lambda edition: (edition.direction, edition.language))
    return _manuscript("sheet.typ", own, [edition for edition in ordered if edition.summary])


def _manuscript(template: str, own: Edition, editions: Sequence[Edition]) -> Manuscript:
    day = date.fromisoformat(own.date)
    content = {
        "title_plain": pdf.plain_text(f"{own.title} {own.subtitle}"),
        "publisher_plain": pdf.plain_text(own.publisher),
        "language": own.language,
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "languages": [_language(edition) for edition in editions],
    }
    text = json.dumps(readable_text.set_off(content), ensure_ascii=False)
    pdf.refuse_boxes(own, text, {})
    files = {name: (_TEMPLATES / name).read_bytes() for name in ("story.typ", "answers.typ")}
    files |= {"main": (_TEMPLATES / template).read_bytes(), "edition.json": text.encode("utf-8")}
    return Manuscript(files, day, own.direction == "rtl")


def _language(edition: Edition) -> dict[str, Any]:
    return edition.model_dump(mode="json", include=_FRAME) | {"labels": {key: edition.labels[key] for key in LABELS}}
