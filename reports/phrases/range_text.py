"""The wording of a range over link thresholds: between which two numbers of persons a published total lies.

Belongs here: its sentences, beside its indicator. Does not belong here: whether it may be published
(`expectations/estimates/range_candidate.py`), texts themselves (`languages/en.yml`).
"""

from __future__ import annotations

from expectations.published.ledger import NATIONAL
from expectations.published.published_estimates import INDICATOR
from languages import dates
from languages.words import Words
from reports.released.report_model import IndicatorSection, Report


def sentences(report: Report, section: IndicatorSection, words: Words) -> list[str]:
    """Return a sentence for each year whose range is published; none for other indicators and datasets."""
    is_ranged = (section.dataset, section.indicator) == (NATIONAL, INDICATOR)
    ranged = [(link_range.year, link_range.ends) for link_range in report.link_ranges if is_ranged and link_range.ends]
    return [
        words.text("page.link_range", year=dates.year(words, year), lower=ends.lower, upper=ends.upper)
        for year, ends in ranged
    ]
