"""`marsad check` is loaded without the other commands, and answers as it does among them."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from ingestion.cards.source_card import FOLDER
from marsad import start

SAMPLE = FOLDER / "sources" / "iraq_interior_ministry" / "sample.xlsx"


def _answer(script: str, typed: list[str]) -> tuple[str, str, int]:
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.argv = ['marsad', *{typed!r}]; {script}"],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return ended.stdout, ended.stderr, ended.returncode


@pytest.mark.parametrize(
    "typed",
    [
        ["check", str(SAMPLE), "--json"],
        ["check", str(SAMPLE), "-l", "ar"],
        ["check", str(SAMPLE), "--source", "nobody"],
        ["check", str(SAMPLE), "--source=unodc_glotip"],
        ["check", "gone.xlsx"],
        ["check", "gone.xlsx", "--mark"],
        ["check", "gone.xlsx", "--no-such-option"],
        ["check", "gone.xlsx", "gone_too.xlsx"],
        ["check", "--language", "ckb", "--help"],
        ["check", "--help"],
        ["check"],
        ["-l", "ar", "check", "gone.xlsx"],
        ["help", "check"],
        ["chekc", "gone.xlsx"],
        ["submissions", "status", "--help"],
    ],
)
def test_a_command_answers_as_it_does_with_all_commands_loaded(typed: list[str]):
    answer = _answer("from marsad.start import main; main()", typed)
    assert answer == _answer("from marsad.command import main; main()", typed)
    assert "".join(answer[:2]).strip()


def test_check_imports_no_other_command_and_no_library_of_theirs():
    script = (
        "from marsad.start import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'filelock', 'pandas', 'pyarrow', 'duckdb', 'openpyxl', 'jinja2', 'rich', 'marsad.command'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    said, _, code = _answer(script, ["check", str(SAMPLE)])
    assert (said.splitlines()[-1], code) == ("[]", 0)


def test_a_check_that_is_broken_off_ends_without_a_trace_of_the_programme(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def broken_off(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("marsad.commands.checking.check", broken_off)
    monkeypatch.setattr(sys, "argv", ["marsad", "check", "a.xlsx"])
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert ended.value.code == 128 + signal.SIGINT
    assert "command_stopped" in capsys.readouterr().err
