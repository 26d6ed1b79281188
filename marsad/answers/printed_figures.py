"""The released figures as they are printed, to choose one of: dataset, indicator, table, figure with its mark.

Belongs here: which tables there are, and each figure of a table with the coordinates by which it is traced. Only
released cells are offered. Does not belong here: how a table is arranged (`reports/released/released_tables.py`), the
way back from a figure (`traced_figure.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from expectations.cards.cells import DIMENSIONS, KEY, TOTAL
from expectations.cards.dataset_card import load_dataset
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words
from reports.chapters.indicators import pillar_of
from reports.phrases import labels, wording
from reports.released import report_model
from reports.released.released_tables import ABSENT, ReleasedCell, ReleasedTable, TableLabel
from reports.released.report_model import IndicatorSection, Report, ReportedRelease


@dataclass(frozen=True)
class PrintedDataset:
    """A released dataset: its version, first and last year, and each pillar with the indicators that print a table."""

    name: str
    version: str
    years: tuple[str, str]
    pillars: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class ListedTable:
    """A table of an indicator: its id and caption, and whether it is of an earlier year than the newest."""

    id: str
    caption: str
    is_earlier: bool


@dataclass(frozen=True)
class PrintedFigure:
    """A printed figure.

    Attributes:
        figure: as printed; empty if it is missing or withheld.
        mark: as printed, `[c]`; empty for most.
        meaning: of the mark, in a sentence; empty without one.
        coordinates: of its cell, as `marsad trace` takes them, without totals; empty if no such cell is released.
    """

    figure: str
    mark: str
    meaning: str
    coordinates: Mapping[str, str]


@dataclass(frozen=True)
class PrintedRow:
    """A row of a table: its labels as one text, and its figures, one for each column."""

    label: str
    figures: tuple[PrintedFigure, ...]


@dataclass(frozen=True)
class PrintedTable:
    """A table as printed.

    Attributes:
        caption: what it shows.
        heading: over the labels of its rows.
        columns: the headings of its columns.
        groups: each measure with its rows.
        marks: the marks in it, each with its meaning.
    """

    caption: str
    heading: str
    columns: tuple[str, ...]
    groups: tuple[tuple[str, tuple[PrintedRow, ...]], ...]
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DescribedFigure:
    """A printed figure with what it is: a label and a value for each coordinate that is no total."""

    printed: PrintedFigure
    title: str
    definition: str
    places: tuple[tuple[str, str], ...]


def printed_datasets(home: Home) -> list[PrintedDataset]:
    """Return the released datasets, the national one first.

    Raises:
        Refusal: `nothing_released`, and those of `report_model.load`.
    """
    report = report_model.load(home)
    return [_dataset(report, release) for release in report.releases]


def printed_dataset(home: Home, dataset: str) -> PrintedDataset:
    """Return one released dataset.

    Raises:
        Refusal: `dataset_unknown`, `nothing_released`.
    """
    report = report_model.load(home)
    return _dataset(report, _release(report, dataset))


def list_tables(home: Home, dataset: str, indicator: str, words: Words) -> list[ListedTable]:
    """Return the tables of an indicator in print order; none for an indicator that prints none.

    Raises:
        Refusal: as `printed_dataset`.
    """
    section = _section(report_model.load(home), dataset, indicator)
    tables = section.tables if section else ()
    return [ListedTable(table.id, wording.caption(table, words), table.is_earlier) for table in tables]


def printed_table(home: Home, dataset: str, indicator: str, table_id: str, words: Words) -> PrintedTable | None:
    """Return a table as printed, each figure with its coordinates; None if the indicator has no such table.

    Raises:
        Refusal: as `printed_dataset`.
    """
    section = _section(report_model.load(home), dataset, indicator)
    table = next((table for table in section.tables if table.id == table_id), None) if section else None
    return _table(table, words) if table else None


def measure_in_words(measure_id: str, words: Words) -> str:
    """Return what a measure such as `PRT-03/NUMERATOR` counts."""
    indicator, _, measure = measure_id.partition("/")
    name = wording.measure(indicator, measure, words)
    return words.text("page.caption.of", first=wording.title(indicator, words), second=name)


def figure_in_words(cell: ReleasedCell, words: Words) -> str:
    """Return a figure with its mark, as printed."""
    return " ".join(text for text in (wording.figure(cell, words), wording.mark(cell, words)) if text)


def place_in_words(coordinates: Mapping[str, str], words: Words) -> str:
    """Return measure, area and categories of a cell as one text."""
    texts = [wording.measure(coordinates["indicator"], coordinates["measure"], words)]
    texts += [wording.area(coordinates["ref_area"], words)]
    texts += [wording.label(TableLabel(name, coordinates[name]), words) for name in DIMENSIONS if name in coordinates]
    return wording.list_texts(texts, words)


def described_figure(home: Home, dataset: str, coordinates: Mapping[str, str], words: Words) -> DescribedFigure | None:
    """Return the printed figure at some coordinates with what it is, in words; None if no such cell is released.

    Args:
        home: with a release of the dataset.
        dataset: its name.
        coordinates: as `PrintedFigure.coordinates` names them; what is left out is a total.
        words: of the reader.

    Raises:
        Refusal: as `printed_dataset`.
    """
    release = _release(report_model.load(home), dataset)
    key = tuple(coordinates.get(name, TOTAL if name in DIMENSIONS else "") for name in KEY)
    cell = release.cells.get(key)
    if cell is None:
        return None
    indicator = coordinates["indicator"]
    places = {"ref_area": TableLabel("area", coordinates["ref_area"])}
    places["time_period"] = TableLabel("year", coordinates["time_period"])
    places |= {
        name: TableLabel(name, code) for name, code in coordinates.items() if name in DIMENSIONS and code != TOTAL
    }
    measure = (labels.column("measure", words), wording.measure(indicator, coordinates["measure"], words))
    return DescribedFigure(
        printed=_figure(cell, dict(coordinates), words),
        title=wording.title(indicator, words),
        definition=wording.definition(indicator, words),
        places=(
            measure,
            *((labels.column(name, words), wording.label(label, words)) for name, label in places.items()),
        ),
    )


def _dataset(report: Report, release: ReportedRelease) -> PrintedDataset:
    codes = [section.indicator for section in report.sections_of(release.dataset) if section.tables]
    pillars = tuple((pillar, tuple(own)) for pillar, own in groupby(codes, pillar_of))
    return PrintedDataset(release.dataset, release.version, release.period, pillars)


def _release(report: Report, dataset: str) -> ReportedRelease:
    load_dataset(dataset)  # a misspelt name is reported as such
    release = next((release for release in report.releases if release.dataset == dataset), None)
    if release is None:
        raise Refusal("nothing_released", where=dataset)
    return release


def _section(report: Report, dataset: str, indicator: str) -> IndicatorSection | None:
    sections = report.sections_of(_release(report, dataset).dataset)
    return next((section for section in sections if section.indicator == indicator), None)


def _table(table: ReleasedTable, words: Words) -> PrintedTable:
    fixed = [TableLabel(kind, code) for kind, code in (("area", table.place), ("year", table.year)) if code]
    groups: list[tuple[str, tuple[PrintedRow, ...]]] = []
    for group in table.groups:
        rows = tuple(
            PrintedRow(
                _row_label(row.labels, words),
                tuple(
                    _figure(cell, _coordinates(table, group.measure, (*fixed, *row.labels, column)), words)
                    for cell, column in zip(row.cells, table.columns, strict=True)
                ),
            )
            for row in group.rows
        )
        groups.append((wording.measure(table.indicator, group.measure, words), rows))
    shown = {figure.mark: figure.meaning for _, rows in groups for row in rows for figure in row.figures if figure.mark}
    columns = tuple(wording.label(column, words) for column in table.columns)
    heading = wording.row_heading(table, words)
    return PrintedTable(wording.caption(table, words), heading, columns, tuple(groups), tuple(sorted(shown.items())))


def _row_label(labels: tuple[TableLabel, ...], words: Words) -> str:
    texts = (wording.label(label, words) for label in labels)
    return wording.list_texts(texts, words) or words.text("page.total")


def _coordinates(table: ReleasedTable, measure: str, labels: tuple[TableLabel, ...]) -> dict[str, str]:
    codes = {label.kind: label.code for label in labels}
    place = {"ref_area": codes["area"], "time_period": codes["year"]}
    categories = {name: codes[name] for name in DIMENSIONS if codes.get(name, TOTAL) != TOTAL}
    return {"indicator": table.indicator, "measure": measure, **place, **categories}


def _figure(cell: ReleasedCell, coordinates: Mapping[str, str], words: Words) -> PrintedFigure:
    meaning = words.text(f"mark.{cell.mark}") if cell.mark else ""
    figure, mark = wording.figure(cell, words), wording.mark(cell, words)
    return PrintedFigure(figure, mark, meaning, {} if cell is ABSENT else coordinates)
