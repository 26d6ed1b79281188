"""Charts: Altair draws, vl-convert writes SVG, and what browsers and right-to-left pages need is put right afterwards.

Belongs here: the two charts of the page, from cells of the model, and the clean-up of the SVG.
Does not belong here: choosing figures, or text (`wording.py`, catalogues).

Rules (reference: what was tried with vl-convert): an unknown font makes labels vanish, so ours is registered; years are
an ordinal axis, because d3 has no Arabic-Indic digits for time; shape and dash differ as well as colour, and the page
names them in a key of its own, in text that can be read and selected; a missing or withheld value is never drawn, its
mark is; in a right-to-left page time runs from the right, and the page sets `direction: ltr` on every SVG, since its
anchors would flip otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import altair as alt
import vl_convert as vlc

from languages import dates
from languages.words import Words
from reports import fonts, wording
from reports.tables import Cell

Shape = Literal["line", "bar"]
COLOURS = ("#0b4f6c", "#b3541e")  # 8.9:1 and 5.0:1 on white; told apart by every kind of colour vision
_INK, _GRID = "#3d4852", "#e3e8ec"
_BARS = ({"fill": "#c5d9e2", "stroke": COLOURS[0]}, {"fill": COLOURS[1], "stroke": COLOURS[1]})
_YEAR_WIDTH = 40  # pixels that the four digits of a year and the space between two of them take
_HATCH_FILL = "#cfcfce"  # replaced by the pattern after drawing
_HATCH = (
    '<defs><pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#f4f5f6"/><line x1="0" y1="0" x2="0" y2="6" stroke="#c3c9ce" stroke-width="2"/>'
    "</pattern></defs>"
)


@dataclass(frozen=True)
class Series:
    """One row of figures: its name in the page's language and its cell for each year."""

    name: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Chart:
    """A chart to draw: an id, a form, a title, and two series; in a bar chart the second stands inside the first."""

    id: str
    shape: Shape
    title: str
    series: tuple[Series, Series]


def swatch(shape: Shape, number: int) -> str:
    """Return the sample of a series for the key: the line or bar as it is drawn."""
    colour = COLOURS[number]
    if shape == "bar":
        inside = f'<rect x="5" y="2" width="18" height="10" {_attributes(_BARS[number])}/>'
    else:
        dash = "" if number == 0 else ' stroke-dasharray="7 3"'
        point = (
            f'<circle cx="14" cy="7" r="4" fill="{colour}"/>'
            if number == 0
            else f'<rect x="10" y="3" width="8" height="8" fill="#ffffff" stroke="{colour}" stroke-width="2"/>'
        )
        inside = f'<path d="M0,7H28" stroke="{colour}" stroke-width="2.5"{dash}/>{point}'
    return f'<svg viewBox="0 0 28 14" width="28" height="14" aria-hidden="true">{inside}</svg>'


def draw(chart: Chart, words: Words, *, width: int, height: int = 280) -> str:
    """Return the chart as an SVG element without script, style, link or font of its own."""
    _register_fonts()
    drawing = _configured(alt.layer(*_layers(chart, words, width), width=width, height=height))
    svg = vlc.vegalite_to_svg(drawing.to_dict(), format_locale=_format_locale(words))
    return _cleaned(svg, f"{chart.id}-{width}", described(chart, words))


def described(chart: Chart, words: Words) -> str:
    """Return the alternative text: the title, and each series by its first and last value."""
    series = wording.listed((_described_series(series, words) for series in chart.series), words)
    return words.text("page.chart.alt", title=chart.title, series=series)


def _described_series(series: Series, words: Words) -> str:
    seen = [(year, wording.figure(cell, words)) for year, cell in series.cells.items() if _is_drawn(cell)]
    if not seen:
        return words.text("page.chart.series_empty", name=series.name)
    (first_year, first), (last_year, last) = seen[0], seen[-1]
    told = {"first_year": dates.year(words, first_year), "last_year": dates.year(words, last_year)}
    return words.text("page.chart.series", name=series.name, first=first, last=last, **told)


def _attributes(found: dict[str, str]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in found.items())


def _is_drawn(cell: Cell) -> bool:
    return cell.value is not None and cell.mark != "low"


