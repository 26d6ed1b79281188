"""Catalogues: one gettext .po file per language, keyed by `msgctxt`, so that Poedit and Weblate can edit them.

Belongs here: reading, writing and merging catalogues, and what a catalogue lacks compared with the English one.
Does not belong here: looking texts up for a reader (`words.py`), or any text.

In a file `msgctxt` is the key (`code.sex.F`), `msgid` the English text, `msgstr` the translation; in `en.po` `msgstr`
stays empty. Babel's own merge guesses by similarity and its writer puts a date into every file, so merging (by key
alone) and writing (the same bytes for the same content) are done here; reading is in `po_file.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from babel.core import Locale

from languages.po_file import PoEntry, entries

FOLDER = Path(__file__).parent
SOURCE = "en"
_KEY = 'msgctxt "'
FORMS = ("zero", "one", "two", "few", "many", "other")
Texts = tuple[str, ...]
GapKind = Literal["missing", "untranslated", "fuzzy", "stale"]


@dataclass(frozen=True)
class Message:
    """One message: its key, the English that it was translated from, and the translation.

    Attributes:
        key: closed, dotted name, e.g. `page.title`.
        english: one text, or two (one, other) for a message that counts something.
        text: empty while untranslated; else one text, or one for each plural form of the language, in CLDR's order.
        is_fuzzy: the English changed after the translation; a person must look at it.
        comments: of translators.
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
    """Return the names of a language's plural forms in CLDR's order, which is that of `msgstr[0]`, `msgstr[1]`."""
    return tuple(form for form in FORMS if form == "other" or form in Locale.parse(tag).plural_form.tags)


def read_catalogue(path: Path) -> Catalogue:
    """Return the catalogue in a .po file named `<tag>.po`.

    Raises:
        ValueError: an entry without a key (`msgctxt`), or a duplicate key.
    """
    text = path.read_text(encoding="utf-8")
    return Catalogue(path.stem, _messages(path.name, text), _headers(text))


def read_on_demand(path: Path) -> Catalogue:
    """Return the same catalogue, but read each message only when requested, until all are."""
    text = path.read_text(encoding="utf-8")
    return Catalogue(path.stem, _OnDemand(path.name, text), _headers(text))


class _OnDemand(Mapping[str, Message]):
    """The messages of a .po file whose entries are separated by blank lines; any other file is read at once.

    A command prints a dozen of some three thousand messages, and reading all takes longer than examining a small file.
    """

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._whole: dict[str, Message] | None = None
        self._entries = {key: entry for entry in text.split("\n\n") if (key := _key_at_start(entry))}
        self._read: dict[str, Message] = {}

    def __getitem__(self, key: str) -> Message:
        if key not in self._read:
            own = _messages(self._name, self._entries.get(key, ""))
            self._read[key] = own[key] if key in own else self._read_all()[key]
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read_all())

    def __len__(self) -> int:
        return len(self._read_all())

    def _read_all(self) -> dict[str, Message]:
        if self._whole is None:
            self._whole = _messages(self._name, self._text)
        return self._whole


def write_catalogue(path: Path, catalogue: Catalogue) -> bool:
    """Write a catalogue, sorted by key; return whether the file changed. The same content gives the same bytes."""
    data = render_catalogue(catalogue).encode("utf-8")
    if path.exists() and path.read_bytes() == data:
        return False
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(data)
    temporary.replace(path)
    return True


def render_catalogue(catalogue: Catalogue) -> str:
    """Return the text of a .po file, sorted by key."""
    return "\n".join(_lines(catalogue))


def merge(source: Catalogue, catalogue: Catalogue) -> Catalogue:
    """Return `catalogue` with exactly the keys of `source`, the English one.

    A key with new English keeps its text and becomes fuzzy; a new key is untranslated; a missing key is dropped. Only
    keys decide: two messages are never confused because their texts are similar.
    """
    merged: dict[str, Message] = {}
    for key, wanted in source.messages.items():
        translated = catalogue.messages.get(key)
        if translated is None:
            merged[key] = Message(key, wanted.english)
        elif translated.english == wanted.english:
            merged[key] = translated
        else:
            merged[key] = replace(translated, english=wanted.english, is_fuzzy=bool(translated.text))
    return replace(catalogue, messages=merged)


def gaps(source: Catalogue, catalogue: Catalogue) -> list[Gap]:
    """Return what `catalogue` lacks compared with `source`, by key; if empty, pages may be issued.

    Kinds: `missing` (no such entry), `stale` (translated from other English than today's), `untranslated`, `fuzzy`.
    """
    gaps_by_key = (
        _gap(wanted, catalogue.messages.get(key), catalogue.tag) for key, wanted in sorted(source.messages.items())
    )
    return [gap for gap in gaps_by_key if gap is not None]


def _gap(wanted: Message, translated: Message | None, tag: str) -> Gap | None:
    kind: GapKind | None = None
    if translated is None:
        kind = "missing"
    elif translated.english != wanted.english:
        kind = "stale"
    elif tag != SOURCE and len(translated.text) != (len(plural_forms(tag)) if wanted.is_plural else 1):
        kind = "untranslated"
    elif translated.is_fuzzy:
        kind = "fuzzy"
    return Gap(kind, wanted.key) if kind else None


def _key_at_start(entry: str) -> str:
    """Return the key of an entry, if it is in one line preceded only by comments; else an empty string."""
    at = entry.find(_KEY)
    if at < 0 or (at > 0 and not entry.startswith("#")):
        return ""
    return entry[at + len(_KEY) : entry.find('"', at + len(_KEY))]


def _messages(name: str, text: str) -> dict[str, Message]:
    messages: dict[str, Message] = {}
    for entry in _entries(name, text):
        key, english = "".join(entry.key), tuple(entry.english)
        if english == ("",):
            continue  # the header
        if not key or key in messages:
            raise ValueError(f"{name}: {'the key ' + key + ' stands twice' if key else f'no key at {english[0]!r}'}")
        translated = tuple(entry.text) if all(entry.text) else ()
        messages[key] = Message(key, english, translated, entry.is_fuzzy, tuple(filter(None, entry.comments)))
    return messages


def _entries(name: str, text: str) -> list[PoEntry]:
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
    from babel.plural import to_gettext  # imported late, like `normalize`: reading must be fast

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
