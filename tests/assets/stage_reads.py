"""What each stage of a build opens, imports and looks up while it runs, each in a process of its own.

Belongs here: running the stages one after the other over a home from which everything was taken that a build makes, and
what is noted meanwhile. Does not belong here: which stage is stale for it
(`tests/end_to_end/test_what_depends.py`).

`python -m tests.assets.stage_reads HOME` writes `stage_reads.json` anew from a copy of HOME, that of a demo.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import yaml

from assets.stages import STAGE_NAMES
from ingestion.checkout_files import FOLDERS, LOCK, ROOT
from ingestion.home import Home

GOLDEN = Path(__file__).with_suffix(".json")
_HOOK = Path(__file__).with_name("opened_files.py")
_MADE = (
    "raw",
    "quarantine",
    "build",
    "candidates",
    "verdicts",
    "releases",
    "ledger",
    "lineage",
    "reports",
    "dagster",
)
_COMPILED = re.compile(r"__pycache__/(\w+)\.cpython-\d+\.pyc(\.\d+)?$")

Reads = dict[str, list[str]]
"""File, `message: <key>`, `library: <name>` or `gaps` -> the stages that read it, in their order."""


def known_files() -> list[str]:
    """Return the files of the checkout, by their names in it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return sorted(path for path in listed.stdout.split("\0") if path and (ROOT / path).is_file())


def reads_of_stages(home: Path, folder: Path) -> Reads:
    """Run every stage over what a home received, and return what each of them read.

    Args:
        home: with received files; it is copied, and nothing of it is changed.
        folder: for the copy and the notes.
    """
    copy = Path(shutil.copytree(home, folder / "home", ignore=shutil.ignore_patterns("backups")))
    for name in (*_MADE, "warehouse.duckdb", "ledger.head"):
        place = copy / name
        shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    Home.at(copy).open()
    (folder / "site").mkdir()
    shutil.copy(_HOOK, folder / "site" / "sitecustomize.py")
    reads: defaultdict[str, list[str]] = defaultdict(list)
    for stage in STAGE_NAMES:
        for name in sorted(_reads_of(stage, copy, folder)):
            reads[name].append(stage)
    return dict(reads)


def _reads_of(stage: str, home: Path, folder: Path) -> set[str]:
    notes, told = folder / f"{stage}.notes", folder / f"{stage}.json"
    environment = os.environ | {
        "MARSAD_WITNESS_ROOT": str(ROOT),
        "MARSAD_WITNESS_NOTES": str(notes),
        "MARSAD_HOME": str(home),
        "DAGSTER_HOME": "",
        "PYTHONPATH": os.pathsep.join([str(folder / "site"), str(ROOT)]),
    }
    command = [sys.executable, "-m", "tests.assets.stage_reads", stage, str(told)]
    subprocess.run(command, check=True, env=environment, cwd=folder)
    lines = notes.read_text(encoding="utf-8").splitlines()
    opened = {_COMPILED.sub(r"\1.py", Path(line).as_posix()) for line in lines}  # without `./`
    files = {path for path in opened if (ROOT / path).is_file() and not path.startswith((".", "tests/", "build/"))}
    keys = yaml.safe_load((ROOT / "languages" / "en.yml").read_text(encoding="utf-8"))
    looked_up = set(json.loads(told.read_text(encoding="utf-8")))
    known = {f"message: {key}" for key in keys}
    return files - {LOCK} | {name for name in looked_up if name in known or not name.startswith("message: ")}


def _run(stage: str, told: Path) -> None:
    """Run the assets of one stage in this process; write the messages and libraries that it took."""
    import dagster as dg

    finder = _NotingFinder()
    sys.meta_path.insert(0, finder)
    from assets.house import BuildContext

    home = Home.at()
    with home.lock("a test"), dg.DagsterInstance.ephemeral() as instance:
        house = BuildContext(home, print, is_locked=True, may_release=True)
        dg.materialize(_assets_of(stage, house), instance=instance)
    told.write_text(json.dumps(sorted(finder.looked_up | _libraries())), encoding="utf-8")


