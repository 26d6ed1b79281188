"""The published table of UNODC's Global Report on Trafficking in Persons, column for column, with our figures.

Belongs here: UNODC's columns, labels and conventions (its workbook `data_glotip_1` of 30 May 2023, as the source
`unodc_glotip` reads it), and which released indicator corresponds to each of UNODC's. The two tables can be compared
side by side, and Marsad can read both as submissions.
Does not belong here: the questionnaire (`glotip_questionnaire.py`), any figure that does not follow from released ones.

What a `txtVALUE` means: a number is the released one. `<5` is a count that rounds to zero, with 0 to 4 behind it: the
release hides which, and UNODC masks it the same way; a real zero is `0`. A withheld count may be of any size and is
`-`. A count that nobody reported has no row, as in UNODC's own table. `Source` gives for each row the release and area
it is from and how it was protected. UNODC knows three forms of exploitation: its third is the sum of our others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from expectations.cards.cells import TOTAL
from languages.refusal import Refusal
from languages.words import Words
from reports.exchange.formats import ExportedFiles, ExportRemark, workbook_bytes
from reports.phrases import labels
from reports.released.released_figures import ReleasedFigures, base_of, figures_of
from reports.released.released_folder import ReleasedFolder, Row

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET = "data_glotip_1"
COLUMNS = (
    *("Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year"),
    *("Unit of measurement", "txtVALUE", "Source"),
)
VICTIMS = "Detected trafficking victims"
# Our indicator to UNODC's, in the order of the questionnaire.
INDICATORS = {
    "PRS-02": "Offences of trafficking in persons",
    "PRS-03": "Persons brought into formal contact",
    "PRS-04": "Persons prosecuted",
    "PRS-05": "Persons convicted",
    "PRT-02": VICTIMS,
}
BY_CITIZENSHIP = {"PRS-21": INDICATORS["PRS-05"], "PRT-32": VICTIMS}  # broken down apart: their totals are told above
REPATRIATED = "PRT-28"  # a row among the victims, by country of repatriation
OTHER_FORMS = "Other forms of exploitation"
_FORMS = {"SEXUAL": "Sexual exploitation", "FORCED_LABOUR": "Forced labour"}
_SEXES = {TOTAL: "Total", "F": "Female", "M": "Male", "_U": "Unknown"}
_AGES = {
    TOTAL: "Total",
    "Y0T17": "0 to 17 years",
    "Y_GE18": "18 years or over",
    "AMBIGUOUS": "Unknown",
    "_U": "Unknown",
}
# UNODC's names of citizenships; other codes stand for several countries and have no row.
_CITIZENSHIPS = {
    "IRQ": "Nationals", "_U": "Unknown", "XXA": "Stateless", "SYR": "Syrian Arab Republic", "BGD": "Bangladesh",
    "PAK": "Pakistan", "IRN": "Iran (Islamic Republic of)", "PHL": "Philippines", "IDN": "Indonesia", "UGA": "Uganda",
    "GHA": "Ghana", "ETH": "Ethiopia", "NPL": "Nepal", "LKA": "Sri Lanka", "IND": "India", "EGY": "Egypt",
    "TUR": "Türkiye", "KEN": "Kenya",
}  # fmt: skip
_LAND = ("IRQ", "Iraq", "Asia", "Western Asia")


@dataclass(frozen=True)
class GlotipLine:
    """One row of the table: what is counted, its breakdown, and the text of the figure."""

    indicator: str
    dimension: str
    category: str
    sex: str
    age: str
    year: str
    text: str
    source: str

    @property
    def values(self) -> tuple[str | int, ...]:
        """The cells of the row, in the order of `COLUMNS`; the year is a number, as in UNODC's workbook."""
        about = (self.indicator, self.dimension, self.category, self.sex, self.age)
        return (*_LAND, *about, int(self.year), "Counts", self.text, self.source)


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return the workbook `glotip.xlsx`, a remark on its area, and one for each of UNODC's indicators that has no row.

    Raises:
        Refusal: `export_unsuited` for a release without any of the indicators that UNODC asks for.
    """
    needs = ", ".join(sorted(INDICATORS))
    figures = figures_of(released, "glotip", needs)
    glotip_lines = lines(figures)
    if not glotip_lines:
        raise Refusal("export_unsuited", where=released.dataset, format="glotip", needs=needs)
    indicators = {line.indicator for line in glotip_lines}
    lacking = [ExportRemark("export.glotip.lacking", {"name": name, "indicator": code})
               for code, name in INDICATORS.items() if name not in indicators]  # fmt: skip
    areas = sorted({area for code in INDICATORS if (area := figures.area_of(code))})
    names = words.text("page.separator").join(labels.code("ref_area", area, words) for area in areas)
    scope = ExportRemark("export.glotip.area", {"areas": names})
    return ExportedFiles({"glotip.xlsx": workbook(glotip_lines, released)}, (scope, *lacking))


def lines(figures: ReleasedFigures) -> list[GlotipLine]:
    """Return the rows of the table, by indicator, dimension, category, sex, age and year.

    Only annual counts of the country or of federal Iraq; rows with a breakdown that UNODC does not ask for are left
    out.

    Args:
        figures: of one release.

    Returns:
        Lines in UNODC's words; the figure of each is a text.
    """
    glotip_lines = [line for code, name in INDICATORS.items() for line in _lines_of(figures, code, name)]
    glotip_lines += [
        line
        for code, name in BY_CITIZENSHIP.items()
        for line in _lines_of(figures, code, name)
        if line.dimension == "by citizenship"
    ]
    glotip_lines += _repatriated_lines(figures)
    return sorted(
        glotip_lines,
        key=lambda line: (line.indicator, line.dimension.lower(), line.category, line.sex, line.age, line.year),
    )


def workbook(glotip_lines: Iterable[GlotipLine], released: ReleasedFolder) -> bytes:
    """Return the rows as UNODC's workbook: its sheet, two lines above the header, all figures as text.

    Args:
        glotip_lines: of `lines`.
        released: the release that they come from, for the lines above the header.

    Returns:
        Bytes of an .xlsx; the same release gives the same bytes.
    """
    kind = "Marsad: invented figures in" if released.is_invented else "Marsad, in"
    above = ((f"{kind} the layout of UNODC",), (_release_of(released),))

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet(SHEET)
        for place, values in enumerate([*above, COLUMNS, *(line.values for line in glotip_lines)]):
            for column, value in enumerate(values):
                _write_value(sheet, place, column, value)

    return workbook_bytes(fill)


def _write_value(sheet: Worksheet, row: int, column: int, value: str | int) -> None:
    """Write a number as a number and a text as a text, whatever it looks like."""
    if isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value)


def _release_of(released: ReleasedFolder) -> str:
    """Return the release by dataset and number: a hash in the file might be mistaken for a personal number."""
    return f"{released.dataset} {int(released.version.partition('-')[0])}"


def _lines_of(figures: ReleasedFigures, code: str, name: str) -> Iterator[GlotipLine]:
    area = figures.area_of(code)
    counted = [row for row in figures.rows_of(code) if row["measure"] == "COUNT" and row["ref_area"] == area]
    alike: dict[tuple[str, ...], list[Row]] = {}
    for row in counted:
        place = _breakdown_codes(row, figures.released.dimensions)
        if place is not None and "form" not in place:
            alike.setdefault((*_category(place), *_person(row)), []).append(row)
    for (dimension, category, *_), rows in alike.items():
        yield from _line(figures, rows, name, dimension, category, rows[0])
    for rows in _rows_by_form(counted, figures.released.dimensions):
        yield from _line(figures, rows, name, "by form of exploitation", _form_of(rows[0]), rows[0])


def _breakdown_codes(row: Row, dimensions: Sequence[str]) -> dict[str, str] | None:
    """Return the breakdown of a row, apart from sex and age; None if UNODC does not have it."""
    place = {name: row[name] for name in dimensions if name not in ("sex", "age") and row[name] != TOTAL}
    is_asked = not place or set(place) in ({"form"}, {"citizenship"})
    is_named = place.get("citizenship", "IRQ") in _CITIZENSHIPS
    return (
        place if is_asked and is_named and row.get("sex", TOTAL) in _SEXES and row.get("age", TOTAL) in _AGES else None
    )


class _PersonYear(NamedTuple):
    """Sex, age and year as UNODC gives them."""

    sex: str
    age: str
    year: str


def _person(row: Row) -> _PersonYear:
    """Return sex, age and year as UNODC gives them: persons of uncertain age are of unknown age there."""
    return _PersonYear(row.get("sex", TOTAL), _AGES[row.get("age", TOTAL)], row["time_period"])


def _category(place: Mapping[str, str]) -> tuple[str, str]:
    return ("by citizenship", _CITIZENSHIPS[place["citizenship"]]) if place else ("Total", "Total")


def _rows_by_form(counted: Iterable[Row], dimensions: Sequence[str]) -> Iterator[list[Row]]:
    """Yield the rows of each of UNODC's three forms, by sex, age and year; the third only with all our other forms."""
    places: dict[_PersonYear, dict[str, list[Row]]] = {}
    for row in counted:
        place = _breakdown_codes(row, dimensions)
        if place is not None and "form" in place and place["form"] != "_U":
            places.setdefault(_person(row), {}).setdefault(place["form"], []).append(row)
    others = {form for rows in places.values() for form in rows} - set(_FORMS)
    for rows in places.values():
        yield from (rows[form] for form in _FORMS if form in rows)
        if others and others <= set(rows):
            yield [row for form in sorted(others) for row in rows[form]]


