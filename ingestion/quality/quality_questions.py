"""Questions to an agency about its landed rows: what changed, piles up, repeats or contradicts itself.

Belongs here: which rule applies to which field, and what a question may state: years, shares and numbers of rows, never
the content of a cell. Does not belong here: the rules (`methods/anomalies.py`, `heaping.py`, `quality_measures.py`),
the texts (`languages`).

All rules with a p-value are tested together, so that at most 5 % of the remaining flags may be false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ingestion.cards.source_card import load_shape, load_source, source_names
from ingestion.home import Home
from ingestion.quality.quality_rows import fields_of, is_judged, numbers_of, rules
from ingestion.submissions import repeated_figures
from ingestion.submissions.files_in_force import CountedPeriod
from ingestion.submissions.receipts import Receipt
from methods import anomalies, heaping
from methods.data_quality import losses

LEAST_RECORDS = 30
"""Least number of records for which heaping is tested."""

_Shown = Mapping[str, str | float]


@dataclass(frozen=True)
class QualityQuestion:
    """One question.

    Args:
        rule: which rule raises it.
        shape: kind of record; empty for a whole file.
        field: the field; empty for the records themselves.
        period: the year; empty for all.
        shown: numbers and years for the sentence.
        p_value: probability of a result at least as extreme by chance; None if the rule has none.
    """

    rule: str
    shape: str
    field: str
    period: str
    shown: _Shown
    p_value: float | None = None


def ask_about_rows(
    source: str,
    rows: Mapping[str, pd.DataFrame],
    counting: Sequence[CountedPeriod],
    others: Mapping[str, Sequence[CountedPeriod]],
) -> list[QualityQuestion]:
    """Return the questions about the rows of a source that count, with at most 5 % of false flags.

    Args:
        source: the agency.
        rows: its rows that count, by shape.
        counting: the entries that they belong to.
        others: other agency -> its entries that count.
    """
    asked = [
        (question, is_flagged)
        for questions in (
            _ask_about_numbers(source, counting),
            _ask_about_fields(source, rows),
            _ask_about_agencies(source, counting, others),
        )
        for question, is_flagged in questions
    ]
    survives = anomalies.control_false_flags(
        [np.nan if question.p_value is None else question.p_value for question, _ in asked]
    )
    return [question for (question, is_flagged), stays in zip(asked, survives, strict=True) if is_flagged and stays]


def ask_about_cells(source: str, cells: pd.DataFrame) -> list[QualityQuestion]:
    """Return questions about the fields of which less is known than in the years before.

    Args:
        source: the agency.
        cells: as `quality_rows.cells` returns them.
    """
    if cells.empty:
        return []
    sender = load_source(source)
    fields = cells.groupby(["shape", "field"])
    judged = [own for (shape, name), own in fields if is_judged(sender, str(shape), str(name))]
    lost = losses(pd.concat(judged, ignore_index=True) if judged else cells[:0])
    return [
        QualityQuestion("less_known", row["shape"], row["field"], str(row["period"]), _shares(row))
        for row in lost[lost["is_lost"]].to_dict("records")
    ]


def _shares(row: Mapping[Any, Any]) -> _Shown:
    return {"share": _round_share(row["known"] / row["records"]), "share_before": _round_share(row["before_share"])}


def ask_about_files(home: Home, source: str, counting: Sequence[Receipt]) -> list[QualityQuestion]:
    """Return questions from the intake findings of the files that count: wrong totals, duplicates, repeated figures."""
    own = [receipt for receipt in counting if receipt.source == source]
    questions: list[QualityQuestion] = []
    for rule in ("total_mismatch", "sum_mismatch", "duplicate_row"):
        if count := sum(receipt.kinds.get(rule, 0) for receipt in own):
            questions.append(QualityQuestion(rule, "", "", "", {"count": count}))
    for recycled in repeated_figures.find(home, own):
        shape = "counts" if recycled.field == "figure" else "facilities"
        shown: _Shown = {"count": recycled.cells, "year_before": recycled.earlier}
        questions.append(QualityQuestion("recycled", shape, recycled.field, recycled.later, shown))
    return questions


def ask_about_revisions(source: str, counting: Sequence[Receipt], alive: Sequence[Receipt]) -> list[QualityQuestion]:
    """Return questions about corrected files that changed the number of records more than corrections usually do.

    Args:
        source: the agency.
        counting: the receipts of which something counts.
        alive: all receipts of files that were not withdrawn: the corrections seen in this home.
    """
    authorities = {name for name in source_names() if load_source(name).kind == "authority"}
    seen = [revision for receipt in alive if receipt.source in authorities for revision in _revised_periods(receipt)]
    history = [abs(revision.new - revision.old) / revision.old for revision in seen if revision.old]
    own = [revision for receipt in counting if receipt.source == source for revision in _revised_periods(receipt)]
    judged = anomalies.large_revisions(pd.DataFrame(own, columns=list(_Revised._fields)), history)
    return [
        QualityQuestion("revised", row["shape"], "", row["period"], {"before": row["old"], "value": row["new"]})
        for row in judged[judged["is_flagged"]].to_dict("records")
    ]


class _Revised(NamedTuple):
    """The number of records of a shape and period before and after a file."""

    shape: str
    period: str
    old: int
    new: int


def _revised_periods(receipt: Receipt) -> Iterator[_Revised]:
    for shape, periods in receipt.changes.items():
        for period, counts in periods.items():
            both = counts["changed"] + counts["unchanged"]
            yield _Revised(shape, period, both + counts["gone"], both + counts["added"])


def _ask_about_numbers(source: str, counting: Sequence[CountedPeriod]) -> Iterator[tuple[QualityQuestion, bool]]:
    """Yield questions about records by year: jumps and doubtful zeros; a part of a year is not compared."""
    figures = numbers_of(source, counting).assign(series=lambda own: own["variable"])
    for row in anomalies.measure_jumps(figures).dropna(subset="p_value").to_dict("records"):
        shown: _Shown = {"value": int(row["value"]), "before": int(row["before"])}
        if row["value"]:  # a zero is asked about below
            yield _number("jump", row, shown)
    for row in anomalies.doubtful_zeros(figures).dropna(subset="p_value").to_dict("records"):
        yield _number("zero", row, {"usual": round(row["usual"], 1)})


def _ask_about_agencies(
    source: str, counting: Sequence[CountedPeriod], others: Mapping[str, Sequence[CountedPeriod]]
) -> Iterator[tuple[QualityQuestion, bool]]:
    """Yield, per kind and other agency, whether both sent the same counts in every common whole year: perhaps a copy.

    The sentence does not name the other agency, whose numbers are not for the reader; the JSON result does.
    """
    own = numbers_of(source, counting)
    for other, entries in others.items():
        both = pd.concat([own, numbers_of(other, entries)], ignore_index=True)
        figures = both.rename(columns={"body": "holder", "variable": "series"}).dropna(subset="value")
        for row in anomalies.find_copied(figures).to_dict("records"):
            shown: _Shown = {"count": int(row["compared"]), "other": other}
            # the p-value is for equal series; others were not tested
            chance = float(row["p_value"]) if row["is_flagged"] else None
            yield QualityQuestion("copied", str(row["series"]), "", "", shown, chance), bool(row["is_flagged"])


def _number(rule: str, row: Mapping[Any, Any], shown: _Shown) -> tuple[QualityQuestion, bool]:
    return QualityQuestion(rule, row["series"], "", str(row["period"]), shown, float(row["p_value"])), bool(
        row["is_flagged"]
    )


def _ask_about_fields(source: str, rows: Mapping[str, pd.DataFrame]) -> Iterator[tuple[QualityQuestion, bool]]:
    for shape, own in rows.items():
        for name in fields_of(load_source(source), shape):
            kind = load_shape(shape).fields[name].type
            if kind == "date":
                yield from _ask_about_dates(shape, name, own[name])
            elif kind == "age":
                yield from _ask_about_ages(shape, name, own["age_years"])
            elif kind == "code":
                yield from _ask_about_codes(source, shape, name, own)
            elif kind == "integer" and _is_count(name):
                yield _make_question(
                    "last_digits", shape, name, heaping.check_last_digits(own[name].dropna().to_numpy()), {}
                )


def _is_count(name: str) -> bool:
    """Return whether a field is a count; sums of money are round by nature."""
    return name == "figure" or name.endswith("_count")


def _ask_about_dates(shape: str, name: str, dates: pd.Series) -> Iterator[tuple[QualityQuestion, bool]]:
    if dates.notna().sum() >= LEAST_RECORDS and shape not in rules().whole_months:
        for rule, heap in heaping.default_days(dates).items():
            yield _make_question(rule, shape, name, heap, {"share": _round_share(heap.statistic)})


def _ask_about_ages(shape: str, name: str, ages: pd.Series) -> Iterator[tuple[QualityQuestion, bool]]:
    counts = ages.dropna().astype(int).value_counts()
    if counts.sum() >= LEAST_RECORDS:
        rough, adult = heaping.whipple(counts), heaping.age_of_majority(counts)
        yield _make_question(
            "round_ages", shape, name, rough, {"index": round(rough.statistic) if rough.observations else 0}
        )
        yield _make_question("age_of_majority", shape, name, adult, {"share": _round_share(adult.statistic)})


def _ask_about_codes(source: str, shape: str, name: str, rows: pd.DataFrame) -> Iterator[tuple[QualityQuestion, bool]]:
    """Yield the question whether the shares of a coded field's categories changed between its last two years."""
    years, year_of_row = np.unique(rows["period"].to_numpy(object), return_inverse=True)
    codes, code_of_row = np.unique(rows[name].fillna("").to_numpy(object), return_inverse=True)
    places = np.bincount(year_of_row * len(codes) + code_of_row, minlength=len(years) * len(codes))
    counts = places.reshape(len(years), len(codes))[-2:]
    if len(counts) < 2 or counts.sum(axis=1).min() < LEAST_RECORDS:
        return
    (before, after), (first, second) = years[-2:], counts
    heap = heaping.drift(first, second, label=f"{source} {shape} {name} {before} {after}")
    shown: _Shown = {"year_before": str(before)}
    yield QualityQuestion("drift", shape, name, str(after), shown, heap.p_value), heap.is_flagged


def _make_question(
    rule: str, shape: str, name: str, heap: heaping.HeapingTest, shown: _Shown
) -> tuple[QualityQuestion, bool]:
    chance = None if np.isnan(heap.p_value) else heap.p_value
    return QualityQuestion(rule, shape, name, "", shown, chance), heap.is_flagged


def _round_share(share: float) -> float:
    return round(float(share), 2) if share == share else 0.0
