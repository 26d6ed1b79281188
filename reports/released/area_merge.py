"""Merge an area back into the one it was part of, so that a series can be read across the year in which it was created.

Belongs here: which merges there are, and adding released rows. Only counts are added, and only if both are published:
no share, no interval, and no figure that one of the two lacks.
Does not belong here: reading a release (`released_folder.py`), formats, or any figure that was not released.

Halabja: COD-AB 2019 has it as district IQG06Q05 of Sulaymaniyah (IQG06); a governorate by federal law since 2025
(docs/reference/areas.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.cards.cells import COUNTED, EXPECTED, RECEIVED, rounding_error
from languages.refusal import Refusal

Row = Mapping[str, str]


@dataclass(frozen=True)
class AreaFold:
    """An area that is added to another."""

    part: str
    whole: str


FOLDS: Mapping[str, AreaFold] = {"halabja": AreaFold("IQG06Q05", "IQG06")}


@dataclass(frozen=True)
class FoldedAreas:
    """The result of a merge.

    Attributes:
        rows: all rows in their order, without those of the part; a merged figure has the method `DERIVED`.
        figures: sums that have a figure.
        missing: cells without a figure, because one of the two has none; withheld if it was withheld, else missing.
        left_out: rows of the two areas that are not counts, or that have no counterpart.
        greatest: how far a merged figure may lie from the true one: twice as far as a rounded one; 0 if none is
            rounded.
    """

    rows: tuple[Row, ...]
    figures: int
    missing: int
    left_out: int
    greatest: int


def fold_of(name: str) -> AreaFold:
    """Return a merge by name.

    Raises:
        Refusal: `fold_unknown` with all names.
    """
    if name not in FOLDS:
        raise Refusal("fold_unknown", where=name, known=", ".join(sorted(FOLDS)))
    return FOLDS[name]


def fold_rows(rows: Sequence[Row], key: Iterable[str], fold: AreaFold) -> FoldedAreas:
    """Return rows with one area added to another.

    Args:
        rows: of a release, as text.
        key: the columns that identify a cell.
        fold: which area goes into which.
    """
    columns = [column for column in key if column != "ref_area"]
    parts = {tuple(row[column] for column in columns): row for row in rows if row["ref_area"] == fold.part}
    made: list[Row] = []
    sums: list[tuple[Row, Row]] = []
    for row in rows:
        if row["ref_area"] not in (fold.part, fold.whole):
            made.append(row)
        elif row["ref_area"] == fold.whole and row["measure"] in COUNTED:
            part = parts.get(tuple(row[column] for column in columns))
            if part is not None:
                sums.append((row, part))
                made.append(_add_row(row, part))
    both = sum(1 for pair in sums if all(_is_printed(summand) for summand in pair))
    touched = sum(row["ref_area"] in (fold.part, fold.whole) for row in rows)
    printed = [pair for pair in sums if all(map(_is_printed, pair))]
    greatest = max(
        (sum(rounding_error(summand["disclosure_method"]) for summand in pair) for pair in printed), default=0
    )
    return FoldedAreas(tuple(made), both, len(sums) - both, touched - 2 * len(sums), greatest)


def _is_printed(row: Row) -> bool:
    return bool(row["obs_value"]) and row["obs_status"] == "A"


def _add_row(whole: Row, part: Row) -> Row:
    pair = (whole, part)
    attributes = {
        **dict.fromkeys({"lower", "upper", "interval_method"} & set(whole), ""),
        RECEIVED: min((summand[RECEIVED] for summand in pair), key=int),
        EXPECTED: max((summand[EXPECTED] for summand in pair), key=int),
    }
    if all(_is_printed(summand) for summand in pair):
        value = str(Decimal(whole["obs_value"]) + Decimal(part["obs_value"]))
        return {**whole, **attributes, "obs_value": value, "obs_status": "A", "disclosure_method": "DERIVED"}
    silent = next((summand for summand in pair if summand["obs_status"] in ("O", "L", "M")), None)
    without = silent or next(summand for summand in pair if not _is_printed(summand))
    marks = {name: without[name] for name in ("obs_status", "conf_status", "disclosure_method") if name in whole}
    return {**whole, **attributes, "obs_value": "", **marks}
