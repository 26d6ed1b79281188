"""Custom tables: the same answer to the same question, audited with all that is out, and known to every later gate."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from expectations.cards.cells import KEY, find_matches, keys_of, read_parquet
from expectations.custom import custom_tables
from expectations.custom.custom_questions import CustomQuestion
from expectations.custom.custom_tables import METHOD
from expectations.gate import disclosure_audit, verdicts
from expectations.protection import protect_block, protect_datasets
from expectations.protection.constraint_systems import BlockYear, PrintedCells, attack
from expectations.protection.revisions import ReleaseHistory
from expectations.published import ledger
from expectations.releases import release
from ingestion import chain_heads
from ingestion.home import Home
from languages.refusal import Refusal
from marsad.command import app
from methods.disclosure.auditing.audit import AuditReport
from methods.disclosure.noise.cell_key import RANGE, record_key
from samples.invented_people import PREPARER
from tests import signing
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
PREPARED = ("--as", PREPARER, "--reason", "a ministry asks")
VOICES = [toy_home.plain_voice(tag) for tag in ("en", "ar", "ckb")]
# what a home told of CROSS whose keys of cells were made of facts
TOLD_BEFORE = {
    ("F", "Y0T17"): 12, ("F", "Y_GE18"): 16, ("F", "_T"): 26, ("M", "Y0T17"): 10, ("M", "Y_GE18"): 17,
    ("M", "_T"): 26, ("_T", "Y0T17"): 20, ("_T", "Y_GE18"): 35,
}  # fmt: skip
CROSS = CustomQuestion(GOVERNORATE, "PRT-01", ("sex", "age"), ("IQG08",), ("2024",), {"form": "BEGGING"})


def _answer(home: Home, question: CustomQuestion = CROSS) -> tuple[custom_tables.CustomTableAnswer, pd.DataFrame]:
    found = custom_tables.answer(home, question, VOICES)
    return found, read_parquet((Path(found.path) / "data.parquet").read_bytes())


def _refused(home: Home, question: CustomQuestion) -> Refusal:
    with pytest.raises(Refusal) as refused:
        custom_tables.answer(home, question, VOICES)
    return refused.value


def _where(question: CustomQuestion, **changed: Any) -> CustomQuestion:  # noqa: ANN401 - fields of a question
    return replace(question, **changed)


def _no_slack(values: np.ndarray, _deviation: int) -> tuple[np.ndarray, np.ndarray]:
    """An attacker who takes a noisy figure for the true one."""
    return values, values


@pytest.fixture(scope="module", autouse=True)
def no_limits() -> Iterator[None]:
    """Lift what may not be asked, which has tests of its own: finer answers of earlier years are out and stay so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(custom_tables, "refuse_too_fine", lambda *_: None)
        yield


@pytest.fixture(scope="module")
def _asked(no_limits: None, tmp_path_factory: pytest.TempPathFactory, toy_released: Path) -> Home:
    home = Home(tmp_path_factory.mktemp("asked") / "home")
    shutil.copytree(toy_released, home.root)
    _answer(home)
    return home


@pytest.fixture
def asked(_asked: Home, tmp_path: Path) -> Home:
    shutil.copytree(_asked.root, tmp_path / "asked")
    return Home(tmp_path / "asked")


def test_a_figure_that_a_release_prints_is_given_as_it_stands_there_and_every_other_carries_noise(asked: Home):
    _, rows = _answer(asked)
    released = pd.concat(
        [ledger.read_last_cells(asked, ledger.entries(asked, name)) for name in (NATIONAL, GOVERNORATE)]
    )
    printed = keys_of(rows).isin(keys_of(released))
    assert 0 < printed.sum() < len(rows)
    assert set(rows.loc[~printed, "disclosure_method"]) == {METHOD}
    same = released.set_index(keys_of(released))["obs_value"].reindex(keys_of(rows[printed]))
    assert same.tolist() == rows.loc[printed, "obs_value"].tolist()


