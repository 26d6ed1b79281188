"""Issuing a report: every form of it in one language, from the latest releases, into the home.

Belongs here: which languages may be issued, the last look at every file, and writing.
Does not belong here: what is told (`telling.py`), how a form looks (`site.py`).
"""

from __future__ import annotations

from pathlib import Path

from expectations.outputs import refuse_hidden
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from languages.words import Words, gaps, languages
from reports import matter, model, site
from reports.telling import edition


def issue(home: Home, tag: str) -> Path:
    """Write the report of one language; return its front page, `reports/<report id>/<language>/index.html`.

    Raises:
        Refusal: `catalogue_incomplete` if the language lacks texts, `language_unknown`, `output_hides`, or as
            `model.load`.
    """
    lacking = gaps(tag)
    if lacking:
        raise Refusal("catalogue_incomplete", where=lacking[0].key, language=tag, count=len(lacking))
    report = model.load(home)
    told = edition(report, Words.load(tag), matter.read(home, report))
    files = site.render(told, others(tag))
    refuse_hidden(files, site.unseen())
    folder = home.reports / report.id / tag
    for name, data in files.items():
        write_bytes(folder / name, data)
    return folder / "index.html"


def others(tag: str) -> list[tuple[str, str, str]]:
    """Return (tag, direction, own name) of every language that is issued, that of `tag` included."""
    issued = [Words.load(other) for other in languages() if other == tag or not gaps(other)]
    return [(words.tag, words.direction, words.text("language.name")) for words in issued]
