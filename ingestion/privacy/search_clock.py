"""The time limit for searching one file for personal data.

Belongs here: the clock that is checked for each distinct text of a file, and the refusal when it runs out.
Does not belong here: the search (`personal_data.py`, `unexplained_texts.py`), limits of reading (`limited_child.py`).
Each search pattern takes time in proportion to the text, and the reader limits the length of texts: so the clock need
not interrupt a search within a text.
"""

from __future__ import annotations

import time

from ingestion.files.safe_zip import Stop

MOST_SECONDS = 300
"""Processor time; some ten times what the largest export of a ministry took."""


class SearchClock:
    """Counts the processor time of the search of one file, from its creation on."""

    def __init__(self, most_seconds: float = MOST_SECONDS) -> None:
        self._most = most_seconds
        self._end = time.process_time() + most_seconds

    def check(self, sheet: str) -> None:
        """Raise if no time is left.

        Args:
            sheet: the sheet that is searched, as findings name it; empty for the texts outside the cells.

        Raises:
            Stop: `search_too_long`.
        """
        if time.process_time() >= self._end:
            raise Stop("search_too_long", sheet=sheet, limit=f"{self._most:.0f}")
