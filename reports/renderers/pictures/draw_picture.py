"""Draw a picture of any form as one SVG element.

Belongs here: which function draws which form, and the frame around it.
Does not belong here: the forms (`bar_pictures.py`, `dot_pictures.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reports.editions.printed_parts import PictureBlock
from reports.renderers.charts import ScriptStyle, frame_svg
from reports.renderers.pictures import bar_pictures, dot_pictures
from reports.renderers.pictures.surface import Surface

_FORMS: Mapping[str, Callable[[PictureBlock, Surface], float]] = {
    "funnel": bar_pictures.draw_funnel,
    "pyramid": bar_pictures.draw_pyramid,
    "intervals": dot_pictures.draw_intervals,
    "slope": dot_pictures.draw_slopes,
}


def draw(block: PictureBlock, script: ScriptStyle, *, width: int) -> str:
    """Return a picture as an SVG element without script, style or font of its own.

    Args:
        block: what to draw.
        script: direction and digits.
        width: in pixels; the picture is as high as it needs.
    """
    surface = Surface(script, width)
    height = _FORMS[block.form](block, surface)
    return frame_svg(
        "".join(surface.marks), f"{block.id}-{width}", block.alternative, f'viewBox="0 0 {width} {height:.4g}"'
    )
