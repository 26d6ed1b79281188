"""P-codes of governorates: two versions are in use that give the same code different meanings.

Belongs here: what a p-code means in each version, and when it may be accepted.
Does not belong here: names of governorates (`codes/governorate.yml`).

`G08` is Duhok in the older list and Baghdad in the newer one, so a code alone is never accepted: either the card names
the version (`pcodes`), or the governorate's name is in the same cell and agrees with the code in one of them.
Sources: OCHA COD-AB 2019 (`cod_ab_2019`); the older humanitarian codes (`hum_b`), of which G05, G08, G10, G11, G15 and
G18 were seen in files and the others follow the order of FIPS 10-4 (docs/reference/areas.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from ingestion.text.folding import fold

Version = Literal["cod_ab_2019", "hum_b"]
_HUM_B = {
    "01": "IQG01", "02": "IQG02", "03": "IQG03", "17": "IQG04", "04": "IQG05", "05": "IQG06", "06": "IQG07",
    "07": "IQG08", "08": "IQG09", "10": "IQG10", "11": "IQG11", "12": "IQG12", "13": "IQG13", "14": "IQG14",
    "15": "IQG15", "18": "IQG16", "09": "IQG17", "16": "IQG18",
}  # fmt: skip
_COD_AB = {f"{number:02}": f"IQG{number:02}" for number in range(1, 19)}
_HALABJA = "IQG06Q05"
_PCODE = r"(?:iq-?)?g(?P<governorate>\d\d)(?P<district>q\d\d)?(?:n\d\d)?"
_ALONE = re.compile(_PCODE)
_WITH_NAME = re.compile(rf"(?:{_PCODE}\s?[-–:/(]?\s?(?P<behind>[^\d()]+?)\)?)")
_NAME_FIRST = re.compile(rf"(?P<before>[^\d()]+?)\s?[-–:/(]?\s?{_PCODE}\)?")


class PCode(NamedTuple):
    """The meaning of a cell with a p-code: a governorate's code, or nothing, because the code alone proves nothing."""

    code: str | None


def read_pcode(text: str, version: Version | None, place_of: Callable[[str], str | None]) -> PCode | None:
    """Return what a cell with a p-code states; None for a cell without one.

    Args:
        text: the cell.
        version: the code list that the card names.
        place_of: the code of a governorate's name.
    """
    form = fold(text)
    match = _ALONE.fullmatch(form) or _WITH_NAME.fullmatch(form) or _NAME_FIRST.fullmatch(form)
    if match is None:
        return None
    parts = match.groupdict()
    name = parts.get("behind") or parts.get("before")
    meant = {_meaning(parts, code_list) for code_list in ([version] if version else ["cod_ab_2019", "hum_b"])} - {None}
    if name is None:
        return PCode(meant.pop() if version and meant else None)
    place = place_of(name)
    return PCode(place if place in meant else None)


def _meaning(parts: dict[str, str | None], version: str) -> str | None:
    governorate, district = parts["governorate"] or "", parts["district"]
    code = (_COD_AB if version == "cod_ab_2019" else _HUM_B).get(governorate)
    if version == "cod_ab_2019" and code and district and f"{code}{district.upper()}" == _HALABJA:
        return _HALABJA
    return code
