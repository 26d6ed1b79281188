"""Data quality of one agency: complete, timely, consistent, stable, as far as the received files show.

Belongs here: combining receipts, landed rows, quarantined rows and current submissions into one result, for the agency
and the task force; never for the public. Does not belong here: the measures (`methods/data_quality.py`), the questions
(`quality_questions.py`), the page (`quality_page.py`).

A result contains no value of a cell: only years, names of fields, shares and numbers of rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from ingestion.cards.source_card import SourceCard, load_source, source_names
from ingestion.home import Home
from ingestion.quality import quality_checks
from ingestion.quality.quality_answers import Asked, join_answers
from ingestion.quality.quality_questions import ask_about_cells, ask_about_files, ask_about_revisions, ask_about_rows
from ingestion.quality.quality_rows import cells, fields_without_column, is_judged, numbers_of, rows_of
from ingestion.submissions import current_submissions, files_in_force, receipts
from ingestion.submissions.agency_years import AgencyYear
from ingestion.submissions.files_in_force import CountedPeriod
from ingestion.submissions.landed_submission import reasons_of
from ingestion.text.date_order import ANSWERS
from methods import data_quality as measures

Verdict = Literal["good", "fair", "poor", "none"]

REASONS: Mapping[str, frozenset[str]] = {
    "missing": frozenset({"required_missing", "period_missing"}),
    "unreadable": frozenset(
        {"age_unreadable", "citation_unreadable", "date_unreadable", "year_unreadable", "date_incomplete", "cell_error",
         "not_a_number", "number_contradicts_words", "out_of_range", "token_malformed", "date_serial", "truth_value"}
    ),
    "ambiguous": frozenset(
        {*ANSWERS, "date_ambiguous", "date_hijri", "date_vague", "number_ambiguous", "pcode_without_version"}
    ),
    "unknown_word": frozenset({"unknown_code"}),
    "other_period": frozenset({"period_outside_file", "period_in_future", "period_too_old"}),
    "other_place": frozenset({"row_after_total", "row_of_hidden_copy", "row_of_unknown_table"}),
    "correction": frozenset({"dropped_by_correction"}),
}  # fmt: skip
"""Why a row is quarantined, as shown to an agency: reason -> kinds of findings; all other kinds are `other`."""


@dataclass(frozen=True)
class Variable:
    """How much of a field is known.

    Args:
        shape: kind of record.
        field: the field.
        records: records in which it is expected, of all years.
        known: those in which it is known.
        stated_unknown: those in which the sender stated that it is unknown.
        empty: the others.
        known_share: 0 to 1; None without records.
        newest_share: the same for the newest year.
        verdict: for all years; `none` where a gap means nothing.
    """

    shape: str
    field: str
    records: int
    known: int
    stated_unknown: int
    empty: int
    known_share: float | None
    newest_share: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Check:
    """How often records are consistent: `tested` could be broken, `broken` are."""

    check: str
    shape: str
    fields: tuple[str, ...]
    tested: int
    broken: int
    consistent_share: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Year:
    """The records of one kind and year: how many landed, and how that compares with the three years before."""

    shape: str
    period: str
    rows: int
    ratio: float | None
    is_changed: bool
    is_part: bool


@dataclass(frozen=True)
class KnownYear:
    """The share known in one year: of all cells of a kind of record in which a gap means something.

    Args:
        shape: kind of record.
        period: the year.
        known_share: 0 to 1.
        verdict: on it.
    """

    shape: str
    period: str
    known_share: float
    verdict: Verdict


@dataclass(frozen=True)
class HeldBack:
    """How many rows of the current submissions were quarantined for a reason; a row may have several."""

    reason: str
    rows: int


@dataclass(frozen=True)
class BodyQuality:
    """The data quality of one agency.

    Args:
        source: the agency.
        as_of: the day.
        deliveries: the state of each period that it owed; empty for a publisher.
        in_time_share: share of the owed periods delivered on time; None if nothing was owed.
        rows_in: data rows of the files that count.
        rows_landed: those that landed.
        held_back: why the others did not.
        years: records by kind and year.
        variables: fields of its files.
        without_column: shape -> fields that every record should have but its files have no column for.
        checks: consistency of the records.
        questions: what is asked, with the answers that were given; open ones first.
        known_by_year: completeness over time, by kind and year.
    """

    source: str
    as_of: str
    deliveries: tuple[AgencyYear, ...]
    in_time_share: float | None
    rows_in: int
    rows_landed: int
    held_back: tuple[HeldBack, ...]
    years: tuple[Year, ...]
    variables: tuple[Variable, ...]
    without_column: Mapping[str, tuple[str, ...]]
    checks: tuple[Check, ...]
    questions: tuple[Asked, ...]
    known_by_year: tuple[KnownYear, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the result as values for JSON."""
        deliveries = [
            {
                "period": delivery.owed.period,
                "due": delivery.owed.due_date.isoformat(),
                "sent": delivery.sent_date.isoformat() if delivery.sent_date else None,
                "days_late": delivery.days_late,
            }
            for delivery in self.deliveries
        ]
        return asdict(self) | {
            "deliveries": deliveries,
            "questions": [question.as_json() for question in self.questions],
        }


