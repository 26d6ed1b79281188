"""Signing where the stock program says nothing: nobody touches a token, or the program is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.people import openssh
from ingestion.people.roster import PREPARE
from languages.refusal import Refusal


def test_a_token_that_nobody_touches_ends_in_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "ssh-keygen"
    program.write_text("#!/bin/sh\nexec sleep 60\n", encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(openssh, "SECONDS_OF_A_PERSON", 0.2)
    with pytest.raises(Refusal, match="signing_failed"):
        openssh.sign(b"an act", tmp_path / "key", PREPARE)
