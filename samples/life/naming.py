"""The names of the invented persons and how clerks spell them: only holders see names, and codes are made from them.

Belongs here: a full name and a mother's name for each person, drawn from `naming.yml`, and its spellings in three
scripts with typing errors. Does not belong here: codes and pseudonymous IDs, which holders make from names.
No name is ever in an export of the invented country: its agencies send pseudonymous IDs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import yaml

from samples.life.chance import RandomStream

Script = Literal["arabic", "sorani", "latin"]
SCRIPTS: tuple[Script, ...] = ("arabic", "sorani", "latin")
OTHER_SPELLING_SHARE, SLIP_SHARE = 0.25, 0.06
_RARENESS = 0.8  # of Zipf's law: the weight of rank r is 1 / r ** 0.8


class PersonName(NamedTuple):
    """The parts of a person's name, as keys of the list: given, father's, grandfather's, family, mother's."""

    given: str
    father: str
    grandfather: str
    family: str
    mother: str


def name_of(seed: int, person_number: int, sex_code: str) -> PersonName:
    """Return the name of a person of the invented country: the same for the same seed and number.

    Args:
        seed: seed of the country.
        person_number: number of the person.
        sex_code: F or M.
    """
    chance = RandomStream(seed, f"name of {person_number}")
    men, women = weights("men"), weights("women")
    given = chance.pick(women if sex_code == "F" else men)
    return PersonName(given, chance.pick(men), chance.pick(men), chance.pick(weights("families")), chance.pick(women))


def spell_name(chance: RandomStream, parts: list[str], script: Script) -> str:
    """Return name parts as one clerk types them: in a usual spelling, another one, or with one letter missing."""
    typed: list[str] = []
    for part in parts:
        usual, *others = _spellings()[part][script]
        text = chance.one_of(others) if others and chance.flip(OTHER_SPELLING_SHARE) else usual
        if chance.flip(SLIP_SHARE) and len(text) > 3:
            at = chance.between(1, len(text) - 1)
            text = text[:at] + text[at + 1 :]
        typed.append(text)
    return " ".join(typed)


@cache
def weights(kind: str) -> dict[str, float]:
    """Return name -> weight of `men`, `women` or `families`: public knowledge about a country's names."""
    return {line.partition(" |")[0]: 1 / rank**_RARENESS for rank, line in enumerate(_lists()[kind], start=1)}


@cache
def _lists() -> dict[str, list[str]]:
    return yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))


@cache
def _spellings() -> dict[str, dict[Script, list[str]]]:
    spellings: dict[str, dict[Script, list[str]]] = {}
    for line in (line for lines in _lists().values() for line in lines):
        arabic, sorani, latin = (side.strip() for side in line.split("|"))
        bare = arabic.replace("أ", "ا").replace("إ", "ا").replace("ة", "ه")
        spellings[arabic] = {
            "arabic": [arabic, bare, bare.replace("ي", "ى")],
            "sorani": [sorani, sorani.replace("ه", "ھ")],
            "latin": [spelling.strip() for spelling in latin.split(",")],
        }
    return spellings
