"""What is read of a .po file: every entry as written, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.catalogue import Catalogue, Message, plural_forms, read_catalogue, render_catalogue, render_english
from languages.po_file import read_entries

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), min_size=1)
WRITTEN_BY_OTHERS = """\
# of the file
msgid ""
msgstr ""
"Language: ar\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"X-Marsad-Reviewer: A. Reader\\n"

#~ msgctxt "gone"
#~ msgid "gone"
#~ msgstr "x"
#. of a program
#: file.py:1
#| msgid "Of before"
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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ar.po"


def test_what_other_programs_write_is_read(file: Path) -> None:
    file.write_text(WRITTEN_BY_OTHERS, encoding="utf-8")
    catalogue = read_catalogue(file)
    assert catalogue.headers["X-Marsad-Reviewer"] == "A. Reader"
    assert catalogue.messages == {
        "a.b": Message("a.b", ('One "file" \\ and\na\ttab',), ("x",), is_fuzzy=True, comments=("of a translator",)),
        "a.c": Message("a.c", ("One", "Many")),
    }
    assert [entry.string for entry in read_entries(WRITTEN_BY_OTHERS)][-1] == ("", "yz")


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=2), st.booleans())
def test_every_text_that_is_written_is_read(key: str, english: list[str], is_fuzzy: bool) -> None:
    text = tuple("ن" + english[0] for _ in plural_forms("ar")) if len(english) > 1 else (english[0],)
    written = render_catalogue(Catalogue("ar", {key: Message(key, tuple(english), text, is_fuzzy)}))
    header, entry = read_entries(written)
    assert "Language: ar\n" in header.string
    assert (entry.context, entry.fuzzy) == (key, is_fuzzy)
    assert [_forms(entry.id), _forms(entry.string)] == [tuple(english), text]


def _forms(text: str | Iterator[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("line", ["words", 'msgxyz "a"'])
def test_a_line_that_is_no_part_of_an_entry_is_told_with_its_number(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        read_entries(f'msgctxt "a"\n{line}\n')


@given(st.dictionaries(st.text("abc_.F", min_size=1), st.lists(TEXTS, min_size=1, max_size=2), max_size=3))
def test_every_english_text_that_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, list[str]]
) -> None:
    path = tmp_path_factory.mktemp("english") / "en.yml"
    catalogue = Catalogue("en", {key: Message(key, tuple(english)) for key, english in texts.items()})
    path.write_text(render_english(catalogue), encoding="utf-8")
    assert read_catalogue(path).messages == catalogue.messages
