"""What the forms of a report print otherwise than its releases: every fault in words, an empty list where none is.

Each function asks one thing of every form of one language. Belongs here: what must hold, as tables and comparisons.
Does not belong here: how a form is read (`printed_tables.py`, `printed_texts.py`).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.reports.read_back import printed_tables, printed_texts
from tests.reports.read_back.printed_numbers import NUMBER, PrintedNumber, plain, roundings
from tests.reports.read_back.printed_tables import PrintedCell, Resolver, TableCell
from tests.reports.read_back.printed_texts import PDF_FORMS, squeezed
from tests.reports.read_back.released_cells import Address, ReleasedCell, ReleasedFigures

SHARE = ("SHARE", "RELATIVE_GAP")
OF = {"en": "of", "ar": "من أصل", "ckb": "لە کۆی"}
ABOUT = {"en": "about", "ar": "نحو", "ckb": "نزیکەی"}
INTERVAL = {  # beside a figure, in brackets
    "en": rf"({NUMBER})(%?) \(({NUMBER})%? to ({NUMBER})%?\)",
    "ar": rf"({NUMBER})(%?) \(من ({NUMBER})%? إلى ({NUMBER})%?\)",
    "ckb": rf"({NUMBER})(%?) \(لە ({NUMBER})%? تا ({NUMBER})%?\)",
}
CONFIDENCE = {  # in a sentence: the ends, of a median or of an estimate
    "en": rf"(?:between ({NUMBER}) and ({NUMBER}) with 95%|\(({NUMBER}) to ({NUMBER}), 95%)",
    "ar": rf"بين ({NUMBER}) و({NUMBER}) بثقة 95",
    "ckb": rf"95% لە نێوان ({NUMBER}) و ({NUMBER})",
}
VERDICTS = {
    "en": {"met": "met", "partly met": "partly", "not met": "not", "not known": "unknown",
           "met or partly met": "met/partly", "partly met or not met": "partly/not"},
    "ar": {"مستوفى": "met", "مستوفى جزئياً": "partly", "غير مستوفى": "not", "غير معروف": "unknown",
           "مستوفى أو مستوفى جزئياً": "met/partly", "مستوفى جزئياً أو غير مستوفى": "partly/not"},
    "ckb": {"بەدیهاتووە": "met", "بەشێکی بەدیهاتووە": "partly", "بەدینەهاتووە": "not", "نازانرێت": "unknown",
            "بەدیهاتووە یان بەشێکی بەدیهاتووە": "met/partly", "بەشێکی بەدیهاتووە یان بەدینەهاتووە": "partly/not"},
}  # fmt: skip
DIRECTIONS = {
    "en": {"rising": "up", "falling": "down"},
    "ar": {"في تزايد": "up", "في تناقص": "down"},
    "ckb": {"لە زیادبووندا": "up", "لە کەمبوونەوەدا": "down"},
}
NAMED_BY_THE_DEMAND = {"D1": "is_a_condition_imposed"}
"""The question that a word of the demand itself names: shelter is an *unconditional* right."""


@dataclass(frozen=True)
class FinishedReport:
    """The folder of a report with all its languages, and what its releases say."""

    folder: Path
    released: ReleasedFigures
    tags: tuple[str, ...]
    _read: dict[str, Any] = field(default_factory=dict[str, Any])

    @cached_property
    def number(self) -> str:
        """The number by which the report is cited."""
        return self.folder.name

    @cached_property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that are released as cells; estimates stand beside them."""
        return tuple(sorted({at.dataset for at in self.released.cells}))

    def edition(self, tag: str) -> dict[str, Any]:
        """Return the edition of a language."""
        return self._once(f"edition {tag}", lambda: json.loads((self.folder / tag / "edition.json").read_bytes()))

    def texts(self, tag: str) -> dict[str, list[str]]:
        """Return the texts of every form of a language."""
        return self._once(f"texts {tag}", lambda: dict(printed_texts.forms(self.folder / tag)))

    def cells(self, tag: str) -> list[PrintedCell]:
        """Return the addressed cells of every form of a language."""
        return self._once(f"cells {tag}", lambda: list(_cells(self, tag)))

    def _once(self, name: str, make: Any) -> Any:  # noqa: ANN401 - what `make` returns
        if name not in self._read:
            self._read[name] = make()
        return self._read[name]


