"""The founding of a house: its first roster enters the log, and its acts have a home from then on.

Belongs here: entering the first people. Does not belong here: a later change of people, which is an act of two
(`acts.py`), or the form of a roster (`roster.py`).
Nobody has signed before the founding, so nobody signs it: the first statement names the head of the log, and with it
the roster that the house began with.
"""

from __future__ import annotations

import datetime
import secrets
from pathlib import Path

from ingestion.home import Home, sha256_of_bytes, write_bytes
from ingestion.people import acts_log, machine_key
from ingestion.people.acts import FOUNDING
from ingestion.people.roster import NAME, Roster, parse_roster, refuse_demo_people, roster_path
from languages.refusal import Refusal

_INVENTED_NONCE = "invented"
"""Every invented home is the same one, so that the demo signs the same bytes everywhere."""


def found(home: Home, data: bytes, path: Path) -> Roster:
    """Enter the first roster of a home, with the key of its machine, and return it; the caller holds the lock.

    Args:
        home: an opened home without a roster.
        data: the roster, as `roster.parse_roster` reads it.
        path: where it came from, for the refusal.

    Raises:
        Refusal: `people_founded` if the home has one; as `parse_roster`, `refuse_demo_people`, `machine_key.entered`.
    """
    if acts_log.founding_of(acts_log.read_acts(home)):
        raise Refusal("people_founded", where=str(roster_path(home)))
    roster = parse_roster(data, path)
    if not home.is_invented:
        refuse_demo_people(roster, path)
    data = machine_key.entered(home, data, path, datetime.datetime.now(tz=datetime.UTC).date(), roster)
    roster = parse_roster(data, path)
    write_bytes(home.acts / FOUNDING / NAME, data)
    write_bytes(roster_path(home), data)
    nonce = _INVENTED_NONCE if home.is_invented else secrets.token_hex(16)
    acts_log.append(home, "founded", "", f"{sha256_of_bytes(data)} {nonce}")
    return roster
