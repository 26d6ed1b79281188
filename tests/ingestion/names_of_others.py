"""Names of hands that are not ours, and the ways in which a clerk may type them: what asking is measured with.

Belongs here: making texts of given and family names, and how the door answers one text.
Does not belong here: the names (`names_of_others.yml`, or a file that `measure_names.py` is given), thresholds.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from ingestion.cards.source_card import load_source
from ingestion.files.reader import Sheet, Workbook
from ingestion.privacy.personal_data import inspect
from ingestion.privacy.privacy_allowlist import is_heading, is_known
from ingestion.privacy.unexplained_texts import AskedText, find_unexplained

Answer = Literal["refused", "asked", "passed"]
Names = Mapping[str, list[str]]
"""`given` and `family`."""

_EXCHANGED = str.maketrans("يكهىة", "یکەيه")
_SENTENCES = (
    "تم القبض على {} في بغداد بتاريخ 3/5/2024",
    "أفادت {} بأنها تعرضت للاستغلال",
    "Interview with {} took place at the shelter",
    "victim {} was referred by the police",
    "قوربانی {} لە پەناگەکە وەرگیرا",
)
FORMS: Mapping[str, Callable[[str, random.Random], str]] = {
    "alone": lambda name, _: name,
    "in a sentence": lambda name, chance: chance.choice(_SENTENCES).format(name),
    "with initials": lambda name, _: f"{name[0]}. {name.split()[-1]}",
    "across a line break": lambda name, _: name.replace(" ", "\n"),
    "without spaces": lambda name, _: name.replace(" ", ""),
    "in exchanged letters": lambda name, _: name.translate(_EXCHANGED),
    "in lower case": lambda name, _: name.lower(),
}


@cache
def peoples() -> Mapping[str, Names]:
    """Return the names of each people."""
    return yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))


def two_parts(names: Names, count: int, seed: str) -> list[str]:
    """Return names of a given and a family name; the same ones on every machine."""
    chance = random.Random(seed)
    return [f"{chance.choice(names['given'])} {chance.choice(names['family'])}" for _ in range(count)]


def some(words: list[str], count: int, seed: str) -> list[str]:
    """Return some of the words, or all where there are no more."""
    return random.Random(seed).sample(words, min(count, len(words)))


def written(name: str, form: str) -> str:
    """Return a name in one of the forms."""
    return FORMS[form](name, random.Random(name))


def answer_to(text: str, heading: str = "ملاحظات") -> Answer:
    """Return how the door answers a file whose one cell holds a text, under a heading of free text."""
    workbook = Workbook([Sheet("ورقة1", [["ت", heading], [1, text]])])
    if inspect(workbook, known_values=is_known, known_headings=is_heading):
        return "refused"
    return "asked" if asked_texts(workbook) else "passed"


def asked_texts(workbook: Workbook, source: str = "iraq_interior_ministry") -> list[AskedText]:
    """Return what is asked of a workbook where nobody has confirmed a word yet."""
    return find_unexplained(workbook, load_source(source), is_confirmed=lambda _: False)
