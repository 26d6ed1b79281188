"""What clerks' ticks would let through: `python -m tests.ingestion.measure_ticks`.

Names are planted among thirty asked words of three files; twenty clerks of each kind tick them. What the door itself
does with each name is measured (`tests/ingestion/names_of_others.py`); how often a clerk ticks a name is assumed, and
the assumption is printed. The table stands in docs/privacy.md. Does not belong here: how names are found.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from ingestion.files.reader import Sheet, Workbook
from ingestion.privacy.asked_texts import distinct_words
from ingestion.privacy.confirmed_words import MOST_WORDS
from tests.ingestion.names_of_others import answer_to, asked_texts, peoples, two_parts

Fate = Literal["refused", "of two", "of her", "passed"]
"""The file is refused; two roles of the task force must confirm; she alone could tick it; nobody is asked."""

_NAMES_A_PEOPLE = 60
_CLERKS = 20
_ASKED, _PLANTED = 30, 3
_TICKS = {"who reads each word": 0.02, "who is in a hurry": 0.2, "who always says yes": 1.0}
"""Share of names that a clerk states to be no person: assumptions, from sure to worst."""


@dataclass(frozen=True)
class _Name:
    fate: Fate
    words: int  # that she is asked


def main() -> None:
    """Print what the door does with the names, then what ticks let through."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    names = [_fate_of(name) for people, own in peoples().items() for name in two_parts(own, _NAMES_A_PEOPLE, people)]
    fates: Counter[Fate] = Counter(name.fate for name in names)
    print(f"{len(names)} names of two parts of {len(peoples())} peoples: " + _told(fates, len(names)))
    print(f"\n{_ASKED} asked words in one file: refused ({MOST_WORDS} at most); so in {_ASKED // MOST_WORDS} files\n")
    print("| twenty clerks | ticks a word of a name | planted | let through |\n|---|---|---|---|")
    for clerk, share in _TICKS.items():
        chance = random.Random(clerk)  # the same clerks in every run
        planted = [chance.choice(names) for _ in range(_CLERKS * _PLANTED)]
        through = sum(_is_let_through(name, share, chance) for name in planted)
        print(f"| {clerk} | {share:.2f} | {len(planted)} | {through} |")


def _fate_of(name: str) -> _Name:
    answer = answer_to(name)
    if answer != "asked":
        return _Name(answer, 0)
    words = distinct_words(asked_texts(Workbook([Sheet("ورقة1", [["ت", "ملاحظات"], [1, name]])])))
    return _Name("of two" if any(word.is_on_name_list for word in words) else "of her", len(words))


def _is_let_through(name: _Name, share: float, chance: random.Random) -> bool:
    """Each word of a name is ticked by itself; a word that is not asked needs no tick."""
    return name.fate == "passed" or (name.fate == "of her" and all(chance.random() < share for _ in range(name.words)))


def _told(fates: Counter[Fate], count: int) -> str:
    order: tuple[Fate, ...] = ("refused", "of two", "of her", "passed")
    return ", ".join(f"{fate} {fates[fate]} ({fates[fate] / count:.3f})" for fate in order)


if __name__ == "__main__":
    main()
