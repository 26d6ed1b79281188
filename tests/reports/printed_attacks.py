"""What an attacker does with the files of a report: she reads every one of them, and reckons with what it prints.

Belongs here: the attacks on sums, order, drawings, classes, shares, marks, words and languages (1 to 14, 19, 22, 24
and 26 of `docs/disclosure_attacks.md`). Each returns what it learns; nothing is the aim.
Does not belong here: reading the files (`printed_forms.py`), or a report to attack (`withheld.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

import pandas as pd

from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.cards.population import residents
from expectations.gate.text_in_files import file_texts
from languages.words import Words, languages
from methods.disclosure.attacks.table_arrangement import small_by_marks
from reports.editions.printed_parts import INSTEAD
from reports.phrases import wording
from reports.publishing.issue_report import EXPLORER
from reports.released.released_tables import ABSENT, ReleasedCell
from tests.expectations.gate.numbers_in_text import (
    fixed_texts,
    normalise_text,
    numbers_in,
    remove_texts,
    unresolved_numbers,
)
from tests.reports.printed_forms import FIGURE, MARK, Files, Grid, Key, Told, cube, each, grids, texts

_NOT_WITHHELD = {wording.sign(mark, Words.load(tag)) for tag in languages() for mark in ("x", "n", "low")}
_LENGTH = re.compile(r'<path d="M[\d.e-]+,[\d.]+h([\d.]+)v[\d.]+h-[\d.]+Z" fill="#\w+"')  # of a bar in a picture
_BAR = re.compile(r'<path d="M[\d.]+,([\d.]+)h[\d.]+v[\d.]+h-[\d.]+Z" fill="#\w+" stroke="#\w+"')
_POINT = re.compile(r'<path transform="translate\([\d.]+,([\d.]+)\)" d="M[^"]*" fill="#\w+" stroke="#\w+"')
_LINE = re.compile(r'<path d="(M[\d.,L]+)" stroke="#\w+" stroke-width="2.5"')
_TICK = re.compile(r'<text text-anchor="(?:start|end)" transform="translate\(-?[\d.]+,([\d.]+)\)"[^>]*>([^<]*)</text>')
_GRID = re.compile(r'<line transform="translate\(-?[\d.]+,([\d.]+)\)"[^>]*stroke="#e3e8ec"')
_LIKENESS = 0.004  # of the whole scale: what a ruler cannot tell apart
_ROOM = 1.15  # above the greatest figure of a chart


def differing(told: Mapping[Key, Told], released: Mapping[Key, ReleasedCell]) -> list[Key]:
    """Attacks 1 to 9: the keys at which an explorer does not print what a reader may see of the released cell there.

    Sums over a report are then sums over the release behind it, which the joint audit of the gate attacked.
    """
    found: list[Key] = []
    for key, (value, mark) in told.items():
        cell = released.get(key, ABSENT)
        if cell.value is None or cell.mark in INSTEAD:
            is_same = value is None
        else:
            printed = cell.value * (100 if cell.is_share else 1)
            slack = 0.5001 * 10**-cell.decimals if cell.is_share or cell.decimals else 0.0
            is_same = value is not None and abs(value - printed) <= slack
        if not is_same or mark != (cell.mark or cell.standing):
            found.append(key)
    return found


def learnt_from_order(found: Iterable[Grid]) -> list[tuple[str, str, str]]:
    """Attack 13: (file, label, label) of which tables under one heading print now this first, now that.

    Where labels alone decide on an order it never changes; where figures do, it does, and a hidden one lies between
    its neighbours.
    """
    seen: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
    learnt: list[tuple[str, str, str]] = []
    for one in found:
        form = "html" if one.file.endswith(".html") and one.file != EXPLORER else one.file
        known = seen.setdefault((form if not form.endswith(".csv") else "csv", one.heading), {})
        for labels in _runs(one):
            for first, second in combinations(labels, 2):
                known[first, second] = one.file
                if (second, first) in known:
                    learnt.append((one.file, first, second))
    return learnt


def _runs(grid: Grid) -> Iterator[list[str]]:
    """The labels of a table in order, in runs without a repetition: each measure has its own."""
    run: list[str] = []
    for label, _ in grid.rows:
        if label in run:
            yield run
            run = []
        run.append(label)
    yield run


def learnt_from_drawing(svg: str, printed: Collection[float]) -> list[float]:
    """Attack 14: what a ruler reads off a chart that is not printed beside it: bars, points, lines, its scale.

    A scale tells that something reaches up there: it may end one step above what the greatest printed figure needs.
    """
    ticks = sorted(_ticks(svg))
    (top, greatest), (bottom, least) = ticks[0], ticks[-1]
    unit = (greatest - least) / (bottom - top)
    heights = [float(y) for y in (*_BAR.findall(svg), *_POINT.findall(svg))]
    heights += [float(point.split(",")[1]) for line in _LINE.findall(svg) for point in line[1:].split("L")]
    read = [least + (bottom - y) * unit for y in heights]
    slack = _LIKENESS * (greatest - least)
    beside = [value for value in read if not any(abs(value - one) <= slack for one in printed)]
    step = (greatest - least) / (len(ticks) - 1)
    needed = max(10.0 if greatest > 1 else 0.0, max(printed, default=1.0) * _ROOM)
    return [*beside, *([greatest] if greatest > needed + step else [])]


def learnt_from_bars(svg: str, printed: Collection[float]) -> list[float]:
    """Attack 14 on a picture without a scale: the longest bar is the greatest figure, each other a part of it."""
    lengths = [float(one) for one in _LENGTH.findall(svg)]
    unit = max(lengths, default=1.0) / max(printed, default=1.0)
    return [one / unit for one in lengths if not any(abs(one / unit - told) <= 0.5 for told in printed)]


def _ticks(svg: str) -> Iterator[tuple[float, float]]:
    """The height of each line across a chart, and the figure beside it."""
    said = [(float(y), text) for y, text in _TICK.findall(svg)]
    for height in map(float, _GRID.findall(svg)):
        _, text = min(said, key=lambda one: abs(one[0] - 4 - height))
        (number,) = numbers_in(text)
        yield height, float(number.rstrip("%")) / (100 if number.endswith("%") else 1)


def learnt_from_classes(files: Files) -> list[tuple[str, float]]:
    """Class breaks of a map that no printed figure reaches: something that is not printed does; the least is fixed."""
    drawn = {block["id"]: block for block in _blocks(json.loads(files["edition.json"])) if block["kind"] == "map"}
    learnt: list[tuple[str, float]] = []
    for subject in (one for one in cube(files[EXPLORER])["subjects"] if one["isMap"]):
        name = f"{subject['dataset']}-{subject['code']}-map".lower().replace("_", "-")
        for number, measure in enumerate(subject["measures"]):
            breaks = [level["least"] for level in measure["levels"][2:] if not measure["isShare"]]
            if number == subject["chief"] and name in drawn and len(drawn[name]["levels"]) > 2:
                breaks += [float(numbers_in(drawn[name]["levels"][-1])[-1])]
            reached = max(_totals(subject, number), default=0.0)
            learnt += [(name, one) for one in breaks if one > reached]
    rated = {name: block for name, block in drawn.items() if name.endswith("-rate-map") and len(block["levels"]) > 2}
    tops = ((name, float(numbers_in(block["levels"][-1])[-1]), block["places"]) for name, block in rated.items())
    learnt += [(name, top) for name, top, told in tops if top > max(one["figure"]["value"] or 0 for one in told)]
    return learnt


def map_rates(frames: Iterable[pd.DataFrame]) -> set[str]:
    """Every way in which a map may print a released total of a place per 100,000 residents, and the breaks between."""
    breaks = "0.1 0.2 0.3 0.5 0.75 1 1.5 2 3 5 7.5 10 15 20 30 50 75 100"
    found = {*breaks.split(), "100000"}
    for frame in frames:
        totals = frame[(frame[list(DIMENSIONS)] == TOTAL).all(axis=1) & frame["obs_value"].notna()]
        for area, year, value in zip(totals["ref_area"], totals["time_period"], totals["obs_value"], strict=True):
            people = residents().get((area, year, TOTAL, TOTAL))
            rate = round(value * 100_000 / people, 2) if people else 0.0
            found |= {f"{rate:.2f}", f"{rate:.10g}"}
    return found


def _totals(subject: Mapping[str, Any], measure: int) -> Iterator[float]:
    for breakdown in (one for one in subject["breakdowns"] if not one["dimensions"]):
        for row in (row for row in breakdown["rows"] if row[0] == measure and not isinstance(row[3], str)):
            yield from (value for value, _ in each(row[3], row[3]) if value is not None)


def _blocks(content: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a JSON document
    if isinstance(content, dict):
        if "kind" in content:
            yield content
        content = list(content.values())
    if isinstance(content, list):
        for one in content:
            yield from _blocks(one)


def learnt_from_shares(told: Mapping[Key, Told], indicators: Mapping[str, Any]) -> list[Key]:
    """Attacks 10 to 12 and 19: printed shares (in per cent) that do not follow from two counts printed beside them.

    Args:
        told: cells by key, as `cells` returns them.
        indicators: of the manifest of the release: what each share is derived from.
    """
    derived = {code: one["derived"]["SHARE"] for code, one in indicators.items() if "SHARE" in one.get("derived", {})}
    used = _dimensions(told)
    learnt: list[Key] = []
    for key, (share, _) in told.items():
        if key[1] == "SHARE" and share is not None and key[0] in derived:
            at = indicators[key[0]].get("derived_by", {}).get("SHARE", {}).get("at", {})
            top, bottom = (told.get(_operand(key, name, at, used), (None, ""))[0] for name in derived[key[0]])
            # half a per cent, and what the three decimals of the released share round away before
            if top is None or not bottom or abs(min(1.0, top / bottom) * 100 - share) > 0.56:
                learnt.append(key)
    return learnt


def _dimensions(told: Iterable[Key]) -> dict[str, set[str]]:
    """What each indicator is broken down by."""
    found: dict[str, set[str]] = {}
    for code, _, _, _, *codes in told:
        found.setdefault(code, set()).update(name for name, one in zip(DIMENSIONS, codes, strict=True) if one != TOTAL)
    return found


def _operand(key: Key, name: str, at: Mapping[str, str], used: Mapping[str, set[str]]) -> Key:
    """The key of a count that stands behind a share: of another indicator, at that one's own breakdown."""
    code, _, measure = name.partition("/")
    codes = dict(zip(DIMENSIONS, key[4:], strict=True))
    if code != key[0]:
        codes = {one: at.get(one, known) for one, known in codes.items()}
    own = used.get(code, set())
    return (code, measure, *key[2:4], *(known if one in own else TOTAL for one, known in codes.items()))


