"""Turn cards and code lists into entries of the dictionary.

Belongs here: one function for each kind of card, and reading all of them. Every key of a card is included; a new key
needs its line here.
Does not belong here: what an entry is (`dictionary_entries.py`), or how it looks (`dictionary_page.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any

from expectations.cards.cells import DIMENSIONS
from expectations.cards.codes import SEEDS
from expectations.cards.dataset_card import DatasetCard, dataset_names, load_dataset
from expectations.cards.indicator_card import DerivedMeasure, IndicatorCard, indicators
from expectations.cards.law_articles import divide_references, message_of
from expectations.cards.series_breaks import read_breaks
from expectations.dictionary.dictionary_entries import (
    DictionaryEntry,
    EntryCode,
    EntryFact,
    EntryLink,
    EntryText,
    Piece,
    fact,
    sort_entries,
)
from ingestion.cards.headings import LANGUAGES, heading_of, sheet_of
from ingestion.cards.source_card import (
    FieldCard,
    TableCard,
    code_lists,
    load_codes,
    load_shape,
    load_source,
    shape_names,
)
from ingestion.cards.source_card import source_names as sources
from ingestion.home import Home
from ingestion.storage import parse_json
from languages.catalogue import SOURCE
from languages.words import Words

_WORDS_OF = {
    "sex": "sex", "age_group": "age", "form": "form", "article_group": "article", "citizenship_group": "citizenship",
    "governorate": "area", "region": "area",
}  # fmt: skip
_NO_CODES = ("population", "source_precedence", "caveat", "cust_breakdown")  # no list of codes, or described elsewhere
_LISTS_OF = {
    "sex": ["sex"], "age": ["age_group"], "form": ["form"], "article": ["article_group", "law_article"],
    "citizenship": ["citizenship_group"], "area": ["governorate", "region"],
}  # fmt: skip


def entries(home: Home) -> list[DictionaryEntry]:
    """Return the whole dictionary: indicators from dbt's manifest in a home, the rest from cards and seeds.

    Raises:
        Refusal: `file_missing` without a manifest; `card_invalid`.
    """
    known = indicators(home)
    nodes: dict[str, Any] = parse_json((home.dbt_target / "manifest.json").read_bytes())["nodes"]
    models = {node["name"]: node for node in nodes.values() if node.get("resource_type") == "model"}
    collected = [_indicator(card, models[card.model]) for card in known.values()]
    collected += [_dataset(load_dataset(name)) for name in dataset_names()]
    collected += [_source(name) for name in sources()]
    collected += [_shape(name) for name in shape_names()]
    collected += [*_dimensions(known), *_released_codes(), *_received_codes(), *_caveats(), *_units(known)]
    return sort_entries([*collected, *_articles(known), *_break_entries(known, invented=home.is_invented)])


def _indicator(card: IndicatorCard, node: Mapping[str, Any]) -> DictionaryEntry:
    key = card.code.lower().replace("-", "_")
    breakdown = EntryLink("released_codes", card.breakdown) if card.breakdown else None
    facts = [
        *fact("definition", EntryText(f"indicator.{key}.definition")),
        *fact("numerator", EntryText(f"indicator.{key}.numerator", english=card.numerator)),
        *fact("denominator", _denominator(card, key)),
        *fact("unit", EntryLink("unit", card.unit_measure)),
        *fact("basis", EntryText(f"dictionary.basis.{card.basis}")),
        *fact("level", EntryText(f"dictionary.level.{card.level}")),
        *fact("holders", *(_holder(name) for name in card.holders)),
        *fact("demand", *(EntryText(f"demand.{demand}") for demand in card.demand)),
        *fact("article", *(EntryLink("article", article) for article in divide_references(card.law_article))),
        *fact("analogue", *(analogue for analogue in divide_references(card.analogue) if analogue != "none")),
        *fact("dimensions", *(EntryLink("dimension", name) for name in card.dimensions)),
        *fact("breakdown", breakdown),
        *fact("caveats", *(EntryLink("caveat", name) for name in card.caveats)),
        *fact("datasets", *(EntryLink("dataset", name) for name in card.datasets)),
        *_relations(card),
        *(entry_fact for derived in card.derived for entry_fact in _derived_facts(derived)),
        *fact("model", card.model, *card.fact_names),
    ]
    return DictionaryEntry(
        "indicator", card.code, EntryText(f"indicator.{key}.title"), tuple(facts), sql=str(node["raw_code"])
    )


def _denominator(card: IndicatorCard, key: str) -> EntryText | None:
    if card.denominator in (None, "none"):
        return None
    return EntryText(f"indicator.{key}.denominator", english=card.denominator)


def _holder(name: str) -> Piece:
    return EntryLink("source", name) if name in sources() else EntryText(f"code.holder.{name}")


def _measure(name: str) -> tuple[Piece, ...]:
    code, _, measure = name.partition("/")
    return EntryLink("indicator", code), measure


def _relations(card: IndicatorCard) -> Iterator[EntryFact]:
    for link in card.relations:
        yield from fact("relation", link.measure, *_pairs(link.part), link.kind, *_measure(link.of), *_pairs(link.at))


def _derived_facts(entry: DerivedMeasure) -> Iterator[EntryFact]:
    operands = [piece for operand in entry.operands for piece in _measure(operand)]
    least = [f"minimum_base={entry.minimum_base}"] if entry.minimum_base else []
    yield from fact("derived", entry.measure, entry.method, *operands, *_pairs(entry.at), *least)


def _pairs(fields: Mapping[str, object]) -> list[str]:
    return [f"{name}={value}" for name, value in fields.items()]


def _dataset(card: DatasetCard) -> DictionaryEntry:
    tables = [piece for table in card.tables for piece in _table(table)]
    facts = [
        *fact("contact", EntryText(f"dataset.{card.name}.contact"), card.contact.email),
        *fact("licence", card.licence.name, card.licence.path),
        *fact("levels", *card.levels),
        *fact("tables", *tables),
        *(
            entry_fact
            for unit, protection in card.protection.items()
            for entry_fact in fact(
                "protection", EntryLink("unit", unit), protection.method, *_protection_pieces(protection.model_dump())
            )
        ),
        *fact("choice", EntryText(f"dataset.{card.name}.choice") if card.choice else None),
        *fact("merge", *(f"{name}: {a} → {b}" for name, codes in card.merge.items() for a, b in codes.items())),
        *fact("never", *(" × ".join(_pairs(entry)) for entry in card.never)),
        *fact("minimum_base", str(card.minimum_base)),
        *fact("columns", *card.columns),
    ]
    rules = tuple(EntryCode(check.id, EntryText(f"rule.{check.id}"), (check.severity,)) for check in card.checks)
    return DictionaryEntry("dataset", card.name, EntryText(f"dataset.{card.name}.title"), tuple(facts), rules)


def _table(table: list[str]) -> list[Piece]:
    """Return a table's dimensions; the first table, which has none, is the total."""
    crossed: list[Piece] = []
    for name in table:
        crossed += [*(["×"] if crossed else []), EntryLink("dimension", name)]
    return [*(crossed or [EntryText("page.total")]), ";"]


