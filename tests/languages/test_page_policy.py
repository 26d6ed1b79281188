"""The hash by which a page's policy lets in its own style, the same for the pages of every floor."""

from __future__ import annotations

from pathlib import Path

from languages.page_policy import source_of
from tests.packages import PACKAGES

HOUSE = Path(__file__).resolve().parents[2]


def test_the_hash_is_that_of_the_standards_own_example():
    # the script of Content Security Policy Level 3, 8.3: its hash as `openssl dgst -sha256 -binary | openssl base64`
    assert source_of("doSomething();") == "sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc="
    assert source_of("نص") != source_of("")


def test_no_floor_works_it_out_for_itself():
    own = [path for floor in PACKAGES for path in (HOUSE / floor).rglob("*.py") if "sha256-" in path.read_text("utf-8")]
    assert [path.relative_to(HOUSE).as_posix() for path in own] == ["languages/page_policy.py"]
