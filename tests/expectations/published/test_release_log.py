"""What is out is read once by a command and passed on: each log, each verdict, the list of waivers."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from unittest.mock import Mock

import pytest

from assets import building
from expectations.gate import verdicts
from expectations.releases import release
from ingestion.home import Home
from languages.words import Words
from marsad.commands import build_command
from tests.expectations import toy_home

NATIONAL, GOVERNORATE, LOG = "four_ps_national", "four_ps_governorate", "ledger/log.jsonl"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """What every opening of a file goes through."""
    opening = Mock(wraps=io.open)
    monkeypatch.setattr(io, "open", opening)
    return opening


def _count(opened: Mock, *names: str) -> dict[str, int]:
    """How often each file was opened, by the last two parts of its path."""
    found = Counter("/".join(Path(str(call.args[0])).parts[-2:]) for call in opened.call_args_list)
    return {name: found[name] for name in names}


def test_the_end_of_a_build_reads_logs_and_verdicts_once(released: Home, opened: Mock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(building, "build", lambda *_, **__: building.BuildReport(("gates",), [], {}))
    assert build_command.build(released, Words.load("en"), print, dry_run=True, as_json=True)
    names = [LOG, "expectations/waivers.yml", f"verdicts/{NATIONAL}.json", f"verdicts/{GOVERNORATE}.json"]
    assert _count(opened, *names) == dict.fromkeys(names, 1)


def test_a_gate_reads_the_log_once_and_a_release_again_only_for_its_own_line(protected: Home, opened: Mock):
    toy_home.publish(protected, GOVERNORATE)
    opened.reset_mock()
    assert verdicts.examine(protected, NATIONAL).passed
    in_gate = _count(opened, LOG)
    opened.reset_mock()
    assert release.publish(protected, NATIONAL, [toy_home.plain_voice("en")])
    assert in_gate == {LOG: 4}  # for the verdict, for the history of each block, and hashed before and after the audit
    assert _count(opened, LOG) == {LOG: 3}  # at the start, and twice where its own line is added under the lock
