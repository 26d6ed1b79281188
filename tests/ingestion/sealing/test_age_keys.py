"""Which text is a public key, and that the demo's pair is a pair and refused where something is real."""

from __future__ import annotations

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.keeping import backup_keys
from ingestion.sealing.age_keys import DEMO_PUBLIC, DEMO_SECRET, encrypt, is_public_key, refuse_demo_key
from languages.refusal import Refusal


def test_a_public_key_is_known_by_its_form_and_its_check_digits():
    key = str(pyrage.x25519.Identity.generate().to_public())
    assert is_public_key(key)
    wrong = "q" if key[30] != "q" else "p"
    for text in ("", "age1", key[:-1], key + "q", key.upper(), f" {key}", f"{key}\n", key[:30] + wrong + key[31:]):
        assert not is_public_key(text), text
    assert not is_public_key(DEMO_SECRET)


@given(st.one_of(st.text(max_size=80), st.from_regex(r"age1[02-9ac-hj-np-z]{58}", fullmatch=True)))
def test_no_random_text_is_a_key_or_breaks_the_look(text: str):
    assert not is_public_key(text)


def test_the_pair_of_the_demo_is_one_and_refused_for_anything_real():
    identity = pyrage.x25519.Identity.from_str(DEMO_SECRET)
    assert str(identity.to_public()) == DEMO_PUBLIC
    assert pyrage.decrypt(encrypt(b"invented", [DEMO_PUBLIC]), [identity]) == b"invented"
    with pytest.raises(Refusal, match="key_is_invented"):
        refuse_demo_key(["age1other", DEMO_PUBLIC], "--to")
    with pytest.raises(Refusal, match="key_is_invented"):
        backup_keys.check_keys(DEMO_PUBLIC, str(pyrage.x25519.Identity.generate().to_public()))
