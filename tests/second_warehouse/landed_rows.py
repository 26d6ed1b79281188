"""What was landed, read again: the rows that count, and which body is believed first.

Belongs here: the raw Parquet files, the roll call, the calendar, the order of records that tell of one fact.
Does not belong here: what the rows mean (`persons.py`, `proceedings.py`, `requests.py`, `penalties.py`).

Sources: docs/architecture.md (landing, roll call), docs/decisions/0007, 0010, 0014, 0016.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

HOUSE = Path(__file__).resolve().parents[2]
SEEDS = HOUSE / "dbt_project" / "seeds"
REGIONS = ("IQ-FED", "IQ-KR")
_LISTED, _UNLISTED = 0, 1000

Fact = dict[str, Any]


@dataclass(frozen=True)
class Landed:
    """The rows of every shape that count, the roll call and the calendar."""

    rows: dict[str, list[Fact]]
    submissions: list[Fact]
    calendar: list[Fact]

    @property
    def years(self) -> list[int]:
        """The years about which some body owes an export."""
        return sorted({int(owed["period"]) for owed in self.calendar})

    def is_owed(self, holder: str, region: str, year: int) -> bool:
        """Tell whether `holder` owes an export about this region and year."""
        wanted = (holder, region, str(year))
        return any((owed["source"], owed["region_code"], owed["period"]) == wanted for owed in self.calendar)

    def _current(self, holder: str, year: int) -> list[Fact]:
        calls = [call for call in self.submissions if (call["source"], call["period"]) == (holder, str(year))]
        return [call for call in calls if call["is_current"]]

    def has_reported_whole(self, holder: str, year: int) -> bool:
        """Tell whether what counts of `holder` about `year` states that it covers all of it (docs/decisions/0016)."""
        counting = self._current(holder, year)
        return bool(counting) and all((call["completeness"] or 0) >= 1 for call in counting)

    def is_part(self, holders: Iterable[str], region: str, year: int) -> bool:
        """Tell whether what counts of one of `holders` covers a part of the year that it owes about this region."""
        return any(
            self.is_owed(holder, region, year)
            and bool(self._current(holder, year))
            and not self.has_reported_whole(holder, year)
            for holder in holders
        )

    def is_told(self, holders: Iterable[str], region: str, year: int) -> bool:
        """Tell whether any of `holders` owes an export about this region and year, and anything of it counts."""
        return any(self.is_owed(holder, region, year) and self._current(holder, year) for holder in holders)


def read_seed(name: str) -> list[dict[str, str]]:
    """Return the rows of a code list."""
    return pl.read_csv(SEEDS / f"{name}.csv", infer_schema=False).to_dicts()


def read_landed(raw: Path, shapes: Iterable[str]) -> Landed:
    """Return what the folder `raw` holds, the records of each shape in the order in which they are believed."""
    calls = pl.read_parquet(raw / "submissions.parquet")
    current = calls.filter(pl.col("is_current")).select("source", "shape", "period", "submission", "sequence")
    rows = {shape: _current_rows(raw, shape, current.filter(pl.col("shape") == shape)) for shape in shapes}
    return Landed(rows, calls.to_dicts(), pl.read_parquet(raw / "calendar.parquet").to_dicts())


def _current_rows(raw: Path, shape: str, current: pl.DataFrame) -> list[Fact]:
    files = f"{raw}/{shape}/**/rows.parquet"
    landed = pl.read_parquet(files, hive_partitioning=True, try_parse_hive_dates=False, missing_columns="insert")
    counted = landed.join(current.drop("shape"), on=["source", "period", "submission"])
    return sorted(counted.to_dicts(), key=_precedence())


def _precedence() -> Callable[[Fact], tuple[object, ...]]:
    """Listed bodies by rank, then the others by name, then those ranked over a thousand; of one body the first file."""
    ranks = {row["source"]: int(row["rank"]) for row in read_seed("source_precedence")}

    def place(row: Fact) -> tuple[object, ...]:
        rank = ranks.get(row["source"], _UNLISTED)
        return rank, row["source"], row["sequence"], row["sheet"], row["row_number"], row.get("cell_column") or ""

    return place


def is_known(value: object) -> bool:
    """Tell whether a cell says anything: neither blank nor `_U`."""
    return value is not None and value != "_U"


def first_known(records: Iterable[Fact], field: str) -> Any:  # noqa: ANN401
    """Return what the first record that knows says of `field`, else None."""
    return next((record[field] for record in records if is_known(record[field])), None)


def codes_of(text: str | None) -> set[str]:
    """Return the codes of a cell that may hold several."""
    return set((text or "").split(";")) - {"", "_U"}


def answer(code: str | None) -> bool | None:
    """Return yes, no, or None where nobody said."""
    return {"Y": True, "N": False}.get(code or "")


def place_of(code: str | None) -> Fact:
    """Return the leaf area and region of a governorate; a federal row without one stands in a leaf of its own."""
    places = {row["code"]: row for row in read_seed("governorate")}
    place = places[code if code in places else "_U"]
    return {"area": place["area_code"], "region": place["region_code"], "governorate": code or "_U"}


def citizenship_group(code: str | None) -> str:
    """Return Iraqi or foreign; stateless persons are counted as foreign."""
    if not is_known(code):
        return "_U"
    return "IRQ" if code == "IRQ" else "FOREIGN"


_BANDS = ((7, "D_0_7"), (30, "D_8_30"), (90, "D_31_90"), (180, "D_91_180"), (365, "D_181_365"), (730, "D_366_730"))


def duration_band(days: int | None) -> str | None:
    """Return the band of a number of days; None where it is not known or the two dates contradict each other."""
    if days is None or days < 0:
        return None
    return next((band for last, band in _BANDS if days <= last), "D_GE_731")
