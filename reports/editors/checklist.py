"""The publishing checklist: what blocks an edition, and what is printed in its notes.

Belongs here: finding the items. `must` blocks publishing; `watch` blocks nothing and is printed in the edition. An item
never repeats a value of a release, and of an editor's text only the sentence in which a number stands.
Does not belong here: the sentences (`checklist.<code>` in the catalogues), or publishing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from expectations.cards.cells import DIMENSIONS, RECEIVED, TOTAL
from ingestion.text.folding import nearest_word_or_all
from languages import dates
from languages.numbers import number, percent
from languages.words import Words, gaps, languages
from reports.answers import answer_sentences
from reports.answers.found_answers import answers_of, standards_of
from reports.answers.law_duties import named_agencies
from reports.editions.edition import (
    Chapter,
    ChartBlock,
    DrawnBlock,
    Edition,
    MapBlock,
    ResultList,
    TableBlock,
    TermList,
)
from reports.editions.printed_parts import PictureBlock
from reports.editors import agency_comments, contact, prose, prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.phrases import wording
from reports.questions.answer_card import answer_cards
from reports.released.release_memo import once
from reports.released.released_tables import sort_codes
from reports.released.report_model import Report, ReportedRelease

Level = Literal["must", "watch"]
_SAID: Mapping[str, Callable[[str, Words], str]] = {
    "dataset": lambda code, words: words.text(f"dataset.{code}.title"),
    "year": lambda year, words: dates.year(words, year),
    "date": lambda day, words: dates.day(words, day),
    "area": wording.area,
    "indicators": lambda codes, words: wording.list_texts(
        (wording.title(code, words) for code in codes.split()), words
    ),
    "figure": lambda figure, words: _figure(figure, words),
    "language": lambda tag, _words: Words.load(tag).text("language.name"),
    "questions": lambda keys, words: _quoted_questions(keys.split(), words),
    "agencies": lambda codes, words: answer_sentences.agencies_words(codes.split(), words),
}
_LAW = "law-28"  # the chapter that prints comments and recommendations
_LEAST_FIGURE = 10
"""A smaller number in a text on a whole chapter is read by a second person, whether the chapter prints it or not."""
_CALENDAR = "prose/calendar.yml"
_CONTACT = f"prose/{contact.NAME}"
_SENT = f"prose/{agency_comments.NAME}"


@dataclass(frozen=True)
class ChecklistItem:
    """One thing to do or to know before an edition is published.

    Attributes:
        level: `must` blocks, `watch` is printed.
        code: key of its sentence: `checklist.<code>`.
        where: file, dataset, language or area that it is about; empty for the edition as a whole.
        arguments: of its sentence, as codes and dates that `item_sentence` puts into words; the same in every language.
    """

    level: Level
    code: str
    where: str = ""
    arguments: Mapping[str, str | float] = field(default_factory=dict[str, str | float])

    @property
    def keeps_out(self) -> bool:
        """Whether a text is not even saved or shown; a number in it waits for a second person instead."""
        return self.level == "must" and not self.waits_for_a_look

    @property
    def waits_for_a_look(self) -> bool:
        """Whether it is about a sentence that a second person has to look at."""
        return self.code in ("prose_number", "prose_number_alone")


def checklist(
    report: Report,
    editions: Sequence[Edition],
    matter: EditorialInputs,
    *,
    today: datetime.date,
    is_pre_release: bool = False,
) -> list[ChecklistItem]:
    """Return what is to be done or known before these editions are published: blocking items first, each once.

    Args:
        report: the model behind them.
        editions: one a language, as they would be published.
        matter: their content beside the releases.
        today: the day of publishing.
        is_pre_release: whether they go only to those with pre-release access.
    """
    return in_order([*due_dates(matter, today, is_pre_release), *undated_items(report, editions, matter)])


def undated_items(report: Report, editions: Sequence[Edition], matter: EditorialInputs) -> list[ChecklistItem]:
    """Return what is to be done or known on whatever day these editions are published; as `checklist`."""
    items = [*_withdrawn_items(report), *_prose_files(report, editions, matter)]
    items += [*_prose_figures(report, matter), *_comments(matter)]
    for edition in editions:
        words = Words.load(edition.language)
        items += [*_alternatives(edition), *remarks(report, matter, words)]
        items += _numbers(report, edition.chapters, matter, words)
    return [*items, *_standards(report)]


def in_order(items: Iterable[ChecklistItem]) -> list[ChecklistItem]:
    """Return each item once, blocking ones first."""
    unique = {(item.code, item.where, str(sorted(item.arguments.items()))): item for item in items}
    return sorted(unique.values(), key=lambda item: item.level != "must")


def text_items(report: Report, edition: Edition, matter: EditorialInputs) -> Iterator[ChecklistItem]:
    """Yield the items on the editors' texts of one edition: texts that are not placed come first."""
    yield from _prose_files(report, [edition], matter)
    yield from _prose_figures(report, matter)
    yield from _comments(matter)
    yield from _numbers(report, edition.chapters, matter, Words.load(edition.language))


