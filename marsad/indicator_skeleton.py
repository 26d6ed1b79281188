"""The skeleton of a new indicator: SQL on its pillar's own facts, card, unit test, empty second count.

Belongs here: what each pillar counts by default, and the minimal honest form of each file. Every text is
`to be written`, which repository tests refuse by file and line; a comment next to a field lists its allowed values.
Does not belong here: where other new things go (`scaffold.py`).
"""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, cast

from expectations.cards.codes import SEEDS
from expectations.cards.dataset_card import dataset_names
from expectations.cards.indicator_messages import INDICATORS, card_files
from ingestion.checkout_files import ROOT
from ingestion.home import write_bytes

TO_BE_WRITTEN = "to be written"
_WIDTH = 110


class Pillar(NamedTuple):
    """What an indicator of a pillar counts until its author says otherwise.

    Attributes:
        prefix: of its codes.
        unit: what is counted.
        facts: the dbt model of its facts; `year` is the column with the year of the count.
        condition: which facts count, in SQL.
        dimensions: of the cells.
        holders: which agencies report.
        level: the level of area of the cells.
        fact: a fact that counts, as a row of a unit test; `other` is what makes it one that does not.
    """

    prefix: str
    unit: str
    facts: str
    year: str
    condition: str
    dimensions: tuple[str, ...]
    holders: tuple[str, ...]
    level: str
    fact: str
    other: str


_PREVENTION = Pillar(
    prefix="PRV",
    unit="ACTIVITY",
    facts="fct_activity",
    year="activity_year",
    condition="activity_type_code = 'TRAINING' and is_held",
    dimensions=(),
    holders=("task_force_activities",),
    level="region",
    fact="region_code: IQ-FED, activity_type_code: TRAINING, activity_year: 2024, is_held: true",
    other="region_code: IQ-FED, activity_type_code: TRAINING, activity_year: 2024, is_held: false",
)
PILLARS = {
    "prevention": _PREVENTION,
    "protection": Pillar(
        prefix="PRT",
        unit="VICTIM",
        facts="fct_victim_event",
        year="contact_year",
        condition="contact_year is not null",
        dimensions=("sex", "age", "form"),
        holders=("iraq_interior_ministry", "iraq_judicial_council", "kurdistan_interior_ministry"),
        level="governorate",
        fact="area_code: IQG08, contact_year: 2024, sex_code: F, age_group_code: Y_GE18, form_code: BEGGING",
        other="area_code: IQG08, contact_year: null, sex_code: F, age_group_code: Y_GE18, form_code: BEGGING",
    ),
    "prosecution": Pillar(
        prefix="PRS",
        unit="ACCUSED",
        facts="fct_accused_proceeding",
        year="contact_year",
        condition="contact_year is not null",
        dimensions=("sex", "age"),
        holders=("iraq_interior_ministry",),
        level="governorate",
        fact="area_code: IQG08, contact_year: 2024, sex_code: F, age_group_code: Y_GE18",
        other="area_code: IQG08, contact_year: null, sex_code: F, age_group_code: Y_GE18",
    ),
    "partnership": _PREVENTION._replace(prefix="PAR"),
}
_CODES = {"sex": "F", "age": "Y_GE18", "form": "BEGGING"}
"""The code of each dimension in the facts of the unit tests."""


def indicator_files(name: str) -> dict[Path, str]:
    """Return path -> text of the SQL and the card of a new indicator.

    Args:
        name: `<pillar>__<name>`.
    """
    folder = INDICATORS / name.partition("__")[0]
    return {folder / f"ind_{name}.sql": _sql(name), folder / f"ind_{name}.yml": _card(name)}


def write_empty_recount(name: str) -> Path:
    """Append to the second count of the pillar a function that counts nothing yet, and return the file.

    Args:
        name: `<pillar>__<name>`, of an indicator whose card is written.
    """
    code = next(str(card.meta["code"]) for card in card_files() if card.model == f"ind_{name}")
    path = ROOT / "tests" / "second_warehouse" / f"{name.partition('__')[0]}_cells.py"
    recount = f'''

def {code.lower().replace("-", "_")}(country: Country) -> Cells:
    """What the card says, {TO_BE_WRITTEN} by somebody who has not read the SQL."""
    return country.tally("{code}", "COUNT", [], "year")
'''
    write_bytes(path, path.read_bytes() + recount.encode("utf-8"))
    return path


def _sql(name: str) -> str:
    pillar = PILLARS[name.partition("__")[0]]
    lines = [
        f"facts=ref('{pillar.facts}')",
        f"year='{pillar.year}'",
        f"measures={{'COUNT': \"{pillar.condition}\"}}",
    ]
    return "{{ indicator(\n    " + ",\n    ".join(lines) + "\n) }}\n"


