"""Uploads of a desk that is served: how large, how many, how long, and that nothing of one is on any disk.

Belongs here: what is sent over a connection, by who has signed in and who has not. Does not belong here: what is in a
file (`test_sending.py`), the proxy in front (`test_servers.py`).
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from benchmarks.timed_run import resident
from desk import listening
from desk.configuration import LARGEST_UPLOAD, TOO_MANY
from desk.listening import LimitedRequest
from ingestion.home import Home
from languages.words import Words
from tests.desk.served import PATIENCE, Asking, free_port, running
from tests.desk.test_servers import MARK, marked_files

FORM, SOURCE = "/send/kurdistan_interior_ministry/file", "kurdistan_interior_ministry"
SHARED = (Path("/dev/shm"), Path("/var/tmp"))  # noqa: S108 - looked at, never written
TEXT = Words.load("en").text


class Server(NamedTuple):
    """A desk that is served: its port and its process."""

    port: int
    process: int

    def connect(self) -> socket.socket:
        """Return a connection, to send what no browser sends."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def asking(self) -> Asking:
        """Return a client that nobody has signed in with."""
        return Asking(f"http://127.0.0.1:{self.port}")

    def upload(self, asking: Asking, size: int, **fields: str) -> tuple[int, str, str]:
        """Send a file of so many bytes, and return status, the page that follows and the text of the answer."""
        head, body = request(asking, size, **fields)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("POST", FORM, body, head)
        answer = connection.getresponse()
        return answer.status, answer.headers["Location"] or "", answer.read().decode()


def request(asking: Asking, size: int, **typed: str) -> tuple[dict[str, str], bytes]:
    """Return head and body of a form with a file of so many bytes, all of them planted."""
    token = next((cookie.value for cookie in asking.cookies if cookie.name == "csrftoken"), "") or ""
    fields = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {"csrfmiddlewaretoken": token, **typed}.items()
    )
    fields += '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = fields.encode() + (MARK * (size // len(MARK) + 1))[:size] + b"\r\n--x--\r\n"
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in asking.cookies)
    head = {"Content-Type": "multipart/form-data; boundary=x", "Cookie": cookies, "Accept-Language": "en"}
    return head, body


def head_of(head: dict[str, str], length: int) -> bytes:
    lines = [f"POST {FORM} HTTP/1.1", "Host: localhost", f"Content-Length: {length}"]
    return ("\r\n".join([*lines, *(f"{name}: {value}" for name, value in head.items())]) + "\r\n\r\n").encode()


@pytest.fixture
def server(home: Home, tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "temporary").mkdir()
    port = free_port()
    with running(home, folder=tmp_path / "temporary", port=port) as process:
        yield Server(port, process.pid)


def test_a_file_as_large_as_may_be_is_taken_one_byte_more_and_twice_as_much_are_refused_in_words(server: Server):
    clerk = server.asking()
    assert clerk.sign_in("karwan")[0] == 200
    status, follows, _ = server.upload(clerk, LARGEST_UPLOAD)
    assert (status, follows[:11]) == (302, "/send/file/")
    for size in (LARGEST_UPLOAD + 1, 2 * LARGEST_UPLOAD):
        status, _, text = server.upload(clerk, size)
        assert (status, TEXT("refusal.desk_too_large", limit=25) in text) == (422, True)
    stranger = server.asking()
    stranger.token()
    status, follows, _ = server.upload(stranger, LARGEST_UPLOAD)
    assert (status, follows) == (302, f"/sign-in?next={FORM}")


def test_of_who_has_not_signed_in_no_more_is_held_than_of_a_form(server: Server):
    stranger, count, size = server.asking(), listening.MOST_LARGE, 20_000_000
    stranger.token()
    head, body = request(stranger, LARGEST_UPLOAD)
    before, open_ones = resident(server.process), [server.connect() for _ in range(count)]
    for connection in open_ones:
        connection.sendall(head_of(head, len(body)) + body[:size])
    time.sleep(1)
    held = resident(server.process) - before
    assert held < count * listening.SMALL * 4, f"{held / 1e6:.0f} MB"
    for connection in open_ones:
        connection.close()


def test_one_large_file_too_many_at_once_is_to_be_chosen_again_and_the_letter_stays(server: Server):
    clerk = server.asking()
    clerk.sign_in("karwan")
    head, body = request(clerk, LARGEST_UPLOAD)
    open_ones = [server.connect() for _ in range(listening.MOST_LARGE)]
    for connection in open_ones:
        connection.sendall(head_of(head, len(body)) + body[:100_000])
    time.sleep(1)
    status, _, text = server.upload(clerk, LARGEST_UPLOAD, number="77")
    assert (status, TEXT("refusal.desk_crowded") in text, TEXT("browser.failure.forged") in text) == (422, True, False)
    assert '<input type="hidden" name="number" value="77">' in text
    for connection in open_ones:
        connection.close()
    end = time.monotonic() + PATIENCE
    while server.upload(clerk, LARGEST_UPLOAD)[0] != 302:
        assert time.monotonic() < end


