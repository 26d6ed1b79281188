"""When cases arrived: the reporting triangle of each list that an agency sends, from every file it ever sent of it.

Belongs here: which files form one list, which of their rows are one case, and in which file a case first appeared. Does
not belong here: the triangle (`methods/case_flow/reporting_triangle.py`), or the forecast made from it
(`nowcast_candidate.py`).

Files follow each other as they came, by their numbers in the register, as everywhere (`files_in_force.py`). A file is
dated by its letter, or by the day of receipt if it has none, but never before one that came earlier. It closes the last
month that had ended by that date. A case is recognised by its pseudonymous ID and the order of its dates in one year;
without an ID by the whole content of its row, so that a corrected row looks as if it arrived with its correction. The
newest file of each year counts, and those for other parts of it beside it: a case that is in none of them is gone.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ingestion import warehouse
from ingestion.cards.source_card import load_shape, load_source, source_names
from ingestion.home import Home
from ingestion.submissions.raw_rows import rows_path
from methods.case_flow.nowcast import LONGEST_GAP_MONTHS
from methods.case_flow.reporting_triangle import ReportingTriangle

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHAPES = ("victims", "services")
"""Lists of persons whom an agency met or admitted."""
LONGEST_MONTHS = 12
"""Delay in months after which a case is late for good."""
MOST_LOST = 0.1
"""Share of a list's cases that may be missing from the next list; above it, lists are not cumulative."""

_PLACES = ("table_name", "sheet", "row_number", "period", "source", "submission")
_RHYTHM_MONTHS = 24  # the period in which the longest silence is looked for


_Days = tuple[datetime.date, datetime.date]


class SentFile(NamedTuple):
    """One file: its submission, the day of its letter, and the days of each year that it covers; None if unclear."""

    submission: str
    day: datetime.date
    years: Mapping[int, _Days | None]


class SentList(NamedTuple):
    """One file of a list: its submission, the month that it closes, and the days of each year that it covers."""

    submission: str
    month: int
    years: Mapping[int, _Days | None]


@dataclass(frozen=True)
class SenderLists:
    """The known arrivals of one list.

    Attributes:
        source: the sender.
        shape: shape of the list.
        as_of: date of the newest file, ISO.
        sends_every: longest silence of the last two years in months, the current one included.
        is_cumulative: whether cases of one file appear again in the next.
        months_a_period: 1, or 3 for a sender that does not send every month.
        first: period of the first row of the triangle, counted in periods from year 0.
        triangle: None if the sender sends too seldom, or dates no case.
    """

    source: str
    shape: str
    as_of: str
    sends_every: float
    is_cumulative: bool = True
    months_a_period: int = 1
    first: int = 0
    triangle: ReportingTriangle | None = None

    def rows_of(self, year: int) -> range:
        """Return the triangle's rows of a year; empty unless the whole year is in the triangle."""
        a_year = 12 // self.months_a_period
        start = year * a_year - self.first
        is_whole = self.triangle is not None and start >= 0 and start + a_year <= self.triangle.periods
        return range(start, start + a_year) if is_whole else range(0)

    @property
    def last_closed_year(self) -> int | None:
        """The last year whose periods are all in the triangle."""
        if self.triangle is None:
            return None
        a_year = 12 // self.months_a_period
        year = (self.first + self.triangle.periods) // a_year - 1
        return year if self.rows_of(year) else None


def read_sender_lists(home: Home) -> list[SenderLists]:
    """Return the lists of all agencies that owe reports, by sender.

    Args:
        home: a data home with a warehouse, through which the landed rows are read.

    Raises:
        Refusal: `warehouse_missing`, `warehouse_busy`, `bytes_changed`.
    """
    senders = [name for name in source_names() if load_source(name).kind == "authority"]
    with warehouse.connect(home, home.raw) as connection:
        table = str(home.raw / "submissions.parquet")
        query = """
            select source, shape, submission, sent_date, period, covers_from, covers_until
            from read_parquet(?) order by sequence, period"""
        by_list: dict[tuple[str, str], dict[str, SentFile]] = defaultdict(dict)
        for source, shape, submission, day, year, start, end in connection.execute(query, [table]).fetchall():
            years = dict(by_list[source, shape].get(submission, SentFile(submission, day, {})).years)
            years[int(year)] = (start, end) if start and end else None
            by_list[source, shape][submission] = SentFile(submission, day, years)
        sent = {of_list: list(files.values()) for of_list, files in by_list.items()}
        newest = max((file.day for files in sent.values() for file in files), default=None)
        return [
            _lists(home, connection, source, shape, sent[source, shape], newest)
            for source in senders
            for shape in SHAPES
            if (source, shape) in sent and newest
        ]


def closed_month(day: datetime.date) -> int:
    """Return the last month that had ended on a day, counted from year 0."""
    return 12 * day.year + day.month - 2


def _lists(
    home: Home,
    connection: DuckDBPyConnection,
    source: str,
    shape: str,
    files: list[SentFile],
    newest: datetime.date,
) -> SenderLists:
    lists = list(_cumulative_lists(files))
    last = lists[-1].month
    gaps = [b.month - a.month for a, b in pairwise(lists) if b.month > last - _RHYTHM_MONTHS] or [_RHYTHM_MONTHS]
    silence = max(*gaps, closed_month(newest) - last)
    known = SenderLists(source, shape, max(file.day for file in files).isoformat(), float(silence))
    dated = _date_of(source, shape)
    if silence > LONGEST_GAP_MONTHS or not dated:
        return known
    stretch = _unbroken_run(lists)
    width = 1 if max(gaps) <= 1 else 3
    contacts = _contacts(home, connection, known, stretch, dated)
    return _triangle(known, stretch, contacts, width)


