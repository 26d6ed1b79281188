"""A solver prints nothing, and takes no option that HiGHS does not know."""

from __future__ import annotations

import subprocess
import sys

import pytest

from methods.disclosure.quiet_solver import QuietHighs

_SOLVED = """
solver.addVar(0.0, 2.5)
solver.changeColCost(0, -1.0)
solver.run()
assert solver.getSolution().col_value == [2.5]
"""


def _printed(made: str) -> str:
    """Return what a process prints that makes a solver and solves with it: HiGHS writes past Python's own streams."""
    run = subprocess.run(
        [sys.executable, "-c", f"{made}{_SOLVED}"], capture_output=True, text=True, encoding="utf-8", check=True
    )
    return run.stdout + run.stderr


def test_a_quiet_solver_prints_nothing_from_its_making_to_its_answer() -> None:
    assert _printed("from methods.disclosure.quiet_solver import QuietHighs; solver = QuietHighs()") == ""


def test_a_solver_of_highs_itself_prints_a_banner_even_where_it_is_told_to_be_silent() -> None:
    assert "HiGHS" in _printed("import highspy; solver = highspy.Highs(); solver.silent()")


@pytest.mark.parametrize(
    ("option", "value"), [("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.25)]
)
def test_a_quiet_solver_has_the_options_of_the_house_and_those_it_is_given(option: str, value: float) -> None:
    assert QuietHighs(mip_rel_gap=0.25).getOptionValue(option)[1] == value


def test_an_option_that_highs_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="mip_real_gap"):
        QuietHighs(mip_real_gap=0.0)


def test_a_value_that_an_option_cannot_have_is_refused() -> None:
    with pytest.raises(ValueError, match="mip_rel_gap=-1"):
        QuietHighs(mip_rel_gap=-1.0)