def _layers(chart: Chart, words: Words, width: int) -> list[alt.Chart]:
    rtl = words.direction == "rtl"
    years = [dates.year(words, year) for year in chart.series[0].cells]
    x = alt.X(
        "year:O",
        sort=years,
        scale=alt.Scale(reverse=rtl, paddingInner=0.25, paddingOuter=0.15),
        axis=alt.Axis(
            values=_labelled(years, width),
            labelAngle=0,
            title=None,
            grid=False,
            ticks=False,
            labelPadding=8,
            aria=False,
        ),
    )
    top = max((cell.value or 0 for series in chart.series for cell in series.cells.values()), default=0)
    scale = alt.Scale(domain=[0, max(10, top * 1.15)], nice=True)
    axis = alt.Axis(
        orient="right" if rtl else "left", title=None, tickCount=5, format=",.0f", ticks=False, domain=False, aria=False
    )
    y = alt.Y("value:Q", scale=scale, axis=axis)
    layers = [_hatched(chart, words, x)]
    for number, series in enumerate(chart.series):
        rows = list(_rows(series, words))
        layers += [*_drawn(chart.shape, number, rows, x, y), _marks(number, rows, x, y)]
    return layers


def _labelled(years: list[str], width: int) -> list[str]:
    """Return the years that are written under the axis: every one, or the last and every second before it."""
    is_crowded = width < len(years) * _YEAR_WIDTH
    return years[::-1][::2][::-1] if is_crowded else years


def _rows(series: Series, words: Words) -> Iterator[dict[str, Any]]:
    """Yield a row a year; a run of drawn years shares a segment, so that a line breaks where a year is missing."""
    segment = 0
    for year, cell in series.cells.items():
        segment += not _is_drawn(cell)
        yield {
            "year": dates.year(words, year),
            "value": cell.value if _is_drawn(cell) else None,
            "mark": "" if _is_drawn(cell) else wording.mark(cell),
            "segment": segment,
        }


def _drawn(shape: Shape, number: int, rows: list[dict[str, Any]], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    colour = COLOURS[number]
    seen = alt.Chart(_data([row for row in rows if row["value"] is not None]))
    if shape == "bar":
        bar: dict[str, Any] = dict(_BARS[number])
        return [seen.mark_bar(strokeWidth=1, aria=False, **bar).encode(x=x, y=y)]
    line = seen.mark_line(color=colour, strokeWidth=2.5, strokeDash=[] if number == 0 else [7, 3], aria=False)
    point = seen.mark_point(
        color=colour, fill=colour if number == 0 else "#ffffff", filled=False, size=46, opacity=1,
        shape="circle" if number == 0 else "square", strokeWidth=2, aria=False,
    )  # fmt: skip
    return [line.encode(x=x, y=y, detail="segment:N"), point.encode(x=x, y=y)]


def _marks(number: int, rows: list[dict[str, Any]], x: alt.X, y: alt.Y) -> alt.Chart:
    marked = [{**row, "value": 0} for row in rows if row["mark"]]
    text = alt.Chart(_data(marked)).mark_text(
        baseline="bottom", dy=-4 - 15 * number, fontSize=12, color=COLOURS[number], aria=False
    )
    return text.encode(x=x, y=y, text="mark:N")


def _hatched(chart: Chart, words: Words, x: alt.X) -> alt.Chart:
    withheld = sorted({year for series in chart.series for year, cell in series.cells.items() if cell.mark == "c"})
    data = _data([{"year": dates.year(words, year)} for year in withheld])
    return alt.Chart(data).mark_rect(fill=_HATCH_FILL, aria=False).encode(x=x)


def _data(rows: list[dict[str, Any]]) -> alt.Data:
    return alt.Data(values=rows)


def _configured(chart: alt.LayerChart | alt.FacetChart) -> alt.LayerChart | alt.FacetChart:
    return (
        chart.configure(font=fonts.FAMILY, padding=4, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelColor=_INK, gridColor=_GRID, domainColor="#8795a1", labelFontSize=13)
    )


def _format_locale(words: Words) -> dict[str, Any]:
    arabic = words.numerals == "arab"
    locale: dict[str, Any] = {"decimal": "٫" if arabic else ".", "thousands": "٬" if arabic else ","}
    locale |= {"grouping": [3], "currency": ["", ""]}
    return locale | ({"numerals": list("٠١٢٣٤٥٦٧٨٩"), "percent": "٪"} if arabic else {})


def _cleaned(svg: str, name: str, alternative: str) -> str:
    """Return the SVG without Vega's English labels, its styles and its ids, and with a name of its own."""
    body = re.sub(r' (aria-[a-z]+|role|style|class)="[^"]*"', "", svg)
    body = re.sub(r'"clip(\d+)"', rf'"{name}-clip\1"', body).replace("url(#clip", f"url(#{name}-clip")
    hatch = _HATCH.format(id=f"{name}-hatch") if _HATCH_FILL in body else ""
    body = body.replace(f'fill="{_HATCH_FILL}"', f'fill="url(#{name}-hatch)"')
    size = re.search(r'viewBox="[^"]*"', body)
    inner = body[body.index(">") + 1 :]
    escaped = alternative.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<svg role="img" aria-label="{escaped}" {size[0] if size else ""}>{hatch}{inner}'


@cache
def _register_fonts() -> None:
    vlc.register_font_directory(str(fonts.folder()))
