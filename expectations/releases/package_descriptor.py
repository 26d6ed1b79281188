"""The data package: `datapackage.json` in the Data Package standard, so that any tool can read a release.

Belongs here: the descriptor, its field types and constraints, and checking a descriptor against the files next to it.
Does not belong here: the texts (they come from the catalogue), or the files themselves (`release.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from expectations.cards.cells import INTERVAL, KEY, REPORTS
from expectations.cards.dataset_card import DatasetCard
from expectations.releases.totals_table import CODE_COLUMNS, CODES, TOTAL_COLUMNS, TOTALS, label_columns
from ingestion.home import sha256_of_bytes
from ingestion.storage import parse_json, refuse_leading_out
from languages.refusal import Refusal

_TYPES = {
    **dict.fromkeys(("obs_value", "lower", "upper"), "number"),
    **dict.fromkeys(("rounding_lowest", "rounding_highest", "interval_lower", "interval_upper"), "number"),
    "time_period": "year",
    **dict.fromkeys(REPORTS, "integer"),
}
_OPTIONAL = ("obs_value", *INTERVAL)
_PARQUET = "application/vnd.apache.parquet"


def descriptor(
    card: DatasetCard,
    files: Mapping[str, bytes],
    *,
    sequence: int,
    sources: Sequence[str],
    text: Callable[..., str],
    tags: Sequence[str],
) -> dict[str, Any]:
    """Return the descriptor of a release.

    Args:
        card: card of the dataset; its code sets become constraints.
        files: `data.csv`, `data.parquet`, and the two tables beside them (`totals_table.py`).
        sequence: number of the release; the version is not known yet, because it is a hash over these very bytes.
        sources: names of the sources whose reports it contains.
        text: the English catalogue.
        tags: the languages of the labels.
    """
    contact = {"title": card.contact.name, "role": "contact"}
    return {
        "name": card.name.replace("_", "-"),
        "title": card.title,
        "version": str(sequence),
        **({"homepage": f"{card.base_address}{sequence}/"} if card.base_address else {}),
        "licenses": [card.licence.model_dump()],
        "contributors": [contact | ({"email": card.contact.email} if card.contact.email else {})],
        "sources": [{"title": text(f"source.{name}.title")} for name in sources],
        "resources": [
            {
                **_resource("data", "data.csv", files),
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": _schema(card, text),
            },
            {
                **_resource("data-parquet", "data.parquet", files),
                "type": "file",  # the same rows again: readers of the standard count its bytes, not its rows
                "format": "parquet",
                "mediatype": _PARQUET,
            },
            *(
                {
                    **_resource(path.removesuffix(".csv"), path, files),
                    "description": text(f"notes.table.{path.removesuffix('.csv')}"),
                    "profile": "tabular-data-resource",
                    "format": "csv",
                    "mediatype": "text/csv",
                    "encoding": "utf-8",
                    "schema": {"fields": [_plain_field(column, text) for column in columns], "missingValues": [""]},
                }
                for path, columns in _tables(tags).items()
            ),
        ],
    }


def problems_of(folder: Path) -> list[str]:
    """Return the places where the descriptor of a released folder contradicts the files next to it."""
    package = parse_json((folder / "datapackage.json").read_bytes())
    places: list[str] = []
    for resource in package["resources"]:
        try:
            refuse_leading_out(folder, resource["path"])
        except Refusal:
            places.append("datapackage.json#path")
            continue
        data = (folder / resource["path"]).read_bytes()
        if (resource["bytes"], resource["hash"]) != (len(data), f"sha256:{sha256_of_bytes(data)}"):
            places.append(f"datapackage.json#{resource['name']}")
        if "schema" in resource:
            header = next(csv.reader(io.StringIO(data.decode("utf-8"))))
            if header != [entry["name"] for entry in resource["schema"]["fields"]]:
                places.append(f"datapackage.json#{resource['name']}.schema")
    return places


def _resource(name: str, path: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    data = files[path]
    return {"name": name, "path": path, "bytes": len(data), "hash": f"sha256:{sha256_of_bytes(data)}"}


def _schema(card: DatasetCard, text: Callable[..., str]) -> dict[str, Any]:
    fields = [_field(card, column, text) for column in card.columns]
    return {"fields": fields, "missingValues": [""], "primaryKey": [column for column in KEY if column in card.columns]}


def _tables(tags: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns of the tables beside the data."""
    labels = label_columns(tags)
    return {TOTALS: (*TOTAL_COLUMNS, *labels), CODES: (*CODE_COLUMNS, *labels)}


def _plain_field(column: str, text: Callable[..., str]) -> dict[str, Any]:
    name = "label" if column.startswith("label_") else column
    return {"name": column, "type": _TYPES.get(column, "string"), "description": text(f"notes.column.{name}")}


def _field(card: DatasetCard, column: str, text: Callable[..., str]) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column in _OPTIONAL else {"required": True}
    if column in ("obs_value", *REPORTS):
        constraints["minimum"] = 0
    for check in card.checks:
        is_code_set = check.expectation == "expect_column_values_to_be_in_set" and check.severity == "critical"
        if is_code_set and check.kwargs.get("column") == column:
            constraints["enum"] = list(check.kwargs["value_set"])
    return {
        "name": column,
        "type": _TYPES.get(column, "string"),
        "description": text(f"notes.column.{column}"),
        "constraints": constraints,
    }