def remarks(report: Report, matter: EditorialInputs, words: Words) -> Iterator[ChecklistItem]:
    """Yield what a reader of an edition should know; it does not depend on the day, so it can be printed."""
    yield from _words(words)
    yield from _contact(report, matter, words)
    for notice in report.notices:
        about = {"dataset": notice.dataset, "version": notice.version, "date": notice.date}
        yield ChecklistItem("watch", "withdrawn", notice.dataset, about)
    for release in report.releases:
        yield from _frozen_items(release)
        yield from _lower_coverage(release)
    yield from _agencies(report, matter)


def item_sentence(item: ChecklistItem, words: Words, place: str = "") -> str:
    """Return the sentence of an item in a language, with the codes and dates among its arguments in words.

    Args:
        item: of the checklist.
        words: of the language.
        place: beginning of keys that stand before the usual one, where what to do is another thing, such as `browser.`.
    """
    arguments = {
        name: _SAID[name](str(value), words) if name in _SAID else value for name, value in item.arguments.items()
    }
    key = f"checklist.{item.code}"
    return words.text(f"{place}{key}" if f"{place}{key}" in words else key, **arguments)


def _quoted_questions(keys: Iterable[str], words: Words) -> str:
    questions = (words.text(f"answer.{key}.question") for key in keys)
    return wording.list_texts((words.text("edition.answered.quoted", question=text) for text in questions), words)


def _figure(text: str, words: Words) -> str:
    """Return a printed figure in the digits of a language."""
    plain = float(text.rstrip("%").replace(",", ""))
    decimals = len(text.rstrip("%").partition(".")[2])
    if text.endswith("%"):
        return percent(plain / 100, words.numerals, decimals=decimals)
    return number(plain, words.numerals, decimals=decimals)


def due_dates(matter: EditorialInputs, today: datetime.date, is_pre_release: bool) -> Iterator[ChecklistItem]:
    """Yield what keeps the dates of an edition from being those of its publication; as `checklist`."""
    calendar = matter.calendar
    if calendar is None:
        yield ChecklistItem("must", "calendar_missing", _CALENDAR)
        return
    if calendar.next_release is None:
        yield ChecklistItem("must", "next_release_missing", _CALENDAR)
    elif calendar.next_release <= max(calendar.published, today):
        yield ChecklistItem("must", "next_release_past", _CALENDAR, {"date": calendar.next_release.isoformat()})
    if calendar.embargo_until and calendar.embargo_until > today and not is_pre_release:
        yield ChecklistItem("must", "embargo", _CALENDAR, {"date": calendar.embargo_until.isoformat()})
    elif calendar.published < today or (calendar.published > today and not is_pre_release):
        yield ChecklistItem("must", "printed_day", _CALENDAR, {"date": calendar.published.isoformat()})


def _agencies(report: Report, matter: EditorialInputs) -> Iterator[ChecklistItem]:
    """Yield the agencies that the monitor names and that were not asked for comment, or too shortly before."""
    if report.headline is None:
        return
    left = [agency for agency in named_agencies() if agency not in matter.sent_days]
    if left:
        yield ChecklistItem("watch", "agencies_not_sent", _SENT, {"agencies": " ".join(left)})
    for agency, sent in matter.sent_days.items() if matter.calendar else ():
        days = agency_comments.days_to_comment(agency, sent, matter.calendar.published) if matter.calendar else 0
        if days < agency_comments.LEAST_DAYS:
            about = {"agencies": agency, "count": days, "least": agency_comments.LEAST_DAYS}
            yield ChecklistItem("watch", "agency_short_notice", agency, about)


