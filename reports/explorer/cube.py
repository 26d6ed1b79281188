"""The cube: the released cells of a report with the labels of one language, for readers who explore it themselves.

Belongs here: which cells the explorer may show and in what words. A cell is what a reader may see of it: the figure as
printed, or its mark; a withheld cell has no value here at all.
Does not belong here: how it is drawn (`explorer_page.py`), or figures that no table of the report could hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from typing import Literal

from expectations.cards.areas import level_of
from expectations.cards.cells import DIMENSIONS, TOTAL
from languages import dates
from languages.numbers import number, percent
from languages.words import Words, gaps, languages, placeholders
from reports.analysis.part_years import years_apart
from reports.chapters.drawings import trend_notes
from reports.chapters.places import PROVISIONAL, thresholds
from reports.chapters.printed import few
from reports.editions.edition_part import EditionPart
from reports.phrases import wording
from reports.released.print_order import rank
from reports.released.released_tables import ABSENT, PERCENTAGES, ReleasedCell, TableLabel
from reports.released.report_model import NATIONAL, IndicatorSection, Report, ReportedRelease

_WITHOUT_FIGURE = ("c", "x", "n", "low")
_OF_A_FIGURE = ("c", "low")
_SHARES = (0.25, 0.5, 0.75)  # where the classes of a share begin
_COUNTED = ("COUNT", "NUMERATOR")  # most shares of governorates are withheld: a map shows counts first
MARKS = ("c", "x", "low", "p", "r", "b", "n")
STANDINGS = ("exact", "frozen")
# Texts of the page around the figures; keys `explorer.<name>` of the catalogue.
_LABELS = (
    "across", "alternative", "breakdown", "category", "category_all", "chart", "choose", "corner", "csv", "down",
    "filter", "first", "heading", "heading_category", "intro", "languages", "last", "map", "measure", "needs_script",
    "notes", "nothing", "page", "period", "place", "place_all", "report", "silent", "skip", "slider", "status",
    "status_hidden", "status_low", "status_missing", "status_none", "status_nothing", "subject", "table", "title",
    "total", "version", "year",
)  # fmt: skip


class CubeCell(EditionPart):
    """What a reader sees of a cell: the figure as printed (a share in per cent), or None, and its mark."""

    value: float | None = None
    mark: str = ""


class CubeRow(EditionPart):
    """One measure in one area for one category: a code for each dimension of its breakdown, a cell for each year."""

    measure: str
    place: str
    codes: tuple[str, ...]
    cells: tuple[CubeCell, ...]


class Breakdown(EditionPart):
    """A breakdown (no dimensions for totals), its rows in print order."""

    dimensions: tuple[str, ...]
    label: str
    rows: tuple[CubeRow, ...]


class MapLevel(EditionPart):
    """A class of a map: the lowest figure in it, its label, and what a tile says of a count that rounds to zero."""

    least: float
    label: str
    few: str = ""


class CubeMeasure(EditionPart):
    """A measure of a subject; `decimals` are printed. It has levels if there is a map of it."""

    code: str
    label: str
    is_share: bool
    decimals: int
    levels: tuple[MapLevel, ...] = ()


class CubeTrend(EditionPart):
    """The text on the trend of a total, of one measure in one area, with its rule."""

    measure: str
    place: str
    text: str


class CubeSubject(EditionPart):
    """One indicator in one dataset; its series breaks before years in `broken`.

    Attributes:
        chief: the measure shown first.
        first: the place among the years of the first one shown: with a figure, or the mark of one.
    """

    dataset: str
    code: str
    title: str
    definition: str
    unit: str
    notes: tuple[str, ...]
    measures: tuple[CubeMeasure, ...]
    places: tuple[str, ...]
    chief: str
    first: int
    is_map: bool
    breakdowns: tuple[Breakdown, ...]
    broken: dict[str, tuple[str, ...]]
    trends: tuple[CubeTrend, ...]


class CubeLanguage(EditionPart):
    """A language of the explorer, with its name in that language."""

    tag: str
    direction: Literal["ltr", "rtl"]
    name: str


class ExplorerCube(EditionPart):
    """Everything that the explorer of one language shows.

    Attributes:
        codes: labels of codes, by dimension; `_T` is the total of each.
        silent: titles of indicators without a figure in any year.
        map_notes: text below every map: on boundaries and names.
        provisional: places whose boundary is not official yet.
        marks: what each mark and standing means, by its code.
        signs: each of them as printed beside a figure, by its code.
        labels: words around the figures, by key; placeholders stand in braces.
    """

    report: str
    language: str
    direction: Literal["ltr", "rtl"]
    numerals: Literal["latn", "arab"]
    languages: tuple[CubeLanguage, ...]
    banners: tuple[str, ...]
    years: tuple[str, ...]
    year_labels: tuple[str, ...]
    datasets: dict[str, str]
    places: dict[str, str]
    dimensions: dict[str, str]
    codes: dict[str, dict[str, str]]
    subjects: tuple[CubeSubject, ...]
    silent: tuple[str, ...]
    map_notes: tuple[str, ...]
    provisional: tuple[str, ...]
    marks: dict[str, str]
    signs: dict[str, str]
    labels: dict[str, str]


def cube(report: Report, words: Words, issued: Sequence[str] = ()) -> ExplorerCube:
    """Return the cube of a report in one language.

    Args:
        report: the model of what was released.
        words: of the language.
        issued: tags of the languages that explorers exist in; if empty, every language whose words are complete.
    """
    tags = issued or [tag for tag in languages() if tag == words.tag or not gaps(tag)]
    all_subjects = [subject for release in report.releases for subject in _subjects(report, release, words)]
    subjects = tuple(subject for subject in all_subjects if _is_told(subject))
    with_figure = {subject.code for subject in subjects}
    silent = dict.fromkeys(subject.title for subject in all_subjects if subject.code not in with_figure)
    return ExplorerCube(
        report=report.id,
        language=words.tag,
        direction=words.direction,
        numerals=words.numerals,
        languages=tuple(_language(tag) for tag in tags),
        banners=tuple(_banners(report, words)),
        years=tuple(report.years),
        year_labels=tuple(dates.year(words, year) for year in report.years),
        datasets={release.dataset: words.text(f"dataset.{release.dataset}.title") for release in report.releases},
        places={code: wording.area(code, words) for code in _used_areas(subject.places for subject in subjects)},
        dimensions={name: words.text(f"page.heading.{name}") for name in DIMENSIONS},
        codes=_codes(subjects, words),
        subjects=subjects,
        silent=tuple(silent),
        map_notes=(words.text("edition.map.provisional"), words.text("edition.map.disclaimer")),
        provisional=PROVISIONAL,
        marks={mark: words.text(f"mark.{mark}") for mark in (*MARKS, *STANDINGS)},
        signs=_signs(words),
        labels=dict(_labels(words)),
    )


def _is_told(subject: CubeSubject) -> bool:
    rows = (row for breakdown in subject.breakdowns for row in breakdown.rows)
    return any(cell.value is not None or cell.mark in _OF_A_FIGURE for row in rows for cell in row.cells)


@dataclass(frozen=True)
class _RowPlace:
    """The key of a row in a subject: its dimensions, measure, area and codes."""

    dimensions: tuple[str, ...]
    measure: str
    area: str
    codes: tuple[str, ...]


_Cells = dict[_RowPlace, dict[str, ReleasedCell]]


def _subjects(report: Report, release: ReportedRelease, words: Words) -> Iterator[CubeSubject]:
    cells = _cells(release)
    for section in report.sections_of(release.dataset):
        yield _subject(report, release, section, cells[section.indicator], words)


def _subject(
    report: Report, release: ReportedRelease, section: IndicatorSection, cells: _Cells, words: Words
) -> CubeSubject:
    code = section.indicator
    areas = sorted({place.area for place in cells}, key=lambda area: rank("area", area))
    is_map = any(level_of(area) == "governorate" for area in areas)
    names = sorted({place.measure for place in cells}, key=lambda name: rank("measure", name))
    used = sorted(
        {place.dimensions for place in cells},
        key=lambda dimensions: (len(dimensions), *map(DIMENSIONS.index, dimensions)),
    )
    broken = {area: years_apart(release, [code], area, report.years) for area in areas}
    return CubeSubject(
        dataset=section.dataset,
        code=code,
        title=wording.title(code, words),
        definition=wording.definition(code, words),
        unit=words.text("page.unit", unit=words.text(f"unit.{section.unit}")),
        notes=tuple(_notes(section, words)),
        measures=tuple(_measure(code, name, cells, words, is_map=is_map) for name in names),
        places=tuple(areas),
        chief=next((name for name in _COUNTED if is_map and name in names), names[-1]),
        first=_first_year_shown(cells, report.years),
        is_map=is_map,
        breakdowns=tuple(_breakdown(dimensions, cells, report.years, words) for dimensions in used),
        broken={area: years for area, years in broken.items() if years},
        trends=tuple(_trends(report, section, names, areas, words)),
    )


def _trends(
    report: Report, section: IndicatorSection, measures: Sequence[str], areas: Sequence[str], words: Words
) -> Iterator[CubeTrend]:
    """Yield the trends of the national dataset, whose series are the longest, as on the indicator's page."""
    for measure, area in product(measures, areas):
        sentences = list(trend_notes(report, section.indicator, measure, area, words))
        if sentences and section.dataset == NATIONAL:
            yield CubeTrend(measure=measure, place=area, text=" ".join(sentences))


