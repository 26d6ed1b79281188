"""The wording of a released text figure and its subject in one language, for exports that people read.

Belongs here: digits, percentages, intervals, marks, and the subject of a row in a phrase.
Does not belong here: labels of codes (`labels.py`), the printed report (`reports/phrases/wording.py`), any layout.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from expectations.cards.cells import PART, REPORTS
from languages.numbers import number, percent
from languages.words import Words
from reports.phrases import labels
from reports.phrases.wording import indicator_key, sign
from reports.released.released_figures import Standing
from reports.released.released_folder import Row
from reports.released.released_tables import PERCENTAGES

MARKS: Mapping[Standing, str] = {"low": "low", "withheld": "c", "missing": "x"}
"""The mark in place of a missing figure, printed by `wording.sign`; its meaning under `mark.<letters>`."""

_ISOLATES = re.compile("[\u2066-\u2069]")


def figure(row: Row, standing: Standing, words: Words) -> str:
    """Return a figure as a reader sees it: its interval, the mark of a year in part, its coverage; or only its mark.

    Args:
        row: of a release.
        standing: the status of its figure (`ReleasedFigures.standing`).
        words: of the language, whose digits are used.
    """
    if standing in MARKS:
        return sign(MARKS[standing], words)
    text = _number(row["obs_value"], row["measure"], words)
    bounds = [row.get(name, "") for name in ("lower", "upper")]
    if all(bounds):
        text += " (" + "–".join(_number(bound, row["measure"], words) for bound in bounds) + ")"
    if row.get("obs_status") == PART:
        text += f" {sign('p', words)}"
    return text + coverage_note(row, words)


def coverage_note(row: Row, words: Words) -> str:
    """Return ` (2/3)` if fewer agencies reported than should have; empty if all did."""
    reporting, expected = (row.get(column, "") for column in REPORTS)
    if not reporting or not expected or int(float(reporting)) >= int(float(expected)):
        return ""
    return " (" + "/".join(number(float(count), words.numerals) for count in (reporting, expected)) + ")"


def row_subject(indicator: str, measure: str, codes: Mapping[str, str], words: Words) -> str:
    """Return the subject of a row: the measure, unless it is the plain count, and the labels of its codes.

    Args:
        indicator: its code, `PRT-02`.
        measure: of the row.
        codes: dimension -> code; without totals.
        words: of the language.
    """
    parts = [labels.code(name, code, words) for name, code in codes.items()]
    own = f"page.measure.{indicator_key(indicator)}.{measure.lower()}"
    if measure and (measure != "COUNT" or own in words):
        parts.insert(0, words.text(own) if own in words else labels.code("measure", measure, words))
    return " · ".join(parts)


def cell_text(text: str) -> str:
    """Return a text for a cell with an explicit direction: LibreOffice puts isolated text at the wrong end."""
    return _ISOLATES.sub("", text)


def dimension(name: str, words: Words) -> str:
    """Return the name of a breakdown; its column name if the catalogue has none."""
    key = f"page.dimension.{name}"
    return words.text(key) if key in words else name


def _number(text: str, measure: str, words: Words) -> str:
    if measure in PERCENTAGES:
        return percent(float(text), words.numerals)
    decimals = 0 if float(text).is_integer() else len(text.partition(".")[2])
    return number(float(text), words.numerals, decimals=decimals)
