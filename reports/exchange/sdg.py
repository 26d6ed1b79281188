"""SDG indicator 16.2.2 in the columns of the global SDG data structure, for UNODC and the global database.

Belongs here: that layout. Its dimensions and attributes are those of `IAEG-SDGs:SDG(1.14)`, the structure that the UN
Statistics Division publishes in the SDMX global registry, and so are the codes: area 368 (Iraq in M49), units `NUMBER`
and `PER_100000_POP`, nature `C` (country data), reporting type `N` (national), ages `Y0T17` and `Y_GE18`.
Does not belong here: which rows are 16.2.2 (`detected.py`).
"""

from __future__ import annotations

import unicodedata

import pandas as pd
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset
from pysdmx.model import Component, Components, Concept, DataType, Role, Schema

from languages.words import Words
from reports.exchange.detected import DetectedRow, detected_victims, remarks
from reports.exchange.formats import ExportedFiles
from reports.exchange.sdmx_files.sdmx_messages import write_message
from reports.phrases import labels
from reports.released.released_folder import ReleasedFolder, Row, state

DIMENSIONS = (
    *("FREQ", "REPORTING_TYPE", "SERIES", "REF_AREA", "SEX", "AGE", "URBANISATION", "INCOME_WEALTH_QUANTILE"),
    *("EDUCATION_LEV", "OCCUPATION", "CUST_BREAKDOWN", "COMPOSITE_BREAKDOWN", "DISABILITY_STATUS", "ACTIVITY"),
    *("PRODUCT", "TIME_PERIOD"),
)
REQUIRED = ("OBS_STATUS", "UNIT_MULT", "UNIT_MEASURE")
_OPTIONAL = (
    *("NATURE", "COMMENT_OBS", "UPPER_BOUND", "LOWER_BOUND", "SOURCE_DETAIL", "COMMENT_TS", "CUST_BREAKDOWN_LB"),
)
ATTRIBUTES = (*REQUIRED, *_OPTIONAL)
_IRAQ = "368"


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return the series as SDMX-CSV 2.0 and as SDMX-ML 2.1, comments in the language of `words`.

    Raises:
        Refusal: `export_unsuited` for a release without counts of detected victims for the whole country.
    """
    detected_rows = detected_victims(released)
    columns = [component.id for component in _schema().components]
    frame = pd.DataFrame(
        [_row(detected_row, released, words) for detected_row in detected_rows], columns=columns, dtype=object
    )
    dataset = PandasDataset(structure=_schema(), data=frame.copy())
    dataset.data = frame  # as text: figures keep the digits that were released
    files = {
        "sdg-16-2-2.csv": write_message(dataset, Format.DATA_SDMX_CSV_2_0_0, released).encode("utf-8"),
        "sdg-16-2-2.xml": write_message(dataset, Format.DATA_SDMX_ML_2_1_STR, released).encode("utf-8"),
    }
    return ExportedFiles(files, remarks(released, detected_rows))


def _row(detected_row: DetectedRow, released: ReleasedFolder, words: Words) -> dict[str, str]:
    row = detected_row.row
    return {
        **dict.fromkeys(DIMENSIONS, "_T"),
        "FREQ": "A",
        "REPORTING_TYPE": "N",
        "SERIES": detected_row.series,
        "REF_AREA": _IRAQ,
        "SEX": row.get("sex", "_T"),
        "AGE": row.get("age", "_T"),
        "CUST_BREAKDOWN": detected_row.custom_code,
        "TIME_PERIOD": row["time_period"],
        "OBS_VALUE": row["obs_value"],
        "OBS_STATUS": row["obs_status"],
        "UNIT_MULT": "0",
        "UNIT_MEASURE": "PER_100000_POP" if detected_row.is_rate else "NUMBER",
        "NATURE": "C",
        "COMMENT_OBS": _plain(labels.code(*_protection_note(row), words)),
        "UPPER_BOUND": row.get("upper", ""),
        "LOWER_BOUND": row.get("lower", ""),
        "SOURCE_DETAIL": _plain(f"{words.text('exchange.agency')}, {released.dataset} {released.version}"),
        "COMMENT_TS": _plain(words.text("exchange.invented" if released.is_invented else "exchange.sdg.caveat")),
        "CUST_BREAKDOWN_LB": _plain(labels.code("form", detected_row.custom, words)) if detected_row.custom else "",
    }


def _protection_note(row: Row) -> tuple[str, str]:
    """Return column and code of how a figure was protected; for a missing one, that it is missing."""
    column = "obs_status" if state(row) == "missing" else "disclosure_method"
    return column, row[column]


def _plain(text: str) -> str:
    """Return a text without direction marks, quotes, backslashes: pysdmx writes XML attributes as Python literals."""
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf" and letter not in "\"'\\")


def _schema() -> Schema:
    dimensions = [_component(name, Role.DIMENSION) for name in DIMENSIONS]
    attributes = [_component(name, Role.ATTRIBUTE) for name in ATTRIBUTES]
    components = Components([*dimensions, _component("OBS_VALUE", Role.MEASURE), *attributes])
    return Schema(context="datastructure", agency="IAEG-SDGs", id="SDG", version="1.14", components=components)


def _component(name: str, role: Role) -> Component:
    return Component(
        id=name,
        required=role == Role.DIMENSION or name in REQUIRED,
        role=role,
        concept=Concept(id=name),
        local_dtype=DataType.DECIMAL if name == "OBS_VALUE" or name.endswith("_BOUND") else DataType.STRING,
        attachment_level="O" if role == Role.ATTRIBUTE else None,
    )
