"""The records of persons that count, one for each agency and person, as input of linking.

Belongs here: reading landed rows and the codes that belong to them. Does not belong here: what a file of codes is
(`holders/codes_files.py`), linking (`methods/linkage`), what is stored of it (`link_store.py`).

The unit of linking is a member: a pseudonymous ID, which stands for all records with it, or the key of a record without
one. The key has the form of the warehouse macro `record_key`; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from ingestion.holders.codes_files import CodesFile
from ingestion.home import Home
from ingestion.text.folding import nearest_word_or_all
from ingestion.warehouse import connect_in_memory
from languages.refusal import Refusal
from methods.linkage.name_codes import PARTS

if TYPE_CHECKING:
    import pandas as pd

_VICTIM, _ACCUSED = "victims", "accused"
# shape -> its first date, and its list of forms of exploitation if it has one
_SHAPES = {
    _VICTIM: ("coalesce(contact_date, identified_date, registered_date)", "split_part(exploitation_codes, ';', 1)"),
    _ACCUSED: ("coalesce(contact_date, prosecuted_date, verdict_date)", "null"),
    "services": ("request_date", "null"),
    "residence_measures": ("measure_date", "null"),
}
_CODES = tuple(f"{part}_code" for part in PARTS)
FIELDS = ("birth_year", "sex_code", "governorate_code", "citizenship_code", "form_code", "first_date")
_KEY = "source || '/' || submission || '/' || replace(sheet, ' ', '_') || '/' || cast(row_number as varchar)"


def read_records(
    home: Home, codes: Sequence[CodesFile] = (), since: int = 0, shapes: Collection[str] | None = None
) -> pd.DataFrame:
    """Return one row for each agency and person among the rows that count.

    Args:
        home: with landed rows and their current submissions.
        codes: of files that count; nothing of them is stored.
        since: records first dated before this year are left out; those without a date are included.
        shapes: of the records that are read; all four by default.

    Returns:
        `record` (its own name), `holder`, `token` (None without one), `member`, `shapes` (`;` list), the fields and
        codes of `methods.linkage.person_records.COLUMNS`, sorted by record.

    Raises:
        Refusal: `codes_other_key` if two files of codes differ in key or year; `codes_no_file` for codes of a file
            that does not count; `unknown_shape`.
    """
    _check_keys(codes)
    with connect_in_memory(home.raw) as connection:
        rows = " union all ".join(_rows_of(home, shape) for shape in _wanted_fields(shapes))
        connection.execute(f"create table listed as {rows}")
        known = {sha256 for (sha256,) in connection.execute("select distinct sha256 from listed").fetchall()}
        for codes_file in codes:
            if codes_file.sha256 not in known:
                raise Refusal("codes_no_file", where=codes_file.name)
        connection.register("codes", _frame_of(codes))
        firsts = [
            f"arg_min({field}, record_key) filter (where {field} is not null) as {field}" for field in _all_fields()
        ]
        return connection.execute(
            f"""
            select
                coalesce(source || '/' || person_token, min(record_key)) as record, source as holder,
                person_token as token, coalesce(person_token, min(record_key)) as member,
                string_agg(distinct shape, ';' order by shape) as shapes, {", ".join(firsts)}
            from listed
            left join codes on
                listed.sha256 = codes.of_file and listed.row_number = codes.at_row
                and codes.at_sheet in ('', listed.sheet)
            where first_date is null or extract(year from first_date) >= ?
            group by source, person_token, case when person_token is null then record_key end
            order by record
            """,  # noqa: S608 - columns of our own
            [since],
        ).df()


def _wanted_fields(shapes: Collection[str] | None) -> list[str]:
    if unknown := sorted(set(shapes or ()) - set(_SHAPES)):
        raise Refusal("unknown_shape", where=unknown[0], nearest=nearest_word_or_all(unknown[0], [*_SHAPES]))
    return [shape for shape in _SHAPES if not shapes or shape in shapes]


def holders_of(records: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return member -> the agencies that hold records of it."""
    return {str(member): frozenset(held) for member, held in records.groupby("member")["holder"]}


def is_seen_as_both(records: pd.DataFrame, left: str, right: str) -> bool:
    """Return whether joining two members makes one person victim and accused: allowed, and reported."""
    shapes = {
        shape
        for listed in records.loc[records["member"].isin([left, right]), "shapes"]
        for shape in str(listed).split(";")
    }
    return {_VICTIM, _ACCUSED} <= shapes


def _all_fields() -> tuple[str, ...]:
    return (*FIELDS, *_CODES)


def _check_keys(codes: Sequence[CodesFile]) -> None:
    for codes_file in codes[1:]:
        if (codes_file.check, codes_file.year) != (codes[0].check, codes[0].year):
            raise Refusal("codes_other_key", where=codes_file.name, other=codes[0].name)


def _frame_of(codes: Iterable[CodesFile]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (codes_file.sha256, row.sheet, row.row_number, *(row.codes[part] for part in _CODES))
        for codes_file in codes
        for row in codes_file.rows
    ]
    frame = pd.DataFrame(rows, columns=["of_file", "at_sheet", "at_row", *_CODES])
    return frame.astype({name: "string" for name in frame.columns if name != "at_row"} | {"at_row": "int64"})


def _rows_of(home: Home, shape: str) -> str:
    first_date, form = _SHAPES[shape]
    files = str(home.raw / shape / "**" / "rows.parquet").replace("'", "''")
    calls = str(home.raw / "submissions.parquet").replace("'", "''")
    years = f"coalesce(birth_year, cast(extract(year from {first_date}) as integer) - age_years)"
    coded = {"sex_code": "sex_code", "governorate_code": "governorate_code", "citizenship_code": "citizenship_code"}
    known = ", ".join(
        f"nullif(nullif({what}, '_U'), '') as {name}" for name, what in (coded | {"form_code": form}).items()
    )
    return f"""
        select
            '{shape}' as shape, {_KEY} as record_key, source, submissions.sha256, sheet, row_number, person_token,
            {years} as birth_year, {known}, {first_date} as first_date
        from read_parquet('{files}', hive_partitioning = true, hive_types_autocast = false, union_by_name = true)
        inner join read_parquet('{calls}') as submissions using (source, submission, period)
        where submissions.shape = '{shape}' and submissions.is_current
    """  # noqa: S608 - paths and columns of our own
