"""Rules of every dataset that no expectation can express: an empty or a careless file never passes the gate.

Belongs here: rules over the whole frame, its bytes, other cards and the last release, each a function that counts
violations. Does not belong here: rules on a single row or column (`base_suite.yml`, a dataset's card), the disclosure
audit (`disclosure_audit.py`), or the verdict.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expectations.cards.cells import (
    COUNTED,
    DIMENSIONS,
    KEY,
    RECEIVED,
    SPOKEN,
    TOTAL,
    csv_bytes,
    keys_of,
)
from expectations.cards.codes import breakdown_ranks
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.indicator_card import IndicatorCard
from expectations.gate import arithmetic_attacks
from expectations.gate.disclosure_audit import JointAudit
from expectations.gate.recomputation import count_wrongly_derived
from expectations.gate.rule_result import RuleResult
from ingestion.cards.reporting_periods import is_over

Counted = tuple[int, int]


@dataclass(frozen=True)
class FinalFiles:
    """The final files of one dataset, and what the rules compare them with.

    Attributes:
        frame: read back from the final Parquet bytes.
        csv: the final CSV bytes.
        last: the cells of the last release; None before the first.
        suite: the results of the card's checks.
        indicators: the cards of all indicators, by code.
        day: as of which a year is over (`years_are_over`); None before any file came.
        is_last_withdrawn: whether the last release was withdrawn.
    """

    card: DatasetCard
    frame: pd.DataFrame
    csv: bytes
    last: pd.DataFrame | None
    suite: Sequence[RuleResult]
    indicators: Mapping[str, IndicatorCard]
    day: datetime.date | None
    is_last_withdrawn: bool = False

    @property
    def last_owed(self) -> pd.DataFrame | None:
        """The cells of the last release that this one must still have.

        Figures of a year that is not over should not have been there: whoever withdrew that release has put it right.
        """
        if self.last is None or not self.is_last_withdrawn:
            return self.last
        return self.last[_are_over(self, self.last)]


def check_files(files: FinalFiles) -> list[RuleResult]:
    """Return one result for each rule that reads only the files, in a fixed order; all of them block.

    Returns:
        Results with origin `house`; numbers are rows, or other units if a rule does not check rows.
    """
    results = [_rule_result(name, rule(files)) for name, rule in FILE_RULES.items()]
    return [*results, _check_rows_kept(files), _check_reporting_kept(files)]


def check_audit(examination: JointAudit, rows: int) -> list[RuleResult]:
    """Return one result for each rule that reads the joint audit; the last two do not block.

    Args:
        examination: the joint audit, reduced to the blocks of one dataset.
        rows: number of rows of its final frame.
    """
    audited = sum(examination.audited.values())
    astray = len(examination.strays) + len(examination.unaudited)
    return [
        _rule_result("roundings_cannot_be_joined", (audited, len(examination.rounded_again))),
        _rule_result("one_count_is_one_figure", (audited, len(examination.two_figures))),
        _rule_result("values_follow_the_candidate", (rows, astray)),
        _check_withdrawn_vintages(examination),
        _check_insiders(examination),
    ]


def sort_by_rule(results: Sequence[RuleResult]) -> list[RuleResult]:
    """Return the results of `check_files` and `check_audit` in the order in which every verdict names them."""
    return sorted(results, key=lambda result: _ORDER.index(result.id))


def _rule_result(name: str, counted: Counted) -> RuleResult:
    evaluated, unexpected = counted
    return RuleResult(name, "house", "critical", unexpected == 0, evaluated, unexpected)


def _check_some_figure(files: FinalFiles) -> Counted:
    return len(files.frame), int(not files.frame["obs_value"].notna().any())


def _check_every_check(files: FinalFiles) -> Counted:
    declared = {check.id for check in files.card.checks}
    return len(declared), len(declared.symmetric_difference(result.id for result in files.suite))


def _check_allowed_columns(files: FinalFiles) -> Counted:
    columns = [str(column) for column in files.frame.columns]
    return len(columns), 0 if columns == files.card.columns else max(len(set(columns) ^ set(files.card.columns)), 1)


def _check_same_files(files: FinalFiles) -> Counted:
    return 2, int(not frame_equals_csv(files.frame, files.csv))


def frame_equals_csv(frame: pd.DataFrame, csv: bytes) -> bool:
    """Return whether the CSV has the same content as the Parquet.

    Args:
        frame: released columns as read from the Parquet.
        csv: bytes of the CSV file.

    Returns:
        True only if the CSV bytes are those that the frame gives.
    """
    return csv_bytes(frame) == csv


def _check_breakdowns(files: FinalFiles) -> Counted:
    """Check that a code of `cust_breakdown` is on the list that its indicator's card names; a total is on none."""
    rows = files.frame.loc[files.frame["cust_breakdown"] != TOTAL, ["indicator", "cust_breakdown"]]
    pairs = rows.astype(str).value_counts(sort=False).reset_index(name="rows")
    known = [
        _is_of_list(files.indicators.get(pair[0]), pair[1])
        for pair in pairs[["indicator", "cust_breakdown"]].to_numpy()
    ]
    return len(files.frame), int(pairs.loc[[not is_known for is_known in known], "rows"].sum())


