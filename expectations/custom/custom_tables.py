"""Custom tables: answers to crosses that no release prints, with cell-key noise, audited and then published.

Belongs here: what may be asked, the figures of the answer, its audit together with everything published, and adding it
to the ledger. Does not belong here: the noise (`methods/disclosure/noise/cell_key.py`), how later audits include the
answer (`custom_table_history.py`, `revisions.py`), or the words of its note (`custom_notes.py`).

    custom_tables/<version>/               data.parquet, data.csv, notes in each language, manifest
    ledger/published/custom_tables/        the published answer; the line in the log publishes it, as for releases

An answer is counted from the base behind the last releases, not from today's: late cases of a frozen year are not
counted, so an answer never differs from a release because of them. A cell that a release prints is answered with its
released figure. Every other cell gets noise keyed by the series key and the persons in it: the same cell has the same
figure in every table, and a published cell keeps its figure while its count is unchanged. What was published cannot be
undone, so it is a row of every later audit.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from expectations.candidates import candidate, lineage
from expectations.cards import areas
from expectations.cards.cells import (
    COUNT_COLUMNS,
    DIMENSIONS,
    KEY,
    MEMBER_COLUMNS,
    PRINTED_COLUMNS,
    REPORTS,
    TOTAL,
    conf_status_of,
    csv_bytes,
    keys_of,
    measure_ids,
    parquet_bytes,
)
from expectations.cards.dataset_card import DatasetCard, load_dataset
from expectations.cards.note_languages import NoteLanguage, voices
from expectations.cards.release_scheme import Scheme
from expectations.custom import custom_notes
from expectations.custom.custom_limits import refuse_too_fine
from expectations.custom.custom_questions import CustomQuestion
from expectations.protection.constraint_systems import (
    CELL_KEY,
    AttackerKnowledge,
    BlockYear,
    PrintedCells,
    attack,
    block_years,
    blocks_of_years,
    positions,
)
from expectations.protection.custom_table_history import join_custom_tables
from expectations.protection.insider_knowledge import Contributions, insiders_of
from expectations.protection.protect_block import differing_vintages
from expectations.protection.revisions import ReleaseHistory
from expectations.published import ledger
from expectations.published.external import external_rows
from expectations.published.release_formats import FORMAT
from expectations.published.release_log import ReleaseLog
from expectations.published.rounding_key import check_value, series_key
from expectations.releases import release, release_listing
from ingestion.home import Home, sha256_of_bytes, write_folder
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal
from methods.disclosure.noise.cell_key import DEVIATION, FORBIDDEN, VARIANCE, cell_key, noise_table

METHOD = f"{CELL_KEY}_{DEVIATION}"
COLUMNS = (*COUNT_COLUMNS, "unit_measure", "obs_status", "conf_status", "disclosure_method", *REPORTS)
_EVERY_AREA = (areas.COUNTRY, *areas.REGIONS, *areas.all_leaves())
_LEVELS = ("country", "region", "governorate")


@dataclass(frozen=True)
class CustomTableAnswer:
    """A custom table that is published, or is about to be.

    Attributes:
        version: version of the answer, as the ledger names it.
        path: its folder.
        rows: `COLUMNS`; they may be shown only once the answer is published.
        cells: number of rows.
        noisy: number of rows with noise; the others are taken from the releases, or have no figure.
        told: what a reader must know of its sums.
        is_repeated: whether the very same answer was given before, so that nothing new was published.
        is_published: whether it is published.
    """

    version: str
    path: str
    cells: int
    noisy: int
    told: custom_notes.AdditivityGaps
    is_repeated: bool
    rows: pd.DataFrame = field(repr=False, default_factory=pd.DataFrame)
    is_published: bool = True


@dataclass(frozen=True)
class _CustomTableHouse:
    """What an answer is made from."""

    home: Home
    log: ReleaseLog
    scheme: Scheme
    card: DatasetCard
    history: ReleaseHistory
    released: pd.DataFrame
    versions: Mapping[str, str]
    key: bytes


def answer(
    home: Home,
    question: CustomQuestion,
    speakers: Sequence[NoteLanguage] | None = None,
    *,
    is_dry_run: bool = False,
) -> CustomTableAnswer:
    """Answer a question with a custom table, add it to the ledger and return it.

    Args:
        home: a data home with releases; the caller holds the lock.
        question: what is asked.
        speakers: the languages of the notes; by default all with a catalogue.
        is_dry_run: whether a new answer is only audited: nothing is written or published.

    Raises:
        Refusal: `table_unknown` for a word of the question that names nothing, with the nearest one;
            `table_not_released`; `table_no_persons` for an indicator that needs no protection; `table_full_cross`,
            `table_too_many_crossed`, `table_too_sparse` for a question that is too fine for the printed figures;
            `table_empty` if no figure is left to publish; `table_discloses` if the answer would disclose too much
            together with everything published (it names no cell); `table_two_bases` if the last releases were counted
            from different files.
    """
    house = _house(home, question.dataset, release.sweep(home))
    _check(house, question)
    answers = [_answer_block_year(house, block_year, question) for block_year in _block_years(house, question)]
    rows = pd.concat([rows for rows, _ in answers], ignore_index=True) if answers else pd.DataFrame(columns=[*COLUMNS])
    if not rows["obs_value"].notna().any():
        raise Refusal("table_empty", where=question.indicator)
    rows = rows.loc[:, list(COLUMNS)].sort_values(list(KEY), kind="stable").reset_index(drop=True)
    sums = custom_notes.sums_of(rows, [*question.by], [behind for _, behind in answers])
    tables = {"data.parquet": parquet_bytes(rows), "data.csv": csv_bytes(rows)}
    facts = custom_notes.CustomNoteFacts(
        card=house.card,
        indicator=question.indicator,
        by=question.by,
        areas=question.areas,
        years=question.years,
        where=question.where,
        versions=house.versions,
        is_invented=home.is_invented,
        noisy=int((rows["disclosure_method"] == METHOD).sum()),
        untold=int((rows["obs_status"] != "A").sum()),
        rows=len(rows),
        sums=sums,
    )
    notes = {f"notes.{speaker.tag}.md": custom_notes.write(facts, speaker).encode() for speaker in speakers or voices()}
    content = {**tables, **notes}
    version, manifest, is_repeated = _version(house, question, content)
    path = home.custom_tables / version
    made = CustomTableAnswer(version, str(path), len(rows), facts.noisy, sums, is_repeated, rows)
    if not is_repeated and is_dry_run:
        return replace(made, is_published=False)
    if not is_repeated:
        _publish(house, version, manifest, rows, pd.concat([behind for _, behind in answers]))
    if not path.exists():
        write_folder(path, {**content, "manifest.json": manifest})
    return made


def _house(home: Home, dataset: str, log: ReleaseLog) -> _CustomTableHouse:
    scheme = Scheme.read_scheme(home)
    if dataset not in scheme.datasets:
        load_dataset(dataset)  # refuses, with the nearest name
    latest = {name: release_listing.latest(home, name, log) for name in scheme.datasets}
    out = {name: record.version for name, record in latest.items() if record is not None}
    if dataset not in out:
        raise Refusal("table_not_released", where=dataset)
    frames = [ledger.read_last_cells(home, log.releases_of(name)) for name in out]
    released = pd.concat([frame for frame in frames if frame is not None], ignore_index=True)
    return _CustomTableHouse(
        home, log, scheme, scheme.datasets[dataset], ReleaseHistory(home), released, out, series_key(home)
    )


def _check(house: _CustomTableHouse, question: CustomQuestion) -> None:
    """Refuse words that name nothing, and an indicator whose figures are printed unprotected."""
    own = {code: card for code, card in house.scheme.indicators.items() if question.dataset in card.datasets}
    _refuse_unknown_word("INDICATOR", question.indicator, own)
    if not house.scheme.protection_of(question.indicator).protects:
        raise Refusal("table_no_persons", where=question.indicator)
    for name in [*question.by, *question.where]:
        _refuse_unknown_word("--by", name, own[question.indicator].dimensions)
    for area in question.areas:
        _refuse_unknown_word(
            "--area", area, [*house.card.levels, *(place for place in _EVERY_AREA if _is_shown(house.card, place))]
        )
    years = set(house.released.loc[house.released["indicator"] == question.indicator, "time_period"])
    for year in question.years:
        _refuse_unknown_word("--year", year, years)
    refuse_too_fine(question, own[question.indicator], house.released, house.scheme.merged)


def _is_shown(card: DatasetCard, area: str) -> bool:
    return areas.level_of(area) in card.levels


def _refuse_unknown_word(option: str, word: str, known: Mapping[str, Any] | Sequence[str] | set[str]) -> None:
    if word not in known:
        near = nearest_word_or_all(word, known)
        raise Refusal("table_unknown", where=word, option=option, nearest=near)


def _block_years(house: _CustomTableHouse, question: CustomQuestion) -> Iterator[BlockYear]:
    """Yield the block of the indicator in each year, as the last releases print it, over the base behind them."""
    last = [house.log.releases_of(name)[-1] for name in house.versions]
    sealed = pd.concat([ledger.sealed_of(house.home, entry) for entry in last])
    measures = [measure for measure in sorted(set(measure_ids(sealed))) if _is_protecting(house.scheme, measure)]
    bases: list[pd.DataFrame] = []
    for block, year in blocks_of_years(measures, sorted(set(question.years)), house.scheme):
        if _holds(block, question.indicator):
            bases += house.history.prior_releases(block, year).sealed[-1:]
    if bases:
        of_blocks = block_years(pd.concat(bases, ignore_index=True), house.released, house.scheme)
        own = (block_year for block_year in of_blocks if _holds(block_year.block, question.indicator))
        yield from (block_year.drop_uncovered_cells() for block_year in own)  # some cells wait without a base


def _holds(block: Sequence[str], indicator: str) -> bool:
    return any(measure.startswith(f"{indicator}/") for measure in block)


def _is_protecting(scheme: Scheme, measure: str) -> bool:
    indicator = measure.partition("/")[0]
    return indicator in scheme.indicators and scheme.protection_of(indicator).protects


def _answer_block_year(
    house: _CustomTableHouse, block_year: BlockYear, question: CustomQuestion
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the audited rows of one block and year, and the base behind them.

    Raises:
        Refusal: `table_discloses`, `table_two_bases`, `table_unknown` for a category.
    """
    rows = _true_cells(house, block_year, question)
    released = house.released.drop_duplicates(list(KEY), keep="last").reset_index(drop=True)
    place = positions(released, rows)
    printed = released.reindex(place).reset_index(drop=True)
    is_new = (place < 0) & (rows["obs_status"] == "A").to_numpy()
    noisy = _add_noise(house, block_year, rows[is_new])
    for column in ("obs_value", "obs_status", "disclosure_method"):
        rows[column] = np.where(place >= 0, printed[column], rows[column])
    rows.loc[is_new, "obs_value"] = noisy
    rows.loc[is_new, "disclosure_method"] = METHOD
    rows["obs_value"] = rows["obs_value"].astype(float)
    rows["conf_status"] = conf_status_of(rows["obs_status"])
    _audit(house, block_year, rows[is_new])
    return rows, block_year.base


