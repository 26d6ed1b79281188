"""The arithmetic of differential privacy: conversion, scale, and agreement with OpenDP."""

from __future__ import annotations

import math
import statistics

import pytest

from methods.disclosure.noise.privacy_loss import PrivacyBudget, delta_of, discrete_gaussian, scale_for


@pytest.mark.parametrize("epsilon", [0.5, 1, 2, 4, 12])
def test_the_loss_a_budget_buys_keeps_its_delta_and_a_little_more_breaks_it(epsilon: float) -> None:
    rho = PrivacyBudget(epsilon, 1e-5).rho
    assert 0 < rho < epsilon
    assert delta_of(rho, epsilon) <= 1e-5 < delta_of(rho * 1.01, epsilon)


@pytest.mark.parametrize("epsilon", [1, 4])
def test_the_conversion_is_no_worse_than_the_classical_one(epsilon: float) -> None:
    classical = (math.sqrt(epsilon + math.log(1e5)) - math.sqrt(math.log(1e5))) ** 2  # Bun and Steinke, Proposition 1.3
    assert PrivacyBudget(epsilon, 1e-5).rho > classical


def test_two_files_of_half_the_loss_cost_what_one_file_costs() -> None:
    rho = PrivacyBudget(4, 1e-5).rho
    assert scale_for(rho / 2) ** 2 == pytest.approx(2 * scale_for(rho) ** 2)
    assert scale_for(rho, math.sqrt(15)) == pytest.approx(math.sqrt(15) * scale_for(rho))


def test_no_loss_needs_no_delta() -> None:
    assert delta_of(0.0, 1.0) == 0.0


@pytest.mark.needs_synthetic
@pytest.mark.parametrize("epsilon", [1, 4])
def test_opendp_finds_the_same_loss(epsilon: float) -> None:
    import opendp.prelude as opendp

    opendp.enable_features("contrib")
    space = opendp.vector_domain(opendp.atom_domain(T=opendp.i64)), opendp.l2_distance(T=opendp.f64)
    measurement = opendp.m.make_gaussian(*space, scale=scale_for(PrivacyBudget(epsilon, 1e-5).rho))
    theirs = opendp.c.make_zCDP_to_approxDP(measurement).map(1.0).epsilon(1e-5)
    assert theirs == pytest.approx(epsilon, rel=1e-3)


@pytest.mark.needs_synthetic
def test_the_noise_is_whole_and_of_the_scale_that_was_asked_for() -> None:
    drawn = discrete_gaussian([100] * 4000, 6.0)
    assert all(isinstance(count, int) for count in drawn)
    assert abs(statistics.mean(drawn) - 100) < 1  # eleven standard deviations of the mean
    assert 5 < statistics.stdev(drawn) < 7
    assert discrete_gaussian([100] * 50, 6.0) != drawn[:50]
