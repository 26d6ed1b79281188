"""A body that leaves the case number blank tells of no further person (decision 40)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import yaml

from tests.dbt_project.invented_raw import HOUSE, INTERIOR, JUDICIAL, SHAPES, RawFiles, Row, Warehouse, build, day

_FACTS = {"victims": "fct_victim_event", "accused": "fct_accused_proceeding"}
_WHOLE = ("+dim_person", "+dim_category", *(f"+{fact}" for fact in _FACTS.values()))
_MODELS = ("--select", *_WHOLE, "--exclude-resource-type", "unit_test")
# what must become of each field of a key that a body may leave blank
LEGAL_BLANKS = {
    ("victims", "person_token"): "stands alone",
    ("victims", "case_token"): "belongs to the case that it can only be",
    ("accused", "person_token"): "stands alone",
    ("accused", "case_token"): "belongs to the case that it can only be",
    ("services", "person_token"): "stands alone",
    ("residence_measures", "person_token"): "stands alone",
    ("counts", "reporting_area"): "is a figure of its own",
    ("counts", "reporting_unit"): "is a figure of its own",
    ("counts", "category"): "is a figure of its own",
}


def _row(person: str, case: str | None, contact: str | None, **fields: object) -> Row:
    date = day(contact) if contact else None
    row: Row = {"period": "2024", "person_token": person, "case_token": case, "contact_date": date}
    return row | {"sex_code": "F", "governorate_code": "IQG08"} | fields


def _known(person: str, *cases: tuple[str, str]) -> list[Row]:
    return [_row(person, case, contact) for case, contact in cases]


def _court() -> Iterator[Row]:
    """What the court says of persons and their cases; a verdict of another accused ends each case but the open ones."""
    yield from _known("one", ("c1", "2022-01-10"))
    yield from _known("one_undated", ("c1", "2022-01-10"))
    for person in ("inside", "first_day", "last_day", "day_before", "day_after", "between", "undated", "twice_blank"):
        yield from _known(person, ("closed", "2020-01-10"), ("later", "2023-01-10"))
    yield from _known("both", ("open", "2020-01-10"), ("later", "2023-01-10"))
    yield from _known("open_only", ("open", "2020-01-10"), ("later", "2023-01-10"))


_POLICE = [
    _row("one", None, "2024-05-01"),
    _row("one_undated", None, None),
    _row("inside", None, "2020-06-01"),
    _row("first_day", None, "2020-01-10"),
    _row("last_day", None, "2021-03-01"),
    _row("day_before", None, "2020-01-09"),
    _row("day_after", None, "2021-03-02"),
    _row("between", None, "2022-03-02"),
    _row("undated", None, None),
    _row("twice_blank", None, "2022-05-01"),
    _row("twice_blank", None, "2020-06-01"),
    _row("both", None, "2023-06-01"),
    _row("open_only", None, "2022-06-01"),
    _row("no_case", None, "2022-06-01"),
    _row("no_case", None, "2023-06-01"),
    {**_row("one", None, "2024-05-01"), "person_token": None},
]
# the person -> the facts she must have, and whether one of them is told to be unresolved
EXPECTED = {
    "one": ({"one|c1": 2}, False),
    "one_undated": ({"one_undated|c1": 2}, False),
    "inside": ({"inside|closed": 2, "inside|later": 1}, False),
    "first_day": ({"first_day|closed": 2, "first_day|later": 1}, False),
    "last_day": ({"last_day|closed": 2, "last_day|later": 1}, False),
    "day_before": ({"day_before|-": 1, "day_before|closed": 1, "day_before|later": 1}, True),
    "day_after": ({"day_after|-": 1, "day_after|closed": 1, "day_after|later": 1}, True),
    "between": ({"between|-": 1, "between|closed": 1, "between|later": 1}, True),
    "undated": ({"undated|-": 1, "undated|closed": 1, "undated|later": 1}, True),
    "twice_blank": ({"twice_blank|-": 1, "twice_blank|closed": 2, "twice_blank|later": 1}, True),
    "both": ({"both|-": 1, "both|open": 1, "both|later": 1}, True),
    "open_only": ({"open_only|open": 2, "open_only|later": 1}, False),
    "no_case": ({"no_case|-": 2}, False),
}


def _verdicts(shape: str) -> list[Row]:
    """The verdicts that end cases: of others for a victim, her own for an accused."""
    verdict: Row = {"period": "2024", "verdict_code": "CONVICTED", "sex_code": "M", "governorate_code": "IQG08"}
    ends = {"closed": "2021-03-01", "later": "2024-03-01"}
    if shape == "victims":
        return [verdict | {"person_token": "a1", "case_token": c, "verdict_date": day(d)} for c, d in ends.items()]
    closed = [(row["person_token"], row["case_token"]) for row in _court() if row["case_token"] in ends]
    return [verdict | {"person_token": p, "case_token": c, "verdict_date": day(ends[c])} for p, c in closed]


def _land(raw: RawFiles, source: str, sequence: int, shape: str, rows: list[Row]) -> None:
    rows_of: dict[str, list[Row]] = {shape: rows}
    raw.land(source, sequence, "2025-05-01", current=True, **rows_of)


@pytest.fixture(scope="module", params=sorted(_FACTS))
def built(request: pytest.FixtureRequest, new_raw_files: Callable[[], RawFiles]) -> tuple[str, Warehouse]:
    """Both shapes with the same persons: the rules are one."""
    shape, raw = str(request.param), new_raw_files()
    raw.expect(INTERIOR, 2024)
    _land(raw, JUDICIAL, 1, shape, list(_court()))
    _land(raw, INTERIOR, 2, shape, _POLICE)
    raw.land("verdicts", 3, "2025-05-01", accused=_verdicts(shape))
    return shape, build(raw, *_MODELS)


def test_every_check_of_the_facts_passes(built: tuple[str, Warehouse]) -> None:
    assert built[1].not_passed() == {}


@pytest.mark.parametrize("person", sorted(EXPECTED))
def test_a_blank_case_belongs_to_the_one_case_that_it_can_be(built: tuple[str, Warehouse], person: str) -> None:
    shape, warehouse = built
    sql = f"select fact_key, records_count, is_case_unresolved from {_FACTS[shape]} where person_token = ?"  # noqa: S608
    found = warehouse.rows(sql, person)
    facts, is_unresolved = EXPECTED[person]
    ended = ("|closed", "|later") if shape == "accused" else ()  # where her own verdict is a record more
    assert {key: count - key.endswith(ended) for key, count, _ in found} == facts
    assert {key for key, _, flag in found if flag} == ({f"{person}|-"} if is_unresolved else set())


def test_nobody_is_attached_to_another_person(built: tuple[str, Warehouse]) -> None:
    shape, warehouse = built
    keys = warehouse.rows(f"select fact_key, person_token from {_FACTS[shape]} where person_token is not null")  # noqa: S608
    assert all(key.split("|")[0] == person for key, person in keys)
    alone = warehouse.rows(f"select fact_key, records_count from {_FACTS[shape]} where person_token is null")  # noqa: S608
    assert [(key.split("/")[0], count) for key, count in alone] == [(INTERIOR, 1)]


def test_a_caseload_that_presumes_nobody_stays_apart(new_raw_files: Callable[[], RawFiles]) -> None:
    raw = new_raw_files()
    registered = _row("p1", None, None, registered_date=day("2022-02-01"), sex_code="M")
    raw.land("iom_caseload", 1, "2025-01-01", victims=[registered])
    raw.land(JUDICIAL, 2, "2025-04-01", victims=_known("p1", ("c1", "2022-01-10")))
    found = build(raw, *_MODELS).rows("select fact_key, sources_count from fct_victim_event order by 1")
    assert found == [("p1|-", 1), ("p1|c1", 1)]


def test_each_blank_that_a_key_may_have_has_its_rule() -> None:
    found: set[tuple[str, str]] = set()
    for shape in SHAPES:
        card = yaml.safe_load((HOUSE / "ingestion" / "shapes" / f"{shape}.yml").read_text(encoding="utf-8"))
        found |= {(shape, name) for name in card["key"] if not card["fields"][name].get("required")}
    assert found == set(LEGAL_BLANKS)
