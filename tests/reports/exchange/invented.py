"""Released folders with chosen invented rows, for exporters that ask for indicators and marks a tiny home has not."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from expectations.cards.cells import REPORTS
from expectations.published.release_formats import FORMAT
from ingestion.home import sha256_of_bytes, write_bytes
from reports.released import released_folder as releases
from reports.released.released_folder import ReleasedFolder

FIXED = ("indicator", "measure", "ref_area", "time_period")
REST = ("obs_value", "unit_measure", "obs_status", "conf_status", "disclosure_method", *REPORTS)
DIMENSIONS = ("sex", "age", "form", "article", "holder", "citizenship")
Row = Mapping[str, str]


def row(indicator: str, value: int | float | None, *, year: str = "2024", area: str = "IQ-FED", **more: str) -> Row:
    """A row: a count rounded to 5 unless `more` says otherwise; without a value it was not reported."""
    status, method = ("O", "NONE") if value is None else ("A", "ROUNDED_5")
    return {
        **dict.fromkeys(DIMENSIONS, "_T"),
        "indicator": indicator,
        "measure": "COUNT",
        "ref_area": area,
        "time_period": year,
        "obs_value": "" if value is None else str(value),
        "unit_measure": "VICTIM",
        "obs_status": status,
        "conf_status": "F",
        "disclosure_method": method,
        "reports_received_count": "1",
        "reports_expected_count": "1",
        **more,
    }


def release(
    root: Path,
    rows: Iterable[Row],
    *,
    dimensions: Iterable[str] = DIMENSIONS,
    more: Iterable[str] = (),
    **told: Any,  # noqa: ANN401 - whatever a manifest says
) -> ReleasedFolder:
    """Write and open a release of the national dataset with these rows.

    `more` are further columns, as of intervals; `told` is what else its manifest says.
    """
    lines = list(rows)
    key = [*FIXED, *dimensions]
    columns = [*key, *REST, *more]
    sink = io.StringIO()
    writer = csv.DictWriter(sink, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    schema = {"fields": [{"name": name, "type": "string"} for name in columns], "primaryKey": key}
    package = {"resources": [{"name": "data", "path": "data.csv", "schema": schema}]}
    indicators = {line["indicator"]: {"caveats": []} for line in lines}
    own = {"format": FORMAT, "dataset": "four_ps_national", "sequence": 3, "invented": True}
    manifest = {**own, "indicators": indicators, "protection": {"never": []}, "frozen": [], **told}
    return _written(root, manifest, {"data.csv": sink.getvalue(), "datapackage.json": json.dumps(package)})


def _written(root: Path, manifest: dict[str, Any], texts: Mapping[str, str]) -> ReleasedFolder:
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    manifest |= {"files": {name: sha256_of_bytes(data) for name, data in files.items()}}
    described = json.dumps(manifest, sort_keys=True).encode("utf-8")
    folder = root / manifest["dataset"] / f"{manifest['sequence']:06d}-{sha256_of_bytes(described)[:12]}"
    for name, data in {**files, "manifest.json": described}.items():
        write_bytes(folder / name, data)
    return releases.read_release(folder)
