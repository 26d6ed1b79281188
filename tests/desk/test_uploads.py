"""What is uploaded stays in memory, whatever its size, and a larger one is no file at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from desk.configuration import LARGEST_REQUEST, LARGEST_UPLOAD
from tests.desk.browsers import browser

_WRITTEN: list[str] | None = None
_ENDING = 400
"""Bytes of the form around the file."""


def _remember(event: str, arguments: tuple[object, ...]) -> None:
    if _WRITTEN is not None and event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT:
        _WRITTEN.append(str(arguments[0]))


sys.addaudithook(_remember)


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The files that were made since, by whatever opens files in Python."""
    global _WRITTEN
    _WRITTEN = []
    yield _WRITTEN
    _WRITTEN = None


@pytest.mark.parametrize("size", [1, 3_000_000, LARGEST_UPLOAD])
def test_an_upload_makes_no_file(size: int, written: list[str]):
    answer = browser().post("/sign-in", {"name": "", "password": "", "file": SimpleUploadedFile("a.xlsx", b"x" * size)})
    assert answer.status_code == 422
    assert written == []


@pytest.mark.parametrize(("more", "names"), [(-_ENDING, ["file"]), (1, [])])
def test_an_upload_over_the_limit_is_no_file_of_the_request(more: int, names: list[str], written: list[str]):
    file = SimpleUploadedFile("a.xlsx", b"x" * (LARGEST_REQUEST + more))
    request = RequestFactory().post("/sign-in", {"file": file})
    assert list(request.FILES) == names
    assert written == []
