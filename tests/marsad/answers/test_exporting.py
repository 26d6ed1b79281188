"""`marsad export` as a person types it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import Home, sha256_of
from ingestion.people import acts
from reports.exchange import formats
from reports.exchange.formats import ExportedFiles, ExportFormat
from samples.invented_people import PREPARER
from tests import signing

Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def home(own_released: Home) -> Home:
    return own_released


@pytest.fixture
def marsad(home: Home, monkeypatch: pytest.MonkeyPatch, typed: Marsad) -> Marsad:
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return typed


@pytest.fixture
def one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format of one file, so that these tests need no format's own packages."""
    module = type(sys)("reports.exchange.one_file")
    module.export = lambda released, words: ExportedFiles({"one.csv": b"a,b\n1,2\n"})
    monkeypatch.setitem(sys.modules, "reports.exchange.one_file", module)
    monkeypatch.setattr(formats, "FORMATS", {**formats.FORMATS, "one": ExportFormat("one_file")})


def _folder(home: Home) -> Path:
    return next(path.parent for path in home.releases.glob("four_ps_national/*/manifest.json"))


def test_a_release_is_exported_by_dataset_and_by_folder_alike(marsad: Marsad, home: Home, tmp_path: Path):
    code, out, _ = marsad("export", "dcat", "-o", str(tmp_path / "one"), "--json")
    told = json.loads(out)
    assert (code, told["format"], told["dataset"]) == (0, "dcat", "four_ps_national")
    assert all(sha256_of(Path(one["path"])) == one["sha256"] for one in told["files"])
    code, _, _ = marsad("export", "dcat", str(_folder(home)), "-o", str(tmp_path / "two"))
    assert code == 0
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in names)


@pytest.mark.usefixtures("one_file")
def test_a_zip_is_the_same_bytes_each_time(marsad: Marsad, tmp_path: Path):
    for name in ("one.zip", "two.zip"):
        assert marsad("export", "one", "-o", str(tmp_path / name))[0] == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "one.zip").namelist() == ["one.csv"]


@pytest.mark.usefixtures("one_file")
def test_a_format_of_one_file_is_written_under_the_name_that_was_given(marsad: Marsad, tmp_path: Path):
    assert marsad("export", "one", "-o", str(tmp_path / "mine.csv"))[0] == 0
    assert (tmp_path / "mine.csv").read_bytes() == b"a,b\n1,2\n"
    assert marsad("export", "one", "-o", str(tmp_path / "folder"))[0] == 0
    assert (tmp_path / "folder" / "one.csv").exists()


def test_without_a_format_the_formats_are_told(marsad: Marsad):
    code, out, _ = marsad("export", "--json")
    assert (code, set(json.loads(out))) == (0, set(formats.FORMATS))
    assert "glotip" in marsad("export", "--language", "ar")[1]


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_an_unknown_format_is_told_the_nearest_in_three_languages(marsad: Marsad, tmp_path: Path, tag: str):
    code, _, err = marsad("export", "glotp", "-o", str(tmp_path / "x"), "--language", tag)
    assert code == 2
    assert "format_unknown" in err
    assert "glotip" in err
    marsad("export", "--language", "en")


def test_a_folder_that_is_no_release_is_told(marsad: Marsad, tmp_path: Path):
    code, _, err = marsad("export", "dcat", str(tmp_path), "-o", str(tmp_path / "x"))
    assert code == 1
    assert "manifest_missing" in err


def test_a_withdrawn_release_is_not_exported(
    home: Home, marsad: Marsad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    own = Home(shutil.copytree(home.root, tmp_path / "home"))
    monkeypatch.setenv("MARSAD_HOME", str(own.root))
    version = _folder(home).name
    signing.found(own)
    signed = ("--reason", "one file was counted twice", "--by", "Secretariat", "--as", PREPARER)
    assert marsad("releases", "withdraw", "four_ps_national", version, *signed)[0] == 0
    signing.sign_act(own, acts.find(own, ""))
    for words in ((), (str(own.releases / "four_ps_national" / version),)):
        code, _, err = marsad("export", "dcat", *words, "-o", str(tmp_path / "x"))
        assert code == 1
        assert "one file was counted twice" in err
    assert not (tmp_path / "x").exists()


def test_nothing_is_written_into_a_released_folder(marsad: Marsad, home: Home):
    before = sorted(_folder(home).iterdir())
    code, _, err = marsad("export", "dcat", "-o", str(_folder(home) / "exports"))
    assert code == 2
    assert "export_into_release" in err
    assert sorted(_folder(home).iterdir()) == before


def test_an_export_reaches_neither_the_warehouse_nor_the_gate():
    script = (
        "import sys\nfrom reports.exchange.formats import FORMATS\nimport importlib\n"
        "[importlib.import_module('reports.exchange.' + one.module) for one in FORMATS.values()]\n"
        "print([name for name in ('duckdb', 'dagster', 'dbt', 'great_expectations', 'ingestion.warehouse') "
        "if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
