"""Statistics, measured: how long they take, and what their intervals cover: `python -m benchmarks.statistics`.

`python -m benchmarks.statistics [TOPIC ...] [--runs N] [--seed S]`. Prints Markdown, one part a topic, each with its
command, its seed and the hash of the code that it measured; the tables go by hand into docs/benchmarks.md.
Here: the topics and the words of the command. What a topic measures is a module of its own beside this one.
"""

from __future__ import annotations

import argparse

from benchmarks.statistics import (
    comparison_runs,
    courts_runs,
    estimates_against_truth,
    hidden_part_runs,
    late_cases_runs,
    linkage_runs,
)

TOPICS = {
    "hidden-part": hidden_part_runs.report,
    "ten-seeds": estimates_against_truth.report,
    "linkage": linkage_runs.report,
    "late-cases": late_cases_runs.report,
    "courts": courts_runs.report,
    "comparisons": comparison_runs.report,
}


def main() -> None:
    """Print the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=f"{', '.join(TOPICS)}; all, if left out")
    parser.add_argument("--runs", type=int, default=40, help="simulated countries of each row")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if unknown := set(asked.topics) - set(TOPICS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    for topic in asked.topics or TOPICS:
        print(f"`python -m benchmarks.statistics {topic} --runs {asked.runs} --seed {asked.seed}`", end=", ")
        for line in TOPICS[topic](asked.runs, asked.seed):
            print(line, flush=True)


if __name__ == "__main__":
    main()
