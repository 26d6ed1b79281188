"""The questions of treaties and reports with the answers of a release: one CSV for machines, pages for people.

Belongs here: the columns of the files and the order of a page. Does not belong here: the questions and the join
(`reports/questions`), the questionnaire of UNODC as its own workbook (`glotip_questionnaire.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from expectations.cards.cells import TOTAL, rows_as_csv
from languages import dates
from languages.words import Words
from reports.exchange.formats import ExportedFiles
from reports.phrases import answer_text, labels, wording
from reports.questions import question_card
from reports.questions.question_answers import WITHOUT_ROW, QuestionAnswer, answers
from reports.questions.question_card import TreatyCard
from reports.released.released_figures import ReleasedFigures, figures_of
from reports.released.released_folder import ReleasedFolder

LAST_YEARS = 4
"""Number of years on a page, the latest ones; the CSV has all."""
_ABOUT = ("treaty", "question", "row", "state", "gap")
_PLACE = ("indicator", "measure", "ref_area", "time_period")
_RELEASE = ("dataset", "version", "invented")


def export(released: ReleasedFolder, words: Words) -> ExportedFiles:
    """Return `answers.csv`, `questions.csv` (the texts in all languages) and a page for each treaty and language.

    Raises:
        Refusal: `export_unsuited` for a release without figures of the country or a region.
    """
    figures = figures_of(released, "questions", "ref_area IQ, IQ-FED")
    spoken = labels.speakers()
    cards = [question_card.load(treaty) for treaty in question_card.treaties()]
    answers_by_treaty = {treaty.name: answers(treaty, figures) for treaty in cards}
    files = {
        "answers.csv": answers_csv([answer for several in answers_by_treaty.values() for answer in several], released),
        "questions.csv": _questions_csv(cards, spoken),
    }
    for card in cards:
        for voice in spoken:
            files[f"{card.name}.{voice.tag}.md"] = page(card, answers_by_treaty[card.name], figures, voice).encode(
                "utf-8"
            )
    return ExportedFiles(files)


def answers_csv(all_answers: Iterable[QuestionAnswer], released: ReleasedFolder) -> bytes:
    """Return one line for each answer: its question, its state, then the columns of the release as released.

    Args:
        all_answers: answers in the order of the questions.
        released: the release whose columns are written.

    Returns:
        UTF-8 with a header; figures digit for digit as released.
    """
    columns = (*released.dimensions, "obs_value", *released.attributes)
    last = (released.dataset, released.version, "yes" if released.is_invented else "no")
    lines: list[tuple[str, ...]] = [(*_ABOUT, *_PLACE, *columns, *_RELEASE)]
    for answer in all_answers:
        codes = dict.fromkeys(released.dimensions, "" if answer.state in WITHOUT_ROW else TOTAL) | dict(answer.codes)
        about = (answer.treaty, answer.question, str(answer.row), answer.state, answer.gap)
        place = (answer.indicator, answer.measure, answer.area, answer.year)
        figures = (answer.released.get(column, codes.get(column, "")) for column in columns)
        lines.append((*about, *place, *figures, *last))
    return rows_as_csv(lines)


def page(treaty: TreatyCard, treaty_answers: Iterable[QuestionAnswer], figures: ReleasedFigures, words: Words) -> str:
    """Return the questions of a treaty with their answers for the last four years, as Markdown in one language.

    Args:
        treaty: the card with its questions.
        treaty_answers: their answers.
        figures: of the release.
        words: of the language.

    Returns:
        Markdown; a question without a figure names its gap.
    """
    return "\n".join(_lines(treaty, treaty_answers, figures, words)) + "\n"


def missing_reason(answer: QuestionAnswer, words: Words) -> str:
    """Return why a row of a question has no figure at all: its gap, or what is missing of its indicator."""
    if answer.state == "gap":
        return words.text(f"question.gap.{answer.gap}")
    parts = [
        labels.code("indicator", answer.indicator, words),
        answer_text.row_subject(answer.indicator, answer.measure, answer.codes, words),
    ]
    if answer.by:
        parts.append(words.text("question.by", dimension=answer_text.dimension(answer.by, words)))
    return words.text(f"question.{answer.state}", name=" · ".join(part for part in parts if part))


def frozen_sentences(figures: ReleasedFigures, words: Words) -> Iterator[str]:
    """Yield a sentence for each year with figures of an earlier release, naming the indicators."""
    for year, indicators in figures.frozen.items():
        names = words.text("page.separator").join(labels.code("indicator", code, words) for code in indicators)
        yield words.text("question.frozen", year=dates.year(words, year), indicators=names)


def _questions_csv(cards: Sequence[TreatyCard], spoken: Sequence[Words]) -> bytes:
    lines: list[tuple[str, ...]] = [("treaty", "question", "reference", *(words.tag for words in spoken))]
    for card in cards:
        for question in card.questions:
            texts = (words.text(f"question.{card.name}.{question}") for words in spoken)
            lines.append((card.name, question, card.reference, *texts))
    return rows_as_csv(lines)


def _lines(
    treaty: TreatyCard, treaty_answers: Iterable[QuestionAnswer], figures: ReleasedFigures, words: Words
) -> Iterator[str]:
    released = figures.released
    yield from (f"# {words.text(f'question.{treaty.name}')}", "", treaty.reference, "")
    if released.is_invented:
        yield from (f"**{words.text('notes.invented')}**", "")
    yield words.text("question.release", dataset=released.dataset, version=released.version)
    yield words.text("question.incomplete")
    yield from (
        "",
        *(f"- {wording.sign(mark, words)} {words.text(f'mark.{mark}')}" for mark in (*answer_text.MARKS.values(), "n")),
    )
    yield from (
        f"- {text}"
        for text in (*frozen_sentences(figures, words), *(words.text(f"question.gap.{gap}") for gap in treaty.caveats))
    )
    for number, (question, several) in enumerate(groupby(treaty_answers, lambda answer: answer.question), start=1):
        place = dates.year(words, number)
        yield from ("", f"## {place}. {words.text(f'question.{treaty.name}.{question}')}")
        for block in _question(list(several), figures, words):
            yield from ("", *block)


def _question(
    question_answers: Sequence[QuestionAnswer], figures: ReleasedFigures, words: Words
) -> Iterator[Sequence[str]]:
    """Yield the blocks of one question: its table, the areas without any figure, what is missing."""
    with_row = [answer for answer in question_answers if answer.state not in WITHOUT_ROW]
    silent = [area for area in figures.areas if _is_silent(area, with_row)]
    years = figures.years[-LAST_YEARS:]
    if rows := list(_table([answer for answer in with_row if answer.area not in silent], years, words)):
        names = (words.text(f"question.column.{name}") for name in ("what", "area", "unit"))
        since = words.text("question.column.since")
        head = "| " + " | ".join([*names, *(dates.year(words, year) for year in years), since]) + " |"
        yield [head, "|---" * (4 + len(years)) + "|", *rows]
    if silent:
        areas = words.text("page.separator").join(labels.code("ref_area", area, words) for area in silent)
        yield [words.text("question.silent", missing=wording.sign("x", words), areas=areas)]
    if lacking := [f"- {missing_reason(answer, words)}" for answer in question_answers if answer.state in WITHOUT_ROW]:
        yield lacking


def _is_silent(area: str, with_row: Iterable[QuestionAnswer]) -> bool:
    here = [answer for answer in with_row if answer.area == area]
    return bool(here) and all(answer.state == "missing" for answer in here)


def _table(with_row: Iterable[QuestionAnswer], years: Sequence[str], words: Words) -> Iterator[str]:
    """Yield a line for each row and area: its subject, area, unit, and its figure in each year."""
    for _, several in groupby(with_row, lambda answer: (answer.row, answer.measure, answer.codes, answer.area)):
        yearly = {answer.year: answer for answer in several}
        first = next(iter(yearly.values()))
        about = answer_text.row_subject(first.indicator, first.measure, first.codes, words)
        what = labels.code("indicator", first.indicator, words) + (f" · {about}" if about else "")
        cells = (_cell(yearly.get(year), words) for year in years)
        area, unit = (
            labels.code("ref_area", first.area, words),
            labels.code("unit_measure", first.released["unit_measure"], words),
        )
        since = min((answer.year for answer in yearly.values() if answer.state != "missing"), default="")
        yield (
            "| "
            + " | ".join((what, area, unit, *cells, dates.year(words, since) if since else wording.sign("x", words)))
            + " |"
        )


def _cell(answer: QuestionAnswer | None, words: Words) -> str:
    if answer is None or answer.state in ("never", "not_released", "no_indicator", "gap"):
        return wording.sign("n", words)
    return answer_text.figure(answer.released, answer.state, words)