def _cells(report: FinishedReport, tag: str) -> Iterator[PrintedCell]:
    folder, resolver = report.folder / tag, Resolver(report.released, tag)
    explorer = (folder / "explorer.html").read_bytes()
    workbook = (folder / "tables.xlsx").read_bytes()
    tables: dict[str, Iterable[TableCell]] = {
        path.name: printed_tables.cells_of_page(path.read_bytes()) for path in sorted(folder.glob("*.html"))
    }
    tables["edition.json"] = printed_tables.cells_of_edition((folder / "edition.json").read_bytes())
    tables["tables.xlsx, all figures"] = printed_tables.cells_of_workbook(workbook)
    tables["tables.xlsx, sheets"] = printed_tables.cells_of_sheets(workbook)
    for form, cells in tables.items():
        for cell in cells:
            if "-holder" not in cell.table and (
                placed := resolver.place(form, cell)
            ):  # agencies have other names there
                yield placed
    yield from printed_tables.cells_of_explorer(explorer, report.released)


def figures(report: FinishedReport, tag: str) -> list[str]:
    """Return the cells of tables whose figure or interval is not the released one."""
    return [fault for cell in report.cells(tag) if (fault := fault_of_cell(cell, report.released))]


def fault_of_cell(cell: PrintedCell, released: ReleasedFigures) -> str:
    """Return what a cell prints otherwise than it was released; nothing where both agree."""
    if cell.address not in released.cells:
        return f"{cell.where}: not released"
    there, printed = released.cells[cell.address], cell.figure
    if printed.number is None:
        return f"{cell.where}: {there.value} is not printed" if there.value else ""
    if there.value is None:
        return f"{cell.where}: {printed} is printed, nothing is released"
    if not _is_rounding(printed.number, there.value, is_share=there.is_share):
        return f"{cell.where}: {printed} of {there.value}"
    has_ends = there.lower is not None and there.upper is not None
    is_shown_elsewhere = "sheets" in cell.where or cell.where.startswith("explorer")
    if printed.interval is None:
        return f"{cell.where}: {printed}, without its interval" if has_ends and not is_shown_elsewhere else ""
    ends = zip(printed.interval, (there.lower, there.upper), strict=True)
    if all(end is not None and _is_rounding(shown, end, is_share=there.is_share) for shown, end in ends):
        return ""
    return f"{cell.where}: {printed} of {there.value} [{there.lower}, {there.upper}]"


def _is_rounding(printed: PrintedNumber, value: Decimal, *, is_share: bool) -> bool:
    if printed.is_percent != is_share:
        return False
    return printed.value in roundings(value * 100 if is_share else value, printed.places)


def shares_printed_twice(report: FinishedReport, tag: str) -> list[str]:
    """Return the shares that are not one per cent in all forms, or not that of their own counts."""
    printed: dict[Address, dict[str, str]] = {}
    for cell in report.cells(tag):
        if cell.address.measure in SHARE and cell.figure.number:
            printed.setdefault(cell.address, {}).setdefault(str(cell.figure.number), cell.where)
    twice = [f"{at}: {forms}" for at, forms in printed.items() if len(forms) > 1]
    counted = [
        f"{at}: {number}, {by_counts}% by its counts ({where})"
        for at, forms in printed.items()
        if (by_counts := _percent_of_counts(at, report.released))
        for number, where in forms.items()
        if number.rstrip("%") not in {str(percent) for percent in by_counts}
    ]
    return [*twice, *counted]


def _percent_of_counts(at: Address, released: ReleasedFigures) -> set[Decimal]:
    """Return the per cent of a share by its own two counts, where a release has both and they make the share."""
    part, whole = (released.cells.get(at._replace(measure=name)) for name in ("NUMERATOR", "DENOMINATOR"))
    share = released.cells[at].value
    if not part or not whole or not part.value or not whole.value or share is None:
        return set()
    exact = part.value / whole.value
    return roundings(exact * 100, 0) if abs(exact - share) <= Decimal("0.0005") else set()


