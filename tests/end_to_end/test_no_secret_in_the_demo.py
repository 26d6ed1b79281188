"""No secret of a home lies in a file besides its own: not in a log, a release, the warehouse or Dagster's store."""

from __future__ import annotations

import base64
import io
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from ingestion.home import Home
from ingestion.keeping.decoded_files import decode
from ingestion.sealing.age_keys import DEMO_SECRET

PLANTED = b"a secret of thirty-two letters.."


def _forms(secret: bytes) -> set[bytes]:
    """The ways in which a secret may be written."""
    plain, safe = base64.b64encode(secret), base64.urlsafe_b64encode(secret)
    texts = {secret.hex().encode(), secret.hex().upper().encode(), plain.rstrip(b"="), safe.rstrip(b"=")}
    return {secret, repr(secret)[2:-1].encode(), *texts}


def _holds(path: Path, forms: set[bytes]) -> bool:
    return any(form in data for data in decode(path) for form in forms)


def _secrets(home: Home) -> dict[str, bytes]:
    """The keys of a home by their files, and the secret key with which its sealed files are opened."""
    keys = {path.name: _secret(path.read_text(encoding="ascii").strip()) for path in home.keys.glob("*.key")}
    return {**keys, "sealing": DEMO_SECRET.encode()}


def _secret(key: str) -> bytes:
    """The secret of a file of a key: the machine's is one of OpenSSH, of which the fourth line holds a private part."""
    return key.splitlines()[3].encode() if "\n" in key else bytes.fromhex(key)


@pytest.mark.whole_home
def test_no_file_of_the_demo_holds_a_secret_of_its_home(demo: Home) -> None:
    secrets = _secrets(demo)
    assert {"series.key", "seal.key", "sealing"} <= secrets.keys()
    assert any(name.startswith("machine-") for name in secrets)
    forms = {name: _forms(secret) for name, secret in secrets.items()}
    paths = [path for path in demo.root.rglob("*") if path.is_file() and not path.is_relative_to(demo.keys)]
    assert any(path.is_relative_to(demo.dagster) for path in paths)
    assert [(path, name) for path in paths for name, known in forms.items() if _holds(path, known)] == []


def _in_sqlite(path: Path, text: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("create table events (number integer, event text)")
        connection.execute("insert into events values (1, ?)", ["x" * 3_900 + text + "x" * 9_000])


def _in_duckdb(path: Path, text: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table facts (word varchar)")
        connection.execute("insert into facts select ? from range(9000)", [text])


def _in_an_archive(path: Path, text: str) -> None:
    inner = io.BytesIO()
    for stream, name, data in ((inner, "x.txt", text.encode()), (path, "inner.zip", None)):
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, inner.getvalue() if data is None else data)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("log.txt", lambda path, text: path.write_text(f"a {text} b")),
        ("rows.parquet", lambda path, text: pd.DataFrame({"a": [text] * 50}).to_parquet(path)),
        ("store.db", _in_sqlite),
        ("file.duckdb", _in_duckdb),
        ("file.xlsx", _in_an_archive),
    ],
)
@pytest.mark.parametrize("form", ["hex", "base64"])
def test_the_search_finds_a_secret_in_files_that_compress_it(
    tmp_path: Path, name: str, write: Callable[[Path, str], object], form: str
) -> None:
    write(tmp_path / name, PLANTED.hex() if form == "hex" else base64.b64encode(PLANTED).decode())
    assert _holds(tmp_path / name, _forms(PLANTED))
    assert not _holds(tmp_path / name, _forms(PLANTED[::-1]))
