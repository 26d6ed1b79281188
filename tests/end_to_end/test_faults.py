"""A killed build, two builds at once, a touched file: nothing half-released, nothing lost, a clear answer."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from assets import definitions, stages
from assets.house import BuildContext
from assets.stages import STAGE_NAMES
from expectations.cards.dataset_card import dataset_names
from expectations.gate import verdicts
from expectations.published import ledger
from expectations.releases import release, verification
from ingestion.home import Home, sha256_of
from ingestion.keeping import restoration
from ingestion.keeping.backup import back_up
from ingestion.submissions import landing
from languages.refusal import Refusal
from samples import workbooks
from samples.life import country
from tests.end_to_end import killing
from tests.ingestion.keeping.small_homes import key_files
from tests.signing import build

pytestmark = pytest.mark.whole_home
FEW = 0.03
"""Of the victims of the year: a dozen, enough for every gate, few enough to be protected in seconds."""
MARSAD = [sys.executable, "-c", "from marsad.command import main; main()"]


def _quiet(_step: str) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module", autouse=True)
def few_languages() -> Iterator[None]:
    """Reports in as many languages as a killed build needs; the demo has all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(definitions, "languages", lambda: list(killing.LANGUAGES))
        yield


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The smallest home whose gates all pass: a few persons of one year, received and not yet built."""
    home = Home.at(tmp_path_factory.mktemp("received")).open(invented=True)
    files = workbooks.write(country.invent_country(first_year=2025, last_year=2025, size=FEW), home.inbox)
    for file in [one for one in files if not one.taken_back]:
        landing.receive(home, file.source, file.path, letter_date=file.letter_date, letter_number=file.letter_number)
    return home


@pytest.fixture(scope="module")
def small(received: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = _copied(received, tmp_path_factory.mktemp("small"))
    assert build(home, progress=_quiet).passed
    return home


def _copied(home: Home, folder: Path) -> Home:
    return Home.at(shutil.copytree(home.root, folder / "home"))


def _released(home: Home) -> list[Path]:
    return [path for path in home.releases.glob("*/*") if path.is_dir()]


def _lasting(home: Home) -> dict[str, str]:
    """Hashes of all that a build leaves and that another one must leave too."""
    rooms = (
        home.raw,
        home.quarantine,
        home.releases,
        home.ledger,
        home.lineage,
        home.reports,
    )  # a verdict names what was out
    paths = [path for room in rooms for path in room.rglob("*") if path.is_file()]
    return {path.relative_to(home.root).as_posix(): sha256_of(path) for path in paths}


def test_a_build_killed_at_the_end_of_any_stage_or_inside_of_it_is_taken_up_by_the_next(
    small: Home, received: Home, tmp_path: Path
) -> None:
    home = _copied(received, tmp_path)
    kill = [sys.executable, Path(__file__).with_name("killing.py"), home.root]
    answer = subprocess.run(kill, stdout=subprocess.PIPE, text=True, check=True)
    builds = [json.loads(line) for line in answer.stdout.splitlines()]
    ended = {stage: [one["ended"] for one in builds if one["stage"] == stage] for stage in STAGE_NAMES}
    for stage, ends in ended.items():
        assert ends[-1] == "end of the stage", (stage, ends)
        assert ends[:-1], stage
        assert set(ends[:-1]) == {"killed"}, (stage, ends)
    assert build(home, progress=_quiet).stages == ()
    told = {*dataset_names(), *ledger.ESTIMATES}
    assert {path.parent.name for path in _released(home)} == told
    assert all(verification.verify(path).ok for path in _released(home))
    assert _lasting(home) == _lasting(small)


@pytest.mark.parametrize("number", [signal.SIGTERM])  # SIGINT goes the same way: tests/assets/test_building.py
def test_a_build_stopped_while_dbt_runs_ends_with_a_sentence(small: Home, tmp_path: Path, number: int) -> None:
    home = _copied(small, tmp_path)
    home.warehouse.unlink()  # what was landed, and what dbt knows of its project, need not be made again
    environment = os.environ | {"MARSAD_HOME": str(home.root)}
    process = subprocess.Popen([*MARSAD, "build"], env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    said = [next(line for line in process.stderr if "dbt: building" in line)]  # "loading Dagster and dbt" comes before
    process.send_signal(number)
    said += process.stderr.readlines()
    assert process.wait(60) == 128 + number
    assert "build_stopped" in "".join(said)
    assert "Traceback" not in "".join(said)


def test_nothing_that_a_click_starts_lets_anything_leave_and_a_release_is_what_is_left_to_build(
    received: Home, tmp_path: Path
) -> None:
    home = _copied(received, tmp_path)
    clicked = definitions.build_definitions(BuildContext(home))
    outside = (home.releases, home.ledger, home.reports, home.lineage)
    before = [path for room in outside for path in room.rglob("*")]
    everything = clicked.resolve_implicit_global_asset_job_def()  # of "Materialize all"; `build` is a part of it
    with dg.DagsterInstance.ephemeral() as instance:
        assert everything.execute_in_process(instance=instance).success
    assert {path.stem for path in home.verdicts.glob("*.json")} >= set(dataset_names())
    assert [path for room in outside for path in room.rglob("*")] == before
    assert stages.stale_from(home) == STAGE_NAMES.index("releases")


def test_a_copied_home_is_built_no_further_wherever_it_lies(small: Home, tmp_path: Path) -> None:
    copy = _copied(small, tmp_path)
    assert build(copy, progress=_quiet).stages == ()


def test_a_damaged_candidate_is_made_again_and_nothing_leaves_for_that(small: Home) -> None:
    before = _lasting(small)
    damaged, gone = (small.candidates / name / "final" for name in dataset_names()[:2])
    first = damaged / "data.csv"
    honest = first.read_bytes()
    first.write_bytes(honest[:-1] + b"9")
    shutil.rmtree(gone)
    outcome = build(small, progress=_quiet)
    assert outcome.passed
    assert outcome.stages[0] == "protection"
    assert first.read_bytes() == honest
    assert _lasting(small) == before


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
    assert verdicts.examine(small, dataset).passed
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


def test_a_home_that_comes_back_from_a_backup_is_built_to_the_same_bytes_and_a_dry_run_lets_nothing_leave(
    small: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(small, progress=_quiet)
    keys = key_files(tmp_path / "keys")
    back_up(small, tmp_path / "disk", keys.public)
    assert restoration.restore(tmp_path / "disk", tmp_path / "home", keys.recovery).lost == []
    home = Home(tmp_path / "home")
    assert not home.warehouse.exists()
    assert not home.raw.exists()
    before = _released(home)
    outcome = build(home, progress=_quiet, until="gates")
    assert outcome.passed
    assert outcome.stages == ("landing", "warehouse", "candidates", "protection", "gates")
    assert _made_again(home) == _made_again(small)
    for dataset in dataset_names():
        changes = release.difference(home, dataset).counts()
        assert changes.pop("same") > 0
        assert set(changes.values()) == {0}
    assert _released(home) == before
    monkeypatch.setattr(definitions, "languages", lambda: ["en"])
    assert build(home, progress=_quiet).passed
    assert _released(home) == before
    assert _pages_in_english(home)
    assert _pages_in_english(home) == _pages_in_english(small)


def _pages_in_english(home: Home) -> dict[str, str]:
    """Hashes of every form of the report in one language."""
    paths = [path for path in home.reports.glob("*/en/**/*") if path.is_file()]
    return {path.relative_to(home.root).as_posix(): sha256_of(path) for path in paths}


def _made_again(home: Home) -> dict[str, str]:
    """Hashes of rows, of true and of final figures, and of what came back: all that has to be the same bytes.

    What protection and gate tell of their work names what was out before, which is more than at the first build.
    """
    rooms = (home.raw, home.quarantine, home.releases, home.ledger, home.lineage, home.taken)
    paths = [path for room in rooms for path in room.rglob("*") if path.is_file()]
    paths += [path for path in home.candidates.glob("*.parquet") if path.stem != "pending"]
    paths += [*home.candidates.glob("*/cells.parquet"), *home.candidates.glob("*/final/*")]
    return {path.relative_to(home.root).as_posix(): sha256_of(path) for path in paths}
