"""What is typed like YAML and is none fails in one way, whichever error the library has for it."""

from __future__ import annotations

import pytest

from ingestion.strict_yaml import parse_yaml


@pytest.mark.parametrize(
    "text",
    [
        *("a: 2026-13-41", "a: 2026-01-31T25:61:00", "a: !!bool x", "a: !!int ''", "a: !!timestamp x", "a: !!python/x"),
        *(f"a: {'7' * 5_000}", "[" * 500_000, "a: 1\na: 2", "{", b"\xff", b"\x00"),
    ],
)
def test_what_is_typed_like_yaml_and_is_none_has_one_error(text: str | bytes):
    with pytest.raises(ValueError):
        parse_yaml(text)
