"""Stock `age` does the same: it opens what we seal, and what it seals we open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.files.uploads import read_upload
from ingestion.home import Home
from ingestion.sealing.age_keys import is_public_key
from ingestion.sealing.sealed_files import open_upload, seal_file
from ingestion.sealing.sealing_keys import SealingKey, public_keys
from tests.ingestion.sealing.pairs import PASSPHRASE, RECOVERY, give_pair
from tests.ingestion.workbooks import case, cases, xlsx

pytestmark = pytest.mark.needs_age
PLAIN = xlsx({"القضايا": cases(case(1))})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.xlsx").write_bytes(PLAIN)
    return tmp_path / "a.xlsx"


def age(*words: str | Path) -> bytes:
    return subprocess.run(["age", *words], check=True, capture_output=True, timeout=60).stdout


def test_what_age_seals_for_the_keys_of_a_template_we_open(home: Home, file: Path):
    key, sealed = give_pair(home), file.with_name("a.xlsx.age")
    for recipients in (
        [word for one in public_keys(home) for word in ("-r", one)],
        ["-R", str(home.keys / "sealing" / "public.txt")],
    ):
        age(*recipients, "-o", sealed, file)
        assert open_upload(read_upload(sealed), key).data == PLAIN


def test_what_we_seal_age_opens_with_the_recovery_key(home: Home, file: Path, tmp_path: Path):
    give_pair(home)
    (tmp_path / "recovery.key").write_text(f"{RECOVERY}\n")
    assert age("-d", "-i", tmp_path / "recovery.key", seal_file(file, public_keys(home))) == PLAIN


def test_age_opens_it_with_our_key_under_its_passphrase(home: Home, file: Path, tmp_path: Path):
    give_pair(home)
    sealed, opened = seal_file(file, public_keys(home)), tmp_path / "opened"
    on_a_terminal = [sys.executable, "-c", "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]))", "age"]
    words = ["-d", "-i", home.keys / "sealing" / "secret.age", "-o", opened, sealed]
    typed = f"{PASSPHRASE}\n".encode()
    subprocess.run([*on_a_terminal, *words], input=typed, check=True, capture_output=True, timeout=60)
    assert opened.read_bytes() == PLAIN


def test_a_key_of_age_keygen_is_one_of_ours(file: Path, tmp_path: Path):
    subprocess.run(["age-keygen", "-o", tmp_path / "own.key"], check=True, capture_output=True)
    lines = (tmp_path / "own.key").read_text().splitlines()
    public = next(line.partition("public key: ")[2] for line in lines if "public key: " in line)
    assert is_public_key(public)
    secret = SealingKey(lines[-1])
    assert secret.public == public
    assert open_upload(read_upload(seal_file(file, [public])), secret).data == PLAIN


def test_what_age_refuses_we_refuse(home: Home, file: Path, tmp_path: Path):
    key = give_pair(home)
    (tmp_path / "recovery.key").write_text(f"{RECOVERY}\n")
    data = seal_file(file, public_keys(home)).read_bytes()
    for changed in (data[:-1], data * 2, data[:-20] + b"x" * 20, data[:30]):
        bad = tmp_path / "bad.age"
        bad.write_bytes(changed)
        with pytest.raises(subprocess.CalledProcessError):
            age("-d", "-i", tmp_path / "recovery.key", bad)
        assert open_upload(read_upload(bad), key).fault is not None
