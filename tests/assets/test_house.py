"""What a step does when the disk says no: it fails with words that the front desk tells."""

from __future__ import annotations

import errno
from pathlib import Path

import dagster as dg
import pytest

from assets.house import BuildContext
from ingestion.home import Home


def test_a_full_disk_in_a_step_is_a_refusal_and_no_traceback(tmp_path: Path) -> None:
    house = BuildContext(Home(tmp_path / "home").open(), is_locked=True)
    with pytest.raises(dg.Failure), house.refusals_as_failures("landing"):
        raise OSError(errno.ENOSPC, "no space left", str(tmp_path / "home" / "raw"))
    assert [(one.code, one.where) for one in house.refusals] == [("disk_full", str(tmp_path / "home" / "raw"))]


def test_a_fault_of_the_program_keeps_its_traceback(tmp_path: Path) -> None:
    house = BuildContext(Home(tmp_path / "home").open(), is_locked=True)
    with pytest.raises(ZeroDivisionError), house.refusals_as_failures("landing"):
        _ = 1 // 0
    assert house.refusals == []
