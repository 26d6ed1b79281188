"""Every file of a home has a class in the card, and each class says how long, by which rule and why."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from ingestion.home import FOLDERS
from ingestion.keeping import retention
from tests.ingestion.keeping.small_homes import small_home


def _class(path: str) -> str:
    return retention.class_of(PurePosixPath(path), lambda _path: False)


@pytest.mark.parametrize("name", [*FOLDERS])
def test_every_room_of_a_home_has_a_class(name: str) -> None:
    path = "keys/x.key" if name == "keys" else f"{name}/x"
    assert _class(path), f"{path}: name its class in {retention.CARD.name}: is it backed up, how long is it kept, why"
    assert _class(f"{name}/deep/er/x.key") != ""


@pytest.mark.parametrize("path", ["names.xlsx", "keys/names.xlsx", "linkage/codes.parquet", "takenx/1", "x/lock"])
def test_a_file_of_no_class_is_one_that_nobody_decided_about(path: str) -> None:
    assert _class(path) == ""


@pytest.mark.parametrize(
    "path",
    [
        *("raw/victims/source=x/submission=y/rows.parquet", "quarantine/x.jsonl", "candidates/facts.parquet"),
        *("warehouse.duckdb", "warehouse.duckdb.wal", "build/dbt/manifest.json", "inbox/s/names.xlsx"),
        *("taken/.0a1b.12.tmp", ".receipts.jsonl.12.tmp", "releases/d/.v.12.tmp/data.csv", "dagster/runs.db"),
    ],
)
def test_what_can_be_made_again_or_has_not_passed_privacy_is_never_backed_up(path: str) -> None:
    name = _class(path)
    assert name
    assert not retention.card().classes[name].backed_up


def test_a_report_that_went_out_is_backed_up_and_a_draft_is_not(tmp_path: Path) -> None:
    root = small_home(tmp_path / "home").root
    found = {one.path: one.is_backed_up for one in retention.files_of(root) if one.path.startswith("reports/")}
    assert found == {
        "reports/draft/ar/index.html": False,
        "reports/out/ar/index.html": True,
        "reports/out/published.json": True,
    }


@pytest.mark.parametrize(
    ("path", "is_strange"),
    [
        *[("prose/a.md", False), ("reports/out/ar/index.html", False), ("reports/draft/ar/index.html", True)],
        *[("dagster/dagster.yaml", True), ("build/dbt/manifest.json", True), ("inbox/s/x.xlsx", True), ("x.sh", True)],
        *[("../prose/a.md", True), ("/prose/a.md", True), ("prose/../keys/x.key", True), ("prose//a.md", True)],
        *[("./prose/a.md", True), ("prose/a/", True), ("", True), (".", True), ("..", True), ("prose/a\0", True)],
        *[("prose/\ud800", True), ("prose/b/c", True), ("taken/.x.1.tmp", True), ("prose/ء.md", False)],
    ],
)
def test_a_path_that_no_home_can_have_backed_up_is_a_stranger(path: str, is_strange: bool) -> None:
    paths = {"home.json", "reports/out/published.json", "prose/b", path}
    assert (path in retention.strangers_of(paths)) == is_strange
    assert retention.strangers_of(paths - {path}) == []


def test_of_two_names_that_some_disks_hold_for_one_the_house_keeps_its_own(tmp_path: Path) -> None:
    """A stray file beside the ledger, whose name differs in case alone, keeps no true ledger out of a backup."""
    for name in ("ledger/log.jsonl", "ledger/LOG.jsonl", "ledger/x\n.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    classes = {file.path: file.name for file in retention.files_of(tmp_path)}
    assert classes == {"ledger/log.jsonl": "ledger", "ledger/LOG.jsonl": "", "ledger/x\n.jsonl": ""}
