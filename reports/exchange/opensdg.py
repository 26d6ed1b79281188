"""SDG indicator 16.2.2 for an Open SDG site: its CSV of data and its YAML of metadata.

Belongs here: the layout that Open SDG reads: `Year` first, `Value` last, `Series` and `Units` by name, every other
column a breakdown that is blank for the total. Offices that publish 16.2.2 this way have the same columns.
Does not belong here: which rows are 16.2.2 (`detected.py`); the global database (`sdg.py`).

A national site may show parts of the country: federal Iraq and the Kurdistan Region are named under `Area`, which is
blank for the country. The site's configuration has to name `Observation status` and `Disclosure method` under
`non_disaggregation_columns`: they say why a blank value is blank, and how a value was protected.
"""

from __future__ import annotations

import yaml

from expectations.cards.cells import TOTAL, rows_as_csv
from languages.words import Words
from reports.exchange.detected import COUNTRY, DetectedRow, counts_of, detected_victims, remarks
from reports.exchange.formats import ExportedFiles
from reports.phrases import labels
from reports.released.released_folder import ReleasedFolder

_FIRST, _LAST = ("Year", "Series", "Units"), ("Observation status", "Disclosure method", "Value")
_BROKEN_DOWN = {"Area": "ref_area", "Sex": "sex", "Age": "age", "Form of exploitation": "form"}
COLUMNS = (*_FIRST, *_BROKEN_DOWN, *_LAST)
_INDICATOR = "16-2-2"
_METADATA = "https://unstats.un.org/sdgs/metadata/files/Metadata-16-02-02.pdf"


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return `indicator_16-2-2.csv` and `16-2-2.yml`, categories in the language of `words`.

    Raises:
        Refusal: `export_unsuited` for a release without counts of detected victims.
    """
    detected_rows = detected_victims(released, "opensdg")
    files = {
        f"indicator_{_INDICATOR}.csv": rows_as_csv([COLUMNS, *sorted(_cells(row, words) for row in detected_rows)]),
        f"{_INDICATOR}.yml": _yaml(_metadata(released, detected_rows, words)),
    }
    return ExportedFiles(files, remarks(released, detected_rows))


def _cells(detected_row: DetectedRow, words: Words) -> list[str]:
    row = detected_row.row
    breakdowns = [_category(column, row.get(column, TOTAL), words) for column in _BROKEN_DOWN.values()]
    unit = words.text("exchange.sdg.rate" if detected_row.is_rate else "exchange.sdg.number")
    return [
        row["time_period"],
        words.text("exchange.sdg.series"),
        unit,
        *breakdowns,
        labels.code("obs_status", row["obs_status"], words),
        labels.code("disclosure_method", row["disclosure_method"], words),
        row["obs_value"],
    ]


def _category(column: str, value: str, words: Words) -> str:
    return "" if value in (TOTAL, COUNTRY) else labels.code(column, value, words)


def _metadata(released: ReleasedFolder, detected_rows: list[DetectedRow], words: Words) -> dict[str, object]:
    """Return what Open SDG needs for an indicator: its settings and the national metadata."""
    title, agency = words.text("exchange.sdg.title"), words.text("exchange.agency")
    years = sorted({detected_row.row["time_period"] for detected_row in detected_rows})
    caveats = [words.text("exchange.sdg.caveat"), *([words.text("exchange.invented")] if released.is_invented else [])]
    licence = released.package["licenses"][0]
    return {
        "indicator_number": "16.2.2",
        "indicator_name": title,
        "indicator_sort_order": "16-02-02",
        "graph_title": title,
        "graph_type": "line",
        "computation_units": words.text("exchange.sdg.number"),
        "computation_definitions": _definition(released, words),
        "comments_limitations": " ".join(caveats),
        "sdg_goal": "16",
        "target_id": "16.2",
        "permalink": f"/{_INDICATOR}/",
        "published": True,
        "data_non_statistical": False,
        "data_show_map": False,
        "reporting_status": "complete",
        "national_geographical_coverage": labels.code("ref_area", COUNTRY, words),
        "un_custodian_agency": "UNODC",
        "un_designated_tier": "2",
        "goal_meta_link": _METADATA,
        "source_active_1": True,
        "source_organisation_1": agency,
        "source_periodicity_1": words.text("exchange.annual"),
        "source_earliest_available_1": years[0],
        "source_geographical_coverage_1": labels.code("ref_area", COUNTRY, words),
        "source_other_info_1": f"{released.dataset} {released.version}, {licence['name']} {licence['path']}",
    }


def _definition(released: ReleasedFolder, words: Words) -> str:
    key = f"indicator.{counts_of(released)[0].lower().replace('-', '_')}.definition"
    return words.text(key) if key in words else words.text("exchange.sdg.series")


def _yaml(content: dict[str, object]) -> bytes:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120).encode("utf-8")
