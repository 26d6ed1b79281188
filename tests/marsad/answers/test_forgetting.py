"""Forgetting a file: two sign, nothing of it stays but hashes in logs, and every file is opened to prove it."""

from __future__ import annotations

import datetime
import errno
import itertools
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations.candidates import candidate, lineage
from expectations.cards.cells import DIMENSIONS
from expectations.published import ledger
from expectations.releases import proposal
from ingestion.home import Home, sha256_of, sha256_of_bytes, write_bytes, write_json
from ingestion.keeping import backup_register, decoded_files
from ingestion.keeping.backup_register import BackupLine, Contents
from ingestion.people import acts
from ingestion.people.roster import APPROVE, PREPARE
from ingestion.persons import link_store
from ingestion.persons.link_store import StoredLink
from ingestion.submissions import receipts, submission_withdrawal
from languages.refusal import Refusal
from marsad.answers import acting, forgetting, house_log
from marsad.diagnosis import home_looks
from samples import invented_people
from tests.expectations import proposed_homes, toy_home
from tests.expectations.proposed_homes import Killed, MadeOnce, sign
from tests.marsad.conftest import Marsad

NATIONAL = "four_ps_national"
FIRST, LATER = toy_home.SUBMISSION, b"a later invented workbook"
SECOND = f"000002-{sha256_of_bytes(LATER)[:12]}"
FIRST_SHA256 = sha256_of_bytes(toy_home.FILE)
TOKEN, OTHER = f"k01:{'ab' * 16}", f"k01:{'cd' * 16}"
REASON = "a court ordered it"
SOURCE = "iraq_interior_ministry"
PREPARER, APPROVER = invented_people.PREPARER, invented_people.APPROVER
PLACES = ("dagster/history/runs.db", "dagster/storage/run/out", "candidates/a.parquet", "build/outputs.json",
          "quarantine/left.jsonl", "warehouse.duckdb", "raw/submissions.parquet")  # fmt: skip


@pytest.fixture
def counting(made_once: MadeOnce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose first file, of one token, stands behind what two persons published."""
    return _copied(_made_counting(made_once), tmp_path, monkeypatch)


@pytest.fixture
def revised(made_once: MadeOnce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The same home after the file was withdrawn and its figures were revised from a second one, of another token."""

    def make(folder: Path) -> None:
        home = Home(shutil.copytree(_made_counting(made_once), folder / "home", symlinks=True))
        receipts.append(home, toy_home.receipt(LATER))
        _withdraw(home)
        country = toy_home.Country(case=OTHER)
        for year, sex in itertools.product(toy_home.YEARS, ("F", "M")):
            country.add(40, year=year, sex=sex, age="Y_GE18", form="FORCED_LABOUR")
        for key in list(country.convictions):
            country.convictions[key] += 20
        with pytest.MonkeyPatch.context() as patch:
            _second_file(patch)
            toy_home.build(home, country)
            _publish(home)

    return _copied(made_once("forget_revised", make) / "home", tmp_path, monkeypatch)


def _made_counting(made_once: MadeOnce) -> Path:
    def make(folder: Path) -> None:
        home = Home(folder / "home").open(invented=True)
        with home.lock("test"):
            invented_people.found(home)
        receipts.append(home, toy_home.receipt())
        with pytest.MonkeyPatch.context() as patch:
            frame = toy_home._frame  # an agency is no case: real facts without a record hold no pseudonymous ID
            patch.setattr(
                toy_home,
                "_frame",
                lambda country, cells, kind, facts: frame(
                    replace(country, case="-") if kind == "h" else country, cells, kind, facts
                ),
            )
            toy_home.build(home, toy_home.Country(case=TOKEN))
        _publish(home)

    return made_once("forget_counting", make) / "home"


def _copied(source: Path, tmp_path: Path, patch: pytest.MonkeyPatch) -> Home:
    home = Home(shutil.copytree(source, tmp_path / "home", symlinks=True))
    patch.setenv("MARSAD_HOME", str(home.root))
    return home


def _second_file(patch: pytest.MonkeyPatch) -> None:
    """Let the toy country be read from the second file."""
    patch.setattr(toy_home, "FILE", LATER)
    patch.setattr(toy_home, "SUBMISSION", SECOND)


def _publish(home: Home) -> None:
    with home.lock("test"):
        toy_home.publish(proposal.lay_out(home))
    proposed_homes.publish_signed(home)


def _withdraw(home: Home) -> None:
    day = datetime.date(2026, 3, 1)
    submission_withdrawal.withdraw(home, FIRST, reason="it was a draft", signed_by="statistics section", today=day)


def _plant(home: Home) -> None:
    """Leave the file's name and token in every room that rebuilds itself, compressed where the room compresses."""
    (home.dagster / "history").mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(home.root / PLACES[0])) as store:
        store.execute("create table event_logs (event text)")
        store.execute("insert into event_logs values (?)", (f"landed {FIRST}",))
        store.commit()
    write_bytes(home.root / PLACES[1], f"{FIRST} {TOKEN}".encode())
    table = pa.table({"member": [TOKEN] * 9})
    pq.write_table(table, home.root / PLACES[2], compression="zstd")
    write_json(home.root / PLACES[3], {"raw": FIRST})
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(f"create or replace table stg as select '{TOKEN}' as person_token")
    link_store.write(
        home,
        [StoredLink(TOKEN, OTHER, 0.9, True, False, "m"), StoredLink(OTHER, f"{SOURCE}/x/1", 0.5, True, False, "m")],
    )


