"""A killed build, two builds at once, a touched file: nothing half-released, nothing lost, a clear answer."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assets.building import build
from expectations import gate, release
from expectations.card import dataset_names
from ingestion import landing
from ingestion.home import Home
from languages.refusal import Refusal
from samples import country, workbooks

pytestmark = pytest.mark.end_to_end
MARSAD = [sys.executable, "-c", "from marsad.command import main; main()"]


def _quiet(_step: str) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.at(tmp_path_factory.mktemp("small")).open(invented=True)
    files = workbooks.write(country.invent(first_year=2025, last_year=2025), home.inbox)
    for file in [one for one in files if not one.taken_back]:
        landing.receive(home, file.source, file.path, letter_date=file.letter_date, letter_number=file.letter_number)
    return home


def _released(home: Home) -> list[Path]:
    return [path for path in home.releases.glob("*/*") if path.is_dir()]


def test_a_killed_build_leaves_nothing_half_released_and_the_next_one_goes_on(small: Home) -> None:
    environment = os.environ | {"MARSAD_HOME": str(small.root)}
    chance = random.Random(28)
    for _ in range(3):
        process = subprocess.Popen(
            [*MARSAD, "build"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(2, 15))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert all(release.verify(path).ok for path in _released(small))
    assert build(small, progress=_quiet).passed
    assert {path.parent.name for path in _released(small)} == set(dataset_names())
    assert all(release.verify(path).ok for path in _released(small))
    assert build(small, progress=_quiet).stages == ()


def test_the_second_of_two_builds_says_who_holds_the_lock(small: Home) -> None:
    with small.lock("marsad build"), pytest.raises(Refusal) as refused:
        build(small, progress=_quiet)
    assert refused.value.code == "lock_held"
    assert str(os.getpid()) in str(refused.value.arguments["holder"])


def test_a_home_without_files_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        build(Home.at(tmp_path).open(), progress=_quiet)
    assert refused.value.code == "home_empty"


def test_a_byte_changed_after_the_verdict_is_refused(small: Home) -> None:
    build(small, progress=_quiet)
    dataset = dataset_names()[0]
    final = small.candidates / dataset / "final" / "data.csv"
    before = {path: path.read_bytes() for path in (final, *small.verdicts.iterdir())}
    assert gate.examine(small, dataset).passed
    try:
        final.write_bytes(before[final] + b"\n")
        with pytest.raises(Refusal) as refused:
            release.publish(small, dataset)
        assert refused.value.code == "bytes_changed"
    finally:
        for path, content in before.items():  # a verdict of today would have the builds that follow release anew
            path.write_bytes(content)


def test_a_build_with_nothing_changed_imports_neither_dagster_nor_dbt_nor_great_expectations(small: Home) -> None:
    build(small, progress=_quiet)
    script = (
        "import sys\nsys.argv = ['marsad', 'build']\nfrom marsad.command import main\n"
        "try:\n    main()\nexcept SystemExit as left:\n    assert not left.code\n"
        "print(sorted({'dagster', 'dbt', 'great_expectations'} & set(sys.modules)), file=sys.stderr)\n"
    )
    environment = os.environ | {"MARSAD_HOME": str(small.root)}
    answer = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert answer.stderr.splitlines()[-1] == "[]"


def test_a_dry_run_rebuilds_a_deleted_warehouse_examines_everything_and_lets_nothing_leave(small: Home) -> None:
    build(small, progress=_quiet)
    before = _released(small)
    small.warehouse.unlink()
    outcome = build(small, progress=_quiet, until="gates")
    assert outcome.passed
    assert outcome.stages == ("warehouse", "candidates", "protection", "gates")
    assert small.warehouse.exists()
    for dataset in dataset_names():
        changes = release.difference(small, dataset).counts()
        assert changes.pop("same") > 0
        assert set(changes.values()) == {0}
    assert _released(small) == before
    assert build(small, progress=_quiet, until="releases").passed
    assert _released(small) == before