def _cumulative_lists(files: Sequence[SentFile]) -> Iterator[SentList]:
    """Yield the files whose newest year is not older than an earlier file's: a late file of an old year is no list."""
    last = month = 0
    for file in files:
        if max(file.years) >= last:
            last, month = max(file.years), max(month, closed_month(file.day))
            yield SentList(file.submission, month, file.years)


def _unbroken_run(lists: Sequence[SentList]) -> list[SentList]:
    """Return the newest lists without too long a silence between them: before it, arrival months are unknown."""
    unbroken = [lists[-1]]
    for sent_list in reversed(lists[:-1]):
        if unbroken[0].month - sent_list.month > LONGEST_GAP_MONTHS:
            break
        unbroken.insert(0, sent_list)
    return unbroken


Contacts = Mapping[str, Mapping[str, int]]
"""Submission -> case -> month of contact."""


def _date_of(source: str, shape: str) -> str:
    """Return the date by which rows of a list belong to a year; empty if they have only the year, or two dates."""
    names = {table.period_field for table in load_source(source).tables.values() if table.shape == shape}
    dates = [name for name in names if load_shape(shape).fields[name].type == "date"]
    return dates[0] if len(names) == len(dates) == 1 else ""


def _contacts(
    home: Home, connection: DuckDBPyConnection, known: SenderLists, lists: Sequence[SentList], dated: str
) -> dict[str, dict[str, int]]:
    contacts: dict[str, dict[str, int]] = {}
    for sent_list in lists:
        path = rows_path(home, known.shape, known.source, sent_list.submission)
        rows = _rows(connection, str(path), dated) if path.exists() else []
        contacts[sent_list.submission] = {case: 12 * day.year + day.month - 1 for case, day in rows}
    return contacts


def _rows(connection: DuckDBPyConnection, path: str, dated: str) -> list[tuple[str, datetime.date]]:
    """Return each case of a file with its date; a repeated row is one case if it has a pseudonymous ID."""
    described = connection.execute("describe select * from read_parquet(?, hive_partitioning = false)", [path])
    names = [str(row[0]) for row in described.fetchall()]
    texts = ", ".join(f"coalesce(cast({name} as varchar), '')" for name in names if name not in _PLACES)
    return connection.execute(
        f"""
        with listed as (
            select person_token, {dated} as day, md5(concat_ws('|', {texts})) as said
            from read_parquet(?, hive_partitioning = false) where {dated} is not null
        )
        select distinct person_token || '|' || year(day) || '|'
            || dense_rank() over (partition by person_token, year(day) order by day), day
        from listed where person_token is not null
        union all
        select said || '|' || row_number() over (partition by said), day from listed where person_token is null
        """,  # noqa: S608 - names of columns of our own files
        [path],
    ).fetchall()


def _triangle(known: SenderLists, lists: Sequence[SentList], contacts: Contacts, width: int) -> SenderLists:
    """Return the lists with their triangle: rows from the first list to the newest month that any list covers."""
    arrived: dict[str, int] = {}
    standing: dict[int, list[tuple[_Days | None, set[str]]]] = defaultdict(list)
    dated: dict[str, int] = {}
    lost = asked = 0
    for sent_list in lists:
        cases = contacts[sent_list.submission]
        for case, month in cases.items():
            arrived.setdefault(case, sent_list.month)
            dated[case] = month
        for year, days in sent_list.years.items():
            own = {case for case, month in cases.items() if month // 12 == year}
            before = {case for part, listed in standing[year] if _overlap(part, days) for case in listed}
            lost, asked = lost + len(before - own), asked + len(before)
            beside = [(part, listed) for part, listed in standing[year] if not _overlap(part, days)]
            standing[year] = [*beside, (days, own)]
    first, now = _last_closed_period(lists[0].month, width), _last_closed_period(lists[-1].month, width)
    last = min(now, _last_closed_period(12 * max(standing) + 11, width))
    pairs = [
        (dated[case] // width, max(_last_closed_period(arrived[case], width), dated[case] // width))
        for case in {case for parts in standing.values() for _, listed in parts for case in listed}
    ]
    inside = sorted((contact - first, came - first) for contact, came in pairs if first <= contact <= last)
    return SenderLists(
        known.source,
        known.shape,
        known.as_of,
        known.sends_every,
        is_cumulative=lost <= MOST_LOST * asked,
        months_a_period=width,
        first=first,
        triangle=ReportingTriangle.from_contacts(
            [contact for contact, _ in inside],
            [came for _, came in inside],
            periods=last - first + 1,
            longest=LONGEST_MONTHS // width,
            since=now - last,
        ),
    )


def _overlap(first: _Days | None, second: _Days | None) -> bool:
    """Return whether two files are for a day in common; one whose days are unclear is for all of its year."""
    return first is None or second is None or (first[0] <= second[1] and second[0] <= first[1])


def _last_closed_period(month: int, width: int) -> int:
    """Return the last period that has ended with a month."""
    return (month + 1) // width - 1
