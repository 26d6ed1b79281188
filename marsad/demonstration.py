"""The demo: an invented country sends its exports in two rounds, and the whole house runs over each.

Belongs here: the order of the story and where to look afterwards. Does not belong here: the country (`samples`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from assets.building import build
from expectations.release import listing
from ingestion import landing
from ingestion.home import Home
from languages.words import Words
from marsad import showing
from samples import country, workbooks

ROUNDS = (datetime.date(2025, 6, 30), datetime.date(2026, 6, 30))
"""Until when files were sent: first everything up to 2024, then 2025 and the late and corrected files on top."""


def run(home: Home, words: Words, progress: Callable[[str], None]) -> bool:
    """Run the demo in a home of its own and return whether all of it went through; a second run changes nothing."""
    home.open(invented=True)
    invented = country.invent()
    for sent_until in ROUNDS:
        files = workbooks.write(invented, home.inbox, sent_until=sent_until)
        progress(words.text("demo.sent", count=len(files), date=sent_until.isoformat()))
        for file in files:
            receipt = landing.receive(
                home, file.source, file.path, letter_date=file.letter_date, letter_number=file.letter_number
            )
            if receipt.verdict != "known":
                counts = {"landed": receipt.rows_landed, "quarantined": receipt.rows_quarantined}
                progress(words.text("demo.received", file=file.path.name, source=file.source, **counts))
        outcome = build(home, progress=progress)
        if not outcome.passed:
            showing.failures(outcome.refusals, outcome.failed_steps, words)
            return False
    _where_to_look(home, words)
    return True


def _where_to_look(home: Home, words: Words) -> None:
    showing.say("\n" + words.text("demo.released"))
    showing.table_of(listing(home), ("dataset", "version", "verdict", "rows", "path"))
    showing.say(words.text("demo.pages"))
    newest = max(home.reports.iterdir(), key=lambda folder: folder.stat().st_mtime)
    for page in sorted(newest.glob("*.html")):
        showing.say(f"  {page}")
    showing.say(words.text("demo.interface", command=f"MARSAD_HOME={home.root} .venv/bin/marsad ui"))
