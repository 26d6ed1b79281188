"""What records and tables of a body say of themselves and of those of another body."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from ingestion.cards.source_card import load_shape, load_source
from ingestion.quality.quality_checks import Tally, check_shape
from ingestion.quality.quality_page import Names, question_in_words
from ingestion.quality.quality_questions import ask_about_rows
from ingestion.quality.quality_rows import expected_rows, is_judged, known_rows, rules
from ingestion.submissions.files_in_force import CountedPeriod
from ingestion.submissions.receipts import Receipt
from languages.words import Words, languages

SOURCE, OTHER = "iraq_interior_ministry", "iraq_judicial_council"
COUNTED = {2018: 141, 2019: 163, 2020: 98, 2021: 155, 2022: 149}


def found(shape: str, rows: pd.DataFrame, check: str) -> list[Tally]:
    return [one for one in check_shape(shape, rows) if one.check == check]


def table(*cells: tuple[str, str, str, float | None]) -> pd.DataFrame:
    """Cells of a publisher's table: year, sex, age, figure."""
    rows = pd.DataFrame(cells, columns=["reference_year", "sex_label", "age_label", "figure"])
    blank = {name: None for name in load_shape("counts").key if name not in rows}
    return rows.assign(**blank | {"measure": "Detected victims", "dimension": "by sex"})


def entries(source: str, numbers: dict[int, int], part: str = "") -> list[CountedPeriod]:
    covers = {"victims": {part: {"start": "2022-01-01"}}} if part else {}
    receipt = Receipt(
        source=source, sha256="a" * 64, file_suffix=".xlsx", verdict="accepted", rows_in=0, rows_landed=0,
        rows_quarantined=0, kinds={}, letter_date="", letter_number="", received_at="2025-03-01", covers=covers,
    )  # fmt: skip
    return [CountedPeriod(receipt, "victims", str(year), rows) for year, rows in numbers.items()]


def asked(
    own: Sequence[CountedPeriod], other: Sequence[CountedPeriod]
) -> list[tuple[str, str, dict[str, str | float]]]:
    questions = ask_about_rows(SOURCE, {}, own, {OTHER: other})
    return [(one.rule, one.shape, dict(one.shown)) for one in questions if one.rule == "copied"]


def test_more_children_helped_than_found_is_a_contradiction():
    rows = pd.DataFrame({"helped_child_count": [3, 4, None, 0], "found_child_count": [3, 3, 1, None]})
    assert found("activities", rows, "part_of_whole") == [
        Tally("part_of_whole", "activities", ("helped_child_count", "found_child_count"), 2, 1)
    ]


def test_parts_that_exceed_their_total_are_broken_and_a_total_that_exceeds_them_is_not():
    rows = table(
        ("2020", "Total", "Total", 10), ("2020", "Female", "Total", 7), ("2020", "Male", "Total", 4),
        ("2021", "Total", "Total", 12), ("2021", "Female", "Total", 7), ("2021", "Male", "Total", 4),
        ("2022", "Total", "Total", 11), ("2022", "Female", "Total", 7), ("2022", "Male", "Total", 4),
    )  # fmt: skip
    [sexes, ages] = found("counts", rows, "parts_within_total")
    assert (sexes.fields, sexes.tested, sexes.broken) == (("sex_label",), 3, 1)
    assert (ages.fields, ages.tested, ages.broken) == (("age_label",), 0, 0)


def test_a_table_with_one_part_or_no_total_or_a_hidden_figure_tests_nothing():
    one_part = table(("2020", "Total", "Total", 10), ("2020", "Female", "Total", 17))
    no_total = table(("2020", "Female", "Total", 10), ("2020", "Male", "Total", 17))
    hidden = table(("2020", "Total", "Total", None), ("2020", "Female", "Total", 10), ("2020", "Male", "Total", 17))
    for rows in (one_part, no_total, hidden):
        assert [one.tested for one in found("counts", rows, "parts_within_total")] == [0, 0]


def test_a_total_in_arabic_is_a_total():
    rows = table(("2020", "المجموع", "-", 5), ("2020", "أنثى", "-", 4), ("2020", "ذكر", "-", 3))
    assert [one.broken for one in found("counts", rows, "parts_within_total")] == [1, 0]


def test_the_columns_of_checks_are_counts_and_labels_of_their_shape():
    for shape, pairs in rules().parts.items():
        assert {load_shape(shape).fields[name].type for pair in pairs for name in pair} == {"integer"}
    for shape, names in rules().sums.items():
        assert set(names) <= set(load_shape(shape).key)
        assert load_shape(shape).figure


def test_two_bodies_with_the_same_numbers_in_all_years_are_asked_who_counted():
    assert asked(entries(SOURCE, COUNTED), entries(OTHER, COUNTED)) == [
        ("copied", "victims", {"count": 5, "other": OTHER})
    ]


def test_bodies_that_differ_in_a_year_or_share_few_of_them_are_asked_nothing():
    assert asked(entries(SOURCE, COUNTED), entries(OTHER, COUNTED | {2022: 150})) == []
    assert asked(entries(SOURCE, COUNTED), entries(OTHER, {2022: 149})) == []
    assert asked(entries(SOURCE, COUNTED), []) == []


def test_a_part_of_a_year_is_compared_with_nothing():
    assert asked(entries(SOURCE, COUNTED), entries(OTHER, COUNTED | {2022: 7}, part="2022")) == [
        ("copied", "victims", {"count": 4, "other": OTHER})
    ]


@pytest.mark.parametrize("tag", languages())
def test_the_question_of_a_copy_does_not_name_the_other_body(tag: str):
    words = Words.load(tag)
    [question] = [
        one
        for one in ask_about_rows(SOURCE, {}, entries(SOURCE, COUNTED), {OTHER: entries(OTHER, COUNTED)})
        if one.rule == "copied"
    ]
    told, remedy = question_in_words(question, Names(load_source(SOURCE), words))
    assert words.text(f"source.{OTHER}.title") not in told + remedy
    assert load_source(OTHER).body_ar not in told + remedy


def test_a_conviction_without_its_day_is_a_gap_because_it_stands_in_no_year() -> None:
    rows = pd.DataFrame(
        {
            "verdict_code": ["CONVICTED", "CONVICTED", "ACQUITTED", None],
            "verdict_date": pd.to_datetime(pd.Series(["2024-05-01", None, None, None])),
        }
    )
    asked = expected_rows(rows, "accused", "verdict_date")
    assert list(asked.index) == [0, 1]
    assert list(known_rows(asked, "verdict_date", load_shape("accused").fields["verdict_date"])) == [True, False]
    assert is_judged(load_source("iraq_judicial_council"), "accused", "verdict_date")