def test_five_hundred_who_send_slowly_stop_nobody_else(server: Server):
    slow = [server.connect() for _ in range(500)]
    for connection in slow:
        connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\nx")
    began = time.monotonic()
    assert server.asking().sign_in("karwan")[0] == 200
    assert time.monotonic() - began < listening.SECONDS  # before the desk has ended the first of them
    for connection in slow:
        connection.close()


@pytest.mark.parametrize("end", ["the browser is closed half-way", "the server is killed"])
def test_of_an_upload_that_is_cut_nothing_is_on_any_disk(server: Server, home: Home, tmp_path: Path, end: str):
    clerk = server.asking()
    clerk.sign_in("karwan")
    head, body = request(clerk, LARGEST_UPLOAD)
    with server.connect() as connection:
        connection.sendall(head_of(head, len(body)) + body[: len(body) // 2])
        time.sleep(0.5)
        assert found_in(tmp_path) == []
        if end == "the server is killed":
            os.kill(server.process, signal.SIGKILL)
    time.sleep(0.5)
    assert found_in(tmp_path) == []
    if end == "the server is killed":
        starts_again(home, tmp_path)


def test_of_a_file_that_is_held_nothing_is_on_any_disk_when_the_server_is_killed(
    server: Server, home: Home, tmp_path: Path
):
    clerk = server.asking()
    clerk.sign_in("karwan")
    status, held, _ = server.upload(clerk, 3_000_000)
    assert status == 302
    os.kill(server.process, signal.SIGKILL)
    assert found_in(tmp_path) == []
    again = starts_again(home, tmp_path, held)
    assert TEXT("refusal.file_not_held.remedy") in again
    assert found_in(tmp_path) == []


def starts_again(home: Home, folder: Path, address: str = "/send") -> str:
    """Start a desk whose server was killed, whose home nothing may hold locked, and return a page of its clerk."""
    with home.lock("test"):
        pass
    port = free_port()
    with running(home, folder=folder / "temporary", port=port):
        clerk = Asking(f"http://127.0.0.1:{port}")
        assert clerk.sign_in("karwan")[0] == 200
        return clerk.ask(address)[1]


def found_in(folder: Path) -> list[str]:
    """Return the files that hold what was uploaded: of the home, temporary ones, the log, those in shared memory."""
    assert (folder / "desk.log").exists() and (folder / "home" / "desk" / "desk.sqlite3").exists()
    return marked_files(folder) + [found for shared in SHARED for found in marked_files(shared)]


# What one request may be


def limited(**adjustments: object) -> LimitedRequest:
    return LimitedRequest(SimpleNamespace(**adjustments))


@pytest.fixture
def adjustments() -> dict[str, object]:
    sizes = {"max_request_header_size": 32_768, "max_request_body_size": listening.LARGEST_READ}
    return {**sizes, "inbuf_overflow": LARGEST_UPLOAD, "url_scheme": "http"}


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        (b"POST / HTTP/1.1\r\nHost: loc", 20),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n", 30),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000000\r\n\r\n", 1_020),
    ],
    ids=["head", "form", "file"],
)
def test_a_request_has_as_long_as_its_length_allows(
    adjustments: dict[str, object], monkeypatch: pytest.MonkeyPatch, head: bytes, seconds: int
):
    began = time.monotonic()
    for late, is_ended in ((-1, False), (1, True)):
        monkeypatch.setattr(listening.time, "monotonic", lambda: began)
        request = limited(**adjustments)
        request.received(head)
        monkeypatch.setattr(listening.time, "monotonic", lambda late=late: began + seconds + late)
        request.received(b"x")
        assert (request.completed, request.error is not None, request.connection_close) == (is_ended,) * 3


def test_a_body_of_unknown_length_is_no_larger_than_a_form(adjustments: dict[str, object]):
    request = limited(**adjustments)
    request.received(b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"%x\r\n%s\r\n" % (100_000, b"x" * 100_000)
    for _ in range(9):
        request.received(chunk)
    assert not request.completed
    for _ in range(2):
        request.received(chunk)
    assert request.completed and request.error is not None


def test_so_many_large_bodies_are_held_at_a_time(adjustments: dict[str, object], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(LimitedRequest, "_has_signed_in", lambda _: True)
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n\r\n"
    requests = [limited(**adjustments) for _ in range(listening.MOST_LARGE + 1)]
    for request in requests:
        request.received(head)
        request.received(b"x" * 1000)
    assert [TOO_MANY in request.headers for request in requests] == [False] * listening.MOST_LARGE + [True]
    requests[-1].received(b"x" * 3_000_000)
    assert len(requests[-1].body_rcv) == listening.SMALL
    del requests, request
    after = limited(**adjustments)
    after.received(head)
    after.received(b"x" * 1000)
    assert len(after.body_rcv) == 1000
