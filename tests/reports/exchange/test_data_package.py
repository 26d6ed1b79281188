"""The released folder as a data package: valid for frictionless wherever it is unpacked, and still a release."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import frictionless
import pytest

from expectations.releases import verification
from languages.words import Words
from reports.exchange import data_package
from reports.released.released_folder import ReleasedFolder


@pytest.fixture
def unpacked(released: ReleasedFolder, english: Words, tmp_path: Path) -> Path:
    folder = tmp_path / released.version
    ((name, data),) = data_package.export(released, english).files.items()
    assert name == f"{released.dataset}-{released.version}.zip"
    zipfile.ZipFile(io.BytesIO(data)).extractall(folder)
    return folder


def test_frictionless_reads_the_zip_as_it_is(released: ReleasedFolder, english: Words, tmp_path: Path):
    ((name, data),) = data_package.export(released, english).files.items()
    (tmp_path / name).write_bytes(data)
    package = frictionless.Package(str(tmp_path / name))
    assert package.get_resource("data").read_rows()[0]["time_period"] == int(released.rows[0]["time_period"])


def test_the_same_release_is_the_same_zip(released: ReleasedFolder, english: Words):
    assert data_package.export(released, english).files == data_package.export(released, english).files


def test_frictionless_finds_the_package_valid(unpacked: Path):
    report = frictionless.validate(str(unpacked / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    assert [task.name for task in report.tasks] == ["data", "data-parquet", "totals", "codes"]


@pytest.mark.parametrize(("old", "new"), [(b"ROUNDED_5", b"ROUNDED_"), (b",2023,", b",last,"), (b",IQ,", b",XX,")])
def test_frictionless_tells_a_package_that_was_changed(unpacked: Path, old: bytes, new: bytes):
    path = unpacked / "data.csv"
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    assert not frictionless.validate(str(unpacked / "datapackage.json")).valid


def test_the_unpacked_folder_is_still_a_release(unpacked: Path, released: ReleasedFolder):
    assert verification.verify(unpacked).ok
    assert {path.name for path in unpacked.iterdir()} == {path.name for path in released.path.iterdir()}
