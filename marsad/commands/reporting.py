"""`marsad report`: write the report in all its forms, list what is to be done before publication, and publish it.

Does not belong here: writing it (`answers/written_report.py`), its content, the checklist, or what publishing stores
(`reports`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.home import Home
from marsad.commands.approving import tell_prepared
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import Actor, AsJson

if TYPE_CHECKING:
    from languages.words import Words
    from reports.editors.checklist import ChecklistItem

Publish = Annotated[bool, typer.Option("--publish", help="Let it out, in every language, if nothing blocks.")]
PreRelease = Annotated[
    bool, typer.Option("--pre-release", help="With --publish: to those alone whom the calendar lets read it before.")
]
Only = Annotated[
    str | None,
    typer.Option(
        "--only",
        metavar="PAGE",
        help="One page or print alone, to look at: index, children-first, PRT-01, report.pdf, slides.pptx.",
    ),
]
Agency = Annotated[
    str | None,
    typer.Option(
        "--agency",
        metavar="AGENCY",
        help="Write what an agency is sent before publication: the rows that name it, figures to send.",
    ),
]


app = typer.Typer()


@app.command()
def report(
    language: Annotated[str | None, typer.Option("--language", help="One language only.")] = None,
    publish: Publish = False,
    pre_release: PreRelease = False,
    only: Only = None,
    agency: Agency = None,
    person: Actor = "",
    reason: Annotated[
        str, typer.Option(help="With --publish: why, in one sentence; names and telephone numbers do not belong here.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Write the report, its pages, workbook, explorer and slides, with what is to be done before it is out.

    Exit code 1 if it was to be published and something blocks. It is published once two have signed, and never written
    again from then on. Nobody builds or writes another report meanwhile: folders change their places.
    """
    from languages.words import Words, languages

    _refuse_contradicting(language, person, publish=publish)
    tags = [Words.load(language).tag] if language else languages()
    if only is not None and (publish or pre_release):
        raise typer.BadParameter("it writes one page to look at and does nothing else.", param_hint="--only")
    if agency is not None and (publish or pre_release or only):
        raise typer.BadParameter("it writes one letter and does nothing else.", param_hint="--agency")
    home = Home.at().existing()
    if (only or agency) and not chosen_language.named_language():
        chosen_language.speak(language)
    if agency is not None:
        _write_letter(home, agency, language, as_json=as_json)
    elif only is not None:
        _prove_page(home, tags, only, as_json=as_json)
    else:
        manner = _Publication(person, reason, publish, pre_release)
        _write_report(home, tags, manner, as_json=as_json)


def _refuse_contradicting(language: str | None, person: str, *, publish: bool) -> None:
    if publish and language:
        raise typer.BadParameter("a report is published in every language: leave it out.", param_hint="--language")
    if publish and not person:
        raise typer.BadParameter("who prepares the publication? Another person approves it.", param_hint="--as")


@dataclass(frozen=True)
class _Publication:
    """Who prepares the publication of a report and why; whether it is asked for, and for some before all."""

    person: str
    reason: str
    is_asked: bool
    is_pre_release: bool


def _write_report(home: Home, tags: Sequence[str], asked: _Publication, *, as_json: bool) -> None:
    """Write the whole report, prepare its publication if requested and nothing blocks, print what is to be done."""
    from marsad.answers import acting
    from marsad.answers.written_report import write_report

    words = chosen_language.words()
    if asked.is_asked:
        acting.people_for(home, asked.person, asked.reason)  # before minutes of writing
    with console.progress() as tell:
        written = write_report(home, tags, publish=asked.is_asked, is_pre_release=asked.is_pre_release, tell=tell)
    readiness, record, act = written.readiness, written.record, None
    if record:
        act = acting.prepare_report(home, asked.person, asked.reason, record, readiness.report)
    items = _items_in_words(readiness.items, words)
    if as_json:
        content = {"report": readiness.report, "pages": written.pages, "items": items, "act": act.name if act else ""}
        console.document(content)
    else:
        for page in written.pages:
            console.say(page)
        _say_items(items, words)
        if act:
            tell_prepared(home, act, words)
        elif asked.is_asked:
            console.say(words.text("report.not_published", count=len(readiness.blocking)))
    raise typer.Exit(1 if asked.is_asked and not act else 0)


def _prove_page(home: Home, tags: Sequence[str], page: str, *, as_json: bool) -> None:
    """Write one page or print in each of the languages; print its path, and what keeps editors' texts out of it."""
    from marsad.answers.written_report import write_proofs

    words = chosen_language.words()
    with console.progress() as tell:
        proofs = write_proofs(home, tags, page, tell)
    items = _items_in_words(proofs.items, words)
    if as_json:
        console.document({"proofs": proofs.paths, "items": items})
        return
    for path in proofs.paths:
        console.say(path)
    console.say(words.text("report.proof"))
    _say_items(items, words)


def _write_letter(home: Home, agency: str, language: str | None, *, as_json: bool) -> None:
    """Write the rows that name an agency, in its language unless another is named; print the path."""
    from marsad.answers.written_report import write_letter

    path = str(write_letter(home, agency, language))
    if as_json:
        console.document({"agency": agency, "letter": path})
    else:
        console.say(chosen_language.words().text("monitor.letter.written", path=path, agency=agency))


def _items_in_words(items: Iterable[ChecklistItem], words: Words) -> list[dict[str, str]]:
    from marsad.answers.checklist_lines import in_words

    return [asdict(line) for line in in_words(items, words)]


def _say_items(items: Iterable[Mapping[str, str]], words: Words) -> None:
    for item in items:
        console.say(f"  {words.text('report.' + item['level'])}: {item['message']}")
