"""What may be published of late cases that no published figure includes yet.

Belongs here: one number over several frozen years, rounded, and the proof that it leaves each year's own number open.
Does not belong here: which years are frozen, or how many cases came late in each.

What a reader knows: each frozen year has fewer than `least` late cases; the statement; and nothing else, because no
table of today's counts of a frozen year is printed. The least that one year can hold is then the lower end of the
statement less the most that all others can hold. That year must keep at least `base` possible values, as any rounded
figure does; if it would not, only the threshold is published.
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
    """Return what may be published of the late cases of several frozen years together.

    Args:
        late: late cases of each frozen year of one unit of count.
        key: the series key; with `label` and the sum it decides between the two neighbouring multiples, so that the
            same sum is always published in the same way.
        label: label of the unit.
        base: the statement is a multiple of it, less than `base` away from the sum.
        least: no number is published of fewer cases, over all years together.

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
    """Return one of the two neighbouring multiples, the nearer one more often, so that the sum is right on average."""
    down, rest = total - total % base, total % base
    return down + base if int.from_bytes(digest[:8]) % base < rest else down