def _true_cells(house: _CustomTableHouse, block_year: BlockYear, question: CustomQuestion) -> pd.DataFrame:
    """Return the true cells of the question: merged, without what is never released, missing if a total is."""
    scheme, indicator = house.scheme, house.scheme.indicators[question.indicator]
    own = block_year.base[block_year.base["indicator"] == question.indicator]
    crossed = [name for name in question.by if name not in question.where]
    subsets = [list(subset) for size in range(len(crossed) + 1) for subset in itertools.combinations(crossed, size)]
    levels = {area if area in _LEVELS else areas.level_of(area) for area in question.areas}
    card = house.card.model_copy(
        update={
            "levels": [level for level in _LEVELS if level in levels],
            "tables": [[*question.where, *subset] for subset in subsets],
            "merge": {name: dict(codes) for name, codes in scheme.merged.items()},
            "never": [dict(entry) for entry in scheme.never],
        }
    )
    counted = own.assign(obs_status="A", **dict.fromkeys(REPORTS, 0))
    cells = candidate.cells_of(card, [indicator], counted)
    for name, code in question.where.items():
        known = set(own[name].replace(scheme.merged.get(name, {})))
        _refuse_unknown_word("--where", code, known)
        cells = cells[cells[name] == code]
    at = cells["ref_area"].map(lambda area: area in question.areas or areas.level_of(str(area)) in question.areas)
    return _join_coverage(house, cells[at.astype(bool)].reset_index(drop=True))


