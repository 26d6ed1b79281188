"""The order of codes in print and in files for other organisations.

Belongs here: the order of the codes of a column. It needs no frame, so code that only lists codes need not load pandas.
Does not belong here: the labels of codes, or tables (`released_tables.py`).
"""

from __future__ import annotations

from expectations.cards.areas import level_of
from expectations.cards.codes import breakdown_ranks

# The order of categories in print; other codes follow by name, and the total comes last.
_ORDER = {
    "measure": ("COUNT", "DENOMINATOR", "NUMERATOR", "SHARE", "RATIO", "RATE", "MEDIAN", "RELATIVE_GAP"),
    "sex": ("F", "M", "_U"),
    "age": ("Y0T17", "Y_GE18", "AMBIGUOUS", "_U"),
    "form": ("SEXUAL", "FORCED_LABOUR", "BEGGING", "ORGAN", "CHILD_SALE", "OTHER", "MULTIPLE", "_U"),
    "citizenship": ("IRQ", "FOREIGN", "_U"),
    "article": ("A5_1", "A5_2", "A6", "A6_A8", "A7", "A8", "A9", "A_OTHER"),
}
_PILLARS = ("PRV", "PRT", "NCR", "PRS", "PAR")
_AREA_LEVELS = ("governorate", "region", "country")


def rank(kind: str, code: str) -> tuple[int, str]:
    """Return the sort key of a code in print: its place in the list of its kind, then its letters."""
    if kind == "area":
        return (_AREA_LEVELS.index(level_of(code)) * 2 + (code == "IQ-FED-U"), code)
    if kind == "indicator":
        return (_PILLARS.index(code[:3]) if code[:3] in _PILLARS else len(_PILLARS), code)
    if kind == "cust_breakdown" and code in breakdown_ranks():
        return (breakdown_ranks()[code][1], code)
    order = _ORDER.get(kind, ())
    return (order.index(code) if code in order else len(order), code)