def _cells(release: ReportedRelease) -> dict[str, _Cells]:
    """Return the cells of a release by indicator, row and year."""
    by_indicator: dict[str, _Cells] = {}
    for (indicator, measure, area, year, *codes), cell in release.cells.items():
        used = [(name, value) for name, value in zip(DIMENSIONS, codes, strict=True) if value != TOTAL]
        place = _RowPlace(tuple(name for name, _ in used), measure, area, tuple(value for _, value in used))
        by_indicator.setdefault(indicator, {}).setdefault(place, {})[year] = cell
    return by_indicator


def _breakdown(dimensions: tuple[str, ...], cells: _Cells, years: Sequence[str], words: Words) -> Breakdown:
    here = sorted((place for place in cells if place.dimensions == dimensions), key=_rank)
    label = wording.list_texts((words.text(f"page.heading.{name}") for name in dimensions), words)
    return Breakdown(
        dimensions=dimensions,
        label=label or words.text("explorer.total"),
        rows=tuple(
            CubeRow(
                measure=place.measure,
                place=place.area,
                codes=place.codes,
                cells=tuple(_cube_cell(cells[place].get(year, ABSENT)) for year in years),
            )
            for place in here
        ),
    )


def _first_year_shown(cells: _Cells, years: Sequence[str]) -> int:
    """Return the place of the first year in which a row has a figure, or the mark of one; 0 for none."""
    shown = {
        year
        for by_year in cells.values()
        for year, cell in by_year.items()
        if cell.value is not None or cell.mark in _OF_A_FIGURE
    }
    return next((place for place, year in enumerate(years) if year in shown), 0)