def intervals_in_texts(report: FinishedReport, tag: str) -> list[str]:
    """Return the intervals beside figures, in any text of any form, that no released cell has."""
    known = _printed_intervals(report.released)
    pairs = {(low, high) for _, low, high, _ in known} | _estimated(report.released)
    faults: list[str] = []
    for form, texts in report.texts(tag).items():
        for text in map(_turned, texts):
            for number, percent, low, high in re.findall(INTERVAL[tag], text):
                found = (*(_decimal(end) for end in (number, low, high)), bool(percent))
                if found not in known:
                    faults.append(f"{form}: {number}{percent} ({low} to {high})")
            for ends in re.findall(CONFIDENCE[tag], text):
                low, high = (_decimal(end) for end in ends if end)
                if (low, high) not in pairs:
                    faults.append(f"{form}: {low} to {high} with 95% confidence")
    return faults


def count_of_intervals(report: FinishedReport, tag: str) -> int:
    """Return how many intervals stand beside figures in all forms: the search itself finds something."""
    texts = (text for form in report.texts(tag).values() for text in form)
    return sum(len(re.findall(INTERVAL[tag], plain(text))) for text in texts)


def _printed_intervals(released: ReleasedFigures) -> set[tuple[Decimal, Decimal, Decimal, bool]]:
    """Return every released figure with its interval, in whole per cent or with no, one or two decimals."""
    found: set[tuple[Decimal, Decimal, Decimal, bool]] = set()
    for cell in released.cells.values():
        if cell.value is None or cell.lower is None or cell.upper is None:
            continue
        parts = [part * 100 if cell.is_share else part for part in (cell.value, cell.lower, cell.upper)]
        for places in (0, 1) if cell.is_share else (0, 1, 2):
            values, lows, highs = (roundings(part, places) for part in parts)
            found |= {(v, low, high, cell.is_share) for v in values for low in lows for high in highs}
    return found


def _estimated(released: ReleasedFigures) -> set[tuple[Decimal, Decimal]]:
    return {(Decimal(low), Decimal(high)) for low in released.estimates for high in released.estimates}


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _turned(text: str) -> str:
    """Return a text plainly, with the brackets that PDFium turns round in lines from the right."""
    return re.sub(r"\)([^()]*)\(", r"(\1)", plain(text)) if re.search(r"\)\d[^()]*\(", plain(text)) else plain(text)


def shares_in_sentences(report: FinishedReport, tag: str) -> list[str]:
    """Return the sentences whose per cent is not that of the two counts before it, in any form."""
    number = rf"({NUMBER})"
    pattern = re.compile(
        rf"{number} {OF[tag]} (?:{ABOUT[tag]} )?{number} [^()%.;؛:؟?]{{0,250}}?"
        rf"[()](\d+) ?%(?:[;؛][^()]*?(\d+)\D{{1,6}}?(\d+))?"
    )
    faults: list[str] = []
    for form, texts in report.texts(tag).items():
        for text in texts:
            for part, whole, percent, low, high in pattern.findall(plain(text)):
                exact = roundings(100 * _decimal(part) / _decimal(whole), 0)
                is_within = not low or int(low) <= int(percent) <= int(high)
                if Decimal(percent) not in exact or not is_within:
                    faults.append(f"{form}: {part} of {whole} is {percent}% ({low} to {high})")
    return faults


def count_of_sentences(report: FinishedReport, tag: str, form: str) -> int:
    """Return how many shares of two counts the sentences of a form have: the search itself finds something."""
    pattern = rf"{NUMBER} {OF[tag]} (?:{ABOUT[tag]} )?(?:{NUMBER}) [^()%.;؛:؟?]{{0,250}}?[()]\d+ ?%"
    return sum(len(re.findall(pattern, plain(text))) for text in report.texts(tag)[form])


