"""The monitor of Law 28/2012: what it orders, whether it is done in both regions, the figure, and whose duty it is.

Belongs here: the answers under the articles of the law as finished texts, and the chapter that shows them on pages and
in the workbook. The print of its own shows the same texts (`reports/renderers/monitor_print.py`).
Does not belong here: which question stands under which article (`reports/answers/law_duties.py`), what a release
answers, the sentences of an answer (`reports/answers/answer_sentences.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from languages import dates
from languages.words import Words
from reports.answers import answer_reasons, answer_sentences, law_duties
from reports.answers.found_answers import AREAS, Answer, answers_of
from reports.answers.judgement import BETTER
from reports.answers.law_duties import LawArticle, LawDuty, Standing
from reports.chapters import printed
from reports.editions.edition import Block, Chapter, DefinedTerm, Paragraph, TableColumn, TableRow, TermList
from reports.editions.law_monitor import (
    AgencyStatement,
    LawMonitor,
    MonitorAnswer,
    MonitorArticle,
    MonitorDuty,
    StandingCount,
    State,
)
from reports.editors import agency_comments, prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.phrases import wording
from reports.released.report_model import Report

CHAPTER = "law-28"
_Texts = Mapping[str, tuple[str, ...]]
_SCALE: tuple[Standing, ...] = (
    ("met",), ("partly_met", "met"), ("partly_met",), ("not_met", "partly_met"), ("not_met",), "not_known",
    "no_standard",
)  # fmt: skip


def law_monitor(report: Report, matter: EditorialInputs, words: Words) -> LawMonitor | None:
    """Return the monitor of a report; None if the national dataset is not released.

    Args:
        report: the model.
        matter: comments of agencies, days of sending, recommendations.
        words: of the language.
    """
    if report.headline is None:
        return None
    articles = law_duties.law_articles(answers_of(report))
    comments = agency_comments.comments_in(matter.prose, words.tag)
    rows = _Rows(report, prose_figures.texts_by_slot(matter.prose, report, words), comments, words)
    return LawMonitor(
        title=words.text("monitor.title"),
        intro=words.text("monitor.intro"),
        places=tuple(wording.area(area, words) for area in AREAS),
        counts=tuple(_counts(articles, words)),
        articles=tuple(map(rows.article, articles)),
        adopted=tuple(_adopted(articles, words)),
        statements=tuple(_statements(matter, comments, words)),
        not_sent=_not_sent(matter, words),
    )


def _adopted(articles: Sequence[LawArticle], words: Words) -> Iterator[str]:
    """Yield where the standards are written and since when they are adopted, each source once."""
    standards = [answer.standard for article in articles for duty in article.duties for answer in duty.answers]
    sources = {
        (standard.source.get(words.tag) or next(iter(standard.source.values())), standard.adopted.isoformat())
        for standard in standards
        if standard is not None
    }
    for source, day in sorted(sources, key=lambda source: (source[1], source[0])):
        yield words.text("monitor.adopted", source=source, date=dates.day(words, day))


def _statements(matter: EditorialInputs, comments: _Texts, words: Words) -> Iterator[AgencyStatement]:
    """Yield what each agency says to which its rows were sent, in the law's order."""
    for agency in law_duties.named_agencies():
        day, comment = matter.sent_days.get(agency), comments.get(agency, ())
        if day or comment:
            yield AgencyStatement(
                agency=answer_sentences.agencies_words([agency], words),
                sent=words.text("monitor.sent", date=dates.day(words, day.isoformat())) if day else "",
                words=comment or (words.text("monitor.no_comment"),),
                is_comment=bool(comment),
            )


def _not_sent(matter: EditorialInputs, words: Words) -> str:
    """Return to which agencies no rows were sent; empty if all were asked."""
    left = [agency for agency in law_duties.named_agencies() if agency not in matter.sent_days]
    return words.text("monitor.not_sent", agencies=answer_sentences.agencies_words(left, words)) if left else ""