def _rank(place: _RowPlace) -> tuple[tuple[int, str], ...]:
    codes = (rank(name, code) for name, code in zip(place.dimensions, place.codes, strict=True))
    return (rank("measure", place.measure), rank("area", place.area), *codes)


@lru_cache(maxsize=4096)  # most cells of a report are equal
def _cube_cell(cell: ReleasedCell) -> CubeCell:
    """Return what a reader sees of a cell: no value if only its mark is printed, else the value rounded as printed."""
    value = cell.printed_value
    if value is None or cell.mark in _WITHOUT_FIGURE:
        return CubeCell(mark=cell.mark)
    return CubeCell(value=value, mark=cell.mark or cell.standing)


def _measure(indicator: str, name: str, cells: _Cells, words: Words, *, is_map: bool) -> CubeMeasure:
    own = [cell for place, by_year in cells.items() if place.measure == name for cell in by_year.values()]
    totals = [
        cell.value
        for place, by_year in cells.items()
        if place.measure == name and not place.dimensions and level_of(place.area) == "governorate"
        for cell in by_year.values()
        if cell.value is not None
    ]
    is_share = name in PERCENTAGES
    return CubeMeasure(
        code=name,
        label=wording.measure(indicator, name, words),
        is_share=is_share,
        decimals=max((cell.decimals for cell in own), default=0),
        levels=tuple(_levels(totals, words, "" if is_share else few(own, words), is_share=is_share))
        if is_map and totals
        else (),
    )


