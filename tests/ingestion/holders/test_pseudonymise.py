"""The holder's side: tokens in place of names and numbers; all persons are invented."""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.entry.file_check import examine
from ingestion.files.cell_marks import UNCALCULATED
from ingestion.files.reader import CellValue, read_workbook
from ingestion.holders.codes_files import CodesOrder
from ingestion.holders.pseudonymise import TokenReport, normalise, token_of, tokenise
from ingestion.home import write_bytes
from ingestion.text.tokens import is_token
from languages.refusal import Refusal
from tests.conftest import HOUSE
from tests.ingestion.workbooks import TODAY, csv, squared, xlsx

Run = Callable[..., tuple[TokenReport, bytes, list[list[CellValue]]]]
KEY = b"an invented key of the holders"
TOP = ["ت", "رقم القضية", "تاريخ الإخبار", "المحافظة", "الضحية", None, None, None, None]
SUB = [None, None, None, None, "الاسم الثلاثي", "اسم الأم", "الجنس", "العمر", "رقم الهاتف"]


def grid(*people: tuple[str, str | None]):
    rows = [
        [number, "12/ج/2024", "1/2/2024", "بغداد", name, mother, "أنثى", 20, "07700000000"]
        for number, (name, mother) in enumerate(people, start=1)
    ]
    return squared([["سجل الضحايا"], TOP, SUB, *rows, ["المجموع", 1], ["توقيع: مدير القسم"]])


@pytest.fixture
def run(tmp_path: Path):
    def tokenised(
        data: bytes, name: str = "in.xlsx", out: str = "out.xlsx", **other: object
    ) -> tuple[TokenReport, bytes, list[Any]]:
        (tmp_path / name).write_bytes(data)
        report = tokenise(tmp_path / name, tmp_path / out, KEY, **other)
        written = (tmp_path / out).read_bytes()
        return report, written, read_workbook(written, out).sheets[0].rows

    return tokenised


def test_a_formula_without_a_result_gives_no_token():
    assert normalise("name", UNCALCULATED) == ""


def test_names_and_numbers_become_tokens_in_their_place(run: Run):
    report, _, rows = run(xlsx({"الضحايا": grid(("زيد عمرو بكر", "هند"))}))
    assert rows[0] == ["رمز القضية", "تاريخ الإخبار", "المحافظة", "رمز الشخص", "الضحية / الجنس", "الضحية / العمر"]
    assert is_token(rows[1][0])
    assert is_token(rows[1][3])
    assert rows[1][1:3] + rows[1][4:] == ["1/2/2024", "بغداد", "أنثى", 20]
    assert (report.rows, report.persons, report.cases, report.missing_tokens) == (1, 1, 1, 0)
    assert (report.left_out, report.left_rows) == (["#1 A", "#1 I"], 2)


def test_what_was_written_passes_the_door_and_holds_nothing_of_the_originals(run: Run):
    _, data, _ = run(xlsx({"الضحايا": grid(("زيد عمرو بكر", "هند"), ("سعاد خالد", "مها"))}))
    examination = examine(data, "out.xlsx", "iraq_interior_ministry", today=TODAY)
    assert (examination.verdict, examination.rows_in, examination.rows_landed) == ("accepted", 2, 2)
    text = repr(read_workbook(data, "x").sheets)
    assert not any(word in text for word in ("زيد", "سعاد", "هند", "0770", "12/ج"))


def test_the_same_person_gets_the_same_token_however_the_name_is_spelled(run: Run):
    people = [("عبد الله أحمد", "فاطمة"), ("عبدالله احمد", "فاطمه"), ("عَبدالله  أحـمد", "فاطمة ")]
    report, _, rows = run(xlsx({"الضحايا": grid(*people)}))
    assert report.persons == 1
    assert len({row[3] for row in rows[1:4]}) == 1


def test_a_person_without_an_agreed_field_gets_no_token(run: Run):
    _, _, rows = run(xlsx({"الضحايا": grid(("زيد عمرو", None), ("زيد عمرو", "-"))}))
    assert [row[3] for row in rows[1:3]] == [None, None]


