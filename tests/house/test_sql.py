"""The SQL of the warehouse keeps one style: sqlfluff over the rendered models, without any data home."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import sql_style

PROJECT = sql_style.HOUSE / "dbt_project"
MEMORY = sql_style.HOUSE / "build" / "sql_in_style.json"


def lint(target: Path, *files: str, project: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Run sqlfluff in the dbt project on two cores; what dbt writes on the way goes to `target`."""
    places = {"MARSAD_RAW": str(target / "raw"), "MARSAD_BUILD": ":memory:", "DBT_LOG_PATH": str(target)}
    places |= {"DBT_TARGET_PATH": str(target)}
    return subprocess.run(
        [sys.executable, "-m", "sqlfluff", "lint", "--disable-progress-bar", "--processes", "2", *files],
        cwd=project,
        env=os.environ | places,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_sql_of_every_model_is_in_style(tmp_path: Path) -> None:
    before = {path for path in PROJECT.rglob("*") if path.is_file()}
    found, known = sql_style.keys(PROJECT), sql_style.remembered(MEMORY)
    new = [model for model, key in found.items() if key not in known]
    calls = [model for model in new if sql_style.is_calls_alone((PROJECT / model).read_text(encoding="utf-8"))]
    assert sql_style.faults_of_calls(PROJECT, calls) == []
    if written := [model for model in new if model not in calls]:
        answer = lint(tmp_path, *written)
        assert answer.returncode == 0, answer.stdout + answer.stderr
    if new:
        sql_style.remember(MEMORY, found.values())
    assert {path for path in PROJECT.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ indicator(facts=ref('a')) }}\n", ""),
        ("{{ indicator(facts=ref('a')) }}", "LT12"),
        ("{{indicator(facts=ref('a'))}}\n", "JJ01"),
        ("{{ indicator(facts='" + "a" * 120 + "') }}\n", "LT05"),
        ("{{ unheard_of() }}\n", "TMP"),
        ("{{ indicator( }}\n", "TMP"),
    ],
)
def test_a_model_of_calls_alone_is_asked_for_all_that_it_holds_itself(tmp_path: Path, text: str, told: str) -> None:
    assert sql_style.is_calls_alone(text)
    (tmp_path / "macros").symlink_to(PROJECT / "macros")
    (tmp_path / ".sqlfluff").symlink_to(PROJECT / ".sqlfluff")
    (tmp_path / "one.sql").write_text(text, encoding="utf-8")
    assert [fault.split()[1] for fault in sql_style.faults_of_calls(tmp_path, ["one.sql"])] == ([told] if told else [])


@pytest.mark.parametrize("text", ["select 1", "{% set a = 1 %}\nselect {{ a }}", "{{ a() }}\n-- why"])
def test_a_model_that_holds_sql_of_its_own_is_rendered_by_dbt(text: str) -> None:
    assert not sql_style.is_calls_alone(text)


def test_nothing_that_is_rendered_depends_on_more_than_is_remembered() -> None:
    assert sql_style.reading_more(PROJECT) == []


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two models, each with its card."""
    files = {
        "models/a/one.sql": "select 1",
        "models/a/one.yml": "name: one",
        "models/a/two.sql": "select {{ two() }}",
        "macros/two.sql": "{% macro two() %}2{% endmacro %}",
        "seeds/sex.csv": "code",
        ".sqlfluff": "[sqlfluff]",
        "dbt_project.yml": "name: p",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ("models/a/one.sql", {"models/a/one.sql"}),
        ("models/a/one.yml", {"models/a/one.sql"}),
        ("macros/two.sql", {"models/a/one.sql", "models/a/two.sql"}),
        ("seeds/sex.csv", set()),
        ("seeds/age.csv", {"models/a/one.sql", "models/a/two.sql"}),
        (".sqlfluff", {"models/a/one.sql", "models/a/two.sql"}),
        ("models/a/three.sql", {"models/a/one.sql", "models/a/two.sql", "models/a/three.sql"}),
    ],
)
def test_a_model_is_asked_again_once_anything_that_it_is_rendered_from_has_changed(
    project: Path, changed: str, asked: set[str]
) -> None:
    memory = project / "memory" / "sql.json"
    sql_style.remember(memory, sql_style.keys(project).values())
    known = sql_style.remembered(memory)
    assert set(sql_style.keys(project).values()) == known
    with (project / changed).open("a") as file:
        file.write(" ")
    assert {model for model, key in sql_style.keys(project).items() if key not in known} == asked


def test_a_memory_that_is_broken_remembers_nothing(tmp_path: Path) -> None:
    (tmp_path / "sql.json").write_text("[")
    assert sql_style.remembered(tmp_path / "sql.json") == set()


@pytest.mark.parametrize(
    "text", ["{% set x = run_query('a') %}", "{{ graph.nodes }}", "{{ config(materialized='ephemeral') }}"]
)
def test_a_macro_that_reads_more_is_found(project: Path, text: str) -> None:
    (project / "macros" / "more.sql").write_text(text)
    assert sql_style.reading_more(project) == ["more.sql"]
