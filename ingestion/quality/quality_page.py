"""Data quality of an agency as a page for it: what is known, late, quarantined, contradictory, and what to do.

Belongs here: what of `BodyQuality` is shown, in which order, and the sentences of questions. The page has no script,
loads nothing and uses the machine's fonts. It is for the agency and the task force: whoever runs the command chooses
where it goes, never `reports/` or `releases/`, which others read.
Does not belong here: the numbers (`quality_measures.py`), the texts (`languages`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from ingestion.cards.headings import LANGUAGES, heading_of, sheet_of
from ingestion.cards.source_card import SourceCard, load_source
from ingestion.findings import kind_in_words
from ingestion.quality.quality_answers import Asked
from ingestion.quality.quality_measures import BodyQuality, Check, KnownYear, Variable, Year
from ingestion.quality.quality_questions import QualityQuestion
from ingestion.submissions.receipt_page import STYLE
from ingestion.submissions.submission_history import Sent
from languages import dates, html_page
from languages.numbers import number, percent
from languages.words import Words, isolate
from methods.data_quality import FAIR, GOOD

_HERE = Path(__file__).parent
_MOST_QUESTIONS = 12
_MOST_FILES = 15
_MOST_PERIODS = 6  # of those not received, in the list of what to do
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_SHARES = {"share", "share_before"}
_YEARS = {"year_before"}


@dataclass(frozen=True)
class ComparedRow:
    """Numbers by year: of the agency's own records, or of a published figure with all agencies that report it."""

    label: str
    note: str
    cells: tuple[str, ...]
    is_own: bool = False


@dataclass(frozen=True)
class ComparedGroup:
    """The rows of one unit of count."""

    heading: str
    note: str
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True)
class Comparison:
    """An agency's own records next to the published figures; texts are finished.

    Args:
        version: of the release.
        years: as printed, one per cell.
        groups: by unit of count.
        marks: the marks used in cells, with their meaning.
    """

    version: str
    years: tuple[str, ...]
    groups: tuple[ComparedGroup, ...]
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _File:
    """One file that was sent, with formatted texts."""

    sent: Sent
    number: str
    periods: str
    kinds: list[str]


@dataclass(frozen=True)
class _Row:
    """Records of one year, by table, with formatted texts."""

    year: str
    cells: list[str]


def quality_page(
    quality: BodyQuality,
    words: Words,
    *,
    is_invented: bool,
    files: Sequence[Sent] = (),
    comparison: Comparison | None = None,
) -> str:
    """Return the page of one agency; the same result and catalogue give the same text.

    Args:
        quality: the agency's data quality.
        words: of the reader's language; in the sender's language, its own names of sheets and columns are used.
        is_invented: the home holds invented files, and the page states it.
        files: what the agency sent, the newest first.
        comparison: its own records next to published figures; None if no published figure is made from them.

    Raises:
        Refusal: `message_missing` for a language with gaps.
    """
    sender = load_source(quality.source)
    names = Names(sender, words)
    waiting = [question for question in quality.questions if question.waits]
    answered = [question for question in quality.questions if not question.waits]
    shapes = list(dict.fromkeys(year.shape for year in quality.years))
    return html_page.page(
        _HERE / "quality_page.html",
        [STYLE, _HERE / "quality_page.css"],
        words,
        quality=quality,
        words=words,
        t=words.text,
        names=names,
        is_invented=is_invented,
        signs_as=sender.body_ar if words.tag != "ar" else "",
        as_of=dates.day(words, quality.as_of),
        todo=list(list_tasks(quality, names)),
        in_time=sum(delivery.sent_date is not None and delivery.days_late == 0 for delivery in quality.deliveries),
        shapes=shapes,
        files=[_file(file, words) for file in files[:_MOST_FILES]],
        more_files=len(files[_MOST_FILES:]),
        beside=comparison,
        known=list(_known_by_year(quality.known_by_year, words)),
        known_shapes=list(dict.fromkeys(known_year.shape for known_year in quality.known_by_year)),
        years=list(_years(quality.years, shapes, words)),
        tables=[(shape, list(own)) for shape, own in groupby(quality.variables, key=lambda variable: variable.shape)],
        lacking={shape: names.columns(shape, own) for shape, own in quality.without_column.items()},
        checks=[(check_in_words(check, names), check) for check in quality.checks],
        questions=[_question_texts(question, names) for question in waiting[:_MOST_QUESTIONS]],
        more=len(waiting[_MOST_QUESTIONS:]),
        answered=[_question_texts(question, names) for question in answered],
        day=partial(dates.day, words),
        year=partial(dates.year, words),
        figure=partial(number, numerals=words.numerals),
        share=partial(_share, words=words),
        good=percent(GOOD, words.numerals),
        fair=percent(FAIR, words.numerals),
    )


