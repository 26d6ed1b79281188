"""The review queue: what waits, what a decision does, and what of it goes into a card."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from ingestion.cards import source_card
from ingestion.entry import corrections
from ingestion.entry.corrections import Correction
from ingestion.home import Home
from ingestion.submissions import card_change, decisions, landing, repeated_figures, review
from ingestion.submissions.card_change import CardChange
from ingestion.submissions.receipts import Receipt
from languages.refusal import Refusal
from tests.ingestion.workbooks import TODAY, case, cases, glotip, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"
PUBLISHER = "unodc_glotip"
Send = Callable[..., Receipt]
SIGNED = {"signed_by": "statistics section", "reason": "their letter says so"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


@pytest.fixture
def send(tmp_path: Path, home: Home) -> Send:
    def receive(data: bytes, source: str = SOURCE, **other: object) -> Receipt:
        path = tmp_path / "export.xlsx"
        path.write_bytes(data)
        return landing.receive(home, source, path, **{"today": TODAY} | other)  # pyright: ignore[reportArgumentType]

    return receive


@pytest.fixture
def ambiguous(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender who is not known to write the day first."""
    sender = source_card.load_source(SOURCE).model_copy(update={"day_first": None})
    monkeypatch.setattr(source_card, "load_source", lambda _name: sender)


def misspelt(sex: str = "أنثىى") -> bytes:
    return xlsx({"الضحايا": victims(victim(1), victim(2, sex=sex))})


def the_only(home: Home, kind: str) -> review.Item:
    [item] = [one for one in review.items(home) if one.finding.kind == kind]
    return item


def rows(home: Home, shape: str = "victims") -> list[dict[str, object]]:
    [path] = (home.raw / shape).rglob("submission=0*/rows.parquet")
    with pq.ParquetFile(path) as file:
        return file.read().to_pylist()


# What waits


def test_a_new_home_waits_for_nothing(home: Home):
    assert review.items(home) == []


def test_an_unknown_code_waits_with_its_place_and_the_file_that_replaced_it_takes_it_away(home: Home, send: Send):
    receipt = send(misspelt(), letter_date=datetime.date(2025, 1, 1))
    item = the_only(home, "unknown_code")
    assert (item.finding.sheet, item.finding.cell, item.receipt.submission) == ("الضحايا", "F5", receipt.submission)
    assert item.is_open
    send(xlsx({"الضحايا": victims(victim(1), victim(2))}), letter_date=datetime.date(2025, 2, 1))
    assert review.items(home) == []


def test_what_may_be_a_name_is_not_repeated_by_the_queue(home: Home, send: Send):
    send(misspelt(sex="ميسون"))
    assert "ميسون" not in json.dumps(the_only(home, "unknown_code").as_json(), ensure_ascii=False)


def test_the_name_of_an_item_is_that_of_the_same_place_of_the_same_bytes(home: Home, send: Send, tmp_path: Path):
    send(misspelt())
    other = Home.at(tmp_path / "other").open()
    landing.receive(other, SOURCE, tmp_path / "export.xlsx", today=TODAY)
    assert the_only(home, "unknown_code").id == the_only(other, "unknown_code").id


def test_a_file_that_changed_nothing_waits_until_somebody_has_seen_it(home: Home, send: Send):
    send(xlsx({"القضايا": cases(case(1))}), letter_date=datetime.date(2025, 3, 1))
    send(
        xlsx({"القضايا": cases(case(1), case(2)), "الضحايا": victims(victim(1))}), letter_date=datetime.date(2025, 1, 1)
    )
    item = the_only(home, "older_letter")
    review.decide(home, item.id, value="seen", **SIGNED)
    assert not the_only(home, "older_letter").is_open


def test_each_sheet_of_which_no_row_can_be_taken_waits_under_its_name(home: Home, send: Send):
    send(xlsx({"القضايا": cases(case(1, date="؟")), "الضحايا": victims(victim(1, sex="أنثىى"))}))
    waiting = [one.finding.sheet for one in review.items(home) if one.finding.kind == "nothing_landed"]
    assert sorted(waiting) == ["الضحايا", "القضايا"]


