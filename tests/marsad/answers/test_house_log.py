"""One log: who did what on which day; a lost, changed or reordered line is found by whoever has a statement."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.published import ledger, release_withdrawal
from expectations.published.release_log import ReleaseLog
from ingestion import chain_heads
from ingestion.home import Home, write_bytes
from ingestion.people import acts, acts_log
from ingestion.people.roster import APPROVE, PREPARE, roster_path
from ingestion.submissions import receipts
from ingestion.submissions.landing import receive
from languages.refusal import Refusal
from marsad.answers import acting, house_log
from samples import invented_people
from tests.expectations import proposed_homes, toy_home
from tests.expectations.proposed_homes import MadeOnce, sign
from tests.marsad.conftest import Marsad

NATIONAL = "four_ps_national"


@pytest.fixture
def signed(made_once: MadeOnce, toy_protected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with receipts that has published twice, so that the second statement names what lies before it."""

    def make(folder: Path) -> None:
        home = proposed_homes.signed_home(made_once, toy_protected, folder / "first")
        receipts.append(home, toy_home.receipt())
        receipts.append(home, toy_home.receipt(b"another invented workbook", letter_number="55/2025"))
        proposed_homes.propose_more(home)
        proposed_homes.publish_signed(home)
        home.root.rename(folder / "home")

    home = Home(shutil.copytree(made_once("toy_logged", make) / "home", tmp_path / "home", symlinks=True))
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return home


def _codes(home: Home) -> list[str]:
    try:
        return [problem.code for problem in house_log.problems(home)]
    except Refusal as refusal:
        return [refusal.code]


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


# What it shows


def test_the_log_of_a_sound_house_holds(typed: Marsad, signed: Home):
    assert _codes(signed) == []
    code, out, _ = typed("log", "--verify", "--json")
    told = json.loads(out)
    assert (code, told["ok"], told["problems"]) == (0, True, [])
    heads = {row["log"]: row for row in told["heads"]}
    assert set(heads) == set(acts_log.logs_of(signed))
    data = acts_log.path_of(signed).read_bytes()
    assert heads["acts"]["lines"] == "3"
    assert heads["acts"]["sha256"] == hashlib.sha256(data).hexdigest()


def test_the_log_walks_all_logs_by_day(typed: Marsad, signed: Home):
    code, out, _ = typed("log", "--json")
    lines = json.loads(out)
    assert code == 0
    assert {line["log"] for line in lines} == {"acts", "receipts", "ledger"}
    assert [line["day"] for line in lines] == sorted(line["day"] for line in lines)
    done = [line for line in lines if line["kind"] == "done"]
    assert [line["what"] for line in done] == ["publish", "publish"]
    assert {line["person"] for line in done} == {"amina+dara"}


@pytest.mark.parametrize("name", ["amina", "dara"])
def test_the_lines_of_a_person_are_those_that_she_prepared_or_approved(typed: Marsad, signed: Home, name: str):
    """Two names stand beside each act, and each of them finds it."""
    code, out, _ = typed("log", "--person", name, "--json")
    lines = json.loads(out)
    assert code == 0
    assert [(line["log"], line["kind"]) for line in lines] == [("acts", "done")] * 2
    assert house_log.walk(signed, person=name[:-1]) == []


def test_the_log_is_asked_by_day_and_kind(typed: Marsad, signed: Home):
    today = acting.today().isoformat()
    assert {line["log"] for line in house_log.walk(signed, day="2025-01-06")} == {"receipts"}
    assert len(house_log.walk(signed, day="2025-01")) == 2
    assert {line["log"] for line in house_log.walk(signed, day=today, kind="done")} == {"acts"}
    assert len(house_log.walk(signed, kind="founded")) == 1
    assert house_log.walk(signed, kind="founded", day="2025") == []
    assert house_log.walk(signed, person="nobody") == []
    code, out, _ = typed("log", "--kind", "accepted", "--day", "2025-01", "--json")
    assert (code, len(json.loads(out))) == (0, 2)


