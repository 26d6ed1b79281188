"""The graph for `dagster dev` and every other command of Dagster in a checkout: `[tool.dagster]` names this module.

Belongs here: which home they open, and refusing a home of real files. Dagster's own web application checks no token and
no `Host`, so it may serve only invented files.
Does not belong here: the graph (`definitions.py`).
"""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg

from assets.definitions import build_definitions
from assets.house import BuildContext
from ingestion.checkout_files import ROOT
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words

DEMO = Path("home", "demo")
"""The home of `make demo`, under the checkout; git ignores it."""
_LANGUAGE = "en"  # Dagster has no other


@dg.definitions
def checkout() -> dg.Definitions:
    """Return the graph of a home of invented files, for Dagster's own commands."""
    return build_definitions(BuildContext(open_invented_home(ROOT / DEMO)))


def open_invented_home(default: Path) -> Home:
    """Return the home named by `MARSAD_HOME`, else the one at `default`; if nothing is there yet, create an empty one.

    Args:
        default: of the demo.

    Raises:
        DagsterInvalidDefinitionError: with the text and the remedy of a refusal: `home_without_guard` for a home of
            real files or a folder that is no home, or what opening refuses.
    """
    home = Home.at(Path(os.environ.get("MARSAD_HOME") or default))
    try:
        if not home.is_invented and not _is_unused(home):
            raise Refusal("home_without_guard", where=str(home.root))
        return home.open(invented=True)
    except Refusal as refusal:
        raise dg.DagsterInvalidDefinitionError(_refusal_text(refusal)) from None


def _is_unused(home: Home) -> bool:
    """Return whether nothing is there except what Dagster itself writes when it starts."""
    return not home.root.exists() or {path.name for path in home.root.iterdir()} <= {home.dagster.name}


def _refusal_text(refusal: Refusal) -> str:
    words, arguments = Words.load(_LANGUAGE), {"where": refusal.where, **refusal.arguments}
    sentences = (words.text(f"refusal.{refusal.code}{part}", **arguments) for part in ("", ".remedy"))
    return " ".join(sentences)