def test_a_birth_date_becomes_its_year(run: Run):
    data = csv([["الاسم", "تاريخ التولد", "الجنس"], ["زيد", "3/5/2007", "ذكر"]])
    _, _, rows = run(data, "in.csv", "out.csv", person=("name",))
    assert rows[0] == ["رمز الشخص", "سنة التولد", "الجنس"]
    assert rows[1][1:] == ["2007", "ذكر"]


def test_another_key_gives_another_token_and_a_case_is_no_person():
    assert token_of(KEY, "person", ["زيد"]) != token_of(KEY + b"2", "person", ["زيد"])
    assert token_of(KEY, "person", ["زيد"]) != token_of(KEY, "case", ["زيد"])
    assert token_of(KEY, "person", ["ab", "c"]) != token_of(KEY, "person", ["a", "bc"])


@given(st.text(max_size=30), st.text(max_size=30))
def test_every_token_has_the_agreed_form(left: str, right: str):
    assert is_token(token_of(KEY, "person", [left, right]))


@given(st.text(alphabet="أحمدزيد بنت عليهىةي", min_size=1, max_size=20))
def test_normalising_is_the_same_before_and_after(name: str):
    assert normalise("name", normalise("name", name)) == normalise("name", name)


def test_a_birth_date_is_agreed_by_its_year():
    assert normalise("birth_date", datetime.date(2007, 5, 3)) == normalise("birth_date", "1/1/2007") == "2007"


@pytest.mark.parametrize(
    ("data", "other", "code"),
    [
        (xlsx({"الضحايا": [["الجنس", "العمر"], ["أنثى", 20]]}), {}, "token_columns_missing"),
        (b"", {}, "token_unreadable"),
        (xlsx({"الضحايا": grid()}), {"out": "in.xlsx"}, "token_same_file"),
    ],
)
def test_what_cannot_be_tokenised_is_refused(run: Run, data: bytes, other: dict[str, object], code: str | None):
    with pytest.raises(Refusal) as refused:
        run(data, **other)
    assert refused.value.code == code


def test_a_short_key_is_refused(tmp_path: Path):
    with pytest.raises(Refusal) as refused:
        tokenise(tmp_path / "a.xlsx", tmp_path / "b.xlsx", b"short")
    assert refused.value.code == "token_key_short"


# The usual layouts, and what is not known by its heading

ACCUSED = ["ت", "رقم القضية", "الاسم", "اسم الأم", "تاريخ القبض", "المحافظة", "الجنس", "العمر", "الموقف"]
ONE = [1, "12/ج/2024", "زيد عمرو بكر", "هند", "3/4/2024", "بغداد", "ذكر", 34, "موقوف"]


@pytest.mark.parametrize(
    "titles",
    [
        [],
        [["جدول يبين المتهمين لسنة 2024"]],
        [["وزارة الداخلية"], ["جدول يبين المتهمين لسنة 2024"]],
        [["وزارة الداخلية"], [], ["جدول"], []],
    ],
)
def test_a_file_with_titles_is_accepted_after_its_tokens_were_made(run: Run, titles: list[list[str]]):
    _, data, rows = run(xlsx({"المتهمون": squared([*titles, ACCUSED, ONE])}))
    assert rows[0][:2] == ["رمز القضية", "رمز الشخص"]
    examination = examine(data, "out.xlsx", "iraq_interior_ministry", today=TODAY)
    assert (examination.verdict, examination.rows_landed) == ("accepted", 1)


@pytest.mark.parametrize("heading", ["اسم الزوج", "رقم النقال", "الملاحظات", "ت", "المصدر", None])
def test_a_column_that_no_card_of_persons_names_is_not_written_and_told_by_its_letter(run: Run, heading: str | None):
    report, data, rows = run(xlsx({"المتهمون": squared([[*ACCUSED, heading], [*ONE, "سلمان داود فرحان"]])}))
    assert report.left_out == ["#1 A", "#1 J"]
    assert (heading in rows[0], "سلمان" in repr(read_workbook(data, "x").sheets)) == (False, False)


def test_a_cell_of_a_named_column_is_written_as_typed(run: Run):
    typed = [1, "12/ج/2024", "زيد عمرو بكر", "هند", "٣ نيسان ٢٠٢٤", " بغـداد", "M", "بالغ", "؟"]
    _, _, rows = run(xlsx({"المتهمون": squared([ACCUSED, typed])}))
    assert rows[1][2:] == typed[4:]