def _card(name: str) -> str:
    kind = name.partition("__")[0]
    pillar = PILLARS[kind]
    cards = [card.meta for card in card_files()]
    allowed = {
        field: _allowed_values(card.get(field) for card in cards) for field in ("unit_measure", "basis", "demand")
    }
    articles = _allowed_values(card.get("law_article") for card in cards)
    texts = "\n".join(f"        {field}: {TO_BE_WRITTEN}" for field in ("title_en", "definition_en", "numerator"))
    return f"""\
version: 2

models:
  - name: ind_{name}
    description: {TO_BE_WRITTEN}
    config:
      meta: &card
        code: {_free_code(pillar.prefix, [str(card.get("code")) for card in cards])}
        pillar: {kind}
{_hints(allowed["unit_measure"], most="one of")}
        unit_measure: {pillar.unit}
{_hints(allowed["basis"], "period: in the year it happened; cohort: in the year its case began", most="one of")}
        basis: period
{texts}
        # none, where nothing is divided by
        denominator: none
{_hints(["governorate", "region"], most="one of")}
        level: {pillar.level}
{_hints(_seed_codes("cust_breakdown", "list"), "with `cust_breakdown` among the dimensions", most="breakdown: one of")}
{_hints(_allowed_values(card.get("holders") for card in cards))}
        holders: [{", ".join(pillar.holders)}]
{_hints(allowed["demand"])}
        demand: []
{_hints(articles, "several with commas")}
        law_article: {TO_BE_WRITTEN}
        # the question of another agency's form that asks the same, or none
        analogue: none
{_hints(_allowed_values(card.get("dimensions") for card in cards))}
        dimensions: [{", ".join(pillar.dimensions)}]
{_hints(dataset_names())}
        datasets: []
{_hints(_seed_codes("caveat", "code"), "a new one: seeds/caveat.csv and `caveat.<code>` in languages/")}
        caveats: []
        # {{measure: COUNT, kind: subset, of: PRT-01/COUNT}}, with the data test part_of
        relations: []
        # {{measure: SHARE, method: share, numerator: …, denominator: …, minimum_base: 20}}
        derived: []

{_unit_test(name, pillar)}"""


def _unit_test(name: str, pillar: Pillar) -> str:
    codes = {dimension: _CODES[dimension] for dimension in pillar.dimensions}
    categories = [f"          - {{dimension: {dimension}, code: {code}}}" for dimension, code in codes.items()]
    given = ["      - input: ref('dim_category')", "        rows:", *categories] if categories else []
    area = "IQG08" if pillar.level == "governorate" else "IQ-FED"
    cell = "".join(f", {dimension}: {code}" for dimension, code in codes.items())
    holder = f"holder_code: {pillar.holders[0]}, period: '2024', region_code: IQ-FED, is_reporting: true"
    lines = [
        "unit_tests:",
        "  # its name says what counts and what does not; the second fact is one that does not",
        f"  - name: {TO_BE_WRITTEN.replace(' ', '_')}_{name}",
        f"    model: ind_{name}",
        "    overrides: {macros: {indicator_card: *card}}",
        "    given:",
        f"      - input: ref('{pillar.facts}')",
        "        rows:",
        f"          - {{fact_key: f1, {pillar.fact}}}",
        f"          - {{fact_key: f2, {pillar.other}}}",
        "      - input: ref('dim_governorate')",
        "        rows: [{area_code: IQG08, region_code: IQ-FED}]",
        *given,
        "      - input: ref('dim_reporting')",
        f"        rows: [{{{holder}}}]",
        "    expect:",
        "      rows:",
        f"        - {{measure: COUNT, ref_area: {area}, time_period: '2024'{cell}, obs_value: 1, obs_status: A}}",
    ]
    return "\n".join(lines) + "\n"


def _allowed_values(values: Iterable[object]) -> list[str]:
    """Return the values that cards have for a field, each once; a list or a text with commas has several."""
    listed = [cast(list[str], value) if isinstance(value, list) else str(value or "").split(", ") for value in values]
    return sorted({part for parts in listed for part in parts if part})


def _hints(values: Iterable[str], hint: str = "", *, most: str = "one or more of") -> str:
    """Return comment lines that name the allowed values of the field below them."""
    text = f"{most}: " + ", ".join(values) + (f" ({hint})" if hint else "")
    return textwrap.indent(textwrap.fill(text, _WIDTH - 10, break_on_hyphens=False), "        # ")


def _seed_codes(name: str, column: str) -> list[str]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return sorted({row[column] for row in csv.DictReader(stream)})


def _free_code(prefix: str, taken: list[str]) -> str:
    """Return the first number of the pillar that no card has; the author changes it to the catalogue's."""
    return next(code for number in range(1, 100) if (code := f"{prefix}-{number:02d}") not in taken)