def law_chapter(monitor: LawMonitor | None, words: Words) -> Iterator[Chapter]:
    """Yield the chapter of the law: how many duties are met, then article by article."""
    if monitor is None:
        return
    note = Paragraph(text=words.text("edition.label.monitor_counts_note"), tone="note")
    yield Chapter(
        id=CHAPTER,
        title=monitor.title,
        blocks=(
            Paragraph(text=monitor.intro, tone="lead"),
            *(Paragraph(text=text) for text in monitor.adopted),
            *_tables(monitor, words),
            note,
        ),
        chapters=(*(_section(article, words) for article in monitor.articles), *_comments(monitor, words)),
    )


def _comments(monitor: LawMonitor, words: Words) -> Iterator[Chapter]:
    """Yield the section of what agencies say, in their own words."""
    said = tuple(
        Chapter(
            id=f"{CHAPTER}-comment-{number}",
            title=statement.agency,
            blocks=tuple(Paragraph(text=text) for text in (statement.sent, *statement.words) if text),
        )
        for number, statement in enumerate(monitor.statements, start=1)
    )
    if said or monitor.not_sent:
        blocks = (Paragraph(text=monitor.not_sent, tone="note"),) if monitor.not_sent else ()
        title = words.text("edition.label.monitor_statements")
        yield Chapter(id=f"{CHAPTER}-comments", title=title, blocks=blocks, chapters=said)


def _counts(articles: Sequence[LawArticle], words: Words) -> Iterator[StandingCount]:
    by_area = [law_duties.count_standings(articles, area) for area in AREAS]
    for standing in _SCALE:
        numbers = tuple(counts[standing] for counts in by_area)
        if any(numbers):
            yield StandingCount(state=_state(standing), text=_standing_words(standing, words), numbers=numbers)


class _Rows:
    """The rows of the monitor in one language."""

    def __init__(self, report: Report, recommended: _Texts, comments: _Texts, words: Words) -> None:
        self._report = report
        self._recommended = recommended
        self._comments = comments
        self._words = words

    def article(self, article: LawArticle) -> MonitorArticle:
        """Return an article with its rows."""
        return MonitorArticle(
            key=article.name,
            title=self._words.text(f"monitor.article.{article.name}"),
            duties=tuple(self._duty(duty) for duty in article.duties),
            note="" if article.duties else self._words.text("monitor.nothing_to_measure"),
        )

    def _duty(self, duty: LawDuty) -> MonitorDuty:
        words, ordered, kind = self._words, f"answer.{duty.key}.ordered", duty.card.kind
        return MonitorDuty(
            key=duty.key,
            question=answer_sentences.question(duty.answers[0], words),
            ordered=words.text(ordered) if ordered in words else "",
            note="" if kind == "standard" else words.text(f"monitor.no_verdict.{kind}"),
            answers=tuple(self._answer(answer) for answer in duty.answers),
            recommendation=self._recommended.get(agency_comments.recommendation_slot(duty.key), ()),
        )

    def _answer(self, answer: Answer) -> MonitorAnswer:
        words, standing = self._words, law_duties.standing_of(answer)
        state: State = _state(standing) if standing else "figures" if answer.has_figure else "not_known"
        since = words.text("monitor.since", year=dates.year(words, answer.since)) if answer.has_figure else ""
        told = (
            answer_sentences.figure_sentence(answer, words),
            since,
            _sentence(answer_sentences.way_words(answer, words), words),
        )
        return MonitorAnswer(
            place=wording.area(answer.area, words),
            state=state,
            state_text=answer_sentences.state_words(answer, words) or words.text(f"monitor.{state}"),
            text=" ".join(text for text in told if text),
            duty=self._whose(answer),
            follows=_what_follows(answer, words),
            reasons=tuple(answer_reasons.reason_sentences(answer, self._report, words)) if answer.has_figure else (),
        )

    def _whose(self, answer: Answer) -> str:
        """Return whose duty it is, and that its comment stands below."""
        duty = answer_sentences.duty_words(answer, self._words)
        if any(agency in self._comments for agency in answer.card.duty[answer.area]):
            return self._words.text("monitor.commented", agencies=duty)
        return duty


