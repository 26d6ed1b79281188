"""The one error whose message users read.

Belongs here: the exception that carries a reason code and its arguments from any package to the command line. Its text
(what happened, what to do) is in the catalogues under `refusal.<code>` and `refusal.<code>.remedy`.
Does not belong here: how it is printed (`marsad`), or any rule that raises it.
"""

from __future__ import annotations

from collections.abc import Callable


class Refusal(Exception):  # noqa: N818 - a refusal is the field's word; it is an answer, not a crash
    """A request that Marsad refuses: a reason code, a place and a remedy.

    Args:
        code: key of the closed vocabulary, e.g. `verdict_missing`; the catalogue holds its text.
        where: the place: a file, a dataset, a cell, a card field. Never a personal value.
        arguments: values for the placeholders of the message. Never a personal value.
    """

    def __init__(self, code: str, /, *, where: str = "", **arguments: str | int) -> None:
        super().__init__(f"{code}: {where}" if where else code)
        self.code = code
        self.where = where
        self.arguments = arguments

    def __reduce__(self) -> tuple[Callable[..., Refusal], tuple[str, str, dict[str, str | int]]]:
        """Pickle all fields for another process: the default for exceptions would lose code and place."""
        return _rebuild_refusal, (self.code, self.where, self.arguments)


def _rebuild_refusal(code: str, where: str, arguments: dict[str, str | int]) -> Refusal:
    return Refusal(code, where=where, **arguments)
