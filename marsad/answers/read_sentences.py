"""The queue of native readers: each sentence that the report prints, approved or changed, by whom and when.

Belongs here: the sentences of a language with what they say today, a reader's judgement of one, and a PO file of all
judgements, which a maintainer takes into the checkout (`take_sentences`); until then the report prints the old words.
Does not belong here: catalogues (`languages/catalogue.py`), who approved a whole language (its header).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingestion.home import Home, sha256_of_bytes
from ingestion.storage import reading
from languages import catalogue
from languages.catalogue import Catalogue, Message
from languages.refusal import Refusal
from languages.words import Words, forget_catalogues, languages, listening, placeholders
from reports.briefings.briefing import briefing
from reports.chapters.build_edition import edition
from reports.editors import editing_log, editorial_inputs
from reports.editors.editing_log import EditingLine
from reports.editors.report_inputs import ReportInputs, remember, without_texts
from reports.released import report_model

Reading = Literal["awaits", "approved", "changed"]
_UNSEEN = {"Cc", "Cs", "Co", "Zl", "Zp"}
_TURNS = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b\u2060")
"""Invisible letters that turn the direction of a text or hide in it; `Words` writes those that a sentence needs."""
_LONGEST = 2_000
_COUNTED = "count"
"""The place that chooses the form: those for one or two may be without it. Other places stay as they are today."""


@dataclass(frozen=True)
class ReadSentence:
    """A sentence of the report in a language that awaits native readers.

    Attributes:
        key: of its message.
        english: that it was translated from, one text or one for each plural form.
        forms: the translation, one text or one for each plural form of the language.
        says: what the report prints of it today.
        says_in_english: the same in English; empty if the English report does not print it.
        reading: whether it was approved, or words were proposed instead.
        version: of the translation and its reading; a judgement names the one that the reader saw.
        proposed: the words of who changed it.
        reader: short name; empty while it awaits one.
        at: day and minute.
    """

    key: str
    english: tuple[str, ...]
    forms: tuple[str, ...]
    says: str
    says_in_english: str
    reading: Reading
    version: str
    proposed: tuple[str, ...] = ()
    reader: str = ""
    at: str = ""


def list_sentences(home: Home, tag: str) -> list[ReadSentence]:
    """Return the sentences of the report of the latest releases in a language, in the order of the report.

    Raises:
        Refusal: `language_unknown`; as `report_model.load` and `editing_log.read_lines`.
    """
    report = report_model.load(home)
    matter = editorial_inputs.read_inputs(home, report)
    says, in_english = (_heard(without_texts(report, matter, of)) for of in (tag, catalogue.SOURCE))
    judged, known = _readings(home, tag), Words.load(tag).messages
    return [_sentence(known[key], text, in_english.get(key, ""), judged) for key, text in says.items()]


def find_sentence(home: Home, tag: str, key: str) -> ReadSentence:
    """Return one sentence by its key.

    Raises:
        Refusal: `sentence_unknown`; as `list_sentences`.
    """
    for sentence in list_sentences(home, tag):
        if sentence.key == key:
            return sentence
    raise Refusal("sentence_unknown", where=ascii(key)[1:-1])


def judge_sentence(home: Home, person: str, tag: str, key: str, forms: Sequence[str], version: str) -> Reading:
    """Log that a native reader approves a sentence, or proposes other words; return which.

    Args:
        home: whose readers they are.
        person: short name of the reader.
        tag: of the language.
        key: of the message.
        forms: the translation as it is, or her words.
        version: of the sentence that she saw.

    Raises:
        Refusal: `sentence_unknown`; `prose_changed_since` if somebody judged it meanwhile; `sentence_form` for words
            without the placeholders of the English, without letters, too long or with invisible letters.
    """
    message = Words.load(tag).messages.get(key)
    if message is None or tag == catalogue.SOURCE or tag not in languages():
        raise Refusal("sentence_unknown", where=ascii(key)[1:-1])
    line, own = _readings(home, tag).get(key), tuple(" ".join(form.split()) for form in forms)
    kind: Reading = "approved" if own == message.text else "changed"
    judged = (kind, person, _hash_of(message), () if kind == "approved" else own)
    if line and (line.kind, line.person, line.sha256, line.forms) == judged:  # the button was pressed twice
        return kind
    if _version_of(message, line) != version:
        raise Refusal(
            "prose_changed_since", where=key, person=line.person if line else "-", at=line.at if line else "-"
        )
    _refuse_forms(message, own)
    editing_log.append(home, kind, person, key, tag, judged[2], judged[3])
    return kind


def exported_sentences(home: Home, tag: str) -> bytes:
    """Return a PO file of the sentences that were read in a language, in the words of their readers.

    Raises:
        Refusal: `language_unknown`; as `editing_log.read_lines`.
    """
    path = catalogue.catalogue_path(Words.load(tag).tag)
    own = catalogue.read_catalogue(path)
    judged = {key: line for key, line in _readings(home, tag).items() if line.sha256 == _hash_of(own.messages[key])}
    read = {
        key: replace(
            own.messages[key], text=line.forms or own.messages[key].text, comments=(f"{line.kind}, {line.at[:10]}",)
        )
        for key, line in sorted(judged.items())
    }
    return catalogue.render_catalogue(replace(own, messages=read)).encode("utf-8")


@dataclass(frozen=True)
class TakenSentences:
    """What became of a PO file: keys of sentences that changed, and of those whose English is another by now."""

    changed: list[str]
    stale: list[str]


def take_sentences(path: Path, folder: Path = catalogue.FOLDER) -> TakenSentences:
    """Take the sentences of a PO file, as `exported_sentences` made it, into the catalogue of the checkout.

    Raises:
        Refusal: `file_missing`; `language_unknown` for a language without a catalogue; `sentence_file` for no PO file.
    """
    with reading(path):
        try:
            brought = catalogue.read_catalogue(path)
        except ValueError as error:
            raise Refusal("sentence_file", where=str(path)) from error
    tag = brought.headers.get("Language", "")
    if tag == catalogue.SOURCE or tag not in languages(folder):
        raise Refusal("language_unknown", where=ascii(tag)[1:-1], known=", ".join(languages(folder)[1:]))
    place = catalogue.catalogue_path(tag, folder)
    own = catalogue.read_catalogue(place)
    fresh = {key: message for key, message in brought.messages.items() if _is_same(own, message)}
    changed = {
        key: replace(own.messages[key], text=message.text, is_fuzzy=False)
        for key, message in fresh.items()
        if message.text != own.messages[key].text
    }
    for message in changed.values():
        _refuse_forms(message, message.text)
    catalogue.write_catalogue(place, replace(own, messages={**own.messages, **changed}))
    forget_catalogues()
    return TakenSentences(sorted(changed), sorted(brought.messages.keys() - fresh.keys()))


def _is_same(own: Catalogue, message: Message) -> bool:
    known = own.messages.get(message.key)
    return known is not None and known.english == message.english


def _sentence(message: Message, says: str, in_english: str, judged: Mapping[str, EditingLine]) -> ReadSentence:
    line = judged.get(message.key)
    is_same = line is not None and line.sha256 == _hash_of(message)
    return ReadSentence(
        key=message.key,
        english=message.english,
        forms=message.text,
        says=says,
        says_in_english=in_english,
        reading=_reading_of(line) if line and is_same else "awaits",
        version=_version_of(message, line),
        proposed=line.forms if line and is_same else (),
        reader=line.person if line and is_same else "",
        at=line.at if line and is_same else "",
    )


def _reading_of(line: EditingLine) -> Reading:
    return "approved" if line.kind == "approved" else "changed"


def _readings(home: Home, tag: str) -> dict[str, EditingLine]:
    """Return the last judgement of each sentence in a language, by its key; those of earlier words are among them."""
    known = Words.load(tag).messages
    lines = (line for line in editing_log.read_lines(home) if line.kind != "saved" and line.language == tag)
    return {line.item: line for line in lines if line.item in known}


def _hash_of(message: Message) -> str:
    return sha256_of_bytes(repr((message.english, message.text)).encode())


def _version_of(message: Message, line: EditingLine | None) -> str:
    return sha256_of_bytes(repr((message.english, message.text, line)).encode())


def _refuse_forms(message: Message, forms: Sequence[str]) -> None:
    """Refuse words that could not stand in the catalogue in place of a translation."""
    wanted = set(placeholders(message.english[-1]))
    is_whole = len(forms) == len(message.text) and all(form.strip() and len(form) <= _LONGEST for form in forms)
    is_seen = not any(unicodedata.category(letter) in _UNSEEN or letter in _TURNS for form in forms for letter in form)
    slots = [set(placeholders(form)) for form in forms]
    today = [wanted & set(placeholders(form)) - {_COUNTED} for form in message.text]
    is_filled = is_whole and slots[-1] == wanted
    is_filled &= all(needed <= own <= wanted for needed, own in zip(today, slots, strict=is_whole))
    if not (is_whole and is_seen and is_filled):
        names = " ".join(f"{{{name}}}" for name in sorted(wanted)) or "-"
        raise Refusal("sentence_form", where=message.key, names=names, count=len(message.text))


@remember
def _heard(of: ReportInputs) -> Mapping[str, str]:
    """Return what the report says of each message in a language, in its order."""
    known = Words.load(of.tag)
    words = Words(**vars(known))  # what is remembered for words that were read before says nothing
    with listening() as heard:
        whole = edition(of.report, words, of.matter)
        briefing(of.report, whole, words, of.matter.prose)
    return {key: text for key, text in heard.items() if key in known.messages}
