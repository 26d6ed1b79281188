"""Files received into a new home by the product's own command, as a clerk or an officer would, and their receipts.

Belongs here: starting the command, finding the receipts and the rows that landed.
Does not belong here: which files, and what is asserted of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

MARSAD = Path(sys.executable).parent / "marsad"


def marsad(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a home, with a temporary folder beside it, and without a terminal."""
    temporary = home.parent / "tmp"
    temporary.mkdir(exist_ok=True)
    environment = os.environ | {"MARSAD_HOME": str(home), "TMPDIR": str(temporary)}
    return subprocess.run(
        [MARSAD, *arguments], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )


def receive_all(home: Path, folder: Path, files: Iterable[tuple[str, str, bytes]]) -> dict[str, dict[str, Any]]:
    """Receive files (source, file name, bytes), each sender's in one command; the receipts by hash of the bytes.

    What the commands said lies in `said.txt` beside the home's folder, because it must hold nothing of the files.
    """
    sent: Mapping[str, list[str]] = defaultdict(list)
    for place, (source, name, data) in enumerate(files):
        there = folder / f"{place:03}" / name
        there.parent.mkdir(parents=True)
        there.write_bytes(data)
        sent[source].append(str(there))
    said: list[str] = []
    for source, paths in sent.items():
        done = marsad(home, "receive", source, *paths, "--replace", "--json")
        said += [done.stdout, done.stderr]
    (home.parent / "said.txt").write_text("\n".join(said), encoding="utf-8")
    return receipts_of(home)


def receipts_of(home: Path) -> dict[str, dict[str, Any]]:
    """The receipts of a home, by the hash of the file's bytes."""
    lines = (home / "receipts.jsonl").read_text(encoding="utf-8").splitlines()
    return {one["sha256"]: one for one in map(json.loads, lines)}


def hash_of(data: bytes) -> str:
    """The hash by which a receipt names a file."""
    return hashlib.sha256(data).hexdigest()


def landed_rows(home: Path, source: str, submission: str) -> list[dict[str, Any]]:
    """The rows of a submission that landed, each with its shape (`raw/<shape>/source=…/submission=…/rows.parquet`)."""
    there = sorted((home / "raw").glob(f"*/source={source}/submission={submission}/*.parquet"))
    return [row | {"shape": one.parts[-4]} for one in there for row in pq.ParquetFile(one).read().to_pylist()]
