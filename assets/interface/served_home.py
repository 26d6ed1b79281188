"""The graph of the home that `marsad ui` serves behind its guard; only its code server loads this module.

Belongs here: taking the sealing key from the parent. Does not belong here: the graph (`definitions.py`), or a home
without a guard (`checkout.py`).
"""

from __future__ import annotations

import sys
from functools import cache

import dagster as dg

from assets.definitions import build_definitions
from assets.house import BuildContext
from ingestion.home import Home
from ingestion.sealing.sealing_keys import SealingKey


@dg.definitions
def served_home() -> dg.Definitions:
    """Return the graph of the home named by `MARSAD_HOME`, whose inbox sensor runs as long as it is served."""
    return build_definitions(BuildContext(Home.at().existing()), _key_from_parent(), takes_inbox=True)


@cache
def _key_from_parent() -> SealingKey | None:
    """Return the key that the parent wrote into stdin; none in a process of a run, whose stdin is empty."""
    line = sys.stdin.readline().strip()
    return SealingKey(line) if line else None
