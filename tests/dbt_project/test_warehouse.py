"""What the warehouse makes of landed rows: facts, flags, indicators, and the way back to the rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.dbt_project.invented_raw import (
    INTERIOR,
    JUDICIAL,
    LABOUR,
    PROJECT,
    SHAPES,
    RawFiles,
    Warehouse,
    build,
    raw_schema,
)

KEYS = (
    "measure", "ref_area", "time_period", "sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown",
)  # fmt: skip
INDICATOR_COLUMNS = {
    **dict.fromkeys(KEYS, "VARCHAR"),
    "obs_value": "BIGINT",
    "obs_status": "VARCHAR",
    "reports_received_count": "INTEGER",
    "reports_expected_count": "INTEGER",
}
GOVERNORATES = 19
LEAVES = GOVERNORATES + 1
YEARS = 2


def test_everything_builds_and_every_check_passes(warehouse: Warehouse) -> None:
    assert warehouse.not_passed() == {}
    written = {path.stem for path in (PROJECT / "models" / "indicators").rglob("ind_*.sql")}
    assert len(written) >= 10
    assert {name for name in warehouse.statuses if name.startswith("ind_")} == written


def test_a_home_without_submissions_builds_empty(new_raw_files: Callable[[], RawFiles]) -> None:
    """Its data tests run beside a body that owes and sends none, below: of nothing at all a build is refused."""
    kinds = [word for kind in ("unit_test", "test") for word in ("--exclude-resource-type", kind)]
    built = build(new_raw_files(), *kinds)
    assert built.not_passed() == {}
    assert built.one("select count(*) from ind_protection__presumed_victims") == 0


def test_a_body_that_owes_exports_and_sends_none_is_missing_and_never_zero(
    new_raw_files: Callable[[], RawFiles],
) -> None:
    raw = new_raw_files()
    raw.expect(INTERIOR, 2024)
    built = build(raw, "--exclude-resource-type", "unit_test")
    assert built.not_passed() == {}
    assert built.rows("select distinct obs_value, obs_status from ind_prosecution__suspects_in_formal_contact") == [
        (None, "O")
    ]


def test_a_broken_roll_call_stops_the_models_behind_it(new_raw_files: Callable[[], RawFiles]) -> None:
    raw = new_raw_files()
    for _ in range(2):
        raw.land(INTERIOR, 1, "2025-01-01", victims=[{"period": "2024", "person_token": "p1"}])
    built = build(raw, "--select", "+ind_protection__presumed_victims", "--exclude-resource-type", "unit_test")
    assert built.statuses["stg_submissions"] == "success"
    assert built.statuses["stg_victims"] == "skipped"
    assert built.statuses["ind_protection__presumed_victims"] == "skipped"


@pytest.mark.parametrize("shape", SHAPES)
def test_staging_keeps_every_column_that_was_landed(warehouse: Warehouse, shape: str) -> None:
    staged = {name for name, _ in warehouse.types(f"stg_{shape}")}
    assert staged == {"record_key", "record_order", "source", "submission", *raw_schema(shape).names}


def test_only_the_current_submission_of_a_period_counts(warehouse: Warehouse) -> None:
    assert warehouse.one("select count(*) from fct_victim_event where person_token = 'p9'") == 0


def test_one_person_in_two_cases_is_two_events_and_one_person(warehouse: Warehouse) -> None:
    assert warehouse.rows("select fact_key from fct_victim_event where person_token = 'p1' order by 1") == [
        ("p1|c1",),
        ("p1|c2",),
    ]
    assert warehouse.rows("select sources_count, sex_code from dim_person where person_token = 'p1'") == [(4, "F")]


def test_figures_of_one_row_are_facts_of_their_own_each_with_its_cell(warehouse: Warehouse) -> None:
    place = f"{JUDICIAL}/000003-000000000003/sheet_1/4"
    found = warehouse.rows("select fact_key, figure from fct_count where governorate_code = 'IQG08' order by 1")
    assert found == [(f"{place}/D", 3), (f"{place}/E", 9)]


def test_the_court_is_believed_first_then_the_police_then_the_others(warehouse: Warehouse) -> None:
    found = warehouse.rows(
        "select sex_code, age_group_code, sources_count from fct_victim_event where fact_key = 'p1|c1'"
    )
    assert found == [("F", "Y0T17", 3)]


def test_presumed_and_identified_are_a_pair_with_body_and_date(warehouse: Warehouse) -> None:
    sql = "select contact_date::varchar, presumed_by_code, identified_date::varchar, identified_by_code"
    assert warehouse.rows(f"{sql} from fct_victim_event where fact_key = 'p1|c1'") == [
        ("2024-03-01", "POLICE", "2024-06-01", "INVESTIGATIVE_JUDGE")
    ]


def test_a_source_that_no_model_names_is_read_like_the_others(warehouse: Warehouse) -> None:
    assert warehouse.one("select area_code from fct_victim_event where fact_key = 'p6|-'") == "IQ-FED-U"


def test_every_fact_leads_back_to_landed_rows(warehouse: Warehouse) -> None:
    facts = {"victim_event": "victims", "accused_proceeding": "accused", "case": "cases", "service": "services"}
    for fact, shape in (facts | {"shelter_seeker": "services", "facility": "facilities", "count": "counts"}).items():
        held = [key for (key,) in warehouse.rows("select record_key from dim_record where fact = $1", f"fct_{fact}")]
        assert sorted(held) == sorted(warehouse.column(f"stg_{shape}", "record_key"))
    assert warehouse.rows("select fact_key, record_key from dim_record where fact = 'fct_case'") == [
        ("c1", f"{INTERIOR}/000002-000000000002/sheet_1/4")
    ]
    assert warehouse.rows("select record_key from dim_record where fact = 'fct_submission' order by 1")[0] == (
        "basra_shelter/000006-000000000006/-/0",
    )


def test_behind_a_fact_stand_as_many_rows_as_it_says(warehouse: Warehouse) -> None:
    counted = "select table_name from duckdb_columns() where column_name = 'records_count' and table_name like 'fct_%'"
    names = [name for (name,) in warehouse.rows(counted)]
    assert len(names) >= 12
    for name in names:
        said = warehouse.rows(f"select fact_key, records_count from {name} order by 1")  # noqa: S608
        kept = "select fact_key, count(distinct record_key) from dim_record where fact = $1 group by 1 order by 1"
        assert warehouse.rows(kept, name) == said, name


def test_the_keys_of_facts_hold_no_space(warehouse: Warehouse) -> None:
    for fact in ("victim_event", "accused_proceeding", "case", "shelter_seeker", "facility", "count", "submission"):
        assert not any(" " in key for key in warehouse.column(f"fct_{fact}", "fact_key"))


def _indicators(warehouse: Warehouse) -> list[str]:
    return sorted(name for name in warehouse.statuses if name.startswith("ind_"))


def test_every_indicator_has_the_one_set_of_columns(warehouse: Warehouse) -> None:
    for name in _indicators(warehouse):
        assert warehouse.types(name) == list(INDICATOR_COLUMNS.items())


def test_the_grid_is_full(warehouse: Warehouse) -> None:
    sizes = {
        "ind_protection__presumed_victims": LEAVES * YEARS * 3 * 4 * 8,
        "ind_protection__shelter_coverage": 2 * LEAVES * YEARS * 3 * 4,
        "ind_prosecution__article_mix": LEAVES * YEARS * 7,
        "ind_partnership__holders_reporting": 3 * 3 * YEARS,
        "ind_partnership__reconciliation_gap": YEARS,
    }
    for name, size in sizes.items():
        assert len(warehouse.column(name, "measure")) == size


@pytest.mark.parametrize(
    ("name", "measure", "period", "members"),
    [
        (
            "ind_protection__presumed_victims",
            "COUNT",
            "2024",
            [f"{INTERIOR}/000002-000000000002/sheet_1/7", "p1|c1", "p1|c2", "p2|c1", "p6|-"],
        ),
        ("ind_protection__formally_identified_victims", "COUNT", "2024", ["p1|c1", "p5|c5"]),
        ("ind_protection__identification_rate", "NUMERATOR", "2024", ["p1|c1"]),
        ("ind_protection__victims_charged", "NUMERATOR", "2024", ["p1|c1"]),
        ("ind_protection__shelter_coverage", "DENOMINATOR", "2023", ["p1|2023", "p2|2023"]),
        ("ind_protection__shelter_coverage", "NUMERATOR", "2023", ["p1|2023"]),
        ("ind_prosecution__suspects_in_formal_contact", "COUNT", "2024", ["a1|c1", "a2|c1"]),
        ("ind_prosecution__persons_convicted", "COUNT", "2024", ["a1|c1", "a3|c1"]),
        ("ind_prosecution__article_mix", "NUMERATOR", "2024", ["a1|c1", "a3|c1"]),
    ],
)
def test_an_indicator_counts_these_facts(
    warehouse: Warehouse, name: str, measure: str, period: str, members: list[str]
) -> None:
    at = "where measure = ? and time_period = ?"
    facts = warehouse.rows(f"select fact_key from {name}__facts {at} order by 1", measure, period)  # noqa: S608
    assert [key for (key,) in facts] == members
    assert warehouse.one(f"select sum(obs_value) from {name} {at}", measure, period) == len(members)  # noqa: S608


def test_a_conviction_stands_under_its_gravest_article(warehouse: Warehouse) -> None:
    sql = "select article, fact_key from ind_prosecution__article_mix__facts order by article"
    assert warehouse.rows(sql) == [("A6", "a1|c1"), ("A_OTHER", "a3|c1")]


def test_federal_bodies_never_speak_for_the_kurdistan_region(warehouse: Warehouse) -> None:
    sql = "select distinct obs_value, obs_status, reports_received_count, reports_expected_count"
    sql += " from ind_protection__presumed_victims where ref_area in ('IQG06', 'IQG09', 'IQG11', 'IQG06Q05')"
    assert warehouse.rows(sql) == [(None, "O", 0, 0)]
    facts = "select count(*) from ind_protection__presumed_victims__facts"
    assert warehouse.one(f"{facts} where ref_area in ('IQG06', 'IQG09', 'IQG11', 'IQG06Q05')") == 0


def test_a_year_in_which_no_holder_reported_is_missing(warehouse: Warehouse) -> None:
    sql = "select distinct time_period, obs_status, reports_received_count, reports_expected_count"
    sql += " from ind_protection__presumed_victims where ref_area = 'IQG08' order by 1"
    assert warehouse.rows(sql) == [("2023", "O", 0, 2), ("2024", "A", 2, 2)]


def test_a_body_is_on_time_when_all_that_it_sends_of_a_year_is(warehouse: Warehouse) -> None:
    sql = "select time_period, holder, obs_value from ind_partnership__holders_reporting where measure = 'NUMERATOR'"
    assert warehouse.rows(f"{sql} order by 1, 2") == [
        ("2023", INTERIOR, 0),
        ("2023", JUDICIAL, 0),
        ("2023", LABOUR, 1),
        ("2024", INTERIOR, 0),  # its victims came in time, the accused and the cases did not
        ("2024", JUDICIAL, 0),
        ("2024", LABOUR, 0),
    ]


def test_a_body_that_came_late_is_told_from_one_that_never_came(warehouse: Warehouse) -> None:
    sql = "select time_period, holder, obs_value from ind_partnership__holders_reporting where measure = 'COUNT'"
    assert warehouse.rows(f"{sql} order by 1, 2") == [
        ("2023", INTERIOR, 0),
        ("2023", JUDICIAL, 0),
        ("2023", LABOUR, 1),
        ("2024", INTERIOR, 1),
        ("2024", JUDICIAL, 1),
        ("2024", LABOUR, 0),
    ]


def test_a_masked_figure_of_the_publisher_stays_suppressed(warehouse: Warehouse) -> None:
    sql = "select time_period, obs_value, obs_status from ind_partnership__reconciliation_gap order by 1"
    assert warehouse.rows(sql) == [("2023", 57, "A"), ("2024", None, "Q")]
