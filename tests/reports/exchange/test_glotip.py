"""UNODC's published table with our figures: its columns and labels, what a text stands for, and the way back."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from ingestion.entry.file_check import examine
from ingestion.home import Home
from ingestion.submissions import landing
from languages.refusal import Refusal
from languages.words import Words
from reports.exchange import glotip
from reports.exchange.glotip import COLUMNS, SHEET, GlotipLine
from reports.released.released_figures import ReleasedFigures
from reports.released.released_folder import ReleasedFolder
from samples import layouts
from tests.ingestion.workbooks import TODAY
from tests.reports.exchange.invented import Row, release, row

ENGLISH = Words.load("en")
OTHERS = ("BEGGING", "CHILD_SALE", "ORGAN", "OTHER", "MULTIPLE")


def _victims() -> list[Row]:
    rows = [row("PRT-02", 1235, year="2023"), row("PRT-02", 40, disclosure_method="EXACT_11")]
    for place, (sex, age) in enumerate(itertools.product(("F", "M", "_U"), ("Y0T17", "Y_GE18", "_U"))):
        rows.append(row("PRT-02", 5 * place, sex=sex, age=age))
    rows += [row("PRT-02", 15, form="SEXUAL"), row("PRT-02", 0, form="FORCED_LABOUR"), row("PRT-02", 5, form="_U")]
    rows += [row("PRT-02", 5 * place, form=form) for place, form in enumerate(OTHERS)]
    rows += [row("PRT-32", 40), row("PRT-32", 30, citizenship="IRQ"), row("PRT-32", 10, citizenship="FOREIGN")]
    rows += [row("PRT-28", 10), row("PRS-05", 20, unit_measure="ACCUSED")]
    rows += [row("PRT-02", None, area="IQ"), row("PRT-02", None, area="IQ-KR"), row("PRT-02", None, year="2022")]
    return rows


@pytest.fixture
def told(tmp_path: Path) -> ReleasedFolder:
    return release(tmp_path, _victims())


def _cells(released: ReleasedFolder) -> list[tuple[Any, ...]]:
    data = glotip.export(released, ENGLISH).files["glotip.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == [SHEET]
    return list(book[SHEET].iter_rows(values_only=True))


def _line(released: ReleasedFolder, **about: str) -> GlotipLine:
    wanted = {"indicator": glotip.VICTIMS, "dimension": "Total", "category": "Total", "sex": "Total", "age": "Total"}
    wanted |= {"year": "2024"} | about
    lines = glotip.lines(ReleasedFigures(released))
    [found] = [line for line in lines if all(getattr(line, name) == value for name, value in wanted.items())]
    return found


def test_the_workbook_has_the_sheet_the_header_row_and_the_columns_of_unodc(told: ReleasedFolder):
    cells = _cells(told)
    assert cells[2] == COLUMNS == layouts.GLOTIP_HEADERS
    assert [bool(line[0]) and not any(line[1:]) for line in cells[:2]] == [True, True]
    assert "invented" in str(cells[0][0])
    assert {(type(line[9]), type(line[11])) for line in cells[3:]} == {(int, str)}
    assert {line[:4] for line in cells[3:]} == {("IRQ", "Iraq", "Asia", "Western Asia")}


@pytest.mark.real_input
def test_every_label_of_ours_is_one_of_unodcs_own(told: ReleasedFolder, real_input: Path):
    book = CalamineWorkbook.from_path(real_input / "unodc" / "data_glotip_2023-05-30.xlsx")
    theirs = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    assert tuple(theirs[2]) == COLUMNS
    for place in (0, 2, 3, 4, 5, 6, 7, 8, 10):
        assert {line[place] for line in _cells(told)[3:]} <= {line[place] for line in theirs[3:]}, COLUMNS[place]
    names = {line[6] for line in theirs[3:] if line[5] == "by citizenship"}
    assert set(glotip._CITIZENSHIPS.values()) - names <= {"Türkiye"}  # there in two damaged spellings
    assert set(glotip.INDICATORS.values()) == {line[4] for line in theirs[3:]}


@pytest.mark.real_input
def test_ours_and_theirs_are_compared_cell_by_cell_without_any_change(tmp_path: Path, real_input: Path):
    years = ("2018", "2019", "2020")
    ours = release(tmp_path, [row("PRT-02", 35, year=year, sex=sex) for year in years for sex in ("F", "M", "_T")])
    workbook = io.BytesIO(glotip.export(ours, ENGLISH).files["glotip.xlsx"])
    mine = pd.read_excel(workbook, engine="openpyxl", skiprows=2, dtype=str)
    theirs = pd.read_csv(real_input / "unodc" / "iraq_glotip_2023-05-30.csv", dtype=str)
    assert list(mine.columns) == list(theirs.columns)
    key = [name for name in mine.columns if name not in ("txtVALUE", "Source")]
    both = mine.merge(theirs, on=key, suffixes=("_ours", "_theirs"))
    assert len(both) == len(mine)


def as_unodc_would(data: bytes) -> bytes:
    """Return a workbook of ours with UNODC's own word for where a figure is from."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cells in book[SHEET].iter_rows(min_row=2):
        if str(cells[-1].value).startswith("Marsad"):
            cells[-1].value = "GLOTIP"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_figures_of_ours_are_never_taken_for_those_of_unodc(told: ReleasedFolder):
    data = glotip.export(told, ENGLISH).files["glotip.xlsx"]
    answer = examine(data, "glotip.xlsx", "unodc_glotip", today=TODAY)
    assert (answer.rows_landed, answer.rows_quarantined) == (0, len(glotip.lines(ReleasedFigures(told))))
    assert {reason.kind for table in answer.tables for reason in table.quarantined} == {"unlisted_text"}


