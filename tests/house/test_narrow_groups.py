"""No model keeps a set or a list for each person, case or fact: a hundred million records leave no room for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from tests.house.conftest import PROJECT, Compiled

MODELS = PROJECT / "models"

# What holds all values of a group in memory, by the names that DuckDB and Spark have for it.
_WIDE = {
    "LIST", "ARRAY_AGG", "STRING_AGG", "GROUP_CONCAT", "LISTAGG", "COLLECT_LIST", "COLLECT_SET", "HISTOGRAM",
    "MEDIAN", "MODE", "QUANTILE", "QUANTILE_CONT", "QUANTILE_DISC", "PERCENTILE_CONT",
}  # fmt: skip
# Groups of which there are few, whatever the number of records.
_FEW = {("_fct_victim_profile", "found.charge_bits"), ("fct_submission", "submissions.source, submissions.period")}


def wide_groups(sql: str) -> Iterator[tuple[str, str]]:
    """Yield (what holds a group, what it groups by) of each aggregate that holds all values of its group."""
    for function in sqlglot.parse_one(sql, read="duckdb").find_all(exp.Func):
        name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
        is_distinct = isinstance(function, exp.AggFunc) and isinstance(function.this, exp.Distinct)
        if is_distinct or name.upper() in _WIDE:
            select = function.find_ancestor(exp.Select)
            group = select.args.get("group") if select else None
            yield function.sql("duckdb"), ", ".join(key.sql("duckdb") for key in group.expressions) if group else ""


def test_no_model_holds_all_values_of_a_person_a_case_or_a_fact(compiled: Compiled) -> None:
    models = {file.stem for file in MODELS.rglob("*.sql")}
    texts = {name: sql for name, sql in compiled("duckdb").items() if name in models}
    assert texts.keys() == models and len(models) > 110
    found = [(name, group, what) for name, sql in texts.items() for what, group in wide_groups(sql)]
    assert {(model, group) for model, group, _ in found} == _FEW, found


@pytest.mark.parametrize(
    "column",
    [
        "count(distinct source)",
        "cast(count(distinct source) as integer)",
        "count(distinct source) filter (where source is not null)",
        "string_agg(record_key, ' ' order by record_key)",
        "array_to_string(list_sort(list_distinct(list(record_key))), ' ')",
        "array_agg(record_key)",
        "collect_set(record_key)",
        "sum(distinct amount)",
        "string_agg(record_key, ' ') over (partition by person_token)",
    ],
)
def test_an_aggregate_that_holds_a_group_is_seen(column: str) -> None:
    (found,) = wide_groups(f"with r as (select person_token, {column} as held from t group by person_token) from r")  # noqa: S608
    assert found[1] == "person_token"


def test_an_aggregate_of_one_value_is_none() -> None:
    kept = "count(*), bit_or(source_bit), min(day), arg_min(sex, row(day, record_order)) filter (where sex is not null)"
    assert list(wide_groups(f"select person_token, {kept} from (select distinct * from t) as t group by 1")) == []  # noqa: S608
