"""The wording of the parts of a report in one language: labels, figures, captions, notes.

Belongs here: turning the model's codes and cells into text through the catalogue, the same for every renderer.
Does not belong here: texts themselves (`languages/en.yml`), sentences about results (`reports/answers`), layout
(`site.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from expectations.cards.areas import FEDERAL, level_of
from expectations.cards.cells import LATE_CASES, TOTAL
from languages import dates
from languages.catalogue import SOURCE
from languages.numbers import number, percent
from languages.words import Words
from reports.released.released_tables import ReleasedCell, ReleasedRow, ReleasedTable, TableLabel
from reports.released.report_model import CountPlace, IndicatorSection, Report, ReportedRelease, WithdrawalNotice
from reports.released.year_changes import VersionChange

_PARTS_OF_SHARES = ("NUMERATOR", "DENOMINATOR")


def indicator_key(indicator: str) -> str:
    """Return the stem of an indicator's keys: `PRT-02` is `prt_02`."""
    return indicator.lower().replace("-", "_")


def title(indicator: str, words: Words) -> str:
    """Return the title of an indicator."""
    return words.text(f"indicator.{indicator_key(indicator)}.title")


def definition(indicator: str, words: Words) -> str:
    """Return the definition of an indicator."""
    return words.text(f"indicator.{indicator_key(indicator)}.definition")


def label(table_label: TableLabel, words: Words) -> str:
    """Return the label of a row or column."""
    if table_label.kind == "year":
        return dates.year(words, table_label.code)
    if table_label.kind == "area":
        return area(table_label.code, words)
    if table_label.is_total:
        return words.text("page.total")
    return words.label(table_label.kind, table_label.code)


def area(code: str, words: Words) -> str:
    """Return the name of a country, region or governorate."""
    return words.label("area", code)


def figure(cell: ReleasedCell, words: Words) -> str:
    """Return the figure in a cell without its mark; empty if there is none."""
    value = cell.printed_value
    if value is None or cell.mark == "low":
        return ""
    if cell.is_share:
        return percent(value / 100, words.numerals)
    return number(value, words.numerals, decimals=cell.decimals)


def interval(cell: ReleasedCell, lower: float, upper: float, words: Words) -> str:
    """Return the interval of a figure, e.g. `31% to 45%`; empty without one, open-ended if it has no upper limit."""
    if math.isnan(lower):
        return ""
    low = figure(cell.at(lower), words)
    if math.isnan(upper):
        return words.text("page.demand.from", figure=low)
    # in words: right-to-left layout tears apart two percentages joined by a dash
    return words.text("page.demand.between", low=low, high=figure(cell.at(upper), words))


def mark(cell: ReleasedCell, words: Words) -> str:
    """Return the mark of a cell as printed, e.g. `[c]`; empty if it has none."""
    return sign(cell.mark, words)


def sign(code: str, words: Words) -> str:
    """Return a mark as printed in a language: `[c]`, `[محجوب]`; empty for no mark.

    Every form prints this; the letters alone are codes, for files that programs read.
    """
    return f"[{words.text(f'mark.sign.{code}')}]" if code else ""


def measure(indicator: str, name: str, words: Words) -> str:
    """Return what a measure of an indicator counts, in its own words if it has some, else in the general ones.

    The parts of a share are named by the indicator's card where nothing shorter is written.
    """
    key = indicator_key(indicator)
    of_card = (f"indicator.{key}.{name.lower()}",) if name in _PARTS_OF_SHARES else ()
    own = next((key for key in (f"page.measure.{key}.{name.lower()}", *of_card) if key in words), "")
    return words.text(own) if own else words.label("measure", name)


def caption(table: ReleasedTable, words: Words) -> str:
    """Return the caption of a table: what, where, when, and the breakdown."""
    about = title(table.indicator, words)
    if table.place:
        about = words.text("page.caption.of", first=about, second=area(table.place, words))
    if table.year:
        about = words.text("page.caption.of", first=about, second=dates.year(words, table.year))
    return words.text("page.caption.by", title=about, dimensions=breakdown(table, words))


def breakdown(table: ReleasedTable, words: Words) -> str:
    """Return the breakdown of a table, e.g. `sex and year`."""
    names = [*(() if table.place else ("area",)), *table.dimensions, *(() if table.year else ("year",))]
    return _join_dimensions(names, words)


def _join_dimensions(dimensions: Sequence[str], words: Words) -> str:
    if not dimensions:
        return words.text("page.total")
    joined, *others = (words.text(f"page.dimension.{name}") for name in dimensions)
    for text in others:
        joined = words.text("page.caption.and", first=joined, second=text)
    return joined


