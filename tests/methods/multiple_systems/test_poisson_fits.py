"""Fits and their existence: published figures, another solver, and the linear programme for every small pattern."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import root
from scipy.stats import poisson

from methods.multiple_systems.loglinear_models import Booleans, ModelSpace
from methods.multiple_systems.overlap_table import OverlapTable
from methods.multiple_systems.poisson_fits import Fits, Fitter, _Problem, has_maximum
from tests.methods.multiple_systems.published_tables import ARTIFICIAL, KOREA, KOSOVO, UK_5


def fit(table: OverlapTable, pairs: list[tuple[str, str]]) -> tuple[Fits, Fitter, Booleans]:
    fitter = Fitter(ModelSpace(len(table.lists)))
    model = fitter.space.model_of([tuple(map(table.lists.index, pair)) for pair in pairs])
    return fitter.fit(table.counts[None, 1:].astype(float), model[None, :]), fitter, model


@pytest.mark.parametrize(
    ("pairs", "estimate", "bic"),
    [
        ("bc cd", 157.1667, 57.14081),
        ("bc", 268.7778, 58.9686),
        ("bd cd", 123.463, 91.89711),
        ("cd", 126.1944, 138.06368),
        ("bd", 126.9394, 155.16018),
        ("", 141.9926, 184.14431),
    ],
)
def test_korea_has_the_published_estimates_and_bic(pairs: str, estimate: float, bic: float) -> None:
    """MultipleSystemsEstimation 1.2.0, user guide: six fixed models."""
    fits, _, _ = fit(KOREA, [(pair[0], pair[1]) for pair in pairs.split()])
    assert round(123 + fits.unseen[0], 4) == estimate
    assert round(fits.bic[0], 5) == bic


def every_pair(table: OverlapTable) -> list[tuple[str, str]]:
    return [(one, other) for one in table.lists for other in table.lists if one < other]


@pytest.mark.parametrize(
    ("table", "pairs", "estimate", "aic"),
    [
        (UK_5, [], 13444.1312090139, 217.778876462761),
        (KOSOVO, [], 7394.58666230024, 357.362741143606),
        (KOSOVO, every_pair(KOSOVO), 14402.4889516869, 163.256041617892),
        (KOREA, [], 141.99264735066, 172.895570631994),
    ],
)
def test_fixed_models_have_the_estimates_and_aic_of_another_program(
    table: OverlapTable, pairs: list[tuple[str, str]], estimate: float, aic: float
) -> None:
    """R's glm, kept as a reference beside the published tables."""
    fits, _, model = fit(table, pairs)
    assert table.observed + fits.unseen[0] == pytest.approx(estimate, rel=1e-8)
    assert 2 * model.sum() - 2 * fits.log_likelihood[0] == pytest.approx(aic, rel=1e-8)


def test_the_home_office_model_gives_its_widely_quoted_figure() -> None:
    pairs = [("LA", "NG"), ("LA", "PFNCA"), ("NG", "GO"), ("NG", "GP"), ("PFNCA", "GP"), ("GO", "GP")]
    fits, _, _ = fit(UK_5, pairs)
    assert round(2744 + fits.unseen[0], 2) == 11312.99


def test_existence_of_the_artificial_table_is_as_published() -> None:
    """SparseMSE's own tests: 0 1 0 0 1 1 0 2 for none, AB, AC, BC, AB+AC, AB+BC, AC+BC, all three."""
    fitter = Fitter(ModelSpace(3))
    pairs = [(0, 1), (0, 2), (1, 2)]
    sets = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]
    models = np.array([fitter.space.model_of([pairs[place] for place in chosen]) for chosen in sets])
    fits = fitter.fit(np.tile(ARTIFICIAL.counts[1:].astype(float), (8, 1)), models)
    assert fits.codes.tolist() == [0, 1, 0, 0, 1, 1, 0, 2]
    assert np.isfinite(fits.unseen).tolist() == [code == 0 for code in fits.codes]


def test_korea_with_all_pairs_has_no_estimate_and_the_programme_is_asked_once() -> None:
    fits, fitter, model = fit(KOREA, every_pair(KOREA))
    assert fits.codes.tolist() == [1]
    assert fitter.programmes == 1
    fitter.fit(2 * KOREA.counts[None, 1:].astype(float), model[None, :])
    assert fitter.programmes == 1


