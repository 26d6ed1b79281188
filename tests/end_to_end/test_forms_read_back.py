"""Every form of a finished report is read back and compared with the bytes of its releases, in three languages.

Pages, PDF (as PDFium and Poppler read it, and as it is drawn), slides, workbook, explorer and edition, by readers of
their own (`tests/reports/read_back/`): nothing here asks the code that prints.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ingestion.home import Home
from languages.words import languages
from tests.reports.read_back import faults
from tests.reports.read_back.faults import FinishedReport
from tests.reports.read_back.released_cells import read_released

pytestmark = [pytest.mark.whole_home, pytest.mark.needs_poppler]

TABLES = {  # a form, and how many of its cells have an address at least
    "edition.json": 40_000, "tables.xlsx, all figures": 40_000, "tables.xlsx, sheets": 15_000, "explorer": 80_000,
    "PRT-01.html": 2_000, "PRT-08.html": 1_000, "PRS-07.html": 500, "NCR-01.html": 500,
}  # fmt: skip
SENTENCES = {  # a form, and how many shares of two counts its sentences have at least
    "report.pdf": 30, "summary.pdf": 5, "law_28_monitor.pdf": 10, "slides.pptx": 2, "demands.html": 20,
    "edition.json": 100, "tables.xlsx": 100,
}  # fmt: skip


@pytest.fixture(scope="module")
def finished(demo: Home) -> FinishedReport:
    (folder,) = (path for path in demo.reports.iterdir() if (path / "en").is_dir())
    return FinishedReport(folder, read_released(demo.releases, languages()), languages())


def _first(found: list[str], most: int = 20) -> list[str]:
    return [f"{len(found)} in all", *found[:most]] if found else []


@pytest.mark.parametrize("tag", languages())
def test_every_figure_of_every_table_is_the_released_one_with_its_interval(finished: FinishedReport, tag: str) -> None:
    read = Counter(cell.where.split(" ")[0] for cell in finished.cells(tag))
    read |= Counter(form for form in TABLES for cell in finished.cells(tag) if cell.where.startswith(f"{form} "))
    assert {form: read[form] for form, least in TABLES.items() if read[form] < least} == {}
    assert sum(cell.figure.interval is not None for cell in finished.cells(tag)) > 1_000
    assert _first(faults.figures(finished, tag)) == []


@pytest.mark.parametrize("tag", languages())
def test_a_share_is_one_percentage_in_every_form_that_of_its_counts(finished: FinishedReport, tag: str) -> None:
    assert _first(faults.shares_printed_twice(finished, tag)) == []


@pytest.mark.parametrize("tag", languages())
def test_every_share_of_every_sentence_is_that_of_the_counts_before_it(finished: FinishedReport, tag: str) -> None:
    read = {form: faults.count_of_sentences(finished, tag, form) for form in SENTENCES}
    assert {form: number for form, number in read.items() if number < SENTENCES[form]} == {}
    assert _first(faults.shares_in_sentences(finished, tag)) == []


def test_a_demand_has_one_verdict_in_every_form_and_language(finished: FinishedReport) -> None:
    found = {tag: faults.verdicts(finished, tag) for tag in finished.tags}
    by_demand = {
        demand: {f"{tag} {form}": state for tag in finished.tags for form, state in found[tag][demand].items()}
        for demand in found["en"]
    }
    assert list(by_demand) == ["D1", "D2", "D3", "D4"]
    assert {demand: states for demand, states in by_demand.items() if len(set(states.values())) > 1} == {}


def test_a_question_has_one_verdict_in_the_report_and_in_the_monitor_of_the_law(finished: FinishedReport) -> None:
    found = {tag: faults.answers(finished, tag) for tag in finished.tags}
    assert sum(len(states) > 1 for states in found["en"].values()) > 10
    assert {key: states for key, states in found["en"].items() if len(set(states.values())) > 1} == {}
    assert all(found[tag] == found["en"] for tag in finished.tags)


def test_a_series_has_one_direction_in_every_form_and_language(finished: FinishedReport) -> None:
    directions: dict[str, set[str]] = {}
    for tag in finished.tags:
        for trend in faults.trends(finished, tag):
            directions.setdefault(f"{trend.indicator} {trend.first} to {trend.last}", set()).add(trend.direction)
    assert {series: words for series, words in directions.items() if len(words) > 1 or "?" in words} == {}
    same = {tag: {trend.indicator for trend in faults.trends(finished, tag)} for tag in finished.tags}
    assert all(same[tag] == same["en"] for tag in finished.tags)


def test_the_totals_say_what_the_cells_say(demo: Home, finished: FinishedReport) -> None:
    read = 0
    for dataset in finished.datasets:
        path: Path = demo.releases / dataset / finished.released.versions[dataset] / "totals.csv"
        assert _first(faults.totals_otherwise(path, dataset, finished.released.cells)) == []
        read += len(path.read_text(encoding="utf-8").splitlines())
    assert read > 700


def test_the_verdict_of_a_demand_follows_the_rule_that_the_reader_is_told(finished: FinishedReport) -> None:
    assert faults.broken_rule_of_demands(finished, "en") == []


def test_no_trend_is_told_of_years_that_cannot_be_compared(finished: FinishedReport) -> None:
    assert _first(faults.misleading_trends(finished, "en")) == []


@pytest.mark.parametrize("tag", languages())
def test_number_and_versions_stand_in_every_form_as_one_reads_them_out(finished: FinishedReport, tag: str) -> None:
    assert _first(faults.identifiers_unread(finished, tag)) == []


@pytest.mark.parametrize("tag", languages())
def test_no_form_shows_a_code_word(finished: FinishedReport, tag: str) -> None:
    assert _first(faults.code_words(finished, tag)) == []
