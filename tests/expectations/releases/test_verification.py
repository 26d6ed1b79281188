"""Verifying a folder: what its name and its manifest say, whatever somebody made of them."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from expectations.published.release_withdrawal import withdraw
from expectations.releases import package_descriptor, release_listing, verification
from expectations.releases.public_audit import audit_release
from ingestion.home import Home, sha256_of_bytes
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers import verified_folder
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"


def test_verify_holds_the_names_of_the_folders_against_the_manifest(released: Home, tmp_path: Path):
    folder = toy_home.latest_folder(released, NATIONAL)
    moved = released.releases / GOVERNORATE / folder.name
    shutil.copytree(folder, moved)
    assert toy_home.refusal_codes(verification.verify(moved)) == ["dataset_differs"]
    for name in (folder.name.upper(), folder.name[:-1], f"0{folder.name}", folder.name.replace("000001", "000002")):
        shutil.copytree(folder, tmp_path / name)
        assert toy_home.refusal_codes(verification.verify(tmp_path / name)) == ["version_differs"], name
    assert verification.verify(shutil.copytree(folder, tmp_path / folder.name)).ok


@pytest.mark.parametrize("change", [{"sequence": "x"}, {"sequence": None}, {"dataset": 7}, {"files": {"data.csv": 1}}])
def test_verify_answers_a_manifest_that_says_nonsense(released: Home, change: dict[str, object]):
    manifest = toy_home.latest_folder(released, NATIONAL) / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_bytes()) | change))
    assert toy_home.refusal_codes(verification.verify(manifest.parent)) == ["manifest_unreadable"]


@pytest.mark.parametrize(
    "change",
    [
        {"format": None},
        {"rows": "7"},
        {"rows": -1},
        {"indicators": None},
        {"earlier": "x"},
        {"period": []},
        {"protection": "../x"},
        {"suite_sha256": 7},
        {"invented": 1},
    ],
)
def test_a_manifest_of_another_shape_or_of_no_format_of_ours_is_none(released: Home, change: dict[str, object]):
    assert toy_home.refusal_codes(
        verification.verify(_changed(toy_home.latest_folder(released, NATIONAL), change))
    ) == ["manifest_unreadable"]


@pytest.mark.parametrize(
    "change",
    [
        {"rows": 7},
        {"period": {"first": "1999", "last": "2025"}},
        {"indicators": {}},
        {"card_sha256": "0" * 64},
        {"suite_sha256": "0" * 64},
        {"previous": "000007-000000000000"},
    ],
)
def test_a_manifest_that_contradicts_the_files_beside_it_is_told(released: Home, change: dict[str, object]):
    report = verification.verify(_changed(toy_home.latest_folder(released, NATIONAL), change))
    assert [problem.arguments["fact"] for problem in report.refusals] == list(change)
    assert toy_home.refusal_codes(report) == ["manifest_differs"]


@pytest.mark.parametrize("data", [b"", b"x" * 200_000])
def test_a_table_that_no_csv_reader_takes_is_told(released: Home, data: bytes):
    folder = toy_home.latest_folder(released, NATIONAL)
    (folder / "data.csv").write_bytes(data)
    files = json.loads((folder / "manifest.json").read_bytes())["files"] | {"data.csv": sha256_of_bytes(data)}
    codes = toy_home.refusal_codes(verification.verify(_changed(folder, {"files": files})))
    # How long a field may be is a setting of the process that libraries change: then the package differs twice.
    assert set(codes) == {"verdict_differs", "package_differs"}


@pytest.mark.parametrize("forged", [{"files": None}, {"rules": 7}, {"waived": [None]}, {"dataset": GOVERNORATE}])
def test_a_verdict_that_is_none_differs_though_its_hash_holds(released: Home, forged: dict[str, object]):
    folder = toy_home.latest_folder(released, NATIONAL)
    verdict = json.dumps(json.loads((folder / "verdict.json").read_bytes()) | forged).encode()
    (folder / "verdict.json").write_bytes(verdict)
    files = json.loads((folder / "manifest.json").read_bytes())["files"] | {"verdict.json": sha256_of_bytes(verdict)}
    codes = toy_home.refusal_codes(verification.verify(_changed(folder, {"files": files})))
    assert "verdict_differs" in codes


def test_a_table_that_a_forger_spoilt_and_hashed_again_is_refused_by_the_audit(released: Home):
    folder = toy_home.latest_folder(released, NATIONAL)
    data = bytearray((folder / "data.parquet").read_bytes())
    data[len(data) // 4] ^= 4
    (folder / "data.parquet").write_bytes(data)
    files = json.loads((folder / "manifest.json").read_bytes())["files"] | {"data.parquet": sha256_of_bytes(data)}
    with pytest.raises(Refusal, match=r"bytes_changed.*data\.parquet"):
        audit_release(_changed(folder, {"files": files}), lambda *_: None, within=0.0)


def test_invented_figures_are_not_called_real_by_the_manifest(released: Home):
    folder = toy_home.latest_folder(released, NATIONAL)
    notes = f"# Notes\n\n**{Words.load('en').text('notes.invented')}**\n".encode()
    (folder / "notes.en.md").write_bytes(notes)
    files = json.loads((folder / "manifest.json").read_bytes())["files"] | {"notes.en.md": sha256_of_bytes(notes)}
    for is_invented, told in ((True, []), (False, ["invented"])):
        folder = _changed(folder, {"files": files, "invented": is_invented})
        report = verification.verify(folder)
        assert [problem.arguments.get("fact") for problem in report.refusals] == told


@pytest.mark.parametrize(
    ("name", "is_plain"),
    [("n" * 255, True), ("n" * 256, False), ("ن" * 127, True), ("ن" * 128, False), ("a\nb", False)],
)
def test_a_name_is_plain_if_a_disk_takes_it_and_a_person_sees_it_whole(released: Home, name: str, is_plain: bool):
    folder = toy_home.latest_folder(released, NATIONAL)
    files = json.loads((folder / "manifest.json").read_bytes())["files"]
    codes = toy_home.refusal_codes(verification.verify(_changed(folder, {"files": files | {name: "0" * 64}})))
    assert codes == ["file_missing" if is_plain else "name_leads_out"]


def test_no_tombstone_hides_figures_that_somebody_forged(released: Home):
    """It could name every file that it lets lie there: then forged figures verify as those of the manifest."""
    folder = toy_home.latest_folder(released, NATIONAL)
    data, manifest = folder / "data.csv", folder / "manifest.json"
    data.chmod(0o644)
    data.write_bytes(data.read_bytes() + b"x\n")
    files = {path.name: sha256_of_bytes(path.read_bytes()) for path in folder.iterdir() if path != manifest}
    content = {"files": files, "manifest_sha256": sha256_of_bytes(manifest.read_bytes()), "withdrawn": "2026-03-01"}
    (folder / "TOMBSTONE.json").write_text(json.dumps(content))
    assert set(toy_home.refusal_codes(verification.verify(folder))) == {"file_unexpected"}
    (folder / "TOMBSTONE.json").write_text(json.dumps(content | {"files": {}}))
    assert set(toy_home.refusal_codes(verification.verify(folder))) == {"file_unexpected"}


@pytest.mark.parametrize("day", ["", None, 20260301, {"x": 1}, "20260301", "2026-W09-7", "2026-02-30", "soon"])
def test_a_tombstone_says_on_which_day(released: Home, day: object):
    folder = toy_home.latest_folder(released, NATIONAL)
    withdraw(released, NATIONAL, folder.name, reason="counted twice", signed_by="Secretariat, statistics")
    assert verification.verify(folder).ok
    path = folder / "TOMBSTONE.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"withdrawn": day}))
    assert toy_home.refusal_codes(verification.verify(folder)) == ["manifest_unreadable"]


@pytest.mark.parametrize("name", ["manifest.json", "TOMBSTONE.json", "data.csv", "versions.json", "published.json"])
def test_a_pipe_in_a_folder_is_refused_and_not_waited_for(released: Home, name: str):
    folder = toy_home.latest_folder(released, NATIONAL)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    assert not verified_folder.verify_folder(folder, None, lambda *_: None).ok


def _changed(folder: Path, change: dict[str, object]) -> Path:
    """A forger changes facts of a manifest and names the folder after it."""
    manifest = json.loads((folder / "manifest.json").read_bytes()) | change
    (folder / "manifest.json").write_text(json.dumps(manifest))
    name = f"{manifest['sequence']:06d}-{sha256_of_bytes((folder / 'manifest.json').read_bytes())[:12]}"
    return folder.rename(folder.with_name(name))


@pytest.mark.parametrize("bit", range(8))
def test_one_flipped_bit_in_a_manifest_is_told_and_the_list_goes_on(released: Home, bit: int):
    manifest = toy_home.latest_folder(released, NATIONAL) / "manifest.json"
    data = bytearray(manifest.read_bytes())
    data[len(data) // (bit + 2)] ^= 1 << bit
    manifest.write_bytes(bytes(data))
    assert [one["verdict"] for one in release_listing.listing(released)] == ["passed", "failed"]
    with pytest.raises(Refusal) as refusal:
        release_listing.latest(released, NATIONAL)
    assert refusal.value.code == "bytes_changed"


@pytest.mark.parametrize("name", ["/etc/hostname", "../../../keys/series.key", "..", "a/b", "notes.en.md/../data.csv"])
def test_a_manifest_leads_to_no_file_outside_of_its_folder(released: Home, tmp_path: Path, name: str) -> None:
    """A wrong hash and a right one would tell whether a file is there and what it holds."""
    folder = Path(shutil.copytree(toy_home.latest_folder(released, NATIONAL), tmp_path / "copy"))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][name] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert verification.verify(folder).problems == [f"name_leads_out: {folder}"]


@pytest.mark.parametrize("name", ["data.csv", "manifest.json", "verdict.json"])
def test_a_link_in_a_release_is_refused_although_what_it_leads_to_has_the_right_bytes(
    released: Home, tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(toy_home.latest_folder(released, NATIONAL), tmp_path / "copy"))
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    assert verification.verify(folder).problems == [f"name_leads_out: {folder}"]


@pytest.mark.parametrize("path", ["/etc/hostname", "../../../keys/series.key"])
def test_a_data_package_leads_to_no_file_outside_of_its_folder(released: Home, tmp_path: Path, path: str) -> None:
    folder = Path(shutil.copytree(toy_home.latest_folder(released, NATIONAL), tmp_path / "copy"))
    package = json.loads((folder / "datapackage.json").read_bytes())
    package["resources"][0]["path"] = path
    (folder / "datapackage.json").write_text(json.dumps(package))
    assert package_descriptor.problems_of(folder) == ["datapackage.json#path"]


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"{}", b'{"resources": [{}]}', b'{"resources": 3}'])
def test_a_data_package_of_any_bytes_ends_no_verification(released: Home, tmp_path: Path, content: bytes) -> None:
    folder = Path(shutil.copytree(toy_home.latest_folder(released, NATIONAL), tmp_path / "copy"))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "datapackage.json").write_bytes(content)
    manifest["files"]["datapackage.json"] = sha256_of_bytes(content)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "package_differs: datapackage.json" in verification.verify(folder).problems
