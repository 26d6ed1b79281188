"""The page: one self-contained HTML file per language, from released files only.

Belongs here: filling the template, the languages that may be issued, and writing the pages into the home.
Does not belong here: figures and their arrangement (`model.py`), how they are said (`wording.py`, `results.py`).

A page carries its style, its fonts and its charts inside itself, has no script, names no address to fetch from, and
forbids fetching in its own policy: it opens from a memory stick with the cable out.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from expectations.blocks import LATE_CASES
from expectations.outputs import refuse_hidden
from ingestion.home import Home, write_bytes
from languages import dates
from languages.refusal import Refusal
from languages.words import Words, gaps, languages
from reports import charts, fonts, model, results, scoreboard, wording
from reports.edition import ChartBlock, Figure, Line
from reports.model import Report
from reports.tables import Cell

_TEMPLATES = Path(__file__).parent / "templates"
_WIDE, _NARROW = (510, 270), (290, 230)  # pixels of the drawing itself, near what is shown: letters keep their size
_MARKS = ("low", "x", "c", "n", "p", "r", "b")


def render(home: Home, tag: str) -> Path:
    """Write the page of one language from the latest releases; return its path, `reports/<release id>/<tag>.html`.

    Raises:
        Refusal: `catalogue_incomplete` if the language lacks texts, `language_unknown`, `output_hides`, or as
            `model.load`.
    """
    lacking = gaps(tag)
    if lacking:
        raise Refusal("catalogue_incomplete", where=lacking[0].key, language=tag, count=len(lacking))
    report = model.load(home)
    path = home.reports / report.id / f"{tag}.html"
    issued = [other for other in languages() if other == tag or not gaps(other)]
    page = html(report, Words.load(tag), issued).encode("utf-8")
    refuse_hidden({path.name: page})
    write_bytes(path, page)
    return path


def html(report: Report, words: Words, issued: Sequence[str]) -> str:
    """Return the page of one language; the same report and catalogue give the same bytes.

    Args:
        report: the model of what was released.
        words: of the language.
        issued: tags of the languages that pages exist in, for the links between them.
    """
    body = _environment().get_template("page.html").render(_content(report, words, issued))
    style = _style(body)
    return body.replace("/*style*/", style, 1).replace("%style-hash%", _policy_hash(style), 1)


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _content(report: Report, words: Words, issued: Sequence[str]) -> dict[str, Any]:
    return {
        "report": report,
        "words": words,
        "t": words.text,
        "say": _said(words),
        "years": report.years,
        "links": [(tag, Words.load(tag)) for tag in issued],
        "results": results.key_results(report, words),
        "results_intro": _intro(report, words),
        "charts": [(chart, _drawn(chart, words)) for chart in _charts(report, words)],
        "marks": _MARKS,
        "minimum": max(release.minimum_base for release in report.releases),
        "coverage": _coverage(report),
        "demands": [(demand, scoreboard.sentence(demand, words)) for demand in scoreboard.scoreboard(report)],
        "held": wording.held(report, words),
        "most_held": LATE_CASES - 1,
        "swatch": _swatch,
    }


def _said(words: Words) -> dict[str, Callable[..., Any]]:
    """Return the functions of `wording` with the language filled in, for the template."""
    names = ("title", "definition", "label", "row_label", "area", "figure", "measure", "caption", "breakdown",
             "row_heading", "rows_alike", "method_notes", "coverage_notes", "caveats", "breaks", "period",
             "changes", "interval")  # fmt: skip
    said: dict[str, Callable[..., Any]] = {name: partial(getattr(wording, name), words=words) for name in names}
    return said | {
        "year": partial(dates.year, words),
        "day": partial(dates.day, words),
        "mark": wording.mark,
        "contact": wording.contact,
        "licence": wording.licence,
    }


def _intro(report: Report, words: Words) -> str:
    said: dict[str, str | float] = {
        "year": dates.year(words, results.latest_year(report)),
        "area": wording.area(results.area(report), words),
    }
    base = results.rounding_base(report)
    return (
        words.text("page.results.intro", base=base, **said) if base else words.text("page.results.intro_exact", **said)
    )


def _charts(report: Report, words: Words) -> list[ChartBlock]:
    """Return the charts that can be drawn: those whose table is printed."""
    place = results.area(report)
    name = wording.area(place, words)

    def cells(indicator: str, **dimensions: str) -> dict[str, Cell]:
        return {year: report.cell(indicator, "COUNT", place, year, **dimensions) for year in report.headline_years}

    presumed = cells("PRT-01")
    pairs = {"presumed": presumed, "identified": cells("PRT-02")}
    children = {"all": presumed, "children": cells("PRT-01", age="Y0T17")}
    title = "page.chart.{}.title"
    found = [
        _chart("victims", "line", words.text(title.format("victims"), area=name), pairs, "prt-01", words),
        _chart("children", "bar", words.text(title.format("children"), area=name), children, "prt-01-age", words),
    ]
    tables = {table.id for section in report.sections for table in section.tables}
    return [chart for chart in found if chart.table in tables]


def _chart(
    name: str, shape: charts.Shape, title: str, rows: dict[str, dict[str, Cell]], table: str, words: Words
) -> ChartBlock:
    years = tuple(next(iter(rows.values())))
    named = {words.text(f"page.chart.{key}"): cells for key, cells in rows.items()}
    told = wording.listed((_described(series, cells, words) for series, cells in named.items()), words)
    return ChartBlock(
        id=name,
        shape=shape,
        title=title,
        alternative=words.text("page.chart.alt", title=title, series=told),
        years=years,
        year_labels=tuple(dates.year(words, year) for year in years),
        series=tuple(Line(name=series, figures=_figures(cells, words)) for series, cells in named.items()),
        table=f"{model.NATIONAL}-{table}".replace("_", "-"),
    )


def _figures(cells: dict[str, Cell], words: Words) -> tuple[Figure, ...]:
    return tuple(Figure(text=wording.figure(cell, words), mark=cell.mark, value=cell.value) for cell in cells.values())


def _described(name: str, cells: dict[str, Cell], words: Words) -> str:
    """Return a series by its first and last value."""
    figures = ((year, wording.figure(cell, words)) for year, cell in cells.items())
    seen = [(dates.year(words, year), figure) for year, figure in figures if figure]
    if not seen:
        return words.text("page.chart.series_empty", name=name)
    (first_year, first), (last_year, last) = seen[0], seen[-1]
    told = {"first": first, "first_year": first_year, "last": last, "last_year": last_year}
    return words.text("page.chart.series", name=name, **told)


def _drawn(chart: ChartBlock, words: Words) -> tuple[Markup, Markup]:
    """Return a chart twice: for a desk and for a telephone; the style shows one of them."""
    wide, narrow = (charts.draw(chart, words, width=width, height=height) for width, height in (_WIDE, _NARROW))
    return Markup(wide), Markup(narrow)  # noqa: S704 - our own SVG; its texts were escaped where they were written


def _swatch(shape: charts.Shape, number: int) -> Markup:
    return Markup(charts.swatch(shape, number))  # noqa: S704 - our own SVG, without text


def _coverage(report: Report) -> dict[str, list[model.Coverage]]:
    """Return the national coverage by area; an area where nothing is expected is left out."""
    found: dict[str, list[model.Coverage]] = {}
    for section in report.of(model.NATIONAL):
        for coverage in section.coverage:
            if any(expected for _, expected in coverage.reported.values()):
                found.setdefault(coverage.area, []).append(coverage)
    return found


def _style(body: str) -> str:
    """Return the style sheet with the fonts cut to the letters of this page."""
    sheet = (_TEMPLATES / "page.css").read_text(encoding="utf-8")
    faces = "".join(
        f'@font-face{{font-family:"{fonts.FAMILY}";font-weight:{weight};'
        f'src:url({fonts.embedded(body, weight)}) format("woff2")}}'
        for weight in fonts.WEIGHTS
    )
    return faces + sheet


def _policy_hash(style: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
