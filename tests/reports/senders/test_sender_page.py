"""A body's records beside released figures: its own numbers, what is released to everybody, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from ingestion.quality.quality_measures import BodyQuality, Year
from ingestion.quality.quality_page import ComparedRow, Comparison, quality_page
from languages.words import Words, languages
from reports.released import report_model
from reports.released.report_model import Report
from reports.senders import sender_page
from tests.ingestion.quality.test_quality_page import invented
from tests.reports import invented_releases

COURT, MINISTRY, REGION = "iraq_judicial_council", "iraq_interior_ministry", "kurdistan_interior_ministry"
ENGLISH = Words.load("en")
HOLDERS = {
    "PRT-01": [MINISTRY, COURT, REGION],
    "PRT-02": [COURT],
    "PRT-08": ["iraq_labour_ministry"],
    "PRS-03": [MINISTRY],
    "PRS-07": [MINISTRY],
}


def held_by(report: Report, holders: Mapping[str, Sequence[str]], rates: Sequence[str] = ()) -> Report:
    """The report with holders of its indicators, as a manifest of the door names them."""
    headline = report.headline
    assert headline
    known = {
        code: {**one, "holders": list(holders.get(code, [])), "derived": {"RATE": []} if code in rates else {}}
        for code, one in headline.manifest["indicators"].items()
    }
    own = replace(headline, manifest={**headline.manifest, "indicators": known})
    return replace(report, releases=tuple(own if one is headline else one for one in report.releases))


def sender(source: str, *years: Year) -> BodyQuality:
    return invented(source=source, years=years)


def records(period: str, rows: int, shape: str = "victims", *, is_part: bool = False) -> Year:
    return Year(shape, period, rows, None, is_changed=False, is_part=is_part)


def told(report: Report, quality: BodyQuality) -> Comparison:
    found = sender_page.compare_records(report, quality, ENGLISH)
    assert found
    return found


def rows(beside: Comparison) -> list[ComparedRow]:
    return [row for group in beside.groups for row in group.rows]


def test_a_body_reads_its_own_records_as_sent_beside_the_released_figure_of_the_same_unit(report: Report):
    beside = told(held_by(report, HOLDERS), sender(MINISTRY, records("2024", 271), records("2025", 62, is_part=True)))
    group = beside.groups[0]
    assert (group.heading, [row.is_own for row in group.rows]) == ("victims", [True, False])
    assert beside.years[-2:] == ("2024", "2025")
    assert group.rows[0].cells[-3:] == ("–", "271", "62 *")
    assert report.headline
    value = report.cell("PRT-01", "COUNT", "IQ-FED", "2024").value
    assert group.rows[1].cells[-2] == f"{value:,.0f}"


def test_who_alone_reports_is_told_so_and_others_are_counted_and_not_named(report: Report):
    found = {row.label: row.note for row in rows(told(held_by(report, HOLDERS), sender(COURT, records("2024", 7))))}
    notes = {label.partition(",")[0]: note for label, note in found.items()}
    assert notes["Formally identified victims"].startswith("Only you report this")
    assert notes["Presumed victims detected"] == "Other agencies that report this: 1."  # not the Region's: another part
    assert not [note for note in found.values() if "Interior" in note or MINISTRY in note]


def test_no_number_is_told_but_the_bodys_own_and_those_that_are_released(report: Report):
    """Every cell of the table is a number of its own records, or the text of a released total."""
    own = {"7", "1,013"}
    quality = sender(MINISTRY, records("2023", 7), records("2024", 1013), records("2024", 7, "accused"))
    assert report.headline
    frame = report.headline.frame
    public = {f"{value:,.0f}" for value in frame["obs_value"].dropna()} | {"0"}
    beside = told(held_by(report, HOLDERS), quality)
    told_cells = {cell for row in rows(beside) for cell in row.cells}
    assert {cell for cell in told_cells if re.search(r"\d", cell)} <= own | public
    assert {cell for row in rows(beside) if not row.is_own for cell in row.cells if cell in own} == set()


def test_a_figure_that_was_withheld_is_a_mark_here_as_everywhere(tmp_path: Path):
    def hide(frame: pd.DataFrame) -> pd.DataFrame:
        here = (frame["indicator"] == "PRS-03") & (frame["time_period"] == "2024")
        return frame.assign(obs_value=frame["obs_value"].mask(here), obs_status=frame["obs_status"].mask(here, "Q"))

    shown = held_by(report_model.load(invented_releases.build(tmp_path / "shown", is_national_only=True)), HOLDERS)
    hidden = held_by(
        report_model.load(invented_releases.build(tmp_path / "hidden", change=hide, is_national_only=True)), HOLDERS
    )
    quality = sender(MINISTRY, records("2024", 9, "accused"))

    def suspects(report: Report) -> ComparedRow:
        return next(row for row in rows(told(report, quality)) if row.label.startswith("Suspects"))

    assert suspects(shown).cells[-2].isdecimal()
    assert suspects(hidden).cells[-2] == "[c]"
    assert suspects(hidden).cells[-1] == suspects(shown).cells[-1]
    assert ("[c]", "withheld, so that no person or institution can be recognised") in told(hidden, quality).marks


def test_a_base_is_told_where_it_has_a_name_of_its_own_and_a_rate_never(report: Report):
    labour = sender("iraq_labour_ministry", records("2024", 31, "services"))
    beside = told(held_by(report, HOLDERS), labour)
    assert [row.label.partition(",")[0] for row in rows(beside)] == [
        "Shelter coverage",
        "Your records: Shelter services",
    ]
    assert beside.groups[0].note.startswith("You send no record of this unit")
    assert beside.groups[1].heading == "Records that no released figure counts one by one"
    ministry = told(held_by(report, HOLDERS, rates=["PRT-01"]), sender(MINISTRY, records("2024", 31)))
    assert "Presumed victims" not in " ".join(row.label for row in rows(ministry))


def test_a_body_without_a_released_figure_and_a_house_without_a_national_release_show_no_table(report: Report):
    quality = sender(MINISTRY, records("2024", 31))
    assert sender_page.compare_records(held_by(report, {}), quality, ENGLISH) is None
    others = tuple(one for one in report.releases if one is not report.headline)
    assert sender_page.compare_records(replace(report, releases=others), quality, ENGLISH) is None


@pytest.mark.parametrize("tag", languages())
def test_the_table_stands_in_the_page_in_every_language(report: Report, tag: str):
    words, quality = Words.load(tag), sender(COURT, records("2024", 271))
    beside = sender_page.compare_records(held_by(report, HOLDERS), quality, words)
    html = quality_page(quality, words, is_invented=True, comparison=beside)
    assert words.text("quality.beside") in html
    assert words.text("quality.beside.alone") in html
    assert report.headline
    assert report.headline.version in html
