"""Choosing a printed figure, dataset by dataset and table by table, and its way back: a look, which is logged.

Does not belong here: the tables (`marsad/answers/printed_figures.py`), the walk (`marsad/answers/traced_figure.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from desk.identity.access import SIGNERS, allow, person_of
from desk.pages.request import Request
from desk.pages.showing import show
from languages import dates
from languages.words import Words
from marsad.answers import printed_figures, release_changes
from marsad.answers.printed_figures import PrintedFigure
from marsad.answers.release_changes import ChangedYear
from marsad.answers.traced_figure import TraceStep, group_by_sheet, trace_back

_MOST_NAMES = 60
"""Facts or sheets that a page lists of a step; the command lists all."""


@allow(*SIGNERS)
@require_safe
def list_datasets(request: Request) -> HttpResponse:
    """Ask for a released dataset."""
    return show(request, "figure_datasets.html", datasets=printed_figures.printed_datasets(request.home))


@allow(*SIGNERS)
@require_safe
def list_indicators(request: Request, dataset: str) -> HttpResponse:
    """Ask for an indicator of a dataset."""
    printed = printed_figures.printed_dataset(request.home, dataset)
    return show(request, "figure_indicators.html", dataset=printed, years=_years(request.words, printed.years))


@allow(*SIGNERS)
@require_safe
def list_tables(request: Request, dataset: str, indicator: str) -> HttpResponse:
    """Ask for a table of an indicator: its area, its year, its categories."""
    tables = printed_figures.list_tables(request.home, dataset, indicator, request.words)
    if not tables:
        raise Http404
    return show(
        request,
        "figure_tables.html",
        dataset=dataset,
        indicator=indicator,
        tables=tables,
        has_earlier=any(table.is_earlier for table in tables),
    )


@allow(*SIGNERS)
@require_safe
def show_table(request: Request, dataset: str, indicator: str, table: str) -> HttpResponse:
    """Show a table as it is printed; each figure leads back to its files."""
    printed = printed_figures.printed_table(request.home, dataset, indicator, table, request.words)
    if printed is None:
        raise Http404
    groups = [
        (measure, [(row.label, [(figure, _address(dataset, figure)) for figure in row.figures]) for row in rows])
        for measure, rows in printed.groups
    ]
    return show(request, "figure_table.html", dataset=dataset, indicator=indicator, table=printed, groups=groups)


@allow(*SIGNERS)
@require_safe
def show_way_back(request: Request, dataset: str) -> HttpResponse:
    """Show the way from a printed figure back to its files; that the person looked is a line of the log."""
    coordinates = dict(request.GET.items())
    described = printed_figures.described_figure(request.home, dataset, coordinates, request.words)
    if described is None:
        raise Http404
    traced = trace_back(request.home, person_of(request).person, dataset, coordinates)
    return show(
        request,
        "figure_way_back.html",
        dataset=dataset,
        described=described,
        indicator=coordinates["indicator"],
        is_harmed=traced.is_harmed,
        steps=[_step(step, request.words) for step in traced.steps(request.words)],
    )


@allow(*SIGNERS)
@require_safe
def show_changes(request: Request, dataset: str) -> HttpResponse:
    """Show which indicators of a dataset changed since the last release, and how many cells of each."""
    changes = release_changes.release_changes(request.home, dataset)
    rows = [(changed, _list_years(request.words, changed.years)) for changed in changes.indicators]
    return show(request, "release_changes.html", changes=changes, rows=rows)


@allow(*SIGNERS)
@require_safe
def show_changed_indicator(request: Request, dataset: str, indicator: str) -> HttpResponse:
    """Show the changed years of an indicator with causes and files: a look, which is logged."""
    words = request.words
    years = release_changes.changed_years(request.home, person_of(request).person, dataset, indicator)
    if not years:
        raise Http404
    shown = [
        (dates.year(words, year.year), year, _revised_rows(year, words), year.cells.revised - len(year.revised))
        for year in years
    ]
    return show(request, "changed_indicator.html", dataset=dataset, indicator=indicator, years=shown)


def _revised_rows(year: ChangedYear, words: Words) -> list[tuple[str, str, str]]:
    """Return the place of each revised cell, and what was and is printed there."""
    return [
        (
            printed_figures.place_in_words(revised.coordinates, words),
            printed_figures.figure_in_words(revised.before, words),
            printed_figures.figure_in_words(revised.now, words),
        )
        for revised in year.revised
    ]


def _list_years(words: Words, years: Sequence[str]) -> str:
    return words.text("page.separator").join(dates.year(words, year) for year in years)


def _address(dataset: str, figure: PrintedFigure) -> str:
    """Return the address of a figure's way back; empty if it is not released."""
    return f"/figures/{dataset}/way-back?{urlencode(figure.coordinates)}" if figure.coordinates else ""


def _years(words: Words, years: Sequence[str]) -> str:
    return words.text("quality.sent.span", first=dates.year(words, years[0]), last=dates.year(words, years[-1]))


def _step(step: TraceStep, words: Words) -> dict[str, Any]:
    """Return a step as the template shows it: its facts or rows by sheet, its measure in words."""
    names = step.hop.get("facts") or step.hop.get("rows")
    sheets = group_by_sheet(names) if isinstance(names, list) else {}
    measure = step.hop.get("measure", "")
    return {
        "hop": step.hop,
        "heading": step.heading,
        "sentence": step.sentence,
        "sheets": list(sheets.items())[:_MOST_NAMES],
        "more": max(0, len(sheets) - _MOST_NAMES),
        "measure": printed_figures.measure_in_words(measure, words) if "/" in measure else "",
    }
