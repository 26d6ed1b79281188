"""The catalogue of indicators: what is built, tested and fed."""

from __future__ import annotations

import json
import sys

import duckdb
import pytest

from expectations.dictionary.indicator_catalogue import catalogue
from ingestion.home import Home, write_json
from tests.expectations import toy_home


def test_each_indicator_says_whether_it_is_built_tested_and_fed(protected: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pandas", None)  # a count is asked for: nobody waits a second for frames
    path = protected.dbt_target / "manifest.json"
    manifest = json.loads(path.read_bytes())
    on = {"depends_on": {"nodes": ["model.marsad.ind_presumed"]}}
    manifest["nodes"]["test.marsad.one"] = {"resource_type": "test", "name": "one", "config": {}, **on}
    manifest["unit_tests"] = {"unit_test.marsad.one": on}
    write_json(path, manifest)
    with duckdb.connect(str(protected.warehouse)) as connection:
        connection.execute("drop table ind_convicted")
        connection.execute("update ind_holders set obs_value = null")
    found = {entry["code"]: entry for entry in catalogue(protected)}
    answers = {code: (entry["built"], entry["tested"], entry["fed"]) for code, entry in found.items()}
    assert answers["PRT-01"] == (True, True, True)
    assert answers["PRS-07"] == (True, False, True)
    assert answers["PRS-05"] == (False, False, False)
    assert answers["PAR-07"] == (True, False, False)
    assert found["PRT-01"]["demand"] == ["D1"]


def test_before_the_first_build_nothing_is_built(empty_home: Home):
    toy_home.prepare(empty_home)
    empty_home.warehouse.unlink()
    known = catalogue(empty_home)
    assert known
    assert not any(entry["built"] for entry in known)