def _naming(home: Home, *names: str) -> set[str]:
    """Return the files of a home that hold one of some names in any form."""
    holding: set[str] = set()
    for path in home.root.rglob("*"):
        if path.is_file():
            parts = [*decoded_files.decode(path), str(path).encode()]
            if any(name.encode() in part for name in names for part in parts):
                holding.add(path.relative_to(home.root).as_posix())
    return holding


def _prepare(home: Home, submission: str = FIRST) -> Path:
    return acting.prepare_forgetting(home, PREPARER, submission, REASON)


def _sign(home: Home, folder: Path) -> None:
    acting.take_signature(home, folder, sign(folder, PREPARER, PREPARE))
    acting.take_signature(home, folder, sign(folder, APPROVER, APPROVE))


def _refused(call: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        call()
    return refusal.value


# From the words


def test_a_forgotten_file_is_in_no_room_and_its_hashes_are_in_the_logs(
    typed: Marsad, revised: Home, tmp_path: Path
) -> None:
    _plant(revised)
    assert {path.split("/")[0] for path in _naming(revised, FIRST, TOKEN, FIRST_SHA256)} >= {
        "lineage",
        "dagster",
        "candidates",
        "warehouse.duckdb",
        "build",
        "links",
    }
    code, out, _ = typed("submissions", "forget", FIRST, "--reason", REASON, "--as", PREPARER, "--json")
    assert code == 0
    folder = revised.acts / json.loads(out)["act"]
    signature = tmp_path / "act.sig"
    for person, purpose in ((PREPARER, PREPARE), (APPROVER, APPROVE)):
        signature.write_bytes(sign(folder, person, purpose))
        code, out, err = typed("sign", "--signature", signature)
        assert code == 0, out + err
    assert FIRST in out
    assert _naming(revised, TOKEN) == set()
    assert {path.split("/")[0] for path in _naming(revised, FIRST, FIRST_SHA256)} == {"receipts.jsonl", "acts"}
    assert house_log.problems(revised) == []
    assert [line["what"] for line in house_log.walk(revised) if line["kind"] == "done"][-1] == "forget"


# One alone, and what rests on it


def test_nothing_is_forgotten_by_one_person(revised: Home) -> None:
    _plant(revised)
    before = _naming(revised, FIRST, TOKEN)
    folder = _prepare(revised)
    acting.take_signature(revised, folder, sign(folder, PREPARER, PREPARE))
    for purpose in (APPROVE, PREPARE):
        with pytest.raises(Refusal):
            acting.take_signature(revised, folder, sign(folder, PREPARER, purpose))
            raise Refusal("still_waits", where="-")
    assert _naming(revised, FIRST, TOKEN) - before == {f"acts/{folder.name}/{name}" for name in (acts.ACT, acts.SOUGHT)}
    assert _refused(lambda: acting.prepare_forgetting(revised, APPROVER, FIRST, REASON)).code == "person_may_not"
    assert _refused(lambda: acting.prepare_forgetting(revised, PREPARER, FIRST, "")).code == "reason_missing"


def test_a_file_that_counts_is_not_forgotten_and_the_releases_are_named(counting: Home) -> None:
    refusal = _refused(lambda: _prepare(counting))
    versions = {f"{entry.dataset}/{entry.version}" for entry in ledger.entries(counting)}
    assert (refusal.code, set(str(refusal.arguments["releases"]).split(", "))) == ("forget_rests", versions)
    _withdraw(counting)
    assert _refused(lambda: _prepare(counting)).code == "forget_rests"  # no build without it
    assert acts.pending(counting) == []


def test_a_build_that_awaits_signatures_has_revised_nothing_yet(
    counting: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _second_file(monkeypatch)
    receipts.append(counting, toy_home.receipt(LATER))
    _withdraw(counting)
    proposed_homes.propose_more(counting)
    assert _refused(lambda: _prepare(counting)).code == "act_waits"
    proposal.discard(counting)
    refusal = _refused(lambda: _prepare(counting))
    assert refusal.code == "forget_rests"


def test_a_figure_that_only_this_file_shows_is_revised_first(counting: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    receipts.append(counting, toy_home.receipt(LATER))
    _withdraw(counting)
    _second_file(monkeypatch)
    country = toy_home.Country(case=TOKEN)
    country.add(-1, year="2023", sex="M", age="Y_GE18", form="BEGGING")
    toy_home.build(counting, country)  # too few to revise: the year stays as it was printed
    refusal = _refused(lambda: _prepare(counting))
    assert (refusal.code, NATIONAL in str(refusal.arguments["releases"])) == ("forget_rests", True)


def test_a_file_that_no_build_has_counted_is_withdrawn_and_forgotten_at_once(revised: Home) -> None:
    data = b"sent by mistake"
    name = receipts.append(revised, toy_home.receipt(data)).submission
    write_bytes(revised.taken / name, data)
    rows = revised.raw / "victims" / f"source={SOURCE}" / f"submission={name}" / "rows.parquet"
    rows.parent.mkdir(parents=True)
    pq.write_table(pa.table({"person_token": [f"k01:{'ef' * 16}", OTHER]}), rows)
    folder = _prepare(revised, name)
    assert set(json.loads((folder / acts.SOUGHT).read_text())) >= {f"k01:{'ef' * 16}", name}
    _sign(revised, folder)
    assert not (revised.taken / name).exists()
    assert not rows.exists()
    assert name not in {receipt.submission for receipt in receipts.live_receipts(revised)}
    assert forgetting.forgotten(revised, folder).left == []


# Bad input


def test_an_unknown_submission_and_one_forgotten_already_are_refused(revised: Home) -> None:
    unknown = _refused(lambda: _prepare(revised, "000009-abcdefabcdef"))
    assert (unknown.code, FIRST in str(unknown.arguments["nearest"])) == ("submission_unknown", True)
    _sign(revised, _prepare(revised))
    again = _refused(lambda: _prepare(revised))
    assert (again.code, again.arguments["date"]) == ("submission_forgotten", acting.today().isoformat())


def test_bytes_that_came_twice_are_forgotten_with_both_submissions(revised: Home) -> None:
    twin = receipts.append(revised, toy_home.receipt(letter_date="2025-02-05")).submission
    for name in (FIRST, twin):
        write_bytes(revised.taken / name, toy_home.FILE)
    folder = _prepare(revised)
    assert acts.read_act(folder).facts["submissions"] == [FIRST, twin]
    _sign(revised, folder)
    assert {FIRST, twin}.isdisjoint(path.name for path in revised.taken.iterdir())
    assert {FIRST, twin}.isdisjoint(receipt.submission for receipt in receipts.live_receipts(revised))


def test_an_act_changed_after_it_was_prepared_forgets_nothing(revised: Home) -> None:
    folder = _prepare(revised)
    acting.take_signature(revised, folder, sign(folder, PREPARER, PREPARE))
    for name in (acts.SOUGHT, next(path.name for path in folder.glob("*.parquet"))):
        before = (folder / name).read_bytes()
        (folder / name).write_bytes(b"[]")
        refusal = _refused(lambda: acting.take_signature(revised, folder, sign(folder, APPROVER, APPROVE)))
        assert refusal.code == "act_of_other_bytes"
        (folder / name).write_bytes(before)
    acting.take_signature(revised, folder, sign(folder, APPROVER, APPROVE))


# Killed, or without room


def test_a_process_killed_anywhere_goes_on_and_says_so(
    typed: Marsad, revised: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _plant(revised)
    folder = _prepare(revised)
    acting.take_signature(revised, folder, sign(folder, PREPARER, PREPARE))
    approval = sign(folder, APPROVER, APPROVE)
    resumed = 0
    for steps in range(100):
        home = Home(shutil.copytree(revised.root, tmp_path / f"killed{steps}", symlinks=True))
        with monkeypatch.context() as patch:
            left = _kill_after(patch, steps)
            with suppress(Killed):
                acting.take_signature(home, home.acts / folder.name, approval)
        if left() >= 0 and not acts.pending(home) and acts.is_unfinished(home.acts / folder.name):
            resumed += 1
            lineages = [lineage.read_rows(home, entry) for entry in ledger.entries(home)]
            assert len(lineages) == 4
            assert "forgetting_unfinished" in {refusal.code for refusal in home_looks._lineage(home)}
            monkeypatch.setenv("MARSAD_HOME", str(home.root))
            code, out, _ = typed("submissions", "forget", FIRST, "--reason", REASON, "--as", PREPARER)
            assert (code, folder.name in out) == (0, True), steps
        elif acts.pending(home):
            acting.take_signature(home, home.acts / folder.name, approval)
        assert _naming(home, TOKEN) == set(), steps
        assert forgetting.forgotten(home, home.acts / folder.name).left == []
        shutil.rmtree(home.root)
        if left() > 0:
            break
    assert resumed > 10


def _kill_after(patch: pytest.MonkeyPatch, steps: int) -> Callable[[], int]:
    """Let the process die after so many files put in place or removed; the answer tells how many it had left."""
    replace, unlink, rest = Path.replace, Path.unlink, [steps]

    def count() -> None:
        if rest[0] == 0:
            raise Killed
        rest[0] -= 1

    def replaced(self: Path, target: Path) -> Path:
        count()
        return replace(self, target)

    def unlinked(self: Path, *, missing_ok: bool = False) -> None:
        if self.exists():
            count()
        unlink(self, missing_ok=missing_ok)

    patch.setattr(Path, "replace", replaced)
    patch.setattr(Path, "unlink", unlinked)
    return lambda: rest[0]


def test_a_full_disk_forgets_nothing_or_all(revised: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    _plant(revised)

    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr(acts, "write_folder", refuse)
        _prepare(revised)
    assert acts.pending(revised) == []
    folder = _prepare(revised)
    acting.take_signature(revised, folder, sign(folder, PREPARER, PREPARE))
    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr(forgetting, "write_json", refuse)  # the last that it writes
        acting.take_signature(revised, folder, sign(folder, APPROVER, APPROVE))
    assert _naming(revised, TOKEN) == {f"acts/{folder.name}/{acts.SOUGHT}"}
    _prepare(revised)
    assert _naming(revised, TOKEN) == set()


# What it leaves


def test_a_scan_finds_the_file_in_a_workbook_that_somebody_made(typed: Marsad, revised: Home, tmp_path: Path) -> None:
    revised.publications.mkdir(exist_ok=True)
    with zipfile.ZipFile(revised.publications / "own.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{TOKEN}</t>" * 50)
    folder = _prepare(revised)
    acting.take_signature(revised, folder, sign(folder, PREPARER, PREPARE))
    signature = tmp_path / "act.sig"
    signature.write_bytes(sign(folder, APPROVER, APPROVE))
    code, out, _ = typed("sign", "--signature", signature)
    assert (code, "publications/own.xlsx" in out) == (1, True)
    assert forgetting.forgotten(revised, folder).left == ["publications/own.xlsx"]


def test_the_lineage_counts_as_many_facts_as_before(revised: Home) -> None:
    entry = ledger.entries(revised, NATIONAL)[0]
    before = lineage.read_rows(revised, entry)
    _sign(revised, _prepare(revised))
    after = lineage.read_rows(revised, entry)
    cell = ["indicator", "measure", "ref_area", "time_period", *DIMENSIONS]
    facts = [rows.groupby(cell, dropna=False)["member"].nunique() for rows in (before, after)]
    pd.testing.assert_series_equal(*facts)
    assert set(after["record"].dropna()) == set()
    assert sha256_of(lineage.path_of(revised, NATIONAL, entry.version)) == lineage.sealed_hash(revised, entry)
    assert lineage.sealed_hash(revised, entry) != entry.lineage_sha256
    assert list(home_looks._lineage(revised)) == []


def test_a_second_forgetting_starts_from_what_the_first_one_left(
    revised: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sign(revised, _prepare(revised))
    assert _refused(lambda: _prepare(revised, SECOND)).code == "forget_rests"
    _second_file(monkeypatch)
    toy_home.build(revised, toy_home.Country(case=OTHER))
    built = {path.name for path in revised.candidates.iterdir()}
    with revised.lock("test"):
        acting.finish(revised)  # a later command does it again
    assert {path.name for path in revised.candidates.iterdir()} == built
    assert candidate.read_facts(revised)["submission"].dropna().unique().tolist() == [SECOND]


def test_backups_that_hold_it_are_named_with_their_last_day(typed: Marsad, revised: Home) -> None:
    key = "age1invented"
    line = {"event": "taken", "home": "h", "folder": "f", "place": "/mnt/disk", "task_force": key, "recovery": key,
            "at": "2026-03-01T10:00:00+00:00"}  # fmt: skip
    old = ledger.entries(revised, NATIONAL)[0]
    held = {f"taken/{FIRST}": FIRST_SHA256}, {f"lineage/{NATIONAL}/{old.version}.parquet": old.lineage_sha256}
    for number, sha256 in enumerate((*held, {"receipts.jsonl": "0" * 64}), start=1):
        contents = Contents(line, True, {path: ["0" * 64] for path in sha256}, sha256, {})
        snapshot = f"{number}-abcdef"
        backup_register.keep_list(revised, snapshot, contents.as_bytes())
        with revised.lock("test"):
            listed = BackupLine(**line, snapshot=snapshot, list_sha256=sha256_of_bytes(contents.as_bytes()))  # pyright: ignore[reportArgumentType]
            backup_register.append(revised, listed)
    folder = _prepare(revised)
    _sign(revised, folder)
    outcome = forgetting.forgotten(revised, folder)
    assert [line.snapshot for line in outcome.backups] == ["1-abcdef", "2-abcdef"]
    assert backup_register.last_day(outcome.backups[0]) == "2026-06-01"


def test_a_walk_from_a_figure_or_the_file_says_that_it_was_forgotten(revised: Home) -> None:
    from expectations.candidates.footprint import footprint

    _sign(revised, _prepare(revised))
    refusal = _refused(lambda: footprint(revised, FIRST))
    assert (refusal.code, refusal.arguments["date"]) == ("submission_forgotten", acting.today().isoformat())
    place = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": "2023"}
    hops = lineage.trace(revised, NATIONAL, place)
    assert {hop["state"] for hop in hops if hop["hop"] == "file"} <= {"missing", "present"}