def test_noise_is_never_more_than_its_name_says_and_never_looks_like_one_or_two_persons(asked: Home):
    _, rows = _answer(asked)
    sealed = ledger.sealed_of(asked, ledger.entries(asked, GOVERNORATE)[-1])
    noisy = rows[rows["disclosure_method"] == METHOD]
    for row in noisy.to_dict("records"):
        told = {name: row[name] for name in KEY if row[name] != "_T"}
        true = float(sealed.loc[find_matches(sealed, told), "obs_value"].sum())
        assert abs(row["obs_value"] - true) <= 5
        assert row["obs_value"] not in (1, 2)


def test_the_same_question_has_the_same_answer_and_is_published_once(asked: Home):
    lines = len(ledger.entries(asked))
    first, rows = _answer(asked)
    again, other = _answer(asked)
    assert again.is_repeated
    assert again.version == first.version
    assert rows.equals(other)
    assert len(ledger.entries(asked)) == lines


def test_a_cell_has_one_figure_in_two_tables(asked: Home):
    _, rows = _answer(asked)
    _, other = _answer(asked, _where(CROSS, by=("age",), areas=("governorate",)))
    both = rows.merge(other, on=list(KEY))
    assert (both["disclosure_method_x"] == METHOD).any()
    assert (both["obs_value_x"] == both["obs_value_y"]).all()


def test_the_note_tells_how_far_the_sums_are_off(asked: Home):
    found, rows = _answer(asked)
    parts = rows[(rows["sex"] != "_T") & (rows["age"] == "_T")]["obs_value"].sum()
    total = rows[(rows["sex"] == "_T") & (rows["age"] == "_T")]["obs_value"].iloc[0]
    sums = found.told
    assert sums.asked == 6
    assert sums.greatest >= abs(total - parts)
    assert (sums.off > 0) == (sums.greatest > 0)
    for tag in ("en", "ar", "ckb"):
        note = (Path(found.path) / f"notes.{tag}.md").read_text(encoding="utf-8")
        assert f"custom.done.sums sums={sums.asked} off={sums.off} greatest={sums.greatest}" in note


def test_what_is_on_a_never_list_is_not_told(released: Home):
    _, rows = _answer(released, _where(CROSS, by=("sex", "form", "age"), areas=("IQG08",), where={}))
    assert rows[(rows["sex"] == "M") & (rows["form"] == "SEXUAL")].empty
    assert len(rows[(rows["sex"] == "F") & (rows["form"] == "SEXUAL")])


def test_categories_are_merged_as_in_the_releases(released: Home):
    refused = _refused(released, CustomQuestion(GOVERNORATE, "PRS-07", (), ("IQG08",), ("2024",), {"article": "A8"}))
    assert (refused.code, refused.arguments["option"]) == ("table_unknown", "--where")
    _, rows = _answer(released, CustomQuestion(GOVERNORATE, "PRS-07", (), ("IQG08",), ("2024",), {"article": "A6_A8"}))
    assert len(rows) == 1


def test_a_silent_place_has_no_figure_and_a_table_of_it_alone_is_refused(released: Home):
    assert _refused(released, _where(CROSS, areas=("IQG06",))).code == "table_empty"


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({"indicator": "PRT-99"}, "INDICATOR"),
        ({"by": ("seks",)}, "--by"),
        ({"areas": ("IQ-FED",)}, "--area"),
        ({"years": ("1999",)}, "--year"),
        ({"where": {"form": "BEGGARY"}}, "--where"),
    ],
)
def test_a_word_that_names_nothing_is_told_the_nearest(released: Home, changed: dict[str, Any], option: str):
    refused = _refused(released, _where(CROSS, **changed))
    assert (refused.code, refused.arguments["option"]) == ("table_unknown", option)
    assert refused.arguments["nearest"] != "-"


