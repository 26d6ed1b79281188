"""What is stale: by the bytes that a stage read and wrote, wherever the home lies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assets import outputs, stages
from assets.house import BuildContext
from assets.stages import STAGE_NAMES, STAGES
from expectations.published import ledger
from ingestion.home import Home

FILES = (
    "receipts.jsonl",
    "decisions.jsonl",
    "standards.yml",
    "links/pairs-000001.parquet",
    "raw/submissions.parquet",
    "raw/victims/source=a/submission=b/rows.parquet",
    "quarantine/b.jsonl",
    "warehouse.duckdb",
    "build/warehouse.fingerprint",
    "candidates/base.parquet",
    "candidates/contributions.parquet",
    "candidates/members.parquet",
    "candidates/facts.parquet",
    "candidates/d/cells.parquet",
    "candidates/pending.parquet",
    "candidates/protection.json",
    "candidates/protection.json.seal",
    "candidates/d/final/data.csv",
    "candidates/d/final/data.parquet",
    "candidates/audit.json",
    "candidates/joint_audit.json",
    "candidates/joint_audit.json.seal",
    "candidates/hidden_part.json",
    "candidates/hidden_part.json.seal",
    "candidates/nowcast.json",
    "candidates/nowcast.json.seal",
    "verdicts/d.json",
    "verdicts/d.json.seal",
    "verdicts/d.sealed.json",
    "keys/seal.key",
    "releases/d/latest",
    "ledger/log.jsonl",
    "ledger/external/figures.yml",
    "reports/one/en/index.html",
    "reports/one/en/charts/one.svg",
    "prose/findings.en.md",
)
"""A file of every kind that a build reads or writes in a home."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    opened = Home.at(tmp_path / "home").open(invented=True)
    for name in FILES:
        path = opened.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}", encoding="utf-8")
    (opened.keys / "seal.key").write_text("5e" * 32, encoding="ascii")
    stages.record_stages(opened, STAGE_NAMES, stages.hashes_before_run(opened))
    return opened


def _files(home: Home, name: str, kind: str) -> list[Path]:
    paths = getattr(STAGES[STAGE_NAMES.index(name)], kind)(home)
    return sorted(path for path in paths if path.is_file())


def _position(name: str) -> int:
    return STAGE_NAMES.index(name)


def test_every_file_of_the_stages_is_an_output_or_something_given(home: Home) -> None:
    """No kind of file is forgotten: what is neither is named here, with who looks after it."""
    known = {path for name in STAGE_NAMES for kind in ("given", "writes") for path in _files(home, name, kind)}
    others = {name for name in FILES if home.root / name not in known}
    # read by candidates; never written again; read by what seals and by what reads the seals
    assert others == {"build/warehouse.fingerprint", "ledger/log.jsonl", "keys/seal.key"}
    assert [list(stage.logged(home)) for stage in STAGES if stage.name == "protection"] == [
        ["content of ledger/log.jsonl"]
    ]
    assert {home.root / name for name in others - {"ledger/log.jsonl"}} <= {
        path for name in STAGE_NAMES for path in _files(home, name, "made")
    }


def test_nothing_is_stale_where_nothing_changed(home: Home) -> None:
    assert stages.stale_from(home) is None
    assert outputs.changed_outputs(home, STAGE_NAMES) == []


@pytest.mark.parametrize("name", STAGE_NAMES)
def test_every_stage_writes_something_that_it_is_asked_for(home: Home, name: str) -> None:
    assert _files(home, name, "writes")


@pytest.mark.parametrize("name", STAGE_NAMES)
def test_a_stage_whose_output_was_deleted_or_has_another_byte_is_stale(home: Home, name: str) -> None:
    for path in _files(home, name, "writes"):
        before = path.read_bytes()
        for damage in (b"", before[:-1] + bytes([before[-1] ^ 1]), None):
            path.unlink() if damage is None else path.write_bytes(damage)
            assert stages.stale_from(home) == _position(name), path
            assert outputs.changed_outputs(home, [name]) == [path]
            path.write_bytes(before)
    assert stages.stale_from(home) is None


@pytest.mark.parametrize("name", STAGE_NAMES)
def test_a_stage_is_stale_when_what_it_reads_has_another_byte(home: Home, name: str) -> None:
    for path in {*_files(home, name, "given"), *_files(home, name, "made")}:
        before = path.read_bytes()
        path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))  # a key stays a key
        stale = stages.stale_from(home)
        assert stale is not None, path
        assert stale <= _position(name), path  # the stage that wrote the file is stale before
        path.write_bytes(before)


def test_a_home_that_was_copied_or_moved_is_not_stale(home: Home, tmp_path: Path) -> None:
    copy = shutil.copytree(home.root, tmp_path / "elsewhere" / "copied")
    assert stages.stale_from(Home.at(copy)) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b'{"landing": "0123"}', b"\xff"])
def test_a_register_that_cannot_be_read_or_is_of_an_older_house_knows_nothing(home: Home, content: bytes) -> None:
    (home.build / "fingerprints.json").write_bytes(content)
    assert stages.stale_from(home) == 0


def test_a_file_received_while_a_build_runs_is_not_remembered_as_landed(home: Home) -> None:
    house = BuildContext(home)
    with home.receipts.open("a", encoding="utf-8") as receipts:
        receipts.write("one more\n")
    house.finish_stage("landing")
    assert stages.stale_from(home) == _position("landing")


