"""Law 28/2012 article by article: what each requires, the indicator that measures it, its figure in both regions.

Belongs here: the answers of a release to the card of the law (`reports/questions/law_28.yml`) as tables. The figures
are those of the national dataset, so a dataset of the law that repeats them is not printed again.
Does not belong here: which indicator answers which article (the card), or the join
(`reports/questions/question_answers.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from expectations.cards.areas import FEDERAL, KURDISTAN
from expectations.cards.cells import DIMENSIONS, EXPECTED, RECEIVED, TOTAL
from languages import dates
from languages.words import Words
from reports.chapters import printed
from reports.editions.edition import Block, Chapter, ItemList, Paragraph, TableBlock, TableColumn, TableRow
from reports.editions.printed_parts import PrintedFigure
from reports.exchange import treaty_questions
from reports.phrases import answer_text, wording
from reports.questions import question_card
from reports.questions.question_answers import WITHOUT_ROW, QuestionAnswer, answers
from reports.released.release_memo import once
from reports.released.released_tables import ABSENT
from reports.released.report_model import Report, ReportedRelease
from reports.released.report_release import figures_in

LAW = "law_28"
AREAS = (FEDERAL, KURDISTAN)


def law(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the chapter on the law, article by article, unless the national dataset is not released."""
    if report.headline is None:
        return
    law_answers = _answers(report.headline)
    sections = tuple(
        _article(question, list(several), report.headline, words)
        for question, several in groupby(law_answers, lambda answer: answer.question)
    )
    intro = Paragraph(text=words.text("edition.law.intro"), tone="lead")
    yield Chapter(id="law-28", title=words.text(f"question.{LAW}"), blocks=(intro,), chapters=sections)


@once
def _answers(release: ReportedRelease) -> list[QuestionAnswer]:
    treaty = question_card.load(LAW)
    asked = {row.indicator for rows in treaty.questions.values() for row in rows if row.indicator}
    return answers(treaty, figures_in(release, asked))


def _article(
    question: str, article_answers: Sequence[QuestionAnswer], release: ReportedRelease, words: Words
) -> Chapter:
    with_row = [answer for answer in article_answers if answer.state not in WITHOUT_ROW and answer.area in AREAS]
    rows = [
        list(several)
        for _, several in groupby(with_row, lambda answer: (answer.row, answer.measure, answer.codes, answer.area))
    ]
    by_row: dict[tuple[str, ...], list[QuestionAnswer]] = {}
    for several in rows:
        first = several[0]
        by_row.setdefault((str(first.row), first.measure, *map(str, first.codes.items())), []).extend(several)
    with_figures = [
        row_answers for row_answers in by_row.values() if any(answer.state != "missing" for answer in row_answers)
    ]
    blocks: list[Block] = [_table(question, with_figures, release, words)] if with_figures else []
    lacking = _lacking_figures(
        article_answers, [answer for row_answers in with_figures for answer in row_answers], words
    )
    if lacking:
        blocks.append(ItemList(label=words.text("edition.law.lacking"), texts=lacking))
    title = words.text(f"question.{LAW}.{question}")
    return Chapter(id=f"law-28-{printed.name_of(question)}", title=title, blocks=tuple(blocks))


def _lacking_figures(
    article_answers: Sequence[QuestionAnswer], known: Sequence[QuestionAnswer], words: Words
) -> tuple[str, ...]:
    """Return what an article requires but no figure shows: indicators that nobody reports, and named gaps."""
    with_figure = {answer.indicator for answer in known}
    asked = dict.fromkeys(answer.indicator for answer in article_answers if answer.state not in WITHOUT_ROW)
    silent = (
        words.text("edition.law.silent", indicator=wording.title(code, words))
        for code in asked
        if code not in with_figure
    )
    gaps = (
        _capitalise(treaty_questions.missing_reason(answer, words))
        for answer in article_answers
        if answer.state in WITHOUT_ROW
    )
    return tuple(dict.fromkeys((*silent, *gaps)))


def _table(
    question: str, rows: Iterable[Sequence[QuestionAnswer]], release: ReportedRelease, words: Words
) -> TableBlock:
    names = {"year": "page.demand.year", "reported": "edition.law.reported", "since": "question.column.since"}
    columns = (
        TableColumn(text=words.text(names["year"]), code="year"),
        *(TableColumn(text=wording.area(area, words), code=area) for area in AREAS),
        TableColumn(text=words.text(names["reported"]), code="reported"),
        TableColumn(text=words.text(names["since"]), code="since"),
    )
    return printed.ungrouped_table(
        f"law-28-{printed.name_of(question)}-table",
        words.text(f"question.{LAW}.{question}"),
        words.text("question.column.what"),
        columns,
        (_row(row_answers, release, words) for row_answers in rows),
    )


def _row(row_answers: Sequence[QuestionAnswer], release: ReportedRelease, words: Words) -> TableRow:
    """Return the figures of both regions in the last year for which one has a figure, and the first year of any."""
    with_figure = sorted({answer.year for answer in row_answers if answer.state not in ("missing", "withheld")})
    known = with_figure or sorted({answer.year for answer in row_answers if answer.state == "withheld"})
    year = known[-1]
    here = {answer.area: answer for answer in row_answers if answer.year == year}
    return TableRow(
        label=_answer_subject(row_answers[0], words),
        cells=(
            printed.text(dates.year(words, year)),
            *(_figure(here.get(area), release, words) for area in AREAS),
            printed.text(_bodies_reported(here.values(), words)),
            printed.text(dates.year(words, known[0])),
        ),
        code=row_answers[0].indicator or "",
    )


def _figure(answer: QuestionAnswer | None, release: ReportedRelease, words: Words) -> PrintedFigure:
    if answer is None:
        return PrintedFigure(mark="n")
    codes = (answer.codes.get(name, TOTAL) for name in DIMENSIONS)
    key = (answer.indicator, answer.measure, answer.area, answer.year, *codes)
    return printed.figure(release.cells.get(key, ABSENT), words)


def _bodies_reported(row_answers: Iterable[QuestionAnswer], words: Words) -> str:
    """Return how many of the agencies that should report in both regions did, e.g. `1 of 2`."""
    pairs = [(int(float(answer.released[RECEIVED])), int(float(answer.released[EXPECTED]))) for answer in row_answers]
    reported, expected = sum(received for received, _ in pairs), sum(due for _, due in pairs)
    return words.text("page.coverage.cell", reported=reported, expected=expected) if expected else ""


def _answer_subject(answer: QuestionAnswer, words: Words) -> str:
    title = wording.title(answer.indicator, words)
    about = answer_text.row_subject(answer.indicator, answer.measure, answer.codes, words)
    return words.text("edition.measured", indicator=title, measure=about) if about else title


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]
