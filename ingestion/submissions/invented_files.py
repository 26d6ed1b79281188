"""Refusing Marsad's own invented samples in a home of real files.

Belongs here: refusing them, so that invented and real data never mix (`docs/decisions/0011`).
Does not belong here: distinguishing them from a sender's file (`entry/invented_records.py`), making them (`samples`).
"""

from __future__ import annotations

from ingestion.home import Home
from ingestion.submissions.preview import Arrival
from languages.refusal import Refusal


def refuse_invented(home: Home, arrival: Arrival, where: str) -> None:
    """Refuse a file with generated records in a home of real files, naming the place of the first one.

    Args:
        home: that would receive it.
        arrival: the file, examined.
        where: its name in the message.

    Raises:
        Refusal: `sample_is_invented`.
    """
    own_record = arrival.of_the_house
    if own_record and not home.is_invented:
        raise Refusal("sample_is_invented", where=where, sheet=own_record.sheet.removeprefix("#"), cell=own_record.cell)
