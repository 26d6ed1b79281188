"""The section on late cases: every figure of the set, the marked bar and every refusal, in three languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.estimates.nowcast_candidate import BATCHES, COMPLETE
from expectations.published.published_estimates import NOT_CARRIED, WITHDRAWN, SenderNowcast
from expectations.published.report_versions import ReportVersion
from languages.words import Words, languages
from methods.case_flow.told_nowcast import ToldNowcast
from reports.chapters.unseen.estimate_sections import coming_section
from reports.editions.edition import Chapter, ChartBlock, ItemList, TableBlock
from reports.released.report_model import Report

TOLD = SenderNowcast("iom_caseload", "victims", "2025", "2026-04-08", "", ToldNowcast(50, 60, 50, 70, 90, 72))
REASONS = (BATCHES, "short_history", "shifted_delays", "low_cover", NOT_CARRIED, COMPLETE, WITHDRAWN)


def section(words: Words, *senders: SenderNowcast) -> Chapter:
    (found,) = coming_section(Report((), (), is_invented=True, nowcasts=senders), words)
    return found


@pytest.mark.parametrize("tag", languages())
def test_what_has_arrived_stands_inside_the_bar_of_what_is_expected(tag: str):
    words = Words.load(tag)
    found = section(words, TOLD)
    (chart,) = [block for block in found.blocks if isinstance(block, ChartBlock)]
    (table,) = [block for block in found.blocks if isinstance(block, TableBlock)]
    expected, arrived = chart.series
    assert (expected.figures[0].value, arrived.figures[0].value) == (60, 50)
    assert (chart.shape, chart.table) == ("forecast", table.id)
    assert expected.figures[0].text in chart.alternative
    assert words.text("edition.coming.chart.arrived") in chart.alternative


@pytest.mark.parametrize("tag", languages())
def test_the_forecast_stands_under_its_own_measure_with_interval_and_trial(tag: str):
    words = Words.load(tag)
    (table,) = [block for block in section(words, TOLD).blocks if isinstance(block, TableBlock)]
    texts = [column.text for column in table.columns]
    assert len(set(texts)) == len(texts)
    assert not any("NOWCAST" in text for text in texts), "a code is no word of a page"
    ((row,),) = (group.rows for group in table.groups)
    assert [cell.value for cell in row.cells] == [None, None, 50, 60, None, None]
    assert row.cells[4].text == words.text("edition.hidden.between", lower=50, upper=70)
    assert row.cells[5].text == words.text("edition.coming.trial", cover=90, compared=72)


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("reason", REASONS)
def test_each_refusal_has_its_sentence_and_prints_no_figure(tag: str, reason: str):
    words = Words.load(tag)
    found = section(words, replace(TOLD, reason=reason, figures=None))
    assert not [block for block in found.blocks if isinstance(block, TableBlock | ChartBlock)]
    (refused,) = [block for block in found.blocks if isinstance(block, ItemList)]
    assert words.text(f"nowcast.reason.{reason}") in refused.texts[0].replace("\u2068", "").replace("\u2069", "")


def test_senders_of_one_reason_are_told_together():
    words = Words.load("en")
    others = (replace(TOLD, source="iraq_interior_ministry", reason=BATCHES, figures=None),)
    others += (replace(TOLD, source="iraq_labour_ministry", shape="services", reason=BATCHES, figures=None),)
    (refused,) = [block for block in section(words, TOLD, *others).blocks if isinstance(block, ItemList)]
    assert len(refused.texts) == 1


def test_a_home_whose_lists_were_never_asked_has_no_section():
    assert list(coming_section(Report((), (), is_invented=True), Words.load("en"))) == []


def test_the_id_of_a_report_changes_with_the_version_of_an_estimate():
    told = (ReportVersion("nowcast", one) for one in ("000001-a", "000002-b"))
    first, second = (Report((), (), is_invented=True, estimate_versions=(one,)).id for one in told)
    assert first != second
