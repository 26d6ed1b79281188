"""Open SDG: the rules that its builder checks, and the columns of offices that publish 16.2.2 this way."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
import yaml

from languages.words import Words, languages
from reports.exchange import opensdg
from reports.released.released_folder import ReleasedFolder
from tests.reports.exchange.invented_rows import invented_row, with_rows


def _frame(released: ReleasedFolder, words: Words) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(opensdg.export(released, words).files["indicator_16-2-2.csv"]))


@pytest.mark.parametrize("tag", languages())
def test_the_builder_of_open_sdg_would_take_the_file(whole: ReleasedFolder, tag: str):
    """The five rules of `check_csv` of open-sdg/sdg-build: headers, types, blanks before and after, empty rows."""
    frame = _frame(whole, Words.load(tag))
    assert (frame.columns[0], frame.columns[-1]) == ("Year", "Value")
    assert pd.api.types.is_numeric_dtype(frame["Year"])
    assert pd.api.types.is_numeric_dtype(frame["Value"])
    texts = [*frame.columns, *(text for column in frame for text in frame[column].dropna() if isinstance(text, str))]
    assert all(text == text.strip() for text in texts)
    assert not frame.isna().all(axis=1).any()


def test_no_two_rows_are_about_the_same(whole: ReleasedFolder, english: Words):
    frame = _frame(whole, english)
    about = [column for column in frame if column not in ("Value", "Observation status", "Disclosure method")]
    assert not frame.duplicated(about).any()
    rows = [row for row in whole.rows if row["indicator"] == "PRT-02"]
    assert len(frame) == len(rows)
    assert frame["Value"].notna().sum() == sum(row["obs_value"] != "" for row in rows)


def test_the_total_is_a_blank_and_parts_of_the_country_stand_under_area(released: ReleasedFolder, english: Words):
    frame = _frame(with_rows(released, invented_row(), invented_row(ref_area="IQ-FED", sex="F")), english)
    whole = frame[frame["Area"].isna()].iloc[0]
    assert whole[["Sex", "Age", "Form of exploitation"]].isna().all()
    part = frame[frame["Area"].notna()].iloc[0]
    assert (part["Area"], part["Sex"]) == (english.label("area", "IQ-FED"), english.label("sex", "F"))


def test_withheld_missing_and_zero_stay_three_things(released: ReleasedFolder, english: Words):
    rows = [
        invented_row(time_period="2022", obs_value="0"),
        invented_row(time_period="2023", obs_value="", obs_status="O", disclosure_method="NONE"),
        invented_row(time_period="2024", obs_value="", obs_status="Q", disclosure_method="WITHHELD"),
    ]
    frame = _frame(with_rows(released, *rows), english)
    assert frame["Value"].fillna(-1).tolist() == [0, -1, -1]
    assert frame["Observation status"].nunique() == 3
    assert frame["Disclosure method"].nunique() == 3


def test_the_metadata_says_that_figures_are_invented_and_what_they_measure(whole: ReleasedFolder, english: Words):
    found = yaml.safe_load(opensdg.export(whole, english).files["16-2-2.yml"])
    needed = {"indicator_number", "indicator_name", "graph_title", "graph_type", "computation_units", "sdg_goal"}
    assert needed | {"target_id", "reporting_status", "data_non_statistical", "published"} <= set(found)
    assert english.text("exchange.invented") in found["comments_limitations"]
    assert english.text("exchange.sdg.caveat") in found["comments_limitations"]
    assert "CC-BY-4.0" in found["source_other_info_1"]


@pytest.mark.real_input
def test_the_columns_are_those_of_a_statistical_office(whole: ReleasedFolder, english: Words, real_input: Path):
    theirs, ours = pd.read_csv(real_input / "sdg" / "indicator_16-2-2_uk.csv"), _frame(whole, english)
    assert set(theirs.columns) - {"Unit multiplier"} <= set(ours.columns)
    assert (theirs.columns[0], theirs.columns[-1]) == (ours.columns[0], ours.columns[-1])
    assert theirs["Sex"].isna().any()
    assert ours["Sex"].isna().any()
