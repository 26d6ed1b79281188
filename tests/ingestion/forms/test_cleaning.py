"""What nobody needs is cut off: the finding that says so, and the copy without it."""

from __future__ import annotations

import datetime
import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from ingestion.cards.source_card import FOLDER, source_names
from ingestion.entry.file_check import Examination, examine
from ingestion.files.reader import read_workbook
from ingestion.forms.cleaning import CutPart
from ingestion.forms.templates import write_template
from ingestion.home import Home
from ingestion.submissions import landing
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.checked_file import CheckedFile, check_file, clean
from marsad.commands.checking import check
from tests.ingestion.workbooks import (
    TODAY,
    Grid,
    case,
    cases,
    csv,
    saved_by_office,
    squared,
    token,
    victim,
    victims,
    xlsx,
)

POLICE = "iraq_interior_ministry"
NOTES = ["ملاحظات", None, "تم القبض على المتهم داخل سيارة", "حادث مروري", None, "المتهم متقاعد", "ربة بيت"]


def with_column(grid: Grid, column: list[Any], *, first: int, at: int | None = None) -> Grid:
    """The grid with one more column, whose cells begin in row `first`, from 0."""
    cells = dict(enumerate(column, start=first))
    return squared(
        [[*row[:at], cells.get(n), *(row[at:] if at is not None else [])] for n, row in enumerate(squared(grid))]
    )


def five_victims() -> Grid:
    return victims(*(["k", *victim(n)][1:] for n in range(1, 6)))


def checked(data: bytes, name: str = "file.xlsx", source: str = POLICE) -> Examination:
    return examine(data, name, source, today=TODAY)


def kinds(examination: Examination, *severities: str) -> list[tuple[str, str, str]]:
    return [(f.kind, f.sheet, f.cell) for f in examination.findings if f.severity in (severities or ("refuse", "ask"))]


def cleaned(tmp_path: Path, data: bytes, name: str = "file.xlsx", source: str = POLICE) -> CheckedFile:
    file, output = tmp_path / name, tmp_path / "out" / f"clean-{name.partition('.')[0]}.xlsx"
    file.write_bytes(data)
    output.parent.mkdir(exist_ok=True)
    return clean(check_file(file, source), output)


def rows_of(data: bytes, sheet: str) -> list[list[Any]]:
    return next(one for one in read_workbook(data, "x.xlsx").sheets if one.name == sheet).rows


# The finding


def test_a_column_of_notes_is_refused_with_one_sentence_and_asks_nothing():
    data = xlsx({"الضحايا": with_column(five_victims(), NOTES, first=1)})
    answer = checked(data)
    assert answer.verdict == "refused"
    assert [one for one in kinds(answer) if one[0] == "column_unneeded"] == [("column_unneeded", "الضحايا", "K2")]
    assert not any(finding.severity == "ask" for finding in answer.findings)
    assert not answer.asked
    assert answer.is_personal  # what nobody read may name a person


def test_many_words_of_notes_are_no_longer_too_many_words():
    notes = ["ملاحظات", None, "سيارة سنبل مطعم", "حنظل فندق مقهى", "متقاعد شذر دبلوم", "زعفران صنوبر", "مهندم ملعب"]
    answer = checked(xlsx({"الضحايا": with_column(five_victims(), notes, first=1)}))
    assert "words_too_many" not in {finding.kind for finding in answer.findings}
    assert [one[0] for one in kinds(answer) if one[0] == "column_unneeded"] == ["column_unneeded"]


def test_an_unknown_column_of_harmless_codes_passes_as_before():
    codes = ["ملاحظات", None, "1", "2", "3", "4", "5"]
    answer = checked(xlsx({"الضحايا": with_column(five_victims(), codes, first=1)}))
    assert answer.verdict == "accepted", answer.findings
    assert "unknown_column" in {finding.kind for finding in answer.findings}


