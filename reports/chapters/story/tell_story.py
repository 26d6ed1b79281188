"""Build the story of a report in one language.

Belongs here: its chapters of answers, its map, how certain it is, who did not report.
Does not belong here: one answer (`answered_questions.py`), a chapter (`answer_chapters.py`), quality
(`quality_report.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.cards.areas import REGIONS
from languages import dates
from languages.words import Words
from reports.analysis import report_scope
from reports.analysis.confidence_grade import grade_of
from reports.chapters import front, places, who_reported
from reports.chapters.story import answer_chapters, both_regions, children_part, defined_terms, quality_report
from reports.editions.answered import AnsweredQuestion
from reports.editions.edition import MapBlock, Story
from reports.editors import prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.phrases import wording
from reports.released.release_memo import once_in_language
from reports.released.report_model import Report

_MAPPED = "PRT-01"


def story(report: Report, matter: EditorialInputs, words: Words) -> Story | None:
    """Return the story of a report; None if the national dataset is not released."""
    unedited = _unedited(report, words)
    if unedited is None:
        return None
    written = prose_figures.texts_by_slot(matter.prose, report, words)
    chapters = tuple(
        chapter.model_copy(
            update={
                "comment": written.get(chapter.id, ()),
                "answers": tuple(_as_edited(answer, written, matter, report, words) for answer in chapter.answers),
            }
        )
        for chapter in unedited.chapters
    )
    quality = tuple(quality_report.headings(report, matter, words))
    return unedited.model_copy(update={"chapters": chapters, "quality": quality})


@once_in_language
def _unedited(report: Report, words: Words) -> Story | None:
    if report.headline is None:
        return None
    latest = report_scope.latest_year(report)
    mapped = _maps(report, words)
    regions = both_regions.regions_table(report, words)
    return Story(
        year=dates.year(words, latest),
        place=wording.area(report_scope.main_area(report), words),
        leading=tuple(answer_chapters.leading_answers(report, words)),
        chapters=tuple(answer_chapters.answer_chapters(report, words)),
        map=mapped.get("map"),
        rate_map=mapped.get("rate-map"),
        sure=tuple(_certainty(report, words)),
        silent=tuple(front.silence(report, latest, words)),
        reports=tuple(block for area in REGIONS for block in who_reported.on_time_tables(report, area, words)),
        quality=(),
        terms=tuple(defined_terms.defined_terms(report, words)),
        children=children_part.children_part(report, words),
        regions=regions,
        regions_text=both_regions.regions_text(regions, report, words),
    )


def _as_edited(
    answer: AnsweredQuestion,
    written: dict[str, tuple[str, ...]],
    matter: EditorialInputs,
    report: Report,
    words: Words,
) -> AnsweredQuestion:
    """Return an answer with the editor's comment, and the editor's title if it keeps to its rule."""
    title = prose_figures.title_of(answer.key, matter.prose, report, words) or answer.sentence
    return answer.model_copy(update={"comment": written.get(prose_figures.slot_of(answer.key), ()), "sentence": title})


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
    grade = grade_of(report, _MAPPED, report_scope.main_area(report), report_scope.latest_year(report))
    if grade:
        yield words.text(f"edition.story.grade.{grade}")
    yield words.text("edition.story.change")