def _comments(matter: EditorialInputs) -> Iterator[ChecklistItem]:
    """Yield what keeps a comment of an agency from being its own words in every language, on a recorded day."""
    comments = [text for text in matter.prose if agency_comments.is_comment(text) and text.language in languages()]
    for text in comments:
        where = f"prose/{text.name}"
        for line, name in prose_figures.keys_in(text):
            yield ChecklistItem("must", "comment_key", where, {"file": where, "line": line, "name": name})
    for agency in named_agencies():
        slot = agency_comments.comment_slot(agency)
        told = {text.language for text in comments if text.chapter == slot}
        if told and agency not in matter.sent_days:
            yield ChecklistItem("must", "comment_not_sent", _SENT, {"agencies": agency, "file": _SENT})
        for tag in languages() if told else ():
            if tag not in told:
                about = {"agencies": agency, "language": tag, "file": f"prose/{slot}.{tag}.md"}
                yield ChecklistItem("must", "comment_language", f"prose/{slot}.{tag}.md", about)


def _standards(report: Report) -> Iterator[ChecklistItem]:
    """Yield the questions that a standard was adopted for, and those that await one."""
    if report.headline is None:
        return
    standards = standards_of(report)
    judged = [key for key, card in answer_cards().items() if card.kind == "standard" and not card.answer.gap]
    adopted, awaited = ([key for key in judged if (key in standards) == is_adopted] for is_adopted in (True, False))
    if adopted:
        about = {"count": len(adopted), "questions": " ".join(adopted)}
        yield ChecklistItem("watch", "standards_adopted", arguments=about)
    if awaited:
        about = {"count": len(awaited), "questions": " ".join(awaited)}
        yield ChecklistItem("watch", "standards_open", arguments=about)


def _withdrawn_items(report: Report) -> Iterator[ChecklistItem]:
    gone = {(notice.dataset, notice.version) for notice in report.notices}
    for release in report.releases:
        if (release.dataset, release.version) in gone:
            yield ChecklistItem("must", "withdrawn_inside", release.dataset, {"version": release.version})


def _prose_figures(report: Report, matter: EditorialInputs) -> Iterator[ChecklistItem]:
    """Yield the figures that a text names but nothing prints, and those that changed since it was written."""
    for text in matter.prose:
        if text.language in languages():
            words, where = Words.load(text.language), f"prose/{text.name}"
            for figure in prose_figures.named_figures(text, report, words):
                if not figure.printed:
                    about = {"file": where, "line": figure.line, "name": figure.key}
                    yield ChecklistItem("must", "prose_figure_unknown", where, about)
            for figure in prose_figures.changed_figures(text, matter.figures, report, words):
                yield ChecklistItem(
                    "watch", "prose_figure_changed", where, {"file": where, "line": figure.line, "name": figure.key}
                )


def _prose_files(report: Report, editions: Sequence[Edition], matter: EditorialInputs) -> Iterator[ChecklistItem]:
    """Yield what keeps an editor's text out: an unknown chapter or language, markup."""
    keys = [prose_figures.key_of(answer) for answer in answers_of(report) if answer.has_figure]
    titles = {prose_figures.slot_of(key, "title") for key in keys}
    of_answers = {prose_figures.slot_of(key) for key in keys} | titles
    of_the_law = set(agency_comments.known_slots()) if report.headline else set[str]()
    known = sorted({chapter.id for edition in editions for chapter in edition.walk()} | of_answers | of_the_law)
    for text in matter.prose:
        where = f"prose/{text.name}"
        if text.language not in languages():
            yield ChecklistItem("must", "prose_language", where, {"file": where, "known": ", ".join(languages())})
        elif text.chapter not in known:
            near = nearest_word_or_all(text.chapter, known)
            yield ChecklistItem("must", "prose_chapter", where, {"file": where, "nearest": near})
        elif text.chapter in titles and not prose_figures.is_title(text, report):
            yield ChecklistItem("must", "prose_title", where, {"file": where})
        for line, markup in text.refused:
            yield ChecklistItem("must", "prose_markup", where, {"file": where, "line": line, "markup": markup})


def _words(words: Words) -> Iterator[ChecklistItem]:
    lacking = gaps(words.tag)
    if lacking:
        yield ChecklistItem("watch", "words_missing", words.tag, {"count": len(lacking), "first": lacking[0].key})
    if not words.is_reviewed:
        yield ChecklistItem("watch", "words_unreviewed", words.tag, {"language": words.tag})


