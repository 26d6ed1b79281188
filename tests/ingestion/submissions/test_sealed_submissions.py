"""A file that came sealed is the same file, and nothing of it lies in the clear before it is accepted."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyrage
import pytest

from ingestion.cards.source_card import source_names
from ingestion.home import Home
from ingestion.sealing.age_keys import DEMO_PUBLIC, encrypt
from ingestion.sealing.sealing_keys import SealingKey, public_keys
from ingestion.submissions import inbox, landing, receipts
from ingestion.submissions.receipt_page import receipt_page
from ingestion.submissions.receipt_state import ReceiptState
from ingestion.submissions.receipts import Receipt
from languages.words import Words
from tests.ingestion.hostile import bomb
from tests.ingestion.sealing.pairs import give_pair
from tests.ingestion.workbooks import case, cases, token, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"
GOOD = xlsx({"القضايا": cases(case(1), case(2, date="قريبا"))})
NAME = "زينب كاظم الموسوي"
PRIVATE = xlsx({"الضحايا": victims(victim(1, case=NAME))})
LATER = datetime.timedelta(minutes=1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home").open()
    for source in source_names():
        (home.inbox / source).mkdir(parents=True)
    return home


@pytest.fixture
def key(home: Home) -> SealingKey:
    return give_pair(home)


def seal(home: Home, data: bytes) -> bytes:
    return encrypt(data, public_keys(home))


def drop(home: Home, name: str, data: bytes) -> Path:
    path = home.inbox / SOURCE / name
    path.write_bytes(data)
    return path


def take(home: Home, key: SealingKey | None) -> list[tuple[str, str]]:
    """Look twice, and return label and verdict of each file."""
    seen = inbox.stamps_by_key(inbox.list_waiting(home))
    now = datetime.datetime.now(tz=datetime.UTC) + LATER
    return [(one.label, one.verdict) for one in inbox.take_unchanged_files(home, seen, now=now, key=key).outcomes]


def told(path: Path, data: bytes) -> dict[str, Any]:
    """The outcome of a file with these bytes, as they lay in the inbox."""
    digest = hashlib.sha256(data).hexdigest()
    outcomes = [json.loads(one.read_text(encoding="utf-8")) for one in path.parent.glob("*.receipt.json")]
    return next(one for one in outcomes if digest in (one.get("sealed_sha256"), one.get("sha256")))


def label(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def receive(home: Home, folder: Path, name: str, data: bytes, key: SealingKey | None = None) -> Receipt:
    (folder / name).write_bytes(data)
    return landing.receive(home, SOURCE, folder / name, key=key)


def pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file, and of each part of it if it is a zip."""
    data = path.read_bytes()
    yield data
    with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield from (archive.read(name) for name in archive.namelist())


def holding(folder: Path, text: str) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(text.encode() in piece for piece in pieces(path))]


# The same file


def test_the_same_file_is_recognised_however_it_comes(tmp_path: Path, home: Home, key: SealingKey):
    first = receive(home, tmp_path, "a.xlsx.age", seal(home, GOOD), key)
    for name, data, is_sealed in (("b.xlsx", GOOD, False), ("c.xlsx.age", seal(home, GOOD), True)):
        again = receive(home, tmp_path, name, data, key)
        assert (again.verdict, again.submission, again.sealed) == ("known", first.submission, is_sealed)
    assert [one.verdict for one in receipts.read_receipts(home)] == ["accepted"]


def test_a_file_in_the_clear_is_known_when_it_comes_sealed(tmp_path: Path, home: Home, key: SealingKey):
    first = receive(home, tmp_path, "a.xlsx", GOOD)
    assert receive(home, tmp_path, "a.xlsx.age", seal(home, GOOD), key).submission == first.submission


