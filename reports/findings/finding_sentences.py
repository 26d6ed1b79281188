"""Findings in words: the sentence of a finding, its figure in large type, and what the figure is of.

Belongs here: from codes to the catalogue (`edition.finding.…`). A rounded figure is given as `about`, which is true of
every value it may have.
Does not belong here: whether a finding holds (`finding_search.py`).
"""

from __future__ import annotations

from expectations.cards.cells import rounding_base
from languages import dates
from languages.numbers import number
from languages.words import Words
from reports.findings.finding_search import FigureUsed, ReleasedFinding
from reports.phrases import wording
from reports.released.released_tables import ABSENT


def sentence(finding: ReleasedFinding, words: Words, main_area: str = "") -> str:
    """Return a finding as one sentence, preceded by its area if that is not `main_area`."""
    text = _silence(finding, words) if finding.silent is not None else _figures_sentence(finding, words)
    if finding.silent is not None or main_area in ("", finding.area):
        return text
    return words.text("edition.finding.at_place", place=wording.area(finding.area, words), sentence=text)


def _figures_sentence(finding: ReleasedFinding, words: Words) -> str:
    year = dates.year(words, finding.year)
    about = {"year": year, "indicator": wording.title(finding.indicator, words)}
    key = f"edition.finding.{finding.rule.key}"
    first, *others = finding.figures
    if finding.kind == "level":
        return words.text(key, **about, figure=approximate(first, words), count=_count(first))
    if finding.kind == "change":
        earlier = others[0]
        arguments = {"figure": approximate(first, words), "earlier": approximate(earlier, words)}
        return words.text(f"{key}.{finding.says}", **about, **arguments, before=dates.year(words, earlier.year))
    if finding.kind == "rank":
        arguments = {"category": words.label(finding.rule.by, finding.says), "figure": approximate(first, words)}
        return words.text(key, **about, **arguments, whole=approximate(others[0], words))
    return words.text(key, **about, fraction=words.text(f"edition.finding.fraction.{finding.says}"))


def figure(finding: ReleasedFinding, words: Words) -> str:
    """Return the figure set in large type beside the sentence: a released one, or how many did not report."""
    if finding.silent is not None:
        return "–" if finding.silent.says == "region" else number(len(finding.silent.codes), words.numerals)
    if finding.share is not ABSENT and finding.share.value is not None:
        return wording.figure(finding.share, words)
    return wording.figure(finding.figures[0].cell, words)


def approximate(used: FigureUsed, words: Words) -> str:
    """Return a figure as a sentence gives it: `about 395` if it was rounded."""
    printed = wording.figure(used.cell, words)
    return words.text("edition.finding.about", figure=printed) if rounding_base(used.cell.method) else printed


def counts(finding: ReleasedFinding, words: Words) -> str:
    """Return the published counts behind a share or part, `about 20 of about 390`; empty for other findings."""
    if finding.kind not in ("share", "part"):
        return ""
    part, whole = finding.figures[:2]
    return words.text("edition.finding.counts", figure=approximate(part, words), whole=approximate(whole, words))


def protection(finding: ReleasedFinding, words: Words) -> str:
    """Return how the figures of a finding were protected, and whether every agency reported; one or two sentences.

    Rounded figures stand beside exact ones, in a finding and in its small chart, so the sentence covers both.
    """
    base = max((rounding_base(used.cell.method) for used in finding.figures), default=0)
    sentences = (
        [words.text("edition.finding.rounded", base=base)] if base else [words.text("edition.answer.certainty.exact")]
    )
    if not finding.is_complete:
        sentences.append(words.text("edition.finding.incomplete"))
    return " ".join(sentences)


def _count(used: FigureUsed) -> int:
    return int(used.cell.value or 0)


def _silence(finding: ReleasedFinding, words: Words) -> str:
    silent, year = finding.silent, dates.year(words, finding.year)
    assert silent is not None  # noqa: S101 - asked by who calls
    if silent.says == "region":
        return words.text("edition.finding.region_silent", place=wording.area(silent.area, words), year=year)
    if silent.says == "bodies":
        names = wording.list_texts((wording.body(code, words) for code in silent.codes), words)
        return words.text("edition.finding.bodies_silent", count=len(silent.codes), bodies=names, year=year)
    return words.text("edition.finding.nobody_reports", count=len(silent.codes), among=silent.among)
