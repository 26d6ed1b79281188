"""The rules of every dataset, whatever its card says: the gate is never passed by an empty or a careless file.

Belongs here: rules over the final frame, its bytes and the last release, each a function that counts what breaks it.
Does not belong here: a dataset's own checks (its card), the disclosure audit (`disclosure_audit.py`), or the verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from expectations.cards.cells import (
    COUNTED,
    DERIVED_UNITS,
    DIMENSIONS,
    KEY,
    RECEIVED,
    TOTAL,
    conf_status_of,
    csv_bytes,
    keys_of,
    matches,
)
from expectations.cards.codes import breakdown_ranks
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.indicator_card import IndicatorCard
from expectations.gate import arithmetic_attacks
from expectations.gate.dataset_suite import RuleResult
from expectations.gate.disclosure_audit import JointAudit
from expectations.gate.recomputation import wrongly_derived

Counted = tuple[int, int]
_SPOKEN = ("A", "Q")


@dataclass(frozen=True)
class GateSubject:
    """What the rules look at.

    Attributes:
        frame: read back from the final Parquet bytes.
        csv: the final CSV bytes.
        last: the cells of the last release, None before the first.
        suite: the results of the card's checks.
        examination: the joint audit, reduced to this dataset's blocks.
        indicators: the cards of all indicators, by code.
    """

    card: DatasetCard
    frame: pd.DataFrame
    csv: bytes
    last: pd.DataFrame | None
    suite: Sequence[RuleResult]
    examination: JointAudit
    indicators: Mapping[str, IndicatorCard]


def evaluate(case: GateSubject) -> list[RuleResult]:
    """Return one result a rule, in a fixed order; all of them block but the two watched ones at the end.

    Args:
        case: the final files of one dataset with everything that the rules read beside them.

    Returns:
        Results with origin `house`; numbers are rows, or things where a rule asks no rows.
    """
    results = [_result(name, rule(case)) for name, rule in RULES.items()]
    watched = [_earlier_vintage_withdrawn(case), _insider_narrow(case)]
    return [*results, _rows_kept(case), _reporting_kept(case), *watched]


def _result(name: str, counted: Counted) -> RuleResult:
    evaluated, unexpected = counted
    return RuleResult(name, "house", "critical", unexpected == 0, evaluated, unexpected)


def _something_is_said(case: GateSubject) -> Counted:
    return len(case.frame), int(not case.frame["obs_value"].notna().any())


def _every_check_ran(case: GateSubject) -> Counted:
    declared = {check.id for check in case.card.checks}
    return len(declared), len(declared.symmetric_difference(result.id for result in case.suite))


def _only_allowed_columns(case: GateSubject) -> Counted:
    columns = [str(column) for column in case.frame.columns]
    return len(columns), 0 if columns == case.card.columns else max(len(set(columns) ^ set(case.card.columns)), 1)


def _files_agree(case: GateSubject) -> Counted:
    return 2, int(not agree(case.frame, case.csv))


def _marks_match_values(case: GateSubject) -> Counted:
    """A value stands where the status says so; what is withheld, and nothing else, is confidential."""
    has_value, is_normal = case.frame["obs_value"].notna(), case.frame["obs_status"] == "A"
    is_other = case.frame["conf_status"] != conf_status_of(case.frame["obs_status"])
    return len(case.frame), int(((has_value != is_normal) | is_other).sum())


def _methods_fit_units(case: GateSubject) -> Counted:
    """A unit that its card protects has no value that was not rounded, exact by rule, or derived from such."""
    protected = [unit for unit, protection in case.card.protection.items() if protection.protects]
    protected += DERIVED_UNITS.values()
    rows = case.frame[case.frame["obs_value"].notna() & case.frame["unit_measure"].isin(protected)]
    is_counted = rows["measure"].isin(COUNTED)
    fits = (is_counted & rows["disclosure_method"].str.match(r"(ROUNDED|EXACT|SUPPRESSION)_\d+$")) | (
        ~is_counted & (rows["disclosure_method"] == "DERIVED")
    )
    unknown = ~case.frame["unit_measure"].isin([*case.card.protection, *DERIVED_UNITS.values()])
    return len(case.frame), int((~fits).sum() + unknown.sum())


def _rounded_to_base(case: GateSubject) -> Counted:
    return rounded_to_base(case.frame)


def agree(frame: pd.DataFrame, csv: bytes) -> bool:
    """Return whether the CSV says what was read back from the Parquet.

    Args:
        frame: released columns as read from the Parquet.
        csv: bytes of the file beside it.

    Returns:
        True only if the bytes are those that the frame gives.
    """
    return csv_bytes(frame) == csv


def rounded_to_base(frame: pd.DataFrame) -> Counted:
    """Return how many figures are marked as rounded, and how many of them are no multiple of their base."""
    bases, values = _parameter(frame, "ROUNDED")
    return len(values), int((values % bases != 0).sum())


def _exact_is_large_enough(case: GateSubject) -> Counted:
    """An exact figure reaches its threshold; one of a suppressed table does so or is 0."""
    thresholds, values = _parameter(case.frame, "EXACT")
    under, shown = _parameter(case.frame, "SUPPRESSION")
    small = int((values < thresholds).sum()) + int(((shown > 0) & (shown < under)).sum())
    return len(values) + len(shown), small


def _parameter(frame: pd.DataFrame, method: str) -> tuple[pd.Series, pd.Series]:
    """The rows of a method: the number in its name, and the value."""
    found = frame["disclosure_method"].str.extract(rf"^{method}_(\d+)$")[0]
    rows = found.notna()
    return found[rows].astype(float), frame.loc[rows, "obs_value"].fillna(0)


def _nothing_on_the_never_list(case: GateSubject) -> Counted:
    broken = sum(int(matches(case.frame, coordinates).sum()) for coordinates in case.card.never)
    return len(case.frame), broken


def _breakdowns_are_known(case: GateSubject) -> Counted:
    """A code of `cust_breakdown` is of the list that the card of its indicator names; a total is of none."""
    rows = case.frame.loc[case.frame["cust_breakdown"] != TOTAL, ["indicator", "cust_breakdown"]]
    pairs = rows.astype(str).value_counts(sort=False).reset_index(name="rows")
    known = [
        _is_of_list(case.indicators.get(one[0]), one[1]) for one in pairs[["indicator", "cust_breakdown"]].to_numpy()
    ]
    return len(case.frame), int(pairs.loc[[not one for one in known], "rows"].sum())


def _is_of_list(card: IndicatorCard | None, code: str) -> bool:
    return card is not None and card.breakdown is not None and breakdown_ranks().get(code, ("",))[0] == card.breakdown


def _totals_add_up(case: GateSubject) -> Counted:
    """A total equals the sum of its categories wherever all of them are printed by one method."""
    rows = case.frame[case.frame["measure"].isin(COUNTED)]
    counted = [_sums(case, rows, dimension) for dimension in DIMENSIONS]
    return sum(evaluated for evaluated, _ in counted), sum(unexpected for _, unexpected in counted)


def _sums(case: GateSubject, rows: pd.DataFrame, dimension: str) -> Counted:
    cut = any(dimension in entry for entry in case.card.never)  # a category that never leaves is missing from its sum
    children = rows[rows[dimension] != TOTAL]
    if children.empty or (cut and _has_gap(case, children)):
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


def _has_gap(case: GateSubject, children: pd.DataFrame) -> bool:
    printed = {name for name in DIMENSIONS if (children[name] != TOTAL).any()}
    merged = case.card.merge
    return any(
        set(entry) <= printed and not any(code in merged.get(name, {}) for name, code in entry.items())
        for entry in case.card.never
    )


def _values_follow_the_candidate(case: GateSubject) -> Counted:
    return len(case.frame), len(case.examination.strays) + len(case.examination.unaudited)


def _derived_follow_printed(case: GateSubject) -> Counted:
    return wrongly_derived(case.card, case.indicators, case.frame)


def _derived_tell_nothing_more(case: GateSubject) -> Counted:
    return arithmetic_attacks.derived_telling_more(case.indicators, case.frame)


def _rows_follow_codes(case: GateSubject) -> Counted:
    return arithmetic_attacks.rows_out_of_order(case.frame)


def _one_mark_for_hidden(case: GateSubject) -> Counted:
    return arithmetic_attacks.marks_telling_apart(case.frame)


def _periods_do_not_overlap(case: GateSubject) -> Counted:
    return arithmetic_attacks.periods_overlapping(case.frame, case.last)


def _roundings_cannot_be_joined(case: GateSubject) -> Counted:
    return sum(case.examination.audited.values()), len(case.examination.rounded_again)


def _earlier_vintage_withdrawn(case: GateSubject) -> RuleResult:
    """Blocks and years whose earlier vintages late cases alone do not explain: something was withdrawn."""
    withdrawn, audited = len(case.examination.withdrawn), len(case.examination.audited)
    return RuleResult("earlier_vintage_withdrawn", "house", "warning", withdrawn == 0, audited, withdrawn)


def _insider_narrow(case: GateSubject) -> RuleResult:
    """Blocks and years in which a body that sent cases is left with fewer than three values for the few of others.

    Not the cells: their number grows with the number of small cells.
    """
    narrow = len({(finding.block, finding.year) for finding in case.examination.narrow})
    return RuleResult("insider_narrow", "house", "warning", narrow == 0, len(case.examination.audited), narrow)


def _rows_kept(case: GateSubject) -> RuleResult:
    """What had a value, or a mark that hides one, is still there."""
    before, now = _spoken(case.last), _spoken(case.frame)
    lost = 0 if before is None or now is None else int((~keys_of(before).isin(keys_of(now))).sum())
    total = 0 if before is None else len(before)
    return RuleResult("rows_kept", "house", "critical", _kept(lost, total, case.card.coverage.keep_rows), total, lost)


def _reporting_kept(case: GateSubject) -> RuleResult:
    """Of what bodies reported at the last release, as much is reported now."""
    if case.last is None or RECEIVED not in case.frame.columns:
        return RuleResult("reporting_kept", "house", "critical", True, 0, 0)
    place = ["indicator", "ref_area", "time_period"]
    before = case.last.groupby(place)[RECEIVED].max()
    now = case.frame.groupby(place)[RECEIVED].max().reindex(before.index, fill_value=0)
    lost, total = int((before - now).clip(lower=0).sum()), int(before.sum())
    passed = _kept(lost, total, case.card.coverage.keep_reporting)
    return RuleResult("reporting_kept", "house", "critical", passed, total, lost)


def _spoken(frame: pd.DataFrame | None) -> pd.DataFrame | None:
    return None if frame is None else frame[frame["obs_status"].isin(_SPOKEN)]


def _kept(lost: int, total: int, share: float) -> bool:
    return total == 0 or (total - lost) / total >= share


RULES: Mapping[str, Callable[[GateSubject], Counted]] = {
    "something_is_said": _something_is_said,
    "every_check_ran": _every_check_ran,
    "only_allowed_columns": _only_allowed_columns,
    "files_agree": _files_agree,
    "marks_match_values": _marks_match_values,
    "methods_fit_units": _methods_fit_units,
    "rounded_to_base": _rounded_to_base,
    "exact_is_large_enough": _exact_is_large_enough,
    "nothing_on_the_never_list": _nothing_on_the_never_list,
    "breakdowns_are_known": _breakdowns_are_known,
    "totals_add_up": _totals_add_up,
    "derived_follow_printed": _derived_follow_printed,
    "derived_tell_nothing_more": _derived_tell_nothing_more,
    "rows_follow_codes": _rows_follow_codes,
    "one_mark_for_hidden": _one_mark_for_hidden,
    "periods_do_not_overlap": _periods_do_not_overlap,
    "roundings_cannot_be_joined": _roundings_cannot_be_joined,
    "values_follow_the_candidate": _values_follow_the_candidate,
}
