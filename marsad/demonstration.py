"""The demo: an invented country sends its exports in two rounds, and all of Marsad runs over each.

Belongs here: the order of events, what happens between the rounds (late cases, a ministry's first lists, a file
that its sender withdraws). Does not belong here: the country, and who sends what when (`samples`), or where to look
afterwards (`commands/demonstrating.py`).
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable
from pathlib import Path

from assets.building import LOADING, BuildReport, build, is_loaded, prepare
from ingestion.files.uploads import SEALED_SUFFIX
from ingestion.home import Home, sha256_of, write_bytes
from ingestion.persons import link_store, linking
from ingestion.sealing.age_keys import DEMO_PUBLIC
from ingestion.sealing.sealed_files import seal_file
from ingestion.submissions import receipts
from ingestion.submissions.submission_withdrawal import withdraw
from languages import dates
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad import senders
from marsad.answers import acting
from samples import coded_names, editorial_texts, invented_clerks, invented_people, printed_figures, workbooks
from samples.bodies.sight import INTERIOR
from samples.editorial_texts import STANDARDS
from samples.life import country
from samples.life.country import Country
from samples.workbooks import SentFile

SEALED = "labour_2025.xlsx"
"""The file that its sender seals."""
ROUNDS = (datetime.date(2025, 6, 30), datetime.date(2026, 6, 30))
"""Last day of sending in each round: first everything up to 2024, then 2025 with late and withdrawn files."""
_LAST_BEFORE_REPORTS, _REPORTS = "estimates", "reports"


def country_of(years: int) -> Country:
    """Return the demo's country: its last years, up to 2025.

    Six are enough for every statistic: five years that can be compared, 36 months of arrivals.
    """
    last = ROUNDS[-1].year - 1
    return country.invent_country(first_year=last - years + 1, last_year=last)


def run(
    home: Home,
    words: Words,
    progress: Callable[[str], None],
    invented: Callable[[], Country],
    *,
    until: str = _REPORTS,
) -> BuildReport:
    """Run the demo in a home of its own and return its last build, which may have failed; a second run changes nothing.

    The first round ends with its releases, because nobody would read a report on them.

    Args:
        home: of the demo.
        words: of the language of its messages.
        progress: called with each step, as a line.
        invented: returns the country, e.g. `country_of`; one of fewer years takes less time.
        until: the last stage of the last round.

    Raises:
        Refusal: `demo_of_other_years` if the home holds the files of a country that begins in another year.
    """
    with home.open(invented=True).lock("marsad demo"):
        invented_people.found(home)
        invented_people.lay_out_keys(home)
    progress(words.text("demo.inventing"))
    sending = invented()
    _refuse_other_years(home, sending)
    if not _is_over(home, ROUNDS[0]):
        _send_files(home, sending, ROUNDS[0], words, progress)
        report = _build_signed(home, "releases", words, progress)
        if not report.passed:
            return report
    _send_files(home, sending, ROUNDS[-1], words, progress)
    report = _link_records(home, sending, words, progress)
    if not report.passed:
        return report
    ends_early = until != _REPORTS
    report = _build_signed(home, until if ends_early else _LAST_BEFORE_REPORTS, words, progress)
    if ends_early or not report.passed:
        return report
    if not list(home.publications.glob("*.yml")):
        _lay_out_newspapers(home)
    report = build(home, progress=progress, until=_REPORTS)
    if report.passed:
        _publish_report(home, words, progress)
    return report


def _build_signed(home: Home, until: str, words: Words, progress: Callable[[str], None]) -> BuildReport:
    """Build, and publish what the build proposes, signed by two of the invented people."""
    report = build(home, progress=progress, until=until)
    if report.awaiting:
        folder = acting.prepare_publication(home, invented_people.PREPARER, words.text("demo.reason"), {})
        _sign(home, folder, words, progress)
    return report


def _publish_report(home: Home, words: Words, progress: Callable[[str], None]) -> None:
    """Publish the report of the last round, once, on the day that it prints, signed by two of the invented people."""
    from reports.publishing import publish_report
    from reports.released import report_model

    if publish_report.is_published(publish_report.folder_of(home, report_model.load(home))):
        return
    tags, day = languages(), ROUNDS[-1]
    ready = publish_report.readiness(home, tags, today=day)
    record = publish_report.draft_record(home, ready, tags, day=day)
    preparer, reason, facts = invented_people.PREPARER, words.text("demo.report_reason"), {"report": ready.report}
    folder = acting.prepare_file(home, "publish_report", preparer, reason, record.path, record.content, facts)
    _sign(home, folder, words, progress)


def _sign(home: Home, folder: Path, words: Words, progress: Callable[[str], None]) -> None:
    """Sign an act as two of the invented people, and carry it out."""
    signed = invented_people.sign(home, folder, acting.today())
    with home.lock("marsad demo"):
        acting.carry_out(home, signed, folder)
    progress(words.text("demo.signed", prepared=signed.prepared_by, approved=signed.approved_by))


def _refuse_other_years(home: Home, sending: Country) -> None:
    """Refuse a second country in one home: its persons and cases have the same numbers and would be counted as one."""
    names = [path.stem.split("_")[1] for path in (home.inbox / INTERIOR).glob("interior_*.xlsx")]
    if names and min(names) != str(sending.first_year):
        raise Refusal("demo_of_other_years", where=str(home.root), found=min(names), asked=str(sending.first_year))


def _send_files(
    home: Home, sending: Country, sent_until: datetime.date, words: Words, progress: Callable[[str], None]
) -> None:
    """Receive what was sent until a day, withdraw what its senders withdrew, add what others wrote by hand."""
    if not home.standards.exists():
        write_bytes(home.standards, STANDARDS.read_bytes())
    files = [_seal(file) for file in workbooks.write(sending, home.inbox, sent_until=sent_until)]
    progress(words.text("demo.sent", count=len(files), date=dates.day(words, sent_until.isoformat())))
    taken_back = [file for file in files if file.taken_back and file.taken_back <= sent_until]
    sent = [file for file in files if file not in taken_back]
    if is_loaded():
        senders.receive_here(home, sent, words.tag, progress)
    else:
        with senders.receive_apart(home, sent, words.tag, progress, meanwhile=LOADING):
            prepare(home)  # loads what the build needs while files are read
    for file in taken_back:  # once the round has begun, so that a rerun after a kill does not receive them again
        _take_back(home, file, words, progress)
    editorial_texts.write(home.prose, sent_until)


def _seal(file: SentFile) -> SentFile:
    """Return a file as its sender sends it: one of them is sealed, for a key that everybody can read here."""
    if file.path.name != SEALED:
        return file
    sealed = file.path.with_name(file.path.name + SEALED_SUFFIX)
    if not sealed.exists():  # sealed anew it would have other bytes
        seal_file(file.path, (DEMO_PUBLIC,))
    file.path.unlink()
    return file._replace(path=sealed)


def _is_over(home: Home, sent_until: datetime.date) -> bool:
    """Return whether an earlier run has begun a later round: a round is never built from the files of the next."""
    return any(receipt.letter_date > sent_until.isoformat() for receipt in receipts.live_receipts(home))


def _take_back(home: Home, file: SentFile, words: Words, progress: Callable[[str], None]) -> None:
    """Withdraw a file's submission, once, and remove it from the inbox: the same bytes may be received again."""
    sha256 = sha256_of(file.path)
    file.path.unlink()
    for receipt in receipts.live_receipts(home):
        if (receipt.source, receipt.sha256) == (file.source, sha256):
            reason, signed_by = words.text("demo.withdrawal.reason"), words.text("demo.withdrawal.signed_by")
            withdraw(home, receipt.submission, reason=reason, signed_by=signed_by)
            progress(words.text("demo.withdrawn", file=file.path.name, source=file.source, reason=reason))


