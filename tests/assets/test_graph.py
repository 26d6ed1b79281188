"""The asset graph is a reviewed file: a change of architecture shows as a change of `graph.jsonl`.

One sorted line an asset, so that two branches that add one each meet in no line: what an asset reads stands on its own
line, except that an indicator names the datasets which read it, since a dataset does not list its indicators.

After a wanted change: `make lists` writes it anew.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.definitions import RELEASING_JOB, build_definitions
from assets.house import BuildContext
from ingestion.cards.source_card import load_source, source_names
from ingestion.home import Home
from tests.house.derived_lists import rewrite

SNAPSHOT = Path(__file__).with_name("graph.jsonl")
CANDIDATE = "candidate_"
GROUPS = {
    "inputs",
    "landing",
    "codes",
    "staging",
    "core",
    "prevention",
    "protection",
    "prosecution",
    "partnership",
    "candidates",
    "protected",
    "gates",
    "releases",
    "estimates",
    "reports",
}


@pytest.fixture(scope="module")
def definitions(parsed_home: Callable[[], Home]) -> dg.Definitions:
    return build_definitions(BuildContext(parsed_home().open(invented=True)))


@pytest.fixture(scope="module")
def releasing(parsed_home: Callable[[], Home]) -> dg.Definitions:
    """The graph of `marsad build`."""
    return build_definitions(BuildContext(parsed_home().open(invented=True), may_release=True))


def _picture(definitions: dg.Definitions) -> dict[str, Any]:
    graph = definitions.resolve_asset_graph()
    return {
        key.to_user_string(): {
            "group": graph.get(key).group_name,
            "reads": _named(graph.get(key).parent_keys, of_candidate=key.to_user_string().startswith(CANDIDATE)),
            "candidates": [name for name in _named(graph.get(key).child_keys) if name.startswith(CANDIDATE)],
            "blocking_checks": sorted(
                check.name
                for check in graph.get(key).check_keys
                if graph.asset_check_keys and graph.get(check).blocking
            ),
        }
        for key in sorted(graph.get_all_asset_keys())
    }


def _named(keys: Iterable[dg.AssetKey], *, of_candidate: bool = False) -> list[str]:
    """The names, sorted; of what a candidate reads, all but the indicators: they name it themselves."""
    names = sorted(key.to_user_string() for key in keys)
    return [name for name in names if not (of_candidate and name.startswith("ind_"))]


def _lines(definitions: dg.Definitions) -> list[str]:
    entries = _picture(definitions) | _jobs(definitions)
    return [json.dumps({"name": name, **entries[name]}) for name in sorted(entries)]


def _jobs(definitions: dg.Definitions) -> dict[str, Any]:
    """The jobs, by groups."""
    return {f"job {name}": {"groups": sorted(groups)} for name, groups in _groups_by_job(definitions).items()}


def _groups_by_job(definitions: dg.Definitions) -> dict[str, set[str | None]]:
    """The groups of the assets that each job runs; "Materialize all" is the job that Dagster makes by itself."""
    graph = definitions.resolve_asset_graph()
    jobs = [*definitions.resolve_all_job_defs(), definitions.resolve_implicit_global_asset_job_def()]
    return {
        "of all assets" if job.name.startswith("__") else job.name: {
            graph.get(key).group_name for key in job.asset_layer.executable_asset_keys
        }
        for job in jobs
    }


def test_the_graph_is_the_reviewed_one(definitions: dg.Definitions) -> None:
    assert _lines(definitions) == SNAPSHOT.read_text(encoding="utf-8").splitlines()


def test_a_new_indicator_changes_no_line_but_its_own() -> None:
    entries = [json.loads(line) for line in SNAPSHOT.read_text(encoding="utf-8").splitlines()]
    assert [one["name"] for one in entries if any(name.startswith("ind_") for name in one.get("reads", []))] == []
    assert any(one.get("candidates") for one in entries)


def test_every_rule_of_cells_is_a_check_of_its_own_on_every_indicator(definitions: dg.Definitions) -> None:
    picture = _picture(definitions)
    indicators = [entry["blocking_checks"] for name, entry in picture.items() if name.startswith("ind_")]
    assert len(indicators) >= 80
    assert all({"one_row_per_cell", "sound_cells"} <= set(checks) for checks in indicators)


def test_no_step_waits_for_a_pool_because_a_killed_run_would_hold_it_for_ever(releasing: dg.Definitions) -> None:
    graph = releasing.resolve_job_def(RELEASING_JOB).graph
    assert len(graph.node_defs) > len(GROUPS)
    assert graph.pools == set()


def test_the_definitions_load_as_dagster_wants_them(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_every_authority_and_no_publisher_is_asked_whether_something_is_overdue(definitions: dg.Definitions) -> None:
    checks = definitions.resolve_asset_graph().asset_check_keys
    asked = {check.asset_key.to_user_string() for check in checks if check.name == "nothing_is_overdue"}
    senders = [load_source(name) for name in source_names()]
    assert asked == {f"landed_{one.name}" for one in senders if one.kind == "authority"}
    assert len(asked) < len(senders)


def test_the_groups_are_the_words_of_the_architecture(definitions: dg.Definitions) -> None:
    assert {entry["group"] for entry in _picture(definitions).values()} == GROUPS


def test_every_asset_says_what_it_is_and_who_answers_for_it(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    silent = [key.to_user_string() for key in graph.materializable_asset_keys if not graph.get(key).description]
    assert silent == []
    assert all(graph.get(key).owners for key in graph.materializable_asset_keys)


def test_every_check_says_what_it_asks(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    specs = [graph.get_check_spec(key) for key in graph.asset_check_keys]
    assert [f"{spec.asset_key.to_user_string()}: {spec.name}" for spec in specs if not spec.description] == []


def test_no_job_of_dagsters_pages_and_no_click_runs_what_writes_a_release_or_the_ledger(
    definitions: dg.Definitions,
) -> None:
    groups = _groups_by_job(definitions)
    assert set(groups) == {"land", "build", "report", "of all assets"}
    assert groups["build"] == GROUPS - {"inputs", "releases", "estimates", "reports"}
    assert groups["of all assets"] == GROUPS - {"inputs", "releases", "estimates"}
    assert (groups["land"], groups["report"]) == ({"landing"}, {"reports"})


def test_only_the_graph_of_the_command_has_a_job_that_releases(
    releasing: dg.Definitions, definitions: dg.Definitions
) -> None:
    assert _groups_by_job(releasing)[RELEASING_JOB] == GROUPS - {"inputs"}
    assert _picture(releasing) == _picture(definitions)


def test_a_gate_blocks_its_release(definitions: dg.Definitions) -> None:
    picture = _picture(definitions)
    gates = [name for name, entry in picture.items() if entry["group"] == "gates"]
    assert gates
    assert all(picture[gate]["blocking_checks"] == ["nothing_leaves_untested"] for gate in gates)
    assert all(picture[gate.replace("gate_", "release_")]["reads"] == [gate] for gate in gates)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = build_definitions(BuildContext(Home.at(Path(folder)).open(invented=True)))
        lines = _lines(made)
    rewrite(SNAPSHOT, "\n".join(lines) + "\n")
