"""The tables of the indicators' definitions, one for each pillar, written from the cards.

Belongs here: the tables at the end of `docs/reference/indicators.md`, which `make lists` writes.
Does not belong here: the text above them (the page has it), what an indicator counts (its card), other languages than
English (the dictionary).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[2]
PAGE = HOUSE / "docs" / "reference" / "indicators.md"
PILLARS = ("protection", "prosecution", "prevention", "partnership")
_HEADING = (
    "| Code | Indicator | Unit of count | Counted | Denominator | Year by | Law | Standard | Demand |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)
_LAW_NAMES = {
    "L28_2012": "Law 28/2012",
    "L08_1988": "Law 8/1988",
    "L76_2017": "Law 76/2017",
    "PC_390_392": "Penal Code 390 to 392",
}


def indicator_page(cards: Iterable[Mapping[str, Any]]) -> str:
    """Return the page with the tables that the cards give, below the text that it has.

    Args:
        cards: of the indicators, as their YAML files hold them.
    """
    rows: dict[str, list[Mapping[str, Any]]] = {pillar: [] for pillar in PILLARS}
    for card in cards:
        rows[card["pillar"]].append(card)
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {PILLARS[0].capitalize()}\n")[0]
    return text + "".join(_table_of(pillar, rows[pillar]) for pillar in PILLARS)


def _table_of(pillar: str, cards: list[Mapping[str, Any]]) -> str:
    ordered = sorted(cards, key=lambda card: (card["code"].startswith("NCR"), card["code"]))
    lines = "".join(f"| {' | '.join(_cells_of(card))} |\n" for card in ordered)
    return f"\n## {pillar.capitalize()}\n\n{_HEADING}{lines}"


def _cells_of(card: Mapping[str, Any]) -> list[str]:
    standards = str(card["analogue"]).split(", ")
    cells = [
        card["code"],
        card["title_en"],
        str(card["unit_measure"]).lower().replace("_", " "),
        card["numerator"],
        card["denominator"],
        card["basis"],
        _named_laws(str(card["law_article"])),
        ", ".join(name for name in standards if not name.startswith("L28")),  # the law has a column of its own
        ", ".join(card["demand"]),
    ]
    return [_dash_for_none(" ".join(str(cell).split()).replace("|", "\\|")) for cell in cells]


def _named_laws(text: str) -> str:
    for code, name in _LAW_NAMES.items():
        text = text.replace(code, name)
    return text


def _dash_for_none(text: str) -> str:
    return "–" if text in ("", "none") else text
