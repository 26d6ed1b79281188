"""A proof: one page or print of a report as the whole report would have it, for an editor who changed a word.

Belongs here: which files can be requested, making one and nothing else, and what keeps an editor's text out of it.
Does not belong here: the whole report and its files (`issue_report.py`), or where proofs are stored
(`proof_folder.py`).

A proof reuses the drawings of the last reports without changing them; nothing of a report or a release changes. A
process that makes many proofs keeps the drawings of the last one in each language, by their keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from expectations.gate.text_in_files import refuse_hidden
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.analysis import change_list
from reports.briefings import slides
from reports.briefings.briefing import briefing
from reports.chapters.build_edition import edition
from reports.editions.edition import Edition
from reports.editors import checklist, editorial_inputs
from reports.editors.checklist import ChecklistItem
from reports.editors.editorial_inputs import EditorialInputs
from reports.explorer import cube, explorer_page
from reports.publishing import issue_report
from reports.publishing.drawing_store import drawings_of_last_reports
from reports.publishing.proof_folder import folder_of_proofs
from reports.released import report_model
from reports.released.report_model import Report
from reports.renderers import site, workbook
from reports.renderers.kept_drawings import draw_unless_kept
from reports.renderers.typesetting import Manuscript, typeset

_PAGE = ".html"
_last_drawn: dict[str, Mapping[str, bytes]] = {}


@dataclass(frozen=True)
class PageProof:
    """One page or print: its file, its bytes, the report that it is of, the items on the texts in its language."""

    name: str
    content: bytes
    report: Report
    items: tuple[ChecklistItem, ...]


def write_proof(home: Home, tag: str, page: str) -> tuple[Path, PageProof]:
    """Write one page or print of the report in one language into the folder of proofs; return its path and itself.

    Raises:
        Refusal: as `make_proof`.
    """
    proof = make_proof(home, tag, page)
    path = folder_of_proofs(home, tag) / proof.name
    write_bytes(path, proof.content)
    return path, proof


def make_proof(home: Home, tag: str, page: str, drafts: Mapping[str, str] | None = None) -> PageProof:
    """Make one page or print of the report in one language, and write nothing.

    Args:
        home: of the releases.
        tag: of the language.
        page: its file, `children-first.html` or `report.pdf`; for a page the name without `.html` is enough.
        drafts: Markdown by file name of `prose/`, printed instead of the file.

    Raises:
        Refusal: `page_unknown` with the known names, or as `issue_report.issue`.
    """
    issue_report.refuse_gaps(tag)
    report = report_model.load(home)
    matter, words = editorial_inputs.read_inputs(home, report, drafts), Words.load(tag)
    with drawings_of_last_reports(home, _last_drawn.get(tag)) as drawn:
        report_edition = edition(report, words, matter)
        makers = _makers(report, report_edition, matter, words)
        name = _file_of(page, makers)
        data = makers[name]()
        refuse_hidden({name: data}, issue_report.unseen_texts(report_edition))
    _last_drawn[tag] = drawn
    return PageProof(name, data, report, tuple(_own_items(checklist.text_items(report, report_edition, matter), tag)))


def _own_items(items: Iterable[ChecklistItem], tag: str) -> Iterator[ChecklistItem]:
    """Yield the items but those on a text in another language."""
    others = tuple(f".{other}.md" for other in languages() if other != tag)
    return (item for item in items if not item.where.endswith(others))


def _makers(
    report: Report, report_edition: Edition, matter: EditorialInputs, words: Words
) -> dict[str, Callable[[], bytes]]:
    """Return a function for each page and print, by file, that makes this one alone."""
    issued = issue_report.other_languages(report_edition.language)

    def page(name: str) -> Callable[[], bytes]:
        return lambda: site.pages(report_edition, issued, matter.outline)[name]

    return {
        **{name: page(name) for name in site.page_names(report_edition)},
        issue_report.EXPLORER: lambda: explorer_page.render(cube.cube(report, words, [other.tag for other in issued])),
        **{name: _typeset_by(write) for name, write in issue_report.prints(report, report_edition, matter).items()},
        issue_report.WORKBOOK: lambda: workbook.render(report_edition),
        issue_report.CHANGES: lambda: change_list.change_list(report),
        issue_report.SLIDES: lambda: slides.render(briefing(report, report_edition, words, matter.prose)),
    }


def _typeset_by(write: Callable[[], Manuscript]) -> Callable[[], bytes]:
    def typeset_now() -> bytes:
        manuscript = write()
        return draw_unless_kept(manuscript.shows(), lambda: typeset(manuscript))

    return typeset_now


def _file_of(page: str, names: dict[str, Callable[[], bytes]]) -> str:
    """Return the file that was meant, ignoring case.

    Raises:
        Refusal: `page_unknown`.
    """
    known = {name.casefold(): name for name in names}
    typed = page.casefold()
    if name := known.get(typed) or known.get(typed + _PAGE):
        return name
    raise Refusal("page_unknown", where=page, known=", ".join(name.removesuffix(_PAGE) for name in names))
