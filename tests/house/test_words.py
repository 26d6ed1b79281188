"""Every refusal and every finding that the code can utter has words, and a remedy, in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from languages.refusal import Refusal
from languages.words import Words, languages, placeholders
from marsad.answers.answer_forms import refusal_texts
from tests.packages import PACKAGES, tree_of

HOUSE = Path(__file__).resolve().parents[2]


def _calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for floor in PACKAGES:
        for path in (HOUSE / floor).rglob("*.py"):
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                    yield str(path.relative_to(HOUSE)), node


def uttered_refusals() -> dict[str, set[str]]:
    """Reason codes of literal `Refusal(...)` calls, with the arguments that every one of them gives."""
    found: dict[str, set[str]] = {}
    for _, call in _calls("Refusal"):
        if call.args and isinstance(call.args[0], ast.Constant):
            given = {keyword.arg or "**" for keyword in call.keywords} | {"where"}
            code = str(call.args[0].value)
            found[code] = found.get(code, given) & given
    return found


@pytest.mark.parametrize("tag", languages())
def test_every_refusal_has_words_and_a_remedy(tag: str) -> None:
    words = Words.load(tag)
    uttered = uttered_refusals()
    assert len(uttered) > 20
    for code, given in uttered.items():
        for key in (f"refusal.{code}", f"refusal.{code}.remedy"):
            assert key in words, key
            if "**" not in given:
                text = " ".join((*words.messages[key].english, *words.messages[key].text))
                assert set(placeholders(text)) <= given, key


@pytest.mark.parametrize("tag", languages())
def test_every_refusal_is_spoken_with_its_arguments_whatever_they_are_called(tag: str) -> None:
    for code, given in uttered_refusals().items():
        refusal = Refusal(code, **dict.fromkeys(given - {"where", "**"}, 2), where="a file")
        if "**" not in given:
            assert all(refusal_texts(refusal, Words.load(tag)))
    refusal = Refusal("home_settings_unknown", where="a file", setting="x", key="y", self="z", code="c")
    assert all(refusal_texts(refusal, Words.load(tag)))


@pytest.mark.parametrize("tag", languages())
def test_no_text_shows_a_brace_that_was_doubled_for_a_program(tag: str) -> None:
    messages = Words.load(tag).messages
    shown = {key for key, message in messages.items() for text in (*message.text, *message.english) if "{{" in text}
    assert shown == set()


def test_no_refusal_has_words_that_nobody_utters() -> None:
    spoken = {key.split(".")[1] for key in Words.load("en").messages if key.startswith("refusal.")}
    source = "\n".join(path.read_text(encoding="utf-8") for floor in PACKAGES for path in (HOUSE / floor).rglob("*.py"))
    assert {code for code in spoken if f'"{code}"' not in source} == set()


def _kinds() -> set[str]:
    """Kinds of findings: the first literal word in snake case of every call that makes or names one."""
    makers = {"Finding", "Stop", "Reading", "_find", "_stop", "_refuse", "_flag"}
    found: set[str] = set()
    for path in (HOUSE / "ingestion").rglob("*.py"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in makers:
                words = [part.value for part in node.args if isinstance(part, ast.Constant)]
                words += [part.value.value for part in node.keywords if isinstance(part.value, ast.Constant)]
                found |= {word for word in words if isinstance(word, str) and re.fullmatch(r"[a-z]+(_[a-z]+)+", word)}
    return found


@pytest.mark.parametrize("tag", languages())
def test_every_finding_has_words_and_a_remedy(tag: str) -> None:
    words = Words.load(tag)
    assert len(_kinds()) > 15
    lacking = {kind for kind in _kinds() if f"finding.{kind}" not in words or f"finding.{kind}.remedy" not in words}
    assert lacking == set()


def test_no_finding_has_words_that_nobody_utters() -> None:
    spoken = {key.split(".")[1] for key in Words.load("en").messages if key.startswith("finding.")}
    source = "\n".join(path.read_text(encoding="utf-8") for path in (HOUSE / "ingestion").rglob("*.py"))
    assert {kind for kind in spoken if f'"{kind}"' not in source} == set()


def _terms() -> list[dict[str, Any]]:
    return yaml.safe_load((HOUSE / "languages" / "desk_glossary.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("tag", languages())
def test_one_thing_has_one_word_on_the_desk(tag: str) -> None:
    messages = Words.load(tag).messages
    strays = [
        (key, variant, text)
        for term in _terms()
        for variant in term[tag]["never"]
        for key, message in messages.items()
        if key.startswith(tuple(term.get("within", [""])))
        for text in (message.english if tag == "en" else message.text)
        if re.search(variant, text)
    ]
    assert strays == []


@pytest.mark.parametrize(
    ("tag", "said", "things"),
    [
        ("ar", "انسخوا إيصال الملف المختوم من جهتكم", 3),
        ("ar", "سمِّ الملف الذي كتبتموه", 1),
        ("ar", "لا توقّعوا شيئاً", 1),
        ("ar", "وزّعوه على مكانين", 1),
        ("ar", "الجهاز الذي عليه مفتاحكم", 1),
        ("ar", "هل تريدون ذلك؟", 1),
        ("ar", "كم تأخر الحكم، وهل يتم بحكم القانون وفي المحاكم؟", 0),
        ("ckb", "ڕەسید شفرەکراو لایەنەکەتان", 3),
        ("ckb", "بزانن کێ بووە، پاشان ئامادەی بکەن: marsad approve.", 1),
        ("ckb", "دوو کەس واژۆی بکەن.", 0),
    ],
)
def test_a_forbidden_variant_would_be_found(tag: str, said: str, things: int) -> None:
    found = [term["thing"] for term in _terms() if any(re.search(variant, said) for variant in term[tag]["never"])]
    assert len(found) == things