def quality_of(
    home: Home, sources: Sequence[str], today: datetime.date, progress: Callable[[str], None] = lambda _name: None
) -> list[BodyQuality]:
    """Return the data quality of some agencies, as of the last landing, in their order.

    Args:
        home: the data home; its current submissions are read once for all of them.
        sources: the agencies.
        today: the day by which missing deliveries are late.
        progress: called with the name of each agency before its data are read.

    Raises:
        Refusal: `unknown_source`, `receipts_broken`.
    """
    senders = [load_source(source) for source in sources]
    by_source = current_submissions.counted_periods_by_source(home)
    bodies: list[BodyQuality] = []
    for sender in senders:
        progress(sender.name)
        bodies.append(_quality_of(home, sender, by_source, today))
    return bodies


def _quality_of(
    home: Home, sender: SourceCard, by_source: Mapping[str, Sequence[CountedPeriod]], today: datetime.date
) -> BodyQuality:
    source, counting = sender.name, by_source.get(sender.name, [])
    files = {entry.receipt.n: entry.receipt for entry in counting}
    years = current_submissions.years_by_source(home, today).get(source, [])
    deliveries = [year for year in years if year.punctuality != "not_due"]
    rows = rows_of(home, counting)
    counted = cells(source, sender, rows)
    shapes = sorted({table.shape for table in sender.tables.values()})
    lacking = {shape: tuple(fields_without_column(sender, shape)) for shape in shapes}
    standing = files_in_force.counting_receipts(home)
    questions = [
        *ask_about_files(home, source, standing),
        *ask_about_revisions(source, standing, receipts.live_receipts(home)),
        *ask_about_cells(source, counted),
        *ask_about_rows(source, rows, counting, _count_of_others(source, by_source)),
    ]
    return BodyQuality(
        source=source,
        as_of=today.isoformat(),
        deliveries=tuple(deliveries),
        in_time_share=_share_in_time(source, deliveries),
        rows_in=sum(receipt.rows_in for receipt in files.values()),
        rows_landed=sum(receipt.rows_landed for receipt in files.values()),
        held_back=tuple(_reasons_held_back(home, list(files.values()))),
        years=tuple(_years(source, counting)),
        variables=tuple(_variables(sender, counted)),
        without_column={shape: fields for shape, fields in lacking.items() if fields},
        checks=tuple(_checks(source, rows)),
        questions=join_answers(home, source, questions, counting),
        known_by_year=tuple(_measure_known_by_year(sender, counted)),
    )


def _count_of_others(
    source: str, by_source: Mapping[str, Sequence[CountedPeriod]]
) -> dict[str, Sequence[CountedPeriod]]:
    """Return what counts from the other authorities, which count independently: equal series are copies of one."""
    return {
        name: by_source.get(name, [])
        for name in source_names()
        if name != source and load_source(name).kind == "authority"
    }


