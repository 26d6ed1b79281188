"""Receipts go back signed by the machine: in the inbox, never taken for a file, gone with their submission."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion import leftovers
from ingestion.home import Home
from ingestion.people import founding, machine_key
from ingestion.people.acts import read_people
from ingestion.people.roster import MACHINE, RECEIPT
from ingestion.submissions import receipts, submission_withdrawal
from languages.refusal import Refusal
from tests.expectations.proposed_homes import Killed, killed_after
from tests.ingestion.people.signers import accepts, fresh_pair, key, person, roster_bytes
from tests.ingestion.submissions.test_inbox import GOOD, drop, label, take


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").open()
    (home.inbox / "iraq_interior_ministry").mkdir(parents=True)
    pairs = [fresh_pair(tmp_path / "pairs", name) for name in ("amina", "dara")]
    people = {"amina": person("amina", ["prepare"], key(pairs[0])), "dara": person("dara", ["approve"], key(pairs[1]))}
    with home.lock("test"):
        founding.found(home, roster_bytes(people), Path("people.yml"))
    return home


def _refuse_unsigned(home: Home, page: Path) -> None:
    machine_key.refuse_unsigned(page, RECEIPT, read_people(home).allowed_signers())


def test_a_receipt_lies_signed_in_the_inbox_and_the_signature_is_no_file(home: Home, tmp_path: Path):
    drop(home, "export.xlsx")
    assert list(take(home).values()) == ["accepted"]
    (page,) = home.inbox.rglob("*.receipt.html")
    seal = page.with_name(f"{page.name}.sig")
    signers = read_people(home).allowed_signers()
    assert accepts(tmp_path, signers, MACHINE, RECEIPT, page.read_bytes(), seal.read_bytes())
    assert take(home) == {}
    page.with_name("other.xlsx.receipt.html.sig").write_bytes(b"dropped by somebody")
    assert take(home) == {}


def test_a_refused_file_and_one_of_the_longest_name_get_signed_receipts(home: Home):
    for name, data in (("bad.xlsx", b"no workbook"), (f"{'x' * 240}.xlsx", GOOD)):
        drop(home, name, data)
        take(home)
    pages = list(home.inbox.rglob("*.receipt.html"))
    assert len(pages) == 2
    for page in pages:
        _refuse_unsigned(home, page)


def test_a_signature_goes_with_the_submission_that_it_was_about(home: Home):
    drop(home, "export.xlsx")
    take(home)
    (receipt,) = receipts.read_receipts(home)
    submission_withdrawal.withdraw(home, receipt.submission, reason="sent by mistake", signed_by="Secretariat")
    assert not list(home.inbox.rglob("*.sig"))


def test_where_the_private_half_is_gone_the_inbox_takes_nothing(home: Home):
    drop(home, "export.xlsx")
    for path in home.keys.glob("machine-*.key"):
        path.unlink()
    with pytest.raises(Refusal, match="machine_key_missing"):
        take(home)
    assert receipts.read_receipts(home) == []


def test_killed_anywhere_no_receipt_lies_unsigned_and_the_next_look_ends_it(home: Home):
    steps = 0
    while True:
        data = GOOD + bytes(steps)
        drop(home, f"export{steps}.xlsx", data)
        try:
            with killed_after(steps):
                take(home)
            break
        except Killed:
            pages = list(home.inbox.rglob("*.receipt.html"))
            for page in pages:
                _refuse_unsigned(home, page)
            take(home)
            (page,) = home.inbox.rglob(f"*-{label(data)}.receipt.html")
            _refuse_unsigned(home, page)
        steps += 1
    assert steps > 5
    assert not list(home.inbox.rglob("*.tmp"))


def test_a_signature_half_written_by_a_killed_process_is_swept(home: Home):
    left = drop(home, ".export.xlsx.receipt.html.sig.999999999.tmp", b"-----BEGIN")
    assert leftovers.leftovers(home.root) == [left]
