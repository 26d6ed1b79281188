"""The warehouse is built whole; Dagster is told of the models and tests that a run is of, and of nothing else."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from assets.dbt_assets import _NodeEvents  # pyright: ignore[reportPrivateUsage]
from assets.dbt_events import FinishedNode

FIRST, SECOND = dg.AssetKey(["stg_calendar"]), dg.AssetKey(["stg_victims"])
OWN = dg.AssetCheckKey(SECOND, "codes_are_known")
WIDE = [dg.AssetCheckKey(key, "of_both") for key in (FIRST, SECOND)]
VERSION = dg.DataVersion("of this run")


def _finished(name: str, kind: str, status: str = "pass") -> FinishedNode:
    return FinishedNode(name=name, kind=kind, status=status, seconds=0.1, rows=None)


def _told(chosen: set[Any], node: FinishedNode, failed_in: list[str]) -> list[tuple[str, str, bool]]:
    events = _NodeEvents([FIRST, SECOND], [OWN, *WIDE], VERSION, chosen)
    return [
        (event.asset_key.path[-1], getattr(event, "check_name", ""), getattr(event, "passed", True))
        for event in events.events_of(node, failed_in)
    ]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({FIRST, SECOND}, [("stg_victims", "", True)]),
        ({SECOND}, [("stg_victims", "", True)]),
        ({FIRST}, []),
        (set[Any](), []),
    ],
)
def test_a_model_is_told_where_the_run_is_of_it(chosen: set[Any], told: list[tuple[str, str, bool]]) -> None:
    assert _told(chosen, _finished("stg_victims", "model", "success"), []) == told


def test_a_test_is_told_where_the_run_is_of_it() -> None:
    assert _told({OWN}, _finished("codes_are_known", "test"), []) == [("stg_victims", "codes_are_known", True)]
    assert _told({SECOND}, _finished("codes_are_known", "test"), []) == []


@pytest.mark.parametrize(("failed_in", "holds"), [("stg_calendar", True), ("stg_victims", False)])
def test_a_wide_test_that_failed_elsewhere_holds_for_the_one_model_of_the_run(failed_in: str, holds: bool) -> None:
    assert _told({WIDE[1]}, _finished("of_both", "test", "fail"), [failed_in]) == [("stg_victims", "of_both", holds)]
