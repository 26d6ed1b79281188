"""A token without a key never lands: the plain hash of a number, or a number filled up to look like one."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.cards.source_card import load_source
from ingestion.entry.file_check import examine
from ingestion.files.cell_marks import kind_of_mark
from ingestion.files.reader import CellValue
from ingestion.holders.pseudonymise import token_of
from ingestion.tables.table_finder import find_tables
from ingestion.tables.taken_tables import take_table
from tests.ingestion.workbooks import TODAY, read, token, victim, victims, xlsx

Hash = Callable[[bytes], Any]
MINISTRY = "iraq_interior_ministry"
SENDER = load_source(MINISTRY)
HASHES = [hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512]
HEADINGS = ["رمز الشخص", "تاريخ القبض", "الجنس", "ملاحظة"]


def column(*tokens: CellValue, beside: list[CellValue] | None = None) -> list[str]:
    """The kinds of the cells that are not kept in a column of tokens; `beside` stands in a column that is not read."""
    others = beside or [None] * len(tokens)
    rows: list[list[CellValue]] = [[one, "3/5/2023", "ذكر", other] for one, other in zip(tokens, others, strict=True)]
    [table], _ = find_tables(read({"المتهمون": [HEADINGS, *rows]}), SENDER)
    kept = [row[0] for row in take_table(table, SENDER, TODAY, from_1904=False).sheet.rows[1:]]
    assert [cell for cell, typed in zip(kept, tokens, strict=True) if not kind_of_mark(cell) and cell != typed] == []
    return [kind_of_mark(cell) for cell in kept if kind_of_mark(cell)]


@pytest.mark.parametrize("made", HASHES)
@pytest.mark.parametrize("number", [0, 17, 9999])
def test_by_the_plain_hash_of_a_small_number_the_whole_column_is_without_a_key(made: Hash, number: int):
    digits = made(str(number).encode()).hexdigest()[:32]
    assert column(token(1), f"k1:{digits}", None) == ["token_unkeyed"] * 2


@pytest.mark.parametrize("made", HASHES)
@pytest.mark.parametrize("beside", [73_915_204, "73915204", "٧٣٩١٥٢٠٤"])
def test_the_plain_hash_of_what_stands_beside_it_is_no_token(made: Hash, beside: CellValue):
    hashed = made(b"73915204").hexdigest()[:32]
    assert column(token(1), f"k1:{hashed}", beside=[None, beside]) == ["token_unkeyed"] * 2


@pytest.mark.parametrize("number", ["417/2023", "417-2023", "2023/417"])
def test_the_plain_hash_of_a_case_number_whose_parts_stand_beside_it_is_no_token(number: str):
    hashed = hashlib.sha256(number.encode()).hexdigest()[:32]
    assert column(f"k1:{hashed}", beside=[417]) == ["token_unkeyed"]


@pytest.mark.parametrize("made", [hashlib.md5, hashlib.sha1, hashlib.sha224, hashlib.sha256, hashlib.sha512])
def test_a_hash_of_its_full_length_is_no_token_whatever_it_was_made_of(made: Hash):
    digest = made(b"whatever stood there").digest()
    assert column(token(1), digest.hex()) == ["token_unkeyed"]
    assert column(token(1), digest.hex().upper()) == ["token_unkeyed"]


def test_a_hash_in_another_spelling_is_no_token():
    digest = hashlib.sha256(b"whatever stood there").digest()
    assert column(base64.b64encode(digest).decode()) == ["token_unkeyed"]
    assert column("k1:" + hashlib.sha1(b"x", usedforsecurity=False).hexdigest()) == ["token_unkeyed"]


@pytest.mark.parametrize("digits", [f"{12:032x}", f"{17:032d}", "17".ljust(32, "0"), "7" * 32])
def test_a_number_filled_up_to_the_length_of_a_token_is_a_number(digits: str):
    assert column(token(1), f"k1:{digits}") == ["token_unkeyed"]


@pytest.mark.parametrize("cell", ["زينب", "كاروان حمە", "Ahmed", 4711, "0770 123 4567"])
def test_a_name_or_a_number_in_a_column_of_tokens_is_not_kept(cell: CellValue):
    assert column(token(1), cell) == ["not_a_token"]


@pytest.mark.parametrize("word", ["غير معروف", "مجهول", "-", "unknown"])
def test_a_word_that_says_nothing_is_none_there(word: str):
    assert column(token(1), word) == []


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**12), st.binary(min_size=16, max_size=40))
def test_a_keyed_token_of_a_number_passes_though_the_number_stands_beside_it(number: int, key: bytes):
    assert column(token_of(key, "person", [str(number)]), beside=[number % 10**6]) == []


def test_the_rows_of_a_column_of_unkeyed_tokens_wait_and_nothing_of_them_is_kept():
    hashed = "k1:" + hashlib.md5(b"2", usedforsecurity=False).hexdigest()
    grid = victims(victim(1), victim(2, person=hashed), victim(3, person=None))
    answer = examine(xlsx({"الضحايا": grid}), "x.xlsx", MINISTRY, today=TODAY)
    assert (answer.verdict, answer.rows_landed, answer.rows_quarantined) == ("accepted", 1, 2)
    assert [(one.severity, one.kind, one.cell) for one in answer.findings if one.severity != "flag"] == [
        ("quarantine", "token_unkeyed", "E4"),
        ("quarantine", "token_unkeyed", "E5"),
    ]
    assert not any(text in answer.taken.decode() + repr(answer.findings) for text in (hashed, token(1)))


@pytest.mark.parametrize("figures", [40, 41, 4300, 4301, 5000])
def test_a_number_of_thousands_of_figures_is_read_beside_a_token(figures: int):
    assert column(token(1), beside=["1" * figures]) == []


@pytest.mark.parametrize("figures", [31, 41, 4301])
def test_the_hash_of_a_number_that_stands_beside_it_with_noughts_is_no_token(figures: int):
    number = "7" * (figures - 30)
    digits = hashlib.sha256(number.encode()).hexdigest()[:32]
    assert column(f"k1:{digits}", beside=["0" * 30 + number]) == ["token_unkeyed"]
