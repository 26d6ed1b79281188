"""Issue a synthetic file for research: pay, draw, judge, release. Each year once, and once more after revisions.

Belongs here: the order of the steps, the files of the folder, its verdict and manifest.
Does not belong here: what is spent (`privacy_budget.py`), the columns (`synthetic_source.py`), the rules
(`synthetic_rules.py`), the method (`methods/disclosure/noise/synthetic_records.py`).

    research/synthetic_victims_<year>/<issue>-<12 hex of the manifest hash>/
        data.csv data.parquet ctdc.csv errors.csv, data package, notes, verdict, manifest: `marsad verify` reads it

The budget is paid before the noise is drawn. A process that is killed in between has spent it: nobody can know how much
of the noise was seen. The noise comes from the operating system, never from the series key: no two runs are alike.
"""

from __future__ import annotations

import datetime
import importlib.util
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from expectations.cards.cells import csv_bytes, parquet_bytes, text_hash
from expectations.cards.dataset_card import DatasetCard, load_dataset
from expectations.cards.note_languages import NoteLanguage, voices
from expectations.gate.stored_verdict import Verdict, verdict_path, write_verdict
from expectations.synthetic import ctdc_columns, privacy_budget, synthetic_rules, synthetic_source
from expectations.synthetic.privacy_budget import Spending
from expectations.synthetic.synthetic_notes import SyntheticNoteFacts, write
from ingestion.home import Home, sha256_of_bytes, write_bytes, write_folder
from ingestion.storage import parse_json
from languages.refusal import Refusal
from methods.disclosure.noise.privacy_loss import Noise, PrivacyBudget, discrete_gaussian
from methods.disclosure.noise.synthetic_records import (
    SyntheticFile,
    TableError,
    TooFewRecords,
    UnknownCode,
    check,
    records_needed,
    synthesise,
)

FORMAT = 1
PACKAGES = ("mbi", "opendp")  # of the extra `synthetic`
TERMS_OF = "four_ps_national"  # the dataset whose licence and contact a synthetic file has


@dataclass(frozen=True)
class SyntheticRelease:
    """A published synthetic file: its folder, number of records, error table (as printed) and cost."""

    dataset: str
    version: str
    records: int
    errors: tuple[TableError, ...]
    spending: Spending
    path: Path


@dataclass(frozen=True)
class _SyntheticInputs:
    """What the steps after the draw need and might lack: collected before anything is spent."""

    versions: Mapping[str, str]
    terms: DatasetCard
    speakers: Sequence[NoteLanguage]

    @classmethod
    def gather(cls, speakers: Sequence[NoteLanguage] | None) -> _SyntheticInputs:
        tools = ("marsad", *PACKAGES, "numpy", "pandas", "pyarrow")
        return cls({tool: version(tool) for tool in tools}, load_dataset(TERMS_OF), speakers or voices())


def issue(
    home: Home,
    year: str,
    epsilon: float | None = None,
    *,
    revised: bool = False,
    speakers: Sequence[NoteLanguage] | None = None,
    today: datetime.date | None = None,
    noise: Noise = discrete_gaussian,
    chance: np.random.Generator | None = None,
) -> SyntheticRelease:
    """Issue the synthetic file of a registration year.

    Args:
        home: a data home with a built warehouse; the caller holds the lock.
        year: year of registration; it must be over.
        epsilon: privacy loss of the file; by default the largest allowed.
        revised: whether this is a second file, after the year was revised.
        speakers: the languages of the notes; by default all with a catalogue.
        today: the day by which a year is over or not.
        noise: injected by tests only.
        chance: injected by tests only.

    Raises:
        Refusal: before anything is spent `synthetic_not_installed`, `synthetic_year_open`, `synthetic_year_unknown`,
            `synthetic_code_unknown`, `synthetic_unchanged`, `budget_spent`, `budget_no_first`, `budget_epsilon`,
            `ledger_broken`; after that `synthetic_too_few`, `synthetic_failed` (naming the rules).
    """
    _refuse_without_extra()
    if year.isdecimal() and int(year) >= (today or datetime.datetime.now(tz=datetime.UTC).date()).year:
        raise Refusal("synthetic_year_open", where=year)
    records = synthetic_source.records(home, year)
    _check_records(records)
    spending = privacy_budget.next_spending(home, year, epsilon, revised=revised)
    _refuse_unchanged(home, spending, records)
    counted = _records_within_cap(home, spending, records)
    kit = _SyntheticInputs.gather(speakers)
    sealed = {"records_sha256": _fingerprint(records), "persons": [text_hash(person) for person in counted.index]}
    privacy_budget.spend(home, spending)
    write_bytes(_seal(home, spending), _json(sealed), mode=0o600)  # before the draw: these records were paid for
    domains, cost = synthetic_source.domains(), PrivacyBudget(spending.epsilon, spending.delta)
    try:
        made = synthesise(
            counted, domains, cost, never=synthetic_source.never_combinations(), noise=noise, chance=chance
        )
    except TooFewRecords as few:
        raise Refusal("synthetic_too_few", where=year, least=few.least) from few
    files = _files(made, year)
    verdict = _judge(home, files, made, spending, records_needed(domains, cost), kit)
    if not verdict.passed:
        rules = ", ".join(rule.id for rule in verdict.broken)
        raise Refusal("synthetic_failed", where=verdict.dataset, rules=rules)
    return _release(home, files, verdict, made, spending, kit)


