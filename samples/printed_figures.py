"""What newspapers and reports printed about the invented country: one card for each reason why figures differ.

Belongs here: invented publications to compare with the released figures of the demo, each wrong in one known way.
Does not belong here: recognising the reason (`methods/reconciliation.py`). No real figure or publication appears here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Figure = Callable[[str, str, str], int | None]
"""Indicator, area, year -> the released count; None if none is released."""
_FEDERAL, _YEAR, _BEFORE = "IQ-FED", "2024", "2023"


def write(folder: Path, figure: Figure) -> dict[str, str]:
    """Write the cards and return name -> expected reason, "" for none; no card without figures.

    Args:
        folder: `publications` of the invented home.
        figure: looks up a released count.
    """
    victims, before = figure("PRT-01", _FEDERAL, _YEAR), figure("PRT-01", _FEDERAL, _BEFORE)
    accused = figure("PRS-05", _FEDERAL, _YEAR)
    if victims is None or before is None or accused is None:
        return {}
    far = 3 * max(victims, before, accused) + 200  # far from every released figure
    told_of_all = victims if figure("PRT-01", "IQ", _YEAR) is not None else victims + 40
    between = (victims + before) // 2
    about = {"compare": "PRT-01/COUNT", "ref_area": _FEDERAL, "time_period": _YEAR, "printed": "exact"}
    cards: dict[str, tuple[str, dict[str, Any]]] = {
        "agreeing": ("", {"value": victims}),
        "unit": ("unit_of_count", {"value": accused, "unit": "ACCUSED"}),
        "april_to_march": ("period", {"value": between, "start": "2023-04-01", "end": "2024-03-31"}),
        "until_october": ("period", {"value": victims * 2 // 3, "end": "2024-10-15"}),
        "whole_country": ("scope", {"value": told_of_all, "ref_area": "IQ"}),
        "mixed": ("mixed_crimes", {"value": far, "crimes": ["TIP", "SMUGGLING", "BEGGING"]}),
        "first_print": ("unexplained", {"value": far + 58, "time_period": _BEFORE}),
        "second_print": ("recycled_figure", {"value": far + 58}),
    }
    for number, (name, (_, own)) in enumerate(cards.items(), start=1):
        card = {
            "source": f"Invented newspaper {number}",
            "answers": "iraq_interior_ministry" if name in ("mixed", "unit") else f"Invented newspaper {number}",
            "citation": f"Invented newspaper {number}, invented page {number}; no such paper exists",
            "published": f"2025-0{number}-15",
            "figures": [{"about": "victims, as printed", **about, **own}],
        }
        (folder / f"{name}.yml").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")  # JSON is YAML
    return {name: reason for name, (reason, _) in cards.items()}
