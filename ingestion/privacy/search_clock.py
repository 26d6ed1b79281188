"""How long the search of one file for what is personal may take.

Belongs here: the clock that each distinct text of a file is held against, and the refusal when it has run out.
Does not belong here: the search (`personal_data.py`, `unexplained_texts.py`), limits of reading (`limited_child.py`).
Each pattern of the search takes time in proportion to a text, and no text is longer than reading allows: so the clock
need not stop a search in the middle of a text.
"""

from __future__ import annotations

import time

from ingestion.files.safe_zip import Stop

MOST_SECONDS = 300
"""Of processor time: some ten times what the largest export of a ministry took."""


class SearchClock:
    """Counts the processor time of the search of one file, from its making on."""

    def __init__(self, most_seconds: float = MOST_SECONDS) -> None:
        self._most = most_seconds
        self._end = time.process_time() + most_seconds

    def check(self, sheet: str) -> None:
        """Go on, if there is time left.

        Args:
            sheet: the sheet that is searched, as findings name it; empty for the texts beside the cells.

        Raises:
            Stop: `search_too_long`.
        """
        if time.process_time() >= self._end:
            raise Stop("search_too_long", sheet=sheet, limit=f"{self._most:.0f}")
