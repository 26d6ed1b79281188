"""The walk of `docs/tokens.md`: a key changes, old tokens count apart, codes join most, and new files join for good."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ingestion.holders.key_files import read_key, write_new_key
from ingestion.holders.pseudonymise import PERSON_HEADER, tokenise
from ingestion.home import Home
from ingestion.persons import link_store, linkable_records, linking
from tests.ingestion.persons.test_linking import call, codes, land, victim

PLACES = range(24)


def _tokens(folder: Path, key: Path, version: str) -> list[str]:
    """Return the tokens of the same 24 invented persons under a key, as the holder's own file gives them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["الاسم الثلاثي", "اسم الأم", "الجنس"])
    for place in PLACES:
        sheet.append([f"زيد عمرو بكر {'ابتثجحخدذرزسشصضطظعغفقكلمن'[place]}", "هند", "ذكر"])
    book.save(folder / "named.xlsx")
    sent = folder / f"sent.{version}.xlsx"
    tokenise(folder / "named.xlsx", sent, read_key(key), version=version)
    written = openpyxl.load_workbook(sent).active
    assert written is not None
    heading, *rows = written.values
    tokens = [str(row[heading.index(PERSON_HEADER)]) for row in rows]
    assert len(set(tokens)) == len(PLACES)
    assert all(token.startswith(f"{version}:") for token in tokens)
    return tokens


def _persons(home: Home) -> int:
    """Count persons as the warehouse does: by token, and a token that is linked by its person's."""
    link_store.write_map(home)
    person = linking_map(home)
    return len({person.get(member, member) for member in linkable_records.read_records(home)["member"]})


def linking_map(home: Home) -> dict[str, str]:
    import pyarrow.parquet as pq

    table = pq.read_table(home.raw / "links.parquet")
    return dict(zip(table["member"].to_pylist(), table["person_token"].to_pylist(), strict=True))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open(invented=True)


def test_a_key_is_changed_and_no_person_is_lost_or_counted_twice_at_the_end(tmp_path: Path, home: Home):
    old, new = tmp_path / "holders.key", tmp_path / "holders.2.key"
    assert write_new_key(old) != write_new_key(new)
    of_old, of_new = _tokens(tmp_path, old, "k1"), _tokens(tmp_path, new, "k2")
    senders = [("police", "victims"), ("agency", "victims")]

    def sent(source: str, tokens: list[str]) -> None:
        land(home, source, "victims", [victim(place, token=tokens[place]) for place in PLACES])
        call(home, senders)

    sent("agency", of_old)
    sent("police", of_old)
    assert _persons(home) == 24  # one key: each person once

    sent("police", of_new)  # the first holder has changed: two keys cannot be compared
    assert _persons(home) == 48

    linking.run(home, [codes(tmp_path, "police", 0), codes(tmp_path, "agency", 1)])
    assert 24 <= _persons(home) < 30  # codes of names join most, by probability

    sent("agency", of_new)  # the last holder has sent its files anew
    assert _persons(home) == 24
