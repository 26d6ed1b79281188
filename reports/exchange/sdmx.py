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

from collections.abc import Callable, Sequence

import pandas as pd
from msgspec.structs import replace
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset

from languages.words import Words
from reports.exchange.formats import ExportedFiles
from reports.exchange.sdmx_files import sdmx_coverage
from reports.exchange.sdmx_files.sdmx_messages import write_message
from reports.exchange.sdmx_files.sdmx_names import localise_names
from reports.exchange.sdmx_files.sdmx_structure import Artefact, Place, SdmxStructure, structure
from reports.released.area_merge import Row
from reports.released.release_memo import once
from reports.released.released_folder import ReleasedFolder

_OF_2_1 = (Format.STRUCTURE_SDMX_ML_2_1, Format.DATA_SDMX_ML_2_1_GEN, Format.DATA_SDMX_ML_2_1_STR)


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return five messages, structure and data in SDMX-ML 3.0 and 2.1 and data in SDMX-CSV 2.0; and the coverage.

    Names are given in all languages, whatever the language of `words`.

    Raises:
        Refusal: `export_unsuited` for a release without a table of cells.
    """
    released.need_cells("sdmx")
    rows = sdmx_coverage.observations(released)
    structural = {
        "structure-3.0.xml": Format.STRUCTURE_SDMX_ML_3_0,
        "structure-2.1.xml": Format.STRUCTURE_SDMX_ML_2_1,
    }
    observed = {
        "data-3.0.xml": Format.DATA_SDMX_ML_3_0,
        "data-3.0.csv": Format.DATA_SDMX_CSV_2_0_0,
        "data-2.1.xml": Format.DATA_SDMX_ML_2_1_STR,
    }
    files = {
        **{name: _structure(released, _make_structure(released, to), to) for name, to in structural.items()},
        **{name: data(released, to, rows) for name, to in observed.items()},
        sdmx_coverage.NAME: sdmx_coverage.coverage(released),
    }
    return ExportedFiles(files)


def structures(
    releases: Sequence[ReleasedFolder], to: Format, is_asked: Callable[[object], bool], *, is_alone: bool
) -> bytes | None:
    """Return a structure message of several releases; None if nothing in them is asked for.

    Args:
        releases: one for each dataset; the header is that of the first with a requested artefact.
        to: SDMX-ML 2.1 or 3.0.
        is_asked: whether an artefact is asked for.
        is_alone: whether to include only what is asked for, without the release's other artefacts.
    """
    artefacts: dict[tuple[str, str], Artefact] = {}
    names: dict[Place, dict[str, str]] = {}
    descriptions: dict[Place, dict[str, str]] = {}
    asked_releases: list[ReleasedFolder] = []
    for released in releases:
        made = _make_structure(released, to)
        asked = [artefact for artefact in made.artefacts if is_asked(artefact)]
        if asked:
            asked_releases.append(released)
            names, descriptions = {**names, **made.names}, {**descriptions, **made.descriptions}
            artefacts |= {
                (type(artefact).__name__, artefact.id): artefact for artefact in (asked if is_alone else made.artefacts)
            }
    if not asked_releases:
        return None
    message = write_message(list(artefacts.values()), to, asked_releases[0])
    return localise_names(message, names, descriptions)


def _make_structure(released: ReleasedFolder, to: Format) -> SdmxStructure:
    return _structure_2_1(released) if to in _OF_2_1 else _structure_3_0(released)


@once
def _structure_3_0(released: ReleasedFolder) -> SdmxStructure:
    return structure(released, f"{int(released.manifest['sequence'])}.0.0")


@once
def _structure_2_1(released: ReleasedFolder) -> SdmxStructure:
    return structure(released, f"{int(released.manifest['sequence'])}.0")


def _structure(released: ReleasedFolder, made: SdmxStructure, to: Format) -> bytes:
    return localise_names(write_message(list(made.artefacts), to, released), made.names, made.descriptions)


def data(released: ReleasedFolder, to: Format, rows: Sequence[Row]) -> bytes:
    """Return a data message: these rows of a release in a format."""
    made = _make_structure(released, to)
    schema = replace(made.definition.to_schema(), context="dataflow", id=made.dataflow.id)
    columns = [component.id for component in schema.components]
    cells = [[row.get(column.lower(), "A") for column in columns] for row in rows]  # no row has FREQ
    frame = pd.DataFrame(cells, columns=columns, dtype=object)
    dataset = PandasDataset(structure=schema, data=frame.copy())
    dataset.data = frame  # as text: pysdmx would turn decimals into floats, and figures must stay as released
    return write_message(dataset, to, released).encode("utf-8")
