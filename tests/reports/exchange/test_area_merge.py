"""Halabja folded back: printed counts are added, nothing else is made up, and every folded figure says so."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.home import sha256_of_bytes, write_bytes
from languages.refusal import Refusal
from languages.words import Words
from marsad.command import main
from reports.exchange import sdmx
from reports.exchange.formats import FORMATS, with_fold
from reports.released.area_merge import FOLDS, FoldedAreas, Row, fold_of, fold_rows
from reports.released.released_folder import ReleasedFolder
from tests.reports.exchange.invented import release, row

HALABJA, SULAYMANIYAH = "IQG06Q05", "IQG06"
WITHHELD = {"obs_status": "Q", "disclosure_method": "WITHHELD"}
KEY = ("indicator", "measure", "ref_area", "time_period", "sex")


def _fold(*rows: Row) -> FoldedAreas:
    return fold_rows(rows, KEY, FOLDS["halabja"])


def _in(area: str, value: int | float | None, **more: str) -> Row:
    return row("PRT-02", value, area=area, **more)


def test_two_printed_counts_are_added_and_the_sum_is_marked_as_derived():
    found = _fold(_in(SULAYMANIYAH, 25), _in(HALABJA, 10), _in("IQG08", 40))
    assert [(one["ref_area"], one["obs_value"], one["obs_status"]) for one in found.rows] == [
        (SULAYMANIYAH, "35", "A"),
        ("IQG08", "40", "A"),
    ]
    assert [one["disclosure_method"] for one in found.rows] == ["DERIVED", "ROUNDED_5"]
    assert (found.figures, found.missing, found.left_out, found.greatest) == (1, 0, 0, 8)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6))
def test_sums_stay_multiples_of_the_base_and_the_total_of_the_region_stays_what_it_was(pairs: list[tuple[int, int]]):
    rows = [
        _in(area, 5 * size, year=str(2018 + number))
        for number, sizes in enumerate(pairs)
        for area, size in zip((SULAYMANIYAH, HALABJA), sizes, strict=True)
    ]
    found = _fold(*rows)
    values = {one["time_period"]: int(one["obs_value"]) for one in found.rows}
    assert all(value % 5 == 0 for value in values.values())
    for year, value in values.items():
        assert value == sum(int(one["obs_value"]) for one in rows if one["time_period"] == year)


@pytest.mark.parametrize(
    ("whole", "part", "status", "method"),
    [
        (_in(SULAYMANIYAH, 25), _in(HALABJA, None), "O", "NONE"),
        (_in(SULAYMANIYAH, None), _in(HALABJA, 10), "O", "NONE"),
        (_in(SULAYMANIYAH, 25), _in(HALABJA, None, **WITHHELD), "Q", "WITHHELD"),
        (_in(SULAYMANIYAH, None, **WITHHELD), _in(HALABJA, None), "O", "NONE"),
    ],
)
def test_where_one_of_the_two_is_not_printed_there_is_no_figure(whole: Row, part: Row, status: str, method: str):
    found = _fold(whole, part)
    (only,) = found.rows
    assert (only["obs_value"], only["obs_status"], only["disclosure_method"]) == ("", status, method)
    assert (found.figures, found.missing, found.greatest) == (0, 1, 0)


def test_shares_intervals_and_cells_without_a_counterpart_are_not_made_up():
    share = {"measure": "SHARE", "disclosure_method": "DERIVED"}
    limits = {"lower": "20", "upper": "31", "interval_method": "EXACT_POISSON"}
    found = _fold(
        _in(SULAYMANIYAH, 0.5, **share),
        _in(HALABJA, 0.25, **share),
        _in(SULAYMANIYAH, 25, **limits),
        _in(HALABJA, 10, **limits),
        _in(SULAYMANIYAH, 15, sex="F"),
    )
    (only,) = found.rows
    assert only["obs_value"] == "35"
    assert (only["lower"], only["upper"], only["interval_method"]) == ("", "", "")
    assert found.left_out == 3


def test_a_place_that_not_all_bodies_told_of_stays_incomplete():
    (only,) = _fold(
        _in(SULAYMANIYAH, 25, reports_received_count="2", reports_expected_count="2"),
        _in(HALABJA, 10, reports_received_count="1", reports_expected_count="2"),
    ).rows
    assert (only["reports_received_count"], only["reports_expected_count"]) == ("1", "2")


@pytest.fixture
def invented(tmp_path: Path) -> ReleasedFolder:
    years = ("2024", "2025")
    rows = [_in(area, value, year=year) for year in years for area, value in ((SULAYMANIYAH, 25), (HALABJA, 10))]
    return release(tmp_path / "releases", rows)


def test_an_export_holds_the_folded_rows_and_the_remark_says_what_was_done(invented: ReleasedFolder):
    changed, remark = with_fold(invented, "halabja", "sdmx")
    data = sdmx.export(changed, Words.load("en")).files["data-3.0.csv"]
    lines = list(csv.DictReader(io.StringIO(data.decode())))
    assert [(line["REF_AREA"], line["OBS_VALUE"], line["DISCLOSURE_METHOD"]) for line in lines] == [
        (SULAYMANIYAH, "35", "DERIVED"),
        (SULAYMANIYAH, "35", "DERIVED"),
    ]
    for tag in ("en", "ar", "ckb"):
        assert HALABJA in Words.load(tag).text(remark.key, **remark.arguments)
    assert remark.arguments["greatest"] == 8


def test_without_a_fold_the_rows_are_those_that_were_released(invented: ReleasedFolder):
    assert invented.folding is None
    assert {one["ref_area"] for one in invented.rows} == {HALABJA, SULAYMANIYAH}


def test_a_statistical_office_reads_the_folded_rows_in_sdmx(governorates: ReleasedFolder, tmp_path: Path):
    whole = [one for one in governorates.rows if one["ref_area"] == "IQG08" and one["measure"] == "COUNT"]
    areas = ((SULAYMANIYAH, "25"), (HALABJA, "10"))
    rows = [{**one, "ref_area": area, "obs_value": value} for one in whole for area, value in areas]
    changed, _ = with_fold(_with(governorates, rows, tmp_path), "halabja", "sdmx")
    data = sdmx.export(changed, Words.load("en")).files["data-3.0.csv"].decode()
    found = list(csv.DictReader(io.StringIO(data)))
    assert found
    assert {(one["REF_AREA"], one["DISCLOSURE_METHOD"]) for one in found} == {(SULAYMANIYAH, "DERIVED")}
    assert {one["OBS_VALUE"] for one in found} == {"35"}


def _with(released: ReleasedFolder, rows: Sequence[Row], folder: Path) -> ReleasedFolder:
    """The same release with these counts, rounded to 5, as its table."""
    sink = io.StringIO()
    writer = csv.DictWriter(sink, released.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**one, "obs_status": "A", "disclosure_method": "ROUNDED_5"} for one in rows)
    files = {"datapackage.json": released.file("datapackage.json"), "data.csv": sink.getvalue().encode()}
    for name, data in files.items():
        write_bytes(folder / name, data)
    hashes = {name: sha256_of_bytes(data) for name, data in files.items()}
    return ReleasedFolder(folder, released.version, {**released.manifest, "files": hashes})


def test_an_unknown_fold_is_told_the_nearest_one():
    with pytest.raises(Refusal) as refused:
        fold_of("halabcha")
    assert refused.value.code == "fold_unknown"
    assert "halabja" in str(refused.value.arguments["known"])


@pytest.mark.parametrize("name", sorted(name for name, one in FORMATS.items() if not one.folds))
def test_a_format_that_is_not_made_of_the_rows_refuses_a_fold(invented: ReleasedFolder, name: str):
    with pytest.raises(Refusal) as refused:
        with_fold(invented, "halabja", name)
    assert (refused.value.code, refused.value.arguments["known"]) == ("fold_unsuited", "sdmx")


def test_a_release_without_the_two_places_refuses_a_fold(released: ReleasedFolder):
    with pytest.raises(Refusal) as refused:
        with_fold(released, "halabja", "sdmx")
    assert (refused.value.code, refused.value.arguments["needs"]) == ("export_unsuited", SULAYMANIYAH)


def test_the_command_folds_a_released_folder(
    invented: ReleasedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    words = ["marsad", "export", "sdmx", str(invented.path), "--fold", "halabja", "-o", str(tmp_path / "out"), "--json"]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit) as left:
        main()
    told = json.loads(capsys.readouterr().out)
    assert not left.value.code
    assert "DERIVED" in (tmp_path / "out" / "data-3.0.csv").read_text(encoding="utf-8")
    assert told["remarks"] == [Words.load("en").text("export.folded", part=HALABJA, whole=SULAYMANIYAH, figures=2,
                                                     greatest=8, missing=0, left_out=0)]  # fmt: skip
