"""How many small errors the tests would see: `make mutate`, or `python -m tests.mutation.measure_mutants`.

A seeded sample of places in the package is drawn; at each, cosmic-ray makes one error (a mutant) in a copy of the
checkout, and the tests that reach the module are run. Belongs here: which tests are asked, how, the count. Does
not belong here: which errors are made (`mutants.py`), and assertions: this measures. A survivor is a question.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutation.mutants import HOUSE, Mutant, equivalents, sample

PACKAGES = ("methods", "expectations", "ingestion")
APART = {
    "methods/disclosure": ("methods/disclosure/",),
    "the gate": (
        "expectations/gate/",
        "ingestion/seals.py",
        "expectations/releases/release.py",
        "expectations/releases/verification.py",
    ),
}
"""Parts that are counted by themselves too, each as the beginnings of its files."""
_OTHER_TESTS = ("tests/house/", "tests/end_to_end/", "tests/second_engine/", "tests/mutation/")
"""Tests of the tree, of the whole house, of the engine that needs Java, and of this."""
_MEMORY = 12 * 2**30  # bytes that a mutant may write to; address space that V8 merely reserves is not counted

_LIMITED_PYTEST = """
import resource, runpy, sys
most = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_DATA, (most, most))
runpy.run_module("pytest", run_name="__main__", alter_sys=True)
"""
"""The limit is set by the process that it is for: code between fork and exec may hang where the parent has threads."""


def _names_imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(house: Path) -> dict[str, set[str]]:
    """Return for each dotted module the files that import it, by a reading of the text alone."""
    found: dict[str, set[str]] = defaultdict(set)
    for room in (*PACKAGES, "assets", "reports", "marsad", "samples", "tests"):
        for path in sorted((house / room).rglob("*.py")):
            for name in _names_imported(ast.parse(path.read_text(encoding="utf-8"))):
                found[name].add(path.relative_to(house).as_posix())
    return found


def reaching(file: str, graph: dict[str, set[str]], house: Path) -> list[str]:
    """Return the test files that reach a module, nearest first.

    Nearest are those of its own name, then those that import it, those of the name of a module that imports it, those
    that import such a module, and so on, two steps far; further only if none was found. Of equally near ones the
    shorter file comes first.
    """
    far = dict.fromkeys(_of_its_name(file, house), 0)
    edge = {file}
    for step in range(1, 5):
        edge = {other for one in edge for other in graph.get(one.removesuffix(".py").replace("/", "."), ())}
        if step > 2 and far:
            break
        for other in edge:
            if re.match(r"tests/.*test_\w+\.py", other):
                far.setdefault(other, 2 * step - 1)
            for test in _of_its_name(other, house):
                far.setdefault(test, 2 * step)
    tests = (test for test in far if not test.startswith(_OTHER_TESTS))
    return sorted(tests, key=lambda test: (far[test], (house / test).stat().st_size, test))


def _of_its_name(file: str, house: Path) -> list[str]:
    floor, stem = file.split("/")[0], Path(file).stem
    return [p.relative_to(house).as_posix() for p in (house / "tests" / floor).rglob(f"test_{stem}*.py")]


@dataclass
class Checkout:
    """A copy of the checkout, in which mutants are made and tests run; the working tree is never written to."""

    house: Path
    seconds: float
    graph: dict[str, set[str]] = field(default_factory=dict)
    times: dict[str, float | None] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.graph = importers(self.house)

    def run(self, tests: list[str], seconds: float) -> bool | None:
        """Run test files; return whether all passed, None if the time (wall seconds) was up."""
        scratch = self.house.parent / "scratch"
        scratch.mkdir()
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        placed = {"HOME": str(scratch), "TMPDIR": str(scratch), "PYTHONPATH": str(self.house)}
        asked = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", *tests]
        command = [sys.executable, "-c", _LIMITED_PYTEST, str(_MEMORY), *asked]
        process = subprocess.Popen(
            command, cwd=self.house, env={**kept, **placed, "PYTHONDONTWRITEBYTECODE": "1"}, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)
            shutil.rmtree(scratch, ignore_errors=True)
            shutil.rmtree(self.house / ".hypothesis", ignore_errors=True)  # no example of one mutant for the next

    def tests(self, file: str) -> list[str]:
        """Return the tests asked about a module: those that pass without a mutant, in the seconds together.

        The search ends when three quarters of the seconds are used, or two files in a row cannot be taken (four, if
        none was).
        """
        if file in self.chosen:
            return self.chosen[file]
        left, taken, refused = self.seconds, [], 0
        for test in reaching(file, self.graph, self.house):
            if test not in self.times:
                start = time.monotonic()
                passed = self.run([test], self.seconds)
                self.times[test] = time.monotonic() - start if passed else None
                if passed is False:
                    print(f"  left out, does not pass in a bare copy: {test}", flush=True)
            took = self.times[test]
            if took is not None and took <= left:
                taken.append(test)
                left, refused = left - took, 0
            else:
                refused += 1
            if left < self.seconds / 4 or refused == (2 if taken else 4):
                break
        self.chosen[file] = sorted(taken, key=lambda test: self.times[test] or 0)
        return self.chosen[file]

    def verdict(self, mutant: Mutant) -> str:
        """Return `killed` (a test failed, or the time was up), `survived`, or `untested` (no test reaches it)."""
        tests = self.tests(mutant.file)
        if not tests:
            return "untested"
        path = self.house / mutant.file
        source = path.read_text(encoding="utf-8")
        path.write_text(mutant.code(source), encoding="utf-8")
        try:
            return "survived" if self.run(tests, 10 + 3 * sum(self.times[test] or 0 for test in tests)) else "killed"
        finally:
            path.write_text(source, encoding="utf-8")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the tests and every worker they started: they stand in a group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _leave(signal_number: int, frame: object) -> None:
    sys.exit(128 + signal_number)


def _copy(to: Path) -> None:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=HOUSE, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (HOUSE / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(HOUSE / name, to / name)
    # Judged by content, never by second and size: a mutant of equal length is not mistaken for its original.
    compiling = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "."]
    subprocess.run(compiling, cwd=to, check=True)


def measure(package: str, options: argparse.Namespace, checkout: Checkout) -> Counter[tuple[str, str]]:
    """Ask the sampled mutants of a package until the minutes are up; return how many were what, by group."""
    known = [(e["file"], e["line"], e["becomes"], e["operator"]) for e in equivalents(checkout.house)]
    mutants = sample(package, options.mutants, options.seed, checkout.house)
    print(f"\n{package}: {len(mutants)} mutants, seed {options.seed}", flush=True)
    counted: Counter[tuple[str, str]] = Counter()
    start = time.monotonic()
    for number, mutant in enumerate(mutants, 1):
        if time.monotonic() - start > options.minutes * 60:
            print(f"  the {options.minutes:g} minutes are up: {number - 1} of {len(mutants)} were asked", flush=True)
            break
        old, new = mutant.lines((checkout.house / mutant.file).read_text(encoding="utf-8"))
        same = (mutant.file, old, new, mutant.operator.removeprefix("core/")) in known
        verdict = "equivalent" if same else checkout.verdict(mutant)
        groups = [package, *(name for name, files in APART.items() if mutant.file.startswith(files))]
        counted.update((group, verdict) for group in groups)
        asked = len(checkout.chosen.get(mutant.file, []))
        print(f"  {number}/{len(mutants)} {verdict}: {mutant.file}:{mutant.at[0]} {mutant.operator}", end="")
        print(f", {asked} files of tests", flush=True)
        if verdict in ("survived", "untested"):
            print(f"    - {old}\n    + {new}", flush=True)
    print(f"{package}: {time.monotonic() - start:.0f} s", flush=True)
    return counted


def main() -> None:
    """Measure the packages asked for and print a table; the exit code tells of this tool only, not of survivors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", choices=PACKAGES, nargs="+", default=PACKAGES)
    parser.add_argument("--mutants", type=int, default=400, help="of each package (400)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="for each package (no limit)")
    parser.add_argument("--seconds", type=float, default=60, help="of tests for one mutant (60)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _leave)  # so that the copy goes and the tests end
    counted: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        house = Path(folder) / "house"
        _copy(house)
        checkout = Checkout(house, options.seconds)
        for package in options.package:
            counted += measure(package, options, checkout)
    print("\n| | killed | survived | no test within the time | equivalent | killed of those that could be |")
    print("|---|---:|---:|---:|---:|---:|")
    for group in dict.fromkeys(group for group, _ in counted):
        killed, survived, untested, same = (counted[group, v] for v in ("killed", "survived", "untested", "equivalent"))
        asked = killed + survived + untested
        rate = f"{killed / asked:.0%}" if asked else "none asked"
        print(f"| {group} | {killed} | {survived} | {untested} | {same} | {rate} |")


if __name__ == "__main__":
    main()