def _share_in_time(source: str, deliveries: Sequence[AgencyYear]) -> float | None:
    if not deliveries:
        return None
    late = [float(delivery.days_late) if delivery.sent_date else np.nan for delivery in deliveries]
    timeliness = measures.timeliness(pd.DataFrame({"body": source, "days_late": late}))
    return _round_share(timeliness["in_time_share"].iloc[0])


def _reasons_held_back(home: Home, files: Sequence[receipts.Receipt]) -> list[HeldBack]:
    """Return the reasons, the most frequent first; a row with two cells of one reason counts once for it."""
    places = {
        (_reason(reason.kind), receipt.n, reason.sheet, reason.row_number)
        for receipt in files
        for reason in reasons_of(home, receipt)
    }
    counts = pd.Series([place[0] for place in places], dtype=object).value_counts()
    held_back = [HeldBack(str(reason), int(count)) for reason, count in counts.items()]
    return sorted(held_back, key=lambda held: (-held.rows, held.reason))


def _reason(kind: str) -> str:
    return next((reason for reason, kinds in REASONS.items() if kind in kinds), "other")


def _years(source: str, counting: Sequence[CountedPeriod]) -> list[Year]:
    """Return the received records by kind and year; a part of a year is not part of a series."""
    stability = measures.stability(numbers_of(source, counting))
    return [
        Year(
            own["variable"],
            str(own["period"]),
            own["rows"],
            _round_share(own["ratio"]),
            own["is_changed"],
            own["is_part"],
        )
        for own in stability[stability["came"]].to_dict("records")
    ]


def _variables(sender: SourceCard, counted: pd.DataFrame) -> list[Variable]:
    if counted.empty:
        return []
    order = counted.drop_duplicates(["shape", "field"])[["shape", "field"]]
    newest = counted[counted["period"] == counted.groupby("shape")["period"].transform("max")]
    last = measures.completeness(newest).set_index(["shape", "field"])["known_share"]
    summed = counted.groupby(["shape", "field"], as_index=False)[["records", "known", "stated_unknown"]].sum()
    completeness = measures.completeness(order.merge(summed, on=["shape", "field"]))
    return [
        Variable(
            str(row["shape"]),
            str(row["field"]),
            int(row["records"]),
            int(row["known"]),
            int(row["stated_unknown"]),
            int(row["empty"]),
            _round_share(row["known_share"]),
            _round_share(last.get((row["shape"], row["field"]), np.nan)),
            row["verdict"] if is_judged(sender, row["shape"], row["field"]) else "none",
        )
        for row in completeness.to_dict("records")
    ]


def _measure_known_by_year(sender: SourceCard, counted: pd.DataFrame) -> list[KnownYear]:
    """Return the share known of all judged fields together, year by year."""
    if counted.empty:
        return []
    fields = counted.groupby(["shape", "field"])
    own = [cells for (shape, field), cells in fields if is_judged(sender, str(shape), str(field))]
    judged = pd.concat(own, ignore_index=True) if own else counted[:0]
    summed = judged.groupby(["shape", "period"], as_index=False)[["records", "known", "stated_unknown"]].sum()
    completeness = measures.completeness(summed.astype(dict.fromkeys(("records", "known", "stated_unknown"), int)))
    return [
        KnownYear(str(row["shape"]), str(row["period"]), round(float(row["known_share"]), 4), row["verdict"])
        for row in completeness.to_dict("records")
        if row["records"]
    ]


def _checks(source: str, rows: Mapping[str, pd.DataFrame]) -> list[Check]:
    tallies = [tally for shape, own in rows.items() for tally in quality_checks.check_shape(shape, own)]
    names = ["check", "shape", "fields", "tested", "broken"]
    checks = measures.consistency(
        pd.DataFrame([tally for tally in tallies if tally.tested], columns=names).assign(body=source)
    )
    return [
        Check(
            **{name: row[name] for name in (*names, "verdict")}, consistent_share=_round_share(row["consistent_share"])
        )
        for row in checks.to_dict("records")
    ]


def _round_share(share: float) -> float | None:
    return None if np.isnan(share) else round(float(share), 4)
