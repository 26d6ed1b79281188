"""The address of the interface is an invitation: who opens it must find somebody there."""

from __future__ import annotations

import socket

import pytest

from languages.words import Words, languages
from marsad.interface_address import say_when_it_answers

SECONDS = 60.0


@pytest.mark.parametrize("tag", languages())
def test_the_address_is_said_when_the_first_page_can_be_asked_and_not_before(
    tag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = Words.load(tag)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/?token=a"
        waiting = say_when_it_answers(address, words, can_run=False)
        caller, _ = listening.accept()
        with caller:
            asked = caller.recv(1000)
            before = capsys.readouterr()
            caller.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
            waiting.join(SECONDS)
    told = capsys.readouterr()
    assert asked.startswith(b"GET / ")
    assert b"token" not in asked
    assert (before.out, before.err.strip()) == ("", words.text("ui.starts"))
    assert (told.out.strip(), told.err.strip()) == (address, words.text("ui.read_only"))


def test_an_interface_that_ends_before_it_answers_is_nobodys_address(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        waiting = say_when_it_answers(
            f"http://127.0.0.1:{listening.getsockname()[1]}/?token=a", Words.load("en"), can_run=True
        )
        listening.accept()[0].close()
        waiting.join(SECONDS)
    assert not waiting.is_alive()
    assert capsys.readouterr().out == ""