def row_heading(table: ReleasedTable, words: Words) -> str:
    """Return the heading over a table's row labels."""
    names = [*(() if table.place else ("area",)), *(table.dimensions if table.place else table.dimensions[:-1])]
    return list_texts((words.text(f"page.heading.{name}") for name in names), words) or words.text("page.heading.total")


def sheet(table: ReleasedTable, words: Words) -> str:
    """Return the short name of a table's sheet, behind the code of its indicator: `age, form, Kurdistan`."""
    name = list_texts((words.text(f"page.sheet.{name}") for name in table.dimensions or ("total",)), words)
    return (
        sheet_of_area(name, table.place, words)
        if table.place
        else list_texts((name, words.text("page.sheet.places")), words)
    )


def sheet_of_area(name: str, code: str, words: Words) -> str:
    """Return the name of a sheet of one area; that of federal Iraq, which most are of, needs none."""
    return name if code == FEDERAL else list_texts((name, words.text(f"page.sheet.{code}")), words)


def row_label(row: ReleasedRow, words: Words) -> str:
    """Return the label of a row: one code, or two for a crossing; the total of a crossing is named once."""
    if all(table_label.code == TOTAL for table_label in row.labels):
        return words.text("page.total")
    return " · ".join(label(table_label, words) for table_label in row.labels)


def body(code: str, words: Words) -> str:
    """Return the name of a reporting agency, or its code if it has none."""
    keys = (f"source.{code}.title", f"code.holder.{code}")
    return next((words.text(key) for key in keys if key in words), code)


def list_texts(texts: Iterable[str], words: Words) -> str:
    """Return texts as a list, joined by the language's comma."""
    return words.text("page.separator").join(texts)


def years(values: Iterable[str], words: Words) -> str:
    """Return years as a list."""
    return list_texts((dates.year(words, value) for value in values), words)


def method_notes(section: IndicatorSection, words: Words) -> list[str]:
    """Return how the counts of a section were protected; if methods differ, for which tables and years.

    Frozen years come first: their method describes the earlier release, so their counts are called neither exact nor
    close to the true number. Then which indicator to quote, if another one publishes a different figure for the same
    count.
    """
    frozen = (
        [words.text("page.frozen", years=years(section.frozen, words), most=LATE_CASES - 1)] if section.frozen else []
    )
    quoted = [
        words.text("page.to_quote", years=years(quoted_years, words), quoted=title(indicator, words))
        for indicator, quoted_years in section.to_quote.items()
    ]
    return [*frozen, *quoted, *_methods(section, words)]


def _methods(section: IndicatorSection, words: Words) -> list[str]:
    frozen = years(section.frozen, words)
    if len(section.methods) == 1:
        name = section.methods[0].method
        if not section.frozen:
            return [_method(name, words)]
        key = "page.method.further" if section.frozen_methods == (name,) else "page.method.except"
        return [words.text(key, years=frozen, method=_method(name, words))]
    others = "page.method.others_except" if section.frozen else "page.method.others"
    rounded = [applied.method for applied in section.methods if applied.method.startswith("ROUNDED")]
    notes = [
        words.text(
            "page.method.some",
            places=_places(applied.years, section.indicator, words),
            method=_method(applied.method, words),
        )
        for applied in section.methods
        if applied.method not in rounded
    ]
    return [*notes, *(words.text(others, method=_method(method, words), years=frozen) for method in rounded)]


def frozen_notes(report: Report, words: Words) -> list[str]:
    """Return what is frozen, a line for each dataset and year: the indicators by their titles."""
    return [
        words.text(
            "page.reading.late.item",
            dataset=words.text(f"dataset.{release.dataset}.title"),
            year=dates.year(words, year),
            indicators=list_texts((title(indicator, words) for indicator in indicators), words),
        )
        for release in report.releases
        for year, indicators in release.frozen.items()
    ]


def changes(change: VersionChange, words: Words) -> list[str]:
    """Return what a release has that the one before it did not, a line each: years, places, changed past years.

    The text gives how many figures of a year changed and why, but not by how much a figure changed (decision 74).
    """
    lines = [words.text("page.changes.years", years=years(change.years, words))] if change.years else []
    for place in change.places:
        areas = list_texts((area(code, words) for code in place.areas), words)
        about = {"indicator": title(place.indicator, words), "years": years(place.years, words)}
        lines.append(words.text("page.changes.place", areas=areas, **about))
    for past_change in change.past:
        about = {"year": dates.year(words, past_change.year), "count": number(past_change.figures, words.numerals)}
        indicators = list_texts((title(code, words) for code in past_change.indicators), words)
        lines.append(words.text("page.changes.past", indicators=indicators, **about))
    return [*lines, words.text("page.changes.why", least=LATE_CASES)] if change.past else lines


