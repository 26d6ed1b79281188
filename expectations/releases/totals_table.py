"""Two tables beside the data of a release: the figures that a person would quote, and the label of every code.

Belongs here: `totals.csv` and `codes.csv`, from the released rows alone.
Does not belong here: the data (`data.csv`), their description (`package_descriptor.py`), words.

In the data totals stand beside their parts, and categories overlap: a sum over rows counts persons many times. A row
of `totals.csv` is one indicator, measure, area and year over all categories. Its figure, mark and interval are those of
`data.csv`, digit for digit. Its range follows from how the figure was rounded, and from the late cases that a frozen
one lacks, as the notes tell; `standing` says in one word which it is.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from expectations.cards.cells import DIMENSIONS, KEY, LATE_CASES, TOTAL, rounding_base, rounding_error, rows_as_csv
from expectations.cards.operands import places_behind
from languages.words import Words

TOTALS, CODES = "totals.csv", "codes.csv"
CODE_COLUMNS = ("column", "code")
_PLACE = ("indicator", "measure", "ref_area", "time_period")
_COPIED = ("unit_measure", "obs_value")
_RANGE = ("rounding_lowest", "rounding_highest")
EXACT, ROUNDED, FROZEN = STANDINGS = ("exact", "rounded", "frozen")
_INTERVAL = {"interval_lower": "lower", "interval_upper": "upper", "interval_method": "interval_method"}
_MARKS = ("obs_status", "disclosure_method")
TOTAL_COLUMNS = (*_PLACE, *_COPIED, *_RANGE, "standing", *_MARKS, *_INTERVAL)
_AS_COUNTED = ("NONE", "EXACT", "PUBLISHED")
_SHARE = "SHARE"
_PLAIN = {"obs_status", "conf_status", "interval_method"}
Row = Mapping[str, str]


def label_columns(tags: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns that hold labels, one a language."""
    return tuple(f"label_{tag}" for tag in tags)


def totals_csv(
    data: bytes,
    indicators: Mapping[str, Mapping[str, Any]],
    tags: Sequence[str],
    frozen: Mapping[str, Sequence[str]],
) -> bytes:
    """Return `totals.csv`: a row for each figure over all categories that was reported, withheld ones included.

    Args:
        data: `data.csv` of the release.
        indicators: as its manifest describes them.
        tags: the languages of the labels.
        frozen: years to the indicators whose figures are those of an earlier release.
    """
    rows = list(read_rows(data))
    by_key = {tuple(row[name] for name in KEY): row for row in rows}
    speakers = [Words.load(tag) for tag in tags]
    lines = [
        [
            *(row[name] for name in (*_PLACE, *_COPIED)),
            *_range(row, by_key, indicators, frozen),
            _standing(row, by_key, indicators, frozen),
            *(row[name] for name in _MARKS),
            *(row.get(name, "") for name in _INTERVAL.values()),
            *(_figure_label(row, words) for words in speakers),
        ]
        for row in rows
        if row["obs_status"] != "O" and all(row.get(name, TOTAL) == TOTAL for name in DIMENSIONS)
    ]
    return rows_as_csv([[*TOTAL_COLUMNS, *label_columns(tags)], *lines])


def codes_csv(data: bytes, tags: Sequence[str]) -> bytes:
    """Return `codes.csv`: the label of every code that the data hold, by column."""
    codes: dict[str, set[str]] = {name: set() for name in (*KEY, "unit_measure", "disclosure_method", *sorted(_PLAIN))}
    codes.pop("time_period")
    for row in read_rows(data):
        for name, known in codes.items():
            known.add(row.get(name, ""))
    speakers = [Words.load(tag) for tag in tags]
    lines = [
        [name, code, *(code_label(name, code, words) for words in speakers)]
        for name, known in codes.items()
        for code in sorted(known - {""})
    ]
    return rows_as_csv([[*CODE_COLUMNS, *label_columns(tags)], *lines])


def read_rows(data: bytes) -> Iterator[Row]:
    """Yield the rows of a released CSV."""
    yield from csv.DictReader(io.StringIO(data.decode("utf-8")))


