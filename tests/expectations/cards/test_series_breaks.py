"""Breaks of series: which are known, what they touch, and that a release marks them and leaves its figures alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from expectations.cards import areas, series_breaks
from expectations.cards.cells import read_parquet
from expectations.cards.dataset_card import validate_card
from expectations.cards.note_languages import voices
from expectations.cards.series_breaks import SeriesBreak, find_breaks, read_breaks, select_spanned_breaks
from expectations.releases import release_draft
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.questions.question_card import CATALOGUE
from tests.expectations import toy_home

PILLARS = {code.partition("-")[0] for code in CATALOGUE}
LAW = SeriesBreak(
    code="law", kind="law", first_year=2023, whole_year=2025, areas=["IQ-KR"], indicators=["PRS", "PRT-02"]
)


def _frame(*rows: tuple[str, str, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["indicator", "ref_area", "time_period", "obs_value"])


@pytest.mark.parametrize("tag", languages())
def test_every_break_and_kind_has_words(tag: str):
    words = Words.load(tag)
    known = [*read_breaks(), *read_breaks(invented=True)]
    said = [words.text(f"break.{one.code}") for one in known]
    said += [words.text(f"break.kind.{kind}") for kind in get_args(series_breaks.Kind)]
    assert len(set(said)) == len(said)
    assert {key for key in words.messages if key.startswith("break.")} == {
        *(f"break.{one.code}" for one in known),
        *(f"break.kind.{kind}" for kind in get_args(series_breaks.Kind)),
    }


def test_every_break_names_indicators_of_the_catalogue_and_places_of_the_country():
    places = {*areas.all_leaves(), *areas.REGIONS, areas.COUNTRY}
    for one in (*read_breaks(), *read_breaks(invented=True)):
        assert set(one.areas) <= places, one.code
        assert set(one.indicators) <= {*CATALOGUE, *PILLARS}, one.code
    assert {one.kind for one in read_breaks()} == set(get_args(series_breaks.Kind))


@pytest.mark.parametrize(
    ("before", "now", "lies_between"),
    [("2021", "2022", False), ("2022", "2023", True), ("2023", "2024", True), ("2024", "2025", True),
     ("2025", "2026", False), ("2019", "2026", True)],
)  # fmt: skip
def test_a_change_in_the_middle_of_a_year_parts_it_from_both_neighbours(before: str, now: str, lies_between: bool):
    assert LAW.lies_between(before, now) == lies_between
    assert bool(select_spanned_breaks([LAW], ["PRT-01", "PRT-02"], "IQ-KR", before, now)) == lies_between
    assert select_spanned_breaks([LAW], ["PRT-01"], "IQ-KR", before, now) == []


@pytest.mark.parametrize(
    ("indicator", "area", "touched"),
    [("PRS-05", "IQ-KR", True), ("PRS-05", "IQG06Q05", True), ("PRS-05", "IQG08", False), ("PRS-05", "IQ", False),
     ("PRT-02", "IQG09", True), ("PRT-03", "IQ-KR", False)],
)  # fmt: skip
def test_a_region_stands_for_its_governorates_and_a_pillar_for_its_indicators(indicator: str, area: str, touched: bool):
    assert LAW.touches(indicator, area) == touched


def test_halabja_breaks_the_series_of_both_places_from_2025_and_of_no_other():
    years = ("2024", "2025")
    places = ("IQG06", "IQG06Q05", "IQG09", "IQG08")
    frame = _frame(*((code, area, year, 5.0) for code in ("PRT-01", "PRS-03") for area in places for year in years))
    found = {one.code: one for one in find_breaks(frame, read_breaks())}
    assert found["halabja_governorate"].areas == ["IQG06", "IQG06Q05"]
    assert found["halabja_governorate"].indicators == ["PRS-03", "PRT-01"]
    assert select_spanned_breaks(list(found.values()), ["PRT-01"], "IQG06", "2024", "2025")
    assert not select_spanned_breaks(list(found.values()), ["PRT-01"], "IQG09", "2024", "2025")
    assert not select_spanned_breaks(list(found.values()), ["PRT-01"], "IQG06", "2023", "2024")


def test_a_series_that_begins_after_a_break_or_is_silent_before_has_none():
    after = [("PRT-02", "IQ-FED", year, 10.0) for year in ("2025", "2026")]
    assert find_breaks(_frame(*after), read_breaks()) == []
    assert find_breaks(_frame(("PRT-02", "IQ-FED", "2022", None), *after), read_breaks()) == []
    assert [one.code for one in find_breaks(_frame(("PRT-02", "IQ-FED", "2022", 0.0), *after), read_breaks())] == [
        "identification_procedures_2023"
    ]


def _latest(home: Home) -> Path:
    folder = home.releases / "four_ps_national"
    return folder / (folder / "latest").read_text(encoding="utf-8").strip()


def test_a_release_marks_its_breaks_in_manifest_and_notes_and_no_figure_changes(
    protected: Home, monkeypatch: pytest.MonkeyPatch
):
    known = read_breaks()
    monkeypatch.setattr(release_draft, "read_breaks", lambda *, invented: known if invented else ())
    toy_home.publish(protected, speakers=voices())
    folder = _latest(protected)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    marked = {one["code"]: one for one in manifest["breaks"]}
    assert marked["identification_procedures_2023"]["indicators"] == ["PRT-03"]
    assert "IQ-FED" in marked["identification_procedures_2023"]["areas"]
    keys = {"areas", "code", "first_year", "indicators", "kind", "whole_year"}
    assert {*marked["identification_procedures_2023"]} == keys, (
        "a manifest says of the whole release that it is invented"
    )
    for tag in languages():
        words = Words.load(tag)
        notes = (folder / f"notes.{tag}.md").read_text(encoding="utf-8")
        assert words.text("notes.breaks.heading") in notes
        assert words.text("break.identification_procedures_2023") in notes
    frame = read_parquet((folder / "data.parquet").read_bytes())
    assert set(frame["obs_status"]) <= {"A", "O", "Q"}


def test_a_home_of_invented_files_has_the_breaks_of_the_invented_country_and_none_of_iraq(protected: Home):
    toy_home.publish(protected)
    manifest = json.loads((_latest(protected) / "manifest.json").read_bytes())
    assert manifest["breaks"] == []  # the invented country changed its shelters, and the toy home counts none
    assert not {one.code for one in read_breaks()} & {one.code for one in read_breaks(invented=True)}


def test_a_part_of_a_year_leaves_as_it_was_counted_and_only_its_coverage_differs(tmp_path: Path):
    """Two homes with the same counts: in one of them one of the two bodies told of a part of each year only."""
    frames: list[pd.DataFrame] = []
    for name, reporting in (("whole", 2), ("part", 1)):
        home = toy_home.build(Home(tmp_path / name).open(invented=True), toy_home.Country(reporting=reporting))
        toy_home.publish(home)
        frames.append(read_parquet((_latest(home) / "data.parquet").read_bytes()))
    whole, part = frames
    assert (part["reports_received_count"] < part["reports_expected_count"]).any()
    assert not (whole["reports_received_count"] < whole["reports_expected_count"]).any()
    pd.testing.assert_frame_equal(
        whole.drop(columns="reports_received_count"), part.drop(columns="reports_received_count")
    )


def test_a_break_that_ends_before_it_begins_is_refused_by_the_name_of_its_field():
    content = {**LAW.model_dump(), "whole_year": 2022}
    with pytest.raises(Refusal) as refused:
        validate_card(SeriesBreak, content, where="series_breaks.yml")
    assert refused.value.arguments["field"] == "whole_year"
