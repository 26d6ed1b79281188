"""Messages: an e-mail that announces a report, and a list of changes since the last one, for journalists.

Belongs here: both as plain text, line by line, so that they can be pasted into any program.
Does not belong here: sending them, or any sentence on a figure (`reports/findings`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from languages.words import Words
from reports.briefings.briefing import Briefing
from reports.phrases.spoken import words_of_edition


def email(briefing: Briefing, words: Words) -> bytes:
    """Return the e-mail: its subject in the first line, then findings, gaps, where the report is, the contact."""
    words, edition = words_of_edition(words), briefing.edition
    lines = [
        words.text("briefing.email.subject", title=edition.title, period=edition.subtitle),
        "",
        *briefing.first_of_all,
        "",
        words.text("briefing.email.opening", publisher=edition.publisher),
        "",
        *_list_lines(
            " ".join([f"{finding.sentence} ({finding.about})", *finding.comment]) for finding in briefing.findings
        ),
        "",
        *_list_with_title(words.text("briefing.silent"), briefing.silent),
        words.text("briefing.email.files"),
        "",
        *_closing_lines(briefing, words),
    ]
    return _text(lines)


def news(briefing: Briefing, words: Words) -> bytes:
    """Return what changed since the last report, for journalists: changes, then findings, gaps, how to cite."""
    words, edition = words_of_edition(words), briefing.edition
    lines = [
        words.text("briefing.news.title", title=edition.title, period=edition.subtitle),
        "",
        *briefing.first_of_all,
        "",
        *_list_with_title(words.text("briefing.news.changes"), briefing.changes),
        *_list_with_title(words.text("briefing.findings"), _findings(briefing)),
        *_list_with_title(words.text("briefing.silent"), briefing.silent),
        words.text("briefing.news.care"),
        "",
        *_closing_lines(briefing, words),
    ]
    return _text(lines)


def _findings(briefing: Briefing) -> list[str]:
    """Return each finding with how its figures are protected; if that is the same for all, once at the end."""
    of_all = {finding.protection for finding in briefing.findings}
    if len(of_all) == 1:
        return [*(finding.sentence for finding in briefing.findings), *of_all]
    return [f"{finding.sentence} {finding.protection}" for finding in briefing.findings]


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