def _is_of_list(card: IndicatorCard | None, code: str) -> bool:
    return card is not None and card.breakdown is not None and breakdown_ranks().get(code, ("",))[0] == card.breakdown


def _check_totals(files: FinalFiles) -> Counted:
    """Check that a total equals the sum of its categories wherever all of them are printed by one method."""
    rows = files.frame[files.frame["measure"].isin(COUNTED)]
    counted = [_sums(files, rows, dimension) for dimension in DIMENSIONS]
    return sum(evaluated for evaluated, _ in counted), sum(unexpected for _, unexpected in counted)


def _sums(files: FinalFiles, rows: pd.DataFrame, dimension: str) -> Counted:
    cut = any(dimension in entry for entry in files.card.never)  # a `never` category is missing from its sum
    children = rows[rows[dimension] != TOTAL]
    if children.empty or (cut and _has_gap(files, children)):
        return 0, 0
    totals = rows[rows[dimension] == TOTAL].drop_duplicates(list(KEY))
    place = keys_of(totals).get_indexer(keys_of(children.assign(**{dimension: TOTAL})))
    above = totals.reset_index(drop=True).reindex(place)
    method = above["disclosure_method"].to_numpy(dtype=object)
    alike = (children["disclosure_method"].to_numpy(dtype=object) == method) & children["obs_value"].notna().to_numpy()
    summed = pd.DataFrame({"place": place, "alike": alike, "value": children["obs_value"].to_numpy()})
    sums = summed[place >= 0].groupby("place").agg({"alike": "all", "value": "sum"})
    comparable = sums[sums["alike"]]
    printed = totals["obs_value"].to_numpy(dtype=float)[comparable.index.to_numpy(dtype=int)]
    return len(comparable), int((comparable["value"].to_numpy() != printed).sum())


def _has_gap(files: FinalFiles, children: pd.DataFrame) -> bool:
    printed = {name for name in DIMENSIONS if (children[name] != TOTAL).any()}
    merged = files.card.merge
    return any(
        set(entry) <= printed and not any(code in merged.get(name, {}) for name, code in entry.items())
        for entry in files.card.never
    )


def _check_derived_rows(files: FinalFiles) -> Counted:
    return count_wrongly_derived(files.card, files.indicators, files.frame)


def _check_revealing_derived(files: FinalFiles) -> Counted:
    return arithmetic_attacks.count_revealing_derived(files.indicators, files.frame)


def _check_row_order(files: FinalFiles) -> Counted:
    return arithmetic_attacks.count_rows_out_of_order(files.frame)


def _check_marks(files: FinalFiles) -> Counted:
    return arithmetic_attacks.count_revealing_marks(files.frame)


def _check_periods(files: FinalFiles) -> Counted:
    return arithmetic_attacks.periods_overlapping(files.frame, files.last)


def _check_years(files: FinalFiles) -> Counted:
    """Check that each year is over, as of the day that the verdict names, for all agencies that hold the indicator."""
    return len(files.frame), int((~_are_over(files, files.frame)).sum())


def _are_over(files: FinalFiles, frame: pd.DataFrame) -> pd.Series:
    """Return which rows are of a year that is over; a period that is no year is not."""
    pairs = frame[["indicator", "time_period"]].astype(str)
    known = {
        (indicator, period): period.isdecimal() and is_over(int(period), _holders(files, indicator), files.day)
        for indicator, period in pairs.drop_duplicates().itertuples(index=False)
    }
    return pd.Series([known[pair] for pair in pairs.itertuples(index=False, name=None)], index=frame.index, dtype=bool)


