"""`marsad submissions`: who has sent what, withdrawing a submission, forgetting a file.

Does not belong here: what is owed and what came (`ingestion/submissions/current_submissions.py`), or what a
withdrawal does (`ingestion/submissions/submission_withdrawal.py`).
"""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from ingestion.home import Home
from marsad.commands import backing_up
from marsad.commands.approving import tell_forgotten, tell_prepared
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import Actor, AsJson, Language
from marsad.terminal.help_groups import HintingCommands

app = typer.Typer(
    cls=HintingCommands,
    no_args_is_help=True,
    help="Who has sent what; the letter about it; taking a submission back; forgetting a file.",
)

_COLUMNS = ("source", "expected", "received", "late_days", "complete_share", "due", "next_due", "is_late", "overdue")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Who has sent what, as of the last build: how late, how full."""
    from ingestion.submissions.current_submissions import state

    rows = state(Home.at().existing(), datetime.datetime.now(tz=datetime.UTC).date())
    if as_json:
        console.document(rows)
    else:
        console.table_of(rows, _COLUMNS)


@app.command()
def letter(
    source: Annotated[str, typer.Argument(help="The agency.")],
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Print the letter to an agency about the files that it owes, in its language unless another is named."""
    from marsad.answers.owed_deliveries import owed_letter

    today = datetime.datetime.now(tz=datetime.UTC).date()
    written = owed_letter(Home.at().existing(), source, today, language)
    if as_json:
        console.document({"source": source, "language": written.words.tag, "letter": written.text})
    else:
        console.say(written.text.rstrip())


@app.command()
def withdraw(
    submission: Annotated[str, typer.Argument(help="A submission, as its receipt names it.")],
    reason: Annotated[str, typer.Option(help="Why; names and telephone numbers do not belong here.")],
    by: Annotated[str, typer.Option(help="Who decided it: a section or role.")],
    language: Language = None,
) -> None:
    """Take a submission back: the next build is as if it had not come."""
    from marsad.answers.withdrawals import withdraw_submission

    chosen_language.speak(language)
    words = chosen_language.words()
    withdrawn = withdraw_submission(Home.at().existing(), submission, reason=reason, signed_by=by)
    console.say(words.text("desk.withdrawn", submission=withdrawn.line.withdraws, source=withdrawn.line.source))
    backing_up.tell_holding(withdrawn.backups)
    if withdrawn.remains:
        console.say(words.text("desk.withdrawn_remains", command="marsad build"))
    for path in withdrawn.remains:
        console.say(f"  {path}")


@app.command()
def forget(
    submission: Annotated[str, typer.Argument(help="A submission, as its receipt names it.")],
    reason: Annotated[str, typer.Option(help="Why; names and telephone numbers do not belong here.")],
    person: Actor,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Prepare that the file of a submission is forgotten; once two have signed, only hashes of it stay."""
    from ingestion.people import acts
    from marsad.answers import acting

    chosen_language.speak(language)
    home, words = Home.at().existing(), chosen_language.words()
    folder = acting.prepare_forgetting(home, person, submission, reason)
    if folder not in acts.pending(home):
        console.say(words.text("desk.forgetting_resumed", act=folder.name))
        tell_forgotten(home, folder, words)
    elif as_json:
        console.document({"act": folder.name, "line": acting.line_for(home, folder)})
    else:
        tell_prepared(home, folder, words)
