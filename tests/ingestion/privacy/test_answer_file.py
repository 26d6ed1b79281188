"""The answer file of a sender's desk: it holds no word, fits one file, and a hostile one states nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.privacy.answer_file import key_of, path_beside, read_answers, write_answers
from ingestion.privacy.confirmed_words import MOST_WORDS
from ingestion.privacy.unexplained_texts import AskedWord
from languages.refusal import Refusal
from tests.ingestion.asking_files import MARKER, SOURCE

DATA = b"the bytes of a file"
WORD = AskedWord(MARKER, False)


def written(folder: Path) -> Path:
    path = path_beside(folder / "export.xlsx")
    write_answers(path, DATA, SOURCE, "statistics_officer", [WORD])
    return path


def kinds(path: Path, data: bytes = DATA, source: str = SOURCE) -> list[str]:
    answers, findings = read_answers(path, data, source)
    assert answers is None
    return [one.kind for one in findings]


def test_an_answer_is_read_by_whoever_has_the_file_and_holds_no_word(tmp_path: Path):
    path = written(tmp_path)
    assert path.name == "export.xlsx.answers.json"
    answers, findings = read_answers(path, DATA, SOURCE)
    assert answers is not None
    assert findings == []
    assert answers.states(key_of(DATA), WORD)
    assert not answers.states(key_of(DATA), AskedWord("zqxotherqz", False))
    assert MARKER.encode() not in path.read_bytes()
    assert os.name == "nt" or path.stat().st_mode & 0o077 == 0


def test_the_hash_of_the_file_is_not_enough_to_try_words(tmp_path: Path):
    path = written(tmp_path)
    content = json.loads(path.read_text(encoding="utf-8"))
    answers, _ = read_answers(path, DATA, SOURCE)
    assert answers is not None
    for guess in (
        bytes.fromhex(content["sha256"]),
        content["sha256"].encode(),
        b"",
        key_of(content["sha256"].encode()),
    ):
        assert not answers.states(guess, WORD)


def test_where_no_answer_file_lies_nothing_is_told(tmp_path: Path):
    assert kinds(tmp_path / "export.xlsx.answers.json") == []


def test_an_answer_about_other_bytes_or_another_source_states_nothing(tmp_path: Path):
    path = written(tmp_path)
    assert kinds(path, DATA + b" ") == ["answers_of_another_file"]
    assert kinds(path, source="iraq_judicial_council") == ["answers_of_another_file"]


@pytest.mark.parametrize(
    "change",
    [
        {"marsad_answers": 2},
        {"marsad_answers": "1"},
        {"marsad_answers": True},
        {"marsad_answers": 1.0},
        {"sha256": "A" * 64},
        {"source": "../receipts"},
        {"role": "data_officer"},
        {"role": "زينب كاظم"},
        {"role": None},
        {"words": []},
        {"words": ["0" * 64] * (MOST_WORDS + 1)},
        {"words": [MARKER]},
        {"words": "0" * 64},
        {"words": {"0" * 64: 1}},
        {"note": MARKER},
    ],
)
def test_an_answer_file_of_another_form_states_nothing_and_is_not_repeated(tmp_path: Path, change: dict[str, Any]):
    path = written(tmp_path)
    content = json.loads(path.read_text(encoding="utf-8")) | change
    path.write_text(json.dumps(content), encoding="utf-8")
    _, findings = read_answers(path, DATA, SOURCE)
    assert [(one.kind, one.severity, dict(one.arguments)) for one in findings] == [("answers_invalid", "flag", {})]


@given(st.binary(max_size=400) | st.text().map(str.encode) | st.recursive(st.none() | st.text(), st.lists).map(json.dumps).map(str.encode))  # fmt: skip  # noqa: E501
def test_whatever_bytes_an_answer_file_holds_it_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    path = tmp_path_factory.mktemp("answers") / "a.answers.json"
    path.write_bytes(data)
    assert kinds(path) == ["answers_invalid"]


def test_a_link_a_pipe_a_folder_and_a_large_file_are_not_read(tmp_path: Path):
    good = written(tmp_path)
    link, pipe, folder, large = (tmp_path / f"{name}.answers.json" for name in ("link", "pipe", "folder", "large"))
    link.symlink_to(good)
    os.mkfifo(pipe)
    folder.mkdir()
    large.write_bytes(good.read_bytes() + b" " * 10_000)
    deep = tmp_path / "deep.answers.json"
    deep.write_text("[" * 8_000)
    for path in (link, pipe, folder, large, deep):
        assert kinds(path) == ["answers_invalid"], path


def test_answers_are_written_over_nothing_but_answers(tmp_path: Path):
    own = tmp_path / "export.xlsx"
    own.write_bytes(DATA)
    with pytest.raises(Refusal) as refused:
        write_answers(own, DATA, SOURCE, "statistics_officer", [WORD])
    assert refused.value.code == "answers_output"
    assert own.read_bytes() == DATA
