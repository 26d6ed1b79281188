"""The style of charts: colours and lines, the same in every chart, map and form.

Belongs here: the meaning of each colour. Children are drawn in one colour throughout; in greyscale print it is the
lighter of two, and dash and shape distinguish the two without any colour.
Does not belong here: drawing (`charts.py`, `maps.py`, `story/small_charts.py`).
"""

from __future__ import annotations

from typing import Final

ALL_PERSONS: Final = "#0b4f6c"
CHILDREN: Final = "#b3541e"
COLOURS: Final = (ALL_PERSONS, CHILDREN)
"""8.9:1 and 5.0:1 on white; distinguishable with every kind of colour vision."""
OTHERS: Final = "#c5d9e2"
"""The rest of a whole, which a picture is not about: light, with an edge."""
INK: Final = "#3d4852"
GRID: Final = "#e3e8ec"
RULE: Final = "#66727d"
