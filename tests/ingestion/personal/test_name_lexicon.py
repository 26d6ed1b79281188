"""A Latin spelling that is on no list counts as the one that sounds like it."""

from __future__ import annotations

import pytest

from ingestion.personal import name_lexicon as lexicon

# pyright: reportPrivateUsage=false


def test_all_listed_spellings_are_heard_in_one_go_as_each_is_alone() -> None:
    heard: dict[str, tuple[int, int, int]] = {}
    for word, counts in lexicon._latin_counts().items():
        sound = lexicon._sound(word)
        heard[sound] = max(heard.get(sound, counts), counts)
    assert len(heard) > 30_000
    assert lexicon._latin_sounds() == heard


@pytest.mark.parametrize(("written", "listed"), [("yymaan", "iman"), ("oossamah", "usama"), ("eebrahim", "ibrahim")])
def test_a_first_sound_has_several_spellings(written: str, listed: str) -> None:
    assert lexicon._sound(written)[0] == lexicon._sound(listed)[0]
    assert lexicon.part_of(written).strength == lexicon.part_of(listed).strength