@pytest.mark.parametrize(
    "data",
    [GOOD, PRIVATE, b"", bomb(), b"a;b\n1;2\n"],
    ids=["good", "private", "empty", "bomb", "csv"],
)
@pytest.mark.parametrize("name", ["export.xlsx", "export.csv"])
def test_a_receipt_says_of_a_sealed_file_what_it_says_of_it_in_the_clear(tmp_path: Path, data: bytes, name: str):
    told_of: list[dict[str, Any]] = []
    for ending in ("", ".age"):
        home = Home.at(tmp_path / f"home{ending}").open()
        key = give_pair(home)
        receipt = receive(home, tmp_path, name + ending, seal(home, data) if ending else data, key)
        stored = json.loads(home.receipts.read_text(encoding="utf-8"))
        told_of.append({field: value for field, value in stored.items() if field not in ("hash", "sealed")})
        told_of[-1]["places"] = [(one.kind, one.sheet, one.cell) for one in receipt.findings]
        assert (receipt.sealed, stored.get("sealed", False)) == (bool(ending), bool(ending))
        assert any(home.taken.iterdir()) == (receipt.verdict == "accepted")
    assert told_of[0] == told_of[1]


def test_the_log_of_receipts_stays_whole_and_reads_what_came_sealed(tmp_path: Path, home: Home, key: SealingKey):
    receive(home, tmp_path, "a.xlsx", GOOD)
    receive(home, tmp_path, "b.xlsx.age", seal(home, xlsx({"القضايا": cases(case(3))})), key)
    receive(home, tmp_path, "c.xlsx.age", seal(home, PRIVATE), key)
    assert receipts.verify_chain(home) == []
    assert [one.sealed for one in receipts.read_receipts(home)] == [False, True, True]
    assert "sealed" not in json.loads(home.receipts.read_text(encoding="utf-8").splitlines()[0])


def test_a_sealed_file_lands_and_is_verified_like_others(tmp_path: Path, home: Home, key: SealingKey):
    receipt = receive(home, tmp_path, "a.xlsx.age", seal(home, GOOD), key)
    (landed,) = landing.land(home, SOURCE)  # without the key
    assert landed.receipt.submission == receipt.submission
    assert receipts.verify_files(home) == []


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_the_page_says_that_the_file_came_sealed_and_of_others_nothing(
    tmp_path: Path, home: Home, key: SealingKey, tag: str
):
    words = Words.load(tag)
    line = f"<dt>{words.text('receipt.on_the_way')}</dt><dd>{words.text('receipt.sealed')}</dd>"
    clear = receive(home, tmp_path, "a.xlsx", GOOD)
    sealed = receive(home, tmp_path, "b.xlsx.age", seal(home, PRIVATE), key)
    assert line not in receipt_page(clear, words, ReceiptState(), is_invented=False)
    assert line in receipt_page(sealed, words, ReceiptState(), is_invented=False)


# In the inbox


FAULTS = {
    "cut.xlsx.age": (lambda home: seal(home, GOOD)[:-1], "sealed_damaged"),
    "doubled.xlsx.age": (lambda home: seal(home, GOOD) * 2, "sealed_damaged"),
    "foreign.xlsx.age": (
        lambda _home: encrypt(GOOD, [str(pyrage.x25519.Identity.generate().to_public())]),
        "sealed_for_others",
    ),
    "locked.xlsx.age": (lambda _home: pyrage.passphrase.encrypt(GOOD, "x"), "sealed_for_others"),
    "demo.xlsx.age": (lambda _home: encrypt(GOOD, [DEMO_PUBLIC]), "sealed_for_demo"),
    "text.xlsx.age": (
        lambda home: pyrage.encrypt(
            GOOD, [pyrage.x25519.Recipient.from_str(one) for one in public_keys(home)], armored=True
        ),
        "sealed_as_text",
    ),
    "twice.xlsx.age": (lambda home: seal(home, seal(home, GOOD)), "still_sealed"),
    "bomb.xlsx.age": (lambda home: seal(home, bomb()), "zip_bomb"),
    "renamed.xlsx.age": (lambda _home: GOOD, "not_sealed"),
    "empty.xlsx.age": (lambda _home: b"", "empty_file"),
    "hollow.xlsx.age": (lambda home: seal(home, b""), "empty_file"),
}


