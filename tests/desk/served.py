"""A desk that is served: `marsad-desk serve` as a process, asked by a client of HTTP that keeps cookies.

Belongs here: starting it, and the few requests that tests of servers make. Does not belong here: pages.
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from desk.identity.accounts import INVENTED
from ingestion.home import Home

PATIENCE = 300
"""Seconds, on a busy machine."""


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


@contextmanager
def served(home: Home, *words: str, folder: Path, port: int = 0) -> Iterator[int]:
    """Serve a home's desk while the block runs, on a free port by default; its temporary files go into `folder`."""
    port = port or free_port()
    with running(home, *words, folder=folder, port=port):
        yield port


@contextmanager
def served_behind_proxy(home: Home, host: str, *, socket: Path, folder: Path) -> Iterator[None]:
    """Serve a home's desk to a proxy while the block runs."""
    with _running(home, ["--host", host, "--socket", str(socket)], socket, folder):
        yield


@contextmanager
def running(home: Home, *words: str, folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve a home's desk on a port while the block runs, and yield its process."""
    with _running(home, ["--port", str(port), *words], ("127.0.0.1", port), folder) as process:
        yield process


@contextmanager
def _running(
    home: Home, words: Sequence[str], place: Path | tuple[str, int], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "desk.start", "serve", "--home", str(home.root), *words]
    environment = {**os.environ, "TMPDIR": str(folder)}
    with (folder.parent / "desk.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        try:
            _wait_for(place, process, folder.parent / "desk.log")
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait_for(place: Path | tuple[str, int], process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket(socket.AF_UNIX if isinstance(place, Path) else socket.AF_INET) as tried, suppress(OSError):
            tried.connect(str(place) if isinstance(place, Path) else place)
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


class Asking:
    """A client that keeps cookies, follows no form, and reads each answer to its end."""

    def __init__(self, address: str, *, host: str = "", certificate: Path | None = None) -> None:
        """Ask a server under its address, by another name if one is given; a certificate is one that a test made."""
        self.address, self.cookies = address, http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=certificate)),
        )
        self._headers = {"Accept-Language": "en", **({"Host": host} if host else {})}

    def ask(self, path: str, data: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Return status and text of an answer, to a form where there is data."""
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        headers = self._headers | ({"Referer": self.address + path} if data is not None else {})
        request = urllib.request.Request(self.address + path, body, headers)  # noqa: S310 - our own address
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def token(self, path: str = "/sign-in") -> str:
        """Return what makes a form of a page ours."""
        return re.findall(r'name="csrfmiddlewaretoken" value="(.+?)"', self.ask(path)[1])[0]

    def sign_in(self, person: str) -> tuple[int, str]:
        """Sign in as an invented person, and return the page that follows."""
        fields = {"name": person, "password": INVENTED.format(person=person), "next": "/"}
        return self.ask("/sign-in", fields | {"csrfmiddlewaretoken": self.token()})