def _contact(report: Report, matter: EditorialInputs, words: Words) -> Iterator[ChecklistItem]:
    _, email = wording.contact(report.headline or report.releases[0])
    if words.tag not in matter.contact and (matter.contact or not email):
        yield ChecklistItem("watch", "contact_missing", _CONTACT, {"language": words.tag})


def _frozen_items(release: ReportedRelease) -> Iterator[ChecklistItem]:
    for year, indicators in release.frozen.items():
        about = {"dataset": release.dataset, "year": year, "count": len(indicators)}
        yield ChecklistItem("watch", "frozen", f"{release.dataset} {year}", about)


@once
def _lower_coverage(release: ReportedRelease) -> list[ChecklistItem]:
    """Return the areas and years in which fewer agencies reported an indicator than in the version before."""
    items: list[ChecklistItem] = []
    if release.previous is None:
        return items
    keys = ["indicator", "measure", "ref_area", "time_period"]
    wholes = [frame[(frame[list(DIMENSIONS)] == TOTAL).all(axis=1)] for frame in (release.previous, release.frame)]
    both = wholes[0].merge(wholes[1], on=keys, suffixes=("_before", "_now"))
    lower = both[both[f"{RECEIVED}_now"] < both[f"{RECEIVED}_before"]]
    for (area, year), rows in lower.groupby(["ref_area", "time_period"], sort=True):
        about = {
            "area": str(area),
            "year": str(year),
            "indicators": " ".join(sort_codes("indicator", rows["indicator"])),
        }
        items.append(ChecklistItem("watch", "coverage_lower", f"{release.dataset} {area} {year}", about))
    return items


def _numbers(
    report: Report, chapters: Sequence[Chapter], matter: EditorialInputs, words: Words
) -> Iterator[ChecklistItem]:
    """Yield each number of a text that its place does not print: a second person looks at its sentence."""
    by_id = {below.id: below for chapter in chapters for below in chapter.walk()}
    years = _years(report, matter)
    for text in matter.prose:
        if text.language != words.tag:
            continue
        chapter = by_id.get(_LAW if agency_comments.is_of_the_law(text) else text.chapter)
        printed = printed_in(chapter) if chapter else prose_figures.printed_at(text.chapter, report, words)
        least = _LEAST_FIGURE if chapter else 0
        for unprinted in prose.unprinted_numbers(text, printed, words, years, least):
            where = f"prose/{text.name}"
            code = "prose_number" if unprinted.nearest else "prose_number_alone"
            about: dict[str, str | float] = {"file": where, "line": unprinted.line, "number": unprinted.number}
            about |= {"figure": unprinted.nearest} if unprinted.nearest else {}
            yield ChecklistItem("must", code, where, {**about, "sentence": unprinted.sentence})


def _years(report: Report, matter: EditorialInputs) -> range:
    """Return the years of which a text may speak: of the releases, and of this publication and the next."""
    own = [year for release in report.releases for year in release.period]
    days = (matter.calendar.published, matter.calendar.next_release) if matter.calendar else ()
    every = [*map(int, own), *(day.year for day in days if day)]
    return range(min(every), max(every) + 2)


def printed_in(chapter: Chapter) -> set[str]:
    """Return every figure that a chapter prints, and the sentences of its results."""
    return {text for below in chapter.walk() for block in below.blocks for text in _printed_texts(block)}


def _printed_texts(block: object) -> Iterable[str]:
    if isinstance(block, TableBlock):
        rows = (row for group in block.groups for row in group.rows)
        return [cell.text for row in rows for cell in row.cells if not cell.is_text]
    if isinstance(block, ChartBlock):
        return [figure.text for line in block.series for figure in line.figures]
    if isinstance(block, MapBlock):
        return [place.figure.text for place in block.places]
    if isinstance(block, PictureBlock):
        return [figure.text for row in block.rows for figure in row.figures]
    if isinstance(block, TermList):
        return [entry.text for entry in block.entries if not entry.machine]
    if isinstance(block, ResultList):
        return [text for line in block.lines for text in (line.figure, line.sentence)]
    return []


def _alternatives(edition: Edition) -> Iterator[ChecklistItem]:
    for chapter in edition.walk():
        for block in chapter.blocks:
            if isinstance(block, DrawnBlock) and not block.alternative.strip():
                yield ChecklistItem("must", "alternative_missing", block.id, {"name": block.id})
