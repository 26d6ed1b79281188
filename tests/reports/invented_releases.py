"""An invented home with released datasets, for the tests of the reports: ten years, twenty areas, nothing real.

Figures are multiples of five from the start (units of five persons are thrown into places and categories), so that all
tables add up as protected ones do. Silence, withholding and zeros stand where the tests look for them.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.cards.cells import DIMENSIONS, INTERVAL, KEY, order_cells, parquet_bytes
from expectations.published.release_formats import FORMAT
from ingestion.home import Home, sha256_of_bytes, write_bytes
from reports.released.report_model import Report

FrozenYears = dict[str, list[str]]
YEARS = [str(year) for year in range(2016, 2026)]
NATIONAL, GOVERNORATE, THIRD = "four_ps_national", "four_ps_governorate", "an_invented_third"
SILENT_COURT_YEARS = ("2019", "2020")
FEDERAL_LEAVES = [f"IQG{n:02d}" for n in range(1, 19) if n not in (6, 9, 11)] + ["IQ-FED-U"]
KURDISH_LEAVES = ["IQG06", "IQG06Q05", "IQG09", "IQG11"]
CODES = {
    "sex": (["F", "M", "_U"], [70, 27, 3]),
    "age": (["Y0T17", "Y_GE18", "_U"], [38, 57, 5]),
    "form": (["SEXUAL", "FORCED_LABOUR", "BEGGING", "ORGAN", "CHILD_SALE", "OTHER", "MULTIPLE", "_U"],
             [38, 16, 20, 6, 5, 4, 7, 4]),
    "article": (["A5_1", "A5_2", "A6_A8", "A7", "A9", "A_OTHER"], [30, 10, 40, 8, 2, 10]),
}  # fmt: skip
PERSON_DIMENSIONS = ("sex", "age", "form")
NATIONAL_PAIRS = (("sex", "age"), ("age", "form"))


@dataclass(frozen=True)
class Spec:
    """One measure of one indicator: units of five a year, what it is broken down by, who holds it."""

    indicator: str
    measure: str
    unit: str
    units_of_five: int
    dimensions: tuple[str, ...]
    bodies: tuple[str, ...]
    of: str = ""


SPECS = (
    Spec("PRT-01", "COUNT", "VICTIM", 60, PERSON_DIMENSIONS, ("interior", "court")),
    Spec("PRT-02", "COUNT", "VICTIM", 38, PERSON_DIMENSIONS, ("court",)),
    Spec("PRT-03", "NUMERATOR", "VICTIM", 36, PERSON_DIMENSIONS, ("interior", "court"), of="PRT-01/COUNT"),
    Spec("PRT-08", "DENOMINATOR", "VICTIM", 22, ("sex", "age"), ("labour",)),
    Spec("PRT-08", "NUMERATOR", "VICTIM", 15, ("sex", "age"), ("labour",), of="PRT-08/DENOMINATOR"),
    Spec("NCR-01", "NUMERATOR", "VICTIM", 4, PERSON_DIMENSIONS, ("interior", "court"), of="PRT-01/COUNT"),
    Spec("PRS-03", "COUNT", "ACCUSED", 45, ("sex", "age"), ("interior",)),
    Spec("PRS-05", "COUNT", "ACCUSED", 20, ("sex", "age"), ("court",)),
    Spec("PRS-07", "NUMERATOR", "ACCUSED", 20, ("article",), ("court",), of="PRS-05/COUNT"),
)


def build(
    root: Path,
    *,
    change: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
    is_national_only: bool = False,
    frozen: FrozenYears | None = None,
    demands: Mapping[str, list[str]] | None = None,
    breaks: Sequence[Mapping[str, Any]] = (),
    holders: Mapping[str, list[str]] | None = None,
) -> Home:
    """Write an invented home with the datasets released once; `change` may alter the national rows before.

    Args:
        root: where.
        change: alters the national rows.
        is_national_only: leave the governorates out.
        frozen: years and their indicators that show an earlier release, for the manifest of the national dataset.
        demands: indicator to the demands it stands behind, for the manifest.
        breaks: of the series of the national dataset, for its manifest.
        holders: indicator to the bodies whose records it is made from, for its manifest.
    """
    home = Home.at(root).open(invented=True)
    national = rows(national=True)
    release(home, NATIONAL, change(national) if change else national, frozen, demands, breaks, holders)
    if not is_national_only:
        release(home, GOVERNORATE, rows(national=False))
    return home


def rows(*, national: bool) -> pd.DataFrame:
    """The rows of the national dataset, or of that of the governorates; the caller's own, to be changed."""
    return _invented(national=national).copy()


