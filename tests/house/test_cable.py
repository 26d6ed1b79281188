"""The house calls no one: every test runs with the cable out, and these see that it is."""

from __future__ import annotations

import socket
import urllib.request

import pytest

from tests import conftest


@pytest.mark.parametrize("host", ["example.org", "192.0.2.1", b"example.org"])
def test_another_machine_is_not_reached_and_is_remembered(host: str | bytes) -> None:
    with pytest.raises(OSError, match="no test calls another machine"):
        socket.getaddrinfo(host, 443)
    assert [conftest.CALLED.pop()] == [host if isinstance(host, str) else host.decode()]


def test_a_library_that_swallows_that_nobody_answers_is_remembered() -> None:
    for ask in (
        lambda: urllib.request.urlopen("http://example.org/", timeout=1),
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
        lambda: socket.socket().connect(("192.0.2.1", 80)),
    ):
        with pytest.raises(OSError, match="no test calls another machine"):
            ask()
        assert conftest.CALLED.pop() in ("example.org", "192.0.2.1")
    assert conftest.CALLED == []


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        assert conftest.CALLED == []