def _link_records(home: Home, sending: Country, words: Words, progress: Callable[[str], None]) -> BuildReport:
    """Land what was sent and find, once, which records without a comparable pseudonymous ID are one person.

    The holders write their codes outside the home, and delete them once read. Two clerks then read the pairs that were
    drawn for them.
    """
    report = build(home, progress=progress, until="landing")
    if not report.passed:
        return report
    coded = coded_names.coded_deliveries(sending, ROUNDS[-1])
    if link_store.path_of(home) is None:
        with tempfile.TemporaryDirectory(prefix="marsad-codes-") as folder, home.lock("marsad demo"):
            codes = coded_names.write_of(sending, Path(folder), coded)
            linking_run = linking.run(home, codes, since=sending.last_year, shapes=("victims",))
        progress(words.text("desk.links.made", **linking_run.counts))
    if pairs := invented_clerks.read_pairs(home, sending, coded, words.text("demo.reading.reason")):
        progress(words.text("demo.read", pairs=pairs))
    return report


def _lay_out_newspapers(home: Home) -> None:
    """Write what invented newspapers printed about the published figures, for the report to answer."""
    from reports.released.released_figures import ReleasedFigures
    from reports.released.released_folder import latest_release

    figures = ReleasedFigures(latest_release(home, "four_ps_national"))

    def figure(indicator: str, area: str, year: str) -> int | None:
        row = figures.find_row(indicator, "COUNT", area, year, {})
        return int(float(row["obs_value"])) if row is not None and row["obs_value"] else None

    printed_figures.write(home.publications, figure)