def test_a_row_that_a_correction_flags_lands_and_waits(home: Home, send: Send, monkeypatch: pytest.MonkeyPatch):
    flag = Correction(
        id="ask-again", reason="two rows look like one case", status="reported", shape="cases",
        where={"row_number": 5}, field="accused_count", expect=5, flag=True,
    )  # fmt: skip
    monkeypatch.setattr(corrections, "load_corrections", lambda _source: [flag])
    send(xlsx({"القضايا": cases(case(1), case(2, accused=5))}))
    landing.land(home, SOURCE)
    item = the_only(home, "flagged_by_correction")
    assert (item.finding.cell, dict(item.finding.arguments)) == ("A5", {"correction": "ask-again"})
    assert len(rows(home, "cases")) == 2


# Decisions


def test_a_decided_code_lands_as_decided_and_the_decision_is_signed(home: Home, send: Send):
    send(misspelt())
    [before] = landing.land(home, SOURCE)
    item = the_only(home, "unknown_code")
    decision = review.decide(home, item.id, value="F", today=TODAY, **SIGNED)
    assert (decision.signed_by, decision.reason, decision.decided_at) == (*SIGNED.values(), TODAY.isoformat())
    [after] = landing.land(home, SOURCE)
    assert (before.quarantined, after.quarantined) == (1, 0)
    assert [row["sex_code"] for row in rows(home)] == ["F", "F"]
    assert landing.land(home, SOURCE) == []
    assert not the_only(home, "unknown_code").is_open


def months_first() -> bytes:
    """Twelve cases of 2024, day 15 and day 5 of each second month, typed with the month first."""
    dates = [f"{month}/{day}/2024" for month in range(1, 13, 2) for day in (15, 5)]
    return xlsx({"القضايا": cases(*(case(number, date=date) for number, date in enumerate(dates)))})


def test_one_answer_about_a_column_of_dates_lands_all_its_rows(home: Home, send: Send):
    send(months_first())
    [before] = landing.land(home, SOURCE)
    item = the_only(home, "date_order_contradicted")
    assert (item.answers, item.finding.cell) == (["month_first", "day_first"], "C3")
    review.decide(home, item.id, value="month_first", **SIGNED)
    [after] = landing.land(home, SOURCE)
    assert (before.quarantined, after.quarantined) == (11, 0)  # 5/5 is the same either way
    assert {row["reported_date"].day for row in rows(home, "cases")} == {5, 15}
    assert not the_only(home, "date_order_contradicted").is_open


@pytest.mark.parametrize("value", ["", "yes", "exchanged", "2024-07-05"])
def test_about_a_column_nothing_else_can_be_answered(home: Home, send: Send, value: str):
    send(months_first())
    item = the_only(home, "date_order_contradicted")
    with pytest.raises(Refusal, match="decision_unfit"):
        review.decide(home, item.id, value=value, **SIGNED)


def test_a_cell_that_contradicts_the_answer_is_an_item_of_its_own(home: Home, send: Send):
    dates = ("30/7/2024", "5/7/2024", "7/30/2024")
    send(xlsx({"القضايا": cases(*(case(number, date=date) for number, date in enumerate(dates)))}))
    assert [item for item in review.items(home) if item.finding.kind == "date_ambiguous"] == []
    review.decide(home, the_only(home, "date_order_contradicted").id, value="day_first", **SIGNED)
    review.decide(home, the_only(home, "date_ambiguous").id, value="2024-07-30", **SIGNED)
    [landed] = landing.land(home, SOURCE)
    assert landed.quarantined == 0
    assert [row["reported_date"].day for row in rows(home, "cases")] == [30, 5, 30]
    assert [item.is_open for item in review.items(home) if item.finding.kind.startswith("date")] == [False, False]


@pytest.mark.usefixtures("ambiguous")
def test_a_sender_who_said_no_order_is_asked_once_about_the_column(home: Home, send: Send):
    send(xlsx({"القضايا": cases(case(1, date="5/7/2024"), case(2, date="30/7/2024"), case(3, date="6/7/2024"))}))
    review.decide(home, the_only(home, "date_order_unsaid").id, value="day_first", **SIGNED)
    landing.land(home, SOURCE)
    assert [row["reported_date"] for row in rows(home, "cases")] == [datetime.date(2024, 7, day) for day in (5, 30, 6)]


