"""A released folder as exporters see it."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from expectations.published import release_withdrawal
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.exchange.formats import FORMATS, format_of
from reports.released import released_folder as releases
from reports.released.released_folder import ReleasedFolder


@pytest.fixture
def copied(released: ReleasedFolder, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released.path, tmp_path / released.path.name))


def test_rows_are_those_of_the_parquet_file_cell_by_cell(released: ReleasedFolder):
    frame = pd.read_parquet(io.BytesIO(released.file("data.parquet")))
    assert list(frame.columns) == list(released.columns)
    for row, (_, other) in zip(released.rows, frame.iterrows(), strict=True):
        assert all(row[column] == other[column] for column in released.key)
        assert (row["obs_value"] == "") == pd.isna(other["obs_value"])
        assert not row["obs_value"] or float(row["obs_value"]) == other["obs_value"]


def test_dimensions_are_those_that_the_descriptor_names(released: ReleasedFolder, copied: Path):
    assert set(released.dimensions) <= set(released.columns)
    package = json.loads((copied / "datapackage.json").read_bytes())
    schema = package["resources"][0]["schema"]
    schema["primaryKey"].append("occupation")
    schema["fields"].append({"name": "occupation", "type": "string", "constraints": {"enum": ["NONE", "_T"]}})
    wider = ReleasedFolder(copied, released.version, released.manifest)
    wider.__dict__["package"] = package
    assert wider.dimensions == (*released.dimensions, "occupation")
    wider.__dict__["rows"] = tuple({**row, "occupation": "_T"} for row in released.rows)
    assert wider.codes("occupation") == ("NONE", "_T")


_FIELD = {"name": "sex", "type": "string"}


@pytest.mark.parametrize(
    "resources",
    [
        None,
        [],
        [{}],
        [{"name": "data", "schema": None}],
        [{"name": "data", "schema": {"fields": None}}],
        [{"name": "data", "schema": {"fields": [{"name": "sex"}]}}],
        [{"name": "data", "schema": {"fields": [_FIELD | {"constraints": None}]}}],
        [{"name": "data", "schema": {"fields": [_FIELD | {"constraints": {"enum": 7}}]}}],
    ],
)
@pytest.mark.parametrize("asked", ["columns", "key"])
def test_a_descriptor_that_is_none_is_damage_though_its_hash_holds(
    released: ReleasedFolder, resources: object, asked: str
):
    forged = ReleasedFolder(released.path, released.version, released.manifest)
    forged.__dict__["package"] = {"resources": resources}
    with pytest.raises(Refusal, match="bytes_changed"):
        getattr(forged, asked)


def test_the_four_states_of_a_cell_add_up_to_all_cells(released: ReleasedFolder):
    assert set(released.states) == {"zero", "value", "missing", "withheld"}
    assert sum(released.states.values()) == len(released.rows)


def test_a_changed_file_is_refused(released: ReleasedFolder, copied: Path):
    (copied / "data.csv").write_bytes((copied / "data.csv").read_bytes().replace(b"2023", b"2022", 1))
    with pytest.raises(Refusal, match="bytes_changed"):
        len(releases.read_release(copied).rows)


def test_a_changed_manifest_is_refused(copied: Path):
    (copied / "manifest.json").write_bytes((copied / "manifest.json").read_bytes() + b"\n")
    with pytest.raises(Refusal, match="bytes_changed"):
        releases.read_release(copied)


@pytest.mark.parametrize(("content", "code"), [(b"{", "manifest_unreadable"), (b"[]", "manifest_unreadable")])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: bytes, code: str):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(Refusal, match=code):
        releases.read_release(tmp_path)


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path):
    with pytest.raises(Refusal, match="manifest_missing"):
        releases.read_release(tmp_path)


def test_a_withdrawn_release_is_refused_with_its_day_and_reason(released_home: Home, tmp_path: Path):
    home = Home(Path(shutil.copytree(released_home.root, tmp_path / "home")))
    version = releases.latest_release(home, "four_ps_national").path.name
    release_withdrawal.withdraw(home, "four_ps_national", version, reason="counted twice", signed_by="Secretariat")
    for ask in (
        lambda: releases.latest_release(home, "four_ps_national"),
        lambda: releases.read_release(home.releases / "four_ps_national" / version),
    ):
        with pytest.raises(Refusal, match="export_withdrawn") as refused:
            ask()
        assert refused.value.arguments["reason"] == "counted twice"
        assert refused.value.arguments["date"]


def test_a_misspelt_dataset_is_told_the_nearest_that_is_out(released_home: Home):
    with pytest.raises(Refusal, match="dataset_unknown") as refused:
        releases.latest_release(released_home, "four_ps_nationl")
    assert refused.value.arguments["nearest"] == "four_ps_national"


def test_a_home_without_a_release_says_so(tmp_path: Path):
    with pytest.raises(Refusal, match="nothing_out"):
        releases.latest_release(Home(tmp_path).open(invented=True), "four_ps_national")


def test_an_unknown_format_is_told_all_that_there_are():
    with pytest.raises(Refusal, match="format_unknown") as refused:
        format_of("smdx")
    assert "sdmx" in str(refused.value.arguments["known"])


@pytest.mark.parametrize("tag", languages())
def test_every_format_says_what_it_is_for(tag: str):
    assert all(Words.load(tag).text(f"export.{name}") for name in FORMATS)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_is_one_function_in_one_module_and_gives_the_same_bytes_twice(
    name: str, whole: ReleasedFolder, english: Words
):
    first, second = (format_of(name).export(whole, english).files for _ in range(2))
    assert first == second
    assert first
    assert all(data and "/" not in file for file, data in first.items())


@pytest.mark.parametrize("name", ["sdmx", "sdg", "dcat"])
def test_an_estimate_is_no_table_of_cells(released: ReleasedFolder, english: Words, name: str):
    files = {file: hashed for file, hashed in released.manifest["files"].items() if file != "datapackage.json"}
    estimate = dataclasses.replace(released, manifest={**released.manifest, "files": files})
    with pytest.raises(Refusal, match="export_unsuited"):
        format_of(name).export(estimate, english)


def test_the_dataset_of_governorates_is_exported_as_well(governorates: ReleasedFolder, english: Words):
    for name in ("sdmx", "dcat"):
        assert format_of(name).export(governorates, english).files


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_stands_in_the_page_that_says_which_file_is_for_whom(name: str):
    page = (Path(__file__).resolve().parents[3] / "docs" / "exchange.md").read_text(encoding="utf-8")
    assert re.search(rf"`(?:marsad export )?{name}\b", page)
