"""What may be told of a nowcast: few digits, limits outwards, nothing of few cases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from methods.case_flow.nowcast import BackCast, Forecast, Nowcast
from methods.case_flow.told_nowcast import LEAST_SEEN, ToldNowcast, publishable_nowcast

FOUND = Nowcast((), by_group={"2025": Forecast(48, 56, 51, 64)}, back_cast=BackCast(72, 68 / 72, ()), shift=0.5)


def of(*figures: int) -> Nowcast:
    return replace(FOUND, by_group={"2025": Forecast(*figures)})


def test_figures_are_tens_limits_lie_outwards_and_the_cover_is_rounded_down() -> None:
    assert publishable_nowcast(FOUND, "2025") == ToldNowcast(50, 60, 50, 70, 90, 72)


def test_above_a_hundred_figures_have_two_digits() -> None:
    assert publishable_nowcast(of(1234, 1351, 1290, 1402), "2025") == ToldNowcast(1200, 1400, 1200, 1500, 90, 72)


def test_no_forecast_is_told_below_what_has_come() -> None:
    told = publishable_nowcast(of(55, 55, 55, 56), "2025")
    assert told == ToldNowcast(60, 60, 60, 60, 90, 72)


@pytest.mark.parametrize(("held", "cover"), [(58, 80), (64, 80), (65, 90), (72, 90)])
def test_the_cover_is_told_as_eight_or_nine_in_ten(held: int, cover: int) -> None:
    told = publishable_nowcast(replace(FOUND, back_cast=BackCast(72, held / 72, ())), "2025")
    assert told is not None
    assert told.cover == cover


@pytest.mark.parametrize(("seen", "is_told"), [(LEAST_SEEN - 1, False), (LEAST_SEEN, True), (LEAST_SEEN + 1, True)])
def test_of_fewer_than_thirty_cases_nothing_is_told(seen: int, is_told: bool) -> None:
    assert (publishable_nowcast(of(seen, seen + 9, seen, seen + 20), "2025") is not None) == is_told


@pytest.mark.parametrize("refused", [replace(FOUND, reasons=("low_cover",)), replace(FOUND, back_cast=None)])
def test_a_refused_nowcast_tells_nothing(refused: Nowcast) -> None:
    assert publishable_nowcast(refused, "2025") is None
    assert publishable_nowcast(FOUND, "2024") is None
