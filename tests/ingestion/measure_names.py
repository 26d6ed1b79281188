"""Measure what privacy at the door finds, asks and lets in: `python -m tests.ingestion.measure_names`.

Prints the tables of docs/privacy.md: the labelled set by kind and language, and names that others wrote, with those
refused, asked and passed counted separately. The names are those of `tests/ingestion/names_of_others.yml`, Iraqi name
parts of Wikidata if `../shared/data` is there, and any `NAMES.json` of `{people: {given: [...], family: [...]}}`.
What clerks' ticks would let in is the share of words that are on no list of names: of those alone one clerk decides.
Belongs here: printing. Does not belong here: the sets (`tests/ingestion/labelled_cells.py`, `names_of_others.py`),
thresholds (their tests).
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ingestion.personal.name_lexicon import is_on_name_list
from ingestion.personal.unexplained_words import unexplained_words
from languages.words import Words, languages
from tests.ingestion.labelled_cells import FOUND_AS, HALVES, LANGUAGES, Half, labelled_cells, score
from tests.ingestion.names_of_others import FORMS, Names, answer_to, peoples, some, two_parts, written

WIKIDATA = Path(__file__).parents[3] / "shared" / "data" / "pii" / "iraq_name_parts_wikidata.csv"
_EACH = 100
_CLERKS, _ASKED_WORDS, _PLANTED, _MOST_WORDS = 20, 30, 3, 10
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


def table(half: Half) -> Iterator[str]:
    """Yield the lines of one half's table: found of held, precision, by kind and language."""
    yield "| what the cell holds | " + " | ".join(f"{language}: found, precision" for language in LANGUAGES) + " |"
    yield "|---" * (len(LANGUAGES) + 1) + "|"
    for kind in FOUND_AS:
        yield f"| {kind} | " + " | ".join(_written(kind, half, language) for language in LANGUAGES) + " |"


def names_table(sets: Mapping[str, Names]) -> Iterator[str]:
    """Yield the lines of a table of names: of two parts in each form, and of one part, refused, asked and passed."""
    yield f"| whose names | {' | '.join(FORMS)} | one part alone |"
    yield "|---" * (len(FORMS) + 2) + "|"
    for people, names in sets.items():
        pairs = two_parts(names, _EACH, people)
        cells = [_tally(written(name, form) for name in pairs) for form in FORMS]
        singles = dict.fromkeys([*names["given"], *names["family"]])
        yield f"| {people} | {' | '.join(cells)} | {_tally(some(list(singles), 2 * _EACH, people))} |"


def harmless() -> Counter[str]:
    """Return how our own messages of three languages are answered: each alone under a heading that is no free text."""
    messages = [message for tag in languages() for message in Words.load(tag).messages.values()]
    texts = {_PLACEHOLDER.sub("5", text) for message in messages for text in (message.text or message.english)}
    return Counter(answer_to(text, "البيان") for text in sorted(texts))


def ticks(sets: Mapping[str, Names]) -> str:
    """Return what clerks who tick all that they are asked let in, of names planted among thirty asked words.

    A file with more than ten words is refused, and a word on a list of names waits for two persons of the task force.
    """
    planted = [
        word for names in sets.values() for name in two_parts(names, _EACH, "ticks") for word in unexplained_words(name)
    ]
    ticked = [word for clerk in range(_CLERKS) for word in some(planted, _PLANTED, f"clerk {clerk}")]
    let_in = sum(not is_on_name_list(word) for word in ticked)
    share = sum(not is_on_name_list(word) for word in planted) / len(planted)
    return (
        f"a file with {_ASKED_WORDS} asked words is refused ({_MOST_WORDS} at most); in files of ten, {_CLERKS} clerks"
        f" who tick all let in {let_in} of {len(ticked)} planted words; of all planted words {share:.0%} are on no list"
    )


def _tally(texts: Iterable[str]) -> str:
    answers = Counter(answer_to(text) for text in texts)
    return f"{answers['refused']} / {answers['asked']} / {answers['passed']}"


def _written(kind: str, half: Half, language: str) -> str:
    reached = score(kind, half, (language,))
    if not reached.held:
        return ""
    share = f"{reached.found} of {reached.held}"
    return f"{share} pass" if kind == "harmless" else f"{share}, {reached.precision:.2f}"


def _sets(files: Iterable[Path]) -> Mapping[str, Names]:
    sets = dict(peoples())
    if WIKIDATA.exists():
        with WIKIDATA.open(encoding="utf-8", newline="") as lines:
            parts = [row["name_ar"] for row in csv.DictReader(lines)]
        sets["Iraqi (Wikidata)"] = {"given": parts, "family": parts}
    for file in files:
        sets |= json.loads(file.read_text(encoding="utf-8"))
    return sets


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="NAMES.json", help="further names of hands")
    sets = _sets(parser.parse_args().files)
    print("\n".join(names_table(sets)))
    print(f"\nticks: {ticks(sets)}\n\nour own messages: {dict(harmless())}")
    for half in HALVES:
        count = sum(cell.half == half for cell in labelled_cells())
        print(f"\n{half}: {count} cells\n")
        print("\n".join(table(half)))


if __name__ == "__main__":
    main()