def test_what_was_decided_about_the_earlier_file_holds_when_a_later_one_is_compared_with_it(home: Home, send: Send):
    send(misspelt(), letter_date=datetime.date(2025, 1, 1))
    review.decide(home, the_only(home, "unknown_code").id, value="F", today=TODAY, **SIGNED)
    mended = send(misspelt(sex="أنثى"), letter_date=datetime.date(2025, 2, 1))
    [changes] = mended.row_changes
    assert changes.counts == {"added": 0, "gone": 0, "changed": 0, "unchanged": 2}


def test_the_same_decision_told_again_is_one(home: Home, send: Send):
    send(misspelt())
    item = the_only(home, "unknown_code").id
    first = review.decide(home, item, value="F", **SIGNED)  # whoever typed it was killed before the answer
    left = home.root / ".decisions.head.999999999.tmp"
    left.write_bytes(b"{")
    assert review.decide(home, item, value="F", **SIGNED).decided_at == first.decided_at
    assert not left.exists()
    assert len(decisions.read_decisions(home)) == 1
    review.decide(home, item, value="F", signed_by="statistics section", reason="another letter")
    assert len(decisions.read_decisions(home)) == 2


def test_a_later_decision_counts_instead_of_the_earlier_and_both_stay(home: Home, send: Send):
    send(misspelt())
    item = the_only(home, "unknown_code").id
    review.decide(home, item, value="F", **SIGNED)
    review.decide(home, item, value="M", **SIGNED)
    landing.land(home, SOURCE)
    assert [row["sex_code"] for row in rows(home)] == ["F", "M"]
    assert [one.value for one in decisions.read_decisions(home)] == ["F", "M"]


@pytest.mark.parametrize("value", ["", "no such code", "زهراء عبد الحسين كاظم الموسوي"])
def test_only_what_the_cell_can_be_read_as_is_decided(home: Home, send: Send, value: str):
    send(misspelt())
    with pytest.raises(Refusal) as refused:
        review.decide(home, the_only(home, "unknown_code").id, value=value, **SIGNED)
    assert (refused.value.code, decisions.read_decisions(home)) == ("decision_unfit", [])


def test_an_item_that_does_not_wait_is_not_decided(home: Home):
    with pytest.raises(Refusal) as refused:
        review.decide(home, "0123456789ab", value="F", **SIGNED)
    assert refused.value.code == "review_item_unknown"


