"""Four demands, four spreads: the demand, what the law requires, findings, gaps, reports needed; and its state.

Belongs here: joining them for one demand. Does not belong here: the rules of a state (`reports/findings`), layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from languages.words import Words
from reports.analysis.scoreboard import DEMANDS, DemandScore, IndicatorStanding
from reports.answers import law_duties
from reports.editions.edition import DemandSpread, StoryFinding
from reports.editions.printed_parts import PictureBlock
from reports.findings import demand_states
from reports.findings.demand_states import DemandState
from reports.findings.silent_findings import silent_indicators
from reports.phrases import wording
from reports.questions.answer_card import Demand
from reports.released.report_model import Report, ReportedRelease

_MOST_ARTICLES = 8
_MOST_CHARTS = 9
_CHARTS_OF_PICTURE = 3
"""A picture takes the space of this many small charts."""
_MOST_NAMED = 6
"""More indicators than this are counted, not named: the annex names them."""


def spreads(
    report: Report,
    scores: Sequence[DemandScore],
    findings: Sequence[StoryFinding],
    others: Sequence[StoryFinding],
    latest: str,
    words: Words,
) -> Iterator[DemandSpread]:
    """Yield the spread of each demand that has indicators.

    Args:
        report: the model.
        scores: of all demands in both regions.
        findings: those with a sentence of their own; two pages hold nine charts, further indicators take the rest.
        others: charts of further indicators, titled by their own findings.
        latest: the latest year of the report.
        words: of the language.
    """
    release = report.headline
    for code in DEMANDS if release else ():
        own = [score for score in scores if score.code == code]
        behind = {standing.indicator for score in own for standing in score.standings}
        if release is None or not behind:
            continue
        state = demand_states.state_of(release, scores, code, latest)
        own_findings = tuple(finding for finding in findings if finding.demand == code and finding.kind != "silence")
        codes = {finding.code for finding in own_findings}
        yield DemandSpread(
            code=code,
            demanded=words.text(f"demand.{code}"),
            ordered=tuple(_ordered_articles(code, words)),
            found=own_findings,
            state=state.state,
            state_name=words.text(f"edition.story.state.{state.state}"),
            state_text=tuple(_reasons(state, words)),
            others=tuple(finding for finding in others if finding.code in behind and finding.code not in codes)[
                : max(0, _MOST_CHARTS - len(own_findings))
            ],
            unsaid=tuple(_unsaid_reasons(own, words)),
            needed=tuple(_needed_reports(report, release, behind, words)),
        )


def add_pictures(spread: DemandSpread, pictures: tuple[PictureBlock, ...]) -> DemandSpread:
    """Return a spread with pictures; a finding that is the title of one is not repeated."""
    findings = tuple(
        finding for finding in spread.found if not any(finding.sentence in picture.title for picture in pictures)
    )
    room = max(0, _MOST_CHARTS - len(findings) - _CHARTS_OF_PICTURE * len(pictures))
    return spread.model_copy(update={"pictures": pictures, "found": findings, "others": spread.others[:room]})


def _ordered_articles(demand: Demand, words: Words) -> Iterator[str]:
    """Yield what the articles say that a question of the demand is about."""
    for name in law_duties.articles_of_demand(demand)[:_MOST_ARTICLES]:
        yield words.text(f"monitor.article.{name}")


def _reasons(state: DemandState, words: Words) -> Iterator[str]:
    """Yield the standing of each aim, aims with the same standing together."""
    by_standing: dict[str, list[str]] = {}
    for aim in state.aims:
        state_key = aim.direction if aim.state == "told" else aim.state
        name = words.text(
            "edition.story.at", indicator=wording.title(aim.indicator, words), place=wording.area(aim.area, words)
        )
        by_standing.setdefault(state_key, []).append(name)
    for state_key, names in by_standing.items():
        standing = words.text(f"page.demand.{state_key}")
        yield words.text("edition.story.aim", standing=standing, indicators=wording.list_texts(names, words))


def _unsaid_reasons(scores: Iterable[DemandScore], words: Words) -> Iterator[str]:
    """Yield what is not known about a demand, and why: once for each area and reason."""
    nobody = [standing for score in scores for standing in score.standings if standing.state == "no_body"]
    if nobody:
        yield words.text("page.demand.untold.no_body", indicators=_titles(nobody, words))
    for score in scores:
        place = wording.area(score.area, words)
        if score.number(state="told") == 0 and score.number(state="hidden") == 0:
            yield words.text("edition.story.place_silent", place=place)
            continue
        for key, these in _unsaid_standings(score).items():
            if len(these) > _MOST_NAMED:
                text = words.text(f"{key}.count", count=len(these), among=len(score.standings))
            else:
                text = words.text(key, indicators=_titles(these, words))
            if these:
                yield words.text("edition.finding.at_place", place=place, sentence=text)


def _unsaid_standings(score: DemandScore) -> dict[str, list[IndicatorStanding]]:
    """Return what is not known in one area, by the key of the sentence that gives the reason."""
    standings = score.standings
    return {
        "edition.story.hidden": [standing for standing in standings if standing.state == "hidden"],
        "edition.story.silent": [standing for standing in standings if standing.state == "silent"],
        "edition.story.broken": [
            standing for standing in standings if standing.state == "told" and standing.direction == "broken"
        ],
    }


def _needed_reports(report: Report, release: ReportedRelease, behind: set[str], words: Words) -> Iterator[str]:
    """Yield the reports needed from each group of agencies: the indicators that nobody reports."""
    by_bodies: dict[tuple[str, ...], list[str]] = {}
    for indicator in silent_indicators(report):
        if indicator.indicator in behind:
            by_bodies.setdefault(indicator.holders, []).append(indicator.indicator)
    for holders, codes in by_bodies.items():
        bodies = wording.list_texts((wording.body(code, words) for code in holders), words)
        titles = wording.list_texts((wording.title(code, words) for code in codes), words)
        if holders:
            yield words.text("edition.story.needed", bodies=bodies, indicators=titles)
        else:
            yield words.text("edition.story.needed_nobody", indicators=titles)


def _titles(standings: Iterable[IndicatorStanding], words: Words) -> str:
    return wording.list_texts(dict.fromkeys(wording.title(standing.indicator, words) for standing in standings), words)
