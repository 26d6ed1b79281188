"""Every form of a home's report by language: the CPU seconds of each, at first and when it is made again.

`python -m benchmarks.report HOME [--languages en ar ckb]` makes the forms of the newest report of a home in one
process, one after the other, and writes nothing. `first` is a report of which no drawing, cut font or print was stored
before; `again` takes those of the first time, as a report does that is made after an editor changed a word of its
story. A run before loads the programs and is not counted. Typst works in this process, so its seconds count as well;
it remembers what it set, so where it sets the story the first time stands for both. Belongs here: the list of forms.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import process_time
from typing import NamedTuple

from expectations.gate.text_in_files import refuse_hidden
from ingestion.home import Home
from languages.words import Words, languages
from reports.analysis import change_list
from reports.briefings import messages, slides, social_cards
from reports.briefings.briefing import briefing
from reports.chapters.build_edition import edition, front_matter
from reports.editors import editorial_inputs
from reports.explorer import cube, explorer_page
from reports.publishing import issue_report
from reports.released import report_model
from reports.renderers import pdf, site, two_pages, workbook
from reports.renderers.kept_drawings import draw_unless_kept, known_drawings
from reports.renderers.story import story_manuscripts
from reports.renderers.typesetting import typeset
from tests.reports.invented_editions import invented

Files = dict[str, bytes]


class Form(NamedTuple):
    """What is made: its name, whether it tells the story of the edition, and how it is made."""

    name: str
    is_story: bool
    make: Callable[[], Files]


def forms(home: Home, tag: str, tags: Sequence[str]) -> Iterator[Form]:
    """Yield the forms of the newest report in a language, its edition first."""
    report = report_model.load(home)
    inputs, words, issued = (
        editorial_inputs.read_inputs(home, report),
        Words.load(tag),
        issue_report.other_languages(tag),
    )
    whole = edition(report, words, inputs)
    brief = briefing(report, whole, words, inputs.prose)

    def edition_text() -> Files:
        return {"edition.json": edition(report, words, inputs).model_dump_json().encode("utf-8")}

    def sheet() -> Files:
        fronts = [front_matter(report, Words.load(each), inputs) for each in tags]
        return {"sheet.pdf": typeset(two_pages.sheet(whole, fronts))}

    def annex() -> Files:
        manuscript = pdf.manuscript(whole, inputs.outline)
        return {"annex.pdf": draw_unless_kept(manuscript.shows(), lambda: typeset(manuscript))}

    def texts() -> Files:
        return {"email.txt": messages.email(brief, words), "news.txt": messages.news(brief, words)}

    yield Form("edition", False, edition_text)
    yield Form("site", False, lambda: site.render(whole, issued, inputs.outline))
    yield Form("statistical_annex.pdf", False, annex)
    yield Form("tables.xlsx", False, lambda: {"tables.xlsx": workbook.render(whole)})
    yield Form(
        "explorer.html", False, lambda: {"explorer.html": explorer_page.render(cube.cube(report, words, list(tags)))}
    )
    yield Form("changes.csv", False, lambda: {"changes.csv": change_list.change_list(report)})
    yield Form("report.pdf", True, lambda: {"report.pdf": typeset(story_manuscripts.booklet(whole, inputs.outline))})
    yield Form("summary.pdf", True, lambda: {"summary.pdf": typeset(two_pages.pages(whole))})
    yield Form("summary_all_languages.pdf", True, sheet)
    yield Form("slides.pptx", True, lambda: {"slides.pptx": slides.render(brief)})
    yield Form("cards", True, lambda: social_cards.render(brief))
    yield Form("email.txt, news.txt", True, texts)


def measure(home: Home, tag: str, tags: Sequence[str], stored: Files) -> Iterator[tuple[Form, float, float]]:
    """Yield each form with the seconds that it took, and those of the search for hidden text in it."""
    report = report_model.load(home)
    unseen = issue_report.unseen_texts(edition(report, Words.load(tag), editorial_inputs.read_inputs(home, report)))
    with known_drawings(dict(stored)) as drawings:
        for form in forms(home, tag, tags):
            start = process_time()
            files = form.make()
            end = process_time()
            refuse_hidden({name: data for name, data in files.items() if name != "edition.json"}, unseen)
            yield form, end - start, process_time() - end
        stored |= drawings


def table(home: Home, tags: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a Markdown table: a row a form, two columns a language, sums last."""
    rows: dict[str, list[float]] = {}
    sums: dict[bool, list[float]] = {False: [], True: []}
    for tag in tags:
        stored: Files = {}
        for turn in ("first", "again"):
            gc.collect()
            searched, total = 0.0, {False: 0.0, True: 0.0}
            for form, seconds, search_seconds in measure(home, tag, tags, stored):
                row = rows.setdefault(f"`{form.name}`" if "." in form.name else form.name, [])
                # Typst remembers what it set in a process; a report that is issued again sets it in another one
                is_remembered = turn == "again" and form.is_story and form.name.endswith(".pdf")
                row.append(row[-1] if is_remembered else seconds)
                searched += search_seconds
                total[form.is_story] += row[-1] + search_seconds
            rows.setdefault("search for hidden text in every file", []).append(searched)
            for is_story, seconds in total.items():
                sums[is_story].append(seconds)
    rows |= {"all forms of tables and pages": sums[False], "all forms of the story": sums[True]}
    yield "| CPU s | " + " | ".join(f"{tag}, {turn}" for tag in tags for turn in ("first", "again")) + " |"
    yield "|---|" + "---:|" * (2 * len(tags))
    for name, row in rows.items():
        yield f"| {name} | " + " | ".join(f"{seconds:.2f}" for seconds in row) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="A home with a release.")
    parser.add_argument("--languages", nargs="+", default=languages(), choices=languages())
    chosen = parser.parse_args()
    home = Home.at(chosen.home)
    start = process_time()
    report_model.load(home)
    loading = process_time() - start
    for form in forms(home, chosen.languages[0], chosen.languages):  # loads the programs; nothing of it is stored
        if not form.name.endswith(".pdf"):
            form.make()
    pdf.render(invented("en"))
    print(f"Reading the releases, once for all languages: {loading:.2f} s.\n")
    for line in table(home, chosen.languages):
        print(line, flush=True)


if __name__ == "__main__":
    main()