def _refuse_without_extra() -> None:
    lacking = [package for package in PACKAGES if importlib.util.find_spec(package) is None]
    if lacking:
        raise Refusal("synthetic_not_installed", where=", ".join(lacking))


def _check_records(records: pd.DataFrame) -> None:
    try:
        check(records, synthetic_source.domains())
    except UnknownCode as unknown:
        raise Refusal("synthetic_code_unknown", where=unknown.column) from unknown


def _refuse_unchanged(home: Home, spending: Spending, records: pd.DataFrame) -> None:
    """Refuse a second file of the same records, which would only cost budget, unless the first was never released."""
    is_out = any((home.research / privacy_budget.dataset_of(spending.year)).glob("[!.]*"))
    earlier = [
        _read_sealed_issue(home, booked).get("records_sha256")
        for booked in privacy_budget.spendings(home, spending.year)
    ]
    if is_out and _fingerprint(records) in earlier:
        raise Refusal("synthetic_unchanged", where=spending.year)


def _records_within_cap(home: Home, spending: Spending, records: pd.DataFrame) -> pd.DataFrame:
    """Return the records of persons for whom this file stays within the cap over all years.

    A person is counted in one year; but an earlier event that arrives late moves her to a year whose file may cost too
    much in addition to the one she was in already. Whether she is left out depends on her own records only.
    """
    paid: defaultdict[str, float] = defaultdict(float)
    for earlier in privacy_budget.spendings(home):
        for person in _read_sealed_issue(home, earlier).get("persons", []):
            paid[person] += earlier.epsilon
    is_within = [paid[text_hash(str(person))] + spending.epsilon <= privacy_budget.CAP for person in records.index]
    return records[is_within]


def _read_sealed_issue(home: Home, spending: Spending) -> dict[str, Any]:
    """Return what is sealed about an issue; nothing if the process was killed before it drew anything."""
    path = _seal(home, spending)
    if path.exists():
        return parse_json(path.read_bytes())
    if any((home.research / privacy_budget.dataset_of(spending.year)).glob(f"{spending.issue:06d}-*")):
        raise Refusal("ledger_broken", where=path.name, line=1)
    return {}


def _seal(home: Home, spending: Spending) -> Path:
    return home.ledger / "sealed" / "research" / f"{spending.year}-{spending.issue}.json"


def _fingerprint(records: pd.DataFrame) -> str:
    lines = sorted("|".join(row) for row in records.itertuples(index=False, name=None))
    return text_hash("\n".join(lines))


def _files(made: SyntheticFile, year: str) -> dict[str, bytes]:
    frame = made.records.copy()
    frame.insert(0, "time_period", year)
    return {
        "data.csv": csv_bytes(frame),
        "data.parquet": parquet_bytes(frame),
        "ctdc.csv": csv_bytes(ctdc_columns.lay_out_records(made.records, year)),
        "errors.csv": synthetic_rules.errors_bytes(made.errors),
    }


