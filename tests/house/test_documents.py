"""What the documents point at is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.packages import BESIDE, PACKAGES, tree_of

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = (*PACKAGES, *BESIDE)
MODULES = [path.name for room in ROOMS for path in (HOUSE / room).rglob("*.py")]
MEASURING = sorted([*(HOUSE / "benchmarks").rglob("*.py"), *(HOUSE / "tests").rglob("measure_*.py")])
"""Run by hand: no other test would notice that a place which they name is gone."""
OF_A_SOURCE = {"reader.py"}
"""What a folder of a source may bring, whatever else is called so."""

DOCUMENTS = sorted([*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")])
TOLD_TODAY = [path for path in DOCUMENTS if path.parent.name != "decisions"]
"""A decision tells of its day, also of names that are gone."""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?://|#)([^)#]+)", text)
    assert [name for name in linked if not (document.parent / name).exists()] == []
    named = re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w/.-]+\.(?:md|py|yml|sql|csv|txt))`", text)
    assert [name for name in named if not (HOUSE / name).exists()] == []


@pytest.mark.parametrize("module", MEASURING, ids=lambda path: path.name)
def test_every_place_of_the_house_that_a_measurement_names_is_there(module: Path) -> None:
    texts = [
        node.value
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    rooms = "|".join(ROOMS)
    paths = [found for text in texts for found in re.findall(rf"(?<![\w/.-])(?:{rooms})/[\w/]*(?:\.\w+)?", text)]
    dotted = [found for text in texts for found in re.findall(rf"(?<![\w/.-])(?:{rooms})(?:\.[a-z_]+)+$", text)]
    assert [path for path in paths if not (HOUSE / path).exists()] == []
    places = {name: HOUSE / name.replace(".", "/") for name in dotted}
    assert [name for name, one in places.items() if not (one.is_dir() or one.with_suffix(".py").is_file())] == []


def test_the_readme_tells_how_many_indicators_there_are() -> None:
    cards = list((HOUSE / "dbt_project" / "models" / "indicators").rglob("ind_*.sql"))
    assert f"It builds {len(cards)} indicators" in (HOUSE / "README.md").read_text(encoding="utf-8")


def test_a_measurement_that_is_asked_for_help_reads_what_it_is_asked() -> None:
    """One that looks for its words itself runs for minutes instead, and takes a misspelt one for none."""
    runnable = [path for path in MEASURING if "def main()" in path.read_text("utf-8")]
    assert len(runnable) >= 9
    assert [path.name for path in runnable if "argparse.ArgumentParser(" not in path.read_text("utf-8")] == []


@pytest.mark.parametrize("document", TOLD_TODAY, ids=lambda path: path.name)
def test_a_module_that_a_document_names_alone_is_one_module(document: Path) -> None:
    named = set(re.findall(r"`(\w+\.py)`", document.read_text(encoding="utf-8")))
    assert {name: MODULES.count(name) for name in named if MODULES.count(name) != 1 and name not in OF_A_SOURCE} == {}


def test_decisions_are_numbered_without_gaps() -> None:
    folder = HOUSE / "docs" / "decisions"
    replaced = re.findall(r"^- \*\*(\d+)\.\*\*", (folder / "history.md").read_text(encoding="utf-8"), re.MULTILINE)
    numbers = sorted([*(int(path.name[:4]) for path in folder.glob("[0-9]*.md")), *map(int, replaced)])
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("record", sorted((HOUSE / "docs" / "decisions").glob("[0-9]*.md")), ids=lambda path: path.name)
def test_a_decision_says_whether_it_holds_and_which_later_record_changed_it(record: Path) -> None:
    lines = record.read_text(encoding="utf-8").splitlines()
    number = int(record.name[:4])
    assert lines[0].startswith(f"# {number}. ")
    status = re.fullmatch(r"Status: accepted(?:, amended by ((?:\[\d+\]\([\w.-]+\)(?:, )?)+))?\.", lines[2])
    assert status, lines[2]
    amending = [int(named) for named in re.findall(r"\[(\d+)\]", status[1] or "")]
    assert amending == sorted(amending) and all(named > number for named in amending)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_list_follows_an_empty_line(document: Path) -> None:
    """Else mkdocs prints it as a part of the paragraph above."""
    text = re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"^(?![-*] |\d+\. |\s|\|)\S.*\n(?:[-*] |1\. ).*", text, re.MULTILINE) == []
