"""Find the cards of others' published figures that block a release.

Belongs here: repeating the audit without these cards, and with each alone. Does not belong here: the cards
(`external.py`), the audit (`disclosure_audit.py`), or the remedy: a person corrects, removes or waives a card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from expectations.cards.cells import measure_ids
from expectations.cards.release_scheme import Scheme
from expectations.gate.disclosure_audit import CONTRADICTION, examine_final
from expectations.gate.truth_comparison import DisclosureFinding
from ingestion.home import Home, write_bytes


def find_conflicting_cards(
    home: Home,
    scheme: Scheme,
    frames: Mapping[str, pd.DataFrame],
    external: pd.DataFrame,
    disclosures: Sequence[DisclosureFinding],
) -> tuple[str, ...]:
    """Return the names of the cards without which the audit would find nothing in some block and year.

    A card is named if it alone makes the audit of one of these fail; if none does, all cards with a figure of them are
    named. None is named if the audit fails without any of them. The stored audit answers are not changed.

    Args:
        home: a data home with the final frames that were audited.
        scheme: the rules of all cards.
        frames: the final frames by dataset.
        external: the external figures given to the audit (`external.COLUMNS`).
        disclosures: what the audit found.
    """
    broken = {(finding.block, finding.year) for finding in disclosures if finding.rule != CONTRADICTION}
    own = pd.Series(False, index=external.index)
    for block, year in broken:
        own |= measure_ids(external).isin(block) & (external["time_period"] == year)
    sources = sorted(set(external.loc[own, "source"]))
    if not sources:
        return ()
    memo = home.candidates / "audit.json"
    memo_bytes = memo.read_bytes() if memo.exists() else None

    def failing_blocks(with_cards: Sequence[str]) -> set[tuple[tuple[str, ...], str]]:
        rows = external[~own | external["source"].isin(with_cards)]
        findings = examine_final(home, scheme, frames, rows).disclosures
        return {(finding.block, finding.year) for finding in findings} & broken

    try:
        freed = broken - failing_blocks([])
        alone = [source for source in sources if freed and (len(sources) == 1 or failing_blocks([source]) & freed)]
    finally:
        if memo_bytes is not None:
            write_bytes(memo, memo_bytes, mode=0o600)
    return tuple(alone or (sources if freed else ()))
