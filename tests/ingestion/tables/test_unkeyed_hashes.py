"""A token without a key is refused: the plain hash of a number, or a number filled up to look like one."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ingestion.privacy.personal_data import inspect

from ingestion.entry.file_check import examine
from ingestion.files.reader import CellValue, Sheet, Workbook
from ingestion.holders.pseudonymise import token_of
from tests.ingestion.hostile_cases import SOURCE, sheet
from tests.ingestion.workbooks import TODAY, token

Hash = Callable[[bytes], Any]
HASHES = [hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512]
KEY = b"an invented key of the holders"


def column(*tokens: str, beside: list[CellValue] | None = None) -> list[tuple[str, str]]:
    """What is found in a column of tokens; `beside` stands in the second column."""
    others = beside or [None] * len(tokens)
    rows: list[list[CellValue]] = [["رمز الشخص", "ملاحظة"]]
    rows += [[one, other] for one, other in zip(tokens, others, strict=True)]
    return [(finding.kind, finding.cell) for finding in inspect(Workbook([Sheet("ورقة1", rows)]))]


@pytest.mark.parametrize("made", HASHES)
@pytest.mark.parametrize("number", [0, 17, 9999])
def test_the_plain_hash_of_a_small_number_is_no_token(made: Hash, number: int):
    digits = made(str(number).encode()).hexdigest()[:32]
    assert column(token(1), f"k1:{digits}") == [("token_unkeyed", "A3")]


@pytest.mark.parametrize("made", HASHES)
@pytest.mark.parametrize("beside", [73_915_204, "73915204", "٧٣٩١٥٢٠٤"])
def test_the_plain_hash_of_what_stands_beside_it_is_no_token(made: Hash, beside: CellValue):
    hashed = made(b"73915204").hexdigest()[:32]
    assert column(token(1), f"k1:{hashed}", beside=[None, beside]) == [("token_unkeyed", "A3")]


@pytest.mark.parametrize("number", ["417/2023", "417-2023", "2023/417"])
def test_the_plain_hash_of_a_case_number_whose_parts_stand_beside_it_is_no_token(number: str):
    hashed = hashlib.sha256(number.encode()).hexdigest()[:32]
    rows: list[list[CellValue]] = [["ت", "رمز القضية", "التاريخ"], [417, f"k1:{hashed}", "3/5/2023"]]
    found = inspect(Workbook([Sheet("ورقة1", rows)]))
    assert [(one.kind, one.cell) for one in found] == [("token_unkeyed", "B2")]


@pytest.mark.parametrize("made", [hashlib.md5, hashlib.sha1, hashlib.sha224, hashlib.sha256, hashlib.sha512])
def test_a_hash_of_its_full_length_is_no_token_whatever_it_was_made_of(made: Hash):
    digest = made(b"whatever stood there").digest()
    assert column(token(1), digest.hex()) == [("token_unkeyed", "A3")]
    assert column(token(1), digest.hex().upper()) == [("token_unkeyed", "A3")]


def test_a_hash_in_another_spelling_is_no_token():
    digest = hashlib.sha256(b"whatever stood there").digest()
    assert column(base64.b64encode(digest).decode()) == [("token_unkeyed", "A2")]
    assert column("k1:" + hashlib.sha1(b"x", usedforsecurity=False).hexdigest()) == [("token_unkeyed", "A2")]


@pytest.mark.parametrize("digits", [f"{12:032x}", f"{17:032d}", "17".ljust(32, "0"), "7" * 32])
def test_a_number_filled_up_to_the_length_of_a_token_is_a_raw_identifier(digits: str):
    assert column(token(1), f"k1:{digits}") == [("raw_identifier", "A3")]


@pytest.mark.parametrize("name", ["زينب", "كاروان حمە", "Ahmed"])
def test_a_name_in_a_column_of_tokens_refuses_the_file_even_alone(name: str):
    assert ("personal_name", "A3") in column(token(1), name)


@pytest.mark.parametrize("word", ["غير معروف", "مجهول", "المجموع", "-", "unknown"])
def test_a_word_that_says_nothing_is_no_name_there(word: str):
    assert column(token(1), word) == []


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**12), st.binary(min_size=16, max_size=40))
def test_a_keyed_token_of_a_number_passes_though_the_number_stands_beside_it(number: int, key: bytes):
    assert column(token_of(key, "person", [str(number)]), beside=[number % 10**6]) == []


def test_a_file_of_unkeyed_tokens_is_refused_for_privacy():
    hashed = "k1:" + hashlib.md5(b"2", usedforsecurity=False).hexdigest()
    answer = examine(sheet(person=hashed), "x.xlsx", SOURCE, today=TODAY)
    assert (answer.verdict, answer.is_personal) == ("refused", True)
    assert [finding.kind for finding in answer.findings] == ["token_unkeyed"]


@pytest.mark.parametrize("figures", [40, 41, 4300, 4301, 5000])
def test_a_number_of_thousands_of_figures_is_read_beside_a_token_and_as_a_birth_date(figures: int):
    assert column(token(1), beside=["1" * figures]) == []
    rows: list[list[CellValue]] = [["رمز الشخص", "تاريخ الميلاد"], [token(1), "1" * figures]]
    assert inspect(Workbook([Sheet("ورقة1", rows)])) == []


@pytest.mark.parametrize("figures", [31, 41, 4301])
def test_the_hash_of_a_number_that_stands_beside_it_with_noughts_is_no_token(figures: int):
    number = "7" * (figures - 30)
    digits = hashlib.sha256(number.encode()).hexdigest()[:32]
    assert column(f"k1:{digits}", beside=["0" * 30 + number]) == [("token_unkeyed", "A2")]


@pytest.mark.parametrize("day", ["19900312", "0019900312", "0" * 5000 + "19900312", "0033000"])
def test_a_packed_birth_date_is_found_behind_noughts(day: str):
    rows: list[list[CellValue]] = [["رمز الشخص", "تاريخ الميلاد"], [token(1), day]]
    assert [finding.kind for finding in inspect(Workbook([Sheet("ورقة1", rows)]))] == ["birth_date"]
