"""The manifest of dbt is read beside other work, once, and again where the project or the manifest changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assets import dbt_events
from assets.dbt_manifest import begin_reading, prepared_manifest
from ingestion.home import Home
from ingestion.waiting import end_of


def test_another_process_reads_the_project_and_this_one_need_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = Home.at(tmp_path).open(invented=True)
    reading = begin_reading(home)
    assert reading is not None
    end_of(reading)
    assert reading.exitcode == 0
    monkeypatch.setattr(dbt_events, "parse", lambda _home: pytest.fail("was read twice"))
    assert prepared_manifest(home).is_file()
    assert begin_reading(home) is None


def test_a_process_that_was_killed_leaves_the_reading_to_this_one(
    parsed_home: Callable[[], Home], monkeypatch: pytest.MonkeyPatch
):
    home, asked = parsed_home(), list[Home]()
    (home.build / "manifest.fingerprint").unlink()
    reading = begin_reading(home)
    assert reading is not None
    reading.kill()
    end_of(reading)
    monkeypatch.setattr(dbt_events, "parse", asked.append)
    prepared_manifest(home)
    assert asked == [home]


def test_a_manifest_that_was_changed_is_read_again(parsed_home: Callable[[], Home], monkeypatch: pytest.MonkeyPatch):
    home, asked = parsed_home(), list[Home]()
    assert begin_reading(home) is None
    manifest = home.dbt_target / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b" ")
    monkeypatch.setattr(dbt_events, "parse", asked.append)
    prepared_manifest(home)
    assert asked == [home]
