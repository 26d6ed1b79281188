"""Numbers in what editors write: which of them count somebody.

Does not belong here: which a place prints (`test_prose.py`), what follows (`test_checklist.py`).
"""

from __future__ import annotations

import pytest

from languages.words import Words
from reports.editors.text_numbers import counting_numbers_in, readable


def counted(text: str, tag: str) -> list[float]:
    return [number.value for number in counting_numbers_in(readable(text), {2024, 2025}, Words.load(tag))]


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "No one knows, and each one asks one another."),
        ("en", "One must ask, and one should not add them."),
        ("en", "It puts one\u2019s name beside one's agency, one by one."),
        ("ar", "لا أحد يعرف، ولم يُسأل أحد يوم الأحد الماضي."),
        ("ar", "كل واحد منهم في آن واحد"),
        ("ckb", "هیچ کەس یارمەتی یەکتر نادات."),
    ],
)
def test_a_pronoun_counts_nobody(tag: str, text: str):
    assert counted(text, tag) == []


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "One girl was found."),
        ("en", "One of the victims left."),
        ("en", "The one who escaped spoke."),
        ("en", "Of the girls one may have died."),
        ("en", "One must have been a child."),
        ("en", "One must be protected."),
        ("ar", "هرب أحد الضحايا."),
        ("ar", "إحدى الضحايا"),
        ("ar", "فتاة واحدة"),
        ("ckb", "یەک کچ"),
    ],
)
def test_one_who_is_told_of_is_a_number(tag: str, text: str):
    assert counted(text, tag) == [1]
