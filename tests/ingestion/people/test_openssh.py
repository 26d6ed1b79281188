"""Signing and checking where the stock program says nothing: nobody touches a token, or it was stopped."""

from __future__ import annotations

import datetime
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


def test_a_program_that_was_stopped_once_is_asked_again_and_what_it_has_proven_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    openssh.make_pair(tmp_path / "key")
    key = openssh.public_of(tmp_path / "key")
    signature = openssh.sign_alone(b"an act", tmp_path / "key", PREPARE)
    today = datetime.date.today()

    def answers() -> tuple[str | None, str]:
        return openssh.signer_of(b"an act", signature, f"amina {key}", PREPARE, today), openssh.fingerprint_of(key)

    program = tmp_path / "ssh-keygen"
    program.write_text("#!/bin/sh\nexit 255\n", encoding="ascii")
    program.chmod(0o755)
    with monkeypatch.context() as stopped:
        stopped.setenv("PATH", str(tmp_path), prepend=":")
        assert answers() == (None, "")
    proven = answers()
    assert (proven[0], proven[1][:7]) == ("amina", "SHA256:")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert answers() == proven
