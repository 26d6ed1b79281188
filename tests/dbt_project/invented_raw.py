"""Invented raw files as the landing writes them, and a build of the warehouse over them.

Belongs here: rows typed by the shape files, one folder per submission, a typed zero-row file per shape, the roll call
and the calendar.
Does not belong here: what the warehouse makes of them.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from ingestion.cards.source_card import load_source
from ingestion.submissions.agency_years import agency_year
from ingestion.submissions.files_in_force import CountedPeriod
from ingestion.submissions.receipts import Receipt

HOUSE = Path(__file__).resolve().parents[2]
PROJECT = HOUSE / "dbt_project"
SHAPES = sorted(path.stem for path in (HOUSE / "ingestion" / "shapes").glob("*.yml"))
INTERIOR = "iraq_interior_ministry"
JUDICIAL = "iraq_judicial_council"
LABOUR = "iraq_labour_ministry"
UNODC = "unodc_glotip"
_AS_OF = datetime.date(2030, 6, 1)

Row = dict[str, Any]
Columns = list[tuple[str, Any]]  # pyarrow comes without types
_PARTITION = [("source", pa.string()), ("shape", pa.string()), ("period", pa.string()), ("submission", pa.string())]
_ROLL_CALL = pa.schema(
    [
        *_PARTITION,
        ("sha256", pa.string()),
        ("sequence", pa.int64()),
        ("sent_date", pa.date32()),
        ("row_count", pa.int64()),
        ("is_current", pa.bool_()),
        ("covers_from", pa.date32()),
        ("covers_until", pa.date32()),
        ("completeness", pa.float64()),
    ]
)
_CALENDAR = pa.schema(
    [
        ("source", pa.string()),
        ("region_code", pa.string()),
        ("period", pa.string()),
        ("due_date", pa.date32()),
        ("late_from_date", pa.date32()),
        ("as_of_date", pa.date32()),
        ("is_over", pa.bool_()),
        ("delivery", pa.string()),
        ("punctuality", pa.string()),
    ]
)


def day(text: str) -> datetime.date:
    """Return the date written as `2024-03-01`."""
    return datetime.date.fromisoformat(text)


def raw_schema(shape: str) -> Any:  # noqa: ANN401
    """Return the columns of a landed file of `shape`."""
    card = yaml.safe_load((HOUSE / "ingestion" / "shapes" / f"{shape}.yml").read_text(encoding="utf-8"))
    columns: Columns = [("table_name", pa.string()), ("sheet", pa.string())]
    columns += [("row_number", pa.int32()), ("period", pa.string())]
    columns += [("cell_column", pa.string())] if card.get("is_of_cells") else []
    for name, spec in card["fields"].items():
        columns += _columns_of(name, spec)
    return pa.schema(columns)


def _columns_of(name: str, spec: dict[str, Any]) -> Columns:
    kind = spec["type"]
    if kind == "age":
        years = [("age_years", pa.int32()), ("birth_year", pa.int32())]
        return [*years, ("age_group_code", pa.string()), ("age_method", pa.string())]
    if kind == "citation":
        return [("citation", pa.string()), ("law_codes", pa.string()), ("article_codes", pa.string())]
    if kind == "integer":
        bounds = [(f"{name}_low", pa.int64()), (f"{name}_high", pa.int64())] if spec.get("masked") else []
        return [(name, pa.int64()), (f"{name}_mark", pa.string()), *bounds]
    simple = {"date": pa.date32(), "year": pa.int32(), "decimal": pa.float64()}
    return [(name, simple.get(kind, pa.string()))]


_LINKS = pa.schema([("member", pa.string()), ("person_token", pa.string())])


@dataclass
class RawFiles:
    """Writes what the landing would have written."""

    root: Path
    submissions: list[Row] = field(default_factory=list[Row])
    calendar: list[Row] = field(default_factory=list[Row])
    links: list[Row] = field(default_factory=list[Row])

    def __post_init__(self) -> None:
        """Write the typed zero-row file of every shape."""
        for shape in SHAPES:
            self._write(shape, "_none", "_none", [])

    def land(self, source: str, sequence: int, sent: str, *, current: bool = True, **rows_of: list[Row]) -> None:
        """Land one submission: rows per shape, each with its `period`; a field that is not given is blank."""
        submission = f"{sequence:06d}-{sequence:012x}"
        for shape, rows in rows_of.items():
            place = {"table_name": shape, "sheet": "sheet 1", "cell_column": "D"}
            self._write(shape, source, submission, [place | {"row_number": n} | row for n, row in enumerate(rows, 4)])
            for period in sorted({row["period"] for row in rows}):
                call = {"source": source, "shape": shape, "period": period, "submission": submission}
                call |= {"sha256": f"{sequence:064x}", "sequence": sequence, "sent_date": day(sent)}
                count = sum(row["period"] == period for row in rows)
                call |= {"covers_from": day(f"{period}-01-01"), "covers_until": day(f"{period}-12-31")}
                self.submissions.append(call | {"row_count": count, "is_current": current, "completeness": 1.0})

    def expect(self, source: str, *periods: int, region: str = "IQ-FED", due: str = "03-31") -> None:
        """Expect an export of `source` about each year, due in the year after it."""
        for period in periods:
            row = {"source": source, "region_code": region, "period": str(period)}
            due_date = day(f"{period + 1}-{due}")
            self.calendar.append(row | {"due_date": due_date, "late_from_date": due_date + datetime.timedelta(days=1)})

    def finish(self) -> None:
        """Write the roll call and the calendar."""
        pq.write_table(pa.Table.from_pylist(self.submissions, _ROLL_CALL), self.root / "submissions.parquet")
        calendar = [owed | self._answers(owed) for owed in self.calendar]
        pq.write_table(pa.Table.from_pylist(calendar, _CALENDAR), self.root / "calendar.parquet")
        pq.write_table(pa.Table.from_pylist(self.links, _LINKS), self.root / "links.parquet")

    def _answers(self, owed: Row) -> Row:
        """Return what came of a year, long after all of them were due."""
        own = [row for row in self.submissions if (row["source"], row["period"]) == (owed["source"], owed["period"])]
        year = agency_year(load_source(owed["source"]), int(owed["period"]), map(_counted, own), _AS_OF)
        answers: Row = {"as_of_date": _AS_OF, "is_over": True, "delivery": year.delivery}
        if year.sent_date is None:
            return answers | {"punctuality": "overdue"}
        return answers | {"punctuality": "in_time" if year.sent_date < owed["late_from_date"] else "came_late"}

    def _write(self, shape: str, source: str, submission: str, rows: list[Row]) -> None:
        folder = self.root / shape / f"source={source}" / f"submission={submission}"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, raw_schema(shape)), folder / "rows.parquet")


def _counted(row: Row) -> CountedPeriod:
    """Return a line of the roll call as what was received."""
    letter, shape, period, rows = row["sent_date"].isoformat(), row["shape"], row["period"], row["row_count"]
    part = {"start": None, "end": None, "completeness": row["completeness"]}
    if row["completeness"]:
        part |= {"start": row["covers_from"].isoformat(), "end": row["covers_until"].isoformat()}
    receipt = Receipt(
        row["source"],
        row["sha256"],
        ".xlsx",
        "accepted",
        rows,
        rows,
        0,
        {},
        letter,
        "",
        letter,
        covers={} if row["completeness"] == 1 else {shape: {period: part}},
        n=row["sequence"],
    )
    return CountedPeriod(receipt, shape, period, rows)


@dataclass(frozen=True)
class Warehouse:
    """A built warehouse, and what dbt said of each node."""

    path: Path
    statuses: dict[str, str]

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return _reader(self.path).execute(sql, list(parameters)).fetchall()

    def one(self, sql: str, *parameters: object) -> Any:  # noqa: ANN401
        """Return the only value of a query."""
        ((value,),) = self.rows(sql, *parameters)
        return value

    def column(self, table: str, name: str) -> list[Any]:
        """Return one column of a table."""
        return [value for (value,) in _reader(self.path).table(table).project(name).fetchall()]

    def types(self, table: str) -> list[tuple[str, str]]:
        """Return the columns of a table and their types, in order."""
        relation = _reader(self.path).table(table)
        return [(name, str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)]

    def not_passed(self) -> dict[str, str]:
        """Return the nodes that failed or were skipped; of an exposure there is nothing to build."""
        return {name: status for name, status in self.statuses.items() if status not in ("success", "pass", "no-op")}


_OPEN: dict[Path, duckdb.DuckDBPyConnection] = {}
"""The one warehouse that is being read: to open it for each of five hundred questions takes longer than to answer."""


def _reader(path: Path) -> duckdb.DuckDBPyConnection:
    if path not in _OPEN:
        let_go()
        _OPEN[path] = duckdb.connect(str(path), read_only=True)
    return _OPEN[path]


def let_go() -> None:
    """Close the warehouse that was read last: whoever builds or changes one opens it in another way."""
    while _OPEN:
        _OPEN.popitem()[1].close()


def build(raw: RawFiles, *arguments: str) -> Warehouse:
    """Build the warehouse beside the raw folder, in this process, with nothing written into the checkout."""
    raw.finish()
    path = raw.root.parent / "warehouse.duckdb"
    path.unlink(missing_ok=True)
    return Warehouse(path, run_dbt(raw.root.parent, "build", "--no-write-json", *arguments))


def run_dbt(folder: Path, *arguments: str) -> dict[str, str]:
    """Run dbt over the raw files of `folder` and return the status of each node it ran.

    It runs in the folder, and names what it reads and writes from there: so what it remembers of its project, below
    `target`, holds in every other folder too.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    places += ["--target-path", str(folder / "target"), "--log-path", str(folder), "--log-level-file", "none"]
    let_go()
    with pytest.MonkeyPatch.context() as environment:
        environment.chdir(folder)
        environment.setenv("MARSAD_RAW", "raw")
        environment.setenv("MARSAD_BUILD", "warehouse.duckdb")
        outcome = dbtRunner().invoke([*arguments, *places, "--quiet"])
        DuckDBConnectionManager.close_all_connections()
    if outcome.exception:
        raise outcome.exception
    results: Any = getattr(outcome.result, "results", [])
    return {result.node.name: str(result.status) for result in results}
