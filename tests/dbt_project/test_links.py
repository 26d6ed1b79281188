"""A record that is linked is its person in every fact, and a home without links counts as it did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingestion.home import Home
from ingestion.persons import linkable_records
from tests.dbt_project.invented_raw import INTERIOR, JUDICIAL, RawFiles, Row, Warehouse, build, day

_MODELS = ("--select", "+dim_person", "+fct_victim_event", "+fct_accused_proceeding", "--exclude-resource-type")
_ARGUMENTS = (*_MODELS, "unit_test")
_PERSON, _OTHER = "k1:a", "k2:b"


def _seen(person: str | None, case: str | None, **fields: object) -> Row:
    row: Row = {"period": "2024", "person_token": person, "case_token": case, "contact_date": day("2024-03-01")}
    return row | {"sex_code": "F", "governorate_code": "IQG08"} | fields


@pytest.fixture(scope="module")
def linked(new_raw_files: Callable[[], RawFiles]) -> Warehouse:
    """The police know one by a token, another body knows her under another key, a third without any."""
    raw = new_raw_files()
    raw.land(INTERIOR, 1, "2025-01-10", victims=[_seen(_PERSON, "c1")])
    raw.land(JUDICIAL, 2, "2025-01-11", victims=[_seen(None, None), _seen(_OTHER, "c1"), _seen(None, None)])
    raw.land(JUDICIAL, 3, "2025-01-12", accused=[_seen(None, "c2")])
    keys = (f"{JUDICIAL}/000002-000000000002/sheet_1/4", f"{JUDICIAL}/000003-000000000003/sheet_1/4")
    raw.links = [{"member": member, "person_token": _PERSON} for member in (*keys, _OTHER)]
    return build(raw, *_ARGUMENTS)


def test_linked_records_are_one_fact_and_the_one_that_is_not_stands_alone(linked: Warehouse):
    assert linked.not_passed() == {}
    facts = linked.rows(
        "select person_token, case_token, sources_count, records_count from fct_victim_event order by 1"
    )
    assert facts == [(_PERSON, "c1", 2, 3), (None, None, 1, 1)]


def test_a_linked_victim_who_is_accused_elsewhere_is_one_person_seen_as_both(linked: Warehouse):
    persons = linked.rows("select person_token, sources_count, is_seen_as_victim, is_seen_as_accused from dim_person")
    assert persons == [(_PERSON, 2, True, True)]
    assert linked.rows("select person_token from fct_accused_proceeding") == [(_PERSON,)]


def test_linking_names_a_record_as_the_warehouse_does(linked: Warehouse):
    read = linkable_records.read_records(Home.at(linked.path.parent))
    keys = set(linked.column("stg_victims", "record_key")) | set(linked.column("stg_accused", "record_key"))
    without_token = set(read.loc[read["token"].isna(), "member"])
    assert len(without_token) == 3 and without_token <= keys
