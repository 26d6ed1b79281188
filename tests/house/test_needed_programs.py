"""A test is skipped where its program is missing or does not work, and runs where it does."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import needed_programs
from tests.packages import HOUSE, PROJECT, tree_of

MARKS = {line.partition(":")[0] for line in PROJECT["tool"]["pytest"]["ini_options"]["markers"]}


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str], None]:
    """A maker of the only programs on the PATH: each a shell script of these lines."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for question in (
        needed_programs.has_browser,
        needed_programs.has_java,
        needed_programs.has_poppler,
        needed_programs.has_systemd,
        needed_programs.has_age,
    ):
        monkeypatch.setattr(needed_programs, question.__name__, question.__wrapped__)

    def made(name: str, lines: str) -> None:
        (tmp_path / name).write_text(f"#!/bin/sh\n{lines}\n")
        (tmp_path / name).chmod(0o755)

    return made


@pytest.mark.parametrize("part", ["Calc", "Impress"])
def test_an_office_without_the_part_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    inside, outside = tmp_path / "lib" / "office" / "program", tmp_path / "bin"
    for folder in (inside, outside):
        folder.mkdir(parents=True)
    monkeypatch.setenv("PATH", str(outside))
    assert not needed_programs.has_office_with(part)
    (inside / "soffice").touch(mode=0o755)
    (outside / "soffice").symlink_to(inside / "soffice")
    for other in {"libsclo.so", "libsdlo.so"} - {needed_programs._OFFICE_PARTS[part]}:
        (inside / other).touch()
    assert not needed_programs.has_office_with(part)
    (inside / needed_programs._OFFICE_PARTS[part]).touch()
    assert needed_programs.has_office_with(part)


@pytest.mark.parametrize(
    ("version", "is_enough"),
    [("1.8.0_402", False), ("11.0.2", False), ("16.0.9", False), ("17.0.1", True), ("21", True)],
)
def test_java_must_be_of_the_version_that_spark_needs(
    program: Callable[[str, str], None], version: str, is_enough: bool
) -> None:
    assert not needed_programs.has_java()
    program("java", f"echo 'openjdk version \"{version}\" 2026-01-01' >&2")
    assert needed_programs.has_java() == is_enough


def test_a_browser_that_does_not_start_is_none(program: Callable[[str, str], None]) -> None:
    assert not needed_programs.has_browser()
    program("chromium", "echo there; exit 127")
    assert not needed_programs.has_browser()
    program("chromium", "echo '<p>there</p>'")
    assert needed_programs.has_browser()


def test_a_program_of_the_same_name_is_not_believed(program: Callable[[str, str], None]) -> None:
    program("pdftotext", "echo 'pdftotext version 4.05, Xpdf'")
    program("systemd-analyze", "exit 1")
    program("age", "echo 'age 3: how old is it?'")
    program("age-keygen", "echo v1.2.1")
    assert (needed_programs.has_poppler(), needed_programs.has_systemd(), needed_programs.has_age()) == (False,) * 3
    program("pdftotext", "echo 'pdftotext version 25.03.0, The Poppler Developers' >&2")
    program("systemd-analyze", "echo 'systemd 257'")
    program("age", "echo v1.2.1")
    for question in (needed_programs.has_poppler, needed_programs.has_systemd, needed_programs.has_age):
        assert question()


def test_every_mark_has_its_question_and_every_question_its_mark() -> None:
    assert {mark for mark in MARKS if mark.startswith("needs_")} == needed_programs.NEEDS.keys()


def test_a_test_that_saves_with_an_office_says_with_which_part() -> None:
    saving = [
        (path.name, node)
        for path in (HOUSE / "tests").rglob("test_*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and "saved_by_office(" in ast.unparse(node)
    ]
    assert len(saving) > 10
    marks = re.compile(r"needs_(?:calc|impress)\b")
    assert [
        (name, node.name) for name, node in saving if not any(map(marks.search, map(ast.unparse, node.decorator_list)))
    ] == [(Path(__file__).name, "test_a_test_that_saves_with_an_office_says_with_which_part")]