def test_what_is_exported_comes_back_through_our_own_door_with_equal_counts(told: ReleasedFolder, tmp_path: Path):
    home = Home.at(tmp_path / "home").open(invented=True)
    path = tmp_path / "glotip.xlsx"
    path.write_bytes(as_unodc_would(glotip.export(told, ENGLISH).files["glotip.xlsx"]))
    receipt = landing.receive(home, "unodc_glotip", path)
    lines = glotip.lines(ReleasedFigures(told))
    assert (receipt.verdict, receipt.rows_landed, receipt.rows_quarantined) == ("accepted", len(lines), 0)
    assert not receipt.findings
    [table] = examine(path.read_bytes(), path.name, "unodc_glotip", today=TODAY).tables
    labels = ("measure", "dimension", "category", "sex_label", "age_label", "reference_year", "figure", "figure_mark")
    back = {values[:6]: values[6:] for values in zip(*(table.columns[name] for name in labels), strict=True)}
    assert len(back) == len(lines)  # no key stands twice
    for line in lines:
        figure, mark = back[(line.indicator, line.dimension, line.category, line.sex, line.age, int(line.year))]
        if line.text.startswith("<"):
            assert (figure, mark) == (None, "masked")
        else:
            assert (figure, mark) == (int(line.text.replace(",", "")), "value")


def test_a_count_is_told_as_unodc_writes_it_and_one_that_rounds_to_zero_as_masked(told: ReleasedFolder):
    assert _line(told, year="2023").text == "1,235"
    assert _line(told, sex="Female", age="0 to 17 years").text == "<5"
    assert _line(told, sex="Unknown", age="Unknown").text == "40"
    assert _line(told, dimension="by form of exploitation", category="Forced labour").text == "<5"


def test_zero_withheld_and_not_reported_are_three_things(tmp_path: Path):
    hidden = {"obs_status": "Q", "disclosure_method": "WITHHELD", "obs_value": ""}
    rows = [
        row("PRT-02", 50, year="2021"),
        row("PRT-02", 0, disclosure_method="EXACT_11"),
        row("PRT-02", None, year="2023"),
    ]
    found = release(tmp_path, [*rows, row("PRT-02", 1, year="2022", **hidden)])
    assert _line(found).text == "0"
    assert _line(found, year="2022").text == "-"  # of any size: `<5` would be a guess
    assert [line.year for line in glotip.lines(ReleasedFigures(found))] == ["2021", "2022", "2024"]
    book = as_unodc_would(glotip.workbook(glotip.lines(ReleasedFigures(found)), found))
    [table] = examine(book, "g.xlsx", "unodc_glotip", today=TODAY).tables
    assert table.columns["figure"] == [50, None, 0]
    assert table.columns["figure_mark"] == ["value", "dash", "value"]