def _levels(values: Sequence[float], words: Words, zero: str, *, is_share: bool) -> Iterator[MapLevel]:
    bounds = _SHARES if is_share else thresholds(values)

    def printed_bound(value: float) -> str:
        return percent(value, words.numerals) if is_share else number(value, words.numerals)

    unit = 100 if is_share else 1
    yield MapLevel(least=0, label=words.text("edition.map.less", most=printed_bound(bounds[0])), few=zero)
    for low, high in pairwise(bounds):
        yield MapLevel(
            least=low * unit,
            label=words.text("edition.map.between", least=printed_bound(low), most=printed_bound(high)),
        )
    yield MapLevel(least=bounds[-1] * unit, label=words.text("edition.map.more", least=printed_bound(bounds[-1])))


def _notes(section: IndicatorSection, words: Words) -> Iterator[str]:
    yield from wording.method_notes(section, words)
    yield from wording.coverage_notes(section, words)
    yield from wording.caveats(section, words)
    yield from wording.breaks(section, words)


def _banners(report: Report, words: Words) -> Iterator[str]:
    if report.is_invented:
        yield words.text("page.invented")
    if not words.is_reviewed:
        yield words.text("page.awaits_review")
    yield from (wording.withdrawal_notice(notice, words) for notice in report.notices)


def _language(tag: str) -> CubeLanguage:
    words = Words.load(tag)
    return CubeLanguage(tag=tag, direction=words.direction, name=words.text("language.name"))


def _used_areas(groups: Iterable[Iterable[str]]) -> list[str]:
    return sorted({code for group in groups for code in group}, key=lambda area: rank("area", area))


def _codes(subjects: Iterable[CubeSubject], words: Words) -> dict[str, dict[str, str]]:
    used_codes: dict[str, set[str]] = {}
    for subject in subjects:
        for breakdown in subject.breakdowns:
            for place, name in enumerate(breakdown.dimensions):
                used_codes.setdefault(name, set()).update(row.codes[place] for row in breakdown.rows)
    return {
        name: {code: wording.label(TableLabel(name, code), words) for code in sorted(codes)}
        for name, codes in sorted(used_codes.items())
    }


def _signs(words: Words) -> dict[str, str]:
    """Return each mark, and each word beside a figure that is not rounded anew, as printed."""
    standings = {name: words.text(f"edition.standing.{name}") for name in STANDINGS}
    return {mark: wording.sign(mark, words) for mark in MARKS} | standings


def _labels(words: Words) -> Iterator[tuple[str, str]]:
    """Yield each text of the page; placeholders keep their names, with isolates around them."""
    for name in _LABELS:
        key = f"explorer.{name}"
        texts = (*words.messages[key].english, *words.messages[key].text)
        yield name, words.text(key, **{place: f"{{{place}}}" for text in texts for place in placeholders(text)})
