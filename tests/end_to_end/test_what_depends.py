"""One line of every file of the checkout is changed in turn: what depends on it is stale, and nothing before that.

What depends is told by another witness than the imports: `stage_reads.json`, which files each stage opened or imported
while it ran, which messages it looked up, and which libraries it loaded, in a process of its own with an audit hook
(`python -m tests.assets.stage_reads HOME` writes it anew). The test of every file asks the stages afresh.
Nothing of the checkout is read by native code: DuckDB and Typst are given bytes, or files of a home.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from assets import stages
from assets.stages import STAGE_NAMES
from ingestion.checkout_files import FOLDERS, LOCK, ROOT, Checkout
from ingestion.home import Home
from tests.assets.stage_reads import Reads, golden, known_files, reads_of_stages

NEVER = len(STAGE_NAMES)
EARLIER = {
    r"assets/engines/(spark_engine|java_process)\.py": "the other engine, which this home did not choose",
    r"dbt_project/\.sqlfluffignore": "of the folder of dbt every file counts",
    r"languages/po_file\.py": "translations are read where a language is asked for",
    r"ingestion/holidays/IQG12\.yml": "holidays of a governorate whose agencies sent nothing on such a day",
    r"ingestion/shapes/templates/": "templates of a shape: no sender of this home filled one in",
    r"message: (desk|finding|guideline|htcds|mark|source|template|notes\.invented)": (
        "a workbook of ours may come back with our own words in it: none of this home has a sheet of the house"
    ),
    r"message: code\.area\.": "protection knows places by their names, where somebody types one",
    r"message: (survival\.reason|revised)\.": "sentences about figures that this home has none of: no median, fewer",
    r"message: edition\.signed_by\.": "a certificate says so where one signature is enough: this home has two",
    r"message: rule\.": "Dagster's pages say at the gate which rule broke: in this home none did",
    r"message: (tombstone|unit)\.": "notes may name any unit, and there is a page where a release was withdrawn",
    r"reports/exchange/|message: (export|exchange|questionnaire)": "a report lists the exports, and makes none",
    r"reports/questions/": "cards of treaties whose answers this home has no figure for",
}
"""Files and messages for which a stage is stale earlier than the witness says, by a pattern -> why."""


@cache
def _code() -> dict[str, str]:
    return stages.code_by(Checkout())


def _first_stale(path: str, data: bytes) -> int:
    """Return the first stage that the register calls stale for it: it is made again, and all behind it."""
    before, after = _code(), stages.code_by(Checkout({path: data}))
    return next((place for place, name in enumerate(STAGE_NAMES) if before[name] != after[name]), NEVER)


def _first(reads: Reads, *names: str) -> int:
    return min((STAGE_NAMES.index(stage) for name in names for stage in reads.get(name, ())), default=NEVER)


def _changed(path: str, chance: random.Random) -> Iterator[tuple[bytes, list[str]]]:
    """Yield a file with one line changed, and what of the witness is about that line."""
    data = (ROOT / path).read_bytes()
    if path == LOCK:
        name = chance.choice(re.findall(rb"^([a-z0-9._-]+)==", data, re.MULTILINE)).decode()
        yield re.sub(rf"^{name}==\S+".encode(), f"{name}==99".encode(), data, flags=re.MULTILINE), [f"library: {name}"]
    elif path.endswith(".po"):
        key = chance.choice(re.findall(rb'^msgctxt "([^"]+)"', data, re.MULTILINE)).decode()
        at = data.index(b'"', data.index(b"\nmsgstr", data.index(f'\nmsgctxt "{key}"\n'.encode()))) + 1
        yield data[:at] + b"." + data[at:], [f"message: {key}"]
    elif path.endswith("/en.yml"):
        entry = chance.choice(list(re.finditer(rb"^([\w.-]+):", data, re.MULTILINE)))
        others_lack_it = "gaps"  # what English says anew
        yield data[: entry.end()] + b" " + data[entry.end() :], [f"message: {entry[1].decode()}", others_lack_it]
    else:
        lines = data.split(b"\n")
        lines[chance.randrange(len(lines))] += b" "
        yield b"\n".join(lines), [path]


def _wrong(paths: list[str], chance: random.Random, reads: Reads) -> list[str]:
    """Return for which files the register does not say what the witness says."""
    wrong: list[str] = []
    for path in paths:
        for data, names in _changed(path, chance):
            stale, wanted = _first_stale(path, data), _first(reads, *names)
            if stale != wanted and not (
                stale < wanted and (_is_of_its_kind(reads, stale, names) or _is_earlier(names))
            ):
                told = [STAGE_NAMES[place] if place < NEVER else "nothing" for place in (stale, wanted)]
                wrong.append(f"{path} ({', '.join(names)}): stale from {told[0]}, read from {told[1]}")
    return wrong


def _is_of_its_kind(reads: Reads, stale: int, names: list[str]) -> bool:
    """Return whether a stage looked up another message of that family, or a library is one that another one needs."""
    stage, (name, *_) = STAGE_NAMES[stale], names
    family = name.partition(".")[0] + "."
    is_message = name.startswith("message: ")
    return name.startswith("library: ") or (
        is_message and any(stage in stages for key, stages in reads.items() if key.startswith(family))
    )


def _is_earlier(names: list[str]) -> bool:
    return any(re.match(pattern, name) for pattern in EARLIER for name in names)


def test_of_200_files_what_depends_on_them_is_stale_and_nothing_else() -> None:
    chance, reads = random.Random(28), golden()
    is_new = re.compile(rf"({'|'.join(FOLDERS)})/")  # what came since the list was written is asked with all files
    files = [path for path in known_files() if path in reads or not is_new.match(path)]
    assert _wrong(chance.sample(files, 200), chance, reads) == []


def test_of_200_messages_and_all_libraries_what_depends_on_them_is_stale_and_nothing_else() -> None:
    chance = random.Random(28)
    paths = [f"languages/{tag}.po" for tag in ("ar", "ckb") for _ in range(100)] + [LOCK] * 50
    assert _wrong(paths, chance, golden()) == []


@pytest.mark.by_hand
@pytest.mark.whole_home
def test_of_every_file_what_depends_on_it_is_stale_and_nothing_else(demo: Home, tmp_path: Path) -> None:
    assert _wrong(known_files(), random.Random(28), reads_of_stages(demo.root, tmp_path)) == []
