"""The change list: cells that came, went, changed or were hidden, counted and never printed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from languages.words import Words
from reports.analysis.change_list import change_list
from reports.chapters import method
from reports.editions.edition import Paragraph, TableBlock
from reports.released.release_memo import once
from reports.released.report_model import Report
from reports.released.year_changes import compare_versions


def after_a_change(report: Report) -> Report:
    """The report after a version in which four cells of PRT-01 were otherwise."""
    headline = report.releases[0]
    before = headline.frame.copy()
    own = (before["indicator"] == "PRT-01") & (before["ref_area"] == "IQ-FED") & (before["time_period"] == "2025")
    places = list(before.index[own & (before["obs_value"] > 0)])[:4]
    before.loc[places[0], "obs_value"] += 987650
    before = before.drop(index=places[1])
    now = headline.frame.copy()
    now.loc[places[2], ["obs_value", "obs_status"]] = [None, "Q"]
    now = now.drop(index=places[3])
    manifest = {**headline.manifest, "previous": "000000-0123456789ab"}
    changed = replace(headline, frame=now, previous=before, manifest=manifest)
    return replace(report, releases=(changed, *report.releases[1:]))


def lines(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(change_list(report).decode("utf-8"))))


def test_each_kind_is_counted_by_indicator_and_year(report: Report):
    headline = report.releases[0]
    assert lines(after_a_change(report)) == [
        {
            "dataset": "four_ps_national", "before": "000000-0123456789ab", "now": headline.version,
            "indicator": "PRT-01", "time_period": "2025",
            "added": "1", "gone": "1", "revised": "1", "newly_hidden": "1",
        }
    ]  # fmt: skip


def test_no_value_of_either_version_stands_in_the_list(report: Report):
    assert "98765" not in change_list(after_a_change(report)).decode("utf-8")


def test_a_first_edition_has_nothing_to_compare(report: Report):
    assert lines(report) == []
    assert change_list(report).decode("utf-8").startswith("dataset,before,now,indicator,time_period,")
    told = method.changes(report, Words.load("en"))
    texts = [block.text for one in told.chapters for block in one.blocks if isinstance(block, Paragraph)]
    assert texts == ["This is the first edition of these figures: there is nothing to compare them with."] * 2


def test_the_chapter_counts_the_same_cells(report: Report):
    changed = after_a_change(report)
    headline = changed.releases[0]
    assert headline.previous is not None
    changed = replace(changed, changes=(compare_versions(headline.dataset, headline.previous, headline.frame),))
    first = method.changes(changed, Words.load("en")).chapters[0]
    table = next(block for block in first.blocks if isinstance(block, TableBlock))
    assert [[cell.text for cell in row.cells] for row in table.groups[0].rows] == [["1", "1", "1", "1"]]
    assert "98765" not in first.model_dump_json()


def test_what_is_found_once_is_found_anew_in_a_copy(report: Report):
    asked: list[int] = []

    def find(_report: Report) -> int:
        asked.append(1)
        return len(asked)

    remembered = once(find)
    assert (remembered(report), remembered(report), remembered(replace(report))) == (1, 1, 2)
