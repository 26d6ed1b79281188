"""Which public functions hand over bare tuples of collections, or take more than seven parameters.

Belongs here: listing. Does not belong here: a limit; whoever reads the list decides what a class would say better.

    python -m tests.house.bare_tuples [FOLDER]...
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from tests.packages import HOUSE, PACKAGES, tree_of

MOST_PARAMETERS = 7
COLLECTIONS = re.compile(
    r"list|dict|set|frozenset|tuple|Counter|DataFrame|Series|ndarray|Sequence|Mapping|Iter(able|ator)|Collection"
)


def _name(node: ast.expr) -> str:
    node = node.value if isinstance(node, ast.Subscript) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _has_bare_tuple(annotation: ast.expr | None) -> bool:
    """Return whether an annotation names a tuple of fixed length that holds a collection."""
    for node in ast.walk(annotation) if annotation else ():
        if isinstance(node, ast.Subscript) and _name(node) == "tuple" and isinstance(node.slice, ast.Tuple):
            members = node.slice.elts
            fixed = not isinstance(members[-1], ast.Constant)
            if fixed and any(COLLECTIONS.fullmatch(_name(member)) for member in members):
                return True
    return False


def findings(folder: str) -> Iterator[str]:
    """Yield a line for each bare tuple and each long list of parameters in the public functions of a folder."""
    for path in sorted((HOUSE / folder).rglob("*.py")):
        classes = [node for node in tree_of(path).body if isinstance(node, ast.ClassDef)]
        for node in (statement for part in (tree_of(path), *classes) for statement in part.body):
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            place = f"{path.relative_to(HOUSE).as_posix()}:{node.lineno} {node.name}"
            parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if _has_bare_tuple(node.returns):
                yield f"{place} returns {ast.unparse(node.returns)}" if node.returns else place
            for parameter in parameters:
                if _has_bare_tuple(parameter.annotation):
                    yield f"{place} takes {ast.unparse(parameter)}"
            if len(parameters) > MOST_PARAMETERS:
                yield f"{place} has {len(parameters)} parameters"


if __name__ == "__main__":
    lines = [line for folder in sys.argv[1:] or [*PACKAGES, "benchmarks", "installation"] for line in findings(folder)]
    sys.stdout.write("\n".join([*lines, f"{len(lines)}\n"]))
