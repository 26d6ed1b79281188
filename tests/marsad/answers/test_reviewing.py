"""The front desk on what comes later: replacing, withdrawing, reviewing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from ingestion.home import Home
from ingestion.persons import link_store, linking
from ingestion.persons.link_store import StoredLink
from ingestion.submissions import receipts
from languages.words import Words, languages
from methods.linkage import record_links
from tests.ingestion.persons.test_linking import invented_home
from tests.ingestion.workbooks import case, cases, victim, victims, xlsx

MINISTRY = "iraq_interior_ministry"
SIGNED = ("--reason", "sent by mistake", "--by", "a section")
Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture
def first(tmp_path: Path) -> Path:
    path = tmp_path / "first.xlsx"
    path.write_bytes(xlsx({"القضايا": cases(case(1), case(2, accused=5))}))
    return path


@pytest.fixture
def second(tmp_path: Path) -> Path:
    path = tmp_path / "second.xlsx"
    grids = {"القضايا": cases(case(1), case(2, accused=6)), "الضحايا": victims(victim(1, sex="أنثىى"), victim(2))}
    path.write_bytes(xlsx(grids))
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


def test_a_dry_run_shows_the_row_changes_and_takes_nothing(marsad: Marsad, home: Home, first: Path, second: Path):
    marsad("receive", MINISTRY, str(first), "--letter-date", "2025-01-05")
    code, out, _ = marsad("receive", MINISTRY, str(second), "--dry-run", "--json")
    [answer] = json.loads(out)
    assert (code, answer["verdict"], answer["taken"], len(receipts.read_receipts(home))) == (0, "accepted", False, 1)
    [change] = answer["changes"]
    assert (change["changed"], change["unchanged"], change["fields"]) == (1, 1, {"accused_count": 1})
    assert change["places"] == [{"kind": "changed", "sheet": "القضايا", "row": 5, "fields": ["accused_count"]}]


@pytest.mark.parametrize(("answer", "taken"), [(True, 2), (False, 1)])
def test_on_a_terminal_nothing_is_replaced_before_a_person_agrees(
    marsad: Marsad, home: Home, first: Path, second: Path, monkeypatch: pytest.MonkeyPatch, answer: bool, taken: int
):
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(typer, "confirm", lambda question: asked.append(question) or answer)
    marsad("receive", MINISTRY, str(first), "--letter-date", "2025-01-05")
    assert asked == []
    _, out, _ = marsad("receive", MINISTRY, str(second), "--letter-date", "2025-02-05")
    assert (len(asked), len(receipts.read_receipts(home))) == (1, taken)
    assert "Number of accused: 1" in out


def test_row_changes_are_told_in_the_readers_language(marsad: Marsad, home: Home, first: Path, second: Path):
    marsad("receive", MINISTRY, str(first), "--letter-date", "2025-01-05")
    _, out, _ = marsad("receive", MINISTRY, str(second), "--dry-run", "--language", "ar")
    assert "عدد المتهمين: 1" in out
    assert "accused_count" not in out


def test_where_nobody_can_be_asked_a_file_is_taken_and_the_receipt_holds_the_changes(
    marsad: Marsad, home: Home, first: Path, second: Path
):
    marsad("receive", MINISTRY, str(first), "--letter-date", "2025-01-05")
    assert marsad("receive", MINISTRY, str(second), "--letter-date", "2025-02-05")[0] == 0
    assert receipts.read_receipts(home)[1].changes["cases"]["2024"]["changed"] == 1


def test_replaced_bytes_count_again_when_they_are_said_to(marsad: Marsad, home: Home, first: Path, second: Path):
    marsad("receive", MINISTRY, str(first), "--letter-date", "2025-01-05")
    marsad("receive", MINISTRY, str(second), "--letter-date", "2025-02-05")
    code, out, _ = marsad("receive", MINISTRY, str(first))
    assert (code, "--again" in out) == (0, True)
    assert marsad("receive", MINISTRY, str(first), "--again", "--letter-date", "2025-03-05")[0] == 0
    assert [one.verdict for one in receipts.read_receipts(home)] == ["accepted"] * 3


def test_a_submission_is_withdrawn_and_the_doctor_is_content(marsad: Marsad, home: Home, first: Path):
    marsad("receive", MINISTRY, str(first))
    [receipt] = receipts.read_receipts(home)
    code, out, _ = marsad(
        "submissions", "withdraw", receipt.submission, "--reason", "sent by mistake", "--by", "a section"
    )
    assert (code, receipt.submission in out, list(home.taken.iterdir())) == (0, True, [])
    assert marsad("doctor")[0] == 0
    code, _, err = marsad(
        "submissions", "withdraw", receipt.submission, "--reason", "sent by mistake", "--by", "a section"
    )
    assert (code, "submission_unknown" in err) == (1, True)


@pytest.mark.parametrize("tag", ["en", "ar", "ckb"])
def test_the_queue_is_listed_decided_and_carried_to_the_card(marsad: Marsad, second: Path, tmp_path: Path, tag: str):
    marsad("receive", MINISTRY, str(second))
    code, out, _ = marsad("-l", tag, "review", "--json")
    [item] = json.loads(out)
    assert (code, item["kind"], item["read"]) == (0, "unknown_code", "")
    assert item["item"] in marsad("-l", tag, "review")[1]
    signed = ("--by", "a section", "--reason", "their letter says so")
    code, out, _ = marsad("-l", tag, "review", "decide", item["item"], "--as", "F", *signed)
    assert (code, f"marsad review card {item['item']}" in out) == (0, True)
    assert json.loads(marsad("review", "--json")[1]) == []
    [decided] = json.loads(marsad("review", "--all", "--json")[1])
    assert (decided["decision"], decided["decided_by"], decided["reason"]) == ("F", "a section", "their letter says so")
    patch = tmp_path / "card.patch"
    assert marsad("review", "card", item["item"], "--wording", "أنثىى", "--patch", str(patch))[0] == 0
    assert "# reviewed by a section on " in patch.read_text(encoding="utf-8")


def test_a_changed_decision_is_told_by_the_doctor(marsad: Marsad, home: Home, second: Path):
    marsad("receive", MINISTRY, str(second))
    [item] = json.loads(marsad("review", "--json")[1])
    marsad("review", "decide", item["item"], "--as", "F", "--by", "a section", "--reason", "their letter says so")
    home.decisions.write_text(home.decisions.read_text(encoding="utf-8").replace('"F"', '"M"'), encoding="utf-8")
    code, out, _ = marsad("doctor", "--json")
    assert (code, "decisions_broken" in out) == (1, True)


def test_links_are_found_listed_and_decided_at_the_desk(marsad: Marsad, tmp_path: Path) -> None:
    home = invented_home(tmp_path / "home")
    members = ("agency/000006-a/my_list/2", f"k1:{0:032x}")
    link_store.write(home, [StoredLink(*members, 0.4, has_codes=True, is_seen_as_both=False, model="m")])
    (row,) = json.loads(marsad("review", "links", "--json")[1])
    assert (row["probability"], row["sex_code"], row["decision"]) == (0.4, "F · F", "")
    code, said, _ = marsad("review", "link", row["item"], "--as", "same", "--by", "a section", "--reason", "one person")
    assert (code, row["item"] in said) == (0, True)
    assert marsad("review", "links", "--json")[1].strip() == "[]"
    told = json.loads(marsad("review", "find-links", "--since", "2030", "--json")[1])
    assert (told["records"], told["pairs"]) == (0, 1), "what was not compared is kept"
    code, _, refused = marsad("review", "find-links", str(home.root / "home.json"))
    assert code == 1 and "codes_inside_home" in refused


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize(("beyond", "is_said"), [(1, True), (0, False), (-1, False)])
def test_that_nothing_is_linked_of_too_few_records_is_said(
    marsad: Marsad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: str, beyond: int, is_said: bool
) -> None:
    invented_home(tmp_path / "home")
    least = 48 + beyond
    monkeypatch.setattr(record_links, "LEAST_RECORDS", least)
    code, said, _ = marsad("--language", tag, "review", "find-links")
    assert code == 0
    assert (Words.load(tag).text("desk.links.too_few", records=48, least=least) in said.replace("\n", " ")) == is_said
    assert json.loads(marsad("review", "find-links", "--json")[1])["too_few"] is is_said


def test_sampled_pairs_are_written_read_and_told_at_the_desk(
    marsad: Marsad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, sheet = Home.at(tmp_path / "home"), tmp_path / "first.csv"
    invented_home(home.root)
    monkeypatch.setattr(record_links, "LEAST_RECORDS", 48)
    code, _, refused = marsad("review", "pairs")
    assert code and "find-links" in refused
    linking.run(home)
    code, said, _ = marsad("review", "pairs", "--sheet", str(sheet))
    assert code == 0 and "first.csv" in said
    lines = sheet.read_text(encoding="utf-8-sig").splitlines()
    sheet.write_text("\n".join([lines[0], *(line + "different" for line in lines[1:])]), encoding="utf-8")
    for turn in ("first", "second"):
        code, said, _ = marsad(
            "review", "read-pairs", str(sheet), "--turn", turn, "--by", "a section", "--reason", "both files were read"
        )
        assert code == 0 and "0 pairs still wait" in said
    answer = json.loads(marsad("review", "pairs", "--json")[1])
    assert (answer["agreed"], answer["twice"], answer["waiting"]["settled"]) == (1.0, len(lines) - 1, 0)
    assert answer["recall"]["lower"] == 0, "every near pair was drawn, and none was one person"
    assert "100%" in marsad("review", "pairs")[1]
