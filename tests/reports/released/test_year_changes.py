"""What a page says of the difference to the release before: new years, new places, past years that changed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS
from languages.numbers import number
from languages.words import Words, languages
from reports.chapters import build_edition
from reports.released.report_model import Report
from reports.released.year_changes import FirstTold, PastYear, VersionChange, compare_versions
from reports.renderers import site

HALABJA = "IQG06Q05"


def _frame(*rows: tuple[str, str, str, float | None]) -> pd.DataFrame:
    """Totals of (indicator, area, year, value); without a value nobody reported."""
    frame = pd.DataFrame(rows, columns=["indicator", "ref_area", "time_period", "obs_value"])
    frame["obs_status"] = frame["obs_value"].isna().map({True: "O", False: "A"})
    return frame.assign(measure="COUNT", **dict.fromkeys(DIMENSIONS, "_T"))


BEFORE = _frame(
    ("PRT-01", "IQG08", "2023", 50), ("PRT-01", "IQG08", "2024", 60), ("PRT-01", HALABJA, "2024", None)
)  # fmt: skip


def test_the_same_figures_are_no_change():
    assert not compare_versions("four_ps_governorate", BEFORE, BEFORE)


def test_a_place_is_new_where_it_had_no_figure_and_a_year_is_past_where_it_had_another():
    now = _frame(
        ("PRT-01", "IQG08", "2023", 50), ("PRT-01", "IQG08", "2024", 65), ("PRT-01", "IQG08", "2025", 70),
        ("PRT-01", HALABJA, "2024", 0), ("PRT-01", HALABJA, "2025", 5), ("PRT-02", "IQG08", "2024", 10),
    )  # fmt: skip
    assert compare_versions("four_ps_governorate", BEFORE, now) == VersionChange(
        "four_ps_governorate",
        years=("2025",),
        places=(FirstTold("PRT-01", (HALABJA,), ("2024", "2025")),),
        past=(PastYear("2024", 1, ("PRT-01",)),),
    )


def test_a_figure_that_came_to_a_known_place_is_neither():
    now = _frame(("PRT-01", "IQG08", "2022", 40), ("PRT-01", "IQG08", "2023", 50), ("PRT-01", "IQG08", "2024", 60))
    assert compare_versions("four_ps_governorate", BEFORE, now) == VersionChange(
        "four_ps_governorate", ("2022",), (), ()
    )


def _page(report: Report, words: Words) -> str:
    told = build_edition.edition(report, words)
    own = tuple(chapter for chapter in told.chapters if chapter.id == "changes")
    return site.render(told.model_copy(update={"chapters": own}), [])["changes.html"].decode("utf-8")


@pytest.mark.parametrize("tag", languages())
def test_the_page_says_what_changed_and_nothing_after_a_first_release(report: Report, tag: str):
    words = Words.load(tag)
    assert report.changes == ()
    said = f"<p>{words.text('edition.changes.first')}</p>"
    assert said in _page(report, words)
    now = _frame(("PRT-01", "IQG08", "2024", 65), ("PRT-01", HALABJA, "2024", 0))
    change = compare_versions("four_ps_governorate", BEFORE, now)
    releases = tuple(replace(one, previous=one.frame) for one in report.releases)
    told = _page(replace(report, releases=releases, changes=(change,)), words)
    section = told.partition('<section id="changes-four-ps-governorate"')[2].partition("</section>")[0]
    assert words.label("area", HALABJA) in section
    assert words.text("indicator.prt_01.title") in section
    assert words.text("page.changes.why", least=11) in section
    for earlier in (60, 65):  # neither the figure of before, nor by how much it changed
        assert number(earlier, words.numerals) not in section
