"""Answers that a stranger to the house understands: a file of nobody, sheets and files with names of their own."""

from __future__ import annotations

import pytest

from ingestion.cards.source_card import source_names
from ingestion.entry.file_check import Examination, examine, examine_any
from ingestion.findings import finding_in_words
from languages.words import Words, languages
from tests.ingestion.workbooks import TODAY, Grid, case, cases, csv, squared, victim, victims, xlsx

POLICE = "iraq_interior_ministry"
CENSUS = squared([["Governorate", "Age", "Male", "Female", "Total"], ["Baghdad", "0-4", 120, 118, 238], ["Basra", "0-4", 80, 79, 159]])  # fmt: skip  # noqa: E501
STRANGE = squared([["مساحة", "ارتفاع", "منسوب"], [1, 2, 3], [4, 5, 6]])


def any_of(grid: Grid, sheet: str = "Sheet1") -> tuple[str, Examination]:
    return examine_any(xlsx({sheet: grid}), "file.xlsx", today=TODAY)


def told(examination: Examination) -> list[str]:
    return [finding.kind for finding in examination.findings if finding.severity == "refuse"]


def test_a_census_table_is_no_file_of_a_sender_and_no_heading_of_another_table_is_missed_in_it():
    source, answer = any_of(CENSUS)
    assert (source, answer.verdict, told(answer)) == ("", "refused", ["sender_unknown"])
    nearest = answer.findings[0].arguments["nearest"].split(", ")
    assert set(nearest) <= set(source_names())
    assert 1 <= len(nearest) <= 3
    for tag in languages():
        message, remedy = finding_in_words(answer.findings[0], Words.load(tag))
        assert all(f"{Words.load(tag).text(f'source.{source}.title')} ({source})" in message for source in nearest)
        assert "--source" in remedy


def test_a_table_of_which_no_card_knows_a_heading_names_no_sender():
    source, answer = any_of(STRANGE, "جدول")
    assert (source, told(answer)) == ("", ["sender_unknown"])
    assert "nearest" not in answer.findings[0].arguments
    assert "none of its headings" in finding_in_words(answer.findings[0], Words.load("en"))[0]


@pytest.mark.parametrize("missing", ["تاريخ الإخبار", "رمز القضية"])
def test_a_file_of_a_known_sender_is_still_told_which_heading_is_missing(missing: str):
    grid = [["مساحة" if cell == missing else cell for cell in row] for row in cases(case(1), case(2))]
    source, answer = any_of(grid, "القضايا")
    assert source == POLICE
    assert "header_missing" in told(answer)


def test_who_names_the_sender_is_told_what_his_file_lacks():
    assert told(examine(xlsx({"Sheet1": CENSUS}), "f.xlsx", "iom_caseload", today=TODAY)) == ["header_missing"] * 3


def test_a_name_in_a_file_of_nobody_is_not_repeated():
    grid = [*CENSUS, ["علي حسن محمد", *[None] * (len(CENSUS[0]) - 1)]]
    _, answer = any_of(squared(grid), "سنبل مهندم")
    assert (told(answer), answer.taken) == (["sender_unknown"], b"")
    assert not any(word in repr(answer.findings) for word in ("علي", "سنبل"))


def test_of_a_workbook_the_number_of_the_sheet_is_told():
    answer = examine(xlsx({"القضايا": cases(case(1)), "سنبل مهندم": victims(victim(1))}), "f.xlsx", POLICE, today=TODAY)
    assert "#2" in {finding.sheet for finding in answer.findings}


def test_the_sheet_of_a_text_file_is_number_one_whatever_the_file_is_called():
    grid = cases(case(1), case(2, accused="سنبل"))[2:-1]
    answer = examine(csv(grid), "سنبل مهندم.csv", POLICE, today=TODAY)
    assert {finding.sheet for finding in answer.findings} == {"#1"}
    assert "سنبل" not in repr(answer.findings) + answer.taken.decode()
