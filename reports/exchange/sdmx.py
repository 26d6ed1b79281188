"""SDMX 3.0 and 2.1: the data and the structure they are read with, for statistical offices and their registries.

Belongs here: writing the messages with pysdmx. Does not belong here: what the structure is (`sdmx_structure.py`), names
in other languages (`sdmx_names.py`).

    structure-3.0.xml data-3.0.xml     SDMX-ML 3.0
    data-3.0.csv                       SDMX-CSV 2.0, the CSV of SDMX 3.0; the same rows
    structure-2.1.xml data-2.1.xml     SDMX-ML 2.1, for older registries

A figure that is missing or withheld is an observation without `OBS_VALUE`, whose `OBS_STATUS` says which of the two;
`DISCLOSURE_METHOD` says how a figure was protected.
"""

from __future__ import annotations

import pandas as pd
from msgspec.structs import replace
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset

from languages.words import Words
from reports.exchange.formats import ExportedFiles
from reports.exchange.sdmx_files.sdmx_messages import written
from reports.exchange.sdmx_files.sdmx_names import localised
from reports.exchange.sdmx_files.sdmx_structure import SdmxStructure, structure
from reports.released.released_folder import ReleasedFolder


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return five messages: the structure in SDMX-ML 3.0 and 2.1 and the data in both and in SDMX-CSV 2.0.

    Names stand in all languages, whatever the language of `words`.

    Raises:
        Refusal: `export_unsuited` for synthetic records.
    """
    released.need_cells("sdmx")
    number = int(released.manifest["sequence"])
    new, old = structure(released, f"{number}.0.0"), structure(released, f"{number}.0")
    files = {
        "structure-3.0.xml": _structure(released, new, Format.STRUCTURE_SDMX_ML_3_0),
        "data-3.0.xml": _data(released, new, Format.DATA_SDMX_ML_3_0),
        "data-3.0.csv": _data(released, new, Format.DATA_SDMX_CSV_2_0_0),
        "structure-2.1.xml": _structure(released, old, Format.STRUCTURE_SDMX_ML_2_1),
        "data-2.1.xml": _data(released, old, Format.DATA_SDMX_ML_2_1_STR),
    }
    return ExportedFiles(files)


def _structure(released: ReleasedFolder, made: SdmxStructure, to: Format) -> bytes:
    return localised(written(list(made.artefacts), to, released), made)


def _data(released: ReleasedFolder, made: SdmxStructure, to: Format) -> bytes:
    schema = replace(made.definition.to_schema(), context="dataflow", id=made.dataflow.id)
    columns = [component.id for component in schema.components]
    rows = [[row.get(column.lower(), "A") for column in columns] for row in released.rows]  # no row has FREQ
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    dataset = PandasDataset(structure=schema, data=frame.copy())
    dataset.data = frame  # as text: pysdmx makes floats of decimals, and figures leave as they were released
    return written(dataset, to, released).encode("utf-8")
