"""The edition about itself: remarks, the next release, the contact, how to cite it.

Belongs here: the blocks of these sections. Does not belong here: finding the remarks
(`reports/editors/checklist.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from languages import dates
from languages.words import Words
from reports.chapters import printed
from reports.editions.edition import Block, Chapter, DefinedTerm, ItemList, Paragraph, TermList
from reports.editors import checklist, contact
from reports.editors.editorial_inputs import EditorialInputs
from reports.phrases import wording
from reports.released.report_model import Report


def about_edition(report: Report, matter: EditorialInputs, words: Words) -> Chapter:
    """Return the chapter on the edition itself."""
    sections = (
        _remarks(report, matter, words),
        *_calendar(matter, words),
        _contact(report, matter, words),
        _citation(report, matter, words),
    )
    return Chapter(id="about", title=words.text("edition.about.title"), chapters=sections)


def _remarks(report: Report, matter: EditorialInputs, words: Words) -> Chapter:
    sentences = [checklist.item_sentence(remark, words) for remark in checklist.remarks(report, matter, words)]
    if sentences:
        return _section("remarks", [ItemList(label=words.text("edition.about.remarks"), texts=tuple(sentences))], words)
    return _section("remarks", [Paragraph(text=words.text("edition.about.nothing"))], words)


def _calendar(matter: EditorialInputs, words: Words) -> Iterator[Chapter]:
    calendar = matter.calendar
    if calendar is None:
        return
    days = {"published": calendar.published, "next": calendar.next_release, "embargo": calendar.embargo_until}
    entries = tuple(
        DefinedTerm(term=words.text(f"edition.calendar.{name}"), text=dates.day(words, day.isoformat()))
        for name, day in days.items()
        if day
    )
    roles = tuple(calendar.roles(words.tag))
    blocks: list[Block] = [TermList(entries=entries)]
    if roles:
        blocks.append(ItemList(label=words.text("edition.calendar.access"), texts=roles, is_titled=True))
    else:
        blocks.append(Paragraph(text=words.text("edition.calendar.nobody")))
    yield _section("calendar", blocks, words)


def _contact(report: Report, matter: EditorialInputs, words: Words) -> Chapter:
    text, language = contact.contact_in(matter.contact, words.tag)
    asked = (
        [DefinedTerm(term=words.text("edition.label.sheet_contact"), text=text, machine=language != words.tag)]
        if text
        else []
    )
    entries = tuple(dict.fromkeys([*asked, *(printed.contact(release, words) for release in report.releases)]))
    return _section("contact", [Paragraph(text=words.text("edition.contact.text")), TermList(entries=entries)], words)


def _citation(report: Report, matter: EditorialInputs, words: Words) -> Chapter:
    entries = tuple(
        DefinedTerm(term=words.text(f"dataset.{release.dataset}.title"), text=text, machine=True)
        for release, text in zip(report.releases, citations(report, matter), strict=True)
    )
    intro = Paragraph(text=words.text("edition.citation.text"))
    return _section("citation", [intro, TermList(entries=entries)], words)


def citations(report: Report, matter: EditorialInputs) -> list[str]:
    """Return the citation of each dataset, the same in every language: publisher, year, title, version, licence."""
    lines: list[str] = []
    for release in report.releases:
        publisher, _ = wording.contact(release)
        title = str(release.package.get("title", release.dataset))
        licence, path = wording.licence(release)
        year = matter.calendar.published.year if matter.calendar else release.period[1]
        lines.append(f"{publisher} ({year}). {title}. Version {release.version}. {licence}. {path}".rstrip())
    return lines


def _section(name: str, blocks: Sequence[Block], words: Words) -> Chapter:
    return Chapter(id=f"about-{name}", title=words.text(f"edition.about.{name}"), blocks=tuple(blocks))