def test_a_changed_decision_is_found(home: Home, send: Send):
    send(misspelt())
    review.decide(home, the_only(home, "unknown_code").id, value="F", **SIGNED)
    home.decisions.write_text(home.decisions.read_text(encoding="utf-8").replace('"F"', '"M"'), encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        decisions.read_decisions(home)
    assert refused.value.code == "decisions_broken"


# Recycled figures


CATEGORIES = ("Peru", "Ukraine", "Nigeria", "India", "Chile")


def published(later: list[int], year: int = 2023) -> bytes:
    earlier = [("XKA", name, 2022, str(figure)) for name, figure in zip(CATEGORIES, (158, 81, 40, 12, 3), strict=True)]
    after = [("XKA", name, year, str(figure)) for name, figure in zip(CATEGORIES, later, strict=False)]
    return xlsx({"data_glotip_1": glotip(*earlier, *after)})


@pytest.mark.parametrize(
    ("later", "cells"),
    [
        ([158, 20, 20, 20, 3], 1),  # one large figure
        ([20, 81, 40, 12, 3], 3),  # several smaller ones
        ([20, 81, 40, 13, 3], None),  # two repeat by chance
        ([159, 82, 41, 13, 3], None),  # a small one repeats by chance
    ],
)
def test_the_figures_of_another_period_are_suspected(home: Home, send: Send, later: list[int], cells: int | None):
    send(published(later), source=PUBLISHER)
    landing.land(home, PUBLISHER)
    found = [one for one in review.items(home) if one.finding.kind == "figure_recycled"]
    assert [one.finding.arguments for one in found] == (
        [] if cells is None else [{"cells": str(cells), "field": "figure", "earlier": "2022", "later": "2023"}]
    )


def test_a_confirmed_figure_goes_away_and_a_wrong_one_stays(home: Home, send: Send):
    send(published([158]), source=PUBLISHER)
    landing.land(home, PUBLISHER)
    item = the_only(home, "figure_recycled").id
    review.decide(home, item, value="wrong", **SIGNED)
    assert the_only(home, "figure_recycled").is_open
    review.decide(home, item, value="confirmed", **SIGNED)
    assert not the_only(home, "figure_recycled").is_open


def test_the_beds_of_a_shelter_may_stay_the_same(home: Home):
    assert repeated_figures.find(home, []) == []
    assert "capacity_count" not in repr(repeated_figures._FIGURES)  # pyright: ignore[reportPrivateUsage]


# Cards


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the cards that may be changed."""
    folder = tmp_path / "ingestion"
    for part in ("shapes", "codes", "sources"):
        shutil.copytree(source_card.FOLDER / part, folder / part)
    monkeypatch.setattr(source_card, "FOLDER", folder)
    return folder


FIELDS = ["sex_code", "is_in_absentia", "means_codes", "governorate_code"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("source", source_card.source_names())
def test_a_word_goes_into_any_card_and_the_rest_of_it_stays(cards: Path, source: str, field: str):
    path = cards / "sources" / source / "source.yml"
    before = path.read_text(encoding="utf-8")
    for name, table in source_card.load_source(source).tables.items():
        fields = source_card.load_shape(table.shape).fields
        if field not in fields:
            continue
        meaning = next(iter(source_card.load_codes(fields[field].codes)))
        change = CardChange(name, field, "كلمة: جديدة", meaning, "reviewed by a section on 2025-06-01: a letter")
        after = card_change.change_text(source, change)
        added = [line for line in after.splitlines() if line not in before.splitlines()]
        assert 1 <= len(added) <= 2
        assert any("# reviewed by a section on 2025-06-01: a letter" in line for line in added)
        kept = [line for line in before.splitlines() if line not in after.splitlines()]
        assert len(kept) <= 1
        assert yaml.safe_load(after) != yaml.safe_load(before)


def test_a_misspelt_code_goes_into_the_card_with_who_when_and_why(home: Home, send: Send, cards: Path, tmp_path: Path):
    send(misspelt())
    item = the_only(home, "unknown_code").id
    with pytest.raises(Refusal) as refused:
        card_change.change_of(review.find(home, item), "أنثىى")
    assert refused.value.code == "review_item_undecided"
    review.decide(home, item, value="أنثى", today=TODAY, **SIGNED)
    change = card_change.change_of(review.find(home, item), "أنثىى")
    assert (change.field, change.wording, change.meaning) == ("sex_code", "أنثىى", "F")
    assert change.note == "reviewed by statistics section on 2025-06-01: their letter says so"
    before = (cards / "sources" / SOURCE / "source.yml").read_bytes()
    patch = card_change.write(SOURCE, change, tmp_path / "card.patch").read_text(encoding="utf-8")
    assert "+++ b/ingestion/sources/iraq_interior_ministry/source.yml" in patch
    assert (cards / "sources" / SOURCE / "source.yml").read_bytes() == before


def test_a_word_goes_into_the_card_though_its_row_waits_for_something_else(home: Home, send: Send, cards: Path):
    send(xlsx({"الضحايا": victims(victim(1), victim(2, sex="أنثىى", citizenship="qqq"))}))
    item = next(one.id for one in review.items(home) if one.finding.cell == "F5")
    review.decide(home, item, value="أنثى", **SIGNED)
    assert card_change.change_of(review.find(home, item), "أنثىى").meaning == "F"


def test_a_word_that_nobody_typed_goes_into_no_card(home: Home, send: Send):
    send(misspelt(sex="هند"))
    item = the_only(home, "unknown_code").id
    review.decide(home, item, value="F", **SIGNED)
    with pytest.raises(Refusal) as refused:
        card_change.change_of(review.find(home, item), " ")
    assert refused.value.code == "wording_needed"


def test_a_word_for_no_code_of_the_list_is_refused(cards: Path):
    change = CardChange("victims", "sex_code", "كلمة", "no code", "reviewed by a section")
    with pytest.raises(Refusal) as refused:
        card_change.change_text(SOURCE, change)
    assert refused.value.code == "card_change_unfit"