def test_words_of_a_wanted_column_ask_beside_an_unneeded_one():
    grid = with_column(victims(*(victim(n, exploitation="تسول قسري مهندم") for n in range(1, 6)))[1:-1], NOTES, first=0)
    answer = checked(xlsx({"الضحايا": grid}))
    assert {one[0] for one in kinds(answer, "refuse")} == {"column_unneeded"}
    assert {one[2][0] for one in kinds(answer, "ask")} == {"I"}
    assert answer.asked
    assert {text.cell[0] for text in answer.asked} == {"I"}


def test_a_name_in_an_unneeded_column_is_refused_for_privacy_and_the_advice_is_to_cut_the_column_off():
    notes = ["ملاحظات", None, "المدعو علي حسن كريم"]
    answer = checked(xlsx({"الضحايا": with_column(five_victims(), notes, first=1)}))
    assert kinds(answer) == [("personal_name", "الضحايا", "K4"), ("column_unneeded", "الضحايا", "K2")]


def test_a_name_in_a_wanted_column_has_no_such_advice():
    answer = checked(xlsx({"الضحايا": victims(victim(1, citizenship="علي حسن محمد"))}))
    assert "personal_name" in {one[0] for one in kinds(answer)}
    assert "column_unneeded" not in {one[0] for one in kinds(answer)}


def test_a_sheet_and_lines_that_nobody_needs_are_told_once_each():
    grid = [["إعداد الموظف المختص مهندم"], ["سنبل"], [], *five_victims()[1:]]
    other = [["مسودة سنبل مهندم"], ["حنظل"]]
    answer = checked(xlsx({"الضحايا": squared(grid), "مسودة": squared(other)}))
    assert sorted(one[0] for one in kinds(answer)) == ["lines_unneeded", "sheet_unneeded"]


def test_a_file_that_was_received_under_older_rules_asks_and_is_not_refused(tmp_path: Path):
    from ingestion.privacy.asked_texts import Known

    data = xlsx({"الضحايا": with_column(five_victims(), NOTES, first=1)})
    assert examine(data, "f.xlsx", POLICE, today=TODAY, known=Known(most=None)).verdict == "asks"


def test_what_receive_says_of_an_uncut_file_names_the_command():
    words = Words.load("en")
    for kind in ("column_unneeded", "lines_unneeded", "sheet_unneeded", "texts_unneeded"):
        assert "--clean" in words.text(f"finding.{kind}.remedy")
    for tag in ("ar", "ckb"):
        assert "--clean" in Words.load(tag).text("finding.column_unneeded.remedy")


def test_a_column_whose_heading_may_not_be_repeated_is_told_by_its_letters():
    column = ["لون سنبل", None, "ا", "ب", "ج", "د", "حنظل"]
    answer = checked(xlsx({"الضحايا": with_column(five_victims()[1:-1], column, first=0)}))
    finding = next(f for f in answer.findings if f.kind == "column_unneeded")
    assert (finding.cell, finding.arguments["column"]) == ("K1", "K")


# The copy


def test_the_copy_lands_the_same_rows_and_asks_nothing(tmp_path: Path):
    data = xlsx({"الضحايا": with_column(five_victims(), NOTES, first=1, at=3), "القضايا": cases(case(1), case(2))})
    copy = cleaned(tmp_path, data)
    assert copy.examination.verdict == "accepted", copy.examination.findings
    assert (copy.examination.rows_landed, copy.examination.rows_quarantined) == (7, 0)
    assert CutPart("column", 4, "الضحايا", "D2", "ملاحظات") in copy.cut
    held = " ".join(str(cell) for sheet in read_workbook(copy.data, "x").sheets for row in sheet.rows for cell in row)
    assert "سيارة" not in held


def test_a_column_that_resembles_a_wanted_one_is_never_cut(tmp_path: Path):
    grid = [row[:9] for row in five_victims()]
    column = ["التهمة الموجه للضحية", None, "مهندم", "سنبل", None, None]  # one letter short of a wanted heading
    copy = cleaned(tmp_path, xlsx({"الضحايا": with_column(grid, column, first=1)}))
    assert rows_of(copy.data, "الضحايا")[1][9] == column[0]
    assert copy.examination.verdict == "asks"


