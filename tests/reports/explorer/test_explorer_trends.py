"""The trend of a total in the explorer: under its line, and under no other choice."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from languages.words import Words
from reports.explorer import cube as cubes
from reports.explorer import explorer_page
from reports.released.report_model import Report
from tests.reports.browsing import opened
from tests.reports.explorer.test_explorer_page import go, ready


@pytest.mark.needs_browser
def test_the_trend_of_a_total_stands_under_its_chart_and_under_no_other(
    browser: Browser, report: Report, tmp_path: Path
) -> None:
    cube = cubes.cube(report, Words.load("ckb"), ["ckb"])
    file = tmp_path / "explorer.html"
    file.write_bytes(explorer_page.render(cube))
    subject, trend = next((subject, trend) for subject in cube.subjects for trend in subject.trends)
    total = f"subject={subject.dataset}.{subject.code}&measure={trend.measure}&breakdown=total"
    with opened(browser, file) as page:
        page.goto(file.as_uri() + f"#{total}&place={trend.place}")
        ready(page)
        assert page.text_content("#trend") == trend.text
        go(page, f"{total}&place=all")
        assert page.text_content("#trend") == ""
