"""What a change can break: the checks whose files no longer have the bytes with which they passed last.

Belongs here: the map from folders to checks (`what_each_check_reads.yml`) and what is remembered of the last pass.
Does not belong here: any check. A fresh clone remembers nothing and asks all of them.

    build/checked.json    the hash of all that each house test read when it passed
    build/typed.json      the hash of each module, of the settings and of the locks when their types were right

Run as a program it types the packages: all modules, or those that changed and those that import them, by the import
graph of import-linter.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import grimp
import yaml
from grimp import ImportGraph

from tests.packages import HOUSE, PACKAGES

MEMORY, _TYPED = HOUSE / "build" / "checked.json", HOUSE / "build" / "typed.json"
ALWAYS = (
    "pyproject.toml",
    "Makefile",
    "requirements.lock",
    "requirements-dev.lock",
    "tests/packages.py",
    "tests/conftest.py",
)
"""What every check reads, beside its own file and what helps the tests of this folder."""
_MAP = "tests/house/what_each_check_reads.yml"
_OF_TYPES = ("pyproject.toml", "requirements.lock", "requirements-dev.lock")


@cache
def hashes() -> dict[str, str]:
    """Return the hash of each file of the checkout that Git does not ignore, by its path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = [path for path in listed.split("\0") if path and (HOUSE / path).is_file()]
    return {path: hashlib.sha256((HOUSE / path).read_bytes()).hexdigest() for path in paths}


@cache
def map_of_checks() -> Mapping[str, list[str]]:
    """Return the folders and files that each check reads, by the name of its file."""
    return yaml.safe_load((HOUSE / _MAP).read_text(encoding="utf-8"))


def reads(check: str, path: str) -> bool:
    """Return whether a house test reads a file, as the map says."""
    listed = map_of_checks().get(check)
    helps = path.startswith("tests/house/") and not path.startswith("tests/house/test_")
    if listed is None or helps or path in (*ALWAYS, f"tests/house/{check}"):
        return True
    return any(path == place or path.startswith(f"{place}/") for place in listed)


def key_of(check: str, files: Mapping[str, str]) -> str:
    """Return the hash of all that a house test reads.

    Args:
        check: the name of its file.
        files: as of `hashes`.
    """
    read = [f"{path} {sha256}" for path, sha256 in sorted(files.items()) if reads(check, path)]
    return hashlib.sha256("\n".join([sys.version, *read]).encode()).hexdigest()


def remembered(memory: Path = MEMORY) -> dict[str, str]:
    """Return the key with which each check passed last; none if the memory cannot be read."""
    try:
        return dict(json.loads(memory.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def remember(passed: Mapping[str, str], memory: Path = MEMORY) -> None:
    """Write the keys of checks that passed beside those of the others."""
    memory.parent.mkdir(exist_ok=True)
    memory.write_text(json.dumps(remembered(memory) | dict(passed), indent=0, sort_keys=True), encoding="utf-8")


def modules_to_type(before: Mapping[str, str], now: Mapping[str, str]) -> list[str] | None:
    """Return the paths of modules whose types may have become wrong; None: all, since settings or names changed.

    Args:
        before: hashes of the last pass, by path.
        now: hashes of today.
    """
    changed = {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}
    if not before or changed & set(_OF_TYPES) or before.keys() != now.keys():
        return None
    return sorted({path for module in map(_module_of, changed) for path in _importing(module)} | changed)


def _module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _importing(module: str) -> Iterable[str]:
    """Yield the paths of all modules that import one, also by way of others."""
    graph = _graph()
    found = graph.find_downstream_modules(module, as_package=False)
    return (path for name in found if (path := _path_of(name)))


@cache
def _graph() -> ImportGraph:
    return grimp.build_graph(*PACKAGES)


def _path_of(module: str) -> str:
    base = module.replace(".", "/")
    return next((path for path in (f"{base}.py", f"{base}/__init__.py") if path in hashes()), "")


def check_types() -> int:
    """Run pyright over what may have become wrong; return its exit code."""
    folders = tuple(f"{package}/" for package in PACKAGES)
    now = {
        path: sha256
        for path, sha256 in hashes().items()
        if (path.endswith(".py") and path.startswith(folders)) or path in _OF_TYPES
    }
    paths = modules_to_type(remembered(_TYPED), now)
    if paths == []:
        return 0
    answer = subprocess.run(
        [str(Path(sys.executable).with_name("pyright")), "--pythonpath", sys.executable, *(paths or [])],
        cwd=HOUSE,
        check=False,
    )
    if answer.returncode == 0:
        _TYPED.parent.mkdir(exist_ok=True)
        _TYPED.write_text(json.dumps(now, indent=0, sort_keys=True), encoding="utf-8")
    return answer.returncode


if __name__ == "__main__":
    sys.exit(check_types())
