"""From a holder's own list to the records that are linked: codes meet the very rows that they were made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.holders import codes_files
from ingestion.holders.codes_files import CodesOrder
from ingestion.holders.pseudonymise import tokenise
from ingestion.home import Home
from ingestion.persons import linkable_records
from ingestion.submissions import current_submissions, landing
from methods.linkage import name_codes
from methods.linkage.name_spelling import spell_parts
from tests.ingestion.workbooks import TODAY, squared, xlsx

KEY = b"an invented key of the holders"
SOURCE = "iraq_interior_ministry"
TOP = ["ت", "رقم القضية", "تاريخ الإخبار", "المحافظة", "الضحية", None, None, None, None, "نوع الاستغلال"]
SUB = [None, None, None, None, "الاسم الثلاثي", "اسم الأم", "الجنس", "العمر", "الجنسية", None]
PEOPLE = [("زينب كريم حسن", "هناء علي"), ("سعاد خالد نوري", None), (None, "مها جاسم"), ("هدى سلمان فاضل", "أمل سعد")]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_codes_meet_the_rows_that_they_were_made_of(tmp_path: Path, ending: str):
    rows = [
        [number, f"{number}/ج/2024", "30/7/2024", "بغداد", *names, "أنثى", 10 + number, "عراقية", "تسول"]
        for number, names in enumerate(PEOPLE, start=1)
    ]
    (tmp_path / "in.xlsx").write_bytes(xlsx({"الضحايا": squared([["سجل الضحايا"], TOP, SUB, *rows])}))
    sent, coded = tmp_path / f"out.{ending}", tmp_path / "codes.json"
    tokenise(tmp_path / "in.xlsx", sent, KEY, codes=CodesOrder(coded, 2026))
    home = Home.at(tmp_path / "home").open()
    receipt = landing.receive(home, SOURCE, sent, today=TODAY)
    assert (receipt.verdict, receipt.rows_landed) == ("accepted", 4), receipt.findings
    landing.land(home, SOURCE)
    current_submissions.write(home)
    records = linkable_records.read_records(home, [codes_files.read_codes(coded)])
    year_key = name_codes.key_of_year(KEY, 2026)
    wanted = {
        2024 - 10 - number: name_codes.codes_of(year_key, spell_parts(name or ""), spell_parts(mother or ""))
        for number, (name, mother) in enumerate(PEOPLE, start=1)
    }
    found = {
        int(row["birth_year"]): {name: row[name] if isinstance(row[name], str) else None for name in wanted[2013]}
        for _, row in records.iterrows()
    }
    assert found == wanted
    assert records["token"].notna().sum() == 2, "two lack a field, and these are the ones that codes are for"
