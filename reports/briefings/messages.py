"""Messages: an e-mail that announces a report, and its story with what changed since the last one, for journalists.

Belongs here: both as plain text, line by line, so that they can be pasted into any program.
Does not belong here: sending them, or any sentence on a figure (`reports/answers`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from languages.words import Words
from reports.briefings.briefing import Briefing
from reports.phrases.spoken import words_of_edition

_ASKS = ("?", "؟")


def email(briefing: Briefing, words: Words) -> bytes:
    """Return the e-mail: its subject in the first line, then answers, gaps, where the report is, the contact."""
    words, edition = words_of_edition(words), briefing.edition
    lines = [
        words.text("briefing.email.subject", title=edition.title, period=edition.subtitle),
        "",
        *briefing.first_of_all,
        "",
        words.text("briefing.email.opening", publisher=edition.publisher),
        "",
        *_list_lines(_answers(briefing, is_whole=False)),
        "",
        *_list_with_title(words.text("briefing.silent"), briefing.silent),
        words.text("briefing.email.files"),
        "",
        *_closing_lines(briefing, words),
    ]
    return _text(lines)


def news(briefing: Briefing, words: Words) -> bytes:
    """Return the story for journalists: answers, who, gaps, what must not be written; then changes, how to cite."""
    words, edition = words_of_edition(words), briefing.edition
    lines = [
        words.text("briefing.news.title", title=edition.title, period=edition.subtitle),
        "",
        *briefing.first_of_all,
        "",
        *_list_with_title(words.text("briefing.answers"), _answers(briefing, is_whole=True)),
        *_list_with_title(words.text("briefing.persons"), briefing.persons),
        *_list_with_title(words.text("briefing.silent"), briefing.silent),
        *_list_with_title(words.text("briefing.care"), briefing.care),
        *dict.fromkeys(answer.protection for answer in briefing.answers if answer.protection),
        words.text("briefing.news.care"),
        "",
        *_list_with_title(words.text("briefing.news.changes"), briefing.changes),
        *_closing_lines(briefing, words),
    ]
    return _text(lines)


def _answers(briefing: Briefing, *, is_whole: bool) -> Iterator[str]:
    """Yield each answer under its demand and verdict, with the editor's text; whole with the lines that explain it."""
    for answer in briefing.answers:
        heading = answer.heading if answer.heading.endswith(_ASKS) else f"{answer.heading}."
        further = answer.further if is_whole else ()
        yield "\n".join([" ".join([heading, answer.sentence, *answer.comment]), *(f"  - {text}" for text in further)])


def _list_with_title(title: str, texts: Iterable[str]) -> Iterator[str]:
    lines = list(texts)
    if lines:
        yield from (title, *_list_lines(lines), "")


def _list_lines(texts: Iterable[str]) -> Iterator[str]:
    yield from (f"- {text}" for text in texts)


def _closing_lines(briefing: Briefing, words: Words) -> Iterator[str]:
    yield words.text("briefing.cite.label")
    yield briefing.cite
    if briefing.edition.contact:
        yield words.text("briefing.ask", contact=briefing.edition.contact)


def _text(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines).strip("\n") + "\n").encode("utf-8")