def verdicts(report: FinishedReport, tag: str) -> dict[str, dict[str, str]]:
    """Return the verdict of each demand in each form, in one word for all languages."""
    found: dict[str, dict[str, str]] = {}
    edition, folder = report.edition(tag), report.folder / tag
    pdf = {name: squeezed(" ".join(report.texts(tag)[name])) for name in PDF_FORMS}
    index = (folder / "index.html").read_text(encoding="utf-8")
    demands = (folder / "demands.html").read_text(encoding="utf-8")
    slides = squeezed("\n".join(report.texts(tag)["slides.pptx"]))
    for chapter in edition["story"]["chapters"]:
        code = chapter["code"]
        if not code:
            continue
        short = next(part for part in edition["summary"]["answers"] if part["id"] == code)
        card = re.search(rf'demands\.html#demand-{code.lower()}">.*?<p class="state">(.*?)</p>', index, re.DOTALL)
        section = re.search(rf'<section id="demand-{code.lower()}".*?<p class="lead">(.*?)</p>', demands, re.DOTALL)
        found[code] = {
            "edition.json, story": _verdict(chapter["verdict"], tag),
            "edition.json, summary": _verdict(short["verdict"], tag),
            "index.html": _verdict(card[1] if card else "", tag),
            "demands.html": _verdict(section[1] if section else "", tag),
            "report.pdf": _after(pdf["report.pdf"], chapter["title"], tag),
            "summary.pdf": _after(pdf["summary.pdf"], short["title"], tag),
            "slides.pptx": _after(slides, short["title"], tag),
        }
    return found


def _verdict(text: str, tag: str) -> str:
    return VERDICTS[tag].get(plain(re.sub(r"<[^>]+>", "", text)).strip(), f"no verdict: {text!r}")


def _after(text: str, title: str, tag: str) -> str:
    """Return the verdicts that follow a title, wherever it stands; the longest words first."""
    words = sorted(VERDICTS[tag], key=len, reverse=True)
    pattern = f"{re.escape(squeezed(title))}:?({'|'.join(re.escape(squeezed(word)) for word in words)})"
    by_word = {squeezed(word): state for word, state in VERDICTS[tag].items()}
    found = sorted({by_word[word] for word in re.findall(pattern, text)})
    return " and ".join(found) or "no verdict"


def answers(report: FinishedReport, tag: str) -> dict[str, dict[str, str]]:
    """Return the verdict of each question and place in the report and in the monitor of the law."""
    edition = report.edition(tag)
    found: dict[str, dict[str, str]] = {}
    for chapter in edition["story"]["chapters"]:
        for answer in chapter["answers"]:
            if plain(answer["verdict"]) in VERDICTS[tag]:
                found.setdefault(answer["key"], {})["report"] = _verdict(answer["verdict"], tag)
    for article in (edition["monitor"] or {"articles": []})["articles"]:
        for duty in article["duties"]:
            for place, answer in zip(("IQ-FED", "IQ-KR"), duty["answers"], strict=False):  # a duty may be of one region
                text = plain(answer["state_text"])
                if text in VERDICTS[tag]:
                    found.setdefault(f"{duty['key']}@{place}", {})["monitor"] = VERDICTS[tag][text]
    return found


def broken_rule_of_demands(report: FinishedReport, tag: str) -> list[str]:
    """Return the demands whose verdict breaks the rule that the reader is told."""
    story = report.edition(tag)["story"]
    faults: list[str] = []
    for chapter in story["chapters"]:
        leading = [answer for answer in story["leading"] if answer["demand"] == chapter["code"] and answer["verdict"]]
        states = [answer["state"] for answer in leading]
        if chapter["state"] == "met" and set(states) != {"met"}:
            faults.append(f"{chapter['code']} is met, its leading questions are {states}")
        named = NAMED_BY_THE_DEMAND.get(chapter["code"], "-")
        unmet = [answer for answer in leading if answer["key"].startswith(named) and answer["state"] == "not_met"]
        if unmet and chapter["state"] != "not_met":
            faults.append(f"{chapter['code']} is {chapter['state']}, {named} is not met")
    return faults


@dataclass(frozen=True)
class Trend:
    """A word of direction that a form prints of an indicator over some years."""

    form: str
    indicator: str
    first: str
    last: str
    direction: str