def test_no_value_of_a_record_and_no_name_of_a_file_is_in_the_log(typed: Marsad, signed: Home, tmp_path: Path):
    marker = "zqxmarker_Zainab_Hassan"
    path = tmp_path / f"{marker}.xlsx"
    path.write_bytes(b"no workbook " + marker.encode())
    receive(signed, "iraq_interior_ministry", path)
    receipts.append(signed, toy_home.receipt(b"third", letter_number=marker))
    assert len(house_log.walk(signed)) > 6
    for words in (("log",), ("log", "--json"), ("log", "--verify", "--json")):
        _, out, err = typed(*words)
        assert marker not in out + err
        assert path.name not in out + err
    assert marker.encode() not in acts_log.path_of(signed).read_bytes()


# What it finds


def _all_hashes_rewritten(path: Path, change: Callable[[dict[str, Any]], None], number: int) -> None:
    """Rewrite a line of a chained log, all hashes after it, and its head: the chain alone holds again."""
    lines, prev, written = [json.loads(line) for line in _lines(path)], "", []
    change(lines[number])
    for line in lines:
        plain = {name: value for name, value in line.items() if name != "hash"}
        plain["prev"] = prev or plain["prev"]
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
        prev = hashlib.sha256(text.encode()).hexdigest()
        written.append(json.dumps({**plain, "hash": prev}, ensure_ascii=False, sort_keys=True))
    path.write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
    head = path.with_suffix(".head")
    for copy in (head, chain_heads.copy_of(head)):
        copy.unlink(missing_ok=True)
    chain_heads.keep_head(head, len(written), prev)


def test_a_changed_line_with_all_hashes_rewritten_is_found_by_a_statement(signed: Home):
    _all_hashes_rewritten(signed.receipts, lambda line: line.update(rows_landed=1, rows_quarantined=1), 0)
    receipts.read_receipts(signed)  # the chain alone says nothing
    problems = house_log.problems(signed)
    assert {problem.code for problem in problems} == {"log_other_than_signed"}
    assert {problem.where for problem in problems} == {"receipts"}
    last = acts.last_done(signed)
    assert last is not None
    assert problems[-1].arguments["act"] == last.name


def test_a_line_after_the_last_statement_is_nobodys_yet(signed: Home):
    """What was written since is pinned by the next statement, and no problem."""
    receipts.append(signed, toy_home.receipt(b"third"))
    assert _codes(signed) == []
    _all_hashes_rewritten(signed.receipts, lambda line: line.update(rows_landed=1, rows_quarantined=1), 2)
    assert _codes(signed) == []
    proposed_homes.propose_more(signed, 80)
    proposed_homes.publish_signed(signed)
    _all_hashes_rewritten(signed.receipts, lambda line: line.update(rows_landed=0, rows_quarantined=2), 2)
    assert _codes(signed) == ["log_other_than_signed"]


def test_a_lost_tail_with_its_head_is_found_by_a_statement(signed: Home):
    path = signed.receipts
    lines = _lines(path)
    path.write_bytes(b"".join(lines[:-1]))
    assert _codes(signed) != []
    head = path.with_suffix(".head")
    for copy in (head, chain_heads.copy_of(head)):
        copy.unlink(missing_ok=True)
    chain_heads.keep_head(head, 1, str(json.loads(lines[0])["hash"]))
    assert len(receipts.read_receipts(signed)) == 1
    assert _codes(signed) == ["log_other_than_signed"]


@pytest.mark.parametrize("log", ["receipts", "ledger", "acts"])
def test_a_log_that_is_gone_is_found(signed: Home, log: str):
    path = acts_log.logs_of(signed)[log]
    path.unlink()
    assert _codes(signed) != []
    for head in signed.root.rglob(f"{path.stem}*.head"):
        head.unlink()
    assert _codes(signed) != []


@pytest.mark.parametrize("log", ["receipts", "ledger", "acts"])
def test_a_bad_line_and_two_heads_and_another_order_are_found(signed: Home, log: str):
    path = acts_log.logs_of(signed)[log]
    lines = _lines(path)
    for harmed in (
        [*lines[:1], b"no line\n", *lines[1:]],
        [*lines, b"no line\n"],
        [lines[1], lines[0], *lines[2:]],
        [*lines, lines[-1]],
        [*lines[:-1], lines[-1].replace(b"2", b"3", 1)],
        lines[1:],
        lines[:-1],
        [],
    ):
        path.write_bytes(b"".join(harmed))
        assert _codes(signed) != [], harmed
    path.write_bytes(b"".join(lines))
    assert _codes(signed) == []