@cache  # eighty homes of one run begin with the same rows
def _invented(*, national: bool) -> pd.DataFrame:
    return pd.DataFrame(list(_rows(national=national)))


def third(home: Home, year: str = "2026") -> None:
    """Release a third dataset, which no code names: the suspects of one year more, by sex."""
    frame = rows(national=True)
    own = frame[(frame["indicator"] == "PRS-03") & (frame["age"] == "_T") & (frame["time_period"] == "2025")]
    release(home, THIRD, own.assign(time_period=year))


def with_basis(report: Report, indicator: str, basis: str, *caveats: str) -> Report:
    """The report of a national release whose manifest gives an indicator this basis and these caveats."""
    first, *others = report.releases
    known = first.manifest["indicators"]
    indicators = {**known, indicator: {**known[indicator], "basis": basis, "caveats": list(caveats)}}
    return replace(report, releases=(replace(first, manifest={**first.manifest, "indicators": indicators}), *others))


def with_previous(report: Report, previous: pd.DataFrame) -> Report:
    """The report of a national release that follows a version with these rows."""
    first, *others = report.releases
    return replace(report, releases=(replace(first, previous=previous), *others))


def release(
    home: Home,
    dataset: str,
    frame: pd.DataFrame,
    frozen: FrozenYears | None = None,
    demands: Mapping[str, list[str]] | None = None,
    breaks: Sequence[Mapping[str, Any]] = (),
    holders: Mapping[str, list[str]] | None = None,
    previous: str = "",
) -> str:
    """Write one released version as the door writes it, after a `previous` one if there was one; return its name."""
    years = sorted(set(frame["time_period"]))
    files = {
        "data.parquet": parquet_bytes(order_cells(frame)),
        "datapackage.json": json.dumps(_package(dataset)).encode(),
    }
    manifest = {
        "format": FORMAT,
        "dataset": dataset,
        "sequence": int(previous[:6] or 0) + 1,
        "invented": True,
        "indicators": {
            code: {
                "caveats": [],
                "demand": (demands or {}).get(code, []),
                **({"holders": holders.get(code, [])} if holders else {}),
            }
            for code in sorted(set(frame["indicator"]))
        },
        "period": {"first": years[0], "last": years[-1]},
        **({"previous": previous} if previous else {}),
        "frozen": [{"year": year, "indicators": codes} for year, codes in (frozen or {}).items()],
        "to_quote": [],
        "breaks": list(breaks),
        "protection": {"minimum_base": 20, "never": []},
        "files": {name: sha256_of_bytes(data) for name, data in files.items()},
    }
    described = json.dumps(manifest, sort_keys=True).encode()
    version = f"{int(previous[:6] or 0) + 1:06}-{sha256_of_bytes(described)[:12]}"
    for name, data in {**files, "manifest.json": described}.items():
        write_bytes(home.releases / dataset / version / name, data)
    write_bytes(home.releases / dataset / "latest", f"{version}\n".encode())
    return version


def _package(dataset: str) -> dict[str, Any]:
    return {
        "name": dataset.replace("_", "-"),
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0 International",
                      "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "contributors": [{"title": "Secretariat of the counter-trafficking task force", "role": "contact"}],
    }  # fmt: skip


def _rows(*, national: bool) -> Iterator[dict[str, Any]]:
    counted = {f"{spec.indicator}/{spec.measure}": _counted(spec, national=national) for spec in SPECS}
    units = {f"{spec.indicator}/{spec.measure}": spec for spec in SPECS}
    for name, cells in counted.items():
        spec = units[name]
        for key, value in cells.items():
            yield _row(spec, key, value)
        if spec.of:
            for key, value in cells.items():
                yield _share_row(spec, key, value, counted[spec.of].get(_base_key(spec, key)))
    if national:
        yield from _partnership_rows()


def _base_key(spec: Spec, key: tuple[str, ...]) -> tuple[str, ...]:
    area, year, *codes = key
    kept = ["_T" if spec.indicator == "PRS-07" and name == "article" else code
            for name, code in zip(DIMENSIONS, codes, strict=True)]  # fmt: skip
    return (area, year, *kept)


