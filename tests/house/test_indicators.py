"""What a new indicator must bring. Each failure names the file to open. No dbt is needed: cards are read as files."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from expectations.cards.codes import SEEDS
from expectations.cards.indicator_messages import INDICATORS, TEXTS, CardFile, card_files
from languages.catalogue import catalogue_path
from languages.words import Words, gaps, languages

HOUSE = Path(__file__).resolve().parents[2]
CARDS = card_files()
LISTED = HOUSE / "dbt_project" / "macros" / "indicator_tags.sql"
FILLED = ("code", "title_en", "definition_en", "numerator", "denominator", "law_article", "analogue")
CHOSEN = ("pillar", "unit_measure", "basis", "holders", "demand", "datasets", "caveats")
SYNC = "run `marsad translations --sync`, then translate"


def _place(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def _tell(problems: list[str]) -> None:
    """Fail with every problem on a line of its own: pytest shortens lists."""
    assert not problems, "\n" + "\n".join(problems)


def _lacks(card: CardFile) -> list[str]:
    """What an indicator's own files lack."""
    told = [f"{name}: is empty" for name in (*FILLED, *CHOSEN) if not card.meta.get(name)]
    is_listed = f"'{card.path.stem}':" in LISTED.read_text(encoding="utf-8")
    told += (
        [] if is_listed else [f"{_place(LISTED)} does not list it, so that no test of cells asks it; run `make lists`"]
    )
    told += [] if card.unit_tests else ["unit_tests: none is of this model"]
    told += [] if card.path.with_suffix(".sql").exists() else [f"{card.path.stem}.sql: is not beside it"]
    return [f"{_place(card.path)}: {one}" for one in told]


def test_every_indicator_has_its_sql_card_and_unit_test() -> None:
    assert len(CARDS) >= 80
    _tell([one for card in CARDS for one in _lacks(card)])
    without_card = [path for path in INDICATORS.rglob("*.sql") if not path.with_suffix(".yml").exists()]
    _tell([f"{_place(path)}: has no card beside it" for path in without_card])


def test_no_two_indicators_share_a_number() -> None:
    numbers = Counter(card.meta["code"] for card in CARDS)
    _tell([f"{_place(card.path)}: code: {card.meta['code']}" for card in CARDS if numbers[card.meta["code"]] > 1])


def test_nothing_is_left_as_the_skeleton_wrote_it() -> None:
    files = [*INDICATORS.rglob("*.yml"), *INDICATORS.rglob("*.sql"), *map(catalogue_path, languages())]
    files += (HOUSE / "tests" / "second_warehouse").glob("*_cells.py")
    lines = [
        (path, n, line) for path in sorted(files) for n, line in enumerate(path.read_text("utf-8").splitlines(), 1)
    ]
    _tell([f"{_place(path)}:{n}: {line.strip()}" for path, n, line in lines if re.search("to.be.written", line)])


def test_every_text_of_a_card_is_the_english_message() -> None:
    messages = Words.load("en").messages
    wanted = {key: text for card in CARDS for key, text in card.messages().items()}
    differ = [key for key, text in wanted.items() if key not in messages or messages[key].english != (text,)]
    _tell([f"languages/en.yml: {key}: {SYNC}" for key in differ])
    gone = [
        key
        for key in messages
        if key.startswith("indicator.") and key.rpartition(".")[2] in TEXTS and key not in wanted
    ]
    _tell([f"languages/en.yml: {key}: is of no card; {SYNC}" for key in gone])


@pytest.mark.parametrize("tag", languages())
def test_every_text_of_a_card_stands_in_every_language(tag: str) -> None:
    wanted = {key for card in CARDS for key in card.messages()}
    _tell([f"{_place(catalogue_path(tag))}: {gap.kind}: {gap.key}" for gap in gaps(tag) if gap.key in wanted])


def test_every_code_and_caveat_that_a_card_names_has_a_message() -> None:
    with (SEEDS / "cust_breakdown.csv").open(encoding="utf-8", newline="") as stream:
        broken_down = {card.meta.get("breakdown") for card in CARDS}
        keys = {f"code.cust_breakdown.{row['code']}" for row in csv.DictReader(stream) if row["list"] in broken_down}
    keys |= {f"caveat.{name}" for card in CARDS for name in card.meta["caveats"]}
    assert len(keys) > 100
    _tell([f"languages/en.yml: {key}" for key in sorted(keys - Words.load("en").messages.keys())])