class _NotingFinder(MetaPathFinder):
    """Notes the messages that are looked up, once a stage itself has loaded what looks them up."""

    def __init__(self) -> None:
        self.looked_up: set[str] = set()

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:  # noqa: ANN401 - as of importlib
        if name not in ("languages.catalogue", "languages.words"):
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        loader: Any = spec.loader
        load = loader.exec_module

        def load_and_note(module: Any) -> None:  # noqa: ANN401
            load(module)
            self._note_gaps(module) if name == "languages.words" else self._note_messages(module._OnDemand)

        loader.exec_module = load_and_note
        return spec

    def _note_messages(self, catalogue: Any) -> None:  # noqa: ANN401 - the class is private
        look_up = catalogue.__getitem__

        def noted(own: Any, key: str) -> Any:  # noqa: ANN401
            self.looked_up.add(f"message: {key}")
            return look_up(own, key)

        catalogue.__getitem__ = noted

    def _note_gaps(self, words: Any) -> None:  # noqa: ANN401
        ask = words._gaps

        def asked(*arguments: Any) -> Any:  # noqa: ANN401
            self.looked_up.add("gaps")
            return ask(*arguments)

        words._gaps = asked


def _assets_of(stage: str, house: Any) -> list[Any]:  # noqa: ANN401 - imported late, so that no stage loads another's
    """Return the assets of a stage, from its own module alone."""
    if stage == "landing":
        from assets import landing_assets
        from ingestion.cards.source_card import source_names

        return [
            *(landing_assets.landed_asset(house, name) for name in source_names()),
            landing_assets.roll_call(house),
        ]
    if stage == "warehouse":
        from assets import dbt_assets

        return [dbt_assets.dbt_models(house)]
    if stage == "candidates":
        from assets import candidate_assets

        return [candidate_assets.candidates(house)]
    if stage == "protection":
        from assets import protection_assets

        return [protection_assets.protection_asset(house)]
    if stage == "estimates":
        from assets import estimate_assets

        return [estimate_assets.hidden_part(house), estimate_assets.nowcast(house)]
    if stage == "reports":
        from assets import report_assets
        from languages.words import gaps, languages

        issued = [tag for tag in languages() if not gaps(tag)]
        return [report_assets.report_asset(house, tag, issued) for tag in issued]
    from expectations.cards.dataset_card import dataset_names

    if stage == "gates":
        from assets import gate_assets

        return [gate_assets.gate_asset(house, dataset) for dataset in dataset_names()]
    from assets import release_assets

    return [release_assets.release_asset(house, dataset) for dataset in dataset_names()]


def _libraries() -> set[str]:
    """Return the locked libraries of which this process has loaded a module."""
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / LOCK).read_text(encoding="utf-8"), re.MULTILINE))
    of = packages_distributions()
    loaded = {name for module in tuple(sys.modules) for name in of.get(module.partition(".")[0], ())}
    return {f"library: {name}" for name in (re.sub(r"[-_.]+", "-", one).lower() for one in loaded) if name in locked}


def written(reads: Reads) -> str:
    """Return the text of the list: a line for each name."""
    lines = (f" {json.dumps(name)}: {json.dumps(' '.join(stages))}" for name, stages in sorted(reads.items()))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def golden() -> Reads:
    """Return what was noted when the list was written; files of packages that nobody read are there with no stage."""
    content: dict[str, str] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return {name: stages.split() for name, stages in content.items()}


if __name__ == "__main__":
    if sys.argv[1] in STAGE_NAMES:
        _run(sys.argv[1], Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            reads = reads_of_stages(Path(sys.argv[1]), Path(scratch))
        unread: Reads = {path: [] for path in known_files() if path.startswith(tuple(f"{name}/" for name in FOLDERS))}
        GOLDEN.write_text(written(unread | reads), encoding="utf-8")