@dataclass(frozen=True)
class _QuestionTexts:
    """A question as text, with what to do and what was answered."""

    id: str
    text: str
    remedy: str
    answer: str


class Names:
    """The names of tables and columns: the sender's own if in the reader's language, else those of templates."""

    def __init__(self, sender: SourceCard, words: Words) -> None:
        self.words = words
        self._sender = sender
        self._tag = words.tag if words.tag in LANGUAGES else "en"

    def table(self, shape: str) -> str:
        """Return the name of a kind of record."""
        tables = [table for table in self._sender.tables.values() if table.shape == shape]
        return self._own_name(table.sheets for table in tables) or sheet_of(shape, self._tag)

    def column(self, shape: str, field: str) -> str:
        """Return the name of a column."""
        tables = [table for table in self._sender.tables.values() if table.shape == shape]
        headers = (
            [header, *(wording for wording, meant in table.also.items() if meant == header)]
            for table in tables
            for header, name in (table.columns | table.also_as).items()
            if name == field
        )
        return self._own_name(headers) or heading_of(shape, field, self._tag)

    def _own_name(self, named: Iterable[Sequence[str]]) -> str:
        """Return the first name of each group that is written in the language of both sender and reader."""
        if self._sender.language != self.words.tag:
            return ""
        is_arabic = self.words.direction == "rtl"
        chosen = (next((name for name in group if bool(_ARABIC.search(name)) == is_arabic), "") for group in named)
        return ", ".join(name for name in chosen if name and name != "*" and "{" not in name)

    def columns(self, shape: str, fields: Sequence[str]) -> str:
        """Return the names of several columns as one text."""
        return self.list_names(self.column(shape, name) for name in fields)

    def list_names(self, names: Iterable[str]) -> str:
        """Return names as one text, each isolated for lines of the other writing direction."""
        return self.words.text("page.separator").join(isolate(name) for name in names)


def list_tasks(quality: BodyQuality, names: Names) -> Iterator[str]:
    """Yield what the agency is asked to do, the most urgent first; one sentence if there is nothing."""
    text, words = names.words.text, names.words
    sentences: list[str] = []
    missing = [dates.year(words, delivery.owed.period) for delivery in quality.deliveries if delivery.sent_date is None]
    if missing:
        more = "…" if len(missing) > _MOST_PERIODS else ""
        sentences.append(text("quality.todo.send", periods=names.list_names(missing[-_MOST_PERIODS:]) + more))
    if held := quality.rows_in - quality.rows_landed:
        sentences.append(text("quality.todo.held", rows=held))
    if poor := [variable for variable in quality.variables if variable.verdict == "poor"]:
        sentences.append(text("quality.todo.fill", columns=names.list_names(_places(poor, names))))
    for shape, fields in quality.without_column.items():
        sentences.append(
            text("quality.todo.add", columns=f"{isolate(names.table(shape))}: {names.columns(shape, fields)}")
        )
    if broken := sum(check.broken for check in quality.checks):
        sentences.append(text("quality.todo.order", rows=broken))
    if waiting := sum(question.waits for question in quality.questions):
        sentences.append(text("quality.todo.answer", count=waiting))
    yield from sentences or [text("quality.todo.nothing")]


