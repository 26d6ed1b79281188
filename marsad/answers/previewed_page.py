"""One page or print of the report as it would be with an editor's drafts, in seconds and without writing anything.

Does not belong here: the files of proofs that a command writes (`written_report.py`), or what a page holds (`reports`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ingestion.home import Home
from languages.refusal import Refusal
from reports.editors.checklist import ChecklistItem
from reports.publishing.page_proof import PageProof, make_proof
from reports.released import report_model
from reports.released.release_memo import previewing

TWO_PAGES = "summary.pdf"


@dataclass(frozen=True)
class Preview:
    """A page or print with an editor's drafts.

    Attributes:
        name: of its file in the report: `protection.html`, `summary.pdf`.
        content: its bytes, those that `marsad report` would write from the same texts.
        report: number of the report that it is a page of.
        items: what keeps texts in its language out of it, or is to be known of them.
    """

    name: str
    content: bytes
    report: str
    items: tuple[ChecklistItem, ...]


def preview(home: Home, page: str, tag: str, drafts: Mapping[str, str], own: Collection[str] = ()) -> Preview:
    """Return a page or print of the report of the latest releases, with drafts instead of the files of `prose/`.

    It takes no lock, so that an editor need not wait for a build: where a release is published meanwhile, the page is
    made again. What depends on the release alone stays in memory for the next preview.

    Args:
        home: whose report it is.
        page: `protection` or `protection.html`; `summary.pdf` for the two pages.
        tag: of the language.
        drafts: Markdown by the name of its file in `prose/`; an empty one, as if there were no file.
        own: names of the drafts that are looked at. One of the others with which no page can be made is left out: its
            own preview says why, and this one is not in its way.

    Raises:
        Refusal: as `page_proof.make_proof`, for the drafts that are looked at.
    """
    with previewing():
        while True:
            proof = _make_proof_of_sound(home, tag, page, drafts, own)
            latest = report_model.load(home)
            if (latest.versions, latest.notices) == (proof.report.versions, proof.report.notices):
                return Preview(proof.name, proof.content, proof.report.id, proof.items)


def _make_proof_of_sound(home: Home, tag: str, page: str, drafts: Mapping[str, str], own: Collection[str]) -> PageProof:
    others = drafts.keys() - own
    try:
        return make_proof(home, tag, page, drafts)
    except Refusal:
        if not others:
            raise
    broken = {name for name in others if not _can_be_printed(home, tag, page, {name: drafts[name]})}
    return make_proof(home, tag, page, {name: text for name, text in drafts.items() if name not in broken})


def _can_be_printed(home: Home, tag: str, page: str, drafts: Mapping[str, str]) -> bool:
    try:
        make_proof(home, tag, page, drafts)
    except Refusal:
        return False
    return True
