"""Our reader of .po files reads what Babel reads."""

from __future__ import annotations

import io

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from languages.catalogue import FOLDER, Catalogue, Message, plural_forms, render_catalogue
from languages.po_file import PoEntry, entries
from languages.words import languages

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), min_size=1)
WRITTEN_BY_OTHERS = """\
# of the file
msgid ""
msgstr ""
"Language: ar\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#~ msgctxt "gone"
#~ msgid "gone"
#~ msgstr "x"
#. of a program
#: file.py:1
#, python-format, fuzzy
# of a translator
msgctxt "a.b"
msgid ""
"One \\"file\\" \\\\ and\\n"
"a\\ttab"
msgstr "x"
msgctxt "a.c"
msgid "One"
msgid_plural "Many"
msgstr[0] ""
msgstr[1] "y"
"z"
"""


def _told(text: str, tag: str) -> list[PoEntry]:
    """What Babel reads, the header left out."""
    as_list = lambda value: [value] if isinstance(value, str) else list(value)  # noqa: E731 - two lines of one test
    found = read_po(io.BytesIO(text.encode("utf-8")), locale=tag, ignore_obsolete=True)
    return [
        PoEntry(
            [one.context] if one.context else [], as_list(one.id), as_list(one.string), one.user_comments, one.fuzzy
        )
        for one in found
        if one.id
    ]


def _read(text: str) -> list[PoEntry]:
    return [entry for entry in entries(text) if entry.english != [""]]


@pytest.mark.parametrize("tag", languages())
def test_the_shipped_catalogues_are_read_as_babel_reads_them(tag: str) -> None:
    text = (FOLDER / f"{tag}.po").read_text(encoding="utf-8")
    assert _read(text) == _told(text, tag)
    assert len(_read(text)) > 1000


def test_what_other_programs_write_is_read_as_babel_reads_it() -> None:
    found = _read(WRITTEN_BY_OTHERS)
    assert found == _told(WRITTEN_BY_OTHERS, "ckb")
    assert [one.is_fuzzy for one in found] == [True, False]


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=2), st.booleans())
def test_every_text_that_is_written_is_read_as_babel_reads_it(key: str, english: list[str], is_fuzzy: bool) -> None:
    text = tuple("ن" + english[0] for _ in plural_forms("ar")) if len(english) > 1 else (english[0],)
    written = render_catalogue(Catalogue("ar", {key: Message(key, tuple(english), text, is_fuzzy)}))
    [found] = _read(written)
    assert (found.key, found.english, tuple(found.text), found.is_fuzzy) == ([key], english, text, is_fuzzy)
    assert [found] == _told(written, "ar")


@pytest.mark.parametrize("line", ['msgid "a" b"', 'msgstr "open', "words", 'msgid "a"x'])
def test_a_line_that_is_no_part_of_an_entry_is_told_with_its_number(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(entries(f'msgctxt "a"\n{line}\n'))
