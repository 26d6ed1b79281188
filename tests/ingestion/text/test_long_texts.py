"""No function over texts takes more than its share of time of the longest cell, whatever stands in it.

No timing is asserted: each call has many times what it needs, and a pattern that goes back over the text needs minutes.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

LONGEST = 32_767  # letters of a cell of Excel
SECONDS = 10  # of processor time; the slowest takes a tenth of one
PIECES = ("A", "Aa ", "Ab-", "9", "9/", "IQ98", "AB. ", "علي ", "عبد ", "مادة 5 ", "a@", "a.", " ", "ـ\u064b", "م9")
ROOMS = ("ingestion.text", "ingestion.tables", "ingestion.privacy")
OTHERS: dict[str, Any] = {
    "day_first": True,
    "decimal_sign": ".",
    "known": ("بغداد", "البصرة"),
    "words": {"بغداد": "IQ-BG", "ذكر": "M"},
    "version": None,
    "place_of": lambda _code: None,
    "sheet": 1,
    "ordinal": 1,
}


def _functions() -> Iterator[tuple[str, Callable[[str], object]]]:
    """Yield each public function that takes one text."""
    for room in ROOMS:
        for module in pkgutil.iter_modules(importlib.import_module(room).__path__):
            members = vars(importlib.import_module(f"{room}.{module.name}"))
            for name, member in members.items():
                plain = inspect.unwrap(member) if callable(member) else None
                if not inspect.isfunction(plain) or name.startswith("_") or plain.__module__ != f"{room}.{module.name}":
                    continue
                first, *others = inspect.signature(plain).parameters.values() or [None]
                needed = {other.name for other in others if other.default is inspect.Parameter.empty}
                if first is not None and first.annotation in ("str", "object") and needed <= OTHERS.keys():
                    arguments = {key: OTHERS[key] for key in needed}
                    yield f"{room}.{module.name}.{name}", lambda text, f=plain, a=arguments: f(text, **a)


FUNCTIONS = dict(_functions())


class TooLongError(Exception):
    """A call took longer than any text needs."""


@pytest.fixture
def limited() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Call something with a limit of processor time; what it answers or raises is of no interest."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLongError

    def call(function: Callable[[], object]) -> None:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            function()
        except TooLongError:
            raise
        except Exception:  # noqa: S110 - a refusal is an answer too
            pass
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    before = signal.signal(signal.SIGPROF, stop)
    yield call
    signal.signal(signal.SIGPROF, before)


def test_the_functions_over_texts_are_found():
    assert len(FUNCTIONS) >= 35
    assert "ingestion.text.typed_dates.read_date" in FUNCTIONS


@pytest.mark.skipif(sys.platform == "win32", reason="no such timer there")
@pytest.mark.parametrize("piece", PIECES)
def test_no_function_goes_over_a_long_text_again_and_again(piece: str, limited: Callable[[Callable[[], object]], None]):
    text = (piece * LONGEST)[:LONGEST]
    for name, function in FUNCTIONS.items():
        try:
            limited(lambda f=function: f(text))
        except TooLongError:
            pytest.fail(name)
