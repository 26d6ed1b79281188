"""Messages: an e-mail that says a report is out, and what changed since the last one, for journalists.

Belongs here: both as plain text, line by line, so that they can be pasted into any program.
Does not belong here: sending them, or any sentence on a figure (`reports/findings`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from languages.words import Words
from reports.briefings.briefing import Briefing
from reports.phrases.spoken import spoken


def email(told: Briefing, words: Words) -> bytes:
    """Return the e-mail: its subject in the first line, then findings, silence, where the whole is, whom to ask."""
    words, edition = spoken(words), told.edition
    lines = [
        words.text("briefing.email.subject", title=edition.title, period=edition.subtitle),
        "",
        *told.first_of_all,
        "",
        words.text("briefing.email.opening", publisher=edition.publisher),
        "",
        *_listed(" ".join([f"{one.sentence} ({one.about})", *one.comment]) for one in told.findings),
        "",
        *_titled(words.text("briefing.silent"), told.silent),
        words.text("briefing.email.files"),
        "",
        *_closing(told, words),
    ]
    return _text(lines)


def news(told: Briefing, words: Words) -> bytes:
    """Return what changed since the last report, for journalists: findings first, then changes, and how to cite."""
    words, edition = spoken(words), told.edition
    lines = [
        words.text("briefing.news.title", title=edition.title, period=edition.subtitle),
        "",
        *told.first_of_all,
        "",
        *_titled(words.text("briefing.news.changes"), told.changes),
        *_titled(words.text("briefing.findings"), _findings(told)),
        *_titled(words.text("briefing.silent"), told.silent),
        words.text("briefing.news.care"),
        "",
        *_closing(told, words),
    ]
    return _text(lines)


def _findings(told: Briefing) -> list[str]:
    """Return each finding with how its figures are protected; what is true of all of them is said once, after them."""
    of_all = {one.protection for one in told.findings}
    if len(of_all) == 1:
        return [*(one.sentence for one in told.findings), *of_all]
    return [f"{one.sentence} {one.protection}" for one in told.findings]


def _titled(title: str, texts: Iterable[str]) -> Iterator[str]:
    found = list(texts)
    if found:
        yield from (title, *_listed(found), "")


def _listed(texts: Iterable[str]) -> Iterator[str]:
    yield from (f"- {text}" for text in texts)


def _closing(told: Briefing, words: Words) -> Iterator[str]:
    yield words.text("briefing.cite.label")
    yield told.cite
    if told.edition.contact:
        yield words.text("briefing.ask", contact=told.edition.contact)


def _text(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines).strip("\n") + "\n").encode("utf-8")
