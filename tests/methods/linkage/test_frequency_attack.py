"""What a thief of codes learns without the key, from what everybody knows of names: printed in docs/methods/linkage.md.

The thief has the codes and the sex of each record, and the true frequencies of names, which is more than a census
tells. She gives the most frequent code the most frequent name, the second the second, and so on.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd

from methods.linkage.name_spelling import spell_parts
from samples.life import naming
from samples.records_to_link import records_of

PAGE = Path(__file__).parents[3] / "docs" / "methods" / "linkage.md"
SEED, RECORDS = 11, 1_000
_LIST_OF = {"given": {"F": "women", "M": "men"}, "father": "men", "family": "families", "mother": "women"}


def public(kind: str) -> Counter[str]:
    """Spellings with their public weights: names of one spelling add up."""
    weights: Counter[str] = Counter()
    for name, weight in naming.weights(kind).items():
        weights["".join(spell_parts(f"x {name}")[1:])] += weight  # behind a first part, as a family stands
    return weights


def guessed(codes: pd.Series, kind: str) -> dict[str, str]:
    names = [name for name, _ in public(kind).most_common()]
    return dict(zip([code for code, _ in Counter(codes.dropna()).most_common()], names, strict=False))


@cache
def success() -> dict[str, float]:
    """Part -> share of records whose name is guessed; `all` for records of which every part is."""
    records = records_of(SEED, RECORDS, tokens_missing=1.0, codes_held=1.0)
    right = pd.DataFrame(index=records.index)
    for part, kind in _LIST_OF.items():
        guess = pd.Series(index=records.index, dtype=object)
        for sex, rows in records.groupby("sex_code") if isinstance(kind, dict) else [("", records)]:
            listed = kind[str(sex)] if isinstance(kind, dict) else kind
            guess[rows.index] = rows[f"{part}_code"].map(guessed(rows[f"{part}_code"], listed))
        right[part] = guess == [truth(row.person, row.sex, part) for row in of_persons(records)]
    return {part: float(right[part].mean()) for part in right} | {"all": float(right.all(axis=1).mean())}


def of_persons(records: pd.DataFrame) -> list[pd.Series]:
    return list(records.rename(columns={"sex_code": "sex"}).itertuples())


def truth(person: int, sex: str, part: str) -> str:
    name = naming.name_of(SEED, person, sex)
    typed = {"given": name.given, "father": name.father, "family": name.family, "mother": name.mother}[part]
    return "".join(spell_parts(f"x {typed}")[1:])


def test_the_success_of_the_attack_is_what_the_page_prints():
    text = PAGE.read_text(encoding="utf-8")
    printed = dict(re.findall(r"^\| (given|father|family|mother|all) \| (\d+) % \|", text, re.M))
    assert printed == {part: f"{100 * share:.0f}" for part, share in success().items()}


def test_the_attack_works_which_is_why_codes_are_personal_data():
    assert success()["given"] > 0.1, "an attack that finds nothing would prove nothing"
    assert success()["all"] < 0.02, "hardly anybody is named whole"
