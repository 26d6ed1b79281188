"""The report model: what was released, all of it and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from expectations.cards.cells import KEY, TOTAL
from ingestion.home import Home
from languages.refusal import Refusal
from reports.released import report_model
from reports.released.released_tables import ABSENT, ReleasedCell, ReleasedTable, TableLabel, cells_of
from reports.released.report_model import IndicatorSection, Report
from tests.reports import invented_releases


def places(section: IndicatorSection, table: ReleasedTable) -> list[tuple[tuple[str, ...], ReleasedCell]]:
    """Return each cell of a table with the key of the released row it stands for."""
    found: list[tuple[tuple[str, ...], ReleasedCell]] = []
    for group in table.groups:
        for row in group.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                labels = (*row.labels, column, TableLabel("area", table.place), TableLabel("year", table.year))
                about = {label.kind: label.code for label in labels if label.code}
                codes = {**about, "indicator": section.indicator, "measure": group.measure}
                codes |= {"ref_area": about["area"], "time_period": about["year"]}
                found.append((tuple(codes.get(name, TOTAL) for name in KEY), cell))
    return found


def test_every_released_row_stands_in_a_table_and_no_other_does(report: Report):
    for release in report.releases:
        printed: set[tuple[str, ...]] = set()
        silent: set[tuple[str, str]] = set()
        for section in report.sections_of(release.dataset):
            silent |= {(section.indicator, coverage.area) for coverage in section.silent}
            for table in section.tables:
                printed |= {key for key, cell in places(section, table) if cell is not ABSENT}
        rows = {tuple(row) for row in release.frame.loc[:, list(KEY)].itertuples(index=False, name=None)}
        assert printed == {row for row in rows if (row[0], row[2]) not in silent}


def test_every_printed_figure_is_the_released_one(report: Report):
    for release in report.releases:
        values = release.frame.set_index(list(KEY))["obs_value"]
        for section in report.sections_of(release.dataset):
            for table in section.tables:
                for key, cell in places(section, table):
                    if cell.value is not None:
                        assert cell.value == values.loc[key]


def test_only_areas_without_any_figure_are_left_out_of_tables(report: Report):
    for section in report.sections_of(invented_releases.GOVERNORATE):
        assert {coverage.area for coverage in section.silent} == set(invented_releases.KURDISH_LEAVES)


def test_zero_missing_and_withheld_are_three_things(tmp_path: Path):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        total = (frame["indicator"] == "PRT-01") & (frame["ref_area"] == "IQ-FED") & (frame["sex"] == "F")
        frame.loc[total & (frame["time_period"] == "2024"), ["obs_value", "obs_status"]] = [7777.0, "Q"]
        frame.loc[total & (frame["time_period"] == "2023"), "obs_value"] = 0.0
        frame.loc[total & (frame["time_period"] == "2022"), ["obs_value", "obs_status"]] = [None, "O"]
        return frame

    found = report_model.load(invented_releases.build(tmp_path, change=change, is_national_only=True))

    def cell(year: str) -> ReleasedCell:
        return found.cell("PRT-01", "COUNT", "IQ-FED", year, sex="F")

    assert [(cell(year).value, cell(year).mark) for year in ("2022", "2023", "2024")] == [
        (None, "x"),
        (0.0, "low"),
        (None, "c"),
    ]
    assert found.cell("PRT-01", "COUNT", "IQ-FED", "1999") is ABSENT


def test_a_share_of_nothing_that_was_rounded_is_rounded_itself(report: Report):
    marks = {
        (cell.mark, report.cell("NCR-01", "NUMERATOR", "IQ-FED", year, sex=sex).mark)
        for year in report.years
        for sex in ("F", "M", "_U")
        if (cell := report.cell("NCR-01", "SHARE", "IQ-FED", year, sex=sex)).value == 0
    }
    assert marks == {("low", "low")}


def test_silent_years_are_known(report: Report):
    section = next(section for section in report.sections_of(report_model.NATIONAL) if section.indicator == "PRT-02")
    assert section.coverage[0].incomplete_years == list(invented_releases.SILENT_COURT_YEARS)


def test_the_order_of_print_never_follows_the_figures(report: Report):
    table = next(
        t for s in report.sections_of(invented_releases.GOVERNORATE) for t in s.tables if t.indicator == "PRT-01"
    )
    areas = [row.labels[0].code for row in table.groups[0].rows]
    assert areas == [*sorted(areas[:-1]), "IQ-FED-U"]


def test_table_ids_are_unique(report: Report):
    ids = [table.id for section in report.sections for table in section.tables]
    assert len(ids) == len(set(ids))


def test_a_home_without_a_release_has_no_report(tmp_path: Path):
    with pytest.raises(Refusal) as refused:
        report_model.load(Home.at(tmp_path).open(invented=True))
    assert refused.value.code == "nothing_released"


@pytest.mark.parametrize("name", ["data.parquet", "datapackage.json", "manifest.json"])
def test_a_changed_byte_is_noticed(home: Home, tmp_path: Path, name: str):
    copy = Home.at(shutil.copytree(home.root, tmp_path / "copy"))
    path = next(copy.releases.glob(f"{report_model.NATIONAL}/*/{name}"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(Refusal) as refused:
        report_model.load(copy)
    assert refused.value.code == "bytes_changed"


def test_a_missing_file_is_named(home: Home, tmp_path: Path):
    copy = Home.at(shutil.copytree(home.root, tmp_path / "copy"))
    path = next(copy.releases.glob(f"{invented_releases.GOVERNORATE}/*/data.parquet"))
    path.unlink()
    with pytest.raises(Refusal) as refused:
        report_model.load(copy)
    assert (refused.value.code, refused.value.where) == ("file_missing", str(path))


def test_the_languages_of_a_report_share_one_model_and_what_is_read_is_verified_each_time(home: Home, tmp_path: Path):
    copy = Home.at(shutil.copytree(home.root, tmp_path / "copy"))
    first = report_model.load(copy)
    assert report_model.load(copy) is first
    next(copy.releases.glob(f"{invented_releases.GOVERNORATE}/latest")).unlink()
    assert report_model.load(copy) is not first
    path = next(copy.releases.glob(f"{report_model.NATIONAL}/*/data.parquet"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Refusal) as refused:
        report_model.load(copy)
    assert refused.value.code == "bytes_changed"


def test_cells_that_are_alike_share_their_memory(report: Report):
    for release in report.releases:
        assert len({id(cell) for cell in release.cells.values()}) < len(release.cells)


def test_a_zero_below_zero_is_shown_like_any_other():
    columns = {name: ["_T", "_T"] for name in KEY} | {"measure": ["RELATIVE_GAP"] * 2, "ref_area": ["A", "B"]}
    told = {"obs_value": [-0.0, 0.0], "obs_status": ["A", "A"], "disclosure_method": ["DERIVED", "DERIVED"]}
    first, second = cells_of(pd.DataFrame(columns | told)).values()
    assert str(first.value) == str(second.value) == "0.0"
