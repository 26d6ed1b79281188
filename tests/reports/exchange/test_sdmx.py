"""SDMX: valid by the standard's own schemas, and read back by two libraries that did not write it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sdmx
import sdmx.reader.xml.v30  # first: sdmx1 cannot load it once it has read structure-specific data of 2.1
from lxml import etree
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.io.xml.doc_validation import validate_doc

from languages.words import Words, languages
from reports.exchange import sdmx as exporter
from reports.exchange.sdmx_files.sdmx_coverage import coverage
from reports.released.released_folder import ReleasedFolder, state
from tests.reports.exchange.invented_rows import widened, with_rows

XML = ("structure-3.0.xml", "data-3.0.xml", "structure-2.1.xml", "data-2.1.xml")


@pytest.fixture(scope="module")
def files(released: ReleasedFolder, english: Words, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdmx")
    for name, data in exporter.export(released, english).files.items():
        (folder / name).write_bytes(data)
    return folder


def _told(released: ReleasedFolder) -> list[dict[str, str]]:
    return [row for row in released.rows if state(row) != "missing"]


def _lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _coverage(files: Path) -> list[dict[str, str]]:
    return _lines((files / "coverage.csv").read_text(encoding="utf-8"))


def _key(row: Mapping[Any, Any], columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(row[column.upper()]) for column in columns)


@pytest.mark.parametrize("name", XML)
def test_every_message_is_valid_by_the_schemas_of_the_standard(files: Path, name: str):
    validate_doc((files / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", XML)
def test_a_message_that_is_not_valid_is_told_apart(files: Path, name: str):
    broken = (files / name).read_text(encoding="utf-8").replace("Prepared>", "Prepard>")
    with pytest.raises(Exception, match="Prepard"):
        validate_doc(broken)


@pytest.mark.parametrize(
    ("data", "structure"),
    [
        ("data-3.0.csv", "structure-3.0.xml"),
        ("data-3.0.xml", "structure-3.0.xml"),
        ("data-2.1.xml", "structure-2.1.xml"),
    ],
)
def test_pysdmx_reads_every_released_cell_back(released: ReleasedFolder, files: Path, data: str, structure: str):
    (found,) = get_datasets(files / data, files / structure)
    back = {_key(row, released.key): row for row in found.data.to_dict("records")}
    told = _told(released)
    assert len(back) == len(told) < len(released.rows)
    for row in told:
        other = back[tuple(row[column] for column in released.key)]
        assert other["OBS_STATUS"] == row["obs_status"]
        assert other["DISCLOSURE_METHOD"] == row["disclosure_method"]
        assert pd.isna(other["OBS_VALUE"]) == (row["obs_value"] == "")
        assert not row["obs_value"] or float(other["OBS_VALUE"]) == float(row["obs_value"])


def test_sdmx1_reads_the_structure_and_the_data_of_2_1(released: ReleasedFolder, files: Path):
    structure = sdmx.read_sdmx(files / "structure-2.1.xml")
    definition = structure.structure["FOUR_PS_NATIONAL"]
    assert [one.id.lower() for one in definition.dimensions if one.id not in ("FREQ", "TIME_PERIOD")] == [
        column for column in released.key if column != "time_period"
    ]
    data = sdmx.read_sdmx(files / "data-2.1.xml", structure=definition)
    (dataset,) = data.data
    assert len(dataset.obs) == len(_told(released))
    found = Counter(str(one.attached_attribute["OBS_STATUS"].value) for one in dataset.obs)
    assert found == Counter(row["obs_status"] for row in _told(released))
    without = Counter(one.value in (None, "") for one in dataset.obs)
    assert without[True] == released.states["withheld"]


def test_sdmx1_reads_the_structure_of_3_0_with_names_in_every_language(files: Path, tmp_path: Path):
    root = etree.parse(files / "structure-3.0.xml").getroot()
    for unknown in list(root.iter("{*}MeasureRelationship")):  # pysdmx writes it, the standard has it, sdmx1 does not
        unknown.getparent().remove(unknown)
    (tmp_path / "structure.xml").write_bytes(etree.tostring(root))
    structure = sdmx.read_sdmx(tmp_path / "structure.xml")
    sexes = structure.codelist["CL_FOUR_PS_NATIONAL_SEX"]
    for tag in languages():
        assert sexes["F"].name[tag] == Words.load(tag).label("sex", "F")
    concepts = structure.concept_scheme["CS_FOUR_PS_NATIONAL"]
    assert set(concepts["OBS_VALUE"].name.localizations) == set(languages())
    assert set(concepts["OBS_VALUE"].description.localizations) == set(languages())


def test_every_name_stands_in_every_language_once(files: Path):
    for name in ("structure-3.0.xml", "structure-2.1.xml"):
        root = etree.parse(files / name).getroot()
        for owner in {found.getparent() for found in root.iter("{*}Name")}:
            tags = [found.get("{http://www.w3.org/XML/1998/namespace}lang") for found in owner.iterfind("{*}Name")]
            assert tags == languages()


def test_the_csv_has_the_digits_that_were_released(released: ReleasedFolder, files: Path):
    rows = list(csv.DictReader(io.StringIO((files / "data-3.0.csv").read_text(encoding="utf-8"))))
    assert [row["OBS_VALUE"] for row in rows] == [row["obs_value"] for row in _told(released)]
    assert {(row["STRUCTURE"], row["STRUCTURE_ID"]) for row in rows} == {
        ("dataflow", "IQ_CTTF:FOUR_PS_NATIONAL(1.0.0)")
    }


def test_zero_missing_and_withheld_stay_three_things(released: ReleasedFolder, files: Path):
    text = (files / "data-3.0.csv").read_text(encoding="utf-8")
    lower = ({name.lower(): value for name, value in row.items()} for row in csv.DictReader(io.StringIO(text)))
    silent = sum(int(line["CELLS"]) for line in _coverage(files))
    assert Counter(map(state, lower)) + Counter(missing=silent) == released.states


def test_coverage_says_of_every_missing_cell_that_nobody_reported_it_once(released: ReleasedFolder, files: Path):
    lines, found = _coverage(files), Counter[int]()
    missing = [row for row in released.rows if state(row) == "missing"]
    assert missing
    for row in missing:
        (about,) = [
            number
            for number, line in enumerate(lines)
            if all(line[column.upper()] in ("", row[column]) for column in released.key)
        ]
        found[about] += 1
    assert [found[number] for number in range(len(lines))] == [int(line["CELLS"]) for line in lines]
    assert len(lines) < len(missing) / 2


def test_a_cell_that_alone_is_missing_is_named_with_its_breakdown(released: ReleasedFolder):
    whole = [row for row in released.rows if state(row) != "missing"]
    silent = {**whole[0], "obs_value": "", "obs_status": "O"}
    other = with_rows(released, silent, *whole[1:])
    (line,) = _lines(coverage(other).decode("utf-8"))
    assert [line[column.upper()] for column in released.key] == [silent[column] for column in released.key]


def test_a_release_of_which_nothing_is_known_is_still_a_message(released: ReleasedFolder, english: Words):
    silent = with_rows(released, *(row for row in released.rows if state(row) == "missing"))
    for name, data in exporter.export(silent, english).files.items():
        if name.endswith(".xml"):
            validate_doc(data.decode("utf-8"))


def test_a_release_with_more_columns_keeps_them_all(released: ReleasedFolder, english: Words, tmp_path: Path):
    wider = widened(released)
    for name, data in exporter.export(wider, english).files.items():
        (tmp_path / name).write_bytes(data)
        if name.endswith(".xml"):
            validate_doc(data.decode("utf-8"))
    (found,) = get_datasets(tmp_path / "data-3.0.csv", tmp_path / "structure-3.0.xml")
    assert {"OCCUPATION", "ERROR", "ERROR_METHOD"} <= set(found.data.columns)
    written = csv.DictReader(io.StringIO((tmp_path / "data-3.0.csv").read_text(encoding="utf-8")))
    assert [(row["ERROR"], row["ERROR_METHOD"]) for row in written] == [
        (row["error"], row["error_method"]) for row in _told(wider)
    ]


def test_invented_figures_are_marked_as_a_test(files: Path):
    for name in XML:
        assert etree.parse(files / name).getroot().find(".//{*}Test").text == "true"


def test_every_code_of_the_data_is_in_its_code_list(files: Path):
    structure = read_sdmx(files / "structure-3.0.xml")
    lists = {one.id: {code.id for code in one.codes} for one in structure.get_codelists()}
    rows = list(csv.DictReader(io.StringIO((files / "data-3.0.csv").read_text(encoding="utf-8"))))
    checked = 0
    for column in rows[0]:
        if (name := f"CL_FOUR_PS_NATIONAL_{column}") in lists:
            assert {row[column] for row in rows} - {""} <= lists[name]
            checked += 1
    assert checked > 8
