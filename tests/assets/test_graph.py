"""The asset graph is a reviewed file: a change of architecture shows as a change of `graph.json`.

After a wanted change: `python tests/assets/test_graph.py` writes it anew.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.definitions import build_definitions
from assets.house import House
from ingestion.cards.source_card import load_source, source_names
from ingestion.home import Home

SNAPSHOT = Path(__file__).with_name("graph.json")
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
    "reports",
}


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_definitions(House(Home.at(tmp_path_factory.mktemp("graph")).open(invented=True)))


def _picture(definitions: dg.Definitions) -> dict[str, Any]:
    graph = definitions.resolve_asset_graph()
    return {
        key.to_user_string(): {
            "group": graph.get(key).group_name,
            "reads": sorted(parent.to_user_string() for parent in graph.get(key).parent_keys),
            "blocking_checks": sorted(
                check.name
                for check in graph.get(key).check_keys
                if graph.asset_check_keys and graph.get(check).blocking
            ),
        }
        for key in sorted(graph.get_all_asset_keys())
    }


def _clockwork(definitions: dg.Definitions) -> dict[str, Any]:
    """The sensors: which job each asks for, how often it looks, whether it runs from the start."""
    repository = definitions.get_repository_def()
    return {
        f"sensor {sensor.name}": {
            "job": sensor.job_name,
            "seconds": sensor.minimum_interval_seconds,
            "status": sensor.default_status.value,
        }
        for sensor in repository.sensor_defs
    }


def test_the_graph_is_the_reviewed_one(definitions: dg.Definitions) -> None:
    assert _picture(definitions) | _clockwork(definitions) == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_no_step_waits_for_a_pool_because_a_killed_run_would_hold_it_for_ever(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_job_def("build").graph
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


def test_a_gate_blocks_its_release(definitions: dg.Definitions) -> None:
    picture = _picture(definitions)
    gates = [name for name, entry in picture.items() if entry["group"] == "gates"]
    assert gates
    assert all(picture[gate]["blocking_checks"] == ["nothing_leaves_untested"] for gate in gates)
    assert all(picture[gate.replace("gate_", "release_")]["reads"] == [gate] for gate in gates)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = build_definitions(House(Home.at(Path(folder)).open(invented=True)))
        picture = _picture(made) | _clockwork(made)
    SNAPSHOT.write_text(json.dumps(picture, indent=1, sort_keys=True) + "\n", encoding="utf-8")
