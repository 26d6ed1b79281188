"""SDG 16.2.2: the global structure's columns and codes, and nothing that was not released."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections import Counter

import pytest
from pysdmx.io import read_sdmx
from pysdmx.io.xml.doc_validation import validate_doc

from languages.refusal import Refusal
from languages.words import Words, languages
from reports.exchange import sdg
from reports.released.released_folder import ReleasedFolder, state
from tests.reports.exchange.invented_rows import invented_row, with_rows


def _exported(released: ReleasedFolder, english: Words, *rows: dict[str, str]) -> list[dict[str, str]]:
    made = sdg.export(with_rows(released, *rows), english)
    return list(csv.DictReader(io.StringIO(made.files["sdg-16-2-2.csv"].decode())))


@pytest.mark.parametrize(
    ("form", "series", "custom"),
    [
        ("_T", "VC_HTF_DETV", "_T"),
        ("SEXUAL", "VC_HTF_DETVSX", "_T"),
        ("FORCED_LABOUR", "VC_HTF_DETVFL", "_T"),
        ("ORGAN", "VC_HTF_DETVOG", "_T"),
        ("BEGGING", "VC_HTF_DETVOP", "C01"),
        ("MULTIPLE", "VC_HTF_DETVOP", "C04"),
    ],
)
def test_each_form_has_its_series(released: ReleasedFolder, english: Words, form: str, series: str, custom: str):
    (row,) = _exported(released, english, invented_row(form=form))
    found = (
        row["SERIES"],
        row["CUST_BREAKDOWN"],
        row["UNIT_MEASURE"],
        row["REF_AREA"],
        row["NATURE"],
        row["OBS_VALUE"],
    )
    assert found == (series, custom, "NUMBER", "368", "C", "35")
    assert bool(row["CUST_BREAKDOWN_LB"]) == (custom != "_T")


def test_a_rate_stands_where_the_release_has_one_and_nowhere_else(released: ReleasedFolder, english: Words):
    rate = invented_row(indicator="PRT-04", measure="RATE", obs_value="0.08", lower="0.05", upper="0.11", form="SEXUAL")
    count, found = _exported(released, english, invented_row(), rate)
    assert (found["SERIES"], found["UNIT_MEASURE"], found["OBS_VALUE"]) == ("VC_HTF_DETVSXR", "PER_100000_POP", "0.08")
    assert (found["LOWER_BOUND"], found["UPPER_BOUND"], count["LOWER_BOUND"]) == ("0.05", "0.11", "")
    made = sdg.export(with_rows(released, invented_row()), english)
    assert "export.sdg.no_rate" in [remark.key for remark in made.remarks]


def test_the_victims_are_those_that_the_rate_counts(released: ReleasedFolder, english: Words):
    rate = {"PRT-04": {"derived": {"RATE": ["PRT-01/COUNT"]}}}
    manifest = {**released.manifest, "indicators": {**released.manifest["indicators"], **rate}}
    told = dataclasses.replace(released, manifest=manifest)
    presumed = invented_row(indicator="PRT-01", obs_value="80")
    assert [row["OBS_VALUE"] for row in _exported(told, english, invented_row(), presumed)] == ["80"]
    assert [row["OBS_VALUE"] for row in _exported(released, english, invented_row(), presumed)] == ["35"]


def test_a_federal_figure_is_not_passed_off_as_that_of_iraq(released: ReleasedFolder, english: Words):
    federal = invented_row(ref_area="IQ-FED", obs_value="40")
    rows = _exported(released, english, federal, invented_row(obs_value="", obs_status="O", disclosure_method="NONE"))
    assert [(row["OBS_VALUE"], row["OBS_STATUS"]) for row in rows] == [("", "O")]
    with pytest.raises(Refusal, match="export_unsuited"):
        _exported(released, english, federal)


def test_withheld_missing_and_zero_stay_three_things(released: ReleasedFolder, english: Words):
    withheld = invented_row(sex="M", form="SEXUAL", obs_value="", obs_status="Q", disclosure_method="WITHHELD")
    missing = invented_row(time_period="2023", obs_value="", obs_status="O", disclosure_method="NONE")
    rows = _exported(released, english, invented_row(sex="M", obs_value="0"), withheld, missing)
    assert {(row["OBS_VALUE"], row["OBS_STATUS"]) for row in rows} == {("0", "A"), ("", "Q"), ("", "O")}
    assert len({row["COMMENT_OBS"] for row in rows}) == 3


def test_unknown_ages_and_other_breakdowns_are_left_out_and_the_first_is_said(released: ReleasedFolder, english: Words):
    made = sdg.export(
        with_rows(released, invented_row(), invented_row(age="_U"), invented_row(holder="task_force")), english
    )
    assert len(made.files["sdg-16-2-2.csv"].decode().splitlines()) == 2
    assert "export.sdg.unknown" in [remark.key for remark in made.remarks]


def test_every_row_is_a_released_cell_of_the_country(whole: ReleasedFolder, english: Words):
    made = sdg.export(whole, english)
    rows = list(csv.DictReader(io.StringIO(made.files["sdg-16-2-2.csv"].decode())))
    country = [row for row in whole.rows if (row["ref_area"], row["indicator"]) == ("IQ", "PRT-02")]
    assert len(rows) == len(country)
    lower = ({name.lower(): value for name, value in row.items()} for row in rows)
    assert Counter(map(state, lower)) == Counter(map(state, country))
    keys = [tuple(row[name] for name in sdg.DIMENSIONS) for row in rows]
    assert len(set(keys)) == len(keys)


def test_the_columns_are_those_of_the_global_structure(whole: ReleasedFolder, english: Words):
    rows = list(csv.DictReader(io.StringIO(sdg.export(whole, english).files["sdg-16-2-2.csv"].decode())))
    assert list(rows[0]) == ["STRUCTURE", "STRUCTURE_ID", "ACTION", *sdg.DIMENSIONS, "OBS_VALUE", *sdg.ATTRIBUTES]
    assert {row["STRUCTURE_ID"] for row in rows} == {"IAEG-SDGs:SDG(1.14)"}
    assert all(row[name] for row in rows for name in (*sdg.DIMENSIONS, *sdg.REQUIRED))


def test_both_messages_are_valid_and_read_back_alike(whole: ReleasedFolder, english: Words):
    files = sdg.export(whole, english).files
    validate_doc(files["sdg-16-2-2.xml"].decode())
    counted = [len(read_sdmx(files[name].decode()).data[0].data) for name in files]
    assert counted[0] == counted[1] > 10


@pytest.mark.parametrize("tag", languages())
def test_comments_are_the_words_of_the_language_in_both_messages(released: ReleasedFolder, tag: str):
    """The writer quotes attributes of XML as Python does, which spells out marks of direction."""
    words = Words.load(tag)
    files = sdg.export(with_rows(released, invented_row()), words).files
    marks = dict.fromkeys(range(0x2066, 0x206A))
    said = words.text("exchange.method.ROUNDED", number=5, less=4).translate(marks)
    for data in files.values():
        assert said in data.decode("utf-8")
        assert "\\u20" not in data.decode("utf-8")


@pytest.mark.parametrize("label", ["A & B", "<A>", '"A"', "it's", "A\\B"])
def test_no_label_breaks_the_message(
    whole: ReleasedFolder, english: Words, label: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sdg.labels, "code", lambda *_: label)
    validate_doc(sdg.export(whole, english).files["sdg-16-2-2.xml"].decode())


def test_a_release_without_victims_is_refused_with_what_it_lacks(released: ReleasedFolder, english: Words):
    with pytest.raises(Refusal, match="export_unsuited") as refused:
        sdg.export(released, english)
    assert "PRT-02" in str(refused.value.arguments["needs"])