def code_label(column: str, code: str, words: Words) -> str:
    """Return what a code of a column stands for."""
    if code == TOTAL:
        return words.text("page.total")
    if column == "indicator":
        return words.text(f"indicator.{_stem(code)}.title")
    if column == "holder" and f"source.{code}.title" in words:
        return words.text(f"source.{code}.title")
    if column == "unit_measure":
        return words.text(f"unit.{code}")
    if column == "ref_area":
        return words.label("area", code)
    if column == "disclosure_method":
        name, _, number = code.partition("_")
        return words.text(f"code.disclosure_method.{name}", **({"number": int(number)} if number else {}))
    return words.label(column, code)


def _stem(indicator: str) -> str:
    return indicator.lower().replace("-", "_")


def _figure_label(row: Row, words: Words) -> str:
    """Return a figure's label, in the words that the report's tables have for it."""
    own = f"page.measure.{_stem(row['indicator'])}.{row['measure'].lower()}"
    measure = words.text(own) if own in words else words.label("measure", row["measure"])
    place = code_label("ref_area", row["ref_area"], words)
    return " / ".join((code_label("indicator", row["indicator"], words), measure, place, row["time_period"]))


def _range(
    row: Row, by_key: Mapping[tuple[str, ...], Row], indicators: Mapping[str, Any], frozen: Mapping[str, Sequence[str]]
) -> tuple[str, str]:
    """Return the least and greatest true figure that it allows; empty where the figure does not tell it."""
    counts = _counts_behind(row, by_key, indicators)
    ranges = [None if count is None else _count_range(count, frozen) for count in counts]
    if row["measure"] != _SHARE:
        return ("", "") if ranges[0] is None else (f"{ranges[0][0]:g}", f"{ranges[0][1]:g}")
    if len(ranges) != 2 or ranges[0] is None or ranges[1] is None or ranges[1][0] <= 0:
        return "", ""
    lowest, highest = ranges[0][0] / ranges[1][1], min(1.0, ranges[0][1] / ranges[1][0])
    return _decimal(math.floor(lowest * 1000)), _decimal(math.ceil(highest * 1000))


def _counts_behind(row: Row, by_key: Mapping[tuple[str, ...], Row], indicators: Mapping[str, Any]) -> list[Row | None]:
    """Return the counts that a figure tells: its own, of a share those of part and whole."""
    if row["measure"] != _SHARE:
        return [row]
    key = {name: row[name] for name in KEY}
    places = places_behind(row["indicator"], _SHARE, {"indicators": indicators})
    return [by_key.get(tuple({**key, **place}[name] for name in KEY)) for place in places]


def _standing(
    row: Row, by_key: Mapping[tuple[str, ...], Row], indicators: Mapping[str, Any], frozen: Mapping[str, Sequence[str]]
) -> str:
    """Return whether a figure is exact, rounded or frozen: of a share the least sure of its two counts.

    Empty without a figure, and where its counts are not told (a median, a rate).
    """
    if not row["obs_value"]:
        return ""
    counts = _counts_behind(row, by_key, indicators)
    if _is_frozen(row, frozen) or any(count is not None and _is_frozen(count, frozen) for count in counts):
        return FROZEN
    methods = [None if count is None else count["disclosure_method"] for count in counts]
    if any(method and rounding_base(method) for method in methods):
        return ROUNDED
    return EXACT if all(method and method.partition("_")[0] in _AS_COUNTED for method in methods) else ""


def _is_frozen(row: Row, frozen: Mapping[str, Sequence[str]]) -> bool:
    return row["indicator"] in frozen.get(row["time_period"], ())


def _decimal(thousandths: int) -> str:
    return f"{thousandths / 1000:g}"


def _count_range(row: Row, frozen: Mapping[str, Sequence[str]]) -> tuple[float, float] | None:
    method = row["disclosure_method"]
    is_known = method.partition("_")[0] in _AS_COUNTED or bool(rounding_base(method))
    if not row["obs_value"] or not is_known:
        return None
    value, error = float(row["obs_value"]), rounding_error(method)
    error += LATE_CASES - 1 if _is_frozen(row, frozen) else 0
    return max(0.0, value - error), value + error
