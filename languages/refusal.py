"""The one error that people read.

Belongs here: the exception that carries a reason code and its arguments from any floor to the front desk. What it
says (what happened, what to do) stands in the catalogues under `refusal.<code>` and `refusal.<code>.remedy`.
Does not belong here: how it is printed (`marsad`), or any rule that raises it.
"""

from __future__ import annotations

from collections.abc import Callable


class Refusal(Exception):  # noqa: N818 - a refusal is the field's word; it is an answer, not a crash
    """A request that the house answers with no: a reason code, a place and a remedy.

    Args:
        code: key of the closed vocabulary, e.g. `verdict_missing`; the catalogue holds its words.
        where: the place: a file, a dataset, a cell, a card field. Never a personal value.
        arguments: values for the placeholders of the message. Never a personal value.
    """

    def __init__(self, code: str, /, *, where: str = "", **arguments: str | int) -> None:
        super().__init__(f"{code}: {where}" if where else code)
        self.code = code
        self.where = where
        self.arguments = arguments

    def __reduce__(self) -> tuple[Callable[..., Refusal], tuple[str, str, dict[str, str | int]]]:
        """Come back from another process as what it was: the way of all exceptions would lose code and place."""
        return _rebuild_refusal, (self.code, self.where, self.arguments)


def _rebuild_refusal(code: str, where: str, arguments: dict[str, str | int]) -> Refusal:
    return Refusal(code, where=where, **arguments)
