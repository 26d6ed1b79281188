"""Codes of names against a second reading of the document, and what a code may not show."""

import hashlib
import hmac
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.linkage.name_codes import BITS, PARTS, check_value, code_of, codes_of, key_of_year, likeness

PAGE = Path(__file__).parents[3] / "docs" / "methods" / "linkage.md"
KEY = b"the key of the test vectors: never use it for real data"
YEAR_KEY = key_of_year(KEY, 2026)
SPELT = st.text(alphabet="abdhklmnrstxCG", min_size=1, max_size=12)


def code_by_the_document(key: bytes, year: int, part: str, spelt: str) -> str:
    """The code as a holder's own program would make it, from the words of docs/methods/linkage.md alone."""
    year_key = hmac.new(key, b"codes\x1fs1\x1f" + str(year).encode(), hashlib.sha256).digest()
    bits = [0] * 1024
    padded = "_" + spelt + "_"
    for first, second in pairwise(padded):
        digest = hmac.new(year_key, f"{part}\x1f{first}{second}".encode(), hashlib.sha512).digest()
        for place in range(20):
            bits[(digest[2 * place] * 256 + digest[2 * place + 1]) % 1024] = 1
    folded = [bits[place] ^ bits[place + 512] for place in range(512)]
    balanced = folded + [1 - bit for bit in folded]
    ranks = [hmac.new(year_key, f"order\x1f{place}".encode(), hashlib.sha256).digest() for place in range(1024)]
    order = sorted(range(1024), key=lambda place: ranks[place])
    number = sum(balanced[taken] << to for to, taken in enumerate(order))
    return f"{number:0256x}"


@settings(max_examples=25, deadline=None)
@given(SPELT, st.sampled_from(PARTS), st.integers(2020, 2040))
def test_a_code_is_what_the_document_says(spelt: str, part: str, year: int):
    assert code_of(key_of_year(KEY, year), part, spelt).hex() == code_by_the_document(KEY, year, part, spelt)


@settings(max_examples=50, deadline=None)
@given(SPELT)
def test_the_number_of_set_bits_tells_nothing_of_the_name(spelt: str):
    assert int.from_bytes(code_of(YEAR_KEY, "given", spelt), "big").bit_count() == BITS // 2


def test_a_name_has_another_code_at_another_place_and_in_another_year_and_under_another_key():
    codes = {
        code_of(YEAR_KEY, "given", "mhmd"),
        code_of(YEAR_KEY, "father", "mhmd"),
        code_of(key_of_year(KEY, 2027), "given", "mhmd"),
        code_of(key_of_year(b"another key of holders", 2026), "given", "mhmd"),
    }
    assert len(codes) == 4
    assert len({check_value(key_of_year(KEY, year)) for year in (2026, 2027)}) == 2


@pytest.mark.parametrize(("near", "far"), [("mstf", "hydr"), ("abdrhmn", "Ctm"), ("brznj", "mhmd")])
def test_a_slip_stays_nearer_than_another_name(near: str, far: str):
    code = code_of(YEAR_KEY, "given", near)
    assert likeness(code, code) == 1
    assert (
        likeness(code, code_of(YEAR_KEY, "given", near[:-1])) > 0.84 > likeness(code, code_of(YEAR_KEY, "given", far))
    )


def test_a_part_that_is_not_there_has_no_code():
    assert codes_of(YEAR_KEY, [], []) == dict.fromkeys([f"{part}_code" for part in PARTS])
    two = codes_of(YEAR_KEY, ["al", "hsn"], ["ftm"])
    assert two["given_code"] and two["father_code"] and two["mother_code"] and two["family_code"] is None
    assert codes_of(YEAR_KEY, ["al", "hsn", "ms"], [])["family_code"] == code_of(YEAR_KEY, "family", "ms").hex()


def test_the_vectors_of_the_document_are_those_of_the_code():
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| `([0-9a-f]{24})` \| `([0-9a-f]{16})` \|$", text, re.M)
    assert len(rows) >= 5
    for part, spelt, begin, digest in rows:
        code = code_of(YEAR_KEY, part, spelt)
        assert (code.hex()[:24], hashlib.sha256(code).hexdigest()[:16]) == (begin, digest)
    assert f"`{check_value(YEAR_KEY)}`" in text