def test_for_every_pattern_of_zeros_and_every_model_of_three_lists_newton_and_the_programme_agree() -> None:
    space = ModelSpace(3)
    models = space.all_models(8)
    assert models is not None
    patterns = np.array([bits for bits in product((0.0, 7.0), repeat=7) if any(bits)])
    counts = np.repeat(patterns, len(models), axis=0)
    asked = np.tile(models, (len(patterns), 1))
    fits = Fitter(space).fit(counts, asked)
    for row in range(0, len(counts), 3):  # a third of them, all models among them
        lost = asked[row] & (counts[row] @ space.design == 0)
        kept = ~(space.design[:, lost] > 0).any(axis=1)
        left = space.design[kept][:, asked[row] & ~lost]
        code = 2 * int(np.linalg.matrix_rank(left) < left.shape[1])
        if not code:
            code = int(not has_maximum(left, counts[row][kept]))
        assert fits.codes[row] == code, (counts[row], asked[row])


def test_the_certificate_is_right_for_models_of_five_lists() -> None:
    space = ModelSpace(5)
    models = space.all_models(1_100)
    assert models is not None
    some = models[:: len(models) // 25]
    counts = UK_5.counts[1:].astype(float)
    fitter = Fitter(space)
    fits = fitter.fit(np.tile(counts, (len(some), 1)), some)
    assert fitter.programmes < len(some) // 2
    for code, model in zip(fits.codes, some, strict=True):
        lost = model & (counts @ space.design == 0)
        kept = ~(space.design[:, lost] > 0).any(axis=1)
        assert (code == 0) == has_maximum(space.design[kept][:, model & ~lost], counts[kept])


def test_means_that_miss_the_margins_by_more_than_their_own_size_certify_nothing() -> None:
    space = ModelSpace(3)
    counts = KOREA.counts[None, 1:].astype(float)
    kept, free = np.ones((1, 7), dtype=bool), space.independence[None, :]
    problem = _Problem(space, counts, kept, free)
    found, certain = problem.climb(None, 30)
    assert certain.all()
    assert problem.is_certified(found).all()
    assert not problem.is_certified(found + 0.01).any()
    everything = np.ones((1, 7), dtype=bool)
    _, certain = _Problem(space, counts, kept, everything).climb(None, 30)
    assert not certain.any()  # all pairs: the way leads to minus infinity


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=15, max_size=15), st.integers(0, 63))
def test_a_fit_solves_the_equations_that_another_solver_solves(counts: list[int], chosen: int) -> None:
    space = ModelSpace(4)
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    model = space.model_of([pair for place, pair in enumerate(pairs) if chosen >> place & 1])
    table = np.array(counts, dtype=float)
    fits = Fitter(space).fit(table[None, :], model[None, :])
    design = space.design[:, model]
    start = np.linalg.lstsq(design, np.log(table), rcond=None)[0]
    found = root(
        lambda b: design.T @ (table - np.exp(design @ b)),
        start,
        jac=lambda b: -design.T @ (np.exp(design @ b)[:, None] * design),
        tol=1e-13,
    )
    assert fits.unseen[0] == pytest.approx(np.exp(found.x[0]), rel=1e-8)
    means = np.exp(design @ found.x)
    assert fits.log_likelihood[0] == pytest.approx(poisson.logpmf(table, means).sum(), rel=1e-10)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=7, max_size=7).filter(any))
def test_fits_in_one_batch_are_fits_alone(counts: list[int]) -> None:
    space = ModelSpace(3)
    models = space.all_models(8)
    assert models is not None
    table = np.array(counts, dtype=float)
    together = Fitter(space).fit(np.tile(table, (8, 1)), models)
    for row, model in enumerate(models):
        alone = Fitter(space).fit(table[None, :], model[None, :])
        assert alone.codes[0] == together.codes[row]
        np.testing.assert_allclose(alone.unseen[0], together.unseen[row], rtol=1e-8)


def test_no_fits_are_no_error() -> None:
    space = ModelSpace(3)
    assert len(Fitter(space).fit(np.empty((0, 7)), np.empty((0, 7), dtype=bool)).codes) == 0
