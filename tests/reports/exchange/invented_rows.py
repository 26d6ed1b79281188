"""Rows of a test's own in a released folder, for what the tiny home does not hold."""

from __future__ import annotations

import copy
import dataclasses

from reports.released.released_folder import ReleasedFolder, Row


def with_rows(released: ReleasedFolder, *rows: Row) -> ReleasedFolder:
    """Return the same release with other rows; columns that a row does not name are totals or blank."""
    other = dataclasses.replace(released)
    rest = {column: "_T" if column in released.dimensions else "" for column in released.columns}
    other.__dict__["rows"] = tuple({**rest, **row} for row in rows)
    return other


def invented_row(**own: str) -> Row:
    """Return a row on the identified victims of the country, other columns as given."""
    total = dict.fromkeys(("sex", "age", "form", "article", "holder"), "_T")
    cell = {"indicator": "PRT-02", "measure": "COUNT", "ref_area": "IQ", "time_period": "2024", "obs_status": "A"}
    return {**total, **cell, "obs_value": "35", "disclosure_method": "ROUNDED_5", "unit_measure": "VICTIM", **own}


def widened(released: ReleasedFolder) -> ReleasedFolder:
    """Return the same release with a dimension and two columns more, as later releases may have."""
    package = copy.deepcopy(dict(released.package))
    schema = next(one["schema"] for one in package["resources"] if one["name"] == "data")
    schema["primaryKey"].append("occupation")
    own = {"required": True, "enum": ["_T"]}
    schema["fields"].append({"name": "occupation", "type": "string", "constraints": own})
    schema["fields"].append({"name": "error", "type": "number", "constraints": {}})
    schema["fields"].append({"name": "error_method", "type": "string", "constraints": {}})
    more = {"occupation": "_T", "error": "", "error_method": ""}
    known = {"error": "0.105", "error_method": "BOOTSTRAP"}
    other = dataclasses.replace(released)
    other.__dict__["package"] = package
    other.__dict__["rows"] = tuple({**row, **more, **(known if row["obs_value"] else {})} for row in released.rows)
    return other
