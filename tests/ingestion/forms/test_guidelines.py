"""The examples that the house shows to senders are not personal: a template carries them to the door and back."""

from __future__ import annotations

import pytest

from ingestion.cards.source_card import load_shape, shape_names
from ingestion.personal.personal_text import personal_kind
from ingestion.privacy.privacy_allowlist import is_known


@pytest.mark.parametrize("shape", shape_names())
def test_no_example_of_a_guideline_would_refuse_the_template_that_shows_it(shape: str):
    shown = [str(example) for field in load_shape(shape).fields.values() for example in (field.good, field.bad)]
    assert shown
    assert [example for example in shown if personal_kind(example) and not is_known(example)] == []
