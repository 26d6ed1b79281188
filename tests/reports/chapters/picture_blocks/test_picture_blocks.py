"""Pictures of the report: what stands in each, and what must not."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from languages.words import Words, languages
from reports.analysis.scoreboard import DemandScore, Direction, IndicatorStanding
from reports.chapters.picture_blocks import share_pictures
from reports.chapters.picture_blocks.age_picture import age_pyramid
from reports.chapters.picture_blocks.court_picture import court_funnel
from reports.chapters.picture_blocks.share_pictures import shares_of_demands
from reports.editions.printed_parts import PictureBlock
from reports.findings.finding_rules import RuleCell, rules
from reports.findings.shares_together import SharesAgainstHalf
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import Report
from tests.reports.findings.finding_examples import report_of

_PRESUMED = next(rule for rule in rules() if rule.key == "presumed")
_HIDDEN = {"status": "Q", "method": "WITHHELD"}
_COURTS = {
    "PRS-01/COUNT": 245.0, "PRS-02/COUNT": 195.0, "PRS-03/COUNT": 490.0, "PRS-06/NUMERATOR": 145.0,
    "PRS-06/NUMERATOR@TRIAL_PENDING": 80.0, "PRS-06/NUMERATOR@TRIAL_CONVICTED_L28": 30.0,
    "PRS-06/NUMERATOR@TRIAL_NOT_CONVICTED": 30.0,
}  # fmt: skip
ENGLISH = Words.load("en")
_DIRECTIONS: Mapping[str, Direction] = {"PRT-08": "up", "PRT-09": "up", "PRT-10": "no_clear_change"}


def courts(**hidden: bool) -> Report:
    """The presumed victims, and the way through the courts, some figures of which are withheld."""
    cells = [RuleCell(measure="COUNT", value=395.0)]
    for name, value in _COURTS.items():
        measure, _, code = name.partition("@")
        told = _HIDDEN if hidden.get(code or measure) else {"value": value}
        cells.append(RuleCell(measure=measure, at={"cust_breakdown": code} if code else {}, **told))
    return report_of(_PRESUMED, cells)


def funnel(report: Report, tag: str = "en") -> PictureBlock:
    (found,) = court_funnel(report, Words.load(tag))
    return found


@pytest.mark.parametrize("tag", languages())
def test_the_funnel_leads_from_reports_to_convictions_and_shows_who_is_still_open(tag: str):
    found = funnel(courts(), tag)
    assert [row.figures[0].value for row in found.rows] == list(_COURTS.values())
    assert [row.is_open for row in found.rows] == [False] * 4 + [True] + [False] * 2
    assert all(row.label in found.alternative and row.figures[0].text in found.alternative for row in found.rows)


def test_cases_and_persons_stand_under_headings_of_their_own():
    assert [row.heading for row in funnel(courts()).rows if row.heading] == ["case files", "accused persons"]


def test_the_title_says_what_is_certain_and_only_a_name_where_nothing_is():
    assert "have not been judged yet" in funnel(courts()).title
    unsaid = funnel(courts(TRIAL_PENDING=True))
    assert "have not been judged yet" not in unsaid.title
    assert [row.figures[0].told for row in unsaid.rows if row.is_open] == ["[c]"]


def test_without_suspects_or_trials_there_is_no_funnel():
    for name in ("PRS-03/COUNT", "PRS-06/NUMERATOR"):
        assert not list(court_funnel(courts(**{name: True}), ENGLISH))


def pyramid(cells: Mapping[tuple[str, str], float | None]) -> list[PictureBlock]:
    found = [RuleCell(measure="COUNT", value=395.0)]
    for (age, sex), value in cells.items():
        told = _HIDDEN if value is None else {"value": value}
        found.append(RuleCell(measure="PRT-02/COUNT", at={"age": age, "sex": sex}, **told))
    return list(age_pyramid(report_of(_PRESUMED, found), ENGLISH))


def test_the_pyramid_has_children_in_their_colour_and_nobody_is_put_anywhere():
    (found,) = pyramid({("Y0T17", "F"): 55, ("Y0T17", "M"): 30, ("Y_GE18", "F"): 100, ("_U", "M"): 5})
    assert [(row.label, row.is_of_children, row.is_aside) for row in found.rows] == [
        ("Under 18", True, False),
        ("18 and over", False, False),
        ("Age not known", False, True),
    ]
    assert [row.figures[1].told for row in found.rows] == ["30", "[n]", "5"]


def test_a_pyramid_of_one_band_is_none():
    assert not pyramid({("Y0T17", "F"): 55, ("Y_GE18", "F"): None})


def standing(code: str, direction: Direction = "up", share: float = 0.4) -> IndicatorStanding:
    cell = ReleasedCell(share, method="DERIVED", is_share=True, lower=share - 0.05, upper=share + 0.05)
    return IndicatorStanding(code, "SHARE", "IQ-FED", "told", "2025", cell, share - 0.05, share + 0.05, direction)


def pictures_of(*standings: IndicatorStanding, tag: str = "en") -> list[PictureBlock]:
    """The pictures of shares."""
    cells = [
        RuleCell(measure=f"{one.indicator}/{part}", year=year, value=value)
        for one in standings
        for year in ("2024", "2025")
        for part, value in (("SHARE", 0.3), ("NUMERATOR", 40.0), ("DENOMINATOR", 100.0))
    ]
    report = report_of(_PRESUMED, [RuleCell(measure="COUNT", value=395.0), *cells])
    scores = [DemandScore(code, "IQ-FED", standings) for code in ("D1", "D2")]
    found = shares_of_demands(report, scores, "IQ-FED", "2025", Words.load(tag))
    return [one for several in found.values() for one in several]


def drawn(*standings: IndicatorStanding) -> dict[str, list[str]]:
    """The labels of the pictures of shares, by their ids."""
    return {one.id: [row.label for row in one.rows] for one in pictures_of(*standings)}


def test_a_share_stands_under_the_first_demand_alone_in_the_order_of_numbers():
    found = drawn(standing("PRT-08"), standing("PRT-09", "down", 0.8), standing("PRT-10", "no_clear_change", 0.2))
    assert set(found) == {"shares-d1", "change-d1"}
    assert found["shares-d1"] == ["Shelter coverage", "Male shelter coverage", "Child shelter coverage"]


@pytest.mark.parametrize("tag", languages())
def test_a_title_counts_what_there_is_and_nothing_that_there_is_not(tag: str):
    shares = [standing(code, direction) for code, direction in _DIRECTIONS.items()]
    titles = {one.id: one.title for one in pictures_of(*shares, tag=tag)}
    assert [title for title in titles.values() if re.search("\\b[0٠]\\b", title)] == []
    words = Words.load(tag)
    assert words.text("edition.picture.slope.up", count=2) in titles["change-d1"]
    assert words.text("edition.picture.slope.no_clear_change", count=1) in titles["change-d1"]
    assert words.text("edition.picture.intervals.neither") in titles["shares-d1"]


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize(("below", "above"), [(3, 0), (0, 3), (2, 1), (0, 1)])
def test_of_shares_on_one_side_of_a_half_the_other_side_is_not_told(
    monkeypatch: pytest.MonkeyPatch, below: int, above: int, tag: str
):
    monkeypatch.setattr(share_pictures, "against_half", lambda *_: SharesAgainstHalf(3, below, above))
    (title,) = [one.title for one in pictures_of(*map(standing, _DIRECTIONS), tag=tag) if one.id == "shares-d1"]
    words, told = Words.load(tag), {"below": below, "above": above}
    for side, count in told.items():
        assert (words.text(f"edition.picture.intervals.{side}", count=count) in title) == (0 < count < 3)
    assert re.search(r"\b[0٠]\b", title) is None


def test_no_slope_is_drawn_of_what_may_not_be_compared():
    three = [standing(code) for code in ("PRT-08", "PRT-09", "PRT-10")]
    assert "change-d1" in drawn(*three)
    for direction in ("broken", "not_comparable", "too_small"):
        assert "change-d1" not in drawn(*three[:2], standing("PRT-10", direction))


def test_an_indicator_that_divides_a_whole_is_no_share():
    assert "shares-d1" not in drawn(standing("PRT-08"), standing("PRT-09", share=1.0))
