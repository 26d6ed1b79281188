"""The calendar card: dates of an edition, and who reads it before the others."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ingestion.home import Home
from languages.refusal import Refusal
from reports.editors import release_calendar

CARD = """
published: 2026-06-30
next_release: 2027-06-30
embargo_until: 2026-07-01
pre_release_access:
  - {en: Minister of Interior, ar: وزير الداخلية}
"""


def read(root: Path, text: str) -> release_calendar.ReleaseCalendar | None:
    home = Home.at(root).open(invented=True)
    (home.prose / release_calendar.NAME).write_text(text, encoding="utf-8")
    return release_calendar.read_calendar(home)


def test_a_home_may_have_no_calendar_yet(tmp_path: Path):
    assert release_calendar.read_calendar(Home.at(tmp_path).open(invented=True)) is None


def test_a_calendar_names_its_days_and_roles_by_language(tmp_path: Path):
    found = read(tmp_path, CARD)
    assert found is not None
    assert found.next_release == datetime.date(2027, 6, 30)
    assert found.embargo_until == datetime.date(2026, 7, 1)
    assert (found.roles("ar"), found.roles("ckb")) == (["وزير الداخلية"], ["Minister of Interior"])


@pytest.mark.parametrize(
    "wrong",
    [
        "published: 2026-06-30\nnext_relase: 2027-06-30",
        "next_release: 2027-06-30",
        "published: soon",
        "published: [",
        "published: 2026-06-30\npre_release_access: [{ar: وزير}]",
        "published: 2026-06-30\npre_release_access: [{en: minister@example.org}]",
        "published: 2026-06-30\npre_release_access: [{en: Minister 07701234567}]",
    ],
)
def test_a_calendar_holds_nothing_else(tmp_path: Path, wrong: str):
    with pytest.raises(Refusal) as refused:
        read(tmp_path, wrong)
    assert refused.value.code == "card_invalid"
