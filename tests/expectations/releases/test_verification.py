"""Verifying a folder: what its name and its manifest say, whatever somebody made of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from expectations.releases import release, verification
from ingestion.home import Home
from languages.refusal import Refusal

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"


def _folder(home: Home, dataset: str) -> Path:
    record = release.latest(home, dataset)
    assert record is not None
    return record.path


def _codes(report: verification.VerifyReport) -> list[str]:
    return [problem.code for problem in report.refusals]


def test_verify_holds_the_names_of_the_folders_against_the_manifest(released: Home, tmp_path: Path):
    folder = _folder(released, NATIONAL)
    moved = released.releases / GOVERNORATE / folder.name
    shutil.copytree(folder, moved)
    assert _codes(verification.verify(moved)) == ["dataset_differs"]
    for name in (folder.name.upper(), folder.name[:-1], f"0{folder.name}", folder.name.replace("000001", "000002")):
        shutil.copytree(folder, tmp_path / name)
        assert _codes(verification.verify(tmp_path / name)) == ["version_differs"], name
    assert verification.verify(shutil.copytree(folder, tmp_path / folder.name)).ok


@pytest.mark.parametrize("change", [{"sequence": "x"}, {"sequence": None}, {"dataset": 7}, {"files": {"data.csv": 1}}])
def test_verify_answers_a_manifest_that_says_nonsense(released: Home, change: dict[str, object]):
    manifest = _folder(released, NATIONAL) / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_bytes()) | change))
    assert _codes(verification.verify(manifest.parent)) == ["manifest_unreadable"]


@pytest.mark.parametrize("bit", range(8))
def test_one_flipped_bit_in_a_manifest_is_told_and_the_list_goes_on(released: Home, bit: int):
    manifest = _folder(released, NATIONAL) / "manifest.json"
    data = bytearray(manifest.read_bytes())
    data[len(data) // (bit + 2)] ^= 1 << bit
    manifest.write_bytes(bytes(data))
    assert [one["verdict"] for one in release.listing(released)] == ["passed", "failed"]
    with pytest.raises(Refusal) as refusal:
        release.latest(released, NATIONAL)
    assert refusal.value.code == "bytes_changed"