def trends(report: FinishedReport, tag: str) -> list[Trend]:
    """Return every rising and falling of a series: of the pages, the edition's texts and the workbook's sheet."""
    words = "|".join(DIRECTIONS[tag])
    sentence = re.compile(rf"(\d{{4}})\D{{1,12}}(\d{{4}})[^:]{{0,6}}: ({words})")
    found: list[Trend] = []
    for form, texts in report.texts(tag).items():
        if re.fullmatch(r"[A-Z]{3}-\d\d\.html", form):
            for text in texts:
                for first, last, word in sentence.findall(plain(text)):
                    found.append(Trend("page", form.removesuffix(".html"), first, last, DIRECTIONS[tag][word]))
    tables = (block for block in printed_tables.blocks_of(report.edition(tag)) if block["id"] == "trends-table")
    rows = (row for block in tables for group in block["groups"] for row in group["rows"])
    return [*found, *(trend for row in rows for trend in _trends_of_row(report, tag, row))]


def _trends_of_row(report: FinishedReport, tag: str, row: Mapping[str, Any]) -> Iterator[Trend]:
    titles = {word: codes for labels in _labels(report, tag) for word, codes in labels.get("indicator", {}).items()}
    texts = [plain(cell["text"]) for cell in row["cells"]]
    word = next((text for text in texts if text in DIRECTIONS[tag]), "")
    years = re.findall(r"\d{4}", " ".join(texts))
    title = plain(row["label"]).rpartition(": ")[0]
    for code in titles.get(title, {f"no code of {title!r}"}):
        yield Trend("table", code, years[0], years[1], DIRECTIONS[tag].get(word, "?"))


def _labels(report: FinishedReport, tag: str) -> list[Mapping[str, Any]]:
    return [labels.codes for (_, known), labels in report.released.labels.items() if known == tag]


def misleading_trends(report: FinishedReport, tag: str) -> list[str]:
    """Return the trends over years that cannot be compared by what the release itself says of them."""
    faults: list[str] = []
    for trend in trends(report, tag):
        totals = {
            at.year: cell
            for at, cell in report.released.cells.items()
            if at.dataset == "four_ps_national" and at.indicator == trend.indicator and at.area == "IQ-FED"
            and at == at._replace(codes=Address("", "", "", "", "").codes)
        }  # fmt: skip
        known = sorted(year for year, cell in totals.items() if cell.value is not None)
        within = {year: cell for year, cell in totals.items() if trend.first <= year <= trend.last}
        if known and trend.first <= known[0]:
            faults.append(f"{trend}: the register begins in {known[0]}")
        fewer = [year for year, cell in within.items() if cell.received < cell.expected]
        if fewer or len({cell.expected for cell in within.values()}) > 1:
            faults.append(f"{trend}: fewer agencies reported in {fewer or 'some years'}")
        basis = report.released.manifests["four_ps_national"]["indicators"].get(trend.indicator, {}).get("basis")
        if basis == "cohort" and known and trend.last == known[-1]:
            faults.append(f"{trend}: {trend.last} still grows")
    return faults


def identifiers(report: FinishedReport) -> dict[str, tuple[str, ...]]:
    """Return which identifiers each form must show; every form has the number by which the report is cited."""
    versions = tuple(report.released.versions.values())
    return {
        **dict.fromkeys((*PDF_FORMS, "slides.pptx", "index.html", "explorer.html"), (report.number,)),
        "tables.xlsx": (report.number, *versions),
        "about.html": (report.number, *(report.released.versions[dataset] for dataset in report.datasets)),
        "edition.json": (report.number, *versions),
    }


