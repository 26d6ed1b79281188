"""Sealed on the way, as people type it: the key, the template, the sender's seal, the passphrase at the other end."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pyrage
import pytest

from ingestion.cards.source_card import FOLDER
from ingestion.home import Home
from ingestion.sealing import sealing_keys
from ingestion.sealing.age_keys import DEMO_PUBLIC, DEMO_SECRET, encrypt
from ingestion.sealing.sealing_keys import SealingKey
from ingestion.submissions import receipts
from languages.words import Words
from tests.conftest import HOUSE
from tests.ingestion.hostile_cases import with_note
from tests.ingestion.sealing.pairs import PASSPHRASE, RECOVERY, give_pair, sealed
from tests.ingestion.submissions.test_sealed_submissions import holding
from tests.ingestion.workbooks import case, cases, xlsx
from tests.marsad.conftest import Marsad

SOURCE = "iraq_interior_ministry"
GOOD = xlsx({"القضايا": cases(case(1), case(2))})
MARKER = "zqxmarkerqz@example.org"
RECOVERY_PUBLIC = str(RECOVERY.to_public())
KEY = SealingKey(str(RECOVERY))
_SECONDS = 60


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home.at(tmp_path / "home").open()
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return home


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A sender's folder."""
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def filed(desk: Path, data: bytes, name: str = "a.xlsx") -> Path:
    (desk / name).write_bytes(data)
    return desk / name


def on_a_real_terminal(home: Home, answers: Sequence[str], *words: str | Path) -> tuple[int, str]:
    """Run the command in a process on a terminal, type each answer when asked; return exit code and screen."""
    temporary = home.root.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    own = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP", "HOME", "XDG_CACHE_HOME")}
    own |= {"MARSAD_HOME": str(home.root), "COLUMNS": "300", "TERM": "dumb"}
    started = [sys.executable, "-c", "from marsad.command import main; main()", *words]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(started, cwd=HOUSE, env=os.environ | own, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    screen, left, answered, until = b"", list(answers), 0, time.monotonic() + _SECONDS
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 0.2)
        if ready:
            try:
                screen += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
        elif process.poll() is not None:
            break
        if left and screen[answered:].endswith((b"] ", b": ")):
            answered = len(screen)
            os.write(ours, f"{left.pop(0)}\n".encode())
    code = process.wait(timeout=_SECONDS)
    os.close(ours)
    return code, screen.decode("utf-8", errors="replace")


# The whole way


def test_from_the_key_to_the_receipt_nothing_is_typed_but_the_passphrase(home: Home, desk: Path):
    making = ("sealing-key", "--recovery", RECOVERY_PUBLIC)
    code, screen = on_a_real_terminal(home, [PASSPHRASE, PASSPHRASE], *making)
    assert (code, PASSPHRASE in screen) == (0, False), screen
    public = sealing_keys.public_keys(home)
    assert all(key in screen for key in public)
    template = desk / "template.xlsx"
    assert on_a_real_terminal(home, [], "template", SOURCE, "-o", str(template), "--language", "ar")[0] == 0
    file = filed(desk, (FOLDER / "sources" / SOURCE / "sample.xlsx").read_bytes())
    nowhere = Home.at(desk / "nowhere")  # a sender has no home
    code, screen = on_a_real_terminal(nowhere, [], "seal", str(template))
    assert (code, [key in screen for key in public]) == (0, [True, True]), screen
    code, screen = on_a_real_terminal(nowhere, [], "seal", str(file), "--template", str(template), "--language", "ckb")
    assert code == 0, screen
    assert not nowhere.root.exists()
    checking = ("check", f"{file}.age", "--source", SOURCE)
    code, screen = on_a_real_terminal(home, ["wrong", PASSPHRASE], *checking)
    assert (code, PASSPHRASE in screen, Words.load("en").text("desk.passphrase_again") in screen) == (0, False, True)
    code, screen = on_a_real_terminal(home, ["wrong"] * 3, "receive", SOURCE, f"{file}.age")
    assert (code, "sealing_passphrase_wrong" in screen) == (1, True)
    assert receipts.read_receipts(home) == []


def test_one_passphrase_opens_all_sealed_files_of_a_command(home: Home, desk: Path):
    give_pair(home)
    files = [filed(desk, sealed(home, xlsx({"القضايا": cases(case(n))})), f"{n}.xlsx.age") for n in (1, 2)]
    files.append(filed(desk, xlsx({"القضايا": cases(case(3))}), "3.xlsx"))
    code, screen = on_a_real_terminal(home, [PASSPHRASE], "receive", SOURCE, *map(str, files), "--replace")
    assert code == 0, screen
    assert [one.sealed for one in receipts.read_receipts(home)] == [True, True, False]


