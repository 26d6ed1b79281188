"""The places of a release: leaves, regions, the country.

Belongs here: which leaf lies in which region, and what levels a release may show.
Does not belong here: names of places (`languages`), boundaries, or spellings that senders use (`ingestion/codes`).
"""

from __future__ import annotations

COUNTRY = "IQ"
FEDERAL = "IQ-FED"
KURDISTAN = "IQ-KR"
REGIONS = (FEDERAL, KURDISTAN)
# Erbil, Sulaymaniyah, Duhok and Halabja, which has been a leaf of its own from the first release on (decision 10).
_KURDISTAN_LEAVES = frozenset({"IQG06", "IQG06Q05", "IQG09", "IQG11"})


def region_of(area: str) -> str:
    """Return the region of a leaf; a region is its own, and so is the country for a figure published for no region."""
    if area in REGIONS or area == COUNTRY:
        return area
    return KURDISTAN if area in _KURDISTAN_LEAVES else FEDERAL


def ancestors_of(area: str) -> tuple[str, ...]:
    """Return the areas above `area`, nearest first: a leaf has two, a region one, the country none."""
    if area == COUNTRY:
        return ()
    return (COUNTRY,) if area in REGIONS else (region_of(area), COUNTRY)


def all_leaves() -> tuple[str, ...]:
    """Return every leaf: the governorates, and federal rows whose governorate is not known."""
    return (*(f"IQG{number:02d}" for number in range(1, 19)), "IQG06Q05", "IQ-FED-U")


def level_of(area: str) -> str:
    """Return `country`, `region` or `governorate`."""
    if area == COUNTRY:
        return "country"
    return "region" if area in REGIONS else "governorate"


# Leaf, region or country to the areas above it, as the methods ask for them.
ANCESTORS = {area: ancestors_of(area) for area in (*all_leaves(), *REGIONS, COUNTRY)}
