"""Marks at computed positions, drawn by Vega-Lite: outlines, bars and words of maps and pictures.

Belongs here: the specification, which the explorer fills in the browser as `draw_marks` fills it here, and the marks of
one drawing. Positions are in pixels, measured from where lines begin (or always from the left): the scale mirrors them.
Does not belong here: which marks a drawing has (`maps.py`, `pictures.py`); figures over years (`charts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from reports.renderers import charts, fonts
from reports.renderers.chart_style import INK
from reports.renderers.charts import ScriptStyle, Specification

Anchor = Literal["start", "middle", "end"]
LETTER = 12
LINE = 15.0
"""Height of a line of text."""
PADDING = 1
"""Pixels around the marks, for edges."""
_AREA = ("fill", "stroke", "strokeWidth", "strokeDash")
_LOOKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "outlines": ("geoshape", _AREA),
    "bars": ("rect", _AREA),
    "words": ("text", ("align", "fontSize", "fontWeight", "fill", "stroke")),
}
"""The mark of each data set and which of its properties its rows have, in the order of drawing."""
_FIXED: dict[str, Specification] = {
    "words": {"baseline": "middle", "strokeWidth": 3, "strokeJoin": "round"},
}


def specification(direction: Literal["ltr", "rtl"], sets: Iterable[str] = tuple(_LOOKS)[1:]) -> Specification:
    """Return the Vega-Lite specification of placed marks, with placeholders that `charts.fill_drawing` fills.

    Placeholders: `width`, `height` and the data sets: rows with `x`, `y` (and `x2`, `y2` of bars), the
    properties of their mark, and the `text` of words.

    Args:
        direction: `rtl` measures positions from the right.
        sets: the data sets, in the order of drawing; all but outlines by default.
    """
    across = {"domain": [0, "$width"], "reverse": direction == "rtl", "nice": False, "zero": False}
    place: Specification = {
        "x": {"field": "x", "type": "quantitative", "scale": across, "axis": None},
        "y": {"field": "y", "type": "quantitative", "scale": None, "axis": None},
    }
    ends = {name: {"field": name} for name in ("x2", "y2")}
    encodings = {
        "outlines": {},
        "bars": place | ends,
        "words": place | {"text": {"field": "text", "type": "nominal"}},
    }
    layers: list[Specification] = []
    for name in sets:
        mark, looks = _LOOKS[name]
        look = {look: {"expr": f"datum.{look}"} for look in looks}
        drawn = {"type": mark, "aria": False, **_FIXED.get(name, {}), **look}
        pixels = {"projection": {"type": "identity", "scale": 1, "translate": [0, 0]}} if mark == "geoshape" else {}
        layers.append({"data": {"name": name}, **pixels, "mark": drawn, "encoding": encodings[name]})
    frame = {"width": "$width", "height": "$height", "padding": PADDING, "autosize": "none"}
    return charts.configure_drawing({**frame, "datasets": {name: f"${name}" for name in sets}, "layer": layers})


@dataclass
class Marks:
    """The marks of a drawing so far; its width is fixed, and it is as high as it needs.

    Attributes:
        script: direction and digits of the language.
        width: in pixels.
        is_mirrored: positions are measured from where lines begin: from the right in a right-to-left language.
    """

    script: ScriptStyle
    width: float
    is_mirrored: bool = True
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in _LOOKS})

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The side from which positions are measured."""
        return self.script.direction if self.is_mirrored else "ltr"

    def add_bar(self, x: float, y: float, length: float, height: float, look: dict[str, Any]) -> None:
        """Add a bar starting at a position."""
        self.rows["bars"].append({"x": x, "y": y, "x2": x + length, "y2": y + height, **look})

    def add_words(
        self,
        x: float,
        y: float,
        lines: str | Sequence[str],
        *,
        anchor: Anchor = "start",
        size: float = LETTER,
        colour: str = INK,
        is_bold: bool = False,
        halo: str = "",
    ) -> float:
        """Add lines of text below each other, the middle of the first at `y`; return the middle of the last."""
        lines = [lines] if isinstance(lines, str) else lines
        align = (
            "center" if anchor == "middle" else "left" if (anchor == "start") != (self.direction == "rtl") else "right"
        )
        look = {
            "align": align,
            "fontSize": size,
            "fontWeight": 600 if is_bold else 400,
            "fill": colour,
            "stroke": halo or None,
        }
        for number, line in enumerate(lines):
            place = {"x": x, "y": y + number * LINE, "text": charts.isolate(line, self.script.direction)}
            self.rows["words"].append({**place, **look})
        return y + (len(lines) - 1) * LINE

    def draw(self, name: str, alternative: str, height: float) -> str:
        """Return the drawing as an SVG element without script, style or font of its own; ids begin with `name`."""
        sets = [name for name, rows in self.rows.items() if rows]
        values = {"width": self.width, "height": height, **self.rows}
        spec = charts.fill_drawing(specification(self.direction, sets), values)
        return charts.clean_svg(charts.vega(spec, charts.format_locale(self.script.numerals)), name, alternative)


def break_lines(text: str, room: float) -> list[str]:
    """Return a text as lines no wider than the space; a single word may be wider."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and fonts.width(longer, LETTER) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
