"""Declared errors of a source: applied, noted, and noticed when repaired."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.cards import source_card
from ingestion.entry.corrections import CorrectedRow, apply, load_corrections
from ingestion.entry.row_checks import conform
from languages.refusal import Refusal
from tests.ingestion.workbooks import TODAY, read, victim, victims

SOURCE = "iraq_interior_ministry"
ENTRY = """
- id: sex-of-row-4
  reason: the directorate wrote that the sex was typed wrongly
  status: reported
  shape: victims
  where: {submission: 000001-aaaaaaaaaaaa, row_number: 4}
  field: sex_code
  expect: F
  set: M
"""


@pytest.fixture
def declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that writes the source's corrections in a copy of the cards."""
    folder = tmp_path / "ingestion"
    for part in ("shapes", "codes"):
        (folder / part).parent.mkdir(exist_ok=True)
        (folder / part).symlink_to(source_card.FOLDER / part)
    (folder / "sources" / SOURCE).mkdir(parents=True)
    (folder / "sources" / SOURCE / "source.yml").symlink_to(source_card.FOLDER / "sources" / SOURCE / "source.yml")
    monkeypatch.setattr(source_card, "FOLDER", folder)
    path = folder / "sources" / SOURCE / "corrections.yml"
    return lambda text: path.write_text(text, encoding="utf-8")


def columns(**other: object):
    [table], _ = conform(
        read({"الضحايا": victims(victim(1, **other), victim(2))}), source_card.load_source(SOURCE), TODAY
    )
    return table.columns


def run(**other: object):
    return apply(SOURCE, "victims", "000001-aaaaaaaaaaaa", columns(**other))


@pytest.mark.parametrize("source", source_card.source_names())
def test_the_corrections_of_every_source_are_valid(source: str):
    assert all(correction.reason for correction in load_corrections(source))


def test_a_declared_error_is_set_right_and_its_use_is_noted(declare: Callable[[str], object]):
    declare(ENTRY)
    corrected = run()
    assert corrected.columns["sex_code"] == ["M", "F"]
    assert (corrected.uses, corrected.findings) == ({"sex-of-row-4": 1}, [])


def test_another_submission_is_left_alone(declare: Callable[[str], object]):
    declare(ENTRY)
    assert apply(SOURCE, "victims", "000002-bbbbbbbbbbbb", columns()).columns["sex_code"] == ["F", "F"]


def test_a_source_that_was_repaired_is_noticed(declare: Callable[[str], object]):
    declare(ENTRY)
    corrected = run(sex="ذكر")
    assert corrected.uses == {}
    assert [(one.severity, one.kind, one.cell) for one in corrected.findings] == [("flag", "correction_obsolete", "A4")]


def test_a_row_that_says_something_else_is_left_alone_and_flagged(declare: Callable[[str], object]):
    declare(ENTRY)
    corrected = run(sex="غير محدد")
    assert corrected.columns["sex_code"] == ["_U", "F"]
    assert [one.kind for one in corrected.findings] == ["correction_unexpected"]


def test_a_repaired_correction_is_no_longer_applied(declare: Callable[[str], object]):
    declare(ENTRY.replace("reported", "repaired"))
    assert run().columns["sex_code"] == ["F", "F"]


def test_the_period_follows_a_corrected_date(declare: Callable[[str], object]):
    declare(ENTRY.replace("sex_code", "contact_date").replace("expect: F", "expect: 2024-07-30").replace("set: M", "set: 2023-07-30"))  # fmt: skip  # noqa: E501
    assert run().columns["period"] == ["2023", "2024"]


def test_a_dropped_row_is_named_and_not_lost(declare: Callable[[str], object]):
    declare(ENTRY.replace("  field: sex_code\n  expect: F\n  set: M", "  drop: true"))
    assert run().dropped == [CorrectedRow("الضحايا", 4, "sex-of-row-4")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sex_code", "sex"),
        ("expect", "expects"),
        ("shape: victims", "shape: services"),
        ("row_number: 4", "line: 4"),
        ("status: reported", "status: done"),
        ("set: M", "set: M\n  drop: true"),
        ("field: sex_code", "field: period"),
    ],
)
def test_a_correction_that_cannot_be_meant_is_refused(declare: Callable[[str], object], old: str, new: str):
    declare(ENTRY.replace(old, new))
    with pytest.raises(Refusal) as refused:
        run()
    assert refused.value.code == "card_invalid"


def test_two_corrections_of_one_name_are_refused(declare: Callable[[str], object]):
    declare(ENTRY + ENTRY)
    with pytest.raises(Refusal) as refused:
        run()
    assert refused.value.arguments["field"] == "sex-of-row-4"
