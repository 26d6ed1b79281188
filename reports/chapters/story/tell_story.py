"""Build the story of a report in one language.

Belongs here: its findings and their order, its map, how certain it is, who did not report, what nobody reports.
Does not belong here: a finding (`story_findings.py`), a demand (`demand_spreads.py`), quality (`quality_report.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.cards.areas import REGIONS
from languages import dates
from languages.words import Words
from reports.analysis import result_sentences
from reports.analysis.confidence_grade import grade_of
from reports.analysis.scoreboard import DemandScore, scoreboard
from reports.chapters import front, places, printed, who_reported
from reports.chapters.picture_blocks import age_picture, court_picture, share_pictures
from reports.chapters.story import demand_spreads, quality_report, standing_lines, story_findings
from reports.editions.edition import MapBlock, Story, StoryFinding, TableBlock, TableColumn, TableRow
from reports.editions.printed_parts import PictureBlock
from reports.editors import prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.findings import finding_search
from reports.findings.demand_states import STATES
from reports.findings.silent_findings import silent_indicators
from reports.phrases import wording
from reports.released.report_model import NATIONAL, Report

LEADING = 5
_MAPPED = "PRT-01"
_RESPONSE = "D3"


def story(report: Report, matter: EditorialInputs, words: Words) -> Story | None:
    """Return the story of a report; None if the national dataset is not released."""
    if report.headline is None:
        return None
    main, latest = result_sentences.results_area(report), result_sentences.latest_year(report)
    released = finding_search.findings(report)
    written = prose_figures.texts_by_slot(matter.prose, report, words)
    findings = [
        story_findings.story_finding(finding, report, main, words).model_copy(
            update={"comment": written.get(prose_figures.slot_of(finding.key), ())}
        )
        for finding in released
    ]
    scores = scoreboard(report)
    spreads = demand_spreads.spreads(report, scores, findings, list(_other_charts(report, main, words)), latest, words)
    drawn = _pictures(report, scores, main, latest, words)
    mapped = _maps(report, words)
    return Story(
        year=dates.year(words, latest),
        place=wording.area(main, words),
        findings=tuple(findings),
        leading=tuple(finding.key for finding in finding_search.leading_findings(released, LEADING)),
        demands=tuple(
            demand_spreads.add_pictures(spread, drawn.get(spread.code, ())).model_copy(
                update={"comment": written.get(f"demand-{spread.code}".lower(), ())}
            )
            for spread in spreads
        ),
        map=mapped.get("map"),
        rate_map=mapped.get("rate-map"),
        sure=tuple(_certainty(report, words)),
        silent=tuple(front.silence(report, latest, words)),
        silence=_silence(report, words),
        reports=tuple(block for area in REGIONS for block in who_reported.on_time_tables(report, area, words)),
        state_rules=tuple(words.text(f"edition.story.rule.{state}") for state in STATES),
        quality=tuple(quality_report.headings(report, matter, words)),
        standings=tuple(standing_lines.standing_lines(report, main, words)),
    )


def _pictures(
    report: Report, scores: Sequence[DemandScore], area: str, year: str, words: Words
) -> dict[str, tuple[PictureBlock, ...]]:
    """Return the pictures of each demand's spread: courts and victims under the one on the agencies' response."""
    pictures = share_pictures.shares_of_demands(report, scores, area, year, words)
    first = (*court_picture.court_funnel(report, words), *age_picture.age_pyramid(report, words))
    return pictures | {_RESPONSE: (*first, *pictures.get(_RESPONSE, ()))}


def _other_charts(report: Report, main: str, words: Words) -> Iterator[StoryFinding]:
    """Yield the chart of each indicator that has a finding, under that title."""
    for section in report.sections_of(NATIONAL):
        for finding in finding_search.titles(report, section.indicator):
            if finding.area == main:
                yield story_findings.story_finding(finding, report, main, words)


def _maps(report: Report, words: Words) -> dict[str, MapBlock]:
    """Return the map of presumed victims from the first dataset of governorates, and the map of their rate."""
    for section in report.sections:
        if section.indicator == _MAPPED:
            release = next(release for release in report.releases if release.dataset == section.dataset)
            mapped: dict[str, MapBlock] = dict(
                zip(("map", "rate-map"), places.maps(release, section, words), strict=False)
            )
            if mapped:
                return mapped
    return {}


def _certainty(report: Report, words: Words) -> Iterator[str]:
    grade = grade_of(report, _MAPPED, result_sentences.results_area(report), result_sentences.latest_year(report))
    if grade:
        yield words.text(f"edition.story.grade.{grade}")
    base = result_sentences.rounding_base(report)
    if base:
        yield words.text("edition.finding.rounded", base=base)
        yield words.text("edition.story.about")
    yield words.text("edition.story.change")
    yield words.text("edition.story.detected")


def _silence(report: Report, words: Words) -> TableBlock | None:
    """Return the table of what nobody reports: who should report it, and since when."""
    silent = silent_indicators(report)
    if not silent:
        return None
    rows = (
        TableRow(
            label=wording.title(indicator.indicator, words),
            cells=(
                printed.text(wording.list_texts((wording.body(code, words) for code in indicator.holders), words)),
                printed.text(dates.year(words, indicator.since)),
            ),
            code=indicator.indicator,
        )
        for indicator in silent
    )
    columns = (TableColumn(text=words.text(f"edition.story.silence.{name}"), code=name) for name in ("bodies", "since"))
    caption = words.text("edition.story.silence.caption")
    return printed.ungrouped_table("silence", caption, words.text("page.demand.indicator"), columns, rows)
