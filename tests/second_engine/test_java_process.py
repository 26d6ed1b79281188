"""Spark's Java ends when it is told to, and another one begins after it in the same process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assets.engines.spark_engine import settings_of_this_machine, write_settings
from tests.second_engine.both_engines import FEW

pytestmark = pytest.mark.needs_java
_TWICE = """
import sys
from pathlib import Path
from pyspark.sql import SparkSession
from assets.engines.java_process import JavaProcess
for turn in ("first", "second"):
    java = JavaProcess({"spark.sql.session.timeZone": "UTC"}, Path(sys.argv[1]) / f"{turn}.log")
    assert SparkSession.builder.getOrCreate().sql("select 1 as one").collect()[0].one == 1
    SparkSession.getActiveSession().stop()
    java.end()
    assert java.process.poll() is not None
"""


def _done(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    write_settings(folder / "conf", settings_of_this_machine(folder) | FEW)
    environment = os.environ | {"SPARK_CONF_DIR": str(folder / "conf"), "SPARK_LOCAL_IP": "127.0.0.1"}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_another_java_begins_after_one_that_ended(tmp_path: Path) -> None:
    done = _done(_TWICE, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
