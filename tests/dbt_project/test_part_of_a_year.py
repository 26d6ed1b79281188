"""A part of a year is counted as it is: nothing is multiplied up to a year, no two periods are added (decision 16)."""

from __future__ import annotations

from collections.abc import Callable

from tests.dbt_project.invented_raw import JUDICIAL, RawFiles, Row, build, day

_WHOLE = ("--select", "+ind_protection__formally_identified_victims")
_MODELS = (*_WHOLE, "--exclude-resource-type", "unit_test")
_UNTIL_15_OCTOBER = 289 / 366


def _identified(period: str, *persons: str) -> list[Row]:
    row: Row = {"period": period, "governorate_code": "IQG08", "sex_code": "F", "age_years": 30}
    row |= {"contact_date": day(f"{period}-02-01"), "identified_date": day(f"{period}-03-01")}
    row |= {"identified_by_code": "INVESTIGATIVE_JUDGE", "case_token": "c1"}
    return [row | {"person_token": person} for person in persons]


def _cells(raw: RawFiles) -> list[tuple[str, int | None, str, int, int]]:
    """Year, figure, status and coverage of Baghdad's identified victims."""
    sql = "select time_period, cast(sum(obs_value) as int), min(obs_status)"
    sql += ", max(reports_received_count), max(reports_expected_count)"
    sql += " from ind_protection__formally_identified_victims where ref_area = 'IQG08' group by 1 order by 1"
    return build(raw, *_MODELS).rows(sql)


def test_a_file_until_the_15th_of_october_is_counted_and_shown_as_incomplete(
    new_raw_files: Callable[[], RawFiles],
) -> None:
    raw = new_raw_files()
    raw.expect(JUDICIAL, 2023, 2024)
    raw.land(JUDICIAL, 1, "2024-03-01", victims=_identified("2023", *(f"p{n}" for n in range(10))))
    raw.land(JUDICIAL, 2, "2024-11-01", victims=_identified("2024", *(f"q{n}" for n in range(8))))
    raw.submissions[-1] |= {"completeness": _UNTIL_15_OCTOBER, "covers_until": day("2024-10-15")}
    assert _cells(raw) == [("2023", 10, "A", 1, 1), ("2024", 8, "P", 0, 1)]


def test_the_whole_year_that_comes_later_takes_the_place_of_its_part_and_is_not_added_to_it(
    new_raw_files: Callable[[], RawFiles],
) -> None:
    raw = new_raw_files()
    raw.expect(JUDICIAL, 2024)
    part = _identified("2024", *(f"q{n}" for n in range(8)))
    raw.land(JUDICIAL, 1, "2024-11-01", current=False, victims=part)
    raw.submissions[-1] |= {"completeness": _UNTIL_15_OCTOBER, "covers_until": day("2024-10-15")}
    raw.land(JUDICIAL, 2, "2025-03-01", victims=[*part, *_identified("2024", "q8", "q9", "q10")])
    assert _cells(raw) == [("2024", 11, "A", 1, 1)]


def test_a_file_of_two_years_is_counted_in_each_year_by_its_own_rows(new_raw_files: Callable[[], RawFiles]) -> None:
    """From 1 April 2023 until 31 March 2024: a part of either year, and no year of its own."""
    raw = new_raw_files()
    raw.expect(JUDICIAL, 2023, 2024)
    raw.land(JUDICIAL, 1, "2024-05-01", victims=[*_identified("2023", "p1", "p2", "p3"), *_identified("2024", "q1")])
    raw.submissions[0] |= {"completeness": 275 / 365, "covers_from": day("2023-04-01")}
    raw.submissions[1] |= {"completeness": 91 / 366, "covers_until": day("2024-03-31")}
    assert _cells(raw) == [("2023", 3, "P", 0, 1), ("2024", 1, "P", 0, 1)]
