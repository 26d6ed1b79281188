"""Issue a report: every form of it in one language, from the latest releases, into the home.

Belongs here: which languages may be issued, which files a report has, the last check of every file, and writing.
Does not belong here: the content (`build_edition.py`), how a form looks (`site.py`, `pdf.py`, `workbook.py`,
`explorer_page.py`), or whether a report may be published (`publish_report.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from filelock import FileLock

from expectations.gate.text_in_files import refuse_hidden
from expectations.published import report_versions
from ingestion.home import Home, mend_folder, read_verified, replace_folder
from languages.refusal import Refusal
from languages.words import Words, gaps, languages
from reports.analysis import change_list
from reports.briefings import slides
from reports.briefings.briefing import briefing
from reports.chapters.build_edition import edition
from reports.editions.edition import Edition
from reports.editors import editorial_inputs
from reports.editors.editorial_inputs import EditorialInputs
from reports.explorer import cube, explorer_page
from reports.publishing import publish_report
from reports.publishing.drawing_store import reuse_drawings
from reports.publishing.prints_apart import begin_prints
from reports.publishing.proof_folder import forget_proofs
from reports.released import report_model
from reports.released.report_model import Report
from reports.renderers import monitor_print, pdf, site, two_pages, workbook
from reports.renderers.story import story_manuscripts
from reports.renderers.typesetting import Manuscript

WORKBOOK, EXPLORER, CHANGES = "tables.xlsx", "explorer.html", "changes.csv"
REPORT, SUMMARY = "report.pdf", "summary.pdf"
"""The report for readers, and its two-page summary."""
MONITOR = "law_28_monitor.pdf"
SLIDES = "slides.pptx"
_DATASETS = "data"
_TURN, _DATASETS_TURN = "typesetting.lock", "datasets.lock"
_CHART_FILES = (".svg", ".png", ".csv")
_PRINTED = (REPORT, SUMMARY, MONITOR)


def issue(home: Home, tag: str) -> Path:
    """Write the report of one language; return its front page, `reports/<number>/<language>/index.html`.

    The datasets lie beside the languages, in `reports/<number>/data`.

    A published report stays as it is. Until then the whole folder is replaced, so that nothing of an earlier issue
    stays, and the earlier one remains until the new one is complete.

    Args:
        home: of the releases and of the report.
        tag: of the language.

    Raises:
        Refusal: `catalogue_incomplete` if the language lacks texts, `language_unknown`, `output_hides`,
            `print_lacks_letters`, or as `report_model.load`.
    """
    refuse_gaps(tag)
    report = report_model.load(home)
    whole = publish_report.folder_of(home, report)
    folder = whole / tag
    mend_folder(folder)
    forget_proofs(home, tag)
    if not publish_report.is_published(whole):
        report_versions.write(whole, report.years[-1], report.versions)
        matter = editorial_inputs.read_inputs(home, report)
        with reuse_drawings(home, tag):
            report_edition = edition(report, Words.load(tag), matter)
            fresh = files(report, report_edition, matter, home.build / _TURN)
        with FileLock(home.build / _DATASETS_TURN, fallback_to_soft=False):  # another process may issue a language
            _put_datasets(whole / _DATASETS, _datasets(home, report))
        replace_folder(folder, _foreign_files(folder) | fresh)
        publish_report.keep_items(home, report, report_edition, matter)
    return folder / "index.html"


def refuse_gaps(tag: str) -> None:
    """Refuse a language whose catalogue lacks texts.

    Raises:
        Refusal: `catalogue_incomplete`, `language_unknown`.
    """
    lacking = gaps(tag)
    if lacking:
        raise Refusal("catalogue_incomplete", where=lacking[0].key, language=tag, count=len(lacking))


def files(
    report: Report,
    report_edition: Edition,
    matter: EditorialInputs,
    turn: Path | None = None,
) -> dict[str, bytes]:
    """Return every file of a report in one language by its path; the same report, words and matter give the same bytes.

    Args:
        report: what was released.
        report_edition: of it, in the language.
        matter: what editors added.
        turn: as of `begin_prints`.

    Raises:
        Refusal: `output_hides` for content that no reader sees, `print_lacks_letters`.
    """
    words = Words.load(report_edition.language)
    issued = other_languages(words.tag)
    # Before typesetting starts: bundling the explorer's program briefly takes a hundred megabytes.
    contents = {EXPLORER: explorer_page.render(cube.cube(report, words, [other for other, _, _ in issued]))}
    manuscripts = {name: write() for name, write in prints(report, report_edition, matter).items()}
    printed = begin_prints(manuscripts, turn)  # on another core, in parallel
    contents |= site.render(report_edition, issued, matter.outline)
    contents[WORKBOOK] = workbook.render(report_edition)
    contents[CHANGES] = change_list.change_list(report)
    contents[SLIDES] = slides.render(briefing(report, report_edition, words, matter.prose))
    hidden = unseen_texts(report_edition)
    refuse_hidden(contents, hidden)
    paper = printed()
    refuse_hidden(paper, hidden)
    return contents | paper


def prints(report: Report, report_edition: Edition, matter: EditorialInputs) -> dict[str, Callable[[], Manuscript]]:
    """Return the functions that write each print's manuscript, by file: monitor, and the story's forms."""
    manuscripts: dict[str, Callable[[], Manuscript]] = {}
    if report_edition.monitor is not None:
        manuscripts[MONITOR] = partial(monitor_print.manuscript, report_edition)
    if report_edition.story is None:
        return manuscripts
    return manuscripts | {
        REPORT: partial(story_manuscripts.booklet, report_edition, matter.outline),
        SUMMARY: partial(two_pages.pages, report_edition),
    }


def _datasets(home: Home, report: Report) -> dict[str, bytes]:
    """Return the complete datasets of a report as released, for download from its front pages, by file name."""
    datasets: dict[str, bytes] = {}
    for release in report.releases:
        folder = home.releases / release.dataset / release.version
        for name, sha256 in release.manifest["files"].items():
            if name in ("data.csv", "data.parquet"):
                kind = name.rpartition(".")[2]
                datasets[f"{release.dataset}.{kind}"] = read_verified(folder / name, str(sha256))
    return datasets


def _put_datasets(folder: Path, datasets: Mapping[str, bytes]) -> None:
    """Have the datasets and nothing else in a folder; pages in every language lead there."""
    mend_folder(folder)
    there = {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()}
    if there != datasets:
        replace_folder(folder, datasets)


def _foreign_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder that no issue writes: somebody put them there, so they stay."""
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {name.as_posix(): (folder / name).read_bytes() for name in names if not _is_of_an_issue(name)}


def _is_of_an_issue(name: Path) -> bool:
    """Return whether a file is of a kind that an issue writes, this one or an earlier one."""
    if name.parent == Path("charts"):
        return name.suffix in _CHART_FILES
    own = (*_PRINTED, WORKBOOK, CHANGES, SLIDES, site.DATA)
    return name.parent == Path() and (name.suffix == ".html" or name.name in own)


def unseen_texts(report_edition: Edition) -> set[str]:
    """Return what a report may hold where no reader sees it: our programs, and the properties of its files.

    All properties of a PDF, a workbook or slides stand in the edition as well.
    """
    return {
        *site.unseen_texts(),
        *explorer_page.unseen_texts(),
        *pdf.properties(report_edition),
        *monitor_print.properties(report_edition),
        *workbook.properties(report_edition),
        *slides.properties(report_edition),
    }


def other_languages(tag: str) -> list[site.OtherLanguage]:
    """Return every language that is issued, including that of `tag`."""
    issued = [Words.load(other) for other in languages() if other == tag or not gaps(other)]
    return [site.OtherLanguage(words.tag, words.direction, words.text("language.name")) for words in issued]