def _join_coverage(house: _CustomTableHouse, cells: pd.DataFrame) -> pd.DataFrame:
    """Add coverage from the released total of each place: reports received, expected, and whether any are missing."""
    totals = house.released[(house.released[list(DIMENSIONS)] == TOTAL).all(axis=1)]
    of_place = keys_of(cells.assign(**dict.fromkeys(DIMENSIONS, TOTAL)))
    whole = totals.set_index(keys_of(totals))
    whole = whole[~whole.index.duplicated(keep="last")].reindex(of_place).reset_index(drop=True)
    is_missing = whole["obs_status"].isna() | (whole["obs_status"] == "O")
    return cells.assign(
        obs_value=cells["obs_value"].mask(is_missing),
        obs_status=cells["obs_status"].mask(is_missing, "O"),
        disclosure_method=cells["disclosure_method"].mask(is_missing, "NONE"),
        **{column: whole[column].fillna(0).astype(int) for column in REPORTS},
    )


def _add_noise(house: _CustomTableHouse, block_year: BlockYear, cells: pd.DataFrame) -> np.ndarray:
    """Return the figure of each cell: its count plus the noise that its facts and the series key give."""
    if cells.empty:
        return np.zeros(0)
    ids = sorted(set(measure_ids(cells)))
    behind = lineage.NewestRows(house.home).select_rows([(measure, block_year.year) for measure in ids])
    rows = pd.concat([pd.DataFrame(columns=[*MEMBER_COLUMNS]), *behind.values()])
    rows = rows.drop_duplicates([*MEMBER_COLUMNS])
    facts = rows.groupby(keys_of(rows))["member"]
    of_base = {str(key): sorted(map(str, members)) for key, members in facts}
    known = [of_base.get(key, []) for key in keys_of(block_year.base)]
    matrix = block_year.model_of(cells).matrix
    counts = np.asarray(matrix @ block_year.true_base)
    held = [
        [fact for column in matrix.indices[start:end] for fact in known[column]]
        for start, end in itertools.pairwise(matrix.indptr)
    ]
    if [len(cell_facts) for cell_facts in held] != counts.tolist():
        raise Refusal("table_two_bases", where=block_year.label)
    draws = np.array([cell_key(house.key, cell_facts) for cell_facts in held])
    drawn = counts + noise_table().change(counts, draws)
    return _repeat_published(house, block_year, cells, counts, drawn)


