"""The released CSV with a row of HXL hashtags below its header, for the Humanitarian Data Exchange.

Belongs here: which hashtag a column gets. Only hashtags of HXL 1.1 are used; columns with the same hashtag differ by
attributes, which the standard leaves free. A breakdown is `#group`: the persons that a figure is about.
Does not belong here: any change to a row.
"""

from __future__ import annotations

from expectations.cards.cells import EXPECTED, RECEIVED, rows_as_csv
from languages.words import Words
from reports.exchange.formats import ExportedFiles
from reports.released.released_folder import ReleasedFolder

_TAGS = {
    "indicator": "#indicator+code",
    "measure": "#indicator+measure+code",
    "ref_area": "#loc+code",
    "time_period": "#date+year",
    "obs_value": "#indicator+value+num",
    "lower": "#indicator+value+low+num",
    "upper": "#indicator+value+high+num",
    "interval_method": "#meta+interval+code",
    "unit_measure": "#indicator+unit+code",
    "obs_status": "#status+code",
    "disclosure_method": "#status+method+code",
    "conf_status": "#status+confidentiality+code",
    RECEIVED: "#org+reporting+num",
    EXPECTED: "#org+expected+num",
}


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return `<dataset>.hxl.csv`: the bytes of `data.csv` (or its merged rows) with one additional row.

    Raises:
        Refusal: `export_unsuited` for a release without a table of cells.
    """
    released.need_cells("hxl")
    header, rows = released.table.split(b"\n", 1)
    return ExportedFiles({f"{released.dataset}.hxl.csv": header + b"\n" + rows_as_csv([tags(released)]) + rows})


def tags(released: ReleasedFolder) -> list[str]:
    """Return the hashtag of each column, in order: a dimension by its own name, an unknown column as metadata."""
    return [_tag(column, released) for column in released.columns]


def _tag(column: str, released: ReleasedFolder) -> str:
    if column in released.dimensions:
        return f"#group+{column}+code"
    return _TAGS.get(column, f"#meta+{column}")
