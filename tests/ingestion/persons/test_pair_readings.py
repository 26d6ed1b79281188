"""Sampled pairs: drawn by a key, shown in codes, read twice, settled where readings differ, void when a row changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingestion.home import Home
from ingestion.persons import (
    home_recall,
    link_store,
    linkage_recall,
    linking,
    pair_readings,
    pair_sheets,
    sampled_pairs,
)
from ingestion.persons.linkage_recall import LinkageRecall
from ingestion.persons.pair_readings import DIFFERENT, FIRST, OPEN, SAME, SECOND, SETTLED, UNSURE, ShownPair
from ingestion.submissions import decisions
from languages.refusal import Refusal
from methods.linkage import clerical_sample
from methods.linkage.record_links import HeldBackPairs
from tests.ingestion.persons.test_linking import call, codes, invented_home, land, victim

SIGNED = {"signed_by": "statistics section", "reason": "both files were read"}
TOKENS = LinkageRecall(HeldBackPairs(250, 250, 0), HeldBackPairs(0, 0, 0), 1.0, "m", ("victims",), 2024)


@pytest.fixture(scope="module")
def linked_once(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("sampled")
    home = invented_home(folder / "home")
    linking.run(home, [codes(folder, "police", 0), codes(folder, "agency", 1)])
    return home


@pytest.fixture
def home(linked_once: Home, tmp_path: Path) -> Home:
    shutil.copytree(linked_once.root, tmp_path / "home")
    return Home.at(tmp_path / "home")


@pytest.fixture
def enough(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """As many pairs are enough as this small home has, and tokens bound the far ones."""
    monkeypatch.setattr(clerical_sample, "LEAST_READ", len(pair_readings.shown_pairs(home)))
    linkage_recall.write(home, TOKENS)
    return home


def truth(one: ShownPair) -> str:
    """Police and agency know the same persons, whose rows are in the same order."""
    row = next(member for member in (one.pair.left, one.pair.right) if "/" in member)
    token = next(member for member in (one.pair.left, one.pair.right) if "/" not in member)
    return SAME if int(row.rpartition("/")[2]) - 2 == int(token.partition(":")[2], 16) else DIFFERENT


def read(home: Home, turn: str, **other: str) -> None:
    answers = {one.pair.item: truth(one) for one in pair_readings.shown_pairs(home)}
    pair_readings.record(home, answers | other, turn=turn, **SIGNED)


def one_that_is(home: Home, answer: str) -> ShownPair:
    return next(one for one in pair_readings.shown_pairs(home) if truth(one) == answer and one.pair.stratum > 0)


def lower(home: Home) -> float | None:
    found = pair_readings.measure_readings(home)
    assert found is not None
    return found.recall.lower


def test_a_run_draws_pairs_of_every_stratum_and_the_next_run_the_same(home: Home, tmp_path: Path):
    sample = sampled_pairs.read_sample(home)
    assert sample is not None
    assert sum(sample.strata) == 24 * 24
    drawn = [sum(one.stratum == stratum for one in sample.pairs) for stratum in range(len(sample.strata))]
    assert drawn == clerical_sample.sizes(sample.strata)
    before = (home.links / "sample.json").read_bytes()
    linking.run(home, [codes(tmp_path, "police", 0), codes(tmp_path, "agency", 1)])
    assert (home.links / "sample.json").read_bytes() == before
    (home.links / "sample.json").write_bytes(before + b" ")
    with pytest.raises(Refusal, match="seal_broken"):
        pair_readings.shown_pairs(home)


def test_a_sheet_shows_codes_and_no_token_name_or_probability(home: Home, tmp_path: Path):
    path = tmp_path / "first.csv"
    pair_sheets.write(path, pair_readings.shown_pairs(home), FIRST)
    text = path.read_text(encoding="utf-8-sig")
    assert text.startswith("item,holder,kinds,birth_year,") and "1980 · 19" in text
    assert "k1:" not in text and "/my_list/" not in text and "0." not in text
    assert path.stat().st_mode & 0o077 == 0
    assert pair_sheets.read_answers(path) == {}


def test_answers_of_a_sheet_come_back_and_a_broken_sheet_is_refused(home: Home, tmp_path: Path):
    path = tmp_path / "first.csv"
    shown = pair_readings.shown_pairs(home)
    pair_sheets.write(path, shown, FIRST)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([lines[0], lines[1] + " Same", *lines[2:]]), encoding="utf-8")
    assert pair_sheets.read_answers(path) == {shown[0].pair.item: SAME}
    path.write_text("\n".join([lines[0], lines[1] + "same", lines[1] + "different"]), encoding="utf-8")
    with pytest.raises(Refusal, match="pairs_unreadable"):
        pair_sheets.read_answers(path)
    path.write_bytes(b"\xff\xfe\x00no sheet")
    with pytest.raises(Refusal, match="pairs_unreadable"):
        pair_sheets.read_answers(path)


def test_one_reading_alone_measures_nothing_and_two_do(enough: Home):
    read(enough, FIRST)
    assert lower(enough) is None
    read(enough, SECOND)
    found = pair_readings.measure_readings(enough)
    assert found is not None
    assert (found.agreed, found.kappa, found.signers) == (1.0, 1.0, 1)
    assert found.recall.lower is not None and found.recall.lower > 0.9
    assert found.twice == found.pairs


def test_one_pair_fewer_than_are_needed_measures_nothing(enough: Home):
    read(enough, FIRST)
    read(enough, SECOND)
    assert lower(enough) is not None
    taken_back = one_that_is(enough, SAME).pair
    pair_readings.record(enough, {taken_back.item: OPEN}, turn=SECOND, **SIGNED)
    assert lower(enough) is None
    assert [one.pair for one in pair_readings.shown_pairs(enough) if one.waits(SECOND)] == [taken_back]


def test_a_pair_on_which_two_readings_differ_waits_for_a_third_and_counts_for_nobody_until_then(enough: Home):
    one = one_that_is(enough, SAME)
    read(enough, FIRST)
    read(enough, SECOND, **{one.pair.item: DIFFERENT})
    (waiting,) = [one for one in pair_readings.shown_pairs(enough) if one.waits(SETTLED)]
    assert (waiting.pair, waiting.answer) == (one.pair, OPEN)
    assert lower(enough) is None
    pair_readings.record(enough, {one.pair.item: SAME}, turn=SETTLED, **SIGNED)
    assert lower(enough) is not None
    assert not [one for one in pair_readings.shown_pairs(enough) if one.waits(SETTLED)]


def test_a_pair_that_is_not_linked_and_that_nobody_can_tell_counts_as_missed(
    enough: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(clerical_sample, "LEAST_READ", 1)
    read(enough, FIRST)
    read(enough, SECOND)
    before, one = lower(enough), one_that_is(enough, SAME)
    link_store.decide(enough, link_store.item_of(one.pair.left, one.pair.right), value="different", **SIGNED)
    missed = lower(enough)
    for turn in (FIRST, SECOND):
        pair_readings.record(enough, {one.pair.item: UNSURE}, turn=turn, **SIGNED)
    assert before is not None and missed is not None and missed < before
    assert lower(enough) == pytest.approx(missed)


def test_two_readers_who_are_both_unsure_have_not_answered(home: Home):
    one = one_that_is(home, SAME)
    for turn in (FIRST, SECOND):
        pair_readings.record(home, {one.pair.item: UNSURE}, turn=turn, **SIGNED)
    (waiting,) = [other for other in pair_readings.shown_pairs(home) if other.waits(SETTLED)]
    assert waiting.pair == one.pair and waiting.answer == OPEN


def test_a_third_answer_alone_says_nothing(home: Home):
    one = one_that_is(home, SAME)
    pair_readings.record(home, {one.pair.item: SAME}, turn=SETTLED, **SIGNED)
    assert next(other for other in pair_readings.shown_pairs(home) if other.pair == one.pair).answer == OPEN


def test_a_changed_record_has_to_be_read_again(home: Home):
    for turn in (FIRST, SECOND):
        read(home, turn)
    assert not [one for one in pair_readings.shown_pairs(home) if one.waits(FIRST)]
    rows = [victim(place, **({"sex_code": "M"} if place == 0 else {})) for place in range(24)]
    land(home, "agency", "victims", rows)
    waiting = [one for one in pair_readings.shown_pairs(home) if one.waits(FIRST)]
    assert waiting and all("agency/000006-a/my_list/2" in (one.pair.left, one.pair.right) for one in waiting)
    land(home, "agency", "victims", [victim(place) for place in range(24)])
    assert not [one for one in pair_readings.shown_pairs(home) if one.waits(FIRST)], "the answers are still there"


def test_a_withdrawn_file_takes_its_pairs_out_of_the_sample(home: Home):
    call(home, [("police", "victims"), ("agency", "victims")], gone="agency")
    assert pair_readings.shown_pairs(home) == []


def test_answers_stand_in_the_chain_of_decisions_and_the_same_ones_are_not_written_twice(home: Home):
    read(home, FIRST)
    lines = len(decisions.read_decisions(home))
    assert lines == len(pair_readings.shown_pairs(home))
    read(home, FIRST)
    assert len(decisions.read_decisions(home)) == lines
    assert link_store.read_decided(home) == {}, "a reading decides no link"


@pytest.mark.parametrize(
    ("answers", "turn", "code"),
    [
        ({"nothing": SAME}, FIRST, "pair_unknown"),
        ({"": "perhaps"}, FIRST, "decision_unfit"),
        ({}, "third", "decision_unfit"),
    ],
)
def test_what_cannot_be_kept_says_so(home: Home, answers: dict[str, str], turn: str, code: str):
    item = pair_readings.shown_pairs(home)[0].pair.item
    with pytest.raises(Refusal, match=code):
        pair_readings.record(home, {name or item: said for name, said in answers.items()}, turn=turn, **SIGNED)


def test_a_home_that_drew_no_pairs_says_so(tmp_path: Path):
    home = invented_home(tmp_path / "home")
    with pytest.raises(Refusal, match="sample_missing"):
        pair_readings.shown_pairs(home)
    assert pair_readings.measure_readings(home) is None and home_recall.read_recall(home) is None


def test_pairs_that_were_read_stand_before_tokens_whatever_they_say(enough: Home):
    assert home_recall.read_recall(enough) == home_recall.HomeRecall(TOKENS.lower, None, ("victims",), 2024)
    read(enough, FIRST)
    read(enough, SECOND)
    found = home_recall.read_recall(enough)
    assert found is not None
    assert (found.lower, found.agreed, found.shapes, found.since) == (lower(enough), 1.0, ("victims",), 2024)
    assert found.lower != TOKENS.lower
    assert found.covers("victims") and not found.covers("services")


def test_a_link_that_somebody_parts_counts_as_missed(enough: Home):
    read(enough, FIRST)
    read(enough, SECOND)
    before = lower(enough)
    one = one_that_is(enough, SAME)
    link_store.decide(enough, link_store.item_of(one.pair.left, one.pair.right), value="different", **SIGNED)
    after = lower(enough)
    assert before is not None and after is not None and after < before
