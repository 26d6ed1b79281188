"""`MARSAD_TARGET` names the engine, and what is missing for it is said before anything is changed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from assets.engines import spark_engine
from assets.engines.choice import DuckdbEngine, chosen_engine
from ingestion.home import Home
from languages.refusal import Refusal


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open(invented=True)


def _there(monkeypatch: pytest.MonkeyPatch, *, extra: bool, java: bool) -> None:
    """Let Spark's packages and Java be there or not, whatever this machine has."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: object() if extra else None)
    monkeypatch.setattr(spark_engine.shutil, "which", lambda _name: "/usr/bin/java" if java else None)
    monkeypatch.delenv("JAVA_HOME", raising=False)


@pytest.mark.parametrize("named", [None, "duckdb"])
def test_duckdb_builds_where_no_other_engine_is_named(
    home: Home, monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    monkeypatch.delenv("MARSAD_TARGET", raising=False)
    if named:
        monkeypatch.setenv("MARSAD_TARGET", named)
    assert isinstance(chosen_engine(home), DuckdbEngine)


@pytest.mark.parametrize(
    ("named", "extra", "java", "code"),
    [
        ("trino", True, True, "target_unknown"),
        ("", True, True, "target_unknown"),
        ("spark", False, True, "spark_missing"),
        ("spark", True, False, "java_missing"),
    ],
)
def test_what_an_engine_lacks_is_said_before_anything_is_changed(
    home: Home, monkeypatch: pytest.MonkeyPatch, named: str, extra: bool, java: bool, code: str
) -> None:
    _there(monkeypatch, extra=extra, java=java)
    monkeypatch.setenv("MARSAD_TARGET", named)
    before = sorted(home.root.rglob("*"))
    with pytest.raises(Refusal) as refused:
        chosen_engine(home)
    assert refused.value.code == code
    assert sorted(home.root.rglob("*")) == before


def test_spark_is_chosen_by_its_name(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _there(monkeypatch, extra=True, java=True)
    monkeypatch.setenv("MARSAD_TARGET", "spark")
    engine = chosen_engine(home)
    assert engine.target == "spark"
    assert engine.environment["MARSAD_RAW"] == f"file://{home.raw}"


def test_a_java_that_java_home_names_is_enough(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _there(monkeypatch, extra=True, java=False)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert spark_engine.SparkEngine(home).target == "spark"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "An error occurred while calling None.\n: java.lang.Refused: no master\n\tat a.b(C.java)",
            "java.lang.Refused: no master",
        ),
        ("[JAVA_GATEWAY_EXITED] Java gave up.\nmore", "[JAVA_GATEWAY_EXITED] Java gave up."),
        ("", "OSError"),
    ],
)
def test_what_java_said_is_told_without_its_stack(tmp_path: Path, said: str, told: str) -> None:
    (tmp_path / "java.log").touch()
    assert spark_engine.first_words(OSError(said), tmp_path / "java.log") == told


def test_where_java_did_not_start_all_that_it_said_is_told(tmp_path: Path) -> None:
    (tmp_path / "java.log").write_text("Error occurred.\nToo small maximum heap\n", encoding="utf-8")
    told = spark_engine.first_words(OSError("[JAVA_GATEWAY_EXITED] Java gave up."), tmp_path / "java.log")
    assert told == "Error occurred. Too small maximum heap"


def test_nothing_of_this_machine_is_reached_from_another(tmp_path: Path) -> None:
    settings = spark_engine.settings_of_this_machine(tmp_path)
    assert settings["spark.driver.bindAddress"] == settings["spark.driver.host"] == "127.0.0.1"
    spark_engine.write_settings(tmp_path, settings)
    assert f"spark.local.dir {tmp_path / 'spill'}\n" in (tmp_path / "spark-defaults.conf").read_text()
    log = (tmp_path / "log4j2.properties").read_text().splitlines()
    assert {"rootLogger.level = off", "appender.none.type = Null"} <= set(log)  # an error may quote a cell