def test_the_inbox_asks_only_where_something_sealed_waits(home: Home):
    give_pair(home)
    (home.inbox / SOURCE).mkdir()
    clear, shut = (home.inbox / SOURCE / name for name in ("a.xlsx", "b.xlsx.age"))
    clear.write_bytes(GOOD)
    os.utime(clear, (1, 1))
    code, screen = on_a_real_terminal(home, [], "inbox", "--wait", "11")
    assert (code, Words.load("en").text("desk.passphrase") in screen) == (0, False), screen
    shut.write_bytes(sealed(home, xlsx({"القضايا": cases(case(3))})))
    code, screen = on_a_real_terminal(home, [PASSPHRASE], "inbox", "--wait", "11")
    assert (code, [one.verdict for one in receipts.read_receipts(home)]) == (0, ["accepted"] * 2), screen


def test_without_a_passphrase_the_inbox_goes_on_with_the_others(home: Home):
    give_pair(home)
    (home.inbox / SOURCE).mkdir()
    (home.inbox / SOURCE / "a.xlsx.age").write_bytes(sealed(home, GOOD))
    (home.inbox / SOURCE / "b.xlsx").write_bytes(GOOD)
    code, screen = on_a_real_terminal(home, [""], "inbox", "--wait", "11", "--json")
    assert code == 1
    assert [one.verdict for one in receipts.read_receipts(home)] == ["accepted"], screen


# Where nobody can be asked


def test_without_a_terminal_every_command_says_what_to_do(marsad: Marsad, home: Home, desk: Path):
    code, _, told = marsad("sealing-key", "--recovery", RECOVERY_PUBLIC)
    assert (code, "sealing_no_terminal" in told) == (1, True)
    assert not (home.keys / "sealing").exists()
    give_pair(home)
    file = filed(desk, sealed(home, GOOD), "a.xlsx.age")
    for words in (("receive", SOURCE, file), ("check", file), ("check", file, "--source", SOURCE, "--json")):
        code, _, told = marsad(*words)
        assert (code, "sealing_key_locked" in told, "passphrase on a terminal" in told) == (1, True, True)
    assert receipts.read_receipts(home) == []


def test_a_sender_who_checks_her_sealed_file_hears_to_check_it_before(marsad: Marsad, desk: Path):
    code, _, told = marsad("check", filed(desk, encrypt(GOOD, [RECOVERY_PUBLIC]), "a.xlsx.age"))
    assert (code, "check a file before they seal it" in told) == (1, True)


def test_a_passphrase_is_no_argument_and_no_variable(marsad: Marsad, home: Home, monkeypatch: pytest.MonkeyPatch):
    for name in ("MARSAD_PASSPHRASE", "AGE_PASSPHRASE", "PASSPHRASE"):
        monkeypatch.setenv(name, PASSPHRASE)
    assert marsad("sealing-key", "--recovery", RECOVERY_PUBLIC, "--passphrase", PASSPHRASE)[0] == 2
    assert marsad("sealing-key", "--recovery", RECOVERY_PUBLIC)[0] == 1
    assert not (home.keys / "sealing").exists()


# Bad input


def test_two_passphrases_that_differ_or_are_short_make_nothing(home: Home):
    making = ("sealing-key", "--recovery", RECOVERY_PUBLIC)
    for typed, code in (
        ([PASSPHRASE, PASSPHRASE + "x"], "sealing_passphrases_differ"),
        (["short", "short"], "sealing_passphrase_short"),
        (["", ""], "sealing_passphrase_short"),
    ):
        ended, screen = on_a_real_terminal(home, typed, *making)
        assert (ended, code in screen) == (1, True), screen
        assert not (home.keys / "sealing").exists()


@pytest.mark.parametrize("recovery", ["", "age1x", DEMO_SECRET])
def test_a_recovery_key_that_is_none_is_a_usage_error_and_not_repeated(marsad: Marsad, home: Home, recovery: str):
    code, out, told = marsad("sealing-key", "--recovery", recovery)
    assert (code, "public_key_unreadable" in told) == (2, True)
    assert DEMO_SECRET not in out + told
    assert not (home.keys / "sealing").exists()


def test_a_key_is_asked_for_no_passphrase_where_there_is_one(marsad: Marsad, home: Home):
    give_pair(home)
    code, _, told = marsad("sealing-key", "--recovery", RECOVERY_PUBLIC)
    assert (code, "sealing_key_exists" in told) == (1, True)


def test_of_a_sealed_file_no_copy_in_the_clear_is_written(home: Home, desk: Path):
    give_pair(home)
    file = filed(desk, sealed(home, GOOD), "a.xlsx.age")
    words = ("check", str(file), "--source", SOURCE, "--mark", str(desk / "m.xlsx"))
    code, screen = on_a_real_terminal(home, [PASSPHRASE], *words)
    assert (code, "sealed_not_written" in screen) == (1, True), screen
    assert list(desk.iterdir()) == [file]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "seal_no_key"),
        (("--to", ""), "public_key_unreadable"),
        (("--to", RECOVERY_PUBLIC[:-1]), "public_key_unreadable"),
        (("--to", RECOVERY_PUBLIC, "--to", "age1"), "public_key_unreadable"),
        (("--to", DEMO_SECRET), "public_key_unreadable"),
        (("--to", DEMO_PUBLIC), "key_is_invented"),
        (("--to", RECOVERY_PUBLIC, "--to", DEMO_PUBLIC), "key_is_invented"),
        (("--template", "none.xlsx"), "upload_missing"),
    ],
)
def test_a_file_is_sealed_for_a_true_key_or_not_at_all(marsad: Marsad, desk: Path, words: tuple[str, ...], code: str):
    file = filed(desk, GOOD)
    ended, out, told = marsad("seal", file, *words)
    assert (ended, code in told) == (2 if code != "key_is_invented" and code != "seal_no_key" else 1, True), told
    assert DEMO_SECRET not in out + told
    assert list(desk.iterdir()) == [file]


