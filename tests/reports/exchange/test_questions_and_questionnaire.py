"""The files of answers, and UNODC's questionnaire as a workbook: each figure with what it is, each gap by name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from languages.refusal import Refusal
from languages.words import Words, languages
from reports.exchange import glotip_questionnaire as questionnaire
from reports.exchange import treaty_questions
from reports.exchange.glotip_questionnaire import FormCell, FormLine
from reports.phrases import wording
from reports.questions import question_card
from reports.released.released_figures import ReleasedFigures
from reports.released.released_folder import ReleasedFolder
from tests.ingestion import workbooks
from tests.reports.exchange.invented import release, row

ENGLISH = Words.load("en")
INTERVAL = {
    "measure": "SHARE",
    "disclosure_method": "DERIVED",
    "lower": "0.31",
    "upper": "0.6",
    "interval_method": "WILSON",
}
ROWS = [
    *(row("PRT-02", 1230 + int(year) % 2020, year=year) for year in ("2020", "2021", "2022", "2023", "2024")),
    row("PRT-02", 0, sex="M"),
    row("PRT-02", 0, sex="_U", disclosure_method="EXACT_11"),
    row("PRT-02", 5, sex="M", year="2023", reports_received_count="1", reports_expected_count="2"),
    row("PRT-02", 14, age="_U", disclosure_method="EXACT_11"),
    row("PRT-02", None, sex="F", obs_status="Q", disclosure_method="WITHHELD"),
    row("PRT-02", None, sex="F", year="2023"),
    row("PRT-02", None, area="IQ-KR"),
    row("PRT-02", 10, form="BEGGING"),
    row("PRT-08", 40, measure="DENOMINATOR", sex="F"),
    row("PRT-08", 0.45, sex="F", **INTERVAL),
]


@pytest.fixture
def told(tmp_path: Path) -> ReleasedFolder:
    return release(tmp_path, ROWS, more=("lower", "upper", "interval_method"))


def _page(told: ReleasedFolder, treaty: str, tag: str = "en") -> str:
    return treaty_questions.export(told, Words.load(tag)).files[f"{treaty}.{tag}.md"].decode("utf-8")


def test_there_is_a_page_for_each_treaty_in_each_language_and_two_tables(told: ReleasedFolder):
    pages = {f"{treaty}.{tag}.md" for treaty in question_card.treaties() for tag in languages()}
    assert set(treaty_questions.export(told, ENGLISH).files) == {"answers.csv", "questions.csv"} | pages


def test_the_table_of_answers_has_the_columns_of_the_release_and_all_years(told: ReleasedFolder):
    lines = list(
        csv.DictReader(io.StringIO(treaty_questions.export(told, ENGLISH).files["answers.csv"].decode("utf-8")))
    )
    assert set(told.columns) <= set(lines[0])
    total = [one for one in lines if (one["treaty"], one["question"]) == ("us_tip", "victims_identified")]
    assert {one["time_period"] for one in total if one["row"] == "0"} == {"2020", "2021", "2022", "2023", "2024"}
    assert {one["invented"] for one in lines} == {"yes"}
    states = {one["state"] for one in lines}
    assert states == {"figure", "zero", "low", "withheld", "missing", "not_released", "no_indicator", "gap"}
    [share] = [one for one in lines if one["treaty"] == "cedaw" and one["measure"] == "SHARE"]
    assert (share["obs_value"], share["lower"], share["interval_method"]) == ("0.45", "0.31", "WILSON")


def test_every_figure_of_the_table_of_answers_was_released(told: ReleasedFolder):
    lines = list(
        csv.DictReader(io.StringIO(treaty_questions.export(told, ENGLISH).files["answers.csv"].decode("utf-8")))
    )
    released = {tuple(one[name] for name in (*told.key, "obs_value")) for one in told.rows}
    figures = [one for one in lines if one["obs_value"]]
    assert len(figures) > 15
    assert {tuple(one[name] for name in (*told.key, "obs_value")) for one in figures} <= released


def test_the_texts_of_the_questions_stand_in_all_languages_beside_each_other(told: ReleasedFolder):
    lines = list(
        csv.DictReader(io.StringIO(treaty_questions.export(told, ENGLISH).files["questions.csv"].decode("utf-8")))
    )
    assert set(lines[0]) == {"treaty", "question", "reference", *languages()}
    assert len(lines) == sum(len(question_card.load(treaty).questions) for treaty in question_card.treaties())


def test_a_page_tells_the_last_four_years_with_marks_intervals_coverage_and_gaps(told: ReleasedFolder):
    page = _page(told, "glotip")
    heads = [line for line in page.splitlines() if line.startswith("| What")]
    assert heads
    assert not any("2020" in line for line in heads)
    for about, cells in {
        " · Male": "[n] | [n] | 5 (1/2) | [low]",
        " · Female": "[n] | [n] | [x] | [c]",
        "": "1,231 | 1,232 | 1,233 | 1,234",
    }.items():
        line = f"| Formally identified victims{about} | Iraq without the Kurdistan Region | victims | {cells} |"
        assert line in page
    assert "- Persons prosecuted · Male · 18 and over: no indicator yet." in page
    assert "- Formally identified victims · Male · by form of exploitation: released, but not broken down so." in page
    assert "No figure in any year [x]: Kurdistan Region of Iraq." in page
    assert "45% (31%–60%)" in _page(told, "cedaw")
    assert "Invented data" in page
    assert "April to March" in _page(told, "us_tip")
    assert "April to March" not in page


@pytest.mark.parametrize("tag", ["ar", "ckb"])
def test_a_page_in_another_language_has_its_own_digits_and_the_same_marks(told: ReleasedFolder, tag: str):
    own, english = _page(told, "glotip", tag), _page(told, "glotip")
    assert "١٬٢٣٤" in own
    signs = [{wording.sign(mark, Words.load(each)): mark for mark in ("low", "c", "x", "n")} for each in (tag, "en")]
    pairs = zip((own, english), signs, strict=True)
    tables = [[said[text] for text in re.findall(r"\[\w+\]", page) if text in said] for page, said in pairs]
    assert tables[0] == tables[1] != []


def test_no_page_prints_a_figure_that_is_not_there(told: ReleasedFolder):
    page = _page(told, "glotip")
    printed = {
        cell.strip() for line in page.splitlines() if line.startswith("| Formally") for cell in line.split("|")[4:8]
    }
    assert {cell for cell in printed if cell} == {"[n]", "[x]", "[c]", "[low]", "0", "5 (1/2)", "10", "14"} | {
        f"1,23{last}" for last in range(1, 5)
    }


def _lines(told: ReleasedFolder, question: str, words: Words = ENGLISH) -> Sequence[FormLine]:
    return questionnaire.tables(ReleasedFigures(told), words)[question]


def test_each_figure_of_the_questionnaire_stands_with_what_it_is(told: ReleasedFolder):
    cells = {line.head[0]: line.cells for line in _lines(told, "q6_victims")}
    nothing = FormCell("", "not in this release")
    assert cells["Total"] == tuple(FormCell(1230 + last, "rounded to 5") for last in range(1, 5))
    assert cells["Male"] == (
        nothing,
        nothing,
        FormCell(5, "rounded to 5 (1/2)"),
        FormCell("<5", "rounds to zero: 0 to 4"),
    )
    assert cells["Female"] == (nothing, nothing, FormCell("", "not reported"), FormCell("", "hidden"))
    assert cells["Sex not known"][3] == FormCell(0, "exact")
    assert cells["Age not known"][3] == FormCell(14, "exact")


def test_a_figure_of_an_earlier_release_is_told_as_such(tmp_path: Path):
    told = release(tmp_path, ROWS, frozen=[{"year": "2023", "indicators": ["PRT-02"]}])
    [total] = [line.cells for line in _lines(told, "q6_victims") if line.head[0] == "Total"]
    assert [cell.mark for cell in total[1:]] == ["rounded to 5", "rounded to 5; of an earlier release", "rounded to 5"]
    assert "2023: the figures are those of an earlier release" in _page(told, "cedaw")


def test_what_no_indicator_answers_is_a_line_that_says_so(told: ReleasedFolder):
    gaps = [line.head[0] for line in _lines(told, "q1_offences") if not line.cells]
    assert gaps[0] == "Investigations opened under Law 28/2012: no indicator yet."
    assert gaps[1] == ENGLISH.text("question.gap.offences_by_article")
    assert any("by citizenship" in line.head[0] for line in _lines(told, "q8_victims_by_citizenship"))


def _read(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


@pytest.mark.parametrize("tag", languages())
def test_the_workbook_has_a_sheet_for_each_question_and_asks_for_four_years(told: ReleasedFolder, tag: str):
    words = Words.load(tag)
    data = questionnaire.export(told, words).files["glotip_questionnaire.xlsx"]
    sheets = _read(data)
    assert list(sheets)[1:] == [f"Q{number}" for number in range(1, 11)]
    assert sheets["Q6"][0][0] == words.text("question.glotip.q6_victims")
    assert sheets["Q6"][2][4::2] == (2021, 2022, 2023, 2024)
    told_in_cells = "".join(str(cell) for lines in sheets.values() for line in lines for cell in line)
    assert not re.search("[\u2066-\u2069]", told_in_cells)
    assert data == questionnaire.export(told, words).files["glotip_questionnaire.xlsx"]
    assert any(words.text("notes.invented") in line for line in sheets[words.text("questionnaire.about")])


@pytest.mark.needs_calc
def test_an_office_program_opens_the_questionnaire_and_shows_the_same(told: ReleasedFolder, tmp_path: Path):
    path = tmp_path / "glotip_questionnaire.xlsx"
    path.write_bytes(questionnaire.export(told, Words.load("ar")).files["glotip_questionnaire.xlsx"])
    folder = tmp_path / "saved"
    folder.mkdir()
    assert _read(workbooks.saved_by_office(path, folder))["Q6"][3:] == _read(path.read_bytes())["Q6"][3:]


def test_governorates_answer_no_question(tmp_path: Path):
    for exporter in (treaty_questions, questionnaire):
        with pytest.raises(Refusal) as refused:
            exporter.export(release(tmp_path, [row("PRT-02", 5, area="IQG08")]), ENGLISH)
        assert refused.value.code == "export_unsuited"
