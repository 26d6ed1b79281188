"""Bad input as a clerk meets it: what is wrong, where, what to do, in three languages, word for word.

After a wanted change of words `python tests/marsad/answers/test_bad_input.py` writes the golden files anew; read the
difference.
"""

from __future__ import annotations

import datetime
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from ingestion.entry.file_check import examine
from ingestion.findings import refuses
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers.answer_forms import finding_as_json, refusal_texts
from tests.ingestion import hostile, workbooks

GOLDEN = Path(__file__).parents[1] / "golden"
TODAY = datetime.date(2026, 11, 1)
MINISTRY = "iraq_interior_ministry"


def _sheet(*rows: list[object], name: str = "الضحايا") -> bytes:
    return workbooks.xlsx({name: workbooks.victims(*rows)})


def _without_header() -> bytes:
    grid = workbooks.victims(workbooks.victim(1))
    grid[2][5] = "الجنسس"
    return workbooks.xlsx({"الضحايا": grid})


def _edited(cell: str, value: object, comment: str = "") -> bytes:
    """Two good rows, one cell of which was written by another program, which calculates nothing."""
    book = openpyxl.load_workbook(io.BytesIO(_sheet(workbooks.victim(1), workbooks.victim(2))))
    sheet = book["الضحايا"]
    sheet[cell] = value
    if comment:
        sheet[cell].comment = Comment(comment, "")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _with_column(heading: str, value: object) -> bytes:
    grid = workbooks.victims(workbooks.victim(1), workbooks.victim(2))
    grid[1][-1], grid[3][-1] = heading, value
    return workbooks.xlsx({"الضحايا": grid})


_GOOD = _sheet(workbooks.victim(1), workbooks.victim(2))
FILES: dict[str, tuple[str, bytes]] = {
    "empty": ("empty.xlsx", b""),
    "not a workbook": ("page.xlsx", b"<html><body>?</body></html>"),
    "truncated": ("cut.xlsx", hostile.workbook()[:900]),
    "encrypted": ("locked.xlsx", hostile.encrypted()),
    "a far corner": ("corner.xlsx", hostile.far_corner()),
    "hidden row": ("hidden.xlsx", hostile.in_part(hostile.SHEET, b'<row r="5"', b'<row hidden="1" r="5"', _GOOD)),
    "a comment": ("comment.xlsx", _edited("D5", "بغداد", "مراجعة المحكمة")),
    "a name in a comment": ("comment.xlsx", _edited("D5", "بغداد", "يراجع زيد عمرو بكر حسين")),
    "old format": ("old.xls", hostile.old_excel()),
    "uncalculated formula": ("formula.xlsx", _edited("F5", "=1+1")),
    "mojibake": ("mojibake.csv", hostile.mojibake()),
    "wrong sheet": ("sheet.xlsx", _sheet(workbooks.victim(1), name="كشف الرواتب")),
    "header not found": ("header.xlsx", _without_header()),
    "unknown code": ("code.xlsx", _sheet(workbooks.victim(1), workbooks.victim(2, governorate="المحكمة"))),
    "a period in the future": ("future.xlsx", _sheet(workbooks.victim(1), workbooks.victim(2, date="1/2/2031"))),
    "all periods in the future": ("future.xlsx", _sheet(workbooks.victim(1, date="1/2/2031"))),
    "a column of names": ("names.xlsx", _with_column("الاسم الثلاثي", "زيد عمرو بكر")),
    "a phone number": ("phone.xlsx", _with_column("الملاحظات", "0770 000 0000")),
    "a raw case number": ("case.xlsx", _sheet(workbooks.victim(1, case="123/ج/2024"))),
    "an exact birth date": ("birth.xlsx", _with_column("تاريخ الولادة", "3/5/2009")),
}

ONE_ROW = ("unknown code", "a period in the future", "uncalculated formula")
NO_ROW = ("hidden row", "a comment", "a name in a comment", "a column of names", "a phone number",
          "an exact birth date")  # fmt: skip
NOT_KEPT = ("زيد", "عمرو", "بكر", "0770", "123/", "3/5/2009")

REFUSALS = [
    Refusal("unknown_source", where="iraq_interior_minstry", nearest=MINISTRY),
    Refusal("home_empty", where="home"),
    Refusal("lock_held", where="home", holder="marsad build, process 28", since="2026-01-20 09:30:00"),
    Refusal("candidate_empty", where="four_ps_national"),
    Refusal("verdict_failed", where="four_ps_national", reasons="audit_failed, coverage_shrunk"),
    Refusal("bytes_changed", where="candidates/four_ps_national/final/data.csv"),
    Refusal("card_invalid", where="four_ps_national.yml", field="treshold", problem="extra", nearest="tables"),
]


def _told(tag: str) -> Iterator[str]:
    words = Words.load(tag)
    for case, (name, data) in FILES.items():
        examination = examine(data, name, MINISTRY, today=TODAY)
        yield f"## {case}: {examination.verdict}"
        for finding in examination.findings:
            entry = finding_as_json(finding, words)
            yield f"{entry['severity']} {entry['kind']} {entry['sheet']} {entry['cell']}".rstrip()
            yield f"  {entry['message']}"
            yield f"  {entry['remedy']}"
            if told := [f"{word}: {entry[word]}" for word in ("read", "expected") if entry[word]]:
                yield "  " + "; ".join(told)
    for refusal in REFUSALS:
        yield f"## {refusal.code}"
        yield from (f"  {text}" for text in refusal_texts(refusal, words))


@pytest.mark.parametrize("tag", languages())
def test_each_refusal_says_what_where_and_what_to_do(tag: str) -> None:
    assert "\n".join(_told(tag)) + "\n" == (GOLDEN / f"bad_input.{tag}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", [case for case in FILES if case not in {*ONE_ROW, *NO_ROW, "a raw case number"}])
def test_a_bad_file_is_refused_whole(case: str) -> None:
    name, data = FILES[case]
    examination = examine(data, name, MINISTRY, today=TODAY)
    assert examination.verdict == "refused"
    assert refuses(examination.findings)
    assert examination.rows_landed == 0


@pytest.mark.parametrize("case", NO_ROW)
def test_what_is_not_needed_is_not_read_and_costs_no_row(case: str) -> None:
    name, data = FILES[case]
    examination = examine(data, name, MINISTRY, today=TODAY)
    assert (examination.verdict, examination.rows_landed, examination.rows_quarantined) == ("accepted", 2, 0)
    assert [text for text in NOT_KEPT if text in examination.taken.decode() + repr(examination.findings)] == []


def test_a_number_in_the_place_of_a_token_is_not_kept_and_its_row_waits() -> None:
    name, data = FILES["a raw case number"]
    examination = examine(data, name, MINISTRY, today=TODAY)
    assert (examination.verdict, examination.rows_landed, examination.rows_quarantined) == ("accepted", 0, 1)
    assert [text for text in NOT_KEPT if text in examination.taken.decode() + repr(examination.findings)] == []


@pytest.mark.parametrize("case", ONE_ROW)
def test_one_bad_row_is_held_back_and_the_rest_goes_on(case: str) -> None:
    name, data = FILES[case]
    examination = examine(data, name, MINISTRY, today=TODAY)
    assert (examination.verdict, examination.rows_in) == ("accepted", 2)
    assert (examination.rows_landed, examination.rows_quarantined) == (1, 1)


if __name__ == "__main__":
    for language in languages():
        text = "\n".join(_told(language)) + "\n"
        (GOLDEN / f"bad_input.{language}.txt").write_text(text, encoding="utf-8")
    sys.exit(0)
