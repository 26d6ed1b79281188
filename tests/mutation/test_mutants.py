"""The measurement of the tests is itself tested: what it draws, what it leaves out, and what it calls killed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutation import measure_mutants
from tests.mutation.measure_mutants import Checkout, reaching
from tests.mutation.mutants import HOUSE, Mutant, equivalents, mutants_of, sample

SOURCE = '''"""A toy."""

from __future__ import annotations

NAMES: dict[str, int | None] = {"عدد": 1 | 2}


def largest(numbers: list[int | None], least: int | None = 3) -> int | None:
    found: int | None = least
    for number in numbers:
        if number is not None and number > found:
            found = number
    return found
'''
TEST = """from methods.toy import largest

def test_the_largest_is_found():
    assert largest([1, 5, 4]) == 5
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "house" / "methods").mkdir(parents=True)
    (tmp_path / "house" / "tests" / "methods").mkdir(parents=True)
    (tmp_path / "house" / "methods" / "__init__.py").touch()
    (tmp_path / "house" / "methods" / "toy.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "house" / "tests" / "methods" / "test_toy.py").write_text(TEST, encoding="utf-8")
    return tmp_path / "house"


def _mutant(line: int, operator: str) -> Mutant:
    drawn = [one for several in mutants_of("methods/toy.py", SOURCE).values() for one in several]
    return next(one for one in drawn if one.at[0] == line and one.operator == f"core/{operator}")


def test_every_mutant_is_another_program() -> None:
    drawn = [one for several in mutants_of("methods/toy.py", SOURCE).values() for one in several]
    assert drawn
    for mutant in drawn:
        assert ast.dump(ast.parse(mutant.code(SOURCE))) != ast.dump(ast.parse(SOURCE))


def test_an_annotation_is_no_place_for_an_error_and_the_value_beside_it_is() -> None:
    bars = [place for place, kind in mutants_of("methods/toy.py", SOURCE) if kind == "core/ReplaceBinaryOperator"]
    assert [SOURCE.splitlines()[line - 1][column - 2 :] for line, column in bars] == ["1 | 2}"]


def test_a_seed_draws_the_same_mutants_again_and_no_place_twice(house: Path) -> None:
    drawn = sample("methods", 8, 1, house)
    assert drawn == sample("methods", 8, 1, house)
    assert drawn != sample("methods", 8, 2, house)
    assert len({(mutant.at, mutant.operator.split("_")[0]) for mutant in drawn}) == 8


def test_a_sample_larger_than_the_package_is_the_package(house: Path) -> None:
    assert len(sample("methods", 10_000, 1, house)) == len(mutants_of("methods/toy.py", SOURCE))


def test_the_test_of_its_own_name_is_asked_before_one_that_imports_an_importer(house: Path) -> None:
    (house / "tests" / "methods" / "test_a.py").write_text("import methods.above\n")
    graph = {"methods.toy": {"methods/above.py"}, "methods.above": {"tests/methods/test_a.py"}}
    assert reaching("methods/toy.py", graph, house) == ["tests/methods/test_toy.py", "tests/methods/test_a.py"]


def test_an_error_that_a_test_sees_is_killed_another_survives_and_the_file_is_put_back(house: Path) -> None:
    checkout = Checkout(house, 60)
    assert checkout.verdict(_mutant(11, "ReplaceComparisonOperator_Gt_Lt")) == "killed"
    assert checkout.verdict(_mutant(8, "NumberReplacer")) == "survived"
    assert (house / "methods" / "toy.py").read_text(encoding="utf-8") == SOURCE
    assert sorted(path.name for path in house.parent.iterdir()) == ["house"]


def test_a_test_that_fails_without_a_mutant_kills_none(house: Path) -> None:
    (house / "tests" / "methods" / "test_toy.py").write_text("def test_never():\n    assert False\n")
    assert Checkout(house, 60).verdict(_mutant(11, "ReplaceComparisonOperator_Gt_Lt")) == "untested"


def test_tests_that_never_end_are_ended_when_the_time_is_up(house: Path) -> None:
    (house / "tests" / "methods" / "test_toy.py").write_text("while True:\n    pass\n")
    assert Checkout(house, 60).run(["tests/methods/test_toy.py"], 3) is None


def test_a_mutant_that_writes_to_more_memory_than_allowed_is_killed_and_not_the_machine(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = house / "tests" / "methods" / "test_toy.py"
    test.write_text("def test_much():\n    assert len(bytearray(600 * 2**20))\n")
    assert Checkout(house, 60).run(["tests/methods/test_toy.py"], 60) is True
    monkeypatch.setattr(measure_mutants, "_MEMORY", 400 * 2**20)
    assert Checkout(house, 60).run(["tests/methods/test_toy.py"], 60) is False


@pytest.mark.parametrize("entry", equivalents(), ids=lambda entry: f"{entry['file']}: {entry['becomes']}")
def test_every_equivalent_mutant_is_still_one_that_can_be_drawn_and_has_a_reason(entry: dict[str, str]) -> None:
    source = (HOUSE / entry["file"]).read_text(encoding="utf-8")
    same = (one for several in mutants_of(entry["file"], source).values() for one in several)
    same = (one for one in same if one.operator == f"core/{entry['operator']}")
    assert (entry["line"], entry["becomes"]) in [one.lines(source) for one in same]
    assert len(entry["reason"].split()) > 3
