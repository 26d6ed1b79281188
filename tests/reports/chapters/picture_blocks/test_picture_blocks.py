"""Pictures of the report: what stands in each, and what must not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from languages.words import Words, languages
from reports.chapters.picture_blocks.age_picture import age_pyramid
from reports.chapters.picture_blocks.court_picture import court_funnel
from reports.editions.printed_parts import PictureBlock
from reports.released.report_model import Report
from tests.reports.example_reports import ExampleCell, report_of

_HIDDEN = {"status": "Q", "method": "WITHHELD"}
_COURTS = {
    "PRS-01/COUNT": 245.0, "PRS-02/COUNT": 195.0, "PRS-03/COUNT": 490.0, "PRS-06/NUMERATOR": 145.0,
    "PRS-06/NUMERATOR@TRIAL_PENDING": 80.0, "PRS-06/NUMERATOR@TRIAL_CONVICTED_L28": 30.0,
    "PRS-06/NUMERATOR@TRIAL_NOT_CONVICTED": 30.0,
}  # fmt: skip
ENGLISH = Words.load("en")


def courts(**hidden: bool) -> Report:
    """The presumed victims, and the way through the courts, some figures of which are withheld."""
    cells = [ExampleCell(measure="COUNT", value=395.0)]
    for name, value in _COURTS.items():
        measure, _, code = name.partition("@")
        told = _HIDDEN if hidden.get(code or measure) else {"value": value}
        cells.append(ExampleCell(measure=measure, at={"cust_breakdown": code} if code else {}, **told))
    return report_of(cells)


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


def test_a_step_that_is_withheld_stands_with_its_mark():
    hidden = funnel(courts(TRIAL_PENDING=True))
    assert [row.figures[0].told for row in hidden.rows if row.is_open] == ["[c]"]


def test_without_suspects_or_trials_there_is_no_funnel():
    for name in ("PRS-03/COUNT", "PRS-06/NUMERATOR"):
        assert not list(court_funnel(courts(**{name: True}), ENGLISH))


def pyramid(cells: Mapping[tuple[str, str], float | None]) -> list[PictureBlock]:
    found = [ExampleCell(measure="COUNT", value=395.0)]
    for (age, sex), value in cells.items():
        told = _HIDDEN if value is None else {"value": value}
        found.append(ExampleCell(measure="PRT-02/COUNT", at={"age": age, "sex": sex}, **told))
    return list(age_pyramid(report_of(found), ENGLISH))


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
