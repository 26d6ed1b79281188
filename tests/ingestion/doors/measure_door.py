"""What the door asks and refuses of others' words: `python -m tests.ingestion.doors.measure_door`.

Its arguments choose tables: `names`, `pairs`, `workbooks`, `templates`. The material stands beside it, written by
somebody who had read neither lists nor rules of the house. Prints the tables of docs/privacy.md. Does not belong here:
floors, which are tests.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from languages.words import languages
from tests.ingestion.doors import planted_templates
from tests.ingestion.doors.ordinary_workbooks import CLERKS, SENDERS, answer_of, cleaned, ordinary_file
from tests.ingestion.doors.planted_names import FORMS, Half, examination, ordinary_pairs, planted, single_parts

_HALVES: tuple[Half, ...] = get_args(Half)


def main() -> None:
    """Print the tables that were asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", help="names, pairs, workbooks, templates; all if left out")
    for table in parser.parse_args().tables or list(_TABLES):
        _TABLES[table]()
        print()


def _names() -> None:
    print("| a name | written | refused | asked | passed |\n|---|---|---|---|---|")
    for form in FORMS:
        _name_row(form, [(text, place) for half in _HALVES for _, text, place in planted(half, form)])
    _name_row("one part alone", [(part, "label") for half in _HALVES for part in single_parts(half)])


def _name_row(form: str, told: list[tuple[str, str]]) -> None:
    verdicts = Counter(examination(place, text).verdict for text, place in told)
    print(f"| {form} | {len(told)} | {verdicts['refused']} | {verdicts['asks']} | {verdicts['accepted']} |")


def _pairs() -> None:
    print("| pairs of ordinary words | refused | asked | passed |\n|---|---|---|---|")
    for language in languages():
        verdicts = Counter(examination("label", pair).verdict for pair in ordinary_pairs(language))
        print(f"| {language} | {verdicts['refused']} | {verdicts['asks']} | {verdicts['accepted']} |")


def _workbooks() -> None:
    print("| twelve files of | as sent: refused, ask, pass | clean: refused, ask, pass | most words asked |")
    print("|---|---|---|---|")
    for sender in SENDERS:
        files = [ordinary_file(sender, clerk) for clerk in CLERKS]
        with tempfile.TemporaryDirectory() as folder:
            clean = [answer_of(cleaned(file, Path(folder, str(number)))) for number, file in enumerate(files)]
        sent = [answer_of(file) for file in files]
        told = [_verdicts([answer.verdict for answer in answers]) for answers in (sent, clean)]
        print(f"| {sender} | {told[0]} | {told[1]} | {max(answer.words for answer in clean)} |")


def _verdicts(verdicts: list[str]) -> str:
    counts = Counter(verdicts)
    return " / ".join(str(counts[verdict]) for verdict in ("refused", "asks", "accepted"))


def _templates() -> None:
    texts = itertools.cycle(planted_templates.all_texts())
    passed = Counter[str]()
    for name, language in itertools.product(planted_templates.receivers(), languages()):
        for place in planted_templates.PLACES:
            data = planted_templates.planted(name, language, place, next(texts))
            passed[planted_templates.verdict(name, data)] += 1
    print(f"sentences with a name in {passed.total()} templates: {dict(passed)}")


_TABLES: dict[str, Callable[[], None]] = {
    "names": _names,
    "pairs": _pairs,
    "workbooks": _workbooks,
    "templates": _templates,
}

if __name__ == "__main__":
    main()
