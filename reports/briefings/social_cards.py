"""Cards for social media: one answer each, 1200 by 630 pixels, its figure large, its source and any warning.

Belongs here: the layout, typeset by Typst as print is, so that Arabic and Sorani are shaped correctly.
Does not belong here: sentences, or which answers a briefing has (`briefing.py`).
"""

from __future__ import annotations

import json
from typing import Any, cast

import typst

from reports.briefings.briefing import Briefing
from reports.renderers import fonts

WIDTH, HEIGHT = 1200, 630
FOLDER = "cards"
_POINTS_AN_INCH = 72
_SHORT = 14  # characters of a figure that stands in the largest letters
_FEW = 120  # characters of a sentence that does
_SIZES = (36, 28, 22, 18, 14, 11)
_TEMPLATE = """
#let told = json("card.json")
#set page(width: 1200pt, height: 630pt, margin: (x: 64pt, top: 0pt, bottom: 40pt), fill: white)
#set text(font: "IBM Plex Sans Arabic", size: 26pt, fill: rgb("#1b2a38"), lang: told.language,
  dir: if told.rtl { rtl } else { ltr })
#place(top + left, dx: -64pt, rect(width: 1200pt, height: 18pt, fill: rgb("#0b4f8a")))
#v(52pt)
#if told.first != "" [#box(fill: rgb("#ffe9a8"), inset: (x: 12pt, y: 8pt), text(size: 20pt, weight: 600, told.first))]
#v(1fr)
#text(size: 24pt, weight: 600, fill: rgb("#0b4f8a"), told.heading)
#v(-8pt)
#text(size: told.large * 1pt, weight: 600, fill: rgb("#0b4f8a"), told.figure)
#v(told.large * -0.35pt)
#par(leading: if told.rtl { 0.85em } else { 0.6em }, text(size: told.size * 1pt, weight: 600, told.sentence))
#v(1fr)
#line(length: 100%, stroke: 1.5pt + rgb("#0b4f8a"))
#v(-12pt)
#text(size: 19pt)[#told.about]
#v(if told.rtl { 2pt } else { -8pt })
#text(size: 19pt)[#told.source]
"""


def render(briefing: Briefing) -> dict[str, bytes]:
    """Return a card for each answer, by name: `cards/<number>.png`; the same briefing gives the same bytes."""
    edition = briefing.edition
    invented = " ".join(banner.text for banner in edition.banners if banner.kind == "invented")
    cards: dict[str, bytes] = {}
    for number, answer in enumerate(briefing.answers, start=1):
        card = {
            "language": edition.language,
            "rtl": edition.direction == "rtl",
            "first": invented,
            "figure": answer.figure,
            "large": 104 if len(answer.figure) <= _SHORT else 56,
            "heading": answer.heading,
            "sentence": answer.sentence,
            "about": " · ".join(part for part in (answer.about, *answer.notes) if part),
            "source": answer.source,
        }
        cards[f"{FOLDER}/{number}.png"] = _draw(card)
    return cards


def _draw(card: dict[str, Any]) -> bytes:
    """Return the card, its sentence in the largest letters with which all of it fits: an open demand names each gap."""
    for size in _SIZES[0 if len(card["sentence"]) < _FEW else 1 :]:
        files = {
            "main": _TEMPLATE.encode(),
            "card.json": json.dumps({**card, "size": size}, ensure_ascii=False).encode(),
        }
        made = cast(
            "bytes | list[bytes]",
            typst.compile(
                cast(Any, files),  # it accepts files by path, but its type hints do not
                format="png",
                ppi=_POINTS_AN_INCH,
                font_paths=[str(fonts.folder())],
                ignore_system_fonts=True,
            ),
        )
        if isinstance(made, bytes):  # several pages are a list
            return made
    raise ValueError(f"a card has no room for {len(card['sentence'])} characters")
