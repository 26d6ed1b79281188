"""The records to link: their fields, and how similar two of them can be.

Belongs here: the columns of a table of records, and for each field the levels of agreement, as SQL that Splink reads.
Does not belong here: how probable a pair is (`splink_model.py`), or codes (`name_codes.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from methods.linkage.name_codes import PARTS

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

FIELDS = ("birth_year", "sex_code", "governorate_code", "citizenship_code", "form_code", "first_date")
COLUMNS = ("record", "holder", *FIELDS, *(f"{part}_code" for part in PARTS))
"""Columns of a table of records: `record` is a unique name, `first_date` a date, a part's code hexadecimal or None."""

_CLOSE_CODE = 0.93
"""Share of equal bits: the same spelling of the consonants."""
_NEAR_CODE = 0.84
"""One slip leaves about 0.9; two names lie near 0.77, because they are short."""


@dataclass(frozen=True)
class AgreementLevel:
    """One level of agreement of one field.

    Attributes:
        label: label for people.
        condition: SQL over `{0}_l` and `{0}_r`; empty for "all else".
        frequent: whether rare values agree by chance less often, and so count for more.
    """

    label: str
    condition: str
    frequent: bool = False


def _level_equal(field: str, *, frequent: bool = False) -> AgreementLevel:
    return AgreementLevel("equal", f"{field}_l = {field}_r", frequent)


def _level_within_years(years: int) -> AgreementLevel:
    return AgreementLevel(f"within {years}", f"abs(birth_year_l - birth_year_r) <= {years}")


def _level_within_days(days: int) -> AgreementLevel:
    return AgreementLevel(f"within {days} days", f"abs(date_diff('day', first_date_l, first_date_r)) <= {days}")


def _level_alike(field: str, share: float) -> AgreementLevel:
    # BIT columns: both have half of their bits set, so this is Dice's coefficient
    return AgreementLevel(f"{share} of the bits", f"1 - bit_count(xor({field}_l, {field}_r)) / 1024.0 >= {share}")


LEVELS: dict[str, tuple[AgreementLevel, ...]] = {
    "birth_year": (_level_equal("birth_year"), _level_within_years(1), _level_within_years(2)),
    "sex_code": (_level_equal("sex_code"),),
    "governorate_code": (_level_equal("governorate_code", frequent=True),),
    "citizenship_code": (_level_equal("citizenship_code", frequent=True),),
    "form_code": (_level_equal("form_code"),),
    "first_date": (_level_within_days(14), _level_within_days(90), _level_within_days(365)),
    **{
        f"{part}_code": (_level_alike(f"{part}_code", _CLOSE_CODE), _level_alike(f"{part}_code", _NEAR_CODE))
        for part in PARTS
    },
}
"""Field -> its levels, the most similar first. A field that is blank in one of the two records is no evidence."""

BLOCKING = (
    "l.birth_year = r.birth_year and l.governorate_code = r.governorate_code and l.sex_code = r.sex_code",
    "l.birth_year = r.birth_year and l.form_code = r.form_code and l.citizenship_code = r.citizenship_code",
    "l.given_code = r.given_code and l.father_code = r.father_code",
    "l.given_code = r.given_code and l.mother_code = r.mother_code",
    "l.father_code = r.father_code and l.family_code = r.family_code",
)
"""Which pairs are compared if there are too many records for all pairs."""


def fields_held(records: pd.DataFrame) -> list[str]:
    """Return the fields with a value in at least two records: the others cannot distinguish pairs."""
    return [field for field in LEVELS if records[field].notna().sum() > 1]


def put_in(connection: duckdb.DuckDBPyConnection, table: str, records: pd.DataFrame) -> None:
    """Write records as a table of an in-memory connection, codes as bits.

    Args:
        connection: our own, in memory.
        table: name of the table.
        records: frame with `COLUMNS`.
    """
    plain = ("cast(record as varchar) as record", "cast(holder as varchar) as holder")
    years = ("cast(birth_year as integer) as birth_year", "cast(first_date as date) as first_date")
    coded = [f"cast({field} as varchar) as {field}" for field in FIELDS[1:-1]]
    codes = [f"cast(unhex({part}_code) as bit) as {part}_code" for part in PARTS]
    columns = ", ".join([*plain, *years, *coded, *codes])
    values = records[list(COLUMNS)].astype(object)
    connection.register("handed", values.where(values.notna(), None))
    connection.execute(f"create or replace table {table} as select {columns} from handed order by record")  # noqa: S608 - our own names
    connection.unregister("handed")