def _what_follows(answer: Answer, words: Words) -> str:
    """Return what would show an unmet duty done, or who is asked for a figure that is not known."""
    if answer.verdicts and answer.verdicts != ("met",):
        return answer_sentences.done_when(answer, words)
    if law_duties.is_asked_by_letter(answer):
        if answer.card.sender.get(answer.area) == answer.card.duty[answer.area]:
            return words.text("monitor.asked_too")
        return words.text("monitor.asked", agencies=answer_sentences.sender_words(answer, words))
    return ""


def _state(standing: Standing) -> State:
    """Return the state that a shade repeats: the worse of two verdicts."""
    return standing if isinstance(standing, str) else min(standing, key=BETTER.index)


def _standing_words(standing: Standing, words: Words) -> str:
    if isinstance(standing, str):
        return words.text(f"monitor.{standing}")
    return answer_sentences.verdict_words(standing, words)


def _sentence(text: str, words: Words) -> str:
    """Return a text as a sentence: a capital letter first, a full stop last."""
    if not text:
        return ""
    return words.text("answer.sentence", text=(text[:1].upper() + text[1:]).removesuffix("."))


def _tables(monitor: LawMonitor, words: Words) -> Iterator[Block]:
    places = [TableColumn(text=place, code=area) for place, area in zip(monitor.places, AREAS, strict=True)]
    yield printed.ungrouped_table(
        f"{CHAPTER}-counts",
        words.text("edition.label.monitor_counts"),
        words.text("edition.label.monitor_answer"),
        places,
        (
            TableRow(label=count.text, cells=tuple(printed.plain_number(number, words) for number in count.numbers))
            for count in monitor.counts
        ),
        sheet=words.text("monitor.sheet.counts"),
    )
    yield printed.ungrouped_table(
        f"{CHAPTER}-duties",
        monitor.title,
        words.text("edition.label.monitor_question"),
        (*places, TableColumn(text=words.text("edition.label.monitor_duty"), code="duty")),
        (_row(duty, monitor) for article in monitor.articles for duty in article.duties),
        sheet=words.text("monitor.sheet.duties"),
    )


def _row(duty: MonitorDuty, monitor: LawMonitor) -> TableRow:
    by_place = {answer.place: answer.state_text for answer in duty.answers}
    texts = (*(by_place.get(place, "") for place in monitor.places), duty.answers[0].duty)
    return TableRow(label=duty.question, cells=tuple(printed.text(text) for text in texts))


def _section(article: MonitorArticle, words: Words) -> Chapter:
    return Chapter(
        id=f"{CHAPTER}-article-{printed.name_of(article.key)}",
        title=article.title,
        blocks=(Paragraph(text=article.note),) if article.note else (),
        chapters=tuple(
            Chapter(
                id=f"{CHAPTER}-{printed.name_of(duty.key)}",
                title=duty.question,
                blocks=(TermList(entries=tuple(_entries(duty, words))),),
            )
            for duty in article.duties
        ),
    )


def _entries(duty: MonitorDuty, words: Words) -> Iterator[DefinedTerm]:
    if duty.ordered:
        yield DefinedTerm(term=words.text("edition.label.monitor_ordered"), text=duty.ordered)
    for answer in duty.answers:
        texts = (_sentence(answer.state_text, words), answer.text, *answer.reasons, answer.follows)
        yield DefinedTerm(term=answer.place, text=" ".join(text for text in texts if text))
    for answer in duty.answers:
        if answer.duty:
            yield DefinedTerm(term=words.text("monitor.duty_at", place=answer.place), text=answer.duty)
    if duty.note:
        yield DefinedTerm(term=words.text("edition.label.monitor_answer"), text=duty.note)
    if duty.recommendation:
        yield DefinedTerm(term=words.text("edition.label.monitor_recommendation"), text=" ".join(duty.recommendation))
