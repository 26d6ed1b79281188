"""A whole build on Spark, in a process of its own as a person runs it: what is released, and what is said meanwhile."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.home import Home, sha256_of
from tests.end_to_end.faults.killed_commands import received_home
from tests.second_engine.both_engines import FEW, settings_for

pytestmark = pytest.mark.needs_java
_BUILD = """
import sys
from tests.signing import build
from ingestion.home import Home
from marsad.start import run
run(lambda: sys.exit(not build(Home.at(), progress=print, until="releases").passed))
"""
_START = """
from assets.engines.spark_engine import SparkEngine
from ingestion.home import Home
from marsad.start import run
engine = SparkEngine(Home.at())
run(engine.start)
engine.session.range(3).toArrow()
import expectations.gate.dataset_suite
import great_expectations
import dbt.adapters.spark.session
engine.session.sql("select 1 as one").collect()
engine.stop()
"""


def _done(code: str, home: Home, **environment: str) -> subprocess.CompletedProcess[str]:
    asked = os.environ | {"MARSAD_HOME": str(home.root)} | environment
    return subprocess.run([sys.executable, "-c", code], env=asked, capture_output=True, text=True, check=False)


def _released(home: Home) -> dict[str, str]:
    rooms = (home.candidates, home.releases, home.ledger)
    paths = [path for room in rooms for path in room.rglob("*") if path.is_file()]
    return {path.relative_to(home.root).as_posix(): sha256_of(path) for path in paths}


def test_a_build_on_spark_releases_the_same_bytes(tmp_path: Path) -> None:
    ours = Home.at(received_home(tmp_path))
    theirs = Home.at(shutil.copytree(ours.root, tmp_path / "بيت theirs"))
    settings = settings_for(theirs, tmp_path / "conf", FEW)
    for home, target in ((ours, {}), (theirs, {"MARSAD_TARGET": "spark", "SPARK_CONF_DIR": str(settings)})):
        done = _done(_BUILD, home, **target)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    released = _released(ours)
    assert len([place for place in released if place.startswith("releases")]) > 30
    assert _released(theirs) == released


def test_spark_starts_and_answers_in_silence(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home").open(invented=True)
    done = _done(_START, home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_where_java_does_not_start_its_own_words_are_told(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home").open(invented=True)
    settings = settings_for(home, tmp_path / "conf", {"spark.driver.memory": "1m"})
    done = _done(_START, home, SPARK_CONF_DIR=str(settings))
    assert "Too small maximum heap" in done.stderr
