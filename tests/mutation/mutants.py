"""Mutants of a package: small errors that cosmic-ray's operators would make, drawn by a seed.

Belongs here: which errors are made, and which are known to change nothing. Does not belong here: running the tests
about them (`measure_mutants.py`), and the operators themselves (cosmic-ray's).
"""

from __future__ import annotations

import ast
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import MutationVisitor
from cosmic_ray.plugins import get_operator, operator_names

HOUSE = Path(__file__).resolve().parents[2]
EQUIVALENT = Path("tests/mutation/equivalent.yml")
# Numbers and interned words answer `is` as they answer `==`: such mutants say nothing of the tests.
_SAYS_NOTHING = re.compile(r"ReplaceComparisonOperator_(?:Eq|NotEq|Lt|LtE|Gt|GtE)_Is")
Place = tuple[int, int]


@dataclass(frozen=True)
class Mutant:
    """One error at one place: `file` relative to the house, the line as it is and as it becomes."""

    file: str
    at: Place
    operator: str
    occurrence: int

    def code(self, source: str) -> str:
        """Return the module's text with the error in it.

        Raises:
            ValueError: this text has no such place; the mutant is another text's.
        """
        operator: Any = get_operator(self.operator)
        mutated = MutationVisitor.mutate_code(source, operator(), self.occurrence)
        if mutated is None:
            raise ValueError(f"{self.file} has no place {self.occurrence} for {self.operator}")
        return str(mutated)

    def lines(self, source: str) -> tuple[str, str]:
        """Return the line of the place, as it is and as it becomes, without its indent."""
        was, becomes = source.splitlines(), [*self.code(source).splitlines(), ""]
        return was[self.at[0] - 1].strip(), becomes[self.at[0] - 1].strip()


def _annotations(source: str) -> list[tuple[Place, Place]]:
    """Return where annotations stand: no module evaluates its own (`from __future__ import annotations`)."""
    found: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg | ast.AnnAssign):
            found.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(node.returns)
    spans = [((n.lineno, n.col_offset), (n.end_lineno or 0, n.end_col_offset or 0)) for n in found if n]
    wide = source.splitlines()  # ast counts bytes, cosmic-ray letters
    return [(_letters(wide, start), _letters(wide, end)) for start, end in spans]


def _letters(lines: list[str], place: Place) -> Place:
    return place[0], len(lines[place[0] - 1].encode()[: place[1]].decode())


def mutants_of(file: str, source: str) -> dict[tuple[Place, str], list[Mutant]]:
    """Return the mutants of a module by place and kind of operator, so that a place with ten of them is drawn once."""
    spans = _annotations(source) if "from __future__ import annotations" in source else []
    nodes = list(ast_nodes(get_ast(source)))
    found: dict[tuple[Place, str], list[Mutant]] = defaultdict(list)
    for name in sorted(operator_names()):
        kind: Any = get_operator(name)
        if kind.arguments() or _SAYS_NOTHING.search(name):
            continue
        operator = kind()
        places = (start for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, at in enumerate(places):
            if not any(start <= at < end for start, end in spans):
                found[at, name.split("_")[0]].append(Mutant(file, at, name, occurrence))
    return found


def sample(package: str, count: int, seed: int, house: Path = HOUSE) -> list[Mutant]:
    """Return `count` mutants of a package (all, if it has fewer places): a place is drawn, then one of its mutants."""
    places: list[list[Mutant]] = []
    for path in sorted((house / package).rglob("*.py")):
        places += mutants_of(path.relative_to(house).as_posix(), path.read_text(encoding="utf-8")).values()
    chance = random.Random(f"{seed}/{package}")
    return [chance.choice(place) for place in chance.sample(places, min(count, len(places)))]


def equivalents(house: Path = HOUSE) -> list[dict[str, str]]:
    """Return the mutants that were judged to change nothing: file, line, becomes, operator and the reason."""
    return yaml.safe_load((house / EQUIVALENT).read_text(encoding="utf-8")) or []
