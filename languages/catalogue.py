"""Catalogues: one gettext .po file a language, keyed by `msgctxt`, so that Poedit and Weblate work on them.

Belongs here: reading, writing and merging catalogues, and what a catalogue lacks against the English one.
Does not belong here: looking words up for a reader (`words.py`), or any text.

In a file `msgctxt` is the key (`code.sex.F`), `msgid` the English text, `msgstr` the translation; in `en.po` `msgstr`
stays empty. Babel's own merge guesses by likeness and its writer dates every file, so merging (by key alone) and
writing (the same bytes for the same content) are done here; reading is `po_file.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from babel.core import Locale

from languages.po_file import Entry, entries

FOLDER = Path(__file__).parent
SOURCE = "en"
FORMS = ("zero", "one", "two", "few", "many", "other")
Texts = tuple[str, ...]
GapKind = Literal["missing", "untranslated", "fuzzy", "stale"]


@dataclass(frozen=True)
class Message:
    """One message: its key, the English it was written from, and the translation.

    Attributes:
        key: closed, dotted name, e.g. `page.title`.
        english: one text, or two (one, other) for a message that counts something.
        text: empty while untranslated; else one text, or one for each plural form of the language, in CLDR's order.
        is_fuzzy: the English changed after the translation; a person must look at it.
        comments: what translators noted.
    """

    key: str
    english: Texts
    text: Texts = ()
    is_fuzzy: bool = False
    comments: Texts = ()

    @property
    def is_plural(self) -> bool:
        """Whether the message has plural forms."""
        return len(self.english) > 1


@dataclass(frozen=True)
class Catalogue:
    """All messages of one language.

    Attributes:
        tag: BCP 47 tag: `en`, `ar`, `ckb`; never `ku`, which is not one language.
        messages: by key.
        headers: of the file. `X-Marsad-Numerals` is `arab` or `latn`; `X-Marsad-Reviewer` names the native reader who
            approved the texts, and is empty until then.
    """

    tag: str
    messages: Mapping[str, Message] = field(default_factory=dict[str, Message])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Gap:
    """One message that a language lacks: why, and its key."""

    kind: GapKind
    key: str


def plural_forms(tag: str) -> Texts:
    """Return the names of a language's plural forms in CLDR's order; that of `msgstr[0]`, `msgstr[1]`."""
    return tuple(form for form in FORMS if form == "other" or form in Locale.parse(tag).plural_form.tags)


def read(path: Path) -> Catalogue:
    """Return the catalogue in a .po file named `<tag>.po`.

    Raises:
        ValueError: an entry without a key (`msgctxt`), or a key that stands there twice.
    """
    text = path.read_text(encoding="utf-8")
    tag = path.stem
    messages: dict[str, Message] = {}
    for entry in _entries(path.name, text):
        key, english = "".join(entry.key), tuple(entry.english)
        if english == ("",):
            continue  # the header
        if not key or key in messages:
            raise ValueError(
                f"{path.name}: {'the key ' + key + ' stands twice' if key else f'no key at {english[0]!r}'}"
            )
        translated = tuple(entry.text) if all(entry.text) else ()
        messages[key] = Message(key, english, translated, entry.is_fuzzy, tuple(filter(None, entry.comments)))
    return Catalogue(tag, messages, _headers(text))


def write(path: Path, catalogue: Catalogue) -> bool:
    """Write a catalogue, sorted by key; return whether the file changed. The same content gives the same bytes."""
    data = rendered(catalogue).encode("utf-8")
    if path.exists() and path.read_bytes() == data:
        return False
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(data)
    temporary.replace(path)
    return True


def rendered(catalogue: Catalogue) -> str:
    """Return the text of a .po file, sorted by key."""
    return "\n".join(_lines(catalogue))


def merge(source: Catalogue, catalogue: Catalogue) -> Catalogue:
    """Return `catalogue` with exactly the keys of `source`, the English one.

    A key with new English keeps its text and becomes fuzzy; a new key is untranslated; a key that is gone is dropped.
    Keys alone decide: two messages are never taken for one another because their texts look alike.
    """
    merged: dict[str, Message] = {}
    for key, wanted in source.messages.items():
        found = catalogue.messages.get(key)
        if found is None:
            merged[key] = Message(key, wanted.english)
        elif found.english == wanted.english:
            merged[key] = found
        else:
            merged[key] = replace(found, english=wanted.english, is_fuzzy=bool(found.text))
    return replace(catalogue, messages=merged)


def gaps(source: Catalogue, catalogue: Catalogue) -> list[Gap]:
    """Return what `catalogue` lacks against `source`, by key: an empty list means that pages may be issued.

    Kinds: `missing` (no such entry), `stale` (written from other English than today's), `untranslated`, `fuzzy`.
    """
    found = (
        _gap(wanted, catalogue.messages.get(key), catalogue.tag) for key, wanted in sorted(source.messages.items())
    )
    return [gap for gap in found if gap is not None]


def _gap(wanted: Message, found: Message | None, tag: str) -> Gap | None:
    kind: GapKind | None = None
    if found is None:
        kind = "missing"
    elif found.english != wanted.english:
        kind = "stale"
    elif tag != SOURCE and len(found.text) != (len(plural_forms(tag)) if wanted.is_plural else 1):
        kind = "untranslated"
    elif found.is_fuzzy:
        kind = "fuzzy"
    return Gap(kind, wanted.key) if kind else None


def _entries(name: str, text: str) -> list[Entry]:
    try:
        return list(entries(text))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _headers(text: str) -> dict[str, str]:
    """Return the headers of a .po file; Babel keeps only those it knows."""
    head = text.split("\n\n", 1)[0]
    joined = "".join(re.findall(r'^"(.*)"$', head, re.MULTILINE))
    pairs = (line.partition(":") for line in joined.split("\\n") if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _lines(catalogue: Catalogue) -> Iterator[str]:
    from babel.plural import to_gettext  # late, as `normalize`: reading is asked for speed

    plural_rule = to_gettext(Locale.parse(catalogue.tag).plural_form)
    standing = {
        "Language": catalogue.tag,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural_rule,
    }
    yield 'msgid ""'
    yield 'msgstr ""'
    for name, value in {**standing, **{n: v for n, v in catalogue.headers.items() if n not in standing}}.items():
        yield f'"{name}: {value}\\n"'
    for _, message in sorted(catalogue.messages.items()):
        yield from _entry(message, len(plural_forms(catalogue.tag)))
    yield ""


def _entry(message: Message, form_count: int) -> Iterator[str]:
    from babel.messages.pofile import normalize

    yield ""
    yield from (f"# {comment}" for comment in message.comments)
    if message.is_fuzzy:
        yield "#, fuzzy"
    yield f"msgctxt {normalize(message.key)}"
    yield f"msgid {normalize(message.english[0])}"
    if not message.is_plural:
        yield f"msgstr {normalize(message.text[0] if message.text else '')}"
        return
    yield f"msgid_plural {normalize(message.english[1])}"
    for number in range(form_count):
        yield f"msgstr[{number}] {normalize(message.text[number] if number < len(message.text) else '')}"