def test_figures_that_count_no_persons_are_not_answered_with_noise(released: Home):
    question = CustomQuestion(NATIONAL, "PAR-07", ("holder",), ("IQ-FED",), ("2024",))
    assert _refused(released, question).code == "table_no_persons"


def test_nothing_is_answered_before_the_first_release(protected: Home):
    assert _refused(protected, CROSS).code == "table_not_released"


def test_an_answer_that_tells_too_much_is_refused_without_naming_a_cell_and_nothing_is_published(
    released: Home, monkeypatch: pytest.MonkeyPatch
):
    """With a noise of nothing the true counts would go out: the audit, which believes the method, reads no slack."""
    monkeypatch.setattr("methods.disclosure.auditing.audit.origins", _no_slack)
    before = ledger.head(released)
    refused = _refused(released, _where(CROSS, areas=("IQG02",)))
    assert refused.code == "table_discloses"
    assert (refused.where, dict(refused.arguments)) == ("2024", {})
    assert ledger.head(released) == before
    assert not list(released.custom_tables.iterdir())


def test_protection_and_gate_know_what_was_answered(asked: Home, monkeypatch: pytest.MonkeyPatch):
    told: list[set[str]] = []

    def listening(block_year: BlockYear, printed: PrintedCells, *others: object, **limits: object) -> AuditReport:
        told.append(set(printed.methods))
        return attack(block_year, printed, *others, **limits)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(disclosure_audit, "attack", listening)
    monkeypatch.setattr(protect_block, "attack", listening)
    toy_home.build(asked)
    assert verdicts.examine(asked, GOVERNORATE).passed
    assert any(METHOD in methods for methods in told)


def test_the_audit_is_red_with_the_answer_and_green_without_it(asked: Home, monkeypatch: pytest.MonkeyPatch):
    """A true small count behind an answer, read without slack: only a gate that has the row can see it."""
    monkeypatch.setattr("methods.disclosure.auditing.audit.origins", _no_slack)
    entry = ledger.entries(asked, ledger.CUSTOM)[-1]
    toy_home.build(asked)
    red = verdicts.examine(asked, GOVERNORATE)
    assert "disclosure_audit" in {rule.id for rule in red.broken}
    known = ReleaseHistory(asked)
    log = asked.ledger / "log.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    assert entry.order == len(lines)
    log.write_text("".join(lines[:-1]), encoding="utf-8")
    chain_heads.keep_head(ledger.head_path(asked), len(lines) - 1, entry.previous)  # as if nothing had been asked
    assert verdicts.examine(asked, GOVERNORATE).passed
    assert ReleaseHistory(asked).prior_releases(("PRT-01/COUNT", "PRT-03/NUMERATOR"), "2024").answers == []
    assert len(known.prior_releases(("PRT-01/COUNT", "PRT-03/NUMERATOR"), "2024").answers) == 1


@pytest.mark.parametrize("room", ["published", "sealed"])
def test_an_answer_that_is_gone_from_the_ledger_stops_the_gate(asked: Home, room: str):
    entry = ledger.entries(asked, ledger.CUSTOM)[-1]
    path = asked.ledger / room / ledger.CUSTOM / f"{entry.version}.parquet"
    path.unlink()
    with pytest.raises(Refusal) as refused:
        verdicts.examine(asked, GOVERNORATE)
    assert refused.value.code == "file_missing"


def test_an_answer_of_a_year_that_was_revised_since_is_a_figure_of_the_earlier_vintage(asked: Home):
    country = toy_home.Country()
    country.add(30, year="2024", sex="F", age="Y_GE18", form="BEGGING")
    toy_home.build(asked, country)
    block = ("PRT-01/COUNT", "PRT-03/NUMERATOR")
    prior = ReleaseHistory(asked).prior_releases(block, "2024")
    pending = protect_datasets.pending_base(asked)
    now = pending[pending["indicator"].isin(["PRT-01", "PRT-03"]) & (pending["time_period"] == "2024")]
    assert prior.answered_of(now).empty
    assert any((one["disclosure_method"] == METHOD).any() for one in prior.vintages)
    toy_home.publish(asked)
    _, rows = _answer(asked)
    assert (rows["disclosure_method"] == METHOD).any()