def test_nothing_of_a_table_with_a_missing_heading_is_cut(tmp_path: Path):
    grid = five_victims()
    grid[1][2] = "يوم البلاغ الأول"
    copy = cleaned(tmp_path, xlsx({"الضحايا": with_column(grid, NOTES, first=1)}))
    assert copy.examination.verdict == "refused"
    assert [part.kind for part in copy.cut] == []
    assert rows_of(copy.data, "الضحايا")[1][10] == "ملاحظات"


def test_real_days_numbers_texts_and_the_order_of_rows_stay(tmp_path: Path):
    days = [datetime.datetime(2024, month, 17) for month in (1, 5, 12)]
    rows = [victim(n, date=day, age=age) for n, (day, age) in enumerate(zip(days, (17, 30.0, "٢٥"), strict=True), 1)]
    grid = with_column(victims(*rows), NOTES[:5], first=1, at=1)
    copy = cleaned(tmp_path, xlsx({"الضحايا": grid}))
    book = openpyxl.load_workbook(io.BytesIO(copy.data))
    sheet = book["الضحايا"]
    assert [sheet.cell(row, 3).value for row in (4, 5, 6)] == days
    assert all(sheet.cell(row, 3).is_date for row in (4, 5, 6))
    assert [sheet.cell(row, 7).value for row in (4, 5, 6)] == [17, 30, "٢٥"]
    assert [sheet.cell(row, 2).value for row in (4, 5, 6)] == [row[0] for row in rows]


def test_a_group_whose_name_stands_over_a_cut_column_keeps_its_name(tmp_path: Path):
    grid = five_victims()
    for row in grid:
        row.insert(4, None)
    grid[1][4], grid[1][5] = "الضحية", None
    grid[2][4] = "الحالة النفسية"
    for row, text in zip(grid[3:8], ("هادئ مهندم", "سنبل", "حنظل", None, None), strict=True):
        row[4] = text
    copy = cleaned(tmp_path, xlsx({"الضحايا": squared(grid)}))
    assert copy.examination.verdict == "accepted", copy.examination.findings
    assert copy.examination.rows_landed == 5
    assert rows_of(copy.data, "الضحايا")[1][4] == "الضحية"


def test_the_label_of_a_total_in_a_cut_column_moves_to_one_that_stays(tmp_path: Path):
    header = ["المكتب", "رمز القضية", "تاريخ الإخبار", "المحافظة", "عدد المتهمين", "عدد الضحايا"]
    rows = [["مكتب مهندم", *case(n)] for n in (1, 2)]
    grid = squared([header, *rows, ["المجموع", None, None, None, 2, 4]])
    copy = cleaned(tmp_path, xlsx({"القضايا": grid}))
    assert copy.examination.verdict == "accepted", copy.examination.findings
    assert (copy.examination.rows_in, copy.examination.rows_landed) == (2, 2)
    assert rows_of(copy.data, "القضايا")[3] == ["المجموع", None, None, 2, 4]


def test_a_title_that_states_a_part_of_a_year_stays_and_others_go(tmp_path: Path):
    grid = squared([["جدول سنبل مهندم"], ["لغاية 15/10/2024"], *five_victims()[1:]])
    copy = cleaned(tmp_path, xlsx({"الضحايا": grid}))
    rows = rows_of(copy.data, "الضحايا")
    assert rows[1][0] == "لغاية 15/10/2024"
    assert all(cell is None for cell in rows[0])
    assert "partial_period" in {finding.kind for finding in copy.examination.findings}


