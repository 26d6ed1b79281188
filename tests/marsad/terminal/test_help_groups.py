"""The help of the command: its groups, its three languages, and the names that commands had before."""

from __future__ import annotations

import re
import sys
from collections import Counter

import pytest
import typer

from languages.words import Words, languages
from marsad.command import app, main
from marsad.terminal.help_groups import GROUPS, GroupedCommands, options, summaries


def _group() -> GroupedCommands:
    group = typer.main.get_command(app)
    assert isinstance(group, GroupedCommands)
    return group


def _said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["marsad", *words])
    monkeypatch.setenv("COLUMNS", "200")  # asked at each answer; typer asks for TERMINAL_WIDTH once a process
    with pytest.raises(SystemExit) as left:
        main()
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_every_command_stands_in_one_group_of_the_help() -> None:
    assert Counter(name for names in GROUPS.values() for name in names) == Counter(_group().commands.keys())


def test_the_english_summary_of_a_command_is_the_first_line_of_its_help() -> None:
    words = Words.load("en")
    first = {key: (command.help or "").strip().partition("\n")[0] for key, command in summaries(_group())}
    assert {key: words.text(key) for key in first} == first


@pytest.mark.parametrize("tag", languages())
def test_no_summary_is_of_a_command_that_is_gone(tag: str) -> None:
    known = {key for key, _ in summaries(_group())} | {f"command.group.{name}" for name in GROUPS}
    assert {key for key in Words.load(tag).messages if key.startswith("command.")} == known


def test_the_english_help_of_an_option_is_that_of_the_command() -> None:
    words = Words.load("en")
    told = {key: getattr(one, "help", None) for key, one in options(_group())}
    assert {key: words.text(key) for key in told} == told
    assert "option.check.file" in told


@pytest.mark.parametrize("tag", languages())
def test_no_help_is_of_an_option_that_is_gone(tag: str) -> None:
    known = {key for key, _ in options(_group())}
    assert {key for key in Words.load(tag).messages if key.startswith("option.")} == known


@pytest.mark.parametrize(
    "command", [("check",), ("receive",), ("template",), ("pseudonymise",), ("submissions", "withdraw")]
)
def test_the_options_of_clerks_speak_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    told = " ".join(re.sub(r"[│╭╮╰╯─]", " ", _said(monkeypatch, capsys, "-l", "ar", *command, "--help")[1]).split())
    name = ".".join(command)
    spoken, english = Words.load("ar"), Words.load("en")
    keys = [key for key, _ in options(_group()) if key.startswith(f"option.{name}.")]
    assert keys
    assert [key for key in keys if spoken.text(key) not in told or english.text(key) in told] == []


@pytest.mark.parametrize("typed", [("-l", "ckb", "check", "--help"), ("check", "-l", "ckb", "--help")])
def test_the_language_may_be_named_before_the_command_or_behind_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: tuple[str, ...]
) -> None:
    told = " ".join(re.sub(r"[│╭╮╰╯─]", " ", _said(monkeypatch, capsys, *typed)[1]).split())
    assert Words.load("ckb").text("option.check.file") in told


@pytest.mark.parametrize("tag", languages())
def test_the_help_is_in_groups_and_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tag: str
) -> None:
    words = Words.load(tag)
    code, out, _ = _said(monkeypatch, capsys, "--language", tag, "--help")
    assert code == 0
    told = " ".join(re.sub(r"[│╭╮╰╯─]", " ", out).split())
    titles = [told.index(words.text(f"command.group.{name}")) for name in GROUPS]
    assert titles == sorted(titles)
    assert all(re.search(rf"(?m)^│ {name}\s", out) for names in GROUPS.values() for name in names)
    assert words.text("command.build") in told


def test_the_help_of_one_command_and_of_one_below_it_is_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = Words.load("ckb")
    assert words.text("command.build") in _said(monkeypatch, capsys, "-l", "ckb", "build", "--help")[1]
    told = _said(monkeypatch, capsys, "-l", "ckb", "submissions", "withdraw", "--help")[1]
    assert words.text("command.submissions.withdraw") in told
