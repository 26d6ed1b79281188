"""Work for other processes, in a module of its own: a process that is begun reads in no more than it needs."""

from __future__ import annotations

from languages.refusal import Refusal


def refuse(number: int) -> int:
    """Refuse a task by its number."""
    raise Refusal("rounding_impossible", where=f"block {number}", number=number)