def _protection_pieces(protection: Mapping[str, Any]) -> list[Piece]:
    shown = ("base", "exact_from") if protection["method"] == "rounding" else ()
    return [*_pairs({name: protection[name] for name in shown if protection[name]}), *_texts(protection["reason"])]


def _texts(english: str | None) -> list[Piece]:
    """Return a text that a card has in English only; nothing for an empty one."""
    return [EntryText(english=english)] if english else []


def _source(name: str) -> DictionaryEntry:
    card = load_source(name)
    facts = [
        *fact("body", card.body_ar),
        *fact("kind", card.kind),
        *fact("languages", card.language),
        *fact("area", EntryText(f"code.area.{card.region}")),
        *fact("agreement", *_texts(card.agreement.reference), card.agreement.since.isoformat()),
        *fact("licence", *_texts(card.agreement.licence)),
        *fact("contact", *_texts(card.agreement.contact)),
        *fact("rhythm", card.rhythm.frequency, str(card.rhythm.first_period), card.rhythm.due),
        *(entry_fact for key, table in card.tables.items() for entry_fact in fact("table", key, *_columns(table))),
    ]
    return DictionaryEntry("source", name, EntryText(f"source.{name}.title"), tuple(facts))


def _columns(table: TableCard) -> list[Piece]:
    read = [f"{header} → {name}" for header, name in (*table.columns.items(), *table.also_as.items())]
    return [EntryLink("shape", table.shape), *read, *table.cells]


def _shape(name: str) -> DictionaryEntry:
    card = load_shape(name)
    fields = tuple(_field(name, field, known) for field, known in card.fields.items())
    facts = [*fact("unit", card.unit_of_count), *fact("key", *card.key)]
    title = EntryText(english=card.title, others={tag: sheet_of(name, tag) for tag in LANGUAGES})
    return DictionaryEntry("shape", name, title, tuple(facts), fields)


