"""A report's number: short, the same everywhere, and held against the versions that it stands for."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from expectations.published import report_versions
from expectations.published.report_versions import ReportVersion

NATIONAL = ReportVersion("four_ps_national", "000002-0123456789ab")
ESTIMATE = ReportVersion("nowcast", "000001-ba9876543210")


def test_a_reader_can_work_out_the_number_by_hand():
    lines = b"four_ps_national 000002-0123456789ab\nnowcast 000001-ba9876543210\n"
    assert report_versions.number("2025", (NATIONAL, ESTIMATE)) == f"2025-{hashlib.sha256(lines).hexdigest()[:8]}"


@pytest.mark.parametrize(
    "others",
    [
        (NATIONAL,),
        (ESTIMATE, NATIONAL),
        (NATIONAL, ESTIMATE._replace(version="000002-ba9876543210")),
        (NATIONAL, ESTIMATE._replace(dataset="hidden_part")),
    ],
)
def test_other_versions_have_another_number(others: tuple[ReportVersion, ...]):
    assert report_versions.number("2025", others) != report_versions.number("2025", (NATIONAL, ESTIMATE))


def test_what_a_number_stands_for_lies_beside_the_report(tmp_path: Path):
    folder = tmp_path / report_versions.number("2025", (NATIONAL, ESTIMATE))
    assert not report_versions.is_named_rightly(folder)
    report_versions.write(folder, "2025", (NATIONAL, ESTIMATE))
    assert report_versions.is_named_rightly(folder)
    assert report_versions.names(folder, NATIONAL.version)
    assert not report_versions.names(folder, "000003-0123456789ab")
    content = json.loads((folder / report_versions.FILE).read_bytes())
    content["versions"][0]["version"] = "000003-0123456789ab"
    (folder / report_versions.FILE).write_text(json.dumps(content), encoding="utf-8")
    assert not report_versions.is_named_rightly(folder)


_LONE_SURROGATE = '{"year": "2025", "versions": [{"dataset": "\\ud800", "version": "000002-0123456789ab"}]}'


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"year": "2025", "versions": [{"dataset": "x"}]}', _LONE_SURROGATE]
)
def test_a_broken_file_names_nothing_rightly(tmp_path: Path, content: str):
    (tmp_path / report_versions.FILE).write_text(content, encoding="utf-8")
    assert not report_versions.is_named_rightly(tmp_path)
    assert report_versions.versions_of(tmp_path) == ()


def test_a_copy_under_a_name_that_is_no_number_holds(tmp_path: Path):
    report_versions.write(tmp_path / "for the minister", "2025", (NATIONAL, ESTIMATE))
    assert report_versions.is_named_rightly(tmp_path / "for the minister")