def test_whatever_is_wrong_with_a_seal_is_told_beside_the_file_and_all_others_are_taken(home: Home, key: SealingKey):
    dropped = {name: make(home) for name, (make, _) in FAULTS.items()}
    for name, data in dropped.items():
        drop(home, name, data)
    drop(home, "good.xlsx", xlsx({"القضايا": cases(case(7))}))
    as_it_came = seal(home, GOOD)
    sealed = drop(home, "sealed.xlsx.age", as_it_came)
    assert sorted(verdict for _, verdict in take(home, key)) == ["accepted"] * 2 + ["refused"] * len(FAULTS)
    arabic = Words.load("ar")
    for name, (_, kind) in FAULTS.items():
        path = home.inbox / SOURCE / name
        (finding,) = told(path, dropped[name])["findings"]
        assert (finding["kind"], finding["message"]) == (kind, arabic.text(f"finding.{kind}", limit="50")), name
        assert finding["remedy"] == arabic.text(f"finding.{kind}.remedy")
        assert path.exists()
    assert told(sealed, as_it_came)["sealed"] is True
    assert take(home, key) == []  # each is answered once
    assert receipts.verify_chain(home) == []


def test_without_the_key_sealed_files_wait_and_the_others_are_taken(home: Home, key: SealingKey):
    drop(home, "a.xlsx.age", seal(home, GOOD))
    drop(home, "b.xlsx", xlsx({"القضايا": cases(case(7))}))
    assert sorted(verdict for _, verdict in take(home, None)) == ["accepted", "not_taken"]
    (waiting,) = (home.inbox / SOURCE).glob("not-taken-*.receipt.json")
    assert json.loads(waiting.read_text(encoding="utf-8"))["code"] == "sealing_key_locked"
    assert [verdict for _, verdict in take(home, None)] == ["not_taken"]  # tried again at each look
    assert take(home, key) == [(label(GOOD), "accepted")]
    assert not waiting.exists()


def test_a_file_that_was_refused_is_not_asked_about_again_when_the_key_is_gone(home: Home, key: SealingKey):
    sealed = drop(home, "a.xlsx.age", seal(home, b"no workbook"))
    take(home, key)
    os.utime(sealed, (1, 1))
    copy = sealed.read_bytes()
    sealed.unlink()
    sealed.write_bytes(copy)
    assert take(home, None) == []


def test_a_name_that_is_a_persons_is_shown_nowhere_also_before_the_ending_of_sealed_files(home: Home, key: SealingKey):
    drop(home, f"{NAME}.xlsx.age", seal(home, PRIVATE))
    ((told_of, _),) = take(home, key)
    assert NAME not in told_of
    assert holding(home.root, NAME) == []
    assert not any(NAME in path.name for path in (home.inbox / SOURCE).iterdir())


# Nothing in the clear


@pytest.mark.parametrize(
    ("data", "marker", "verdict"),
    [
        (PRIVATE, NAME, "accepted"),
        (xlsx({"قضايا أخرى": cases(case(1, date="zqxmarkerqz"))}), "zqxmarkerqz", "refused"),
    ],
    ids=["a name", "a cell"],
)
def test_of_a_sealed_file_no_byte_stands_in_the_clear(
    tmp_path: Path, home: Home, key: SealingKey, monkeypatch: pytest.MonkeyPatch, data: bytes, marker: str, verdict: str
):
    (tmp_path / "plain.xlsx").write_bytes(data)
    assert len(holding(tmp_path, marker)) == 1  # the scan sees what is there
    (tmp_path / "plain.xlsx").unlink()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(temporary))
    assert receive(home, tmp_path, "a.xlsx.age", seal(home, data), key).verdict == verdict
    assert holding(tmp_path, marker) == []
    assert list(temporary.iterdir()) == []


def test_of_an_accepted_one_what_was_taken_alone_is_in_the_clear(tmp_path: Path, home: Home, key: SealingKey):
    shutil.rmtree(home.inbox)
    data = xlsx({"القضايا": cases(case(77), case(2))})
    receipt = receive(home, tmp_path, "a.xlsx.age", seal(home, data), key)
    assert receipt.verdict == "accepted"
    assert holding(tmp_path, token(77, "case")) == [home.taken / receipt.submission]
