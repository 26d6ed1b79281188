"""Skeletons: what `marsad new` writes. Each passes the linters and fails the tests that ask for content.

Belongs here: where each kind is put, and its minimal honest form; an indicator's is `indicator_skeleton.py`.
Does not belong here: content.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from ingestion.checkout_files import ROOT
from ingestion.home import write_bytes
from languages.refusal import Refusal
from marsad.indicator_skeleton import PILLARS, indicator_files, write_empty_recount

PATTERNS = {
    "source": r"[a-z]+(_[a-z]+)+",
    "indicator": rf"({'|'.join(PILLARS)})__[a-z_]+",
    "dataset": r"[a-z][a-z0-9_]+",
    "language": r"[a-z]{2,3}(-[A-Z][a-z]{3})?",
}
"""The pattern for names of each kind."""

_SOURCE = """\
title: ""
body_ar: ""
kind: authority  # an agency that owes a yearly export
language: ar
region: IQ-FED
# day_first: true  # 5/7/2024 is the fifth of July: only if the sender confirmed it
agreement: {reference: "", since: 2026-01-01, licence: "", contact: ""}
rhythm: {frequency: yearly, first_period: 2026, due: "02-28"}
tables:
  cases:
    shape: cases
    sheets: ["*"]
    period_field: reported_date
    # period_from: title  # the year stands above the table and in no column
    # place_from: sheet  # one sheet for each governorate, named for it, and no column of governorates
    columns:
      header of the case token: case_token
      header of the date of the report: reported_date
    required: [header of the case token, header of the date of the report]
"""


def scaffold(kind: str, name: str) -> list[Path]:
    """Write the skeleton of one new thing and return the files written.

    Args:
        kind: source, indicator, dataset or language.
        name: its name; for an indicator `<pillar>__<name>`.

    Raises:
        Refusal: `scaffold_kind` for another kind; `scaffold_name` for a name of the wrong form; `scaffold_taken`;
            `scaffold_ku` for the tag that names two languages.
    """
    writers: dict[str, Callable[[str], dict[Path, str]]] = {
        "source": _source,
        "indicator": indicator_files,
        "dataset": _dataset,
        "language": _language,
    }
    if kind not in writers:
        raise Refusal("scaffold_kind", where=kind)
    if kind == "language" and name == "ku":
        raise Refusal("scaffold_ku", where=name)
    if not re.fullmatch(PATTERNS[kind], name):
        raise Refusal("scaffold_name", where=name, pattern=PATTERNS[kind])
    files = writers[kind](name)
    if any(path.exists() for path in files):
        raise Refusal("scaffold_taken", where=name)
    for path, text in files.items():
        write_bytes(path, text.encode("utf-8"))
    return [*files, *([write_empty_recount(name), *_write_messages()] if kind == "indicator" else [])]


def _write_messages() -> list[Path]:
    """Write the messages of the cards into the catalogues, as drafts, and return the files that changed."""
    from expectations.cards.indicator_messages import sync
    from languages.catalogue import catalogue_path

    return [catalogue_path(tag) for tag, keys in sync().items() if keys]


def _source(name: str) -> dict[Path, str]:
    return {ROOT / "ingestion" / "sources" / name / "source.yml": _SOURCE}


def _dataset(name: str) -> dict[Path, str]:
    """Return a copy of the governorate card: its thresholds and never list are the safest start."""
    folder = ROOT / "expectations" / "datasets"
    text = (folder / "four_ps_governorate.yml").read_text(encoding="utf-8")
    text = re.sub(r"^title: .*$", "title: to be named", text, flags=re.M)
    return {folder / f"{name}.yml": re.sub(r"^contact: .*$", "contact: {name: to be named}", text, flags=re.M)}


def _language(tag: str) -> dict[Path, str]:
    from languages import catalogue

    return {catalogue.catalogue_path(tag): catalogue.render_catalogue(catalogue.new_catalogue(tag))}
