"""The question that a custom table answers.

Belongs here: the fields of a question. Does not belong here: whether its words are known, or an answer
(`custom_tables.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class CustomQuestion:
    """What is asked.

    Attributes:
        dataset: the dataset whose levels, words and licence the answer has.
        indicator: a code; all its counted measures are answered.
        by: dimensions that are crossed; every total of the cross is answered too.
        areas: codes of places, or levels (`country`, `region`, `governorate`).
        years: `2024`.
        where: dimension to the one category that is asked for.
    """

    dataset: str
    indicator: str
    by: tuple[str, ...]
    areas: tuple[str, ...]
    years: tuple[str, ...]
    where: Mapping[str, str] = field(default_factory=dict[str, str])