@pytest.mark.parametrize("heading", ["سنة التولد", "العمر", "Age"])
@pytest.mark.parametrize("typed", ["3/5/1990", datetime.date(1990, 5, 3), "3 أيار 1990"])
def test_a_whole_date_in_a_column_of_ages_or_births_becomes_its_year(run: Run, heading: str, typed: CellValue):
    _, _, rows = run(
        xlsx({"المتهمون": squared([["الاسم", "اسم الأم", heading, "الجنس"], ["زيد", "هند", typed, "ذكر"]])})
    )
    assert rows[1][1:] == [1990, "ذكر"]


def test_an_age_beside_a_birth_date_is_written_once(run: Run):
    """The door would take both for one field, and refuse the file."""
    head = ["الاسم", "اسم الأم", "تاريخ الميلاد", "العمر"]
    report, _, rows = run(xlsx({"المتهمون": squared([head, ["زيد", "هند", "3/5/1990", 34]])}))
    assert (rows[0], rows[1][1:], report.left_out) == (["رمز الشخص", "العمر"], [34], ["#1 C"])


def test_what_is_no_token_in_a_column_of_tokens_is_not_written(run: Run):
    token = f"k1:{'0a' * 16}"
    rows = [
        ["الاسم", "اسم الأم", "رمز القضية", "الجنس"],
        *(["زيد", "هند", case, "ذكر"] for case in ("12/ج/2024", 417, token)),
    ]
    _, _, written = run(xlsx({"الضحايا": squared(rows)}))
    assert [row[1] for row in written] == ["رمز القضية", None, None, token]


def test_totals_notes_and_signatures_below_the_rows_are_left_out_and_counted(run: Run):
    foot = [["المجموع", 1], ["التوقيع", "سلمان داود فرحان"], [None, "مدير القسم"]]
    report, data, rows = run(xlsx({"المتهمون": squared([ACCUSED, ONE, *foot])}))
    assert (len(rows), report.left_rows, report.rows) == (2, 3, 1)
    assert "سلمان" not in repr(read_workbook(data, "x").sheets)


def test_a_row_without_a_token_is_written_if_it_fills_most_of_the_named_columns(run: Run):
    head = ["الاسم", "اسم الأم", "المحافظة", "الجنس", "العمر", "الجنسية"]
    known, unknown, note = [None, None, "بغداد", "ذكر"], ["سلمان"], [None, None, "سلمان داود", None, None, "شاهد"]
    full = ["زيد", "هند", "بغداد", "ذكر", 34, "عراقي"]
    report, _, written = run(xlsx({"الضحايا": squared([head, known, note, [*known, 34], unknown, full])}))
    assert [row[1:4] for row in written[1:]] == [["بغداد", "ذكر", 34]] * 2
    assert (report.left_rows, [row[0] is None for row in written]) == (3, [False, True, False])


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("الضحايا", "الضحايا"),
        ("الضحـايا ", "الضحايا"),
        ("المتهمين", "المتهمين"),
        ("محافظة البصرة", "البصرة"),
        ("Victims 2024", "Victims 2024"),
        ("ضحايا سلمان داود", "#1"),
        ("Sheet1", "Sheet1"),  # a card of the house calls it so
        ("Sheet2", "#1"),
    ],
)
def test_a_sheet_is_called_as_a_card_spells_it_else_by_its_number(run: Run, typed: str, written: str):
    _, data, _ = run(xlsx({typed: grid(("زيد عمرو بكر", "هند"))}))
    assert [sheet.name for sheet in read_workbook(data, "x").sheets] == [written]


def test_two_sheets_of_one_name_are_told_apart(run: Run):
    _, data, _ = run(xlsx({"الضحايا": grid(("زيد", "هند")), "الضحـايا": grid(("سعاد", "مها"))}))
    assert [sheet.name for sheet in read_workbook(data, "x").sheets] == ["الضحايا", "#2"]


