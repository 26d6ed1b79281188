"""A dbt engineer at home: what `make setup` wrote is built, asked and shown by the words that dbt itself teaches."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from ingestion.home import Home
from samples.rows_for_dbt import YEAR, write_rows
from tests.dbt_project.by_hand import FILE, ROWS, copy_project, statuses_of, type_in
from tests.dbt_project.invented_raw import PROJECT, RawFiles, Warehouse, build
from tests.dbt_project.small_country import land_small_country

FOLDERS = ("staging", "core", "prevention", "protection", "prosecution", "partnership")
MODEL = "ind_protection__presumed_victims"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project beside the rows that `make setup` writes, before any build."""
    folder = tmp_path_factory.mktemp("written")
    copy_project(folder)
    write_rows(folder / ROWS)
    return folder


def _sample() -> Iterator[str]:
    """One model of each folder, the same in each run.

    Of all others `tests/house/test_selection.py` asks what they read.
    """
    chance = random.Random(28)
    for folder in FOLDERS:
        yield chance.choice(sorted(path.stem for path in PROJECT.glob(f"models/**/{folder}/*.sql")))


def test_dbt_build_by_hand_passes_everything_that_the_project_holds(warehouse: Warehouse) -> None:
    assert warehouse.not_passed() == {}
    assert len(warehouse.statuses) > 350


@pytest.mark.parametrize("model", list(_sample()))
def test_a_model_is_built_with_all_that_it_reads_and_no_test_asks_for_more(
    new_raw_files: Callable[[], RawFiles], model: str
) -> None:
    raw = new_raw_files()
    land_small_country(raw)
    built = build(raw, "--select", f"+{model}")
    assert built.statuses[model] == "success"
    assert built.not_passed() == {}


def test_the_rules_of_all_indicators_ask_one_where_they_are_named_with_it(written: Path) -> None:
    (written / FILE).unlink(missing_ok=True)
    words = ("dbt", "build", "--select", f"+{MODEL}", "one_row_per_cell", "sound_cells", "--exclude-resource-type")
    answer = type_in(written / "dbt_project", *words, "unit_test")
    assert answer.returncode == 0, answer.stdout
    assert {"one_row_per_cell", "sound_cells", MODEL} <= statuses_of(written / "dbt_project").keys()
    with duckdb.connect(str(written / FILE), read_only=True) as connection:
        counted = connection.table(MODEL).filter(f"time_period = '{YEAR}'").sum("obs_value").fetchall()
    assert counted[0][0] > 100


def test_the_rows_that_setup_writes_are_the_same_each_time(written: Path, tmp_path: Path) -> None:
    write_rows(tmp_path / "raw")

    def files_of(folder: Path) -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert files_of(tmp_path / "raw") == files_of(written / ROWS)
    shapes = [path.stem for path in (PROJECT.parent / "ingestion" / "shapes").glob("*.yml")]
    with duckdb.connect() as connection:
        counts = {
            shape: len(connection.read_parquet(f"{tmp_path}/raw/{shape}/*/*/rows.parquet").fetchall())
            for shape in shapes
        }
    assert all(counts.values()), counts


def test_a_model_is_shown_and_documented_with_its_sql(written: Path) -> None:
    """In a folder of its own: other tests read the warehouse of the small country, and DuckDB lets one writer in."""
    project = written / "dbt_project"
    built = type_in(project, "dbt", "build", "--select", f"+{MODEL}", "--exclude-resource-type", "unit_test")
    assert built.returncode == 0, built.stdout
    shown = type_in(project, "dbt", "show", "--select", MODEL, "--output", "json")
    assert (shown.returncode, "obs_value" in shown.stdout) == (0, True), shown.stdout
    answer = type_in(project, "dbt", "docs", "generate")
    assert answer.returncode == 0, answer.stdout
    manifest = json.loads((project / "target" / "manifest.json").read_bytes())
    catalog = json.loads((project / "target" / "catalog.json").read_bytes())
    key = f"model.marsad.{MODEL}"
    assert "left join coverage" in manifest["nodes"][key]["compiled_code"]
    assert {"ref_area", "time_period", "obs_value", "obs_status"} <= catalog["nodes"][key]["columns"].keys()


def test_sqlfluff_reads_a_model_without_any_setting(written: Path) -> None:
    model = Path("models/core/dim_governorate.sql")
    project = written / "dbt_project"
    spoilt = model.with_name("dim_spoilt.sql")
    (project / spoilt).write_text("SELECT 1 AS one\n")
    try:
        answer = type_in(project, "sqlfluff", "lint", str(model), str(spoilt))
    finally:
        (project / spoilt).unlink()
    faulty = [line for line in answer.stdout.splitlines() if line.startswith("== ")]
    assert (answer.returncode, faulty) == (1, [f"== [{spoilt}] FAIL"]), answer.stdout


