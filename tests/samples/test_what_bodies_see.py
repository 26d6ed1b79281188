"""What each body sees and sends: late, partial, repeated, silent, corrected."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from expectations.cards import series_breaks
from samples.bodies.sight import INTERIOR, IOM, JUDICIAL, KURDISTAN, LABOUR, PERIOD_FIELDS, UNODC, LetterDelivery, Row
from samples.expected import truth
from samples.life import country
from samples.life.country import Country
from samples.views import deliveries

TOTAL = ("Detected trafficking victims", "Total", "Total", "Total", "Total")


def _file(sent: list[LetterDelivery], name: str) -> LetterDelivery:
    return next(one for one in sent if one.file_name == name)


def _known(value: object) -> bool:
    return value not in (None, "_U")


def test_files_come_in_the_order_of_their_letters_and_names_are_unique(sent: list[LetterDelivery]):
    assert [one.letter_date for one in sent] == sorted(one.letter_date for one in sent)
    assert len({(one.source, one.file_name) for one in sent}) == len(sent)


def test_every_row_stands_in_the_file_of_its_year(sent: list[LetterDelivery]):
    for delivery in sent:
        for table, rows in delivery.tables.items():
            if delivery.source != UNODC:
                periods = {row[PERIOD_FIELDS[table]] for row in rows}
                years = {day if isinstance(day, int) else day.year for day in periods}
                is_rolling = delivery.source == IOM and delivery.period_year > 2022  # with the year before
                assert years - ({delivery.period_year - 1} if is_rolling else set()) <= {delivery.period_year}


def test_no_federal_file_has_a_row_of_the_kurdistan_region(sent: list[LetterDelivery]):
    areas = {
        (one.source == KURDISTAN, row.get("governorate_code") in truth.REGION_LEAVES)
        for one in sent
        for rows in one.tables.values()
        for row in rows
    }
    assert areas == {(True, True), (False, False)}


def test_the_interior_ministry_sees_most_events(sent: list[LetterDelivery], events: list[Row]):
    seen = {row["event_number"] for one in sent if one.source == INTERIOR for row in one.tables["victims"]}
    assert 0.80 <= len(seen) / len(events) <= 0.90


def test_the_labour_ministry_is_silent_for_two_years(sent: list[LetterDelivery]):
    years = {one.period_year for one in sent if one.source == LABOUR}
    assert set(range(2016, 2026)) - years == {2019, 2020}


@pytest.mark.parametrize(("source", "year"), [(JUDICIAL, 2021), (INTERIOR, 2017), (LABOUR, 2022)])
def test_some_letters_are_late(sent: list[LetterDelivery], source: str, year: int):
    letter = next(one.letter_date for one in sent if one.source == source and one.period_year == year)
    assert letter > date(year + 1, *truth.DUE[source])


def test_a_partial_file_stops_in_september_and_the_full_one_replaces_it(sent: list[LetterDelivery]):
    partial, full = _file(sent, "interior_2020.xlsx"), _file(sent, "interior_2020_corrected.xlsx")
    first = {row["event_number"] for row in partial.tables["victims"]}
    assert max(row["contact_date"] for row in partial.tables["victims"]) <= date(2020, 9, 30)
    assert first < {row["event_number"] for row in full.tables["victims"]}


@pytest.mark.parametrize(("year", "count", "ending"), [(2024, 15, "_corrected_2"), (2023, 4, "_corrected")])
def test_a_corrected_file_of_2026_adds_late_events_and_loses_none(
    sent: list[LetterDelivery], year: int, count: int, ending: str
):
    first, corrected = (_file(sent, f"interior_{year}{end}.xlsx") for end in ("", ending))
    assert (first.part, corrected.part, corrected.letter_date.year) == ("first", "corrected", 2026)
    before, after = ({row["event_number"] for row in one.tables["victims"]} for one in (first, corrected))
    assert before < after
    assert len(after - before) == count
    elsewhere = {
        row["event_number"] for one in sent if one.source == JUDICIAL for row in one.tables.get("identifications", ())
    }
    assert not (after - before) & elsewhere


def test_a_correction_that_lost_its_last_page_is_taken_back_and_the_file_before_it_counts_again(
    sent: list[LetterDelivery],
):
    first, mistaken = (_file(sent, f"interior_2024{end}.xlsx") for end in ("", "_corrected"))
    kept = len(mistaken.tables["victims"])
    assert mistaken.tables["victims"] == first.tables["victims"][:kept]
    assert 10 < len(first.tables["victims"]) - kept < 20
    assert [one for one in sent if one.taken_back] == [mistaken]
    counted = [
        [one for one in (first, mistaken) if one.counts_on(day)]
        for day in (date(2025, 6, 1), date(2025, 6, 2), date(2025, 7, 8), None)
    ]
    assert counted == [[first], [first, mistaken], [first], [first]]


def test_only_one_file_has_rows_that_cannot_be_read_and_its_correction_has_them_right(sent: list[LetterDelivery]):
    flawed = [
        (one.file_name, row)
        for one in sent
        for rows in one.tables.values()
        for row in rows
        if row.get("flaw")
    ]  # fmt: skip
    assert {name for name, _ in flawed} == {"interior_2022.xlsx"}
    assert Counter(row["flaw"] for _, row in flawed) == {"unknown_form": 3, "unknown_area": 1, "no_date": 2}
    corrected = {row["event_number"] for row in _file(sent, "interior_2022_corrected.xlsx").tables["victims"]}
    assert {row["event_number"] for _, row in flawed} <= corrected


def test_a_body_closes_its_list_every_month_over_three_years_and_victims_stand_in_it_up_to_a_year_late(
    sent: list[LetterDelivery],
):
    """A count of the newest months must know how late records come: it needs 36 months of arrivals."""
    lists = [one for one in sent if one.source == IOM and one.file_name.count("_") == 2]
    closed = [12 * one.letter_date.year + one.letter_date.month for one in lists]
    assert closed == list(range(closed[0], closed[0] + len(lists)))
    assert len(lists) >= 36
    late, before = Counter[int](), dict[int, Row]()
    for file in lists:
        rows = {row["event_number"]: row for row in file.tables["caseload"]}
        late.update(
            _months_between(row["registered_date"], file.letter_date)
            for number, row in rows.items()
            if number not in before
        )
        year = int(file.file_name.split("_")[1])  # of the month that was closed
        assert {number for number, row in before.items() if row["registered_date"].year >= year - 1} <= set(rows)
        before |= rows
    assert sum(late.values()) > 150
    assert set(late) <= set(range(1, 14))
    assert sum(late[months] for months in range(4, 14)) > sum(late.values()) / 4


def test_the_lists_of_the_first_months_of_a_year_came_together_after_the_first_round_of_the_demo(
    sent: list[LetterDelivery],
):
    late = [one for one in sent if one.handed_over]
    assert [one.file_name for one in late] == [f"iom_2025_{month:02}.xlsx" for month in range(1, 7)]
    assert {one.handed_over for one in late} == {date(2025, 7, 10)}
    assert not any(one.counts_on(date(2025, 6, 30)) for one in late)
    assert all(one.counts_on(date(2025, 7, 10)) for one in late)


def _months_between(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month


@pytest.mark.parametrize("indicator", ["PRT-01", "PRS-03"])
def test_an_indicator_has_five_years_that_no_break_divides_within_the_six_of_the_demo(indicator: str):
    """The direction of a series is told over five comparable years or more."""
    cells = truth.expected_cells(country.invent_country(first_year=2020), sent_until=None)
    told = cells[(cells["obs_status"] == "A") & cells["ref_area"].isin(truth.FEDERAL_LEAVES)]
    years = sorted(set(told.loc[told["indicator"] == indicator, "time_period"]))
    spans = [(first, last) for first in years for last in years if int(last) - int(first) >= 4]
    whole = [
        span
        for span in spans
        if not series_breaks.select_spanned_breaks(
            series_breaks.read_breaks(invented=True), [indicator], "IQ-FED", *span
        )
        and {str(year) for year in range(int(span[0]), int(span[1]) + 1)} <= set(years)
    ]
    assert whole


def test_two_bodies_agree_wherever_both_know(sent: list[LetterDelivery]):
    first: dict[int, Row] = {}
    compared = 0
    for one in sent:
        for table in ("victims", "identifications"):
            for row in one.tables.get(table, ()):
                other = first.setdefault(row["event_number"], row)
                for field in ("sex_code", "governorate_code", "citizenship_code", "contact_date", "case_token"):
                    if _known(row[field]) and _known(other[field]):
                        compared += 1
                        assert row[field] == other[field]
    assert compared > 10_000


def test_few_rows_lack_the_persons_token_and_those_are_never_repeated(sent: list[LetterDelivery]):
    for table, number in (
        ("victims", "event_number"),
        ("identifications", "event_number"),
        ("accused", "accused_number"),
    ):
        without = 0
        for one in sent:
            rows = one.tables.get(table, ())
            missing = [row[number] for row in rows if row["person_token"] is None]
            assert len(set(missing)) == len(missing)
            without += len(missing)
        total = sum(len(one.tables.get(table, ())) for one in sent)
        assert 0.003 <= without / total <= 0.045


def test_about_one_row_in_a_hundred_is_repeated(sent: list[LetterDelivery]):
    files = [[row["event_number"] for row in one.tables["victims"]] for one in sent if one.source == INTERIOR]
    repeated = sum(len(rows) - len(set(rows)) for rows in files)
    assert 0.004 <= repeated / sum(map(len, files)) <= 0.02


def test_a_later_unodc_file_holds_all_earlier_years_again(sent: list[LetterDelivery]):
    releases = [one.tables["glotip"] for one in sent if one.source == UNODC]
    keys = [{(row["reporting_area"], row["reference_year"], row["cell"]) for row in rows} for rows in releases]
    assert len(keys) == 4
    assert all(earlier < later for earlier, later in pairwise(keys))
    assert all(len(found) == len(rows) for found, rows in zip(keys, releases, strict=True))


def test_unodc_revises_a_figure_masks_small_ones_and_leaves_out_a_year(sent: list[LetterDelivery]):
    releases = [one.tables["glotip"] for one in sent if one.source == UNODC]
    totals = [
        {
            row["reference_year"]: row["figure"]
            for row in rows
            if row["reporting_area"] == "IRQ" and row["cell"] == TOTAL
        }
        for rows in releases
    ]
    assert totals[0][2018] != totals[1][2018] == totals[3][2018]
    assert totals[3][2016] == "<5"
    assert 2019 not in totals[3]
    assert not any(isinstance(row["figure"], int) and 0 < row["figure"] < 5 for row in releases[3])


def test_a_country_of_few_years_has_files_of_those_years_only(invented: Country):
    small = Country(**{**vars(invented), "first_year": 2023, "last_year": 2024})
    assert {one.period_year for one in deliveries(small) if one.source != UNODC} == {2023, 2024}