def test_a_text_file_takes_one_sheet_and_no_more(tmp_path: Path, run: Run):
    sheets = {"المتهمون": squared([ACCUSED, ONE]), "الضحايا": grid(("زيد عمرو بكر", "هند"))}
    with pytest.raises(Refusal) as refused:
        run(xlsx(sheets), out="out.csv")
    assert (refused.value.code, refused.value.arguments) == ("token_csv_one_sheet", {"sheets": 2})
    assert not (tmp_path / "out.csv").exists()


def test_no_text_of_a_written_text_file_is_a_formula(run: Run):
    head = ["الاسم", "المحافظة", "الجنس", "العمر", "الجنسية", "الموقف"]
    _, _, rows = run(csv([head, ["زيد", "=1+1", "@x", "-", "-5", "+x"]]), "in.csv", "out.csv", person=("name",))
    assert rows[1][1:] == ["'=1+1", "'@x", "-", "-5", "'+x"]


# The page for holders


def _vectors() -> tuple[bytes, list[list[str]]]:
    page = (HOUSE / "docs" / "tokens.md").read_text(encoding="utf-8").partition("## Test vectors")[2]
    key = next(line.strip() for line in page.splitlines() if line.startswith("    "))
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines()]
    return key.encode(), [row for row in cells if row[0] in ("person", "case")]


def test_the_vectors_on_the_page_for_holders_are_what_the_code_makes():
    key, vectors = _vectors()
    assert len(vectors) >= 8
    for purpose, roles, typed, normalised, token in vectors:
        fields = zip(roles.split(", "), typed.split(" · "), strict=True)
        values = [normalise(role, value) for role, value in fields]
        assert values == normalised.split(" · ")
        assert f"`{token_of(key, purpose, values)}`" == token


def test_the_vectors_on_the_page_hold_in_a_program_that_knows_only_the_page():
    key, vectors = _vectors()
    for purpose, _, _, normalised, token in vectors:
        message = b"\x1f".join(part.encode("utf-8") for part in (purpose, *normalised.split(" · ")))
        assert token == f"`k1:{hmac.new(key, message, hashlib.sha256).hexdigest()[:32]}`"


def test_the_vectors_show_spellings_that_are_one():
    _, vectors = _vectors()
    spellings: dict[str, set[str]] = {}
    for _, _, typed, _, token in vectors:
        spellings.setdefault(token, set()).add(typed)
    assert len(spellings) >= 8
    assert all(len(typed) >= 2 for typed in spellings.values())


NAMES = [["زيد عمرو بكر", "هند"], ["سلمان داود فرحان", "ليلى"]]


@pytest.mark.parametrize("name", ["in.xlsx", "in.csv"])
def test_a_list_of_a_name_and_a_mothers_name_alone_gets_its_tokens(run: Run, name: str):
    rows = [["الاسم الثلاثي", "اسم الأم"], *NAMES, ["سلمان داود", None], ["حرر في", "5/1/2025"]]
    report, _, written = run(csv(rows) if name.endswith("csv") else xlsx({"x": squared(rows)}), name)
    assert (report.rows, report.persons, report.left_rows) == (2, 2, 2)
    assert [is_token(str(row[0])) for row in written] == [False, True, True]


def test_a_list_of_which_no_row_can_be_told_from_a_note_is_refused_and_says_why(run: Run, tmp_path: Path):
    with pytest.raises(Refusal) as refused:
        run(xlsx({"x": [["الاسم الثلاثي"], *([name] for name, _ in NAMES)]}), person=("name",))
    assert (refused.value.code, refused.value.arguments["rows"]) == ("token_rows_missing", 2)
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("place", ["sent.xlsx", "codes.json"])
def test_nothing_is_written_over_a_file_that_is_there(tmp_path: Path, place: str):
    """It may be the only cleaned copy of a workbook, or last month's tokens; a link leads to somebody else's file."""
    write_bytes(tmp_path / "in.xlsx", xlsx({"الضحايا": grid()}))
    write_bytes(tmp_path / place, b"the only copy")
    with pytest.raises(Refusal) as refused:
        tokenise(tmp_path / "in.xlsx", tmp_path / "sent.xlsx", KEY, codes=CodesOrder(tmp_path / "codes.json", 2026))
    assert (refused.value.code, refused.value.where) == ("token_output_exists", str(tmp_path / place))
    assert (tmp_path / place).read_bytes() == b"the only copy"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["in.xlsx", place])