def learnt_from_marks(found: Iterable[Grid]) -> list[tuple[str, str]]:
    """Attack 22: (file, mark) where a mark instead of a figure says which hidden figures are small."""
    learnt: list[tuple[str, str]] = []
    for one in found:
        marks = [text for _, row in one.rows for text in row if MARK.fullmatch(text) and text not in _NOT_WITHHELD]
        for mark, is_small in zip(marks, small_by_marks(marks), strict=True):
            if is_small is not None:
                learnt.append((one.file, mark))
    return learnt


def learnt_from_words(files: Files, words: Words, allowed: set[str], sentences: Iterable[str] = ()) -> list[str]:
    """Attack 24: the numbers, in digits and in words, that nothing released stands behind.

    Args:
        files: the forms of a report, by name.
        words: of their language.
        allowed: numbers that may stand anywhere.
        sentences: whole sentences with further numbers, which may stand nowhere else.
    """
    read = (text for name, data in files.items() for text in texts(name, data))
    return unresolved_numbers(read, words, allowed, sentences)


def figures(files: Files, words: Words) -> dict[str, list[str]]:
    """Attack 26: the figures that a form prints, by file, in Latin digits: of tables in order, of drawings by size.

    Fixed texts are left out: a law, an article or a fraction has digits in one language and words in another.
    """
    found: dict[str, list[str]] = {}
    for one in grids(files):
        texts = (normalise_text(text).replace(",", "") for _, row in one.rows for text in row)
        found.setdefault(one.file, []).extend(text for text in texts if FIGURE.fullmatch(text))
    for name in (name for name in files if name.endswith((".svg", ".pdf"))):
        told = (
            one.text for one in file_texts(name, files[name]) if one.place in ("/Alt", "svg@aria-label", "svg/text")
        )
        found[name] = sorted(number for numbers in figures_said(told, words) for number in numbers)
    return found


def figures_said(texts: Iterable[str], words: Words) -> list[list[str]]:
    """Return the figures that each text says, in order: without those of its fixed texts, and zero in words too."""
    zero, least = words.text("figure.zero"), normalise_text(words.text("figure.low", most="|")).partition("|")[0]
    fixed = [least.strip(), *fixed_texts(words)]
    return [numbers_in(re.sub(rf"\b{zero}\b", "0", remove_texts(normalise_text(text), fixed))) for text in texts]


def without(titles: Iterable[str], text: str) -> str:
    """Return a text without these titles in it."""
    for title in titles:
        text = text.replace(title, "")
    return text
