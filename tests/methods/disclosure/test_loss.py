"""Loss of use: known small tables, and what may be said of it in public."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from methods.disclosure.loss import ENOUGH_CELLS, additive, loss, public_loss

TRUE = np.array([7.0, 0.0, 2.0, 9.0])
SUMS = sp.csr_matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])


def test_zeros_do_not_count_for_the_mean_error():
    found = loss(TRUE, np.array([5.0, 0.0, np.nan, 10.0]), SUMS)
    assert found.cells == 4
    assert found.mean_error == pytest.approx(1.5)
    assert found.greatest_error == 2


def test_figures_that_no_base_cells_add_up_to_are_not_additive():
    assert additive(SUMS, np.array([5.0, 0.0, 5.0, 10.0]))
    assert not additive(SUMS, np.array([5.0, 0.0, 0.0, 10.0]))
    assert loss(TRUE, np.array([5.0, np.nan, 0.0, 10.0]), SUMS).is_additive


def test_nothing_printed_has_no_error():
    found = loss(TRUE, np.full(4, np.nan), SUMS)
    assert np.isnan(found.mean_error)
    assert (found.greatest_error, found.is_additive) == (0.0, True)


@pytest.mark.parametrize(("figures", "mean"), [(ENOUGH_CELLS - 1, None), (ENOUGH_CELLS, 2.0)])
def test_the_mean_error_of_few_figures_is_kept_back(figures: int, mean: float | None):
    true = np.full(figures, 7.0)
    assert public_loss(true, np.full(figures, 5.0), 5).mean_error == mean


def test_the_public_loss_moves_in_tenths_and_not_with_one_late_case():
    true, printed = np.full(400, 7.0), np.full(400, 5.0)
    before = public_loss(true, printed, 5)
    true[0] = 8
    assert public_loss(true, printed, 5) == before


def test_the_greatest_error_is_told_by_the_method_alone():
    true = np.full(200, 6.0)
    assert public_loss(true, np.full(200, 5.0), 5).error_below == 5