def period(first: str, last: str, words: Words) -> str:
    """Return the months of some years, from the first of the first to the last of the last one."""
    return words.text(
        "page.provenance.period.text",
        first_month=dates.month(words, 1),
        first_year=dates.year(words, first),
        last_month=dates.month(words, 12),
        last_year=dates.year(words, last),
    )


def _method(method: str, words: Words) -> str:
    name, _, base = method.partition("_")
    return words.text(f"page.method.{name.lower()}", **({"base": int(base)} if base else {}))


def _places(by_place: Mapping[CountPlace, Sequence[str]], indicator: str, words: Words) -> str:
    """Return where a method was used, places of the same years together: `age, sex (2024)`."""
    together: dict[tuple[str, ...], list[str]] = {}
    for place, in_years in by_place.items():
        together.setdefault(tuple(in_years), []).append(_place(place, indicator, words))
    return words.text("edition.separator").join(
        words.text("page.method.place", places=list_texts(names, words), years=years(in_years, words))
        for in_years, names in together.items()
    )


def _place(place: CountPlace, indicator: str, words: Words) -> str:
    """Return the breakdown of counts; of some of its counts also their category, area and measure."""
    pairs = zip(place.dimensions, place.codes, strict=False)  # no codes: every category
    categories = " · ".join(label(TableLabel(dimension, code), words) for dimension, code in pairs)
    where = area(place.area, words) if place.area else ""
    counted = measure(indicator, place.measure, words) if place.measure else ""
    parts = (categories or _join_dimensions(place.dimensions, words), where, counted)
    return " · ".join(part for part in parts if part)


def coverage_notes(section: IndicatorSection, words: Words) -> list[str]:
    """Return which years and areas of a section are incomplete or missing."""
    notes = [
        words.text(
            "page.coverage.unprinted" if coverage.is_published else "page.coverage.incomplete",
            area=area(coverage.area, words),
            years=years(coverage.incomplete_years, words),
        )
        for coverage in section.coverage
        if coverage.incomplete_years and level_of(coverage.area) != "governorate"
    ]
    silent: dict[tuple[str, ...], list[str]] = {}
    for coverage in section.silent:
        silent.setdefault(coverage.whys, []).append(area(coverage.area, words))
    for whys, names in silent.items():
        why = list_texts((words.text(f"edition.label.why_{name}") for name in whys), words)
        notes.append(words.text("page.coverage.silent", areas=list_texts(names, words), why=why))
    return notes


def caveats(section: IndicatorSection, words: Words) -> list[str]:
    """Return the caveats of an indicator."""
    return [words.text(f"caveat.{key}") for key in section.caveats]


def breaks(section: IndicatorSection, words: Words) -> list[str]:
    """Return where the series of a section break, and why: years before and after are not compared."""
    return [
        words.text(
            "page.break",
            first=dates.year(words, series_break.years[0]),
            last=dates.year(words, series_break.years[1]),
            kind=words.text(f"break.kind.{series_break.kind}"),
            areas=list_texts((area(code, words) for code in series_break.areas), words),
            what=words.text(f"break.{series_break.code}"),
        )
        for series_break in section.breaks
    ]


def withdrawal_notice(notice: WithdrawalNotice, words: Words) -> str:
    """Return what a reader must know of a withdrawn release: since when, why, and what corrects it."""
    text = words.text(
        "page.withdrawn.item",
        title=words.text(f"dataset.{notice.dataset}.title"),
        version=notice.version,
        date=dates.day(words, notice.date),
        reason=notice.reason.rstrip(" .۔"),
    )
    later = words.text("page.withdrawn.corrected", version=notice.corrected_by) if notice.corrected_by else ""
    return f"{text} {later}".strip()


def contact(release: ReportedRelease) -> tuple[str, str]:
    """Return name and address of the contact for a release, from its data package."""
    contributor = next(iter(release.package.get("contributors", [])), {})
    return str(contributor.get("title", "")), str(contributor.get("email", "") or "")


def publisher(release: ReportedRelease, words: Words) -> tuple[str, str]:
    """Return the name of the contact for a release, and the tag of its language.

    A name that has changed since the release, or has no translation, stays as released, in English.
    """
    name, _ = contact(release)
    message = words.messages.get(f"dataset.{release.dataset}.contact")
    if message and message.english == (name,):
        return words.text(message.key), words.tag
    return name, SOURCE


def licence(release: ReportedRelease) -> tuple[str, str]:
    """Return title and address of a release's licence."""
    entry = next(iter(release.package.get("licenses", [])), {})
    return str(entry.get("title") or entry.get("name", "")), str(entry.get("path", ""))