def _counted(spec: Spec, *, national: bool) -> dict[tuple[str, ...], int | None]:
    """Return cells by (area, year, sex, age, form, article, holder); None where nobody reported."""
    dice = random.Random(f"{spec.indicator}/{spec.measure}")
    breakdowns: list[tuple[str, ...]] = [(), *((name,) for name in spec.dimensions)]
    if national:
        breakdowns += [pair for pair in NATIONAL_PAIRS if set(pair) <= set(spec.dimensions)]
    cells: Counter[tuple[str, ...]] = Counter()
    for year in YEARS:
        for _ in range(round(spec.units_of_five * (0.75 + (int(year) - 2016) / 20))):
            area = dice.choices(FEDERAL_LEAVES, [30 if leaf == "IQG08" else 4 for leaf in FEDERAL_LEAVES])[0]
            person = {name: dice.choices(*CODES[name])[0] for name in spec.dimensions}
            for breakdown in breakdowns:
                cells[_place("IQ-FED" if national else area, year, breakdown, person)] += 5
    areas = ["IQ", "IQ-FED", "IQ-KR"] if national else [*FEDERAL_LEAVES, *KURDISH_LEAVES]
    grid = (key for area in areas for year in YEARS for key in _grid(area, year, breakdowns))
    return {key: None if _is_silent(spec, key[0], key[1]) else cells[key] for key in grid}


def _place(area: str, year: str, breakdown: tuple[str, ...], person: dict[str, str]) -> tuple[str, ...]:
    return (area, year, *(person[name] if name in breakdown else "_T" for name in DIMENSIONS))


def _grid(area: str, year: str, breakdowns: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    for breakdown in breakdowns:
        persons: list[dict[str, str]] = [{}]
        for name in breakdown:
            persons = [{**person, name: code} for person in persons for code in CODES[name][0]]
        yield from (_place(area, year, breakdown, person) for person in persons)


def _is_silent(spec: Spec, area: str, year: str) -> bool:
    only_court = spec.bodies == ("court",)
    return area in ("IQ", "IQ-KR", *KURDISH_LEAVES) or (only_court and year in SILENT_COURT_YEARS)


def _row(
    spec: Spec, key: tuple[str, ...], value: float | None, *, measure: str = "", method: str = ""
) -> dict[str, Any]:
    area, year, *codes = key
    expected = 0 if area in ("IQ-KR", *KURDISH_LEAVES) else len(spec.bodies)
    silent = expected if value is None else int("court" in spec.bodies and year in SILENT_COURT_YEARS)
    return {
        **dict(zip(KEY, (spec.indicator, measure or spec.measure, area, year, *codes), strict=True)),
        "obs_value": value,
        **dict.fromkeys(INTERVAL),
        "unit_measure": spec.unit,
        "obs_status": "O" if value is None else "A",
        "conf_status": "F",
        "disclosure_method": "NONE" if value is None else method or "ROUNDED_5",
        "reports_received_count": expected - silent,
        "reports_expected_count": expected,
    }


def _share_row(spec: Spec, key: tuple[str, ...], value: int | None, base: int | None) -> dict[str, Any]:
    row = _row(spec, key, value, measure="SHARE", method="DERIVED")
    if value is not None:
        is_small = base is None or base < 20
        share = None if is_small else min(1.0, value / base) if base else None
        row |= {"obs_value": share, "obs_status": "Q" if is_small else "A", "conf_status": "C" if is_small else "F"}
    return row


def _partnership_rows() -> Iterator[dict[str, Any]]:
    on_time = Spec("PAR-07", "NUMERATOR", "INSTITUTION", 0, ("holder",), ("interior", "court", "labour"))
    bodies = ("iraq_interior_ministry", "iraq_judicial_council", "iraq_labour_ministry")
    for year in YEARS:
        came = {body: int(year not in SILENT_COURT_YEARS or body != "iraq_judicial_council") for body in bodies}
        for body, value in {**came, "_T": sum(came.values())}.items():
            key = _place("IQ-FED", year, ("holder",), {"holder": body})
            expected = 3 if body == "_T" else 1
            yield _row(on_time, key, value, method="NONE")
            yield _row(on_time, key, value, measure="COUNT", method="NONE")
            yield _row(on_time, key, expected, measure="DENOMINATOR", method="NONE")
            yield _row(on_time, key, value / expected, measure="SHARE", method="DERIVED")
    gap = Spec("PAR-10", "COUNT", "PUBLISHED_FIGURE", 0, (), ("unodc",))
    for year in YEARS:
        key = _place("IQ-FED", year, (), {})
        is_out = year < "2024"
        silent = year in SILENT_COURT_YEARS
        yield _row(gap, key, 150.0 + int(year) % 7 * 11 if is_out else None, method="PUBLISHED")
        yield _row(gap, key, 0.12 if is_out and not silent else None, measure="RELATIVE_GAP", method="DERIVED")