def _form_of(row: Row) -> str:
    return _FORMS.get(row["form"], OTHER_FORMS)


def _repatriated_lines(figures: ReleasedFigures) -> Iterator[GlotipLine]:
    area = figures.area_of(REPATRIATED)
    for row in figures.rows_of(REPATRIATED):
        is_total = all(row[name] == TOTAL for name in figures.released.dimensions)
        if is_total and row["measure"] == "COUNT" and row["ref_area"] == area:
            yield from _line(figures, [row], VICTIMS, "by country of repatriation", "Abroad", row)


def _line(
    figures: ReleasedFigures, rows: Sequence[Row], name: str, dimension: str, category: str, about: Row
) -> Iterator[GlotipLine]:
    """Yield the line of one count, or of the sum of several; none if a part of it was not reported."""
    if not about["time_period"].isdigit() or "missing" in (standings := {figures.standing(row) for row in rows}):
        return
    text = "-" if "withheld" in standings else _text(figures, rows)
    methods = sorted({row["disclosure_method"] for row in rows})
    parts = f"; sum of {len(rows)} cells" if len(rows) > 1 else ""
    source = f"Marsad, {_release_of(figures.released)}; {about['ref_area']}; {', '.join(methods)}{parts}"
    sex, age = _SEXES[about.get("sex", TOTAL)], _AGES[about.get("age", TOTAL)]
    yield GlotipLine(name, dimension, category, sex, age, about["time_period"], text, source)


def _text(figures: ReleasedFigures, rows: Sequence[Row]) -> str:
    """Return a count as UNODC writes it; one that rounds to zero as less than the first number certainly above it."""
    count = sum(int(float(row["obs_value"])) for row in rows)
    hidden = sum(base_of(row) - 1 for row in rows if figures.standing(row) == "low")
    return f"<{hidden + 1}" if not count and hidden else f"{count:,}"