def test_a_second_end_of_the_log_is_found(signed: Home):
    """Somebody puts back an older home, acts in it, and has two histories from one line on: two heads."""
    older = Home(shutil.copytree(signed.root, signed.root.parent / "older", symlinks=True))
    receipts.append(signed, toy_home.receipt(b"here"))
    receipts.append(older, toy_home.receipt(b"there"))
    for home, count in ((signed, 80), (older, 90)):
        proposed_homes.propose_more(home, count)
        proposed_homes.publish_signed(home)
        assert _codes(home) == []
    shutil.copy(older.receipts, signed.receipts)
    for head in older.root.rglob("receipts*.head"):
        shutil.copy(head, signed.root / head.relative_to(older.root))
    assert _codes(signed) == ["log_other_than_signed"]


def _acts(home: Home) -> list[Path]:
    return sorted(path.parent for path in home.acts.glob(f"*/{acts.ACT}"))


@pytest.mark.parametrize("name", [acts.ACT, acts.PREPARED, acts.APPROVED])
def test_an_act_that_lost_a_file_is_found(signed: Home, name: str):
    first = _acts(signed)[0]
    (first / name).unlink()
    codes = [code for code in _codes(signed) if code != "not_in_any_act"]  # without its act nobody signed the release
    assert codes in (["file_missing"], ["act_unsigned"])


def test_an_act_whose_signature_was_exchanged_is_found(signed: Home):
    first, second = _acts(signed)
    shutil.copy(second / acts.APPROVED, first / acts.APPROVED)
    assert {*_codes(signed)} == {"act_unsigned", "bytes_changed"}  # the statement beside the release is the honest one
    shutil.copy(first / acts.PREPARED, first / acts.APPROVED)
    assert {*_codes(signed)} == {"act_unsigned", "bytes_changed"}


@pytest.mark.parametrize("name", acts.STATEMENT.values())
def test_a_statement_that_is_gone_or_another_beside_what_it_is_about_is_found(signed: Home, name: str):
    statement = next(signed.releases.glob(f"*/*/{name}"))
    before = statement.read_bytes()
    statement.write_bytes(before + b" ")
    assert _codes(signed) == ["bytes_changed"]
    statement.unlink()
    assert _codes(signed) == ["file_missing"]


def test_a_line_of_an_act_that_nobody_signed_is_found(signed: Home):
    """Whoever has the account of the house can write any line with its hashes; signatures she has not."""
    roster = acts.read_people(signed)
    act = acts.draft(signed, roster, "publish", "amina", "forged", acting.today(), {})
    folder = acts.prepare(signed, act)
    with signed.lock("test"):
        acts_log.append(signed, "done", "amina+dara", "publish", act=act.sha256, number=act.number)
    assert _codes(signed) == ["act_unsigned"]
    (folder / acts.PREPARED).write_bytes(sign(folder, "amina", PREPARE))
    assert _codes(signed) == ["act_unsigned"]


