"""What may be said of late cases that no published figure holds yet.

Here: one number over several held years, rounded, and the proof that it leaves each year's own number open. Not here:
which years are held, or how many cases came late in each.

What a reader knows: each held year has fewer than `least` late cases; the statement; and nothing else, because no table
of today's counts of a held year is printed. The least that one year can hold is then the lower end of the statement
less the most that all others can hold. That year must keep at least `base` possible values, as any rounded figure does;
where it would not, only the threshold is said.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Literal

Said = Literal["fewer", "about", "at_least"]


def late_statement(
    late: Sequence[int], *, key: bytes, label: str, base: int = 5, least: int = 11
) -> tuple[Said, int | None]:
    """Return what may be said of the late cases of several held years together.

    Args:
        late: late cases of each held year of one unit of count.
        key: the series key; with `label` and the sum it decides between the two neighbouring multiples, so that the
            same sum is always said in the same way.
        label: of the unit.
        base: the statement is a multiple of it, less than `base` away from the sum.
        least: nothing is said of fewer than so many, over all years together.

    Returns:
        `fewer` than `least` (no number), `about` (the rounded sum), or `at_least` (the threshold).
    """
    total = sum(late)
    if total < least:
        return "fewer", None
    rounded = _round_total(total, base, hmac.new(key, f"{label}|{total}".encode(), hashlib.sha256).digest())
    lowest = max(rounded - base + 1, least)
    one_year = max(0, lowest - (least - 1) * (len(late) - 1))
    is_open = least - one_year >= base  # its values are one_year, …, least - 1
    return ("about", rounded) if is_open and rounded >= least else ("at_least", least)


def _round_total(total: int, base: int, digest: bytes) -> int:
    """One of the two neighbouring multiples, the nearer one more often: on average the sum is right."""
    down, rest = total - total % base, total % base
    return down + base if int.from_bytes(digest[:8]) % base < rest else down
