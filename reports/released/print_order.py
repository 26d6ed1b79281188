"""In which order codes stand in print and in files for others.

Belongs here: the order of the codes of a column. No frame is needed for it: whoever only lists codes loads none.
Does not belong here: what codes are called, or tables (`released_tables.py`).
"""

from __future__ import annotations

from expectations.cards.areas import level_of
from expectations.cards.codes import breakdown_ranks

# The order of categories in print; a code that is not named here follows, by name. The total closes every list.
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
    """Return what a code is sorted by in print: the order of its list, then its letters."""
    if kind == "area":
        return (_AREA_LEVELS.index(level_of(code)) * 2 + (code == "IQ-FED-U"), code)
    if kind == "indicator":
        return (_PILLARS.index(code[:3]) if code[:3] in _PILLARS else len(_PILLARS), code)
    if kind == "cust_breakdown" and code in breakdown_ranks():
        return (breakdown_ranks()[code][1], code)
    order = _ORDER.get(kind, ())
    return (order.index(code) if code in order else len(order), code)
