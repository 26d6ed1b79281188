"""Which cards of figures that others published stand in the way of a release.

Belongs here: asking the audit again without them, and with each alone. Does not belong here: the cards (`external.py`),
the audit (`disclosure_audit.py`), or what becomes of a card: a person corrects it, removes it or signs it off.
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
    """Return the names of the cards without which the audit would have nothing to say of some block and year.

    A card is named if it suffices alone to break one of these; where none does, all that have a figure of them are.
    Nothing is named where the audit fails without any of them. The kept answers of the audit stay as they are.

    Args:
        home: with final frames, as the audit had them.
        scheme: the rules of all cards.
        frames: the final frames by dataset.
        external: what the audit took in (`external.COLUMNS`).
        disclosures: what it found.
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