def identifiers_unread(report: FinishedReport, tag: str) -> list[str]:
    """Return the identifiers that a form does not have, or not in the order in which one reads them out."""
    faults: list[str] = []
    for form, expected in identifiers(report).items():
        texts = {form: squeezed("\n".join(report.texts(tag)[form]))} if form != "explorer.html" else {}
        path = report.folder / tag / form
        if form.endswith(".pdf"):
            data = path.read_bytes()
            texts[f"{form} by Poppler"] = squeezed(printed_texts.pdf_by_poppler(data))
            drawn = printed_texts.pdf_as_drawn(data)
            faults += [
                f"{form} as drawn: {one}" for one in expected if not any(one.replace("-", "") in line for line in drawn)
            ]
        if form == "explorer.html":
            texts[form] = json.dumps(printed_tables.cube_of(path.read_bytes()))
        faults += [f"{name}: {one}" for name, text in texts.items() for one in expected if one not in text]
        faults += [
            f"{name}: {one} backwards" for name, text in texts.items() for one in _backwards(expected) if one in text
        ]
    return faults


def _backwards(expected: Iterable[str]) -> Iterator[str]:
    """Yield what becomes of an identifier whose parts change their places from right to left."""
    for one in expected:
        first, _, last = one.partition("-")
        yield f"{last}-{first}"


_ISOLATED = re.compile("[\u2066\u2068]([^\u2066-\u2069]*)\u2069|\u200e([^\u200e]*)\u200e")


def identifiers_not_isolated(report: FinishedReport, tag: str) -> list[str]:
    """Return the identifiers in texts from right to left that nothing holds from left to right."""
    known = (report.number, *report.released.versions.values())
    faults: list[str] = []
    if report.edition(tag)["direction"] == "ltr":
        return faults
    for path in sorted((report.folder / tag).glob("*.html")):
        page = printed_texts.PageText()
        page.feed(path.read_text(encoding="utf-8"))
        faults += _bare(path.name, page.text, "\n".join(page.left_to_right), known)
    for form in ("slides.pptx", "tables.xlsx"):
        for text in report.texts(tag)[form]:
            is_alone = text.strip("\u2066\u2069\u200e") in known  # a cell of its own
            faults += [] if is_alone else _bare(form, text, "", known)
    return faults


def _bare(form: str, text: str, left_to_right: str, known: Iterable[str]) -> list[str]:
    held = " ".join(part for pair in _ISOLATED.findall(text) for part in pair)
    return [
        f"{form}: {one}"
        for one in known
        if (often := text.count(one)) and often > left_to_right.count(one) + held.count(one)
    ]


def totals_otherwise(path: Path, dataset: str, cells: Mapping[Address, ReleasedCell]) -> list[str]:
    """Return the rows of a `totals.csv` that say otherwise than the `data.csv` beside it."""
    faults: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = Address(dataset, row["indicator"], row["measure"], row["ref_area"], row["time_period"])
            there = cells.get(at)
            shown = tuple(
                Decimal(row[name]) if row[name] else None for name in ("obs_value", "interval_lower", "interval_upper")
            )
            if there is None or shown != (there.value, there.lower, there.upper):
                faults.append(f"{at}: {shown}")
    return faults


_CODE_WORD = re.compile(
    r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\bmarsad [a-z]+|\bmanifest\b|\s--[a-z]+"
)
_CAPITALS = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]{3,}(?![\w-])")
_ABBREVIATIONS = {"UNODC", "UNICEF", "UNHCR", "GLOTIP", "HTCDS", "SDMX", "XLSX", "JSON", "ISIS", "CEDAW", "AHTNC"}
_LATIN_MARK = re.compile(r"\[(?:low|exact|frozen|[cxnprb])\]")


def code_words(report: FinishedReport, tag: str) -> list[str]:
    """Return the words of programs in texts that people read: identifiers, commands, capitals that are no abbreviation.

    The names of the datasets are allowed: they are the names of the folders that a reader gets.
    """
    faults: list[str] = []
    for form, texts in report.texts(tag).items():
        if form in ("tables.xlsx", "edition.json"):  # ids of tables stand beside them on purpose
            continue
        for text in map(plain, texts):
            words = [word for word in _CODE_WORD.findall(text) if word not in report.released.versions]
            words += [word for word in _CAPITALS.findall(text) if word not in _ABBREVIATIONS]
            words += _LATIN_MARK.findall(text) if tag != "en" else []
            faults += [f"{form}: {word}" for word in words]
    return faults
