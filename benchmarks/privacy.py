"""Measure what privacy at the door finds in the labelled set: `python -m benchmarks.privacy`.

Prints Markdown tables of recall and precision by kind and language, for the half that was looked at and the half that
was held out; they go by hand into docs/privacy.md. Belongs here: printing. Does not belong here: the set and its scores
(`tests/ingestion/labelled_cells.py`), thresholds (`tests/ingestion/test_labelled_cells.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.ingestion.labelled_cells import FOUND_AS, HALVES, LANGUAGES, Half, labelled_cells, score


def table(half: Half) -> Iterator[str]:
    """Yield the lines of one half's table: found of held, precision, by kind and language."""
    yield "| what the cell holds | " + " | ".join(f"{language}: found, precision" for language in LANGUAGES) + " |"
    yield "|---" * (len(LANGUAGES) + 1) + "|"
    for kind in FOUND_AS:
        yield f"| {kind} | " + " | ".join(_written(kind, half, language) for language in LANGUAGES) + " |"


def _written(kind: str, half: Half, language: str) -> str:
    reached = score(kind, half, (language,))
    if not reached.held:
        return ""
    share = f"{reached.found} of {reached.held}"
    return f"{share} pass" if kind == "harmless" else f"{share}, {reached.precision:.2f}"


def main() -> None:
    """Print both tables."""
    for half in HALVES:
        count = sum(cell.half == half for cell in labelled_cells())
        print(f"\n{half}: {count} cells\n")
        print("\n".join(table(half)))


if __name__ == "__main__":
    main()