def _places(variables: Sequence[Variable], names: Names) -> Iterator[str]:
    return (f"{names.table(variable.shape)} – {names.column(variable.shape, variable.field)}" for variable in variables)


def question_in_words(question: QualityQuestion, names: Names) -> tuple[str, str]:
    """Return the text of a question and of what to do about it."""
    words = names.words
    shown: dict[str, str | float] = {
        name: _format_argument(name, value, words) for name, value in question.shown.items()
    }
    if question.shape:
        shown["table"] = names.table(question.shape)
    if question.field and question.rule != "recycled":
        shown["column"] = names.column(question.shape, question.field)
    if question.period:
        shown["year"] = dates.year(words, question.period)
    key = f"quality.question.{question.rule}"
    return words.text(key, **shown), words.text(f"{key}.remedy")


def answer_in_words(asked: Asked, words: Words) -> str:
    """Return what was answered, by whom and when; empty for an unanswered question."""
    if asked.answer is None:
        return ""
    given = asked.answer
    shown = {"by": given.signed_by, "date": dates.day(words, given.decided_at), "reason": given.reason}
    return words.text(f"quality.answer.{asked.state}", **shown)


def _question_texts(asked: Asked, names: Names) -> _QuestionTexts:
    text, remedy = question_in_words(asked.question, names)
    return _QuestionTexts(asked.id, text, remedy, answer_in_words(asked, names.words))


def check_in_words(check: Check, names: Names) -> str:
    """Return the text of what a check requires of a record."""
    columns = [names.column(check.shape, name) for name in check.fields]
    placed = dict(zip(("first", "second"), columns, strict=False))
    return f"{isolate(names.table(check.shape))}: {names.words.text(f'quality.check.{check.check}', **placed)}"


def _format_argument(name: str, value: str | float, words: Words) -> str | float:
    if name in _SHARES:
        return percent(float(value), words.numerals)
    return dates.year(words, str(value)) if name in _YEARS else value


def _years(years: Sequence[Year], shapes: Sequence[str], words: Words) -> Iterator[_Row]:
    by_place = {(year.period, year.shape): year for year in years}
    for period in sorted({year.period for year in years}):
        yield _Row(dates.year(words, period), [_records(by_place.get((period, shape)), words) for shape in shapes])


def _known_by_year(years: Sequence[KnownYear], words: Words) -> Iterator[tuple[str, list[KnownYear | None]]]:
    """Yield each year with the share known of each kind of record; None if nothing came."""
    placed = {(known_year.period, known_year.shape): known_year for known_year in years}
    shapes = dict.fromkeys(known_year.shape for known_year in years)
    for period in sorted({known_year.period for known_year in years}):
        yield dates.year(words, period), [placed.get((period, shape)) for shape in shapes]


def _file(sent: Sent, words: Words) -> _File:
    """Return a file with formatted texts; for a refused one the kinds of findings, in texts without file content."""
    reasons = [kind_in_words(kind, words)[0] for kind in sent.kinds]
    years = [dates.year(words, period) for period in sent.periods]
    if len(years) > _MOST_PERIODS:
        periods = words.text("quality.sent.span", first=years[0], last=years[-1])
    else:
        periods = words.text("page.separator").join(years) or "–"
    return _File(sent, dates.year(words, sent.number), periods, list(dict.fromkeys(reasons)))


def _records(year: Year | None, words: Words) -> str:
    if year is None:
        return "–"
    changed = "" if not year.is_changed else " ▲" if (year.ratio or 0) > 1 else " ▼"
    return number(year.rows, words.numerals) + changed + (" *" if year.is_part else "")


def _share(share: float | None, words: Words) -> str:
    return "–" if share is None else percent(share, words.numerals)
