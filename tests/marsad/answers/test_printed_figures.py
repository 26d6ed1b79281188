"""Released figures to choose one of: only released cells have coordinates, and each leads to its own printed figure."""

from __future__ import annotations

import pytest

from expectations.published import ledger
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import printed_figures
from marsad.answers.printed_figures import PrintedTable
from reports.released import report_model

DATASET = "four_ps_national"
EN = Words.load("en")


def tables(home: Home) -> list[tuple[str, PrintedTable]]:
    dataset = printed_figures.printed_dataset(home, DATASET)
    return [
        (indicator, table)
        for _, indicators in dataset.pillars
        for indicator in indicators
        for listed in printed_figures.list_tables(home, DATASET, indicator, EN)
        if (table := printed_figures.printed_table(home, DATASET, indicator, listed.id, EN))
    ]


def test_released_datasets_are_offered_with_their_newest_version(own_released: Home):
    offered = {dataset.name: dataset.version for dataset in printed_figures.printed_datasets(own_released)}
    assert offered == {entry.dataset: entry.version for entry in ledger.entries(own_released)}


def test_each_figure_with_coordinates_leads_to_the_figure_that_is_printed_there(own_released: Home):
    checked = 0
    for _, table in tables(own_released):
        for _, rows in table.groups:
            for figure in (figure for row in rows for figure in row.figures if figure.coordinates):
                described = printed_figures.described_figure(own_released, DATASET, figure.coordinates, EN)
                assert described is not None
                assert (described.printed.figure, described.printed.mark) == (figure.figure, figure.mark)
                checked += 1
    assert checked > 50


def test_no_cell_is_offered_that_is_not_released(own_released: Home):
    release = next(one for one in report_model.load(own_released).releases if one.dataset == DATASET)
    offered = [
        figure.coordinates
        for _, table in tables(own_released)
        for _, rows in table.groups
        for row in rows
        for figure in row.figures
        if figure.coordinates
    ]
    keys = {tuple(sorted(coordinates.items())) for coordinates in offered}
    assert len(keys) <= len(release.cells)
    for coordinates in offered:
        assert all(code != "_T" for code in coordinates.values())


def test_coordinates_without_a_released_cell_describe_nothing(own_released: Home):
    for coordinates in ({}, {"indicator": "PRT-03", "measure": "SHARE", "ref_area": "IQ-FED", "time_period": "1999"}):
        assert printed_figures.described_figure(own_released, DATASET, coordinates, EN) is None


@pytest.mark.parametrize("tag", languages())
def test_a_figure_says_what_it_is_in_each_language(own_released: Home, tag: str):
    words = Words.load(tag)
    cell = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": "2023", "sex": "F"}
    described = printed_figures.described_figure(own_released, DATASET, cell, words)
    assert described is not None
    values = [value for _, value in described.places]
    assert words.label("area", "IQ-FED") in values
    assert words.label("sex", "F") in values
    assert described.printed.figure


def test_every_mark_of_a_table_is_explained(own_released: Home):
    for _, table in tables(own_released):
        shown = {figure.mark for _, rows in table.groups for row in rows for figure in row.figures if figure.mark}
        assert shown == {mark for mark, _ in table.marks}


def test_unknown_names_are_refused_or_nothing(own_released: Home):
    assert printed_figures.list_tables(own_released, DATASET, "PRT-99", EN) == []
    assert printed_figures.printed_table(own_released, DATASET, "PRT-01", "no-such-table", EN) is None
    with pytest.raises(Refusal) as refused:
        printed_figures.printed_dataset(own_released, "four_ps")
    assert refused.value.code == "dataset_unknown"
    with pytest.raises(Refusal) as unreleased:
        printed_figures.printed_dataset(own_released, "law_28_monitor")
    assert unreleased.value.code == "nothing_released"
