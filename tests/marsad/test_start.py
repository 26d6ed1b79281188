"""The plain check that is answered without the tree of commands is one that the tree would answer alike."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from ingestion.cards.source_card import FOLDER
from marsad import start
from marsad.command import app
from marsad.start import PlainCheck, plain_check

FILE = Path("a.xlsx")
SAMPLE = FOLDER / "sources" / "iraq_interior_ministry" / "sample.xlsx"
CHECK = typer.main.get_command(app).commands["check"]  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("check a.xlsx", PlainCheck(FILE)),
        ("check a.xlsx --json", PlainCheck(FILE, as_json=True)),
        ("check --json --source unodc_glotip a.xlsx", PlainCheck(FILE, "unodc_glotip", as_json=True)),
        ("check a.xlsx -l ar", PlainCheck(FILE, language="ar")),
        ("-l ar check a.xlsx", PlainCheck(FILE, language="ar")),
        ("--language ckb check a.xlsx", PlainCheck(FILE, language="ckb")),
    ],
)
def test_a_plain_check_is_recognised(typed: str, plain: PlainCheck):
    assert plain_check(typed.split()) == plain


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "check",
        "check --help",
        "--help check",
        "check a.xlsx b.xlsx",
        "check a.xlsx --json --json",
        "check a.xlsx --source",
        "check a.xlsx --source --json",
        "check a.xlsx --source=unodc_glotip",
        "check a.xlsx --mark b.xlsx",
        "check a.xlsx --answers b.json",
        "check a.xlsx -l ar -l ckb",
        "-l ar check a.xlsx -l ckb",
        "--json check a.xlsx",
        "--source unodc_glotip check a.xlsx",
        "a.xlsx check",
        "receive check a.xlsx",
        "check -- a.xlsx",
    ],
)
def test_anything_else_is_left_to_the_tree_of_commands(typed: str):
    assert plain_check(typed.split()) is None


def test_every_option_of_the_plain_check_is_one_of_the_command_and_means_the_same():
    of_command = {option: one.name for one in CHECK.params for option in one.opts}
    assert start._WITH_VALUE.items() <= of_command.items()
    assert of_command["--json"] == "as_json"


@pytest.mark.parametrize(
    "typed", [[str(SAMPLE), "--json"], [str(SAMPLE), "-l", "ar"], ["gone.xlsx"], [str(SAMPLE), "--source", "nobody"]]
)
def test_a_plain_check_answers_as_the_command_does(typed: list[str]):
    script = "import sys; from {}; sys.argv[1:] = {!r}; main()"
    answers = [
        subprocess.run(
            [sys.executable, "-c", script.format(imported, ["check", *typed])], capture_output=True, text=True
        )
        for imported in ("marsad.start import main", "marsad.command import main")
    ]
    assert len({(one.stdout, one.stderr, one.returncode) for one in answers}) == 1
    assert answers[0].stdout or answers[0].returncode


def test_a_plain_check_imports_neither_the_tree_of_commands_nor_the_libraries_behind_it():
    script = (
        f"import sys; from marsad.start import main; sys.argv[1:] = ['check', {str(SAMPLE)!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'typer', 'pydantic', 'filelock', 'pandas', 'pyarrow', 'duckdb', 'openpyxl', 'marsad.command'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "[]"


def test_a_check_that_is_broken_off_ends_without_a_trace_of_the_programme(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def broken_off(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("marsad.answers.checking.check", broken_off)
    monkeypatch.setattr(sys, "argv", ["marsad", "check", "a.xlsx"])
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert ended.value.code == 128 + signal.SIGINT
    assert "command_stopped" in capsys.readouterr().err
