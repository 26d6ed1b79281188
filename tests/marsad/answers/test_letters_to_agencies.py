"""`marsad report --agency`: one page for one agency, in its language, and nothing else is written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import Home

Marsad = Callable[..., tuple[int, str, str]]
LABOUR = "iraq_labour_ministry"


@pytest.fixture
def home(toy_released: Path, tmp_path: Path) -> Home:
    return Home(shutil.copytree(toy_released, tmp_path / "home"))


@pytest.fixture
def marsad(home: Home, monkeypatch: pytest.MonkeyPatch, typed: Marsad) -> Marsad:
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return typed


def test_a_letter_is_in_the_language_of_the_agency_unless_another_is_named(marsad: Marsad, home: Home):
    for words, tag in (((), "ar"), (("--language", "en"), "en")):
        code, out, _ = marsad("report", "--agency", LABOUR, "--json", *words)
        path = home.build / "letters" / f"{LABOUR}.{tag}.html"
        assert (code, json.loads(out)) == (0, {"agency": LABOUR, "letter": str(path)})
        assert f'lang="{tag}"' in path.read_text(encoding="utf-8")
    assert not list(home.reports.glob("*"))


def test_the_command_says_what_to_do_with_the_letter(marsad: Marsad):
    code, out, _ = marsad("report", "--agency", "kurdistan_interior_ministry")
    assert code == 0 and "sent_for_comment.yml" in out and ".ckb.html" in out


@pytest.mark.parametrize("agency", ["iraq_labor_ministry", "every_sender", "nobody"])
def test_an_agency_without_a_duty_is_refused_with_a_known_name(marsad: Marsad, home: Home, agency: str):
    code, _, err = marsad("report", "--agency", agency)
    assert code == 1 and "agency_unknown" in err and "ministry" in err
    assert not (home.build / "letters").exists()


@pytest.mark.parametrize("other", [("--publish",), ("--only", "index")])
def test_a_letter_is_written_alone(marsad: Marsad, other: tuple[str, ...]):
    assert marsad("report", "--agency", LABOUR, *other)[0] == 2
