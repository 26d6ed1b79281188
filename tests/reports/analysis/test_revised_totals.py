"""By how much a total changed: told where it is large for certain, with the range of both roundings."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.cards.cells import DIMENSIONS
from languages.words import Words, languages
from reports.analysis.revised_totals import RevisedTotal, revised_totals, sentence
from reports.phrases.figure_words import Count
from reports.released import report_model
from tests.reports import invented_releases

FED = "IQ-FED"


def revised(
    root: Path, before: float, now: float, *, expected: int = 2, received: int = 2, area: str = FED, method: str = ""
) -> tuple[RevisedTotal, ...]:
    """The revised totals of PRS-03 where 2024 changed from one figure to another."""

    def change(frame: pd.DataFrame, value: float, reports: int) -> pd.DataFrame:
        place = (frame[list(DIMENSIONS)] == "_T").all(axis=1) & (frame["indicator"] == "PRS-03")
        place &= (frame["ref_area"] == area) & (frame["time_period"] == "2024") & (frame["measure"] == "COUNT")
        assert place.sum() == 1
        frame.loc[place, ["obs_value", "obs_status"]] = [value, "A"]
        frame.loc[place, ["reports_received_count", "reports_expected_count"]] = [reports, expected]
        if method:
            frame.loc[place, "disclosure_method"] = method
        return frame

    home = invented_releases.build(root, change=lambda frame: change(frame, now, received), is_national_only=True)
    previous = change(invented_releases.rows(national=True), before, 2)
    release = invented_releases.with_previous(report_model.load(home), previous).headline
    assert release is not None
    return revised_totals(release)


@pytest.mark.parametrize(
    ("before", "now", "size"),
    [
        (300, 315, None),  # at least 7
        (300, 318, None),
        (300, 319, (11, 27)),
        (300, 320, (12, 28)),
        (320, 300, (12, 28)),
        (319, 300, (11, 27)),
        (318, 300, None),
        (300, 300, None),
    ],
)
def test_a_change_is_told_from_eleven_on_for_certain(
    tmp_path: Path, before: float, now: float, size: tuple[int, int] | None
) -> None:
    totals = revised(tmp_path, before, now)
    assert [(total.least, total.most) for total in totals] == ([size] if size else [])
    assert [total.has_grown for total in totals] == ([now > before] if size else [])


@pytest.mark.parametrize(("now", "is_told"), [(310, False), (311, True)])
def test_two_exact_figures_tell_their_difference_from_eleven_on(tmp_path: Path, now: float, is_told: bool) -> None:
    totals = revised(tmp_path, 300, now, method="EXACT_11")
    assert [(total.least, total.most) for total in totals] == ([(11, 11)] if is_told else [])


@pytest.mark.parametrize(
    ("expected", "received", "reason"),
    [(1, 1, ""), (2, 2, "late_or_corrected"), (3, 3, "new_agency"), (1, 3, "")],
)
def test_the_reason_is_not_told_where_one_agency_sends_the_figure(
    tmp_path: Path, expected: int, received: int, reason: str
) -> None:
    (total,) = revised(tmp_path, 300, 400, expected=expected, received=received)
    assert total.reason == reason


@given(
    st.integers(0, 2000),
    st.integers(0, 2000),
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(-4, 4),
    st.integers(-4, 4),
)
def test_the_range_holds_every_change_that_rounding_allows(
    before: int, now: int, before_error: int, now_error: int, off_before: int, off_now: int
) -> None:
    total = RevisedTotal("PRS-03", FED, "2024", Count(before, before_error), Count(now, now_error))
    true_before = before + max(-before_error, min(before_error, off_before))
    true_now = now + max(-now_error, min(now_error, off_now))
    change = true_now - true_before if total.has_grown else true_before - true_now
    assert total.least <= change <= total.most


@pytest.mark.parametrize("tag", languages())
def test_the_sentence_holds_both_figures_and_the_range(tag: str) -> None:
    words = Words.load(tag)
    total = RevisedTotal("PRS-03", FED, "2024", Count(369), Count(415, 4), "late_or_corrected")
    text = sentence(total, words)
    assert text.endswith(words.text("revised.reason.late_or_corrected"))
    if tag == "en":
        assert "369 in the release before, about 415 in this one" in text
        assert "42" in text
        assert "50" in text