def test_what_is_published_or_withdrawn_by_hand_is_found(signed: Home):
    """By Marsad's own functions, by whoever has the account: the logs and heads are whole, and nobody signed it."""
    country = toy_home.Country()
    country.add(90, year="2024", sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(signed, country)
    before = len(ledger.entries(signed))
    with signed.lock("test"):
        toy_home.publish(signed)
    new = [f"{entry.dataset}/{entry.version}" for entry in ledger.entries(signed)[before:]]
    assert new
    problems = [(problem.code, problem.where) for problem in house_log.problems(signed)]
    assert problems == [
        *(("latest_other_than_signed", str(signed.releases / place.split("/")[0] / "latest")) for place in new),
        *(("not_in_any_act", place) for place in new),
    ]
    entry = ledger.entries(signed, NATIONAL)[0]
    with signed.lock("test"):
        release_withdrawal.withdraw(signed, NATIONAL, entry.version, reason="counted twice", signed_by="Secretariat")
    record = signed.reports / "2025-00000000" / "published.json"
    write_bytes(record, b'{"files": {}}')
    places = [problem.where for problem in house_log.problems(signed) if problem.code == "not_in_any_act"]
    assert places == [*new, f"{NATIONAL}/{entry.version}", "reports/2025-00000000"]


def test_a_withdrawal_that_is_undone_beside_its_own_statement_is_found(signed: Home, tmp_path: Path):
    entry = ledger.entries(signed, NATIONAL)[-1]
    place = signed.releases / NATIONAL / entry.version
    before = shutil.copytree(place, tmp_path / "before", ignore=shutil.ignore_patterns("statement*"))
    _withdraw(signed, entry.version)
    assert _codes(signed) == []
    for file in place.glob("TOMBSTONE*"):
        file.unlink()
    shutil.copytree(before, place, dirs_exist_ok=True)
    problems = [(problem.code, problem.where) for problem in house_log.problems(signed)]
    assert problems == [("file_missing", str(place / "TOMBSTONE.json"))]


def test_a_release_that_was_put_back_is_found_by_the_log(signed: Home):
    older, newest = [entry.version for entry in ledger.entries(signed, NATIONAL)]
    pointer, place = signed.releases / NATIONAL / "latest", signed.releases / NATIONAL / newest
    pointer.write_text(f"{older}\n", encoding="utf-8")
    (problem,) = house_log.problems(signed)
    assert (str(problem), problem.arguments["version"], problem.arguments["latest"]) == (
        f"latest_other_than_signed: {pointer}", older, newest)  # fmt: skip
    shutil.rmtree(place)
    assert f"file_missing: {place}" in map(str, house_log.problems(signed))
    pointer.unlink()
    assert _codes(signed) == ["file_missing", "latest_other_than_signed"]


def test_a_release_folder_of_before_that_is_gone_is_found(signed: Home):
    place = signed.releases / NATIONAL / ledger.entries(signed, NATIONAL)[0].version
    shutil.rmtree(place)
    assert [str(problem) for problem in house_log.problems(signed)] == [f"file_missing: {place}"]


def test_what_a_killed_publication_has_not_put_in_place_is_not_said_to_be_gone(signed: Home):
    proposed_homes.propose_more(signed, 80)
    folder = proposed_homes.prepare(signed)
    acting.take_signature(signed, folder, sign(folder, "amina", PREPARE))
    with proposed_homes.killed_after(4), pytest.raises(proposed_homes.Killed):
        acting.take_signature(signed, folder, sign(folder, "dara", APPROVE))
    assert acts.last_done(signed) == folder
    assert set(_codes(signed)) <= {"log_other_than_signed"}  # the line of the ledger is still to come


@pytest.mark.parametrize("name", ["people.yml", "note.txt"])
def test_a_file_of_an_act_that_is_other_than_it_says_is_found(signed: Home, name: str):
    content = yaml.safe_load(roster_path(signed).read_bytes())
    content["people"]["dara"]["agency"] = "Another agency"
    _change_people(signed, content)
    assert _codes(signed) == []
    folder = acts.last_done(signed)
    assert folder
    write_bytes(folder / name, b"another")
    assert _codes(signed) == (["people_edited"] if name == "people.yml" else ["file_unexpected"])


def test_the_record_beside_an_act_is_held_to_it(signed: Home):
    page = signed.reports / "2025-0123abcd" / "en" / "index.html"
    write_bytes(page, b"<p>invented</p>")
    record = Path("reports/2025-0123abcd/published.json")
    content = json.dumps({"files": {"en/index.html": hashlib.sha256(page.read_bytes()).hexdigest()}}).encode()
    folder = acting.prepare_file(
        signed, "publish_report", "amina", "the report", record, content, {"report": "2025-0123abcd"}
    )
    for name, space in (("amina", PREPARE), ("dara", APPROVE)):
        acting.take_signature(signed, folder, sign(folder, name, space))
    assert _codes(signed) == []
    (folder / "published.json").write_bytes(content + b" ")
    assert [str(problem) for problem in house_log.problems(signed)] == [f"bytes_changed: {folder / 'published.json'}"]
    (folder / "published.json").unlink()
    assert _codes(signed) == ["file_missing"]
    shutil.rmtree(signed.reports / "2025-0123abcd")
    assert [problem.where for problem in house_log.problems(signed)][-1] == str(page.parents[1])


@pytest.mark.parametrize("field", ["reason", "signed_by", "data_sha256", "card_sha256"])
def test_a_withdrawal_whose_line_says_something_else_than_its_act_is_found(signed: Home, field: str):
    """It is the last line, so no later head names it; the next report prints its reason to everybody."""
    act = _withdraw(signed, ledger.entries(signed, NATIONAL)[-1].version)
    path = signed.ledger / "withdrawn.jsonl"
    *before, last = ReleaseLog.read_log(signed).withdrawals
    last = dataclasses.replace(last, **{field: "the figures were invented by an agency"})
    write_bytes(path, "".join(f"{line.line}\n" for line in (*before, last)).encode())
    assert str(house_log.problems(signed)[0]) == "log_other_than_signed: withdrawn"
    assert house_log.problems(signed)[0].arguments["act"] == act.name


def _withdraw(home: Home, version: str) -> Path:
    """Withdraw a release by two, and return the folder of the act."""
    folder = acting.prepare_withdrawal(home, "amina", NATIONAL, version, reason="counted twice", signed_by="x y")
    acting.take_signature(home, folder, sign(folder, "amina", PREPARE))
    acting.take_signature(home, folder, sign(folder, "dara", APPROVE))
    return folder


def test_what_was_published_without_people_is_in_no_act(toy_released: Path, tmp_path: Path):
    home = Home(shutil.copytree(toy_released, tmp_path / "home"))
    with home.lock("test"):
        invented_people.found(home)
    assert _codes(home) == ["not_in_any_act"] * len(ledger.entries(home))


def test_a_done_act_that_asks_for_fewer_signatures_than_its_roster_is_found(signed: Home):
    act = acts.draft(signed, acts.read_people(signed), "publish", "amina", "forged", acting.today(), {})
    act = dataclasses.replace(act, signatures=1)
    folder = acts.prepare(signed, act)
    (folder / acts.PREPARED).write_bytes(sign(folder, "amina", PREPARE))
    with signed.lock("test"):
        acts_log.append(signed, "done", "amina+dara", "publish", act=act.sha256, number=act.number)
    assert _codes(signed) == ["act_needs_two"]


def test_a_key_that_ended_since_has_signed_well(signed: Home):
    """People change; what was signed before an end stays good."""
    content = yaml.safe_load(roster_path(signed).read_bytes())
    content["people"]["dara"]["keys"][0]["valid_before"] = acting.today().replace(year=acting.today().year + 1)
    _change_people(signed, content)
    assert _codes(signed) == []


def _change_people(home: Home, content: dict[str, Any]) -> None:
    data = yaml.safe_dump(content, sort_keys=False).encode()
    folder = acting.prepare_file(home, "people", "amina", "a change", Path("people.yml"), data, {})
    acting.take_signature(home, folder, sign(folder, "amina", PREPARE))
    acting.take_signature(home, folder, sign(folder, "karwan", APPROVE))


def test_the_words_of_a_problem_are_told_and_the_command_fails(typed: Marsad, signed: Home):
    _all_hashes_rewritten(signed.receipts, lambda line: line.update(rows_landed=1, rows_quarantined=1), 0)
    code, out, err = typed("log", "--verify")
    assert code == 1
    assert "receipts" in out + err
    assert "Traceback" not in out + err


def test_the_log_of_a_house_without_people_says_so(typed: Marsad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = Home(tmp_path / "bare").open()
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    assert typed("log", "--verify")[0] != 0
    code, out, _ = typed("log", "--json")
    assert (code, json.loads(out)) == (0, [])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS], ids=errno.errorcode.get)
def test_a_line_that_cannot_be_written_leaves_the_log_as_it_was(
    signed: Home, monkeypatch: pytest.MonkeyPatch, number: int
):
    from ingestion import hash_chain

    before = acts_log.path_of(signed).read_bytes()

    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError(number, "no room")

    monkeypatch.setattr(hash_chain, "append_line", refuse)
    with pytest.raises(OSError, match="no room"), signed.lock("test"):
        acts_log.append(signed, "looked", "amina", "trace")
    assert acts_log.path_of(signed).read_bytes() == before