def _repeat_published(
    house: _CustomTableHouse, block_year: BlockYear, cells: pd.DataFrame, counts: np.ndarray, drawn: np.ndarray
) -> np.ndarray:
    """Keep the published figure of each cell whose count is unchanged: a second draw would narrow it.

    Cell keys were computed from facts once, and a fact may be renamed; the ledger holds what was published.
    """
    figures = drawn.astype(float)
    for behind, given in house.history.prior_releases(block_year.block, block_year.year).answers:
        before = behind.set_index(keys_of(behind))["obs_value"].reindex(keys_of(block_year.base)).fillna(0)
        same = np.asarray(block_year.model_of(cells).matrix @ before.to_numpy(dtype=float)) == counts
        place = positions(given, cells)
        published = given["obs_value"].to_numpy(dtype=float)[np.maximum(place, 0)]
        figures = np.where(same & (place >= 0), published, figures)
    return figures


def _audit(house: _CustomTableHouse, block_year: BlockYear, noisy: pd.DataFrame) -> None:
    """Refuse new figures that disclose too much together with everything published, earlier answers included."""
    if noisy.empty:
        return
    prior = house.history.prior_releases(block_year.block, block_year.year)
    figures = pd.concat([prior.answered_of(block_year.base), noisy[[*PRINTED_COLUMNS]]]).drop_duplicates(
        list(KEY), keep="last"
    )
    whole = join_custom_tables(block_year, figures)
    cells = whole.block_year.cells
    report = attack(
        whole.block_year,
        PrintedCells.read_frame(cells),
        AttackerKnowledge(
            differing_vintages(prior.vintages, cells),
            insiders_of(whole.block_year, Contributions(house.home).select_block_year(block_year)),
            whole.known_figures(external_rows(house.home)),
        ),
    )
    if not report.passed:
        raise Refusal("table_discloses", where=block_year.year)