def commented(data: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    sheet["C4"].comment = Comment("سنبل مهندم حنظل", "شذر")
    sheet.oddHeader.center.text = "سنبل"
    sheet.oddFooter.right.text = "حنظل"
    book.properties.creator, book.properties.description = "مهندم", "سنبل"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_what_is_personal_outside_of_the_cells_is_told_at_its_place(tmp_path: Path):
    book = openpyxl.load_workbook(io.BytesIO(xlsx({"الضحايا": five_victims()[1:-1]})))
    book.worksheets[0]["C4"].comment = Comment("07701234567", "")
    book.save(tmp_path / "sent.xlsx")
    findings = checked((tmp_path / "sent.xlsx").read_bytes()).findings
    assert [(one.sheet, one.cell) for one in findings if one.kind == "texts_unneeded"] == [("الضحايا", "C4")]


def test_remarks_outside_of_the_cells_are_cut_and_leave_no_trace_in_the_bytes(tmp_path: Path):
    data = commented(xlsx({"الضحايا": five_victims()[1:-1]}))
    assert [one[0] for one in kinds(checked(data))] == ["texts_unneeded"]
    copy = cleaned(tmp_path, data)
    assert copy.examination.verdict == "accepted", copy.examination.findings
    assert [part.kind for part in copy.cut] == ["texts"]
    with zipfile.ZipFile(io.BytesIO(copy.data)) as book:
        everything = b" ".join(book.read(name) for name in book.namelist()).decode("utf-8", errors="ignore")
    assert not [word for word in ("سنبل", "مهندم", "حنظل", "شذر") if word in everything]


def test_personal_data_in_a_wanted_column_is_refused_in_the_copy_too(tmp_path: Path):
    grid = victims(victim(1, citizenship="علي حسن محمد"), victim(2))
    copy = cleaned(tmp_path, xlsx({"الضحايا": with_column(grid, NOTES[:4], first=1)}))
    assert copy.examination.verdict == "refused"
    assert {one[0] for one in kinds(copy.examination)} == {"personal_name"}


def test_a_formula_without_a_result_holds_its_row_back_in_the_copy_too(tmp_path: Path):
    book = openpyxl.load_workbook(io.BytesIO(xlsx({"القضايا": cases(case(1), case(2))})))
    book["القضايا"]["F4"] = "=1+1"
    stream = io.BytesIO()
    book.save(stream)
    before = checked(stream.getvalue())
    copy = cleaned(tmp_path, stream.getvalue())
    assert (before.rows_landed, before.rows_quarantined) == (1, 1)
    assert (copy.examination.rows_landed, copy.examination.rows_quarantined) == (1, 1)


def test_days_counted_from_1904_stay_the_same_days(tmp_path: Path):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": True}) as book:
        sheet = book.add_worksheet("القضايا")
        for row, values in enumerate(cases(case(1, date=44000), case(2, date=44001))):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write(row, column, value)
    before, copy = checked(stream.getvalue()), cleaned(tmp_path, stream.getvalue())
    days = [table.columns["reported_date"] for table in (*before.tables, *copy.examination.tables)]
    assert days[0] == days[1] == [datetime.date(2024, 6, 19), datetime.date(2024, 6, 20)]


@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_text_file_becomes_a_workbook_whose_sheet_the_card_knows(tmp_path: Path, delimiter: str):
    grid = with_column(cases(case(1), case(2))[2:-1], ["ملاحظات", "سنبل", "مهندم"], first=0)
    copy = cleaned(tmp_path, csv(grid, delimiter=delimiter), "file.csv")
    assert copy.examination.verdict == "accepted", copy.examination.findings
    assert copy.examination.rows_landed == 2
    assert [sheet.name for sheet in read_workbook(copy.data, "x").sheets] == ["القضايا"]


@pytest.mark.needs_calc
@pytest.mark.parametrize("form", ["xls", "ods"])
def test_old_and_open_formats_become_a_workbook_with_the_same_rows(tmp_path: Path, form: str):
    days = [victim(n, date=datetime.datetime(2024, 3, n)) for n in (1, 2, 20)]
    source = tmp_path / "victims.xlsx"
    source.write_bytes(xlsx({"الضحايا": with_column(victims(*days), NOTES[:5], first=1)}))
    data = saved_by_office(source, tmp_path, form)
    copy = cleaned(tmp_path, data, f"victims.{form}")
    assert copy.examination.verdict == "accepted", copy.examination.findings
    assert copy.examination.tables[0].columns["contact_date"] == [datetime.date(2024, 3, n) for n in (1, 2, 20)]


@pytest.mark.parametrize("source", source_names())
def test_the_sample_of_each_source_lands_the_same_after_cleaning(tmp_path: Path, source: str):
    data = (FOLDER / "sources" / source / "sample.xlsx").read_bytes()
    before = checked(data, source=source)
    copy = cleaned(tmp_path, data, source=source)
    assert copy.examination.verdict == "accepted", copy.examination.findings
    assert (copy.examination.rows_in, copy.examination.rows_landed) == (before.rows_in, before.rows_landed)


def test_a_cleaned_template_is_still_read_as_the_template_that_made_it(tmp_path: Path):
    write_template(POLICE, tmp_path / "t.xlsx", Words.load("ar"), rows=3)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book["القضايا"]
    for column, value in enumerate((token(1, "case"), datetime.datetime(2024, 2, 1), "البصرة"), start=1):
        sheet.cell(3, column).value = value
    book.save(tmp_path / "filled.xlsx")
    copy = cleaned(tmp_path, (tmp_path / "filled.xlsx").read_bytes())
    assert copy.examination.verdict == "accepted", copy.examination.findings
    assert copy.examination.rows_landed == 1
    first = read_workbook(copy.data, "x").sheets[0]
    assert str(first.rows[0][0]).startswith(f"marsad:template:1:{POLICE}:")


def test_the_copy_is_its_owners_alone_replaces_nothing_and_lies_in_no_home(tmp_path: Path):
    data = xlsx({"القضايا": cases(case(1))})
    copy, checked = cleaned(tmp_path, data), check_file(tmp_path / "file.xlsx", POLICE)
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600
    with pytest.raises(Refusal, match="clean_output"):
        clean(checked, copy.path)
    with pytest.raises(Refusal, match="clean_output"):
        clean(checked, tmp_path / "copy.csv")
    home = Home.at(tmp_path / "home").open()
    with pytest.raises(Refusal, match="clean_output"):
        clean(checked, home.root / "inbox" / "copy.xlsx")


def test_a_file_that_cannot_be_opened_or_holds_no_table_is_not_cut(tmp_path: Path):
    with pytest.raises(Refusal, match="clean_unopened"):
        cleaned(tmp_path, b"PK\x03\x04 nothing")
    with pytest.raises(Refusal, match="clean_no_table"):
        cleaned(tmp_path, xlsx({"جدول": squared([["س", "ص"], ["ا", "ب"]])}))
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_received_of_a_cleaned_file_is_what_the_file_itself_would_have_given(tmp_path: Path):
    data = xlsx({"الضحايا": with_column(five_victims(), NOTES, first=1)})
    copy = cleaned(tmp_path, data)
    home = Home.at(tmp_path / "home").open()
    assert landing.receive(home, POLICE, tmp_path / "file.xlsx", today=TODAY).verdict == "refused"
    receipt = landing.receive(home, POLICE, copy.path, today=TODAY)
    assert (receipt.verdict, receipt.rows_landed) == ("accepted", 5)


def test_the_command_tells_what_it_cut_and_its_code_is_that_of_the_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "file.xlsx"
    file.write_bytes(xlsx({"الضحايا": with_column(five_victims(), NOTES, first=1)}))
    for tag in ("en", "ar", "ckb"):
        verdict = check(file, POLICE, Words.load(tag), as_json=False, clean_copy=tmp_path / f"{tag}.xlsx")
        told = capsys.readouterr().out
        assert verdict == "accepted"
        assert f"{tag}.xlsx" in told
        assert "ملاحظات" in told
        assert "سيارة" not in told
    assert check(file, POLICE, Words.load("en"), as_json=True, clean_copy=tmp_path / "j.xlsx") == "accepted"
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "refused"
    assert answer["clean"]["verdict"] == "accepted"
    column = {"kind": "column", "sheet": "الضحايا", "cell": "K2", "heading": "ملاحظات", "count": 4}
    assert column in answer["clean"]["cut"]
