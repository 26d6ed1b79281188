"""Whoever has no token of this start, or comes under another name or from another page, sees nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from starlette.requests import HTTPConnection
from starlette.types import Message, Receive, Scope, Send

from assets.interface.admission import Admission, Guard
from languages.refusal import Refusal

ADMISSION = Admission(3000, "right-token", "en")
HOST = ("host", "127.0.0.1:3000")
COOKIE = ("cookie", "marsad-ui-3000=right-token")
Headers = Iterable[tuple[str, str]]


def _scope(headers: Headers, *, query: str = "", kind: str = "http") -> dict[str, Any]:
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return {
        "type": kind,
        "method": "GET",
        "scheme": "ws" if kind == "websocket" else "http",
        "path": "/graphql",
        "query_string": query.encode(),
        "headers": raw,
    }


def _refusal(headers: Headers, *, query: str = "", kind: str = "http") -> str:
    return ADMISSION.refusal_of(HTTPConnection(_scope(headers, query=query, kind=kind)))


def _sent(scope: dict[str, Any], log_sign_in: Callable[[], None] = lambda: None) -> tuple[list[Message], bool]:
    """Return what the guard sent for a connection, and whether the application behind it was reached."""
    reached: list[Scope] = []
    sent: list[Message] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(scope)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Guard(application, ADMISSION, log_sign_in)(scope, receive, send))
    return sent, bool(reached)


@pytest.mark.parametrize("host", ["127.0.0.1:3000", "localhost:3000", "LocalHost:3000", "[::1]:3000"])
def test_the_names_of_this_machine_are_answered(host: str) -> None:
    assert not _refusal([("host", host), COOKIE])


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:3000",
        "127.0.0.1",
        "127.0.0.1:2999",
        "127.0.0.1:3001",
        "127.0.0.1:30000",
        "127.0.0.1.evil.example:3000",
        "evil.example@127.0.0.1:3000",
        "0.0.0.0:3000",
        "127.0.0.2:3000",
        "localhost.:3000",
        "",
    ],
)
def test_any_other_name_is_refused_with_the_right_token_too(host: str) -> None:
    assert _refusal([("host", host), COOKIE]) == "ui.wrong_host"
    assert _refusal([("host", host)], query="token=right-token") == "ui.wrong_host"


@pytest.mark.parametrize(
    "headers", [[], [HOST, ("host", "evil.example")], [("host", "evil.example"), HOST], [HOST, HOST]]
)
def test_no_name_and_two_names_are_refused(headers: list[tuple[str, str]]) -> None:
    assert _refusal([*headers, COOKIE]) == "ui.wrong_host"


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "header",
    [
        ("origin", "http://evil.example"),
        ("origin", "http://127.0.0.1:3001"),
        ("origin", "https://127.0.0.1:3000"),
        ("origin", "null"),
        ("origin", ""),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ],
)
def test_a_page_that_is_not_the_interfaces_own_is_refused_with_the_cookie(header: tuple[str, str], kind: str) -> None:
    assert _refusal([HOST, COOKIE, header], kind=kind) == "ui.wrong_page"


@pytest.mark.parametrize("header", [("origin", "http://localhost:3000"), ("sec-fetch-site", "same-origin")])
def test_a_page_of_the_interface_itself_is_answered(header: tuple[str, str]) -> None:
    assert not _refusal([HOST, COOKIE, header])


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("cookie", "marsad-ui-3000=")],
        [("cookie", "marsad-ui-3000=right-toke")],
        [("cookie", "marsad-ui-3000=right-token2")],
        [("cookie", "marsad-ui-3000=RIGHT-TOKEN")],
        [("cookie", "marsad-ui-3000=\u00fc")],
        [("cookie", "marsad-ui-3001=right-token")],
        [("authorization", "Bearer right-token")],
    ],
)
def test_without_the_token_nothing_is_answered(headers: list[tuple[str, str]], kind: str) -> None:
    assert _refusal([HOST, *headers], kind=kind) == "ui.no_token"
    sent, is_reached = _sent(_scope([HOST, *headers], kind=kind))
    assert not is_reached
    if kind == "websocket":
        assert sent == [{"type": "websocket.close", "code": 1008, "reason": ""}]
    else:
        assert sent[0]["status"] == 403
        assert b"marsad ui" in sent[1]["body"]


@pytest.mark.parametrize("query", ["token=", "token=wrong", "token=right-token%00", "token=wrong&token=also"])
def test_an_address_with_another_token_is_refused_even_with_the_cookie(query: str) -> None:
    assert _refusal([HOST, COOKIE], query=query) == "ui.no_token"


def test_a_socket_is_not_opened_by_a_token_in_its_address() -> None:
    assert _refusal([HOST], query="token=right-token", kind="websocket") == "ui.no_token"
    assert not _refusal([HOST, COOKIE], query="token=wrong", kind="websocket")


def test_the_address_with_the_token_sets_a_cookie_that_no_script_reads_and_leaves_the_address() -> None:
    sent, is_reached = _sent(_scope([HOST], query="token=right-token"))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert (sent[0]["status"], headers["location"], is_reached) == (303, "/", False)
    assert headers["set-cookie"] == "marsad-ui-3000=right-token; HttpOnly; Path=/; SameSite=strict"
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")


def test_with_the_cookie_the_application_answers() -> None:
    for kind in ("http", "websocket"):
        assert _sent(_scope([HOST, COOKIE], kind=kind)) == ([], True)


def test_a_browser_signs_in_once_by_the_address_and_no_request_with_its_cookie_is_another_sign_in() -> None:
    signed_in: list[str] = []

    def log_sign_in() -> None:
        signed_in.append("a line")

    for headers, query in (([HOST], "token=wrong"), ([HOST], ""), ([("host", "evil.example")], "token=right-token")):
        _sent(_scope(headers, query=query), log_sign_in)
    assert signed_in == []
    _sent(_scope([HOST], query="token=right-token"), log_sign_in)
    for kind in ("http", "websocket"):
        _sent(_scope([HOST, COOKIE], kind=kind), log_sign_in)
    assert signed_in == ["a line"]


def test_a_sign_in_that_cannot_be_logged_sets_no_cookie_and_says_so() -> None:
    def log_sign_in() -> None:
        raise Refusal("look_not_logged", where="/home/acts.jsonl")

    sent, is_reached = _sent(_scope([HOST], query="token=right-token"), log_sign_in)
    headers = {name.decode() for name, _ in sent[0]["headers"]}
    assert (sent[0]["status"], "set-cookie" in headers, is_reached) == (503, False, False)
    assert b"/home/acts.jsonl" in sent[1]["body"]
