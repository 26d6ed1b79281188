"""Every relation of the project is equal, row for row, on DuckDB and on Spark, over the invented country.

Takes Java and the extra of `make spark`: it is no part of `make test` (`make parity`).
"""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from expectations.candidates import candidate
from ingestion.home import sha256_of
from tests.second_engine import both_engines
from tests.second_engine.both_engines import TwoWarehouses, apart_in_collected, apart_in_spark, relations

pytestmark = pytest.mark.needs_java


def test_spark_builds_every_model_and_every_test_holds(two_warehouses: TwoWarehouses) -> None:
    assert two_warehouses.broken == []


def test_every_relation_is_equal_row_for_row(two_warehouses: TwoWarehouses) -> None:
    apart, filled = apart_in_spark(two_warehouses)
    assert apart == {}
    assert len(relations(two_warehouses.ours)) > 200
    assert len(filled) > 150  # equal because both are empty would prove nothing


def test_what_is_collected_is_what_the_floors_above_read_with_the_same_types(two_warehouses: TwoWarehouses) -> None:
    ours = relations(two_warehouses.ours)
    read = {name for name in ours if name.startswith(("ind_", "fct_")) or name == "dim_record"}
    assert relations(two_warehouses.collected) == {name: ours[name] for name in read}
    assert apart_in_collected(two_warehouses) == {}


def test_candidates_are_the_same_bytes(two_warehouses: TwoWarehouses) -> None:
    home = two_warehouses.home

    def made_from(warehouse: Path) -> dict[str, str]:
        shutil.copy(warehouse, home.warehouse)
        candidate.build(home)
        return {path.relative_to(home.root).as_posix(): sha256_of(path) for path in home.candidates.rglob("*.parquet")}

    ours = made_from(two_warehouses.ours)
    assert len(ours) > 4
    assert made_from(two_warehouses.collected) == ours


def test_a_row_that_only_one_engine_holds_is_found_also_where_rows_are_asked_about_in_parts(
    two_warehouses: TwoWarehouses, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = two_warehouses.engine.session
    session.sql("insert into main.sex values ('X', 9)")
    for rows_at_once in (both_engines._ROWS_AT_ONCE, 2):  # pyright: ignore[reportPrivateUsage]
        monkeypatch.setattr(both_engines, "_ROWS_AT_ONCE", rows_at_once)
        apart, _ = apart_in_spark(two_warehouses, only=["sex", "form"])
        assert apart == {"sex": 1}


def test_a_relation_that_the_session_may_not_collect_is_brought_and_nothing_of_it_stays(
    two_warehouses: TwoWarehouses,
) -> None:
    """At a million events one process held what the workers sent it, and Spark ended the run."""
    from py4j.protocol import Py4JError  # pyright: ignore[reportMissingImports] - of the extra `spark`

    engine = two_warehouses.engine
    engine.session.sql("create view main.large as select sha2(cast(id as string), 256) as text from range(200000)")
    with pytest.raises(Py4JError):
        engine.session.table("main.large").toArrow()
    with engine.bring_relation("large") as files:
        assert duckdb.read_parquet(files).count("*").fetchall() == [(200_000,)]
    assert list(two_warehouses.home.build.rglob("collected*")) == []
    engine.session.sql("drop view main.large")


def test_a_null_where_the_card_allows_none_is_found(two_warehouses: TwoWarehouses) -> None:
    verdict = {"name": "first_verdict_date", "constraints": [{"type": "not_null"}]}
    model = {"name": "fct_case", "columns": {"first_verdict_date": verdict}}
    assert two_warehouses.engine.lacks_a_value(model)
    assert not two_warehouses.engine.lacks_a_value(model | {"columns": {"one": {"name": "first_verdict_date"}}})


def test_a_broken_wide_test_names_its_models(two_warehouses: TwoWarehouses) -> None:
    engine = two_warehouses.engine
    engine.session.sql("create view main.two_names as select explode(split('b;a;a', ';')) as failed_in")
    assert engine.failed_in('"main"."two_names"') == ["a", "b"]


def test_a_stopped_build_ends_the_query_that_runs(two_warehouses: TwoWarehouses) -> None:
    session = two_warehouses.engine.session
    with ThreadPoolExecutor(1) as pool:
        asked = "select count(*) from range(1000000000000) where id % 7 = rand()"
        query = pool.submit(lambda: session.sql(asked).collect())
        while not session.sparkContext.statusTracker().getActiveJobsIds():
            time.sleep(0.05)
        two_warehouses.engine.interrupt()
        assert "cancelled" in str(query.exception(60))


def test_nothing_of_spark_stays_when_it_has_ended(two_warehouses: TwoWarehouses) -> None:
    """The last of the file: it ends the session."""
    process = two_warehouses.engine.java.process
    two_warehouses.engine.stop()
    assert process.poll() is not None
    assert not (two_warehouses.home.build / "spark").exists()
    assert not [name for name in ("metastore_db", "spark-warehouse", "derby.log") if Path(name).exists()]
