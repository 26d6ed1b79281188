"""The front desk on data quality: a line for each body, one body in full, JSON, and the page where it was asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ingestion.cards.source_card import source_names
from ingestion.home import Home
from ingestion.submissions import landing
from tests.ingestion.workbooks import TODAY, token, victim, victims, xlsx
from tests.reports import invented_releases

HOUSE = Path(__file__).resolve().parents[3]
MINISTRY = "iraq_interior_ministry"
Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture
def marsad(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: Marsad) -> Marsad:
    """Run the command in a home with one landed file; return exit code, stdout and stderr."""
    home = Home.at(tmp_path / "home").open(invented=True)
    file = tmp_path / "victims.xlsx"
    file.write_bytes(xlsx({"الضحايا": victims(victim(1), victim(2), victim(2), victim(3, sex="كلمة أخرى"))}))
    landing.receive(home, MINISTRY, file, today=TODAY)
    landing.land(home, MINISTRY)
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return typed


def test_every_body_has_a_line_and_an_answer(marsad: Marsad):
    code, out, _ = marsad("quality")
    assert code == 0
    assert all(name in out for name in source_names())
    _, out, _ = marsad("quality", "--json")
    answers = {answer["source"]: answer for answer in json.loads(out)}
    assert set(answers) == set(source_names())
    assert (answers[MINISTRY]["rows_in"], answers[MINISTRY]["rows_landed"]) == (4, 3)
    assert answers[MINISTRY]["held_back"] == [{"reason": "unknown_word", "rows": 1}]
    assert answers["unodc_glotip"]["deliveries"] == []


@pytest.mark.parametrize(("tag", "said"), [("en", "What to do"), ("ar", "المطلوب"), ("ckb", "ئەوەی دەبێت بکرێت")])
def test_one_body_is_told_in_the_readers_language_and_without_a_value(marsad: Marsad, tag: str, said: str):
    code, out, _ = marsad("quality", "--source", MINISTRY, "--language", tag)
    assert code == 0
    assert said in out
    assert not any(value in out for value in (token(1), "كلمة أخرى", "أنثى"))


def test_a_page_lies_where_it_was_asked_for_and_nowhere_in_the_rooms_that_others_read(marsad: Marsad, tmp_path: Path):
    code, out, _ = marsad("quality", "--source", MINISTRY, "--page", str(tmp_path / "page.html"), "--json")
    assert code == 0
    assert json.loads(out)["page"] == str(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl">' in text
    assert "بيانات مُختلقة" in text
    home = tmp_path / "home"
    assert [*home.joinpath("reports").rglob("*"), *home.joinpath("releases").rglob("*")] == []


def test_pages_of_all_bodies_are_each_in_their_own_language(marsad: Marsad, tmp_path: Path):
    code, _, _ = marsad("quality", "--page", str(tmp_path / "pages"))
    assert code == 0
    names = {path.name for path in (tmp_path / "pages").iterdir()}
    assert len(names) == len(source_names())
    assert {f"quality-{MINISTRY}.ar.html", "quality-kurdistan_interior_ministry.ckb.html"} <= names


def test_a_misspelt_body_is_told_the_nearest(marsad: Marsad):
    code, _, err = marsad("quality", "--source", "iraq_interior_minstry")
    assert code == 2
    assert MINISTRY in err


def test_a_question_is_answered_by_its_name_and_the_answer_is_shown(marsad: Marsad):
    _, out, _ = marsad("quality", "--source", MINISTRY, "--json")
    [question] = json.loads(out)["questions"]
    words = ("--as", "explained", "--by", "statistics section", "--reason", "one person, two case files")
    code, out, _ = marsad("quality", "answer", question["id"], *words)
    assert code == 0
    assert question["id"] in out
    _, out, _ = marsad("quality", "--source", MINISTRY, "--json")
    [question] = json.loads(out)["questions"]
    assert (question["state"], question["answer"]["by"]) == ("explained", "statistics section")
    code, _, err = marsad("quality", "answer", "000000000000", *words)
    assert code == 1
    assert "quality_question_unknown" in err


def test_the_page_tells_the_files_and_released_figures_and_of_another_body_nothing(marsad: Marsad, tmp_path: Path):
    home = invented_releases.build(
        tmp_path / "home", is_national_only=True, holders={"PRT-01": [MINISTRY, "iraq_judicial_council"]}
    )
    other = "kurdistan_interior_ministry"
    landing.receive(home, other, HOUSE / "ingestion" / "sources" / other / "sample.xlsx", today=TODAY)
    landing.land(home, other)
    code, _, _ = marsad("quality", "--source", MINISTRY, "--language", "en", "--page", str(tmp_path / "page.html"))
    assert code == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    _, out, _ = marsad("quality", "--source", other, "--json")
    theirs = json.loads(out)
    assert theirs["rows_in"] > 0
    assert "What you sent" in text
    assert "Presumed victims detected, Iraq without the Kurdistan Region" in text
    beside = text[text.index('<section class="beside">') : text.index('<section class="variables">')]
    own_and_public = {int(cell.replace(",", "")) for cell in re.findall(r"<bdi>([\d,]+)[^<]*</bdi>", beside)}
    [data] = home.releases.glob("four_ps_national/*/data.parquet")
    values = pd.read_parquet(data).query("indicator == 'PRT-01' and ref_area == 'IQ-FED'")["obs_value"].dropna()
    assert own_and_public
    assert own_and_public <= {3} | set(values.astype(int))
    assert other not in text
