"""How large the house is: lines of code, of tests and of documents, messages, packages, by room.

Belongs here: counting what is in a checkout. Does not belong here: a limit; a number is no reason for a contortion.
A line of code is one that is not blank, no comment and no part of a docstring.

    python -m tests.house.measure_size [CHECKOUT]
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.packages import HOUSE

WRITTEN_AS_CODE = {".py", ".sql", ".js", ".html", ".css", ".typ", ".sh", ".conf"}
COMMENTS = {".sql": r"--.*", ".js": r"//.*|/\*.*\*/", ".typ": r"//.*", ".sh": r"#.*", ".conf": r"#.*"}
IGNORED_TOKENS = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def lines_of_code(path: Path) -> int:
    """Return the lines of a file that are neither blank nor a comment nor a docstring."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return len(_python_lines(text) - _docstring_lines(text))
    comment = re.compile(COMMENTS.get(path.suffix, "(?!)"))
    return sum(1 for line in text.splitlines() if line.strip() and not comment.fullmatch(line.strip()))


def _python_lines(text: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {
        line for token in tokens if token.type not in IGNORED_TOKENS for line in range(token.start[0], token.end[0] + 1)
    }


def _docstring_lines(text: str) -> set[int]:
    """Return the lines of strings that stand alone as a statement: docstrings, and those under a constant."""
    return {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def tracked_files(checkout: Path) -> Iterator[Path]:
    """Yield the tracked files of a checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=checkout, capture_output=True, text=True, check=True)
    yield from (checkout / name for name in listed.stdout.split("\0") if name and (checkout / name).is_file())


def sizes(checkout: Path) -> Counter[str]:
    """Return the sizes of a checkout by what is counted.

    Args:
        checkout: its folder.

    Returns:
        Lines of code by top folder (`code: reports`), of production and of tests; modules; words of documents; messages
        and their words; packages by lock.
    """
    counted: Counter[str] = Counter()
    for path in tracked_files(checkout):
        room = path.relative_to(checkout).parts[0]
        if path.suffix in WRITTEN_AS_CODE:
            side = "tests" if room == "tests" else "production"
            lines = lines_of_code(path)
            counted[f"code: {room}"] += lines
            counted[f"lines of code, {side}"] += lines
            if path.suffix == ".py":
                counted[f"modules, {side}"] += 1
                counted[f"lines of Python, {side}"] += lines
        elif path.suffix == ".md":
            counted["words of documents"] += len(path.read_text(encoding="utf-8").split())
        elif path.name.startswith("requirements"):
            counted[f"packages: {path.name}"] = len(re.findall(r"^[a-z0-9].*==", path.read_text(), re.MULTILINE))
    messages = yaml.safe_load((checkout / "languages" / "en.yml").read_text(encoding="utf-8"))
    counted["messages"] = len(messages)
    counted["words of messages"] = sum(len(str(text).split()) for text in messages.values())
    return counted


def _main(arguments: list[str]) -> None:
    checkout = Path(arguments[0]) if arguments else HOUSE
    sys.stdout.writelines(f"{number:>8,}  {name}\n" for name, number in sorted(sizes(checkout).items()))


if __name__ == "__main__":
    _main(sys.argv[1:])
