"""SDMX 3.0 and 2.1: the data and their structure, for statistical offices and their registries.

Belongs here: writing the messages with pysdmx. Does not belong here: what the structure is (`sdmx_structure.py`), names
in other languages (`sdmx_names.py`).

    structure-3.0.xml data-3.0.xml     SDMX-ML 3.0
    data-3.0.csv                       SDMX-CSV 2.0, the CSV of SDMX 3.0; the same rows
    structure-2.1.xml data-2.1.xml     SDMX-ML 2.1, for older registries
    coverage.csv                       the cells that nobody reported, listed once

Data are sparse, as readers of the standard expect: a cell that nobody reported is not an observation. A withheld figure
is an observation without `OBS_VALUE`, whose `OBS_STATUS` says so; `DISCLOSURE_METHOD` says how a figure was protected.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from msgspec.structs import replace
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset

from languages.words import Words
from reports.exchange.formats import ExportedFiles
from reports.exchange.sdmx_files import sdmx_coverage
from reports.exchange.sdmx_files.sdmx_messages import write_message
from reports.exchange.sdmx_files.sdmx_names import localise_names
from reports.exchange.sdmx_files.sdmx_structure import SdmxStructure, structure
from reports.released.released_folder import ReleasedFolder, Row


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return five messages, structure and data in SDMX-ML 3.0 and 2.1 and data in SDMX-CSV 2.0; and the coverage.

    Names are given in all languages, whatever the language of `words`.

    Raises:
        Refusal: `export_unsuited` for a release without a table of cells.
    """
    released.need_cells("sdmx")
    rows = sdmx_coverage.observations(released)
    sequence = int(released.manifest["sequence"])
    of_3_0, of_2_1 = structure(released, f"{sequence}.0.0"), structure(released, f"{sequence}.0")
    files = {
        "structure-3.0.xml": _structure(released, of_3_0, Format.STRUCTURE_SDMX_ML_3_0),
        "structure-2.1.xml": _structure(released, of_2_1, Format.STRUCTURE_SDMX_ML_2_1),
        "data-3.0.xml": _data(released, of_3_0, Format.DATA_SDMX_ML_3_0, rows),
        "data-3.0.csv": _data(released, of_3_0, Format.DATA_SDMX_CSV_2_0_0, rows),
        "data-2.1.xml": _data(released, of_2_1, Format.DATA_SDMX_ML_2_1_STR, rows),
        sdmx_coverage.NAME: sdmx_coverage.coverage(released),
    }
    return ExportedFiles(files)


def _structure(released: ReleasedFolder, made: SdmxStructure, to: Format) -> bytes:
    return localise_names(write_message(list(made.artefacts), to, released), made.names, made.descriptions)


def _data(released: ReleasedFolder, made: SdmxStructure, to: Format, rows: Sequence[Row]) -> bytes:
    schema = replace(made.definition.to_schema(), context="dataflow", id=made.dataflow.id)
    columns = [component.id for component in schema.components]
    cells = [[row.get(column.lower(), "A") for column in columns] for row in rows]  # no row has FREQ
    frame = pd.DataFrame(cells, columns=columns, dtype=object)
    dataset = PandasDataset(structure=schema, data=frame.copy())
    dataset.data = frame  # as text: pysdmx would turn decimals into floats, and figures must stay as released
    return write_message(dataset, to, released).encode("utf-8")