def test_the_third_form_is_the_sum_of_our_other_forms_and_says_so(told: ReleasedFolder):
    other = _line(told, dimension="by form of exploitation", category="Other forms of exploitation")
    assert other.text == str(5 * sum(range(len(OTHERS))))
    assert "sum of 5 cells" in other.source


def test_a_sum_of_counts_that_all_round_to_zero_is_masked_by_what_may_be_behind_them(tmp_path: Path):
    found = release(tmp_path, [row("PRT-02", 5), *(row("PRT-02", 0, form=form) for form in OTHERS)])
    other = _line(found, dimension="by form of exploitation", category="Other forms of exploitation")
    assert other.text == f"<{4 * len(OTHERS) + 1}"


@pytest.mark.parametrize(("status", "text"), [("O", None), ("Q", "-")])
def test_a_sum_with_a_part_that_is_not_there_is_not_told(tmp_path: Path, status: str, text: str | None):
    parts = [row("PRT-02", 5, form=form) for form in OTHERS[1:]]
    parts += [row("PRT-02", None, form=OTHERS[0], obs_status=status)]
    lines = glotip.lines(ReleasedFigures(release(tmp_path, [row("PRT-02", 5), *parts])))
    assert [line.text for line in lines if line.category == glotip.OTHER_FORMS] == ([text] if text else [])


def test_citizenships_and_returns_stand_where_unodc_has_them(told: ReleasedFolder):
    assert _line(told, dimension="by citizenship", category="Nationals").text == "30"
    names = [line.category for line in glotip.lines(ReleasedFigures(told)) if line.dimension == "by citizenship"]
    assert names == ["Nationals"], "foreigners of all countries together have no row there, nor has a second total"
    assert _line(told, dimension="by country of repatriation", category="Abroad").text == "10"


def test_a_row_broken_down_by_what_unodc_does_not_know_is_left_out(tmp_path: Path):
    rows = [
        row("PRT-02", 50),
        row("PRT-02", 5, holder="iom_caseload"),
        row("PRT-02", 5, form="ORGAN", citizenship="IRQ"),
    ]
    rows += [row("PRT-02", 5, citizenship="FOREIGN"), row("PRT-02", 5, article="A7")]
    assert len(glotip.lines(ReleasedFigures(release(tmp_path, rows)))) == 1


def test_federal_figures_stand_for_iraq_only_while_the_country_has_no_total(tmp_path: Path):
    federal = [row("PRS-05", 20), row("PRS-05", 25, year="2023")]
    half = release(
        tmp_path / "half", [*federal, row("PRS-05", 30, area="IQ"), row("PRS-05", None, area="IQ", year="2023")]
    )
    whole = release(
        tmp_path / "whole", [*federal, row("PRS-05", 30, area="IQ"), row("PRS-05", 35, area="IQ", year="2023")]
    )
    assert {line.text for line in glotip.lines(ReleasedFigures(half))} == {"20", "25"}
    assert {line.text for line in glotip.lines(ReleasedFigures(whole))} == {"30", "35"}
    assert all("; IQ-FED;" in line.source for line in glotip.lines(ReleasedFigures(half)))


def test_who_exports_is_told_which_of_unodcs_indicators_have_no_row(told: ReleasedFolder):
    remarks = glotip.export(told, ENGLISH).remarks
    assert [remark.arguments.get("indicator") for remark in remarks] == [None, "PRS-02", "PRS-03", "PRS-04"]
    assert all(ENGLISH.text(remark.key, **remark.arguments) for remark in remarks)


def test_the_same_release_gives_the_same_bytes(told: ReleasedFolder):
    assert glotip.export(told, ENGLISH).files == glotip.export(told, Words.load("ar")).files


def test_a_release_without_unodcs_indicators_is_refused(tmp_path: Path):
    with pytest.raises(Refusal) as refused:
        glotip.export(release(tmp_path, [row("PRV-02", 5)]), ENGLISH)
    assert refused.value.code == "export_unsuited"