@pytest.mark.parametrize("name", STAGE_NAMES)
def test_a_stage_begins_without_the_outputs_that_somebody_changed_and_with_the_others(home: Home, name: str) -> None:
    first, *others = _files(home, name, "writes")
    first.write_bytes(b"changed")
    told: list[str] = []
    house = BuildContext(home, told.append)
    with house.refusals_as_failures(name):
        assert not first.exists()
        first.write_bytes(b"written anew")
    with house.refusals_as_failures(name):
        assert first.read_bytes() == b"written anew"
    assert [str(first) in line for line in told] == [True]
    assert all(path.exists() for path in others)


def test_a_stage_of_many_assets_is_done_when_each_of_them_is(home: Home) -> None:
    (home.build / "fingerprints.json").unlink()
    house = BuildContext(home)
    for stage in STAGE_NAMES[: _position("gates")]:
        house.finish_stage(stage)
    house.finish_stage("gates", "one", ["one", "two"])
    assert stages.stale_from(home) == _position("gates")
    house.finish_stage("gates", "two", ["one", "two"])
    assert stages.stale_from(home) == _position("releases")


def test_a_release_writes_the_ledger_and_nothing_before_it_is_stale_for_that(home: Home) -> None:
    house = BuildContext(home)
    for stage in STAGE_NAMES[: _position("releases")]:
        house.finish_stage(stage)
    (home.ledger / "log.jsonl").write_text("one more line", encoding="utf-8")
    assert stages.stale_from(home) == _position("protection")
    house.finish_stage("releases")
    assert stages.stale_from(home) is None


def test_a_build_killed_between_two_releases_goes_on_with_the_second(home: Home) -> None:
    """Protected anew, against the first one, the second would come out under another version than undisturbed."""
    mine = {"d": {"data.parquet": "1" * 64}, "e": {"data.parquet": "2" * 64}}
    (home.candidates / "protection.json").write_text(json.dumps({"files": mine}), encoding="utf-8")
    house = BuildContext(home)
    for stage in STAGE_NAMES[: _position("releases")]:
        house.finish_stage(stage)
    _forget(home, "releases")
    _release(home, "d", "000001-a", "1" * 64)
    assert stages.stale_from(home) == _position("releases")
    _release(home, "d", "000002-b", "3" * 64)  # of other figures: it is out, and protection has to know of it
    assert stages.stale_from(home) == _position("protection")


def test_a_withdrawn_release_has_protection_run_again_though_its_figures_are_the_candidates(home: Home) -> None:
    mine = {"d": {"data.parquet": "1" * 64}}
    (home.candidates / "protection.json").write_text(json.dumps({"files": mine}), encoding="utf-8")
    _release(home, "d", "000001-a", "1" * 64)
    stages.record_stages(home, STAGE_NAMES, stages.hashes_before_run(home))
    assert stages.stale_from(home) is None
    (home.releases / "d" / "000001-a" / "manifest.json").unlink()
    assert stages.stale_from(home) == _position("protection")


def test_a_restored_home_lacks_no_register_and_one_with_candidates_does(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").open(invented=True)
    (home.verdicts / "d.json").write_bytes(b"{}")
    assert stages.register_refusal(home) is None
    (home.candidates / "base.parquet").write_bytes(b"x")
    assert str(stages.register_refusal(home)) == f"file_missing: {stages.register_file(home)}"


def _forget(home: Home, first: str) -> None:
    """Let the register know nothing of a stage and of those behind it."""
    register = stages.register_file(home)
    register.unlink()
    stages.record_stages(home, STAGE_NAMES[: _position(first)], stages.hashes_before_run(home))


def _release(home: Home, dataset: str, version: str, sha256: str) -> None:
    """Write what a release leaves: kept cells, a manifest, a line."""
    for path in (home.ledger / "published" / dataset / f"{version}.parquet", home.releases / dataset / version / "x"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"cells")
    manifest = home.releases / dataset / version / "manifest.json"
    manifest.write_text(json.dumps({"files": {"data.parquet": sha256}}), encoding="utf-8")
    with (home.ledger / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write("\n" + json.dumps({"dataset": dataset, "version": version}))


def test_a_published_report_is_never_written_again_whatever_lies_there(home: Home) -> None:
    (home.reports / "one" / "published.json").write_text("{}", encoding="utf-8")
    assert stages.stale_from(home) is None
    (home.reports / "one" / "en" / "index.html").write_text("another page", encoding="utf-8")
    assert stages.stale_from(home) is None
    assert outputs.changed_outputs(home, STAGE_NAMES) == []


def test_with_another_key_nothing_is_believed_and_what_was_sealed_is_sealed_again(
    home: Home,
) -> None:
    key = home.keys / "seal.key"
    key.unlink()
    assert stages.stale_from(home) == 0
    stages.record_stages(home, STAGE_NAMES[: _position("protection")], stages.hashes_before_run(home))
    assert stages.stale_from(home) == _position("protection")
    stages.record_stages(home, ["protection"], stages.hashes_before_run(home))
    assert stages.stale_from(home) == _position("gates")


@pytest.mark.parametrize("name", ["verdicts/d.json", "verdicts/d.json.seal"])
def test_an_edited_verdict_is_examined_again(home: Home, name: str) -> None:
    (home.root / name).write_text("edited", encoding="utf-8")
    assert stages.stale_from(home) == _position("gates")


def test_the_stages_know_every_estimate_of_the_ledger() -> None:
    assert stages._ESTIMATES == ledger.ESTIMATES  # pyright: ignore[reportPrivateUsage]