class _AnswerVersion(NamedTuple):
    """Version and manifest of an answer, and whether the very same answer was given before."""

    version: str
    manifest: bytes
    is_repeated: bool


def _version(house: _CustomTableHouse, question: CustomQuestion, content: Mapping[str, bytes]) -> _AnswerVersion:
    lines = house.log.releases_of(ledger.CUSTOM)
    for entry in lines:
        manifest = _manifest(house, question, content, entry.sequence)
        if sha256_of_bytes(manifest) == entry.manifest_sha256:
            return _AnswerVersion(entry.version, manifest, is_repeated=True)
    manifest = _manifest(house, question, content, len(lines) + 1)
    version = f"{len(lines) + 1:06d}-{sha256_of_bytes(manifest)[:12]}"
    return _AnswerVersion(version, manifest, is_repeated=False)


def _manifest(house: _CustomTableHouse, question: CustomQuestion, content: Mapping[str, bytes], sequence: int) -> bytes:
    """Describe the answer: enough for anybody to include it in an audit, and nothing secret."""
    described = {
        "format": FORMAT,
        "kind": "custom_table",
        "dataset": ledger.CUSTOM,
        "sequence": sequence,
        "question": asdict(question),
        "as_of": dict(house.versions),
        "method": {"name": METHOD, "deviation": DEVIATION, "variance": VARIANCE, "forbidden": list(FORBIDDEN)},
        "invented": house.home.is_invented,
        "files": {name: sha256_of_bytes(data) for name, data in content.items()},
    }
    return (json.dumps(described, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")


def _publish(house: _CustomTableHouse, version: str, manifest: bytes, rows: pd.DataFrame, behind: pd.DataFrame) -> None:
    """Write the ledger's files, then the line that makes the answer published."""
    cells_sha256, sealed_sha256 = ledger.store(house.home, ledger.CUSTOM, version, rows, behind)
    hashes = {
        "manifest_sha256": sha256_of_bytes(manifest),
        "cells_sha256": cells_sha256,
        "sealed_sha256": sealed_sha256,
        "lineage_sha256": "",
        "key_check": check_value(house.key),
    }
    ledger.append(house.home, ledger.next_entry(house.home, ledger.CUSTOM, version, **hashes))
