"""Which base cells count the very same facts: a number for the set of facts behind each, equal for equal sets.

Belongs here: that number. Does not belong here: which printed cells are therefore printed alike
(`constraint_systems.py`). The numbers stay in memory: that of one person's cell would stand for a person.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from expectations.cards.cells import keys_of

PERSON_SET = "person_set"
_BYTES = 8


def add_person_sets(base: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Return the base cells with the number of the set of facts that each counts (`PERSON_SET`); 0 for none.

    The number of a sum of cells is the sum of their numbers, modulo 2^64, so that a printed cell has one too.

    Args:
        base: base cells (`KEY`).
        members: the facts that each base cell counts (`MEMBER_COLUMNS`).
    """
    numbers = {member: _number(str(member)) for member in members["member"].unique()}
    facts = members["member"].map(numbers).to_numpy(dtype=np.uint64)
    places = keys_of(base).get_indexer(keys_of(members))
    sets = np.zeros(len(base), dtype=np.uint64)
    np.add.at(sets, places[places >= 0], facts[places >= 0])
    return base.assign(**{PERSON_SET: sets})


def _number(member: str) -> int:
    return int.from_bytes(hashlib.blake2b(member.encode(), digest_size=_BYTES).digest())
