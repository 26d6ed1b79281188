"""What somebody types wrongly is answered at once, with what there is: nothing heavy is loaded for a no."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import typer

from ingestion.cards.source_card import FOLDER
from languages.words import Words, languages
from marsad.command import app, main
from marsad.terminal.help_groups import TRIED, GroupedCommands

SAMPLE = FOLDER / "sources" / "iraq_interior_ministry" / "sample.xlsx"
HEAVY = ("dagster", "dbt", "great_expectations", "pandas", "scipy.stats")

AT_ONCE: dict[str, str] = {
    "hlep": "marsad --help",
    "publish": "marsad build, marsad approve, marsad report --publish",
    "Publish": "marsad build, marsad approve, marsad report --publish",
    "chekc a.csv": "marsad check",
    "releases wyh": "marsad releases why",
    "quality nobody": "marsad quality answer",
    "review lniks": "marsad review links",
    "submissions stauts": "marsad submissions status",
    "xyzzy": "marsad check, marsad template",
    "export sdmx": "marsad export sdmx -o exported",
    "export smdx -o x": "sdmx",
    "report --language fr": "en, ar, ckb",
    "dictionary -o x --language fr": "en, ar, ckb",
    "check a.csv --language fr": "en, ar, ckb",
    "check a.csv --source iraq_interior_minstry": "iraq_interior_ministry",
    "template victimz -o x.xlsx": "victims",
    "template victims -o x.pdf": ".xlsx",
    "receive iraq_interior_minstry a.csv": "iraq_interior_ministry",
    "receive iraq_interior_ministry b.csv": "b.csv",
    "pseudonymise a.csv --key a.csv -o x.xlsx --person nme": "mother_name",
    "new sourc a_b": "indicator",
    "releases why four_ps_nationl": "four_ps_national",
    "trace four_ps_nationl indicator=PRT-02": "four_ps_national",
    "trace four_ps_national indicator": "name=value",
    "trace": "--file",
    "estimate b.csv": "b.csv",
}
"""Typed wrongly -> what the answer must hold. `a.csv` is there, `b.csv` is not."""


def test_what_is_typed_wrongly_is_answered_with_what_there_is_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    script = (
        "import contextlib, io, json, os, sys\n"
        "from marsad.command import main\n"
        "from ingestion.home import Home\n"
        "Home.at().open(invented=True)\n"
        "answers = {}\n"
        f"for typed in {list(AT_ONCE)!r}:\n"
        "    sys.argv = ['marsad', *typed.split()]\n"
        "    told = io.StringIO()\n"
        "    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):\n"
        "        try:\n            main()\n            code = 0\n"
        "        except SystemExit as left:\n            code = left.code\n"
        f"    heavy = sorted(set({HEAVY!r}) & set(sys.modules))\n"
        "    answers[typed] = [code, ' '.join(told.getvalue().split()), heavy]\n"
        "print(json.dumps(answers))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | {"MARSAD_HOME": str(tmp_path / "home"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    )
    answers = json.loads(ran.stdout.splitlines()[-1])
    assert {typed: told for typed, (_, told, _) in answers.items() if AT_ONCE[typed] not in told} == {}
    assert {typed: code for typed, (code, _, _) in answers.items() if code != 2} == {}
    assert {typed: heavy for typed, (_, _, heavy) in answers.items() if heavy} == {}


def _said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *typed: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["marsad", *typed])
    with pytest.raises(SystemExit) as left:
        main()
    read = capsys.readouterr()
    return int(left.value.code or 0), read.out + read.err


def test_the_version_is_that_of_the_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _said(monkeypatch, capsys, "--version") == (0, f"marsad {version('marsad')}\n")


def test_help_of_a_command_may_be_asked_by_the_word_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _said(monkeypatch, capsys, "help", "check") == _said(monkeypatch, capsys, "check", "--help")
    assert _said(monkeypatch, capsys, "help") == _said(monkeypatch, capsys, "--help")


def test_no_word_that_people_try_is_a_command_and_each_leads_to_one() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, GroupedCommands)
    assert set(TRIED) & set(group.commands) == set()
    led_to = {line.split()[0] for lines in TRIED.values() for line in lines}
    assert led_to - set(group.commands) == {"--version"}


@pytest.mark.parametrize("tag", languages())
def test_an_unknown_command_is_told_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tag: str
) -> None:
    code, told = _said(monkeypatch, capsys, "-l", tag, "publish")
    assert code == 2
    assert Words.load(tag).text("refusal.command_unknown", where="marsad publish") in told


@pytest.mark.parametrize("tag", languages())
def test_marking_a_file_without_findings_says_that_nothing_is_to_be_corrected(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, tag: str
) -> None:
    import openpyxl

    words, marked = Words.load(tag), tmp_path / "marked.xlsx"
    told = _said(monkeypatch, capsys, "check", str(SAMPLE), "-l", tag, "--mark", str(marked))[1]
    assert words.text("desk.marked.nothing", path=str(marked)) in told
    first = openpyxl.load_workbook(marked).worksheets[0]
    assert first["A3"].value == words.text("mark.nothing")


@pytest.mark.parametrize(("name", "is_told"), [("a.csv", False), ("a.xlsx", True), ("A.XLS", True), ("a.txt", False)])
def test_a_text_that_is_named_as_a_workbook_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, is_told: bool
) -> None:
    (tmp_path / name).write_text("a,b\n1,2\n", encoding="utf-8")
    findings = json.loads(_said(monkeypatch, capsys, "check", str(tmp_path / name), "--json")[1])["findings"]
    assert [".csv" in one["message"] for one in findings if one["kind"] == "named_otherwise"] == [True] * is_told
