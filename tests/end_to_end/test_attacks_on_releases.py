"""The attacks against everything that a whole demo made public: releases of both rounds, notes, and the three pages."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from expectations.candidates import candidate
from expectations.cards.cells import COUNTED, DERIVED_UNITS, DIMENSIONS, LATE_CASES, read_parquet
from expectations.cards.dataset_card import DATASETS, dataset_names, load_dataset
from expectations.cards.indicator_card import indicators
from expectations.gate.arithmetic_attacks import (
    count_revealing_derived,
    count_revealing_marks,
    count_rows_out_of_order,
    periods_overlapping,
)
from expectations.gate.text_in_files import FileText, file_texts, hidden_places
from expectations.published import ledger
from expectations.releases.release_difference import compare
from ingestion.home import Home
from languages import dates
from languages.words import Words, languages
from methods.disclosure.attacks.ratios import pairs_behind
from methods.disclosure.attacks.table_arrangement import hidden_by_order, small_by_marks
from reports.analysis import change_list, comparable_trends
from reports.editions.edition import Edition
from reports.editors import editorial_inputs
from reports.phrases import trend_text
from reports.publishing import issue_report
from reports.released.report_model import Report
from tests.end_to_end.told import figures_of_the_unseen, report_of
from tests.expectations.gate.numbers_in_text import normalise_text, numbers_in, released_figures, unresolved_numbers
from tests.reports import printed_attacks, printed_forms, reckoned

pytestmark = pytest.mark.whole_home
PERSONS = ("VICTIM", "ACCUSED", "PUBLISHED_FIGURE")
LICENCE = {"4.0"}  # of the licence, in its title
_BARS = ("charts/way-through-courts.svg", "charts/identified-by-age-and-sex.svg")
LAW = {"28", "2012", "6"}  # Law 28 of 2012 and its Article 6, in titles of indicators


def _folders(home: Home) -> list[Path]:
    """Versions of datasets; the estimate of the unseen has figures of its own and is attacked where it is made."""
    return sorted(path for name in dataset_names() for path in home.releases.glob(f"{name}/*") if path.is_dir())


def _frame(folder: Path) -> pd.DataFrame:
    return read_parquet((folder / "data.parquet").read_bytes())


def _newest(home: Home) -> list[Path]:
    folders = [home.releases / name for name in dataset_names()]
    return [folder / (folder / "latest").read_text().strip() for folder in folders]


def _latest(home: Home) -> list[pd.DataFrame]:
    return [_frame(folder) for folder in _newest(home)]


def _files(home: Home, tag: str, *suffixes: str) -> dict[str, bytes]:
    """The files of the newest report in a language, by name."""
    files = sorted(_every_file(home, tag).items())
    found = {path.rpartition("/")[2]: data for path, data in files}
    return {name: data for name, data in found.items() if not suffixes or name.endswith(suffixes)}


def _said(home: Home, tag: str) -> list[FileText]:
    """What the pages of a language say outside their drawings and their programs.

    The explorer is asked elsewhere; the chapter on what others printed tells figures that are theirs.
    """
    asked_elsewhere = (issue_report.EXPLORER, "reconciliation.html")
    pages = {name: page for name, page in _files(home, tag, ".html").items() if name not in asked_elsewhere}
    said = [one for name, page in pages.items() for one in file_texts(name, page)]
    return [one for one in said if not one.place.startswith("svg/") and not one.is_hidden]


def _edition(home: Home, tag: str) -> Edition:
    return Edition.model_validate_json(_files(home, tag)["edition.json"])


def _sentences(home: Home, words: Words) -> list[str]:
    """Sentences whose numbers are known, and may stand nowhere else: those counted anew, and days."""
    counted = reckoned.sentences(report_of(home), _edition(home, words.tag), words)
    return [*counted, *_figures_changed(home, words), *_days(home, words)]


def _large(home: Home, words: Words) -> set[str]:
    """Figures in large type that stand in the sentence beside them too: a page hides them from who hears it."""
    story = _edition(home, words.tag).story
    assert story is not None
    questions = [*story.leading, *(answer for chapter in story.chapters for answer in chapter.answers)]
    return {
        question.figure
        for question in questions
        if set(numbers_in(question.figure)) <= set(numbers_in(question.sentence))
    }


def _articles_cited(words: Words) -> list[str]:
    """The articles of Law 28/2012 and of the Penal Code as the page of an indicator cites them."""
    penal = words.text("dictionary.penal_code", first="390", last="392")
    return [penal, *(words.text("dictionary.article", law="28/2012", article=str(one)) for one in range(15, 0, -1))]


def _trends(home: Home, words: Words) -> set[str]:
    """The yearly changes of series that rise or fall: from the released figures, anew."""
    asked = [one.trend for one in comparable_trends.trends(report_of(home))]
    changes = (trend_text.change(one, words) for one in asked if one.reason is None)
    return {number for text in changes for number in numbers_in(normalise_text(text))}


def _forecasts(home: Home) -> set[str]:
    """What is told of late cases: an estimate, attacked where it is made."""
    told = [one.figures for one in report_of(home).nowcasts if one.figures]
    return {str(number) for one in told for number in asdict(one).values()} | {f"{one.cover}%" for one in told}


def _estimates(home: Home) -> set[str]:
    return _forecasts(home) | figures_of_the_unseen(home)


def _cells_changed(home: Home) -> set[str]:
    """How many cells of an indicator came, went, changed or were hidden: the change list says it by year."""
    found: Counter[tuple[str, str, str]] = Counter()
    for release in report_of(home).releases:
        for line in change_list.changed_cells(release):
            found.update({(line.dataset, line.indicator, kind): getattr(line, kind) for kind in change_list.KINDS})
    return {str(count) for count in found.values()}


def _figures_changed(home: Home, words: Words) -> Iterator[str]:
    """How many figures of a past year are other than before, counted anew from both versions, as it is said."""
    keys = ["indicator", "measure", "ref_area", "time_period", *DIMENSIONS]
    for release in report_of(home).releases:
        if release.previous is not None:
            both = release.previous.merge(release.frame, on=keys, suffixes=("_before", ""))
            both = both[both["obs_value"].notna() & both["obs_value_before"].notna()]
            other = both[both["obs_value"] != both["obs_value_before"]]
            for year, count in other.groupby("time_period").size().items():
                text = words.text("page.changes.past", year=dates.year(words, str(year)), count=count, indicators="|")
                yield text.partition("|")[0]


def _days(home: Home, words: Words) -> list[str]:
    """The days of the calendar, of sending to agencies, and of the lists that late cases are counted from."""
    inputs = editorial_inputs.read_inputs(home, report_of(home))
    assert inputs.calendar is not None
    days = [inputs.calendar.published, inputs.calendar.next_release, inputs.calendar.embargo_until]
    days += [*inputs.sent_days.values(), *(date.fromisoformat(one.as_of) for one in report_of(home).nowcasts)]
    return [dates.day(words, day.isoformat()) for day in days if day]


def _year_of_publication(home: Home) -> set[str]:
    """As the reports are cited."""
    calendar = editorial_inputs.read_inputs(home, report_of(home)).calendar
    assert calendar is not None
    return {str(calendar.published.year)}


def _constants() -> set[str]:
    """What the cards and the policy say in numbers: bases, thresholds, the least base of a share."""
    found = {str(LATE_CASES), str(LATE_CASES - 1)} | LICENCE
    for card in map(load_dataset, dataset_names()):
        found.add(str(card.minimum_base))
        for unit in card.protection.values():
            found |= {str(number) for number in (unit.base, unit.base - 1, unit.exact_from) if number}
    return found


def test_no_release_falls_to_the_arithmetic_attacks_on_single_figures(demo: Home) -> None:
    cards = indicators(demo)
    assert len(_folders(demo)) == 2 * len(dataset_names())
    for folder in _folders(demo):
        frame = _frame(folder)
        earlier = [_frame(one) for one in _folders(demo) if one.parent == folder.parent and one.name < folder.name]
        assert count_revealing_derived(cards, frame)[1] == 0
        assert count_rows_out_of_order(frame)[1] == 0
        assert count_revealing_marks(frame)[1] == 0
        assert periods_overlapping(frame, earlier[-1] if earlier else None)[1] == 0


def test_the_order_and_the_marks_of_a_release_tell_nothing_of_a_hidden_count(demo: Home) -> None:
    for frame in map(_frame, _folders(demo)):
        spoken = frame[frame["measure"].isin(COUNTED) & (frame["obs_status"] != "O")]
        values = [None if pd.isna(value) else float(value) for value in spoken["obs_value"]]
        assert set(hidden_by_order(values)) <= {(0, float("inf"))}
        hidden = spoken[spoken["obs_value"].isna()]
        assert set(small_by_marks([str(mark) for mark in hidden["disclosure_method"]])) <= {None}


def test_a_share_of_true_counts_would_have_told_more_than_the_printed_one(demo: Home) -> None:
    """The attack, first seen succeeding: for some printed pair of counts the true share leaves a single pair."""
    true = candidate.read_cells(demo, "four_ps_national").set_index(["ref_area", "time_period", "sex", "age", "form"])
    parts = true[(true["indicator"] == "PRT-03") & (true["measure"] == "NUMERATOR")]["obs_value"].dropna()
    wholes = true[(true["indicator"] == "PRT-01") & (true["measure"] == "COUNT")]["obs_value"]
    told = 0
    for place, part in parts[parts > 0].iloc[:60].items():
        whole = float(wholes.loc[[place]].iloc[0])
        near = [range(max(0, int(count) - 4), int(count) + 5) for count in (part, whole)]
        told += len(pairs_behind(f"{part / whole:.3f}", *near)) == 1
    assert told > 0


def test_nothing_public_holds_a_place_that_no_reader_sees(demo: Home) -> None:
    for folder in _folders(demo):
        files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".sig"}  # no text
        assert hidden_places(files) == []
    for tag in languages():
        files = _files(demo, tag)
        ours = issue_report.unseen_texts(Edition.model_validate_json(files["edition.json"]))
        assert len(files) > 50
        assert hidden_places(files, ours) == []


@pytest.mark.parametrize("tag", languages())
def test_every_number_of_a_page_is_a_released_figure_or_a_constant(demo: Home, tag: str) -> None:
    frames, words = _latest(demo), Words.load(tag)
    said = _said(demo, tag)
    tables = [one.text for one in said if one.place in ("td", "bdi")]  # a mark or an interval of a cell is isolated
    large = _large(demo, words)
    sentences = [
        one for one in said if one.place not in ("td", "bdi") and not (one.place == "span" and one.text in large)
    ]
    known = _sentences(demo, words)
    titles = _articles_cited(words)
    # a chart of any unit, in words
    described = [printed_attacks.without(titles, one.text) for one in sentences if one.place == "svg@aria-label"]
    told = [printed_attacks.without(titles, one.text) for one in sentences if one.place != "svg@aria-label"]
    constants = _constants() | _year_of_publication(demo) | _estimates(demo) | reckoned.percents(report_of(demo))
    assert len(tables) > 10_000
    assert len(told) > 500
    assert len(described) > 20
    in_tables = released_figures(frames) | constants | _cells_changed(demo) | _trends(demo, words)
    assert unresolved_numbers(tables, words, in_tables, known) == []
    on_maps = printed_attacks.map_rates(frames)
    assert unresolved_numbers(described, words, released_figures(frames) | on_maps | constants, known) == []
    in_sentences = (
        released_figures(frames, (*PERSONS, DERIVED_UNITS["MEDIAN"])) | constants | LAW | _trends(demo, words)
    )
    assert unresolved_numbers(told, words, in_sentences, known) == []


@pytest.mark.parametrize("tag", languages())
def test_the_scale_of_a_chart_is_even_and_every_other_number_in_it_is_a_year(demo: Home, tag: str) -> None:
    tables = _files(demo, tag, ".csv")
    pictures = {name.replace(".csv", ".svg") for name, data in tables.items() if printed_forms.is_picture(data)}
    drawn = _files(demo, tag, ".svg").items()
    charts = {name: data for name, data in drawn if not name.endswith("-map.svg") and name not in pictures}
    drawings = [normalise_text(drawing.decode("utf-8")) for drawing in charts.values()]
    assert len(drawings) > 4
    years = {str(year) for frame in _latest(demo) for year in frame["time_period"]}
    for drawing in drawings:
        numbers = {number for text in re.findall(r"<text[^>]*>([^<]*)</text>", drawing) for number in numbers_in(text)}
        scale = sorted(float(number.rstrip("%")) for number in numbers - years)
        assert scale[0] == 0
        assert len({round(after - before, 6) for before, after in pairwise(scale)}) == 1


def test_no_form_of_the_report_falls_to_the_attacks_on_what_is_printed(demo: Home) -> None:
    report, latest = report_of(demo), _latest(demo)
    allowed = released_figures(latest) | printed_attacks.map_rates(latest) | _constants() | LAW
    allowed |= _estimates(demo) | reckoned.percents(report)
    for tag in languages():
        files = _every_file(demo, tag)
        asked = {
            name: data for name, data in files.items() if name == issue_report.EXPLORER or name.startswith("charts/")
        }
        words = Words.load(tag)
        known = _sentences(demo, words)
        assert printed_attacks.learnt_from_words(asked, words, allowed | _trends(demo, words), known) == []
        _fails_on(files, report)


def _fails_on(files: dict[str, bytes], report: Report) -> None:
    """Assert that no attack on what is printed learns anything from the files of a report in one language."""
    found = list(printed_forms.grids(files))
    assert len(found) > 500
    assert printed_attacks.learnt_from_order(found) == []
    assert printed_attacks.learnt_from_marks(found) == []
    assert printed_attacks.learnt_from_classes(files) == []
    for release in report.releases:
        told = printed_forms.cells(files[issue_report.EXPLORER], release.dataset)
        assert len(told) > 1_000
        assert printed_attacks.learnt_from_shares(told, release.manifest["indicators"]) == []
        assert printed_attacks.differing(told, release.cells) == []
    charts = [name for name in files if name.endswith(".svg") and not name.endswith("-map.svg")]
    assert len(charts) > 4
    for name in charts:
        table, drawing = files[name.replace(".svg", ".csv")], files[name].decode("utf-8")
        told = printed_forms.beside(table)
        if not printed_forms.is_picture(table):
            assert printed_attacks.learnt_from_drawing(drawing, told) == []
        elif name in _BARS:
            assert printed_attacks.learnt_from_bars(drawing, told) == []


def test_every_form_of_the_report_prints_the_same_figures_in_every_language(demo: Home) -> None:
    found = {tag: printed_attacks.figures(_every_file(demo, tag), Words.load(tag)) for tag in languages()}
    for told in found.values():
        assert [name for name, figures in told.items() if figures != found["en"].get(name)] == []


def _every_file(home: Home, tag: str) -> dict[str, bytes]:
    """The files of the newest report in a language, by their paths in it."""
    newest = max((path for path in home.reports.iterdir() if path.is_dir()), key=lambda path: path.name)
    files = (path for path in (newest / tag).rglob("*") if path.is_file())
    return {path.relative_to(newest / tag).as_posix(): path.read_bytes() for path in files}


def _leaves(content: object) -> Iterator[float]:
    """The numbers of a JSON document."""
    if isinstance(content, dict | list):
        for one in content.values() if isinstance(content, dict) else content:
            yield from _leaves(one)
    elif isinstance(content, int | float):
        yield float(content)


def _told_to_machines(demo: Home, folder: Path) -> set[str]:
    """Every number that is public beside the notes (manifest, verdict, card), and what protection says of its cost."""
    said = [json.loads((folder / name).read_bytes()) for name in ("manifest.json", "verdict.json")]
    said.append(json.loads((demo.candidates / "protection.json").read_bytes()).get("loss", {}))
    card = (DATASETS / f"{folder.parent.name}.yml").read_text(encoding="utf-8")
    numbers = {*_leaves(said), *(float(number) for number in numbers_in(card) if not number.endswith("%"))}
    forms = {f"{number:.10g}" for number in numbers} | {f"{round(number * 100, 1):.10g}" for number in numbers}
    return forms | {f"{form}%" for form in forms}


def test_every_number_of_the_notes_is_public_elsewhere(demo: Home) -> None:
    """Notes count cells: withheld ones, changed ones, those of a rule; each count follows from what is public."""
    for folder in _newest(demo):
        frame = _frame(folder)
        earlier = [_frame(one) for one in _folders(demo) if one.parent == folder.parent and one.name < folder.name]
        counts = [int((frame["obs_status"] == "Q").sum()), len(earlier) + 1]
        counts += list(compare(earlier[-1] if earlier else None, frame).counts().values())
        counts += [int(year) for year in frame["time_period"].unique()]
        allowed = _constants() | {str(count) for count in counts} | _told_to_machines(demo, folder)
        for words in map(Words.load, languages()):
            notes = [one.text for one in file_texts("notes.md", (folder / f"notes.{words.tag}.md").read_bytes())]
            assert len(notes) > 20
            assert unresolved_numbers(notes, words, allowed) == []


def test_the_pages_of_three_languages_print_identical_figures(demo: Home) -> None:
    found = {tag: [numbers_in(one.text) for one in _said(demo, tag) if one.place == "td"] for tag in languages()}
    cells = [sorted(map(str, figures)) for figures in found.values()]
    assert cells[0] == cells[1] == cells[2]
    large = {
        tag: re.findall(
            r'<span class="figure" aria-hidden="true">([^<]*)</span>',
            _files(demo, tag, ".html")["index.html"].decode("utf-8"),
        )
        for tag in languages()
    }
    results = [printed_attacks.figures_said(texts, Words.load(tag)) for tag, texts in large.items()]
    assert results[0] == results[1] == results[2]
    assert len(results[0]) > 5


def test_the_ledger_holds_exactly_the_cells_that_are_out(demo: Home) -> None:
    published = ledger.read_published_cells(demo, ledger.entries(demo))
    for folder in _folders(demo):
        own = published[(published["dataset"] == folder.parent.name) & (published["version"] == folder.name)]
        pd.testing.assert_frame_equal(
            own[_frame(folder).columns].reset_index(drop=True), _frame(folder), check_dtype=False
        )
