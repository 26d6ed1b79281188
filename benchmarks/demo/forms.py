"""Every form of a home's report by language: the CPU seconds of each, at first and when it is made again.

`python -m benchmarks.demo.forms HOME [--languages en ar ckb]` makes the forms of the newest report of a home in one
process, one after the other, and writes nothing. `first` is a report whose drawings, cut fonts and prints nobody has
kept; `again` takes those of the first time, as a report does that is made after an editor changed a word of its story.
Programs are loaded before by a run that is not counted. Typst works in this process, so that its seconds count as well,
and those of the first time stand for both where it sets the story: it remembers what it set.
Belongs here: the list of forms. Does not belong here: invented editions of any length (`report_forms.py`).
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
from reports.renderers import pdf, site, workbook
from reports.renderers.kept_drawings import drawn, known_drawings
from reports.renderers.story import story_manuscripts
from reports.renderers.typesetting import typeset
from tests.reports.invented_editions import invented

Files = dict[str, bytes]


class Form(NamedTuple):
    """What is made: its name, whether reports had it before they told a story, and how it is made."""

    name: str
    is_new: bool
    make: Callable[[], Files]


def forms(home: Home, tag: str, tags: Sequence[str]) -> Iterator[Form]:
    """Yield the forms of the newest report in a language, the telling of its edition first."""
    report = report_model.load(home)
    beside, words, issued = editorial_inputs.read(home, report), Words.load(tag), issue_report.others(tag)
    told = edition(report, words, beside)
    brief = briefing(report, told, words, beside.prose)

    def telling() -> Files:
        return {"edition.json": edition(report, words, beside).model_dump_json().encode("utf-8")}

    def sheet() -> Files:
        fronts = [front_matter(report, Words.load(one), beside) for one in tags]
        return {"sheet.pdf": typeset(story_manuscripts.sheet(told, fronts))}

    def annex() -> Files:
        manuscript = pdf.manuscript(told, beside.outline)
        return {"annex.pdf": drawn(manuscript.shows(), lambda: typeset(manuscript))}

    def texts() -> Files:
        return {"email.txt": messages.email(brief, words), "news.txt": messages.news(brief, words)}

    yield Form("the edition is told", False, telling)
    yield Form("site", False, lambda: site.render(told, issued, beside.outline))
    yield Form("statistical_annex.pdf", False, annex)
    yield Form("tables.xlsx", False, lambda: {"tables.xlsx": workbook.render(told)})
    yield Form(
        "explorer.html", False, lambda: {"explorer.html": explorer_page.render(cube.cube(report, words, list(tags)))}
    )
    yield Form("changes.csv", False, lambda: {"changes.csv": change_list.change_list(report)})
    yield Form("report.pdf", True, lambda: {"report.pdf": typeset(story_manuscripts.booklet(told, beside.outline))})
    yield Form("summary.pdf", True, lambda: {"summary.pdf": typeset(story_manuscripts.summary(told, beside.outline))})
    yield Form("summary_all_languages.pdf", True, sheet)
    yield Form("slides.pptx", True, lambda: {"slides.pptx": slides.render(brief)})
    yield Form("cards", True, lambda: social_cards.render(brief))
    yield Form("email.txt, news.txt", True, texts)


def measured(home: Home, tag: str, tags: Sequence[str], known: Files) -> Iterator[tuple[Form, float, float]]:
    """Yield each form with the seconds that it took, and those of the last look at what it may hide."""
    report = report_model.load(home)
    unseen = issue_report.unseen(edition(report, Words.load(tag), editorial_inputs.read(home, report)))
    with known_drawings(dict(known)) as needed:
        for form in forms(home, tag, tags):
            begun = process_time()
            made = form.make()
            done = process_time()
            refuse_hidden({name: data for name, data in made.items() if name != "edition.json"}, unseen)
            yield form, done - begun, process_time() - done
        known |= needed


def table(home: Home, tags: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a Markdown table: a row a form, two columns a language, sums of old and new forms last."""
    seconds: dict[str, list[float]] = {}
    sums: dict[bool, list[float]] = {False: [], True: []}
    for tag in tags:
        known: Files = {}
        for turn in ("first", "again"):
            gc.collect()
            looked, own = 0.0, {False: 0.0, True: 0.0}
            for form, took, look in measured(home, tag, tags, known):
                found = seconds.setdefault(f"`{form.name}`" if "." in form.name else form.name, [])
                # Typst remembers what it set in a process; a report that is issued again sets it in another one
                is_set_anew = turn == "again" and form.is_new and form.name.endswith(".pdf")
                found.append(found[-1] if is_set_anew else took)
                looked += look
                own[form.is_new] += found[-1] + look
            seconds.setdefault("last look at every place a file can say something", []).append(looked)
            for is_new, total in own.items():
                sums[is_new].append(total)
    seconds |= {"all forms that were there before": sums[False], "all new forms": sums[True]}
    yield "| CPU s | " + " | ".join(f"{tag}, {turn}" for tag in tags for turn in ("first", "again")) + " |"
    yield "|---|" + "---:|" * (2 * len(tags))
    for name, found in seconds.items():
        yield f"| {name} | " + " | ".join(f"{one:.2f}" for one in found) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="A home with a release.")
    parser.add_argument("--languages", nargs="+", default=languages(), choices=languages())
    asked = parser.parse_args()
    home = Home.at(asked.home)
    begun = process_time()
    report_model.load(home)
    loading = process_time() - begun
    for form in forms(home, asked.languages[0], asked.languages):  # loads the programs; nothing of it is kept
        if not form.name.endswith(".pdf"):
            form.make()
    pdf.render(invented("en"))
    print(f"Reading the releases, once for all languages: {loading:.2f} s.\n")
    for line in table(home, asked.languages):
        print(line, flush=True)


if __name__ == "__main__":
    main()
