"""The graph of the home that `marsad ui` serves behind its guard; only its code server loads this module.

Does not belong here: the graph (`definitions.py`), or a home without a guard (`checkout.py`).
"""

from __future__ import annotations

import dagster as dg

from assets.definitions import build_definitions
from assets.house import BuildContext
from ingestion.home import Home


@dg.definitions
def served_home() -> dg.Definitions:
    """Return the graph of the home named by `MARSAD_HOME`, whose inbox sensor runs as long as it is served."""
    return build_definitions(BuildContext(Home.at().existing()), takes_inbox=True)
