"""Exchange editors' texts as a Word document: which slots a report has, and importing a filled document into the home.

Belongs here: the slots, from the edition and the answers of the latest releases, and writing `prose/`.
Does not belong here: the document (`reports/editors/prose_document.py`), or what a text may hold (`prose.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingestion.home import Home, write_bytes
from languages.words import Words
from reports.answers import answer_sentences
from reports.answers.found_answers import AREAS, Answer, answers_of
from reports.answers.law_duties import named_agencies
from reports.chapters import law
from reports.chapters.build_edition import edition
from reports.editions import arrangement
from reports.editions.edition import Chapter, Edition
from reports.editors import agency_comments, editorial_inputs, prose, prose_document, prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.editors.prose_document import ProseSlot
from reports.phrases import wording
from reports.phrases.spoken import words_of_edition
from reports.released import report_model
from reports.released.report_model import Report
from reports.renderers import site

_PAGE_OF_LAW = f"{law.CHAPTER}.html"


def document(home: Home, tags: Sequence[str]) -> bytes:
    """Return a document to fill in for the report of the latest releases, with the texts that the home has.

    Args:
        home: of the releases and of the texts.
        tags: of the languages, each with a part of its own.
    """
    report = report_model.load(home)
    written = {path.name: path.read_text(encoding="utf-8") for path in sorted(home.prose.glob("*.md"))}
    matter = editorial_inputs.read_inputs(home, report)
    return prose_document.write_document({tag: list(slots(report, matter, Words.load(tag))) for tag in tags}, written)


def take_texts(home: Home, data: bytes, where: str) -> list[str]:
    """Write the texts of a filled document into the home; return the names of those that are new or changed.

    The figures that they name are recorded as printed today. An empty slot leaves its text unchanged.

    Raises:
        Refusal: as `prose_document.read_document`; nothing is written then.
    """
    report = report_model.load(home)
    texts = prose_document.read_document(data, where)
    changed = {name: text for name, text in texts.items() if _stored_text(home, name) != text}
    for name, text in changed.items():
        write_bytes(home.prose / name, text.encode("utf-8"))
    prose_figures.remember_figures(home, (text for text in prose.read_texts(home) if text.name in changed), report)
    return sorted(changed)


def _stored_text(home: Home, name: str) -> str:
    path = home.prose / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def slots(report: Report, matter: EditorialInputs, words: Words) -> Iterator[ProseSlot]:
    """Yield a slot for each chapter, for each section of the demands, and for each answer: a comment, a title."""
    report_edition = edition(report, words, matter)
    front = site.chapters_on_front(report_edition)
    for chapter in report_edition.chapters:
        page = arrangement.file_of(chapter, front)
        yield ProseSlot(chapter.id, chapter.title, page=page, keys=_keys_in(chapter, report))
        if chapter.id == "demands":
            for below in chapter.chapters:
                yield ProseSlot(below.id, f"{chapter.title}: {below.title}", page=page, keys=_keys_in(below, report))
    spoken_words = words_of_edition(words)
    for answer in answers_of(report):
        if answer.has_figure:
            key = prose_figures.key_of(answer)
            figure = answer_sentences.bare_figure(answer, spoken_words)
            note = words.text("prose.document.key", name=f"{{{key}}}", figure=figure)
            title, page = _title(answer, spoken_words), arrangement.page_of(answer.card.answer.indicator)
            reworded = words.text("prose.document.reworded")
            name = _title(answer, spoken_words, "prose.place")
            yield ProseSlot(prose_figures.slot_of(key), title, note, page, (key,), name)
            yield ProseSlot(prose_figures.slot_of(key, "title"), title, reworded, page, (key,), name)
    yield from _law_slots(report_edition, spoken_words)


def _keys_in(chapter: Chapter, report: Report) -> tuple[str, ...]:
    """Return the keys of the answers of which a chapter has a section, or whose indicator it prints."""
    codes, ids = zip(*((below.code, below.id) for below in chapter.walk()), strict=True)
    return tuple(
        prose_figures.key_of(answer)
        for answer in answers_of(report)
        if answer.has_figure
        and (answer.card.answer.indicator in codes or any(_is_about(answer, section) for section in ids))
    )


def _is_about(answer: Answer, section: str) -> bool:
    return section.endswith(f"-{answer.key.replace('_', '-')}")


def _law_slots(report_edition: Edition, words: Words) -> Iterator[ProseSlot]:
    """Yield a slot for what each agency says to its rows, and for what is recommended for each unmet duty."""
    monitor = report_edition.monitor
    if monitor is None:
        return
    for agency in named_agencies():
        name = answer_sentences.agencies_words([agency], words)
        note = words.text("prose.document.comment")
        yield ProseSlot(agency_comments.comment_slot(agency), name, note, _PAGE_OF_LAW)
    note = words.text("edition.label.monitor_recommendation")
    for duty in (duty for article in monitor.articles for duty in article.duties):
        if any(answer.state in ("not_met", "partly_met") for answer in duty.answers):
            keys = tuple(f"{duty.key}@{area}" for area in AREAS)
            yield ProseSlot(agency_comments.recommendation_slot(duty.key), duty.question, note, _PAGE_OF_LAW, keys)


def _title(answer: Answer, words: Words, form: str = "prose.document.finding") -> str:
    """Return the location of an answer (its section, page and area) and its sentence, in a form of words."""
    indicator = answer.card.answer.indicator
    return words.text(
        form,
        section=wording.title(indicator, words),
        page=arrangement.page_of(indicator),
        place=wording.area(answer.area, words),
        sentence=answer_sentences.figure_sentence(answer, words),
    )
