"""The explorer: one self-contained file in which readers choose what they see, drawn by the Vega of vl-convert.

Belongs here: packing the cube, and filling the page with it, the chart specifications, the script and the fonts. Does
not belong here: which cells there are (`cube.py`), how a chart looks (`charts.py`, `maps.py`), or text.

The page fetches nothing and its policy forbids fetching: scripts and style are allowed by their hashes. Vega evaluates
expressions with the interpreter in its bundle, so the policy needs no `unsafe-eval` (decision 0035).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert as vlc
from markupsafe import Markup

from languages import html_page, page_policy
from languages.digits import ARABIC, LATIN
from reports.explorer.cube import Breakdown, CubeCell, CubeMeasure, CubeRow, CubeSubject, ExplorerCube
from reports.renderers import charts, fonts, kept_drawings, maps, placed_marks

_TEMPLATES = Path(__file__).parents[1] / "templates"
_WIDTHS = (520, 330)  # of the tiles: for a desktop and for a phone
_PROGRAM = "window.vegaEmbed = vegaEmbed;"
_DIGITS = LATIN + ARABIC + ",.%٬٫٪−+[]–·"


def render(cube: ExplorerCube) -> bytes:
    """Return the explorer of one language as an HTML file; the same cube gives the same bytes."""
    data = _escape_json(json.dumps(pack_cube(cube), ensure_ascii=False, separators=(",", ":")))
    policy = page_policy.policy("%style-hash%", ["%vega-hash%", "%script-hash%"], has_fonts=True)
    shell = {
        "page_language": cube.language,
        "page_direction": cube.direction,
        "policy": Markup(policy),  # noqa: S704 - our own words
        "style": "%style%",
    }
    template = html_page.environment(_TEMPLATES).get_template("explorer.html")
    page = template.render(cube=cube, t=cube.labels, data="%data%", hatch="%hatch%", **shell)
    page = page.replace("%hatch%", charts.hatch("hatch"), 1)
    parts = {
        "style": _style(page + data + _DIGITS),
        "vega": bundle(),
        "script": _script(),
    }
    for name, part in parts.items():
        page = page.replace(f"%{name}-hash%", page_policy.source_of(part), 1)
    for name, part in {**parts, "data": data}.items():
        page = page.replace(f"%{name}%", part, 1)
    return page.encode("utf-8")


def pack_cube(cube: ExplorerCube) -> dict[str, Any]:
    """Return what the script reads: the cube with its rows as short lists, and how to draw them.

    A row is `[measure, place, codes, cells]`, with measure and place as indices into the lists of its subject; cells
    are
    one mark that stands in all of them, or a list of figures, marks and `[figure, mark]`.
    """
    names = {code: cube.places[code] for code in maps.TILES if code in cube.places}
    return {
        "language": cube.language,
        "direction": cube.direction,
        "numerals": cube.numerals,
        "report": cube.report,
        "labels": cube.labels,
        "marks": cube.marks,
        "signs": cube.signs,
        "years": cube.years,
        "yearLabels": cube.year_labels,
        "datasets": cube.datasets,
        "places": cube.places,
        "dimensions": cube.dimensions,
        "codes": cube.codes,
        "subjects": [_subject(subject) for subject in cube.subjects],
        "layouts": [
            {
                "width": width,
                "height": maps.height_of(width),
                "spots": list(maps.places(names, width, cube.direction, cube.provisional)),
            }
            for width in _WIDTHS
        ],
        "specifications": {
            "line": charts.specification("line", cube.direction),
            "bars": charts.comparison(cube.direction),
            "tiles": placed_marks.specification("ltr", ("bars", "words")),
        },
        "locale": {"percent": "%", **charts.format_locale(cube.numerals)},
    }


def unseen_texts() -> tuple[str, ...]:
    """Return the invisible texts of every explorer that hold no data: its programs."""
    return bundle().strip(), _script().strip()


def _script() -> str:
    return "\n".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in ("explorer_axes.js", "explorer.js"))


def bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed with its expression interpreter as one script (2 to 3 seconds)."""
    script = kept_drawings.draw_unless_kept(["bundle", _PROGRAM], lambda: _bundle_bytes())
    return script.decode("utf-8").replace("</script", "<\\/script")


@cache
def _bundle_bytes() -> bytes:
    return vlc.javascript_bundle(_PROGRAM).encode("utf-8")


def _subject(subject: CubeSubject) -> dict[str, Any]:
    measures = [measure.code for measure in subject.measures]
    return {
        "dataset": subject.dataset,
        "code": subject.code,
        "title": subject.title,
        "definition": subject.definition,
        "unit": subject.unit,
        "notes": subject.notes,
        "measures": [_measure(measure) for measure in subject.measures],
        "places": subject.places,
        "chief": measures.index(subject.chief),
        "first": subject.first,
        "isMap": subject.is_map,
        "breakdowns": [_breakdown(breakdown, measures, subject.places) for breakdown in subject.breakdowns],
        "broken": subject.broken,
        "trends": [
            [measures.index(trend.measure), subject.places.index(trend.place), trend.text] for trend in subject.trends
        ],
    }


def _measure(measure: CubeMeasure) -> dict[str, Any]:
    levels = [
        {"least": level.least, "label": level.label, "few": level.few, "fill": fill, "ink": ink}
        for number, level in enumerate(measure.levels)
        for fill, ink in [maps.colour(number, len(measure.levels))]
    ]
    about = {"code": measure.code, "label": measure.label, "isShare": measure.is_share, "decimals": measure.decimals}
    return {**about, "levels": levels}


def _breakdown(breakdown: Breakdown, measures: list[str], places: tuple[str, ...]) -> dict[str, Any]:
    rows = [[measures.index(row.measure), places.index(row.place), row.codes, _cells(row)] for row in breakdown.rows]
    return {"dimensions": breakdown.dimensions, "label": breakdown.label, "rows": rows}


def _cells(row: CubeRow) -> str | list[Any]:
    marks = {cell.mark for cell in row.cells if cell.value is None}
    if len(marks) == 1 and all(cell.value is None for cell in row.cells):
        return marks.pop()
    return [_cell(cell) for cell in row.cells]


def _cell(cell: CubeCell) -> str | float | list[Any]:
    if cell.value is None:
        return cell.mark
    value = int(cell.value) if cell.value.is_integer() else cell.value
    return [value, cell.mark] if cell.mark else value


def _escape_json(text: str) -> str:
    """Return JSON that can stand inside an element of a page: nothing in it can close the element."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _style(text: str) -> str:
    """Return the style sheet with the fonts subset to the letters of this page."""
    faces = "".join(fonts.font_face(text, weight) for weight in fonts.WEIGHTS)
    return faces + (_TEMPLATES / "explorer.css").read_text(encoding="utf-8")
