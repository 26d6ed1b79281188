"""Behind every derived figure stand its counts, each at the place where it was taken."""

from __future__ import annotations

from typing import Any

import pandas as pd

from expectations.cards.cells import DIMENSIONS, KEY, TOTAL
from expectations.cards.codes import duration_bands
from expectations.cards.operands import counts_behind

PLACE = {"ref_area": "IQ-FED", "time_period": "2023"}


def _manifest(measure: str, operands: list[str], method: str, at: dict[str, str] | None = None) -> dict[str, Any]:
    how = {measure: {"method": method, "at": at or {}}}
    own = {"dimensions": ["age"], "derived": {measure: operands}, "derived_by": how}
    return {"indicators": {"PRT-09": own, "PRT-01": {"dimensions": ["sex", "age"], "derived": {}}}}


def _behind(measure: str, manifest: dict[str, Any], **codes: str) -> list[dict[str, str]]:
    key = {**dict.fromkeys(DIMENSIONS, TOTAL), "indicator": "PRT-09", "measure": measure, **PLACE, **codes}
    frames = counts_behind(pd.DataFrame([key])[list(KEY)], manifest)
    plain = dict.fromkeys(DIMENSIONS, TOTAL) | PLACE
    found = [{name: str(one[name].iloc[0]) for name in KEY} for one in frames]
    return [{name: code for name, code in one.items() if plain.get(name) != code} for one in found]


def test_a_count_stands_behind_itself() -> None:
    manifest = _manifest("SHARE", ["PRT-09/NUMERATOR", "PRT-01/COUNT"], "share")
    assert _behind("NUMERATOR", manifest, age="Y0T17") == [
        {"indicator": "PRT-09", "measure": "NUMERATOR", "age": "Y0T17"}
    ]


def test_a_share_at_a_part_of_the_other_count_takes_that_part_only() -> None:
    manifest = _manifest("SHARE", ["PRT-09/NUMERATOR", "PRT-01/COUNT"], "share", {"sex": "M"})
    assert _behind("SHARE", manifest, age="Y0T17") == [
        {"indicator": "PRT-09", "measure": "NUMERATOR", "age": "Y0T17"},
        {"indicator": "PRT-01", "measure": "COUNT", "age": "Y0T17", "sex": "M"},
    ]


def test_a_count_that_lacks_a_dimension_stands_there_with_its_total() -> None:
    manifest = _manifest("RATIO", ["PRT-09/NUMERATOR", "PRS-05/COUNT"], "ratio")
    assert _behind("RATIO", manifest, age="Y0T17") == [
        {"indicator": "PRT-09", "measure": "NUMERATOR", "age": "Y0T17"},
        {"indicator": "PRS-05", "measure": "COUNT"},
    ]


def test_a_rate_has_its_one_count_and_a_median_every_band_of_days() -> None:
    rate = _manifest("RATE", ["PRT-09/COUNT"], "rate")
    assert _behind("RATE", rate) == [{"indicator": "PRT-09", "measure": "COUNT"}]
    median = _manifest("MEDIAN", ["PRT-09/COUNT"], "median")
    assert [one["cust_breakdown"] for one in _behind("MEDIAN", median)] == list(duration_bands().codes)
