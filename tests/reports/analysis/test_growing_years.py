"""Which years still grow: by the basis of an indicator, and by what arrived between two releases."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS
from expectations.cards.indicator_messages import card_files
from reports.analysis.comparable_trends import trend_in
from reports.analysis.growing_years import awaits_outcomes, growing_years, grows
from reports.released import report_model
from reports.released.report_model import Report
from tests.reports import invented_releases

YEARS = tuple(str(year) for year in range(2016, 2026))
NOW = dict(zip(YEARS, (40.0, 50.0, 80.0, 100.0, 140.0, 180.0, 240.0, 310.0, 400.0, 520.0), strict=True))


def rows(figures: dict[str, float], area: str = "IQ-FED") -> pd.DataFrame:
    """The invented rows, with these totals of PRS-03."""
    frame = invented_releases.rows(national=True)
    own = (frame[list(DIMENSIONS)] == "_T").all(axis=1) & (frame["indicator"] == "PRS-03") & (frame["ref_area"] == area)
    for year, value in figures.items():
        place = own & (frame["time_period"] == year) & (frame["measure"] == "COUNT")
        assert place.sum() == 1
        frame.loc[place, ["obs_value", "obs_status"]] = [value, "A"]
    return frame


def report(root: Path, before: dict[str, float] | None, newest: str = "2024") -> Report:
    """A report whose release before had these figures of years up to the newest one."""
    home = invented_releases.build(root, change=lambda _: rows(NOW), is_national_only=True)
    loaded = report_model.load(home)
    if before is None:
        return loaded
    previous = rows(NOW | before)
    return invented_releases.with_previous(loaded, previous[previous["time_period"] <= newest])


@pytest.mark.parametrize(
    ("before", "growing"),
    [
        (None, ()),  # a first release shows no arrivals
        ({}, ()),
        ({"2024": 391.0}, ("2025",)),  # at most 395 then, at least 396 now
        ({"2024": 392.0}, ()),
        ({"2024": 500.0}, ()),  # fewer now: nobody arrived
        ({"2023": 301.0}, ("2024", "2025")),
        ({"2023": 302.0}, ()),
        ({"2024": 300.0, "2023": 200.0}, ("2024", "2025")),
        ({"2016": 20.0}, YEARS[1:]),
    ],
    ids=str,
)
def test_a_year_grows_up_to_the_age_at_which_one_grew_since_the_release_before(
    tmp_path: Path, before: dict[str, float] | None, growing: tuple[str, ...]
) -> None:
    release = report(tmp_path, before).headline
    assert release is not None
    assert growing_years(release, "PRS-03", "COUNT", "IQ-FED", YEARS) == growing


def test_the_country_grows_with_each_of_its_regions_and_no_region_with_the_other(tmp_path: Path) -> None:
    release = report(tmp_path, {"2024": 300.0}).headline
    assert release is not None
    assert [grows(release, "PRS-03", "COUNT", area, "2025") for area in ("IQ", "IQ-FED", "IQ-KR")] == [
        True,
        True,
        False,
    ]


def test_years_that_grow_are_left_out_of_a_trend(tmp_path: Path) -> None:
    trend = trend_in(report(tmp_path, {"2023": 200.0}), "PRS-03", "IQ-FED")
    assert trend is not None
    assert trend.trend.years == tuple(range(2018, 2024))


def test_a_cohort_awaits_outcomes_unless_it_was_followed_through(tmp_path: Path) -> None:
    loaded = report(tmp_path, None)
    for basis, caveats, expected in (
        ("period", (), False),
        ("cohort", (), True),
        ("cohort", ("followed_whole_years",), False),
        ("period", ("cohort_still_growing",), False),  # a caveat is a text: it decides nothing
    ):
        release = invented_releases.with_basis(loaded, "PRS-03", basis, *caveats).headline
        assert release is not None
        assert awaits_outcomes(release, "PRS-03") is expected
        assert grows(release, "PRS-03", "COUNT", "IQ-FED", "2016") is expected


def test_a_card_warns_that_its_cohort_still_grows_exactly_where_it_does() -> None:
    for card in card_files():
        is_followed = "followed_whole_years" in card.meta["caveats"]
        is_growing = card.meta["basis"] == "cohort" and not is_followed
        assert ("cohort_still_growing" in card.meta["caveats"]) is is_growing, card.path.name
