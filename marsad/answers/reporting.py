"""`marsad report`: write the report in all its forms, say what is to be done before it is out, and publish it.

Does not belong here: what a report holds, the checklist, or what publishing keeps (`reports`).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ingestion.home import Home
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import AsJson

Publish = Annotated[bool, typer.Option("--publish", help="Let it out, in every language, if nothing blocks.")]
PreRelease = Annotated[
    bool, typer.Option("--pre-release", help="With --publish: to those alone whom the calendar lets read it before.")
]


app = typer.Typer()


@app.command()
def report(
    language: Annotated[str | None, typer.Option("--language", help="One language only.")] = None,
    publish: Publish = False,
    pre_release: PreRelease = False,
    prose: Annotated[
        Path | None, typer.Option("--prose", help="A Word file: written to be filled in; read back where it is there.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the report, its annex, pages, workbook, explorer and slides, with what is to be done before it is out.

    Exit code 1 if it was to be published and something blocks. A published report is never written again. Nobody builds
    or writes another report meanwhile: folders change their places.
    """
    from languages.words import Words, languages

    tags = [Words.load(language).tag] if language and not publish else languages()  # it goes out in all at once
    home, words = Home.at().existing(), chosen_language.words()
    from reports.editors import checklist
    from reports.publishing import publish_report

    if prose is not None:
        _exchange_prose(home, prose)
        return
    record = ""
    with home.lock("marsad report"):
        pages = _written(home, tags)
        today = datetime.datetime.now(tz=datetime.UTC).date()
        found = publish_report.readiness(home, tags, today=today, is_pre_release=pre_release)
        if publish and not found.blocking:
            record = str(publish_report.publish(home, found, tags, today=today, is_pre_release=pre_release))
    items = [{"level": one.level, "code": one.code, "where": one.where, "message": checklist.said(one, words)}
             for one in found.items]  # fmt: skip
    if as_json:
        console.document({"report": found.report, "pages": pages, "items": items, "published": record})
    else:
        for page in pages:
            console.say(page)
        for item in items:
            console.say(f"  {words.text('report.' + item['level'])}: {item['message']}")
        if record:
            console.say(words.text("report.published", path=record))
        elif publish:
            console.say(words.text("report.not_published", count=len(found.blocking)))
    raise typer.Exit(1 if publish and not record else 0)


def _exchange_prose(home: Home, path: Path) -> None:
    """Write a document for editors, or take their texts out of one; what it says goes into `prose/` of the home."""
    from ingestion.files.uploads import read_upload
    from ingestion.home import write_bytes
    from reports.publishing import prose_exchange

    words = chosen_language.words()
    with home.lock("marsad report"):
        if not path.exists():
            write_bytes(path, prose_exchange.document(home, words))
            console.say(words.text("prose.written", path=str(path)))
            return
        taken = prose_exchange.take(home, read_upload(path).data, str(path))
    console.say(words.text("prose.taken", count=len(taken)))
    for name in taken:
        console.say(f"  {name}")


def _written(home: Home, tags: Sequence[str]) -> list[str]:
    """Write the report in some languages, half a minute each, and return the front pages."""
    from reports.publishing.issue_report import issue

    pages = list[str]()
    with console.progress() as tell:
        for tag in tags:
            tell(f"report: {tag}")
            pages.append(str(issue(home, tag)))
    return pages
