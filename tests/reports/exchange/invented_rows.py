"""Rows of a test's own in a released folder, for what the tiny home does not hold."""

from __future__ import annotations

import copy
import dataclasses

from reports.exchange.released import Released, Row


def with_rows(released: Released, *rows: Row) -> Released:
    """Return the same release with other rows."""
    other = dataclasses.replace(released)
    other.__dict__["rows"] = rows
    return other


def invented_row(**own: str) -> Row:
    """Return a row on the identified victims of the country, other columns as given."""
    total = dict.fromkeys(("sex", "age", "form", "article", "holder"), "_T")
    cell = {"indicator": "PRT-02", "measure": "COUNT", "ref_area": "IQ", "time_period": "2024", "obs_status": "A"}
    return {**total, **cell, "obs_value": "35", "disclosure_method": "ROUNDED_5", "unit_measure": "VICTIM", **own}


def widened(released: Released) -> Released:
    """Return the same release with two dimensions and an interval more, as later releases have."""
    package = copy.deepcopy(dict(released.package))
    schema = next(one["schema"] for one in package["resources"] if one["name"] == "data")
    schema["primaryKey"] += ["citizenship", "cust_breakdown"]
    for name in ("citizenship", "cust_breakdown"):
        schema["fields"].append({"name": name, "type": "string", "constraints": {"required": True, "enum": ["_T"]}})
    for name, kind in (("lower", "number"), ("upper", "number"), ("interval_method", "string")):
        schema["fields"].append({"name": name, "type": kind, "constraints": {}})
    none = dict.fromkeys(("lower", "upper", "interval_method"), "")
    more = {"citizenship": "_T", "cust_breakdown": "_T", **none}
    known = {"lower": "0.105", "upper": "0.2", "interval_method": "WILSON_95"}
    other = with_rows(released, *({**row, **more, **(known if row["obs_value"] else {})} for row in released.rows))
    other.__dict__["package"] = package
    return other