def _holders(files: FinalFiles, indicator: str) -> Sequence[str]:
    card = files.indicators.get(indicator)
    return card.holders if card else ()


def _check_withdrawn_vintages(examination: JointAudit) -> RuleResult:
    """Warn about blocks and years whose earlier vintages late cases alone do not explain: something was withdrawn."""
    withdrawn, audited = len(examination.withdrawn), len(examination.audited)
    return RuleResult("earlier_vintage_withdrawn", "house", "warning", withdrawn == 0, audited, withdrawn)


def _check_insiders(examination: JointAudit) -> RuleResult:
    """Warn of blocks and years where an agency that sent cases has fewer than three possible values for others' few.

    Counts blocks, not cells: the number of cells grows with the number of small cells.
    """
    narrow = len({(finding.block, finding.year) for finding in examination.narrow})
    return RuleResult("insider_narrow", "house", "warning", narrow == 0, len(examination.audited), narrow)


def _check_rows_kept(files: FinalFiles) -> RuleResult:
    """Check that what had a value, or a mark that withholds one, is still there.

    What a card gave up since (a dimension, a total of categories that do not add up) is missing on purpose.
    """
    before, now = _rows_with_figures(files.last_owed), _rows_with_figures(files.frame)
    before = None if before is None else before[~_is_given_up(files, before)]
    lost = 0 if before is None or now is None else int((~keys_of(before).isin(keys_of(now))).sum())
    total = 0 if before is None else len(before)
    return RuleResult(
        "rows_kept", "house", "critical", _is_share_kept(lost, total, files.card.coverage.keep_rows), total, lost
    )


def _check_reporting_kept(files: FinalFiles) -> RuleResult:
    """Check that as much is reported now as agencies had reported at the last release."""
    last = files.last_owed
    if last is None or RECEIVED not in files.frame.columns:
        return RuleResult("reporting_kept", "house", "critical", True, 0, 0)
    place = ["indicator", "ref_area", "time_period"]
    before = last.groupby(place)[RECEIVED].max()
    now = files.frame.groupby(place)[RECEIVED].max().reindex(before.index, fill_value=0)
    lost, total = int((before - now).clip(lower=0).sum()), int(before.sum())
    passed = _is_share_kept(lost, total, files.card.coverage.keep_reporting)
    return RuleResult("reporting_kept", "house", "critical", passed, total, lost)


def _is_given_up(files: FinalFiles, rows: pd.DataFrame) -> pd.Series:
    """Return which rows are of a table that the card of their indicator has no more, by its own word."""
    shown = rows[list(DIMENSIONS)].astype(str) != TOTAL
    tables = [tuple(np.array(DIMENSIONS)[row]) for row in shown.to_numpy()]
    pairs = list(zip(rows["indicator"].astype(str), tables, strict=True))
    gone = {pair for pair in set(pairs) if (card := files.indicators.get(pair[0])) and card.gave_up(pair[1])}
    return pd.Series([pair in gone for pair in pairs], index=rows.index, dtype=bool)


def _rows_with_figures(frame: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if frame is None else frame[frame["obs_status"].isin(SPOKEN)]


def _is_share_kept(lost: int, total: int, share: float) -> bool:
    return total == 0 or (total - lost) / total >= share


FILE_RULES: Mapping[str, Callable[[FinalFiles], Counted]] = {
    "something_is_said": _check_some_figure,
    "every_check_ran": _check_every_check,
    "only_allowed_columns": _check_allowed_columns,
    "files_agree": _check_same_files,
    "breakdowns_are_known": _check_breakdowns,
    "totals_add_up": _check_totals,
    "derived_follow_printed": _check_derived_rows,
    "derived_tell_nothing_more": _check_revealing_derived,
    "rows_follow_codes": _check_row_order,
    "one_mark_for_hidden": _check_marks,
    "periods_do_not_overlap": _check_periods,
    "years_are_over": _check_years,
}
RULES = (*FILE_RULES, "roundings_cannot_be_joined", "one_count_is_one_figure", "values_follow_the_candidate")
"""The rules that only count violations."""
_WATCHED = ("earlier_vintage_withdrawn", "insider_narrow")
_ORDER = (*RULES, "rows_kept", "reporting_kept", *_WATCHED)
