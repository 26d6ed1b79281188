"""The drawing surface of a picture: it begins on the right in right-to-left languages, and texts stay inside.

Belongs here: marks (bar, line, dot, text) at positions measured from where lines begin, and breaking a text into lines.
Does not belong here: which marks a picture has (`bar_pictures.py`, `dot_pictures.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reports.renderers import fonts
from reports.renderers.chart_style import INK
from reports.renderers.charts import ScriptStyle, escape_text

Anchor = Literal["start", "middle", "end"]
LETTER = 12
LINE = 15.0
"""Height of a line of text."""
_TURNED: dict[Anchor, Anchor] = {"start": "end", "middle": "middle", "end": "start"}


@dataclass
class Surface:
    """The marks drawn so far; `width` is fixed, a picture is as high as it needs.

    Positions are measured from where lines begin: from the left, or from the right in a right-to-left language.
    """

    script: ScriptStyle
    width: float
    marks: list[str] = field(default_factory=list[str])

    @property
    def is_rtl(self) -> bool:
        """Whether lines begin on the right."""
        return self.script.direction == "rtl"

    def _x(self, x: float) -> float:
        return self.width - x if self.is_rtl else x

    def draw_bar(self, x: float, y: float, length: float, height: float, look: str) -> None:
        """Draw a bar starting at a position; `look` are the attributes of its fill and edge."""
        left = self._x(x + length) if self.is_rtl else x
        self.marks.append(f'<rect x="{left:.4g}" y="{y:.4g}" width="{length:.4g}" height="{height:g}" {look}/>')

    def draw_line(self, x: float, y: float, to_x: float, to_y: float, look: str) -> None:
        """Draw a line; `look` are the attributes of its stroke."""
        self.marks.append(f'<path d="M{self._x(x):.4g},{y:.4g}L{self._x(to_x):.4g},{to_y:.4g}" fill="none" {look}/>')

    def draw_dot(self, x: float, y: float, size: float, colour: str, *, is_square: bool = False) -> None:
        """Draw a dot, or a square."""
        if is_square:
            side = 2 * size
            self.marks.append(
                f'<rect x="{self._x(x) - size:.4g}" y="{y - size:.4g}" width="{side:g}" height="{side:g}" '
                f'fill="{colour}"/>'
            )
        else:
            self.marks.append(f'<circle cx="{self._x(x):.4g}" cy="{y:.4g}" r="{size:g}" fill="{colour}"/>')

    def write_line(
        self, x: float, y: float, words: str, *, anchor: Anchor = "start", colour: str = INK, is_bold: bool = False
    ) -> None:
        """Write one line, its baseline at `y`."""
        if not words:
            return
        isolated = f"\u2067{words}\u2069" if self.is_rtl else words
        weight = ' font-weight="600"' if is_bold else ""
        # the drawing itself always runs left to right: anchors are mirrored together with positions
        side = _TURNED[anchor] if self.is_rtl else anchor
        self.marks.append(
            f'<text x="{self._x(x):.4g}" y="{y:.4g}" text-anchor="{side}" font-family="{fonts.FAMILY}" '
            f'font-size="{LETTER}" fill="{colour}"{weight}>{escape_text(isolated)}</text>'
        )

    def write_lines(
        self, x: float, y: float, words: str, room: float, *, colour: str = INK, is_bold: bool = False
    ) -> float:
        """Write a text in as many lines as its space requires, the first baseline at `y`; return the last one's."""
        last = y
        for number, line in enumerate(break_lines(words, room)):
            last = y + number * LINE
            self.write_line(x, last, line, colour=colour, is_bold=is_bold)
        return last


def break_lines(words: str, room: float) -> list[str]:
    """Return a text as lines no wider than the space; a single word may be wider."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def width(words: str) -> float:
    """Return about how wide a text is."""
    return fonts.width(words, LETTER)
