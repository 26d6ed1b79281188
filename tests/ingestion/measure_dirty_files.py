"""Count over random dirty files whether every row is accounted for: `python -m tests.ingestion.measure_dirty_files`.

Prints a Markdown table; its figures stand in docs/promises.md and docs/benchmarks.md. Belongs here: printing. Does not
belong here: the files and what is right about them (`tests/ingestion/dirty_files.py`).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping

from tests.ingestion.dirty_files import clean_rows, examined, misjudged, misread, random_file, unaccounted


def count(files: int) -> tuple[Mapping[str, int], list[str]]:
    """Return what the files held and became, and what is wrong with any of them."""
    figures: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(files):
        delivery, file = random_file(number)
        answer = examined(file, delivery.source)
        figures["files"] += 1
        figures["defects made"] += len(file.defects)
        figures["cells spoilt"] += len(file.spots)
        must = "refused" if file.outcome.fate == "refuses" else "accepted"
        if answer.verdict != must:
            kinds = sorted({one.kind for one in answer.findings if one.severity == "refuse"})
            wrong.append(f"{number} {file.name}: {answer.verdict} {kinds}")
        figures[f"files {answer.verdict}"] += 1
        if answer.verdict == "refused":
            continue
        figures["data rows of accepted files"] += len(file.rows)
        figures["rows landed"] += answer.rows_landed
        figures["rows waiting"] += answer.rows_quarantined
        problems = {
            "rows not accounted for": unaccounted(file, answer),
            "rows misjudged": misjudged(file, answer),
            "values misread": [] if unaccounted(file, answer) else misread(file, answer, clean_rows(delivery)),
        }
        for name, found in problems.items():
            figures[name] += len(found)
            wrong += [f"{number} {file.name}: {one}" for one in found]
    return figures, wrong


def main() -> None:
    """Print the table, and below it each thing that is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=1000)
    figures, wrong = count(parser.parse_args().files)
    print("| what | number |\n|---|---:|")
    for name, number in figures.items():
        print(f"| {name} | {number:,} |")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()
