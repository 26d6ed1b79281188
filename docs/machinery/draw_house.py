"""Draws the house for `docs/architecture.md`: floors from top to bottom, the rooms of each in the order of imports.

Rooms are the sub-packages on disk; their order is that of the `layers` contracts in `pyproject.toml`, lowest first.
`python docs/machinery/draw_house.py` writes `docs/pictures/house.svg`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

HOUSE = Path(__file__).resolve().parents[2]
FLOORS = {
    "desk": "pages in a browser",
    "marsad": "the command",
    "assets": "Dagster",
    "reports": "reads what was released",
    "expectations": "between a table and the public",
    "ingestion": "the way in",
    "methods": "pure statistics",
    "languages": "words, numbers, dates",
}
WIDTH, LABEL, ROOM, HIGH, GAP = 980, 190, 122, 34, 8
PER_ROW = (WIDTH - LABEL - GAP) // (ROOM + GAP)

HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"
  aria-labelledby="house-title house-text">
  <title id="house-title">The house: floors and rooms</title>
  <desc id="house-text">{description}</desc>
  <style>
    .paper {{ fill: #f8fafc }}
    .floor {{ fill: #eef2ff; stroke: #475569; stroke-width: 1.2 }}
    .room {{ fill: #ffffff; stroke: #64748b }}
    text {{ font: 13px sans-serif; fill: #1e293b; text-anchor: middle }}
    .name {{ font-weight: 700; font-size: 16px; text-anchor: start }}
    .note {{ font-size: 12px; text-anchor: start }}
  </style>
  <rect class="paper" width="{width}" height="{height}"/>
"""


def rooms_of(floor: str) -> list[str]:
    """Return the rooms of a floor, those first that import no other.

    Args:
        floor: a package of the top folder.

    Returns:
        Names relative to the floor, `disclosure/rounding`; empty for a floor without rooms.
    """
    folder = HOUSE / floor
    rooms = [path.parent.relative_to(folder).as_posix() for path in folder.rglob("__init__.py")]
    order = {name: place for place, name in enumerate(_order())}
    return sorted(
        (name for name in rooms if name != "."),
        key=lambda name: (order.get(f"{floor}.{name.replace('/', '.')}", -1), name),
    )


def _order() -> Iterator[str]:
    """Yield the full names of the rooms in the layers contracts, lowest first."""
    settings = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))
    for contract in settings["tool"]["importlinter"]["contracts"]:
        for container in contract.get("containers", [""]) if contract["type"] == "layers" else []:
            for layer in reversed(contract["layers"]):
                for name in re.split(r"\s*[|:]\s*", layer):
                    yield ".".join(part for part in (container, name.strip("() ")) if part)


def draw() -> str:
    """Return the drawing as SVG."""
    parts: list[str] = []
    top = GAP
    sentences: list[str] = []
    for floor, about in FLOORS.items():
        rooms = rooms_of(floor)
        rows = max(1, -(-len(rooms) // PER_ROW))
        high = rows * (HIGH + GAP) + GAP
        parts.append(f'  <rect class="floor" x="{GAP}" y="{top}" width="{WIDTH - 2 * GAP}" height="{high}" rx="6"/>')
        parts.append(f'  <text class="name" x="{2 * GAP}" y="{top + 21}">{floor}</text>')
        parts.append(f'  <text class="note" x="{2 * GAP}" y="{top + 37}">{escape(about)}</text>')
        for place, room in enumerate(rooms):
            x = LABEL + (place % PER_ROW) * (ROOM + GAP)
            y = top + GAP + (place // PER_ROW) * (HIGH + GAP)
            parts.append(f'  <rect class="room" x="{x}" y="{y}" width="{ROOM}" height="{HIGH}" rx="4"/>')
            name = room.rpartition("/")[2]
            parts.append(f'  <text x="{x + ROOM // 2}" y="{y + 22}">{name}</text>')
        sentences.append(f"{floor}: {', '.join(rooms) or 'no rooms of its own'}.")
        top += high + GAP
    head = HEAD.format(width=WIDTH, height=top, description=escape(" ".join(sentences)))
    return head + "\n".join(parts) + "\n</svg>\n"


if __name__ == "__main__":
    (HOUSE / "docs" / "pictures" / "house.svg").write_text(draw(), encoding="utf-8")
