"""One key rounds a series, and a ledger with a gap releases nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from expectations.protection import protect_datasets
from expectations.published import ledger
from expectations.published.rounding_key import check_value, series_key
from expectations.releases import release
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal


def _rounded(home: Home) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.candidates.glob("*/final/*")}


@pytest.mark.parametrize(
    ("found", "code"),
    [(b"ab" * 32, "series_key_changed"), (b"no key at all", "key_unreadable"), (b"", "key_unreadable")],
)
def test_another_key_refuses_before_anything_is_rounded(released: Home, found: bytes, code: str):
    before = _rounded(released)
    write_bytes(released.keys / "series.key", found)
    with pytest.raises(Refusal) as refusal:
        protect_datasets.protect(released)
    assert refusal.value.code == code
    assert _rounded(released) == before


def test_a_lost_key_of_a_real_home_is_not_made_anew(toy_real: Path, tmp_path: Path):
    home = Home(shutil.copytree(toy_real, tmp_path / "real"))
    (home.keys / "series.key").unlink()
    with pytest.raises(Refusal) as refusal:
        series_key(home)
    assert refusal.value.code == "series_key_changed"
    assert not (home.keys / "series.key").exists()


def test_every_line_holds_the_check_value_of_its_key_and_nothing_of_the_key(released: Home):
    key = series_key(released)
    lines = ledger.entries(released)
    assert {entry.key_check for entry in lines} == {check_value(key)}
    assert key.hex() not in (released.ledger / "log.jsonl").read_text()


@pytest.mark.parametrize("part", ["published", "sealed"])
@pytest.mark.parametrize("damage", ["lost", "changed"])
def test_a_ledger_with_a_release_missing_protects_nothing(released: Home, part: str, damage: str):
    before = _rounded(released)
    path = next((released.ledger / part / "four_ps_governorate").glob("*.parquet"))
    if damage == "lost":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Refusal) as refusal:
        protect_datasets.protect(released)
    assert refusal.value.code == ("file_missing" if damage == "lost" else "bytes_changed")
    assert _rounded(released) == before


def test_a_line_taken_from_the_end_of_the_ledger_stops_the_next_release(released: Home):
    log = released.ledger / "log.jsonl"
    log.write_text(log.read_text().splitlines()[0] + "\n")
    with pytest.raises(Refusal) as refusal:
        release.sweep(released)
    assert refusal.value.code == "ledger_broken"