def test_a_real_home_refuses_what_the_demo_seals_and_its_template(
    marsad: Marsad, tmp_path: Path, desk: Path, monkeypatch: pytest.MonkeyPatch
):
    """Promise 10: invented and real never meet."""
    demo = Home.at(tmp_path / "demo").open(invented=True)
    monkeypatch.setenv("MARSAD_HOME", str(demo.root))
    template, file = desk / "t.xlsx", filed(desk, GOOD)
    assert marsad("template", SOURCE, "-o", template)[0] == 0
    assert marsad("seal", file, "--template", template)[0] == 0
    Path(f"{file}.age").rename(desk / "of_the_demo.xlsx.age")
    monkeypatch.setenv("MARSAD_HOME", str(Home.at(tmp_path / "real").open().root))
    code, _, told = marsad("seal", file, "--template", template)
    assert (code, "key_is_invented" in told) == (1, True)
    home = Home.at()
    give_pair(home)
    code, screen = on_a_real_terminal(home, [PASSPHRASE], "receive", SOURCE, str(desk / "of_the_demo.xlsx.age"))
    assert code == 1, screen
    assert dict(receipts.read_receipts(home)[0].kinds) == {"sealed_for_demo": 1}


def test_sealing_answers_as_json_and_loads_nothing_heavy(desk: Path):
    file = filed(desk, GOOD)
    script = (
        "import sys\nfrom marsad.start import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    code = ended.code\n"
        "heavy = ('dagster', 'dbt', 'great_expectations', 'pandas', 'pyarrow', 'duckdb')\n"
        "print(sorted(set(heavy) & set(sys.modules)), file=sys.stderr)\nsys.exit(code)"
    )
    words = ("seal", str(file), "--to", RECOVERY_PUBLIC, "--json")
    ran = subprocess.run([sys.executable, "-c", script, *words], cwd=desk, env=_elsewhere(desk), capture_output=True)
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (0, b"[]"), ran.stderr
    assert json.loads(ran.stdout) == {"sealed": f"{file}.age", "keys": [RECOVERY_PUBLIC]}
    assert sorted(path.name for path in desk.iterdir()) == ["a.xlsx", "a.xlsx.age"]  # no home was made


def _elsewhere(desk: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name != "MARSAD_HOME"}
    return own | {"PYTHONPATH": str(HOUSE), "HOME": str(desk)}


# Killed on the way


def test_a_receive_that_is_killed_at_any_moment_leaves_nothing_in_the_clear(home: Home, desk: Path):
    give_pair(home)
    file = filed(desk, sealed(home, with_note(MARKER)), "a.xlsx.age")
    seen: list[bool] = []
    for delay in (0.0, 0.3, 0.6, 1.0, 1.5, 2.2, 3.0, 30.0):
        ended = _killed_after(home, delay, ["receive", SOURCE, str(file)])
        assert holding(home.root.parent, MARKER) == []
        seen.append(ended)
    assert (seen[0], seen[-1]) == (False, True)
    assert [one.verdict for one in receipts.read_receipts(home)] == ["accepted"]


def _killed_after(home: Home, delay: float, words: Sequence[str]) -> bool:
    """Type the passphrase, kill the command a moment later, and return whether it had ended by itself."""
    temporary = home.root.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    own = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP", "HOME")} | {"MARSAD_HOME": str(home.root)}
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from marsad.command import main; main()", *words]
    process = subprocess.Popen(
        command, cwd=HOUSE, env=os.environ | own, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    screen, asked_at = b"", 0.0
    try:
        while process.poll() is None and not (asked_at and time.monotonic() > asked_at + delay):
            if select.select([ours], [], [], 0.05)[0]:
                screen += os.read(ours, 65536)
            if not asked_at and screen.endswith(b": "):
                os.write(ours, f"{PASSPHRASE}\n".encode())
                asked_at = time.monotonic()
    except OSError:  # the other end is closed
        process.wait()
    has_ended = process.poll() is not None
    if not has_ended:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    os.close(ours)
    return has_ended


def test_stock_keys_of_others_are_keys_too(marsad: Marsad, desk: Path):
    identity = pyrage.x25519.Identity.generate()
    file = filed(desk, GOOD)
    assert marsad("seal", file, "--to", f" {identity.to_public()} ", "--to", RECOVERY_PUBLIC)[0] == 0
    data = Path(f"{file}.age").read_bytes()
    assert [one.open(data) for one in (SealingKey(str(identity)), KEY)] == [GOOD, GOOD]
    assert marsad("seal", file, "--to", RECOVERY_PUBLIC)[0] == 2  # it is there already
    assert Path(f"{file}.age").read_bytes() == data
