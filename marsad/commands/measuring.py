"""`marsad quality`: how complete, timely, consistent and stable each agency's data is, and a page for the agency.

Does not belong here: the measures (`ingestion/quality/quality_measures.py`), writing the page
(`answers/agency_quality.py`), what it shows (`ingestion/quality/quality_page.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestion.home import Home
from ingestion.people.acts_log import log_look
from languages.words import Words
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import AsJson, Language, Looker
from marsad.terminal.help_groups import HintingCommands

if TYPE_CHECKING:
    from ingestion.quality.quality_measures import BodyQuality

app = typer.Typer(
    cls=HintingCommands,
    invoke_without_command=True,
    help="How good each agency's data is; answering a question about it.",
)

_COLUMNS = ("source", "owed", "in_time", "not_come", "rows_in", "held_back", "poor", "contradictory", "questions")


@app.callback()
def quality(
    context: typer.Context,
    source: Annotated[str | None, typer.Option("--source", help="One agency only, told in full.")] = None,
    page: Annotated[
        Path | None,
        typer.Option("--page", help="Write the page for the agency here, in its language: an .html file or a folder."),
    ] = None,
    person: Looker = "",
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """How complete, timely, consistent and stable each agency's data is, as of the last build. Not for publication."""
    if not context.invoked_subcommand:
        chosen_language.speak(language)
        home = Home.at().existing()
        if source:
            from ingestion.cards.source_card import load_source

            load_source(source)  # the log gets no word that names no agency
        log_look(home, person, f"quality {source or 'of all'}")
        tell_quality(home, source, chosen_language.words(), page=page, language=language, as_json=as_json)


@app.command()
def answer(
    item: Annotated[str, typer.Argument(help="A question, as the list names it.")],
    value: Annotated[str, typer.Option("--as", help="explained: it is right; wrong: a corrected file must come.")],
    by: Annotated[str, typer.Option(help="Who answers: a section or role.")],
    reason: Annotated[str, typer.Option(help="Why; names and telephone numbers do not belong here.")],
) -> None:
    """Record an answer to a question: it stays with the figures until the file changes."""
    from ingestion.quality.quality_answers import answer as record
    from marsad.answers.agency_quality import measure_quality

    home, words = Home.at().existing(), chosen_language.words()
    day = datetime.datetime.now(tz=datetime.UTC).date()
    asked = [question for quality in measure_quality(home, None, day) for question in quality.questions]
    record(home, asked, item, value=value, signed_by=by, reason=reason, today=day)
    console.say(words.text("quality.recorded", item=item, value=value, by=by))


def tell_quality(
    home: Home,
    source: str | None,
    words: Words,
    *,
    page: Path | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Print the data quality of one agency, or a line for each; with `page` write the page of each.

    A page is in the agency's language unless another is named.
    """
    from marsad.answers.agency_quality import measure_quality, write_quality_pages

    day = datetime.datetime.now(tz=datetime.UTC).date()
    with console.progress(only_seen=True) as progress:
        bodies = measure_quality(home, source, day, progress)
    pages = write_quality_pages(home, bodies, page, language) if page else {}
    if as_json:
        answers = [body.as_json() | ({"page": str(pages[body.source])} if pages else {}) for body in bodies]
        console.document(answers[0] if source else answers)
        return
    if source:
        _tell_body(bodies[0], words)
    else:
        console.table_of([_line(body) for body in bodies], _COLUMNS)
    for path in pages.values():
        console.say(words.text("quality.written", path=str(path)))


def _line(quality: BodyQuality) -> dict[str, Any]:
    """Return one agency in numbers; the columns are as in `marsad submissions status`."""
    sent = [delivery for delivery in quality.deliveries if delivery.sent_date]
    return {
        "source": quality.source,
        "owed": len(quality.deliveries),
        "in_time": sum(delivery.days_late == 0 for delivery in sent),
        "not_come": len(quality.deliveries) - len(sent),
        "rows_in": quality.rows_in,
        "held_back": quality.rows_in - quality.rows_landed,
        "poor": sum(variable.verdict == "poor" for variable in quality.variables),
        "contradictory": sum(check.broken for check in quality.checks),
        "questions": sum(question.waits for question in quality.questions),
    }


def _tell_body(quality: BodyQuality, words: Words) -> None:
    """Print what one agency is asked to do, its columns with the worst first, and the questions."""
    from ingestion.cards.source_card import load_source
    from ingestion.quality.quality_page import Names, answer_in_words, list_tasks, question_in_words

    names = Names(load_source(quality.source), words)
    console.say(words.text(f"source.{quality.source}.title"))
    console.say(words.text("quality.todo"))
    for sentence in list_tasks(quality, names):
        console.say(f"  {sentence}")
    rows = [
        {
            "table": names.table(variable.shape),
            "column": names.column(variable.shape, variable.field),
            "records": variable.records,
            "known": f"{variable.known_share:.0%}" if variable.known_share is not None else "",
            "newest": f"{variable.newest_share:.0%}" if variable.newest_share is not None else "",
            "verdict": words.text(f"quality.verdict.{variable.verdict}"),
        }
        for variable in sorted(
            quality.variables, key=lambda variable: (variable.verdict == "none", variable.known_share or 0.0)
        )
    ]
    _print_table(rows, ("table", "column", "records", "known", "newest", "verdict"), words)
    asked: list[dict[str, Any]] = []
    for question in quality.questions:
        text, remedy = question_in_words(question.question, names)
        asked.append(
            {"item": question.id, "question": text, "remedy": remedy, "answered": answer_in_words(question, words)}
        )
    _print_table(asked, ("item", "question", "remedy", "answered"), words)


def _print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], words: Words) -> None:
    if rows:
        console.table_in_words(rows, columns, [words.text(f"quality.{name}") for name in columns], words)
