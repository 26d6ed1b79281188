"""Catalogues: English in `en.yml`, every other language in a gettext .po file that Poedit and Weblate can edit.

Belongs here: reading, writing and merging catalogues, and what a catalogue lacks compared with the English one.
Does not belong here: looking texts up for a reader (`words.py`), or any text.

`en.yml` maps a key (`code.sex.F`) to its text, or to the texts `one` and `other`. In a .po file `msgctxt` is the key,
`msgid` the English text, `msgstr` the translation. Babel's own merge guesses by similarity and its writer puts a date
into every file, so merging (by key alone) and writing (the same bytes for the same content) are done here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from babel.core import Locale

FOLDER = Path(__file__).parent
SOURCE = "en"
_ENGLISH = ".yml"
_ENGLISH_HEAD = """\
# The English texts, by key. After a change run `marsad translations --sync`, then translate anew what became fuzzy.
# Texts of indicators (indicator.<code>.…) and titles of sources (source.<source>.title) are written in their cards.

"""
_ENGLISH_ENTRY = re.compile(r"\n(?=\S)")
_ENGLISH_KEY = re.compile(r"([^\s:#]+):")
_KEY = re.compile(r'^msgctxt "(.+)"$', re.MULTILINE)
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


def catalogue_path(tag: str, folder: Path = FOLDER) -> Path:
    """Return the file that holds the texts of a language."""
    return folder / (f"{tag}{_ENGLISH}" if tag == SOURCE else f"{tag}.po")


def read_catalogue(path: Path) -> Catalogue:
    """Return the catalogue in a file of `catalogue_path`.

    Raises:
        ValueError: a line that is no part of an entry, an entry without a key, or a duplicate key.
    """
    text = path.read_text(encoding="utf-8")
    return Catalogue(path.stem, _messages(path.name, text), _headers(path.name, text))


def read_on_demand(path: Path) -> Catalogue:
    """Return the same catalogue, but read each message only when requested, until all are."""
    text = path.read_text(encoding="utf-8")
    return Catalogue(path.stem, _OnDemand(path.name, text), _headers(path.name, text))


class _OnDemand(Mapping[str, Message]):
    """The messages of a file that stands as it is written here; any other file is read at once.

    A command prints a dozen of some three thousand messages, and reading all takes longer than examining a small file.
    """

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._whole: dict[str, Message] | None = None
        self._entries = _entry_texts(name, text)
        self._read: dict[str, Message] = {}

    def __getitem__(self, key: str) -> Message:
        if key not in self._read:
            own = _messages(self._name, self._entries[key]) if key in self._entries else {}
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


def find_messages(text: str, catalogues: Iterable[Catalogue]) -> list[str]:
    """Return the keys, sorted, of all messages that hold a text in one of the languages; case does not matter."""
    wanted = text.casefold()
    return sorted(
        {
            key
            for catalogue in catalogues
            for key, message in catalogue.messages.items()
            if any(wanted in form.casefold() for form in (*message.english, *message.text))
        }
    )


def write_catalogue(path: Path, catalogue: Catalogue) -> bool:
    """Write a catalogue, sorted by key; return whether the file changed. The same content gives the same bytes."""
    data = (render_english(catalogue) if path.suffix == _ENGLISH else render_catalogue(catalogue)).encode("utf-8")
    if path.exists() and path.read_bytes() == data:
        return False
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(data)
    temporary.replace(path)
    return True


def render_english(catalogue: Catalogue) -> str:
    """Return the text of `en.yml`, sorted by key."""
    import yaml

    forms = plural_forms(SOURCE)
    texts = {
        key: dict(zip(forms, message.english, strict=True)) if message.is_plural else message.english[0]
        for key, message in catalogue.messages.items()
    }
    return _ENGLISH_HEAD + yaml.safe_dump(texts, allow_unicode=True, width=120)


def render_catalogue(catalogue: Catalogue) -> str:
    """Return the text of a .po file, sorted by key."""
    return "\n".join(_lines(catalogue))


def new_catalogue(tag: str) -> Catalogue:
    """Return the untranslated catalogue of a new language."""
    headers = {"X-Marsad-Numerals": "latn", "X-Marsad-Reviewer": ""}
    return merge(read_catalogue(catalogue_path(SOURCE)), Catalogue(tag, headers=headers))


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


def _entry_texts(name: str, text: str) -> dict[str, str]:
    """Return what each entry of a file consists of, by key; in a .po file the header counts to every entry."""
    if name.endswith(_ENGLISH):
        return {match[1]: entry for entry in _ENGLISH_ENTRY.split(text) if (match := _ENGLISH_KEY.match(entry))}
    head, *entries = text.split("\n\n")
    return {match[1]: f"{head}\n\n{entry}" for entry in entries if (match := _KEY.search(entry))}


def _messages(name: str, text: str) -> dict[str, Message]:
    try:
        messages = list(_english(text) if name.endswith(_ENGLISH) else _translations(text))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    by_key: dict[str, Message] = {}
    for message in messages:
        if message.key in by_key:
            raise ValueError(f"{name}: the key {message.key} stands twice")
        by_key[message.key] = message
    return by_key


def _english(text: str) -> Iterator[Message]:
    import yaml  # imported late: the tree of commands is made without it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader where the platform has it
    try:
        # Nodes, since a dict would hide duplicate keys and read `no` as a truth value.
        document: Any = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    for key, node in document.value if document else ():
        if isinstance(node, yaml.ScalarNode):
            yield Message(key.value, (node.value,))
        elif isinstance(node, yaml.MappingNode) and tuple(form.value for form, _ in node.value) == plural_forms(SOURCE):
            yield Message(key.value, tuple(text.value for _, text in node.value))
        else:
            raise ValueError(f"{key.value} is neither a text nor the texts {' and '.join(plural_forms(SOURCE))}")


def _translations(text: str) -> Iterator[Message]:
    from languages.po_file import read_entries  # imported late: reading English must be fast

    for entry in read_entries(text):
        english, translated = _forms(entry.id), _forms(entry.string or "")
        if english == ("",):
            continue  # the header
        if not entry.context:
            raise ValueError(f"no key at {english[0]!r}")
        comments = (comment for comment in entry.user_comments if comment and not comment.startswith("|"))
        yield Message(entry.context, english, translated if all(translated) else (), entry.fuzzy, tuple(comments))


def _forms(text: str | Sequence[str]) -> Texts:
    return (text,) if isinstance(text, str) else tuple(text)


def _headers(name: str, text: str) -> dict[str, str]:
    """Return the headers of a .po file; English has none."""
    if name.endswith(_ENGLISH):
        return {}
    from languages.po_file import read_entries

    header = next((entry for entry in read_entries(text.split("\n\n", 1)[0]) if not entry.id), None)
    pairs = (line.partition(":") for line in _forms((header and header.string) or "")[0].splitlines())
    return {field.strip(): value.strip() for field, _, value in pairs if field}


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
