"""Small homes, keys and a way to spoil one byte: what the tests of backups share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingestion.home import Home, append_line, sha256_of_bytes, write_bytes
from ingestion.keeping import backup_keys, retention
from ingestion.keeping.backup_keys import BackupKeys


@dataclass(frozen=True)
class KeyFiles:
    """Two pairs of keys: the public ones, and the files of the secret ones."""

    public: BackupKeys
    task_force: Path
    recovery: Path


def key_files(folder: Path) -> KeyFiles:
    folder.mkdir(exist_ok=True)
    files = folder / "task_force.key", folder / "recovery.key"
    return KeyFiles(backup_keys.check_keys(*map(backup_keys.make_secret, files)), *files)


def small_home(root: Path, *, invented: bool = True) -> Home:
    """A home with a file of each class that is backed up, and some that are not."""
    home = Home(root).open(invented=invented)
    for number, content in enumerate((b"what was taken of a file", b"of another one"), start=1):
        write_bytes(home.taken / f"{number:06d}-{sha256_of_bytes(content)[:12]}", content)
    for log in (home.receipts, home.decisions):
        append_line(log, '{"n": 1}')
        write_bytes(log.with_suffix(".head"), b"{}\n")
    kept = ["ledger/log.jsonl", "ledger/external/x.yml", "ledger.head", "keys/links.key", "lineage/d/v.parquet"]
    kept += ["releases/d/latest", "verdicts/d.json"]
    kept += ["prose/coverage.ar.md", "publications/x.yml", "geography/outline.json", "standards.yml"]
    kept += ["reports/out/published.json", "reports/out/ar/index.html"]
    made = ["raw/victims/rows.parquet", "quarantine/x.jsonl", "warehouse.duckdb", "build/fingerprints.json"]
    made += ["candidates/base.parquet", "dagster/dagster.yaml", "inbox/s/file.xlsx", "reports/draft/ar/index.html"]
    for name in (*kept, *made):
        write_bytes(home.root / name, f"content of {name}\n".encode())
    _ = home.series_key
    return home


def kept_files(home: Home) -> dict[str, bytes]:
    """Return what a backup of a home must hold; the register of backups is another thing after each backup."""
    files = [one.path for one in retention.files_of(home.root) if one.is_backed_up and one.name != "backups"]
    return {path: (home.root / path).read_bytes() for path in files}


def flip(path: Path, bit: int = 4, place: float = 0.5) -> None:
    """Change one bit of a file; `place` says where, from 0 to 1."""
    data = bytearray(path.read_bytes())
    data[min(int(len(data) * place), len(data) - 1)] ^= bit
    path.write_bytes(bytes(data))
