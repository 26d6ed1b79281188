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
from reports.charts import Chart, Series
from reports.model import Report

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
        "charts": [(chart, _drawn(chart, words), table) for chart, table in _charts(report, words)],
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


def _charts(report: Report, words: Words) -> list[tuple[Chart, str]]:
    """Return the charts that can be drawn, each with the id of the table that holds its figures."""
    place = results.area(report)
    years = report.headline_years
    name = wording.area(place, words)

    def series(key: str, indicator: str, **dimensions: str) -> Series:
        cells = {year: report.cell(indicator, "COUNT", place, year, **dimensions) for year in years}
        return Series(words.text(f"page.chart.{key}"), cells)

    presumed, children = series("all", "PRT-01"), series("children", "PRT-01", age="Y0T17")
    pair = (series("presumed", "PRT-01"), series("identified", "PRT-02"))
    found = [
        (Chart("victims", "line", words.text("page.chart.victims.title", area=name), pair), "prt-01"),
        (
            Chart("children", "bar", words.text("page.chart.children.title", area=name), (presumed, children)),
            "prt-01-age",
        ),
    ]
    tables = {table.id for section in report.sections for table in section.tables}
    anchored = ((chart, f"{model.NATIONAL}-{end}".replace("_", "-")) for chart, end in found)
    return [(chart, table) for chart, table in anchored if table in tables]


def _drawn(chart: Chart, words: Words) -> tuple[Markup, Markup]:
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
