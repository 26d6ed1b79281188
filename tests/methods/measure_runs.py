"""Statistics on simulated data, whose truth is known: what their intervals cover, and how long they take.

`python -m tests.methods.measure_runs [TOPIC ...] [--runs N] [--seed S]` prints Markdown, one part a topic, each with
its command, its seed and the hash of the code that it measured; the tables stand on the pages of docs/methods. Belongs
here: the topics and the words of the command. What a topic measures is a module beside the tests of its method.
"""

from __future__ import annotations

import argparse

from tests.methods import comparison_runs
from tests.methods.case_flow import late_cases_runs
from tests.methods.linkage import linkage_runs
from tests.methods.multiple_systems import estimates_against_truth, hidden_part_runs

TOPICS = {
    "hidden-part": hidden_part_runs.report,
    "ten-seeds": estimates_against_truth.report,
    "linkage": linkage_runs.report,
    "few-records": linkage_runs.report_few,
    "late-cases": late_cases_runs.report,
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
        print(f"`python -m tests.methods.measure_runs {topic} --runs {asked.runs} --seed {asked.seed}`", end=", ")
        for line in TOPICS[topic](asked.runs, asked.seed):
            print(line, flush=True)


if __name__ == "__main__":
    main()
