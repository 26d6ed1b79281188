"""The first answer is fast because heavy floors are imported late."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("dagster", "dbt", "great_expectations", "pandas")


@pytest.mark.parametrize(
    "command",
    [
        ["--help"],
        ["check", "--help"],
        ["receive", "--help"],
        ["template", "--help"],
        ["inbox", "--help"],
        ["export", "--help"],
        ["check", "no_such_file.xlsx"],
    ],
)
def test_the_front_desk_opens_without_the_heavy_floors(command: list[str]) -> None:
    script = (
        "import sys\nfrom marsad.command import main\n"
        f"sys.argv = ['marsad', *{command!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('loaded:', sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stderr.splitlines()[-1] == "loaded: []"


def test_the_tree_of_commands_is_made_without_readers_of_files_cards_and_templates() -> None:
    readers = ("ingestion.files.guard", "ingestion.cards.source_card", "jinja2", "yaml")
    script = f"import sys, marsad.command\nprint('loaded:', sorted(set({readers!r}) & set(sys.modules)))\n"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "loaded: []", "every command pays for it: import it in the function"


def test_what_is_asked_of_the_data_of_a_body_is_answered_without_all_distributions_there_are() -> None:
    script = (
        "import sys\nimport numpy as np\nimport pandas as pd\nfrom ingestion.quality import quality_measures\n"
        "from methods import anomalies, breaks, heaping\n"
        "figures = pd.DataFrame({'series': 's', 'period': range(2016, 2022), 'value': [9.0, 8, 9, 7, 90, 8]})\n"
        "anomalies.control_false_flags(anomalies.measure_jumps(figures)['p_value'])\n"
        "breaks.compare_shares(([9], [40]), ([30], [40]))\n"
        "heaping.whipple(pd.Series([4, 9], index=[24, 25]))\n"
        "print('loaded:', sorted({'scipy.stats'} & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "loaded: []", "it takes a second of each command: see `scipy.special`"


def test_a_build_that_finds_nothing_changed_answers_without_the_heavy_floors() -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom assets import building\nfrom ingestion.home import Home\n"
        "from languages.words import Words\nfrom marsad.commands import build_command\n"
        "building.build = lambda home, **options: building.BuildReport(())\n"
        "build_command.build(Home(Path('nowhere')), Words.load('en'), print, dry_run=False, as_json=False)\n"
        f"print('loaded:', sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "loaded: []"


def test_the_graph_is_drawn_without_what_only_its_assets_call() -> None:
    called = ("great_expectations", "highspy", "pandas", "scipy", "splink", "statsmodels", "vl_convert")
    script = f"import sys, assets.definitions\nprint('loaded:', sorted(set({called!r}) & set(sys.modules)))\n"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "loaded: []"


_MAKERS = ("candidates", "protection", "gate.verdicts")
MAKERS = ("pandas", "duckdb", "highspy", *(f"expectations.{name}" for name in _MAKERS))
LIGHT = {
    "expectations.releases.release_listing": MAKERS,
    "expectations.releases.verification": (*MAKERS, "scipy"),
    "expectations.candidates.footprint": ("duckdb", "highspy", "scipy", "expectations.cards.release_scheme"),
    "expectations.candidates.lineage": ("duckdb", "highspy", "scipy", "expectations.cards.release_scheme"),
    "ingestion.submissions.receipts": ("pyarrow", "ingestion.entry", "ingestion.files", "ingestion.tables"),
    "ingestion.submissions.decisions": ("pandas", "pyarrow", "ingestion.entry.file_check", "ingestion.files"),
    "ingestion.persons.doubtful_links": ("pandas", "duckdb", "ingestion.entry.file_check"),
    "ingestion.submissions.current_submissions": ("pandas", "duckdb", "ingestion.entry.file_check"),
}
"""What only reads, and what it does without."""


@pytest.mark.parametrize("module", LIGHT)
def test_what_only_reads_is_loaded_without_what_makes(module: str) -> None:
    script = f"import sys, {module}\nprint('loaded:', sorted({set(LIGHT[module])!r} & set(sys.modules)))\n"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "loaded: []", "a reader waits for it: move what is read, or import it late"