def _judge(
    home: Home, files: Mapping[str, bytes], made: SyntheticFile, spending: Spending, least: int, kit: _SyntheticInputs
) -> Verdict:
    """Write the verdict about exactly these bytes and return it."""
    booked = privacy_budget.spendings(home, spending.year)
    rules = synthetic_rules.evaluate(synthetic_rules.SyntheticSubject(files, spending, booked, made.errors, least))
    asked = {
        "domains": synthetic_source.domains(),
        "never": [dict(coordinates) for coordinates in synthetic_source.never_combinations()],
        "least": least,
    }
    verdict = Verdict(
        dataset=privacy_budget.dataset_of(spending.year),
        files={name: sha256_of_bytes(data) for name, data in files.items()},
        card_sha256=text_hash(json.dumps(asked, sort_keys=True)),
        suite_sha256=text_hash(json.dumps([rule.id for rule in rules])),
        previous="",
        versions=kit.versions,
        rules=tuple(rules),
    )
    write_verdict(home, verdict)
    return verdict


def _release(
    home: Home,
    files: Mapping[str, bytes],
    verdict: Verdict,
    made: SyntheticFile,
    spending: Spending,
    kit: _SyntheticInputs,
) -> SyntheticRelease:
    facts = SyntheticNoteFacts(spending, home.is_invented, len(made.records), made.errors)
    content = {
        **files,
        "verdict.json": verdict_path(home, verdict.dataset).read_bytes(),
        "datapackage.json": _json(_package(files, spending, kit.terms)),
        **{f"notes.{voice.tag}.md": write(facts, voice).encode("utf-8") for voice in kit.speakers},
    }
    content["manifest.json"] = _json(_manifest(home, content, facts))
    name = f"{spending.issue:06d}-{sha256_of_bytes(content['manifest.json'])[:12]}"
    folder = home.research / verdict.dataset / name
    write_folder(folder, content)
    return SyntheticRelease(verdict.dataset, name, len(made.records), made.errors, spending, folder)


def _manifest(home: Home, content: Mapping[str, bytes], facts: SyntheticNoteFacts) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "dataset": privacy_budget.dataset_of(facts.spending.year),
        "sequence": facts.spending.issue,
        "invented": home.is_invented,
        "synthetic": True,
        "rows": facts.records,
        "budget": asdict(facts.spending),
        "columns": synthetic_source.domains(),
        "errors": [{name: round(value, 2) for name, value in asdict(error).items()} for error in facts.errors],
        "files": {name: sha256_of_bytes(data) for name, data in content.items()},
    }


def _package(files: Mapping[str, bytes], spending: Spending, terms: DatasetCard) -> dict[str, Any]:
    """Return the descriptor in the Data Package standard, so that any tool can read the files."""
    enums = {"time_period": [spending.year], **synthetic_source.domains()}
    fields: dict[str, list[dict[str, Any]]] = {
        "data.csv": [
            {"name": column, "type": "string", "constraints": {"required": True, "enum": enums[column]}}
            for column in synthetic_rules.COLUMNS
        ],
        "ctdc.csv": [{"name": column, "type": "string"} for column in ctdc_columns.COLUMNS],
        "errors.csv": [
            {"name": "columns_count", "type": "integer"},
            *({"name": column, "type": "number"} for column in ("mean_error_share", "noise_share")),
        ],
    }
    return {
        "name": privacy_budget.dataset_of(spending.year).replace("_", "-"),
        "title": f"Synthetic records of victims registered in {spending.year}: they describe no person",
        "version": str(spending.issue),
        "licenses": [terms.licence.model_dump()],
        "contributors": [{"title": terms.contact.name, "role": "contact"}],
        "resources": [_resource(name, files[name], fields.get(name)) for name in synthetic_rules.FILES],
    }


def _resource(name: str, data: bytes, fields: list[dict[str, Any]] | None) -> dict[str, Any]:
    own = {"name": name.replace(".", "-"), "path": name, "bytes": len(data), "hash": f"sha256:{sha256_of_bytes(data)}"}
    if fields is None:
        return own | {"type": "file", "format": "parquet", "mediatype": "application/vnd.apache.parquet"}
    text = {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    return own | text | {"schema": {"fields": fields, "missingValues": [""]}}


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")
