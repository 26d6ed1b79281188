"""A tiny invented home: a few indicator tables, their facts, and a manifest, without dbt."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from expectations.candidates import candidate
from expectations.cards.cells import DIMENSIONS, KEY, parquet_bytes, text_hash
from expectations.cards.note_languages import NoteLanguage
from expectations.gate import verdicts
from expectations.protection import protect_datasets
from expectations.published import ledger
from expectations.releases import release, release_listing
from expectations.releases.verification import VerifyReport
from ingestion import chain_heads
from ingestion.home import Home, sha256_of_bytes, write_bytes, write_json
from ingestion.submissions import agency_years
from ingestion.submissions.receipts import Receipt

LEAVES = ("IQG02", "IQG08", "IQG06")
SILENT = ("IQG06",)
YEARS = ("2023", "2024")
CATEGORIES = {"sex": ("F", "M"), "age": ("Y0T17", "Y_GE18"), "form": ("SEXUAL", "FORCED_LABOUR", "BEGGING")}
ARTICLES = ("A5_1", "A6", "A8")
FILE = b"an invented workbook"
SUBMISSION = f"000001-{sha256_of_bytes(FILE)[:12]}"
AS_OF = datetime.date(2026, 6, 1)
PERIODS = {"victims": {"2023": 1, "2024": 1}}

Coordinates = tuple[str, ...]


def _key(leaf: str, year: str, **codes: str) -> Coordinates:
    return (leaf, year, *(codes.get(name, "_T") for name in DIMENSIONS))


def victims() -> dict[Coordinates, int]:
    """Invented victims: many women in sexual exploitation, no man there, small cells in the smaller governorate."""
    size = {"SEXUAL": {"F": 21, "M": 0}, "FORCED_LABOUR": {"F": 13, "M": 24}, "BEGGING": {"F": 16, "M": 17}}
    counts: dict[Coordinates, int] = {}
    for leaf, year, sex, age, form in itertools.product(LEAVES, YEARS, *CATEGORIES.values()):
        share = 1 if leaf == "IQG08" else 0.05 if form == "BEGGING" else 0.2
        share *= 0.6 if age == "Y0T17" else 1
        counts[_key(leaf, year, sex=sex, age=age, form=form)] = round(size[form][sex] * share)
    return counts


def convictions() -> dict[Coordinates, int]:
    """Invented convictions by article, few under Article 8."""
    size = {"A5_1": 31, "A6": 22, "A8": 2}
    return {
        _key(leaf, year, article=article): size[article] if leaf == "IQG08" else size[article] // 4
        for leaf, year, article in itertools.product(LEAVES, YEARS, ARTICLES)
    }


@dataclass
class Country:
    """What the toy warehouse holds; tests change it and build again."""

    victims: dict[Coordinates, int] = field(default_factory=victims)
    convictions: dict[Coordinates, int] = field(default_factory=convictions)
    silent: tuple[str, ...] = SILENT
    in_part: tuple[str, ...] = ()  # years of which not all has come
    reporting: int = 2
    expected: int = 2
    identifies_all: bool = False  # every victim, otherwise half of each cell
    case: str = "c1"  # of every person; `-` where the body left it blank

    def add(self, count: int, leaf: str = "IQG08", year: str = "2023", **codes: str) -> None:
        """Register late victims."""
        self.victims[_key(leaf, year, **codes)] += count


def prepare(home: Home, country: Country | None = None) -> Home:
    """Write the warehouse, the manifest and the roll call of submissions."""
    country = country or Country()
    facts: list[dict[str, str]] = []
    presumed = _frame(country, {"COUNT": country.victims}, "v", facts)
    found = {key: count if country.identifies_all else count // 2 for key, count in country.victims.items()}
    identified = _frame(country, {"NUMERATOR": found}, "v", [])
    articles = _frame(country, {"NUMERATOR": country.convictions}, "a", facts)
    totals: dict[Coordinates, int] = {}
    for (leaf, year, *_), count in country.convictions.items():
        totals[_key(leaf, year)] = totals.get(_key(leaf, year), 0) + count
    convicted = _frame(country, {"COUNT": totals}, "c", facts)
    officials = _frame(country, {"COUNT": {_key(leaf, year): 2 for leaf in LEAVES for year in YEARS}}, "o", facts)
    on_time = {_key("IQ-FED", year, holder="iraq_interior_ministry"): 1 for year in YEARS}
    holders = _frame(country, {"NUMERATOR": dict.fromkeys(on_time, 0), "DENOMINATOR": on_time}, "h", [])
    tables = {
        "ind_presumed": presumed,
        "ind_identified": identified,
        "ind_articles": articles,
        "ind_convicted": convicted,
        "ind_holders": holders,
        "ind_officials": officials,
        "dim_record": pd.DataFrame(facts, columns=["fact", "fact_key", "record_key"], dtype="str"),
    }
    home.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        for name, table in tables.items():
            if "members" in table:
                narrow = table.explode("members").dropna(subset="members").rename(columns={"members": "fact_key"})
                _store(connection, f"{name}__facts", narrow.loc[:, [*KEY[1:], "fact_key"]].astype("string"))
            _store(connection, name, table.drop(columns="members", errors="ignore"))
    write_json(home.dbt_target / "manifest.json", {"nodes": dict(nodes())})
    roll = pd.DataFrame([{"submission": SUBMISSION, "sha256": sha256_of_bytes(FILE)}])
    home.raw.mkdir(parents=True, exist_ok=True)
    roll.to_parquet(home.raw / "submissions.parquet")
    keep_day(home, AS_OF)
    write_bytes(home.taken / SUBMISSION, FILE)
    return home


def keep_day(home: Home, day: datetime.date) -> None:
    """Write the calendar as of a day, on which the years before it are over."""
    pd.DataFrame({agency_years.AS_OF: [day]}).to_parquet(home.raw / agency_years.CALENDAR)


def _store(connection: duckdb.DuckDBPyConnection, name: str, table: pd.DataFrame) -> None:
    connection.register("incoming", table)
    connection.execute(f'create table "{name}" as select * from incoming')  # noqa: S608
    connection.unregister("incoming")


def receipt(data: bytes = FILE, **changes: object) -> Receipt:
    """The receipt of the one file of a toy home, or of another one."""
    plain = Receipt(
        source="iraq_interior_ministry", sha256=sha256_of_bytes(data), file_suffix=".xlsx", verdict="accepted",
        rows_in=2, rows_landed=2, rows_quarantined=0, kinds={}, letter_date="2025-01-05", letter_number="",
        received_at="2025-01-06", periods=PERIODS, taken=sha256_of_bytes(data),
    )  # fmt: skip
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType] - fields of a receipt


def build(home: Home, country: Country | None = None) -> Home:
    """Prepare, make candidates and protect."""
    prepare(home, country)
    candidate.build(home)
    protect_datasets.protect(home)
    return home


def publish(
    home: Home, *datasets: str, speakers: Sequence[NoteLanguage] | None = None
) -> list[release_listing.ReleaseRecord | None]:
    """Examine and release datasets in order, in two plain voices unless told otherwise; the gate must pass."""
    records: list[release_listing.ReleaseRecord | None] = []
    for dataset in datasets or ("four_ps_governorate", "four_ps_national"):
        verdict = verdicts.examine(home, dataset)
        assert verdict.passed, [str(refusal) + str(refusal.arguments) for refusal in verdict.refusals]
        records.append(release.publish(home, dataset, speakers or [plain_voice("en"), plain_voice("ar")]))
    return records


def reseal(home: Home, path: Path, rows: pd.DataFrame) -> None:
    """Write a lineage anew, and its hash into the last line of the log, which only the head follows."""
    data = parquet_bytes(rows)
    old = sha256_of_bytes(path.read_bytes())
    path.write_bytes(data)
    log = home.ledger / "log.jsonl"
    log.write_text(log.read_text(encoding="utf-8").replace(old, sha256_of_bytes(data)), encoding="utf-8")
    lines, _ = chain_heads.read_head(ledger.head_path(home)) or (0, "")
    last = text_hash(log.read_text(encoding="utf-8").splitlines()[-1])
    for head in (ledger.head_path(home), chain_heads.copy_of(ledger.head_path(home))):
        head.unlink()  # both know the line as it was
    chain_heads.keep_head(ledger.head_path(home), lines, last)


def plain_voice(tag: str) -> NoteLanguage:
    """A voice that writes keys and arguments instead of words."""
    return NoteLanguage(tag, lambda key, **arguments: " ".join([key, *(f"{k}={v}" for k, v in arguments.items())]))


def _frame(
    country: Country, measures: Mapping[str, Mapping[Coordinates, int]], kind: str, facts: list[dict[str, str]]
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for measure, counts in measures.items():
        for (leaf, year, *codes), count in counts.items():
            is_silent = leaf in country.silent
            members = [f"{kind}{number}.{leaf}.{year}.{'.'.join(codes)}|{country.case}" for number in range(count)]
            if not is_silent:
                facts += [
                    {
                        "fact": "fct_event",
                        "fact_key": member,
                        "record_key": f"iraq_interior_ministry/{SUBMISSION}/sheet/{len(facts) + row}",
                    }
                    for row, member in enumerate(members)
                ]
            rows.append(
                {
                    "measure": measure,
                    "ref_area": leaf,
                    "time_period": year,
                    **dict(zip(DIMENSIONS, codes, strict=True)),
                    "obs_value": None if is_silent else count,
                    "obs_status": "O" if is_silent else "P" if year in country.in_part else "A",
                    "reports_received_count": 0 if is_silent else country.reporting,
                    "reports_expected_count": 0 if is_silent else country.expected,
                    "members": [] if is_silent else members,
                }
            )
    frame = pd.DataFrame(rows)
    return frame.astype({"obs_value": "Int64"})


def nodes() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "model.marsad.fct_event", _node("fct_event", None, [])
    yield "model.marsad.fct_submission", _node("fct_submission", None, [])
    both = ["four_ps_national", "four_ps_governorate"]
    victim = {"pillar": "protection", "unit_measure": "VICTIM", "dimensions": ["sex", "age", "form"], "datasets": both}
    accused = {"pillar": "prosecution", "unit_measure": "ACCUSED", "datasets": both}
    yield (
        "model.marsad.ind_presumed",
        _node("ind_presumed", {"code": "PRT-01", **victim, "caveats": ["linked_by_token"]}),
    )
    yield (
        "model.marsad.ind_identified",
        _node("ind_identified", {"code": "PRT-03", **victim, **_share("PRT-03", "PRT-01/COUNT", "subset")}),
    )
    yield "model.marsad.ind_convicted", _node("ind_convicted", {"code": "PRS-05", **accused, "dimensions": []})
    mix = {"code": "PRS-07", **accused, "dimensions": ["article"], **_share("PRS-07", "PRS-05/COUNT", "partition")}
    yield "model.marsad.ind_articles", _node("ind_articles", mix)
    officials = {"code": "PRS-14", **accused, "dimensions": [], "datasets": ["four_ps_national"]}
    yield "model.marsad.ind_officials", _node("ind_officials", officials)
    holders = {
        "code": "PAR-07",
        "pillar": "partnership",
        "unit_measure": "INSTITUTION",
        "dimensions": ["holder"],
        "datasets": ["four_ps_national"],
        "derived": [_derived("PAR-07/NUMERATOR", "PAR-07/DENOMINATOR", 0)],
    }
    yield "model.marsad.ind_holders", _node("ind_holders", holders, ["fct_submission"])


def _share(code: str, whole: str, kind: str) -> dict[str, Any]:
    return {
        "relations": [{"measure": "NUMERATOR", "kind": kind, "of": whole}],
        "derived": [_derived(f"{code}/NUMERATOR", whole, 20)],
    }


def _derived(numerator: str, denominator: str, minimum: int) -> dict[str, Any]:
    places = {"numerator": numerator, "denominator": denominator}
    return {"measure": "SHARE", "method": "share", **places, "minimum_base": minimum}


def latest_folder(home: Home, dataset: str) -> Path:
    """Return the folder of the latest release."""
    record = release_listing.latest(home, dataset)
    assert record is not None
    return record.path


def refusal_codes(report: VerifyReport) -> list[str]:
    """Return why a verification refuses, by code."""
    return [problem.code for problem in report.refusals]


def _node(name: str, meta: dict[str, Any] | None, facts: Sequence[str] = ("fct_event",)) -> dict[str, Any]:
    common = {
        "basis": "period",
        "title_en": name,
        "definition_en": "Invented.",
        "numerator": "Invented.",
        "holders": ["iraq_interior_ministry"],
        "demand": ["D1"],
    }
    return {
        "resource_type": "model",
        "name": name,
        "schema": "main",
        "alias": name,
        "checksum": {"checksum": sha256_of_bytes(name.encode())},
        "depends_on": {"nodes": [f"model.marsad.{fact}" for fact in facts]},
        "config": {"meta": {} if meta is None else common | meta},
    }
