"""Detected victims for SDG indicator 16.2.2: which released rows they are, and of which series.

Belongs here: the choice of rows and the series codes. Does not belong here: the layout (`sdg.py`).

Only figures of the whole country: the structure has no code for a part of one. If a region did not report, the row says
that the figure is missing; a federal figure is never presented as Iraq's.

Detected victims are those that the rate per 100,000 residents (PRT-04) counts, if a release has it; else the formally
identified ones (PRT-02), the figure that Marsad compares with UNODC's (PAR-10, the GLOTIP export), so that UNODC is
given one number. Series codes: the global SDG database, indicator 16.2.2
(custodian UNODC, metadata of 31 March 2023): `VC_HTF_DETV` all, `…SX` sexual exploitation, `…FL` forced labour, `…OG`
organ removal, `…OP` other purposes; an `R` at the end for rates. The forms under other purposes stay separate, each
with a custom breakdown: their sum was not released.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from expectations.cards.cells import TOTAL
from languages.refusal import Refusal
from reports.exchange.formats import ExportRemark
from reports.released.released_folder import ReleasedFolder, Row, state

_RATE = "PRT-04"
_IDENTIFIED = "PRT-02/COUNT"
_FORMAT = "sdg"
_COUNTRY = "IQ"
_ALL = "VC_HTF_DETV"
_SERIES = {TOTAL: "", "SEXUAL": "SX", "FORCED_LABOUR": "FL", "ORGAN": "OG"}
_OTHER = ("BEGGING", "CHILD_SALE", "OTHER", "MULTIPLE")
_UNKNOWN = {"_U", "AMBIGUOUS"}  # persons of uncertain age fit no age code of the data structure


@dataclass(frozen=True)
class DetectedRow:
    """One released row of detected victims.

    Attributes:
        series: code of the global database.
        custom: the form of exploitation, if its series has several; else empty.
        is_rate: per 100,000 residents.
    """

    row: Row
    series: str
    custom: str
    is_rate: bool

    @property
    def custom_code(self) -> str:
        """The custom breakdown: C01, C02, …; `_T` if the series is not broken down."""
        return f"C{_OTHER.index(self.custom) + 1:02d}" if self.custom else TOTAL


def detected_victims(released: ReleasedFolder) -> list[DetectedRow]:
    """Return the rows on detected victims of the country, by series, in the order of the release.

    Raises:
        Refusal: `export_unsuited` if there is none.
    """
    released.need_cells(_FORMAT)
    counted = _counts_of(released)
    rows = [row for row in released.rows if row["ref_area"] == _COUNTRY]
    detected_rows = [detected_row for row in rows for detected_row in _rows_by_series(row, released, counted)]
    if not any(not detected_row.is_rate for detected_row in detected_rows):
        needs = f"{'/'.join(counted)}, ref_area {_COUNTRY}"
        raise Refusal("export_unsuited", where=released.dataset, format=_FORMAT, needs=needs)
    return sorted(detected_rows, key=lambda detected_row: (detected_row.series, detected_row.custom_code))


def _counts_of(released: ReleasedFolder) -> tuple[str, str]:
    """Return indicator and measure of the counts of detected victims in a release."""
    derived = released.manifest["indicators"].get(_RATE, {}).get("derived", {})
    (counted,) = derived.get("RATE", [_IDENTIFIED])
    indicator, _, measure = str(counted).partition("/")
    return indicator, measure


def remarks(released: ReleasedFolder, detected_rows: list[DetectedRow]) -> tuple[ExportRemark, ...]:
    """Return what the receiver of these rows should know: what is left out, and whether the country has a figure."""
    export_remarks: list[ExportRemark] = []
    counted = _counts_of(released)
    if any(_is_of_measure(row, counted) and _UNKNOWN & {row.get("age"), row.get("form")} for row in released.rows):
        export_remarks.append(ExportRemark("export.sdg.unknown"))
    if not any(detected_row.is_rate for detected_row in detected_rows):
        export_remarks.append(ExportRemark("export.sdg.no_rate"))
    if all(state(detected_row.row) == "missing" for detected_row in detected_rows):
        export_remarks.append(ExportRemark("export.sdg.no_country"))
    return tuple(export_remarks)


def _rows_by_series(row: Row, released: ReleasedFolder, counted: tuple[str, str]) -> Iterator[DetectedRow]:
    is_rate = _is_of_measure(row, (_RATE, "RATE"))
    others = [row[name] for name in released.dimensions if name not in ("sex", "age", "form")]
    if not (is_rate or _is_of_measure(row, counted)) or set(others) - {TOTAL}:
        return
    form = row.get("form", TOTAL)
    if _UNKNOWN & {form, row.get("age")}:
        return
    custom = form if form in _OTHER else ""
    if custom or form in _SERIES:
        yield DetectedRow(row, _ALL + _SERIES.get(form, "OP") + ("R" if is_rate else ""), custom, is_rate)


def _is_of_measure(row: Row, measure: tuple[str, str]) -> bool:
    return (row["indicator"], row["measure"]) == measure
