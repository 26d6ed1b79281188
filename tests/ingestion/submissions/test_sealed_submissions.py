"""A file that came sealed is the same file, and nothing of it lies in the clear before it is accepted."""

from __future__ import annotations

import contextlib
import datetime
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
from ingestion.privacy.answer_file import path_beside
from tests.ingestion.asking_files import MARKER, answer, asking

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


def take(home: Home, key: SealingKey | None) -> dict[str, str]:
    """Look twice, and return label -> verdict."""
    seen = inbox.stamps_by_key(inbox.list_waiting(home))
    now = datetime.datetime.now(tz=datetime.UTC) + LATER
    return {one.label: one.verdict for one in inbox.take_unchanged_files(home, seen, now=now, key=key).outcomes}


def told(path: Path) -> dict[str, Any]:
    return json.loads(path.with_name(path.name + ".receipt.json").read_text(encoding="utf-8"))


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
    [GOOD, PRIVATE, asking(MARKER), b"", bomb(), b"a;b\n1;2\n"],
    ids=["good", "private", "asking", "empty", "bomb", "csv"],
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
        assert (home.received / receipt.sha256).exists() == (receipt.verdict == "accepted")
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
    for name, (make, _) in FAULTS.items():
        drop(home, name, make(home))
    good = drop(home, "good.xlsx", xlsx({"القضايا": cases(case(7))}))
    sealed = drop(home, "sealed.xlsx.age", seal(home, GOOD))
    verdicts = take(home, key)
    assert verdicts == {**dict.fromkeys(FAULTS, "refused"), good.name: "accepted", sealed.name: "accepted"}
    arabic = Words.load("ar")
    for name, (_, kind) in FAULTS.items():
        (finding,) = told(home.inbox / SOURCE / name)["findings"]
        assert (finding["kind"], finding["message"]) == (kind, arabic.text(f"finding.{kind}", limit="50")), name
        assert finding["remedy"] == arabic.text(f"finding.{kind}.remedy")
        assert (home.inbox / SOURCE / name).exists()  # as one refused for its structure
    assert told(sealed)["sealed"] is True
    assert take(home, key) == {}  # each is answered once
    assert receipts.verify_chain(home) == []


def test_without_the_key_sealed_files_wait_and_the_others_are_taken(home: Home, key: SealingKey):
    sealed, good = drop(home, "a.xlsx.age", seal(home, GOOD)), drop(home, "b.xlsx", xlsx({"القضايا": cases(case(7))}))
    assert take(home, None) == {sealed.name: "not_taken", good.name: "accepted"}
    assert told(sealed)["code"] == "sealing_key_locked"
    assert take(home, None) == {sealed.name: "not_taken"}  # tried again at each look
    assert take(home, key) == {sealed.name: "accepted"}
    assert "code" not in told(sealed)


def test_a_file_that_was_answered_is_not_asked_about_again_when_the_key_is_gone(home: Home, key: SealingKey):
    sealed = drop(home, "a.xlsx.age", seal(home, GOOD))
    take(home, key)
    before = told(sealed)
    os.utime(sealed, (1, 1))
    copy = sealed.read_bytes()
    sealed.unlink()
    sealed.write_bytes(copy)
    assert take(home, None) == {}
    assert told(sealed) == before


def test_of_a_sealed_file_refused_for_privacy_nothing_stays_but_its_outcome(home: Home, key: SealingKey):
    sealed = drop(home, "a.xlsx.age", seal(home, PRIVATE))
    path_beside(sealed.with_suffix("")).write_text("{}")
    assert take(home, key) == {sealed.name: "refused"}
    names = {path.name for path in sealed.parent.iterdir()}
    assert names == {"a.xlsx.age.receipt.json", "a.xlsx.age.receipt.html"}
    assert holding(home.root, NAME) == []


def test_a_sealed_file_that_asks_is_let_in_by_the_answers_under_its_own_name(home: Home, key: SealingKey):
    data = asking(MARKER)
    sealed = drop(home, "a.xlsx.age", seal(home, data))
    assert take(home, key) == {sealed.name: "asks"}
    assert not sealed.exists()
    answer(drop(home, "a.xlsx.age", seal(home, data)).with_suffix(""), data)
    assert take(home, key) == {sealed.name: "accepted"}


def test_a_name_that_is_a_persons_is_shown_nowhere_also_before_the_ending_of_sealed_files(home: Home, key: SealingKey):
    drop(home, f"{NAME}.xlsx.age", seal(home, PRIVATE))
    (label,) = take(home, key)
    assert NAME not in label
    assert not any(NAME in path.name for path in (home.inbox / SOURCE).iterdir())


# Nothing in the clear


@pytest.mark.parametrize(
    ("data", "marker", "verdict"),
    [
        (PRIVATE, NAME, "refused"),
        (asking(MARKER), MARKER, "asks"),
        (xlsx({"قضايا أخرى": cases(case(1, date="zqxmarkerqz"))}), "zqxmarkerqz", "refused"),
    ],
    ids=["private", "asking", "a cell"],
)
def test_of_a_sealed_file_that_is_not_accepted_no_byte_stands_anywhere(
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


def test_of_an_accepted_one_the_received_file_alone_is_in_the_clear(tmp_path: Path, home: Home, key: SealingKey):
    shutil.rmtree(home.inbox)
    data = xlsx({"القضايا": cases(case(77), case(2))})
    receipt = receive(home, tmp_path, "a.xlsx.age", seal(home, data), key)
    assert receipt.verdict == "accepted"
    assert holding(tmp_path, token(77, "case")) == [home.received / receipt.sha256]