def test_an_answer_is_never_taken_for_what_a_release_printed(asked: Home):
    prior = ReleaseHistory(asked).prior_releases(("PRT-01/COUNT", "PRT-03/NUMERATOR"), "2024")
    assert METHOD not in set(prior.printed["disclosure_method"])
    toy_home.build(asked)
    assert {one.state for one in protect_datasets.last_report(asked).outcomes} == {"unchanged"}


def test_a_verdict_made_before_the_answer_releases_nothing(released: Home):
    toy_home.build(released, toy_home.Country(reporting=3, expected=3))
    assert verdicts.examine(released, GOVERNORATE).passed
    _answer(released)
    with pytest.raises(Refusal) as refused:
        release.publish(released, GOVERNORATE, VOICES)
    assert refused.value.code == "verdict_stale"
    assert verdicts.examine(released, GOVERNORATE).passed
    record = release.publish(released, GOVERNORATE, VOICES)
    assert record is not None
    certificate = (record.path / "certificate.en.md").read_text(encoding="utf-8")
    assert "certificate.examined.custom tables=1" in certificate
    named = json.loads((record.path / "manifest.json").read_bytes())["earlier"]
    assert [one["dataset"] for one in named].count(ledger.CUSTOM) == 1


def test_what_a_killed_answer_left_is_finished_or_swept(asked: Home):
    found, _ = _answer(asked)
    shutil.rmtree(found.path)
    again, _ = _answer(asked)
    assert (again.version, again.is_repeated) == (found.version, True)
    ledger.store(asked, ledger.CUSTOM, "000002-0123456789ab", pd.DataFrame(columns=[*KEY]), _nothing())
    release.sweep(asked)
    assert len(list((asked.ledger / "published" / ledger.CUSTOM).iterdir())) == 1


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in ledger.SEALED_COLUMNS})


def test_a_table_that_would_prove_what_must_not_leave_is_refused(released: Home, change_cards: Callable[..., None]):
    """Boys in forced labour must not leave: told beside all and adult men, even with noise, they could be had."""
    never = [{"sex": "M", "form": "SEXUAL"}, {"article": "A8"}]
    boys = {"sex": "M", "age": "Y0T17", "form": "FORCED_LABOUR"}
    change_cards(GOVERNORATE, never=[*never, boys])
    labour = {"form": "FORCED_LABOUR"}
    refused = _refused(released, _where(CROSS, where=labour))
    assert (refused.code, refused.where, dict(refused.arguments)) == ("table_discloses", "2024", {})
    assert not ledger.entries(released, ledger.CUSTOM)
    _, rows = _answer(released, _where(CROSS, by=("age",), where=labour))
    assert len(rows) == 3


def _every_byte(home: Home) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(home.root.rglob("*")) if path.is_file()}


def test_an_answer_of_a_dry_run_is_not_published_and_leaves_nothing(asked: Home) -> None:
    before = _every_byte(asked)
    answer = custom_tables.answer(asked, _where(CROSS, by=("age",)), VOICES, is_dry_run=True)
    assert (answer.is_published, answer.cells) == (False, len(answer.rows))
    assert _every_byte(asked) == before
    assert "obs_value" not in repr(answer)  # its figures are out only when it is


@pytest.mark.parametrize("words", [["--dry-run"], ["--dry-run", *PREPARED], ["--dry-run", "--json"]])
def test_a_dry_run_tells_the_size_of_an_answer_and_no_figure(asked: Home, words: list[str]) -> None:
    code, out = _table(asked, *words)
    assert code == 0 and not len(ledger.entries(asked, ledger.CUSTOM)) > 1
    told = json.loads(out) if "--json" in words else {}
    assert told.get("figures", []) == [] and told.get("act", "") == ""
    assert "Not published" in out or told


