"""Build the edition of a report in one language.

Belongs here: which chapters there are and their order, the frame around them (title, footer, banners, labels).
Does not belong here: the content of a chapter (`chapters/`), how it looks (the renderers).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from languages import catalogue, dates
from languages.words import Words, isolate, placeholders
from reports.chapters import (
    children,
    closing,
    front,
    indicators,
    law,
    method,
    opening,
    outlook,
    reconciled,
    regions,
    who_reported,
)
from reports.chapters.story import tell_story
from reports.chapters.summary import summary_pages
from reports.chapters.unseen import unseen_chapter
from reports.editions.edition import Banner, Chapter, DefinedTerm, Edition, IndexedQuestion, ItemList, Paragraph
from reports.editors import contact, prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.editors.prose import EditorText, Part
from reports.phrases import wording
from reports.phrases.spoken import words_of_edition
from reports.questions.answer_card import answer_cards
from reports.released.release_memo import once_in_language
from reports.released.report_model import Report

_LABEL = "edition.label."


def edition(report: Report, words: Words, matter: EditorialInputs | None = None) -> Edition:
    """Return the edition of a report in one language; the same report, words and matter give the same edition.

    Args:
        report: the model of what was released.
        words: of the language.
        matter: its content beside the releases (`read_inputs`); only the version of the code if left out.
    """
    inputs = matter or EditorialInputs()
    without_chapters = front_matter(report, words, inputs)
    profiles = tuple(indicators.profiles(report, without_chapters.cite, words_of_edition(words)))
    return without_chapters.model_copy(update={"chapters": chapters(report, inputs, words), "profiles": profiles})


def _questions(report: Report, words: Words) -> Iterator[IndexedQuestion]:
    """Yield the question of each card whose indicator is released."""
    released = {section.indicator for section in report.sections}
    for key, card in answer_cards().items():
        if card.answer.indicator in released:
            yield IndexedQuestion(key=key, text=words.text(f"answer.{key}.question"), code=card.answer.indicator)


def front_matter(report: Report, words: Words, matter: EditorialInputs) -> Edition:
    """Return an edition without its chapters: the frame, the answers, the two pages, the story, the monitor.

    Args:
        report: the model of what was released.
        words: of the language.
        matter: its content beside the releases.
    """
    words = words_of_edition(words)
    first, last = report.first_reported_year, report.years[-1]
    lead = report.headline or report.releases[0]
    publisher, publisher_language = _isolate_text(wording.publisher(lead, words), words)
    asked, asked_in = _isolate_text(contact.contact_in(matter.contact, words.tag, wording.contact(lead)[1]), words)
    return Edition(
        report=report.id,
        language=words.tag,
        direction=words.direction,
        numerals=words.numerals,
        title=words.text("page.title"),
        subtitle=words.text("page.subtitle", first=dates.year(words, first), last=dates.year(words, last)),
        footer=words.text("edition.footer", number=report.id, code=matter.code),
        publisher=publisher,
        publisher_language=publisher_language,
        date=matter.calendar.published.isoformat() if matter.calendar else f"{last}-12-31",
        banners=tuple(_banners(report, words)),
        answers=front.answers(report, words),
        chapters=(),
        labels=labels(words),
        contact=asked,
        contact_language=asked_in,
        questions=tuple(_questions(report, words)),
        summary=summary_pages.summary(report, words),
        story=tell_story.story(report, matter, words),
        monitor=law.law_monitor(report, matter, words),
        datasets=tuple(
            DefinedTerm(term=release.dataset, text=words.text(f"dataset.{release.dataset}.title"))
            for release in report.releases
            if "data.csv" in release.manifest["files"] and f"dataset.{release.dataset}.title" in words
        ),
        versions=tuple(
            DefinedTerm(term=version.dataset, text=version.version, machine=True) for version in report.versions
        ),
        dates=tuple(_dates(matter, words)),
        cite=words.text(
            "briefing.cite",
            publisher=publisher,
            year=dates.year(words, (matter.calendar.published.isoformat() if matter.calendar else last)[:4]),
            title=words.text("page.title"),
            period=words.text("page.subtitle", first=dates.year(words, first), last=dates.year(words, last)),
            release=report.id,
        ),
    )


def _dates(matter: EditorialInputs, words: Words) -> Iterator[DefinedTerm]:
    calendar = matter.calendar
    days = {"published": calendar.published, "next": calendar.next_release} if calendar else {}
    for name, day in days.items():
        if day:
            yield DefinedTerm(term=words.text(f"edition.calendar.{name}"), text=dates.day(words, day.isoformat()))


def _isolate_text(text_and_language: tuple[str, str], words: Words) -> tuple[str, str]:
    """Return a text and the tag of its language; isolated, so that it cannot reverse the text around it."""
    text, language = text_and_language
    is_foreign = bool(text) and language != words.tag and words.direction == "rtl"
    return isolate(text) if is_foreign else text, language if text else ""


def labels(words: Words) -> dict[str, str]:
    """Return the words that renderers print around the blocks, by key without `edition.label.`.

    Placeholders stay (`{page}`), isolated if the language needs it; each plural form becomes a label of its own:
    `hits.one`, `hits.other`.
    """
    by_name: dict[str, str] = {}
    for key in (key for key in words.messages if key.startswith(_LABEL)):
        name, message = key.removeprefix(_LABEL), words.messages[key]
        if message.is_plural:
            forms = catalogue.plural_forms(words.tag)
            by_name |= {
                f"{name}.{form}": text for form, text in zip(forms, message.text or message.english, strict=True)
            }
        else:
            slots = {place: f"{{{place}}}" for place in placeholders(message.english[0])}
            by_name[name] = words.text(key, **slots)
    return dict(sorted(by_name.items()))


def chapters(report: Report, matter: EditorialInputs, words: Words) -> tuple[Chapter, ...]:
    """Return the chapters of an edition in their order, each headed by what editors wrote for it."""
    words = words_of_edition(words)
    main_chapters = tuple(_chapters(report, matter, words))
    whole = (
        *main_chapters,
        outlook.about_edition(report, matter, words),
        closing.provenance_chapter(report, matter, words),
    )
    written = {
        text.chapter: prose_figures.fill_figures(text, report, words)
        for text in matter.prose
        if text.language == words.tag
    }
    return tuple(_with_prose(chapter, written, words) for chapter in whole)


def _chapters(report: Report, matter: EditorialInputs, words: Words) -> Iterator[Chapter]:
    yield from _of_figures(report, words)
    yield from law.law_chapter(law.law_monitor(report, matter, words), words)
    yield from _of_coverage(report, words)
    yield from reconciled.reconciled_chapter(matter, words)
    yield from _of_methods(report, words)


@once_in_language
def _of_figures(report: Report, words: Words) -> tuple[Chapter, ...]:
    return (
        *opening.key_results(report, words),
        *opening.demands(report, words),
        *opening.charts(report, words),
        *children.children(report, words),
        *indicators.pillar_chapters(report, words),
        *indicators.further_chapters(report, words),
    )


@once_in_language
def _of_coverage(report: Report, words: Words) -> tuple[Chapter, ...]:
    return (
        *regions.compare_regions(report, words),
        *unseen_chapter.unseen_chapter(report, words),
        *who_reported.reporting_chapter(report, words),
    )


@once_in_language
def _of_methods(report: Report, words: Words) -> tuple[Chapter, ...]:
    return (method.method(report, words), method.changes(report, words), closing.reading_chapter(report, words))


def _with_prose(chapter: Chapter, written: Mapping[str, EditorText], words: Words) -> Chapter:
    below = tuple(_with_prose(section, written, words) for section in chapter.chapters)
    text = written.get(chapter.id)
    blocks = (*(_block(part, words) for part in text.parts), *chapter.blocks) if text else chapter.blocks
    return chapter.model_copy(update={"chapters": below, "blocks": blocks})


def _block(part: Part, words: Words) -> Paragraph | ItemList:
    if isinstance(part, str):
        return Paragraph(text=part, tone="prose")
    return ItemList(label=words.text("edition.prose.list"), texts=part)


def _banners(report: Report, words: Words) -> Iterator[Banner]:
    if report.is_invented:
        yield Banner(kind="invented", text=words.text("edition.invented"))
    if not words.is_reviewed:
        yield Banner(kind="review", text=words.text("page.awaits_review"))
    if report.signed_by != "two":
        yield Banner(kind="signing", text=words.text(f"edition.signed_by.{report.signed_by}"))
    for notice in report.notices:
        yield Banner(kind="withdrawn", text=wording.withdrawal_notice(notice, words))
