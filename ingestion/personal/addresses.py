"""Whether a text says where a person lives: a numbered house, lane or flat, in three languages.

Belongs here: the words for the parts of an Iraqi address and how many numbered ones make a home address. A quarter, a
street or a camp by itself is shared by many people and passes.
Does not belong here: names of places (`codes/`), headers of address columns (`personal_headers.txt`).
"""

from __future__ import annotations

import re

from ingestion.personal.identifiers import fold_digits

_NUMBER = (
    r"\W{0,3}(?:(?:رقم|المرقم[ةه]?|ژمارە|ژمارەی|no|nr|number)\W{0,3})?(?:ال(?:دار|زقاق|محل[ةه])\W{0,3})?\d{1,4}(?!\d)"
)
_PARTS = (  # the house, the lane, the quarter: each a word with its number
    rf"(?:\bالدار|\bدار|\bالمنزل|\bمنزل|\bبيت|\bشق[ةه]|خانوو?ی?|ماڵی|شوقەی?|ڤێلای?|\bفيلا|\bhouse|\bvilla|\bflat|\bapartment|\bapt|\bdar){_NUMBER}"
    r"|ژمارەی خانوو\W{0,3}\d{1,4}(?!\d)",
    rf"(?:\bزقاق|\bالزقاق|کۆڵانی?|\balley|\blane|\bzuqaq){_NUMBER}",
    rf"(?:\bشارع|\bالشارع|\bعمار[ةه]|\bبرج|\bالطابق|شەقامی?|باڵەخانەی?|تاوەری?|نهۆمی?|\bstreet|\bbuilding|\bblock|\btower|\bfloor){_NUMBER}",
    rf"(?:\bمحل[ةه]|\bالمحل[ةه]|گەڕەکی?|\bmahall?ah?|\bdistrict){_NUMBER}",
)
_ANY_PART = [re.compile(part, re.IGNORECASE) for part in _PARTS]
_LANE_IN_QUARTER = re.compile(rf"(?:\bحي|گەڕەکی)\s[^\d]{{2,40}}(?:\bزقاق|کۆڵانی?){_NUMBER}")
_SHORT = re.compile(r"(?<!\w)(?:م|گ|M)\W{0,2}\d{2,4}\W{1,3}(?:ز|ک|Z)\W{0,2}\d{1,3}\W{1,3}(?:د|خ|D)\W{0,2}\d{1,4}(?!\w)")
_HOUSE_BEFORE_STREET = re.compile(r"(?<![\w/.])\d{1,4}\s(?:[A-Z][\w'’-]+\s){1,3}(?:Street|Road|Avenue)\b")
_ENOUGH_PARTS = 2
# Tested before the patterns, which are slow: every part of an address contains one of these.
_SIGNS = (
    *("دار", "منزل", "بيت", "شق", "زقاق", "محل", "خانو", "ماڵی", "کۆڵان", "گەڕەک", "شوقە", "ڤێلا", "فيلا"),
    *("villa", "house", "flat", "apartment", "apt", "mahal", "alley", "lane", "zuqaq"),
)


def is_address(text: str) -> bool:
    """Return whether `text` holds a home address: two numbered parts of one, or a lane in a named quarter."""
    plain = fold_digits(text)
    if _SHORT.search(plain) or _HOUSE_BEFORE_STREET.search(plain):
        return True
    lowered = plain.casefold()
    if not any(sign in lowered for sign in _SIGNS):
        return False
    return _LANE_IN_QUARTER.search(plain) is not None or _count_parts(plain) >= _ENOUGH_PARTS


def _count_parts(plain: str) -> int:
    return sum(part.search(plain) is not None for part in _ANY_PART)
