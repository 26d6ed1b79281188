"""The chapter "What agencies do not know, and what is still to come": which sections it has, and their order.

Belongs here: the frame. Does not belong here: the content of a section (one module each in this folder).
"""

from __future__ import annotations

from collections.abc import Iterator

from languages.words import Words
from reports.chapters.unseen import court_section, estimate_sections, trend_section
from reports.editions.edition import Chapter, Paragraph
from reports.released.report_model import Report


def unseen_chapter(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the chapter, unless all its sections are empty."""
    sections = (
        *estimate_sections.hidden_section(report, words),
        *estimate_sections.coming_section(report, words),
        *court_section.court_section(report, words),
        *trend_section.trend_section(report, words),
    )
    if sections:
        lead = Paragraph(text=words.text("edition.unseen.lead"), tone="lead")
        yield Chapter(id="unseen", title=words.text("edition.unseen.title"), blocks=(lead,), chapters=sections)
