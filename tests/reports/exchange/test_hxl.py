"""HXL: read and validated by libhxl, row by row what was released."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import hxl
import pytest

from languages.words import Words
from reports.exchange import hxl as exporter
from reports.released.released_folder import ReleasedFolder
from tests.reports.exchange.invented_rows import widened

# The hashtags of HXL 1.1 final (hxlstandard.org/standard/1-1final/dictionary); anything else would begin with `#x_`.
HASHTAGS = {
    *(f"#adm{level}" for level in range(1, 6)),
    *("#access", "#activity", "#affected", "#beneficiary", "#capacity", "#cause", "#channel", "#contact", "#country"),
    *("#crisis", "#currency", "#date", "#description", "#event", "#frequency", "#geo", "#group", "#impact"),
    *("#indicator", "#inneed", "#item", "#loc", "#meta", "#modality", "#need", "#operations", "#org", "#output"),
    *("#population", "#reached", "#region", "#respondee", "#sector", "#service", "#severity", "#status"),
    *("#subsector", "#targeted", "#value"),
}


@pytest.fixture(params=["released", "governorates"])
def release(request: pytest.FixtureRequest) -> ReleasedFolder:
    return request.getfixturevalue(request.param)


def _source(path: Path) -> hxl.Dataset:
    return hxl.data(str(path), hxl.InputOptions(allow_local=True))


@pytest.fixture
def written(release: ReleasedFolder, english: Words, tmp_path: Path) -> Path:
    ((name, data),) = exporter.export(release, english).files.items()
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


def test_libhxl_finds_nothing_wrong_beyond_hints(written: Path):
    found: list[str] = []
    schema = hxl.schema(callback=lambda error: found.append(f"{error.rule.severity} {error.message}"))
    schema.validate(_source(written))
    assert [one for one in found if one.startswith("error")] == []


def test_libhxl_tells_a_file_that_is_wrong(written: Path):
    broken = written.with_name("broken.csv")
    broken.write_bytes(written.read_bytes().replace(b",2023,", b",last year,"))
    assert not hxl.schema().validate(_source(broken))


def test_every_row_is_read_back_as_released(release: ReleasedFolder, written: Path):
    source = _source(written)
    assert [column.header for column in source.columns] == list(release.columns)
    assert [row.values for row in source] == [list(row.values()) for row in release.rows]


def test_the_rows_are_the_bytes_of_the_release(release: ReleasedFolder, written: Path):
    lines = written.read_bytes().split(b"\n")
    assert lines[:1] + lines[2:] == release.file("data.csv").split(b"\n")


def test_every_column_has_a_tag_of_its_own(release: ReleasedFolder, written: Path):
    tags = list(csv.reader(io.StringIO(written.read_text(encoding="utf-8"))))[1]
    assert len(set(tags)) == len(tags) == len(release.columns)
    assert {f"#group+{name}+code" for name in release.dimensions} <= set(tags)
    assert {tag.partition("+")[0] for tag in tags} <= HASHTAGS


def test_columns_of_later_releases_have_tags(released: ReleasedFolder):
    wider = widened(released)
    found = dict(zip(wider.columns, exporter.tags(wider), strict=True))
    assert found["occupation"] == "#group+occupation+code"
    assert found["error"] == "#meta+error"
    assert len(set(found.values())) == len(found)
