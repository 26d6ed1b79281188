"""The difference between what would be released and what was released last.

Belongs here: comparing two frames of released cells by key. Both are public or about to be, so cells may be named.
Does not belong here: true values, or whether a difference is allowed (`revisions.py`, `mandatory_rules.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from expectations.cards.cells import COUNT_COLUMNS, KEY, SPOKEN, WITH_FIGURE, keys_of


@dataclass(frozen=True)
class ReleaseDifference:
    """What changed, as frames of `KEY` with the printed values before and after, if any.

    Attributes:
        added: cells that were not in the last release, or had no figure or mark there.
        gone: cells of the last release that are missing now, or have no figure or mark.
        revised: cells whose printed value changed.
        newly_hidden: cells that had a value and are withheld now.
        same: number of unchanged cells.
        is_first: whether there was no release before, so that everything is added.
    """

    added: pd.DataFrame
    gone: pd.DataFrame
    revised: pd.DataFrame
    newly_hidden: pd.DataFrame
    same: int
    is_first: bool

    def counts(self) -> dict[str, int]:
        """Return the number of cells of each kind."""
        kinds = {"added": self.added, "gone": self.gone, "revised": self.revised, "newly_hidden": self.newly_hidden}
        return {**{name: len(frame) for name, frame in kinds.items()}, "same": self.same}


def compare(before: pd.DataFrame | None, now: pd.DataFrame) -> ReleaseDifference:
    """Return how `now` differs from `before` (released columns; None if there was no release).

    Args:
        before: released columns of the last version, or None.
        now: released columns of the next release.

    Returns:
        The cells that were added, removed or changed, with printed values before and after.
    """
    empty = now.iloc[:0]
    earlier = _rows_with_figures(empty if before is None else before)
    later = _rows_with_figures(now)
    was_there, is_there = keys_of(later).isin(keys_of(earlier)), keys_of(earlier).isin(keys_of(later))
    both = earlier.merge(later, on=list(KEY), suffixes=("_before", "_now"))
    hidden = both["obs_status_before"].isin(WITH_FIGURE) & (both["obs_status_now"] == "Q")
    alike = (both["obs_value_before"] == both["obs_value_now"]) | (
        both["obs_value_before"].isna() & both["obs_value_now"].isna()
    )
    return ReleaseDifference(
        added=later[~was_there].reset_index(drop=True),
        gone=earlier[~is_there].reset_index(drop=True),
        revised=both[~alike & ~hidden].reset_index(drop=True),
        newly_hidden=both[hidden].reset_index(drop=True),
        same=int(alike.sum()),
        is_first=before is None,
    )


def _rows_with_figures(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.loc[frame["obs_status"].isin(SPOKEN), [*COUNT_COLUMNS, "obs_status"]]
