"""What protection cost the readers of each dataset, coarse enough to be public.

Belongs here: comparing printed figures with the true ones, by dataset. Does not belong here: the measures
(`methods/disclosure/loss.py`), or the cost of other methods (the cards state it,
`tests/expectations/protection/measure_methods.py` measures it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from expectations.cards.cells import COUNT_COLUMNS, LATE_CASES, keys_of
from expectations.protection.constraint_systems import BlockYear
from expectations.protection.protect_block import ProtectedBlock
from methods.disclosure.loss import PublicLoss, public_loss

_COLUMNS = [*COUNT_COLUMNS, "true_value", "error_below"]


def compare_block(block_year: BlockYear, block_protected: ProtectedBlock) -> pd.DataFrame:
    """Return the printed and true figures of one block and year: `KEY`, two values, the method's limit.

    A frozen year is left out: its distance from today's figures is due to late cases, not to protection.
    """
    if block_protected.state == "frozen":
        return pd.DataFrame(columns=_COLUMNS)
    methods = block_protected.printed["disclosure_method"].astype(str)
    bases = methods.str.extract(r"^ROUNDED_(\d+)$")[0].astype(float)
    is_kept = methods.str.startswith("EXACT") & (block_protected.state == "revised")
    limit = np.where(is_kept, LATE_CASES, bases.fillna(1).to_numpy())
    return block_protected.printed.assign(true_value=block_year.true_cells, error_below=limit).loc[:, _COLUMNS]


def losses(cells: Mapping[str, pd.DataFrame], figures: Sequence[pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """Return the public loss of each dataset by name; datasets without protected figures are left out.

    Args:
        cells: cells of each dataset, by name.
        figures: results of `compare_block` for each block and year.
    """
    filled = [frame for frame in figures if len(frame)]
    if not filled:
        return {}
    together = pd.concat(filled, ignore_index=True)
    keys = keys_of(together)
    own = {name: together[keys.isin(keys_of(frame))] for name, frame in cells.items()}
    return {name: asdict(_loss(frame)) for name, frame in own.items() if len(frame)}


def _loss(frame: pd.DataFrame) -> PublicLoss:
    true, printed = (frame[name].to_numpy(dtype=float) for name in ("true_value", "obs_value"))
    return public_loss(true, printed, int(frame["error_below"].astype(float).max()))