def _field(shape: str, name: str, card: FieldCard) -> EntryCode:
    known = [f"HTCDS: {card.htcds}" if card.htcds else "", f"IC-TIP: {card.ictip}" if card.ictip else ""]
    codes = EntryLink("received_codes", card.codes) if card.codes else None
    own = f"guideline.{shape}.{name}"
    guideline = EntryText(own if own in Words.load(SOURCE) else f"guideline.{name}") if card.guideline else None
    pieces = (card.type, "required" if card.required else None, codes, guideline, *known)
    headings = EntryText(english=name, others={tag: heading_of(shape, name, tag) for tag in LANGUAGES})
    return EntryCode(name, headings, tuple(piece for piece in pieces if piece))


def _dimensions(known: Mapping[str, IndicatorCard]) -> Iterator[DictionaryEntry]:
    own = sorted({card.breakdown for card in known.values() if card.breakdown})
    for name in (*DIMENSIONS, "area"):
        lists = own if name == "cust_breakdown" else _LISTS_OF.get(name, [])
        holders = [EntryLink("source", source) for source in sources()] if name == "holder" else []
        facts = (
            *fact("codes", *(EntryLink("released_codes", code_list) for code_list in lists)),
            *fact("holders", *holders),
        )
        yield DictionaryEntry("dimension", name, EntryText(f"page.dimension.{name}"), facts)


def _read_seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _released_codes() -> Iterator[DictionaryEntry]:
    """Yield the code lists of the warehouse: one seed each, and the lists of single indicators in one seed."""
    for name in sorted(path.stem for path in SEEDS.glob("*.csv")):
        if name not in _NO_CODES:
            yield DictionaryEntry("released_codes", name, None, _received_code_facts(name), tuple(_codes_of(name)))
    rows = _read_seed("cust_breakdown")
    for name in sorted({row["list"] for row in rows}):
        codes = (row["code"] for row in rows if row["list"] == name)
        entry_codes = tuple(EntryCode(code, EntryText(f"code.cust_breakdown.{code}")) for code in codes)
        yield DictionaryEntry("released_codes", name, None, _received_code_facts(name), entry_codes)


def _codes_of(name: str) -> Iterator[EntryCode]:
    for row in _read_seed(name):
        more = _pairs({column: value for column, value in row.items() if column not in ("code", "rank") and value})
        words = EntryText(f"code.{_WORDS_OF[name]}.{row.get('area_code', row['code'])}") if name in _WORDS_OF else None
        yield EntryCode(row["code"], words, tuple(more))


def _received_code_facts(name: str) -> tuple[EntryFact, ...]:
    """Link to the list of the same codes as received from senders, if there is one."""
    same = {"age_group": "", "exploitation_form": "exploitation", "citizenship_group": "citizenship"}.get(name, name)
    return tuple(fact("received", EntryLink("received_codes", same))) if same in code_lists() else ()


def _received_codes() -> Iterator[DictionaryEntry]:
    for name in code_lists():
        codes = tuple(EntryCode(code, None, tuple(words)) for code, words in load_codes(name).items())
        yield DictionaryEntry("received_codes", name, None, (), codes)


def _caveats() -> Iterator[DictionaryEntry]:
    for row in _read_seed("caveat"):
        code = row["code"]
        yield DictionaryEntry("caveat", code, None, tuple(fact("definition", EntryText(f"caveat.{code}"))))


def _break_entries(known: Mapping[str, IndicatorCard], *, invented: bool) -> Iterator[DictionaryEntry]:
    for series_break in read_breaks(invented=invented):
        touched = [code for code in known if any(series_break.touches(code, area) for area in series_break.areas)]
        facts = [
            *fact("kind", EntryText(f"break.kind.{series_break.kind}")),
            *fact("years", *dict.fromkeys(series_break.years)),
            *fact("area", *(EntryText(f"code.area.{area}") for area in series_break.areas)),
            *fact("indicators", *(EntryLink("indicator", code) for code in touched)),
        ]
        yield DictionaryEntry("break", series_break.code, EntryText(f"break.{series_break.code}"), tuple(facts))


def _units(known: Mapping[str, IndicatorCard]) -> Iterator[DictionaryEntry]:
    protected = {unit for name in dataset_names() for unit in load_dataset(name).protection}
    for unit in sorted(protected | {card.unit_measure for card in known.values()}):
        yield DictionaryEntry("unit", unit, EntryText(f"unit.{unit}"))


def _articles(known: Mapping[str, IndicatorCard]) -> Iterator[DictionaryEntry]:
    """Yield the articles that indicators name."""
    for name in sorted({law_article for card in known.values() for law_article in divide_references(card.law_article)}):
        said = message_of(name)
        title = EntryText(said[0], arguments=dict(said[1])) if said else None
        yield DictionaryEntry("article", name, title)
