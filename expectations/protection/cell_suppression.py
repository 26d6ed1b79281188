"""Where a card wants exact figures of country and regions: which are withheld, and when they can be exact at all.

Belongs here: what suppression means for a year that was printed before. Does not belong here: the search for a pattern
(`methods/disclosure/suppression/suppression_of_blocks.py`), the order of attempts (`protect_block.py`).

Exact figures exist in a year's first publication only: a second exact figure would reveal the late cases between the
two. A revised year is rounded, and a withheld cell stays withheld unless the audit allows more. Cells that join an
unchanged year are exact or withheld next to those already printed, which stay as they are.
"""

from __future__ import annotations

import numpy as np

from expectations.protection.constraint_systems import SUPPRESSION, BlockYear
from expectations.protection.revisions import PriorReleases, change
from languages.refusal import Refusal
from methods.disclosure.suppression.suppression_moves import NotProtected
from methods.disclosure.suppression.suppression_of_blocks import TooManyCells, suppress_block


def suppression_method(block_year: BlockYear) -> str:
    """Return the method of every cell of its suppressed tables, or an empty text if none is suppressed."""
    suppression = block_year.scheme.suppression_of(block_year.block[0].partition("/")[0])
    return f"{SUPPRESSION}_{suppression.protection.threshold}" if suppression and block_year.suppressed.any() else ""


def hidden_before(block_year: BlockYear, prior: PriorReleases) -> np.ndarray:
    """Return which cells were withheld by suppression when they were last printed."""
    rows = prior.row_of_counts(block_year)
    is_suppressed = rows["disclosure_method"].astype(str).str.startswith(SUPPRESSION).to_numpy()
    return is_suppressed & (rows["obs_status"] == "Q").to_numpy()


def find_secondary_hidden(block_year: BlockYear, prior: PriorReleases) -> np.ndarray | None:
    """Return which cells are withheld so that the other suppressed ones can be exact; None if they cannot be.

    Raises:
        Refusal: `card_invalid` if an optimum is wanted for more cells than can be proved optimal.
    """
    suppression = block_year.scheme.suppression_of(block_year.block[0].partition("/")[0])
    chosen = block_year.suppressed
    if suppression is None or not chosen.any() or not _may_be_exact(block_year, prior):
        return None
    hidden, rows = hidden_before(block_year, prior), prior.row_of_counts(block_year)
    shown = chosen & rows["obs_status"].notna().to_numpy() & ~hidden
    try:
        return suppress_block(
            block_year.model,
            block_year.true_base,
            chosen,
            threshold=suppression.protection.threshold,
            is_optimal=suppression.protection.search == "optimal",
            hidden=hidden,
            shown=shown,
        )
    except TooManyCells as error:
        field = "protection.search"
        raise Refusal(
            "card_invalid", where=block_year.label, field=field, problem="too_many_cells", nearest="greedy"
        ) from error
    except NotProtected:
        return chosen & ~shown


def _may_be_exact(block_year: BlockYear, prior: PriorReleases) -> bool:
    """Return whether its suppressed tables were never printed by another method, and nothing changed since printing."""
    methods = prior.row_of_counts(block_year)["disclosure_method"].dropna().astype(str)
    places = prior.row_of_counts(block_year)["disclosure_method"].notna().to_numpy() & block_year.suppressed
    was_suppressed = methods[places[methods.index]].str.startswith(SUPPRESSION).all()
    return bool(was_suppressed) and all(change(sealed, block_year.base) == 0 for sealed in prior.sealed)