def test_an_answer_is_printed_once_it_is_published(asked: Home) -> None:
    signing.found(asked)
    code, out = _table(asked, *PREPARED, "--json")
    told = json.loads(out)
    assert (code, told["figures"], Path(told["path"]).exists()) == (0, [], False)  # it awaits the signatures of two
    signing.sign_act(asked, asked.acts / told["act"])
    published = read_parquet((Path(told["path"]) / "data.parquet").read_bytes())
    code, out = _table(asked, *PREPARED, "--json")
    again = json.loads(out)
    assert code == 0 and again["repeated"] and again["act"] == ""
    assert len(again["figures"]) == told["cells"] == len(published)
    assert [figure["obs_value"] for figure in again["figures"]] == [
        None if np.isnan(value) else value for value in published["obs_value"]
    ]
    shown = _table(asked, *PREPARED)[1]
    assert "ROUNDED" in shown or METHOD in shown


def _table(home: Home, *words: str) -> tuple[int, str]:
    line = ["custom-table", "PRT-01", "--dataset", GOVERNORATE, "--area", "IQG08", "--year", "2024", "--by", "age"]
    result = CliRunner().invoke(
        app, [*line, "--where", "form=BEGGING", "--language", "en", *words], env={"MARSAD_HOME": str(home.root)}
    )
    return result.exit_code, result.stdout


def _noisy_figures(rows: pd.DataFrame) -> dict[tuple[str, str], float]:
    noisy = rows[rows["disclosure_method"] == METHOD]
    return dict(zip(zip(noisy["sex"], noisy["age"], strict=True), noisy["obs_value"], strict=True))


def _key_of_facts(key: bytes, facts: Iterable[str]) -> float:
    """The key of a cell as it was made until a person's case could change: from the facts, case and all."""
    return (sum(record_key(key, fact) for fact in facts) % RANGE) / RANGE


def test_what_was_told_before_keys_were_made_of_persons_is_told_again(
    released: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(custom_tables, "cell_key", _key_of_facts)
        first, rows = _answer(released)
    assert _noisy_figures(rows) == TOLD_BEFORE
    again, repeated = _answer(released)
    assert again.version == first.version
    assert _noisy_figures(repeated) == TOLD_BEFORE
    _, other = _answer(released, _where(CROSS, by=("age",), areas=("governorate",)))
    baghdad = other[other["ref_area"] == "IQG08"]
    assert _noisy_figures(baghdad) == {place: told for place, told in TOLD_BEFORE.items() if place[0] == "_T"}


@pytest.mark.whole_home
def test_a_person_whose_case_becomes_known_later_changes_no_figure(empty_home: Home) -> None:
    toy_home.publish(toy_home.build(empty_home, toy_home.Country(case="-")))
    fresh = Home(empty_home.root.parent / "fresh")
    shutil.copytree(empty_home.root, fresh.root)
    _, before = _answer(empty_home)
    for home in (empty_home, fresh):  # the second one was never asked before: only the keys hold its figures
        toy_home.build(home, toy_home.Country(reporting=3, expected=3))
        assert {one.state for one in protect_datasets.last_report(home).outcomes} == {"unchanged"}
        assert all(toy_home.publish(home))
    for home in (empty_home, fresh):
        _, after = _answer(home)
        assert _noisy_figures(after) == _noisy_figures(before)


def test_persons_who_were_counted_twice_until_a_later_file_leave_the_year_held(released: Home) -> None:
    known = toy_home.Country()
    known.add(-3, year="2024", sex="F", age="Y_GE18", form="BEGGING")
    toy_home.build(released, known)
    states = {(one.block[0], one.year): one.state for one in protect_datasets.last_report(released).outcomes}
    assert states["PRT-01/COUNT", "2024"] == "frozen"
    assert states["PRT-01/COUNT", "2023"] == "unchanged"
