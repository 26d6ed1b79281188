"""Links as shown to a person of the task force: coded fields of both sides next to each other, never a name.

Belongs here: the list. Does not belong here: deciding (`link_store.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingestion.home import Home
from ingestion.persons import link_store, linkable_records

if TYPE_CHECKING:
    import pandas as pd

SIDE_BY_SIDE = ("holder", "kinds", *linkable_records.FIELDS)
"""What is shown of each side, as `left · right`; several agencies with one pseudonymous ID are joined by `, `."""

_BLANK = "—"


def list_links(home: Home, *, everything: bool = False) -> list[dict[str, Any]]:
    """Return the undecided links, the least certain first; with `everything` also certain and decided ones.

    A link whose records no longer count is left out.

    Returns:
        Rows with `item`, `probability`, `decision` (empty if undecided), `is_seen_as_both`, `has_codes`,
        `model` and the texts of `SIDE_BY_SIDE`.
    """
    decided = link_store.read_decided(home)
    links = link_store.read_links(home) if everything else link_store.read_waiting(home)
    if not links:
        return []
    members = {member for link in links for member in (link.left, link.right)}
    records = linkable_records.read_records(home)
    sides = sides_of(records[records["member"].isin(members)])
    rows = [
        {
            "item": link.item,
            "probability": link.probability,
            "decision": decided[link.left, link.right].value if (link.left, link.right) in decided else "",
            "is_seen_as_both": link.is_seen_as_both,
            "has_codes": link.has_codes,
            "model": link.model,
            **{name: f"{sides[link.left][name]} · {sides[link.right][name]}" for name in SIDE_BY_SIDE},
        }
        for link in links
        if link.left in sides and link.right in sides
    ]
    return sorted(rows, key=lambda row: (row["probability"], row["item"]))


def sides_of(records: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return member -> what is shown of it, by the names of `SIDE_BY_SIDE`."""
    return {str(member): _describe_group(group) for member, group in records.groupby("member")}


def _describe_group(group: pd.DataFrame) -> dict[str, str]:
    columns = {"kinds": "shapes"} | {name: name for name in SIDE_BY_SIDE if name != "kinds"}
    return {name: ", ".join(dict.fromkeys(map(_text, group[column]))) for name, column in columns.items()}


def _text(value: Any) -> str:  # noqa: ANN401 - a cell of a frame
    import pandas as pd

    if pd.isna(value):
        return _BLANK
    return str(value)[:10] if hasattr(value, "isoformat") else str(value)
