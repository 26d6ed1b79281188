"""Files of the house's own making that a home of real files does not take: invented samples, synthetic records.

Belongs here: refusing them, so that invented and real never meet (`docs/decisions/0011`).
Does not belong here: telling them from a sender's file (`entry/invented_records.py`), making them (`samples`,
`reports/exchange/htcds.py`).
"""

from __future__ import annotations

from ingestion.home import Home
from ingestion.submissions.preview import Arrival
from languages.refusal import Refusal

_REFUSALS = {"invented": "sample_is_invented", "synthetic": "synthetic_is_nobody"}


def refuse_invented(home: Home, arrival: Arrival, where: str) -> None:
    """Refuse a file with records of the house's own making in a home of real files, and say where the first stands.

    Args:
        home: that would take it.
        arrival: the file, examined.
        where: what the message calls it.

    Raises:
        Refusal: `sample_is_invented`; `synthetic_is_nobody` for records drawn with noise, which are of nobody.
    """
    own_record = arrival.of_the_house
    if own_record and not home.is_invented:
        raise Refusal(_REFUSALS[own_record.making], where=where, sheet=own_record.sheet, cell=own_record.cell)
