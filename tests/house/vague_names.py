"""How many names say nothing of what they hold, outside of the tests, and where they stand.

Belongs here: counting. Does not belong here: a limit; a number is no reason for a contortion.

    python -m tests.house.vague_names [FOLDER]...
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator

from tests.packages import HOUSE, PACKAGES, tree_of

VAGUE = frozenset({"one", "found", "told", "said", "kept", "beside"})


def vague_names(folder: str) -> Iterator[tuple[str, int, str]]:
    """Yield the file, line and name of each name that is assigned or taken as a parameter in a folder."""
    for path in sorted((HOUSE / folder).rglob("*.py")):
        for node in ast.walk(tree_of(path)):
            name = node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else ""
            name = node.arg if isinstance(node, ast.arg) else name
            if name in VAGUE:
                yield path.relative_to(HOUSE).as_posix(), node.lineno, name


def _main(folders: list[str]) -> None:
    everywhere = [*PACKAGES, "docs", "benchmarks", "installation"]
    names = [named for folder in folders or everywhere for named in vague_names(folder)]
    if folders:
        sys.stdout.writelines(f"{file}:{line} {name}\n" for file, line, name in names)
    sys.stdout.write(f"{len(names)} {dict(Counter(name for _, _, name in names).most_common())}\n")


if __name__ == "__main__":
    _main(sys.argv[1:])