@dataclass(frozen=True)
class SmallProject:
    """A project with the settings and macros of ours and models of its own, read once."""

    project: Path
    manifest: Manifest

    @classmethod
    def parse(cls, folder: Path, **models: str) -> SmallProject:
        """Return it, with models by name, in a new folder."""
        project = copy_project(folder)
        for name in ("models", "seeds", "tests"):
            shutil.rmtree(project / name)
        (project / "models").mkdir()
        for name, sql in models.items():
            (project / "models" / f"{name}.sql").write_text(f"{{{{ config(contract={{'enforced': false}}) }}}} {sql}\n")
        (folder / ROWS).mkdir(parents=True)
        (folder / ROWS / "rows").touch()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(project)
            parsed = dbtRunner().invoke(["parse", "--quiet", "--log-level-file", "none"])
        assert isinstance(parsed.result, Manifest), parsed.exception
        return cls(project, parsed.result)

    def build(self, places: Mapping[str, str]) -> tuple[bool, str]:
        """Build it as `dbt build` does; return whether all of it passed, and what dbt says of each node."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.project)
            for name, place in places.items():
                patch.setenv(name, place)
            outcome = dbtRunner(self.manifest).invoke(["build", "--quiet", "--log-level-file", "none"])
            DuckDBConnectionManager.close_all_connections()
        results: Any = outcome.result
        return outcome.success, "\n".join(str(result.message) for result in results.results)


@pytest.fixture(scope="module")
def one_model(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    return SmallProject.parse(tmp_path_factory.mktemp("one_model"), stg_calendar="select 'new' as source")


def test_dbt_names_what_to_run_where_no_rows_were_written(tmp_path: Path) -> None:
    small = SmallProject.parse(tmp_path, stg_calendar="select 'new' as source")
    shutil.rmtree(tmp_path / "build")
    shutil.rmtree(small.project / "target")
    answer = type_in(small.project, "dbt", "build")
    assert (answer.returncode, "run make setup in the checkout" in answer.stdout) == (1, True), answer.stdout
    assert "Traceback" not in answer.stdout + answer.stderr


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/hostname')",
        "{{ config(pre_hook=\"copy (select 1) to '../copied.csv'\") }} select 1 as number",
        "{{ config(pre_hook='install httpfs') }} select 1 as number",
        "{{ config(pre_hook='load httpfs') }} select 1 as number",
        "{{ config(pre_hook='set enable_external_access = true') }} select 1 as number",
    ],
)
def test_a_model_opens_no_other_file_and_loads_no_code(tmp_path: Path, sql: str) -> None:
    small = SmallProject.parse(tmp_path, stg_calendar=sql)
    passed, messages = small.build({})
    assert not passed
    assert "Permission Error" in messages or "the configuration has been locked" in messages, messages
    assert not (tmp_path / "copied.csv").exists()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a warehouse that holds one table, and a folder for copies beside it.

    A second name of the home's folder has signs of a pattern in it.
    """
    home = Home(tmp_path / "house").open(invented=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create table stg_calendar as select 'as it was' as source")
    (tmp_path / "house of [2025]'s").symlink_to(home.root)
    (tmp_path / "copy").mkdir()
    return home


def test_dbt_by_hand_says_no_where_the_warehouse_of_a_home_is_named(one_model: SmallProject, home: Home) -> None:
    before = home.warehouse.read_bytes()
    answer = type_in(one_model.project, "dbt", "build", MARSAD_BUILD=str(home.warehouse))
    assert (answer.returncode, _FILE_OF_A_HOME in answer.stdout) == (1, True), answer.stdout
    assert home.warehouse.read_bytes() == before


_FILE_OF_A_HOME, _ROWS_OF_A_HOME = "MARSAD_BUILD names a file of a home", "MARSAD_RAW names the rows of a home"


@pytest.mark.parametrize(
    ("build", "raw", "refusal"),
    [
        ("{tmp}/house/warehouse.duckdb", None, _FILE_OF_A_HOME),
        ("{tmp}/house/build/../warehouse.duckdb", None, _FILE_OF_A_HOME),
        ("{tmp}/house/raw/warehouse.duckdb", None, _FILE_OF_A_HOME),
        ("{tmp}/house of [2025]'s/warehouse.duckdb", None, _FILE_OF_A_HOME),
        (None, "{tmp}/house/raw", _ROWS_OF_A_HOME),
        ("{tmp}/copy/warehouse.duckdb", "{tmp}/house/raw/", _ROWS_OF_A_HOME),
        ("{tmp}/copy/warehouse.duckdb", "file://{tmp}/house/raw", _ROWS_OF_A_HOME),
        ("{tmp}/house/build/../../copy/warehouse.duckdb", "{tmp}/house/raw", _FILE_OF_A_HOME),
        ("{tmp}/house/build/warehouse.duckdb", "{tmp}/house/raw", None),
        ("{tmp}/copy/warehouse.duckdb", "{tmp}/raw", None),
        (None, None, None),
    ],
)
def test_no_warehouse_of_a_home_is_written_by_hand_and_no_row_of_a_home_leaves_it(
    one_model: SmallProject, home: Home, tmp_path: Path, build: str | None, raw: str | None, refusal: str | None
) -> None:
    named = {"MARSAD_BUILD": build, "MARSAD_RAW": raw}
    before = home.warehouse.read_bytes()
    passed, messages = one_model.build({name: place.format(tmp=tmp_path) for name, place in named.items() if place})
    assert (passed, refusal is None or refusal in messages) == (refusal is None, True), messages
    assert home.warehouse.read_bytes() == before
    for file in (tmp_path / "copy" / FILE.name, home.raw / FILE.name, one_model.project.parent / FILE):
        if file.exists():
            with duckdb.connect(str(file), read_only=True) as connection:
                assert connection.sql("show tables").fetchall() == ([] if refusal else [("stg_calendar",)])
            file.unlink()
