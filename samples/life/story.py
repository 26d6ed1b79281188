"""What happens to the files of a year after its end: what comes late, and since when an agency sends at all.

Belongs here: the years that change between two releases. Does not belong here: the truth (`country.py`), or how an
agency writes (`bodies/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class RevisionStory:
    """Which past years change, and how.

    Attributes:
        late: year -> number of victims that the interior ministry reports late, and the day of that letter.
        region_since: first year for which the Kurdistan Region has lists; one letter brings those of all past years.
    """

    late: Mapping[int, tuple[int, date]] = field(
        default_factory=lambda: {2024: (15, date(2026, 3, 5)), 2023: (4, date(2026, 3, 12))}
    )
    region_since: int = 2024


LIFE = RevisionStory()
"""As in reality: of the past years, the last one changes much, the one before it little, the others never."""
MANY_YEARS = RevisionStory({2023: (15, date(2026, 3, 5)), 2022: (4, date(2026, 3, 12))}, region_since=2023)
"""Every year from 2022 on changes: the hardest second release, used by end-to-end tests on a small country."""
