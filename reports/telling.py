"""Telling: one report and one language become an edition.

Belongs here: which chapters there are and their order, the frame around them (title, footer, banners, labels).
Does not belong here: what stands in a chapter (`chapters/`), how it looks (the renderers).
"""

from __future__ import annotations

from collections.abc import Iterator

from languages import catalogue, dates
from languages.words import Words, placeholders
from reports import wording
from reports.chapters import closing, front, indicators, opening
from reports.edition import Banner, Chapter, Edition
from reports.model import Notice, Report

_LABEL = "edition.label."


def edition(report: Report, words: Words) -> Edition:
    """Return the edition of a report in one language; the same report and words give the same edition."""
    first, last = report.years[0], report.years[-1]
    lead = report.headline or report.releases[0]
    return Edition(
        report=report.id,
        language=words.tag,
        direction=words.direction,
        numerals=words.numerals,
        title=words.text("page.title"),
        subtitle=words.text("page.subtitle", first=dates.year(words, first), last=dates.year(words, last)),
        footer=words.text("edition.footer", version=lead.version),
        publisher=wording.contact(lead)[0],
        date=f"{last}-12-31",
        banners=tuple(_banners(report, words)),
        answers=front.answers(report, words),
        chapters=tuple(_chapters(report, words)),
        labels=labels(words),
    )


def labels(words: Words) -> dict[str, str]:
    """Return the words that renderers print around the blocks, by key without `edition.label.`.

    A placeholder stays one (`{page}`), in its isolate where a language needs it; of a label with plural forms each form
    is a label of its own: `hits.one`, `hits.other`.
    """
    found: dict[str, str] = {}
    for key, message in words.messages.items():
        if key.startswith(_LABEL):
            name = key.removeprefix(_LABEL)
            if message.is_plural:
                forms = catalogue.plural_forms(words.tag)
                found |= {
                    f"{name}.{form}": text for form, text in zip(forms, message.text or message.english, strict=True)
                }
            else:
                kept = {place: f"{{{place}}}" for place in placeholders(message.english[0])}
                found[name] = words.text(key, **kept)
    return dict(sorted(found.items()))


def _chapters(report: Report, words: Words) -> Iterator[Chapter]:
    yield from opening.key_results(report, words)
    yield from opening.demands(report, words)
    yield from opening.charts(report, words)
    yield from indicators.pillars(report, words)
    yield from indicators.further(report, words)
    yield from closing.coverage(report, words)
    yield from closing.changes(report, words)
    yield closing.reading(report, words)
    yield closing.provenance(report, words)


def _banners(report: Report, words: Words) -> Iterator[Banner]:
    if report.is_invented:
        yield Banner(kind="invented", text=words.text("edition.invented"))
    if not words.is_reviewed:
        yield Banner(kind="review", text=words.text("page.awaits_review"))
    for notice in report.notices:
        yield Banner(kind="withdrawn", text=_withdrawn(notice, words))


def _withdrawn(notice: Notice, words: Words) -> str:
    said = words.text(
        "page.withdrawn.item",
        title=words.text(f"dataset.{notice.dataset}.title"),
        version=notice.version,
        date=dates.day(words, notice.date),
        reason=notice.reason,
    )
    later = words.text("page.withdrawn.corrected", version=notice.corrected_by) if notice.corrected_by else ""
    return f"{said} {later}".strip()
