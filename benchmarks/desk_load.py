"""People at the pages of a desk that is served: errors, seconds to the first and the last byte, bytes, by address.

`python -m benchmarks.desk_load HOME [--people 50] [--minutes 5]` serves the desk of an invented home, which must be a
copy: people look, and looks are lines of its log. First one person alone asks for each page twice, at first of a server
that has just started, and has 1,000 rows and a file of 25 MB checked; then so many people ask for pages and send files
at once. It prints Markdown tables. All clerks are one person here, whose next file takes the place of the last, so some
pages of files are refused. On a busy machine read the CPU seconds of the server.

Belongs here: who asks for what. Does not belong here: what a page holds (`tests/desk`).
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from benchmarks.check_rows import write_workbook
from benchmarks.timed_run import cpu_seconds, resident

PAGES = {
    "karwan": ("/", "/send"),
    "amina": ("/", "/owed", "/figures", "/figures/four_ps_national", "/acts", "/people"),
    "hana": ("/", "/edit", "/sentences/ar", "/checklist"),
    "dara": ("/", "/owed", "/acts", "/publication", "/log"),
    "layla": ("/", "/accounts", "/people", "/log"),
}
"""Person -> what she asks for; each of the invented people is there several times."""
RARE = {
    "amina": (
        "/figures/four_ps_national/changes",
        "/owed/iraq_labour_ministry/quality",
        "/figures/four_ps_national/way-back?indicator=PRV-01&measure=DENOMINATOR&ref_area=IQ-FED&time_period=2017",
    ),
    "hana": ("/edit?page=index.html", "/edit/results", "/edit/results/preview", "/two-pages/ar"),
}
"""Person -> what she asks for once in a while, measured of one person alone."""
SECONDS_BETWEEN = (1.0, 5.0)
"""How long a person reads a page."""
ROWS, LARGEST = 1_000, 25_000_000
SHARE_OF_UPLOADS = 0.2
"""Of what a clerk does."""
_BUSY = re.compile(r'role="alert"')


class Answer(NamedTuple):
    """What a person got: address, status, seconds to the first byte and to the last, bytes, whether a refusal."""

    address: str
    status: int
    first: float
    last: float
    size: int
    is_refused: bool


class Visitor:
    """One person with a browser that keeps cookies and sends forms."""

    def __init__(self, port: int, person: str) -> None:
        self._port, self.person, self._cookies = port, person, dict[str, str]()
        self.answers: list[Answer] = []
        self.page = ""

    def ask(self, address: str, body: bytes = b"", kind: str = "application/x-www-form-urlencoded") -> str:
        """Ask for an address, remember the answer, and return where it leads."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= {"Accept-Language": "ar", **({"Content-Type": kind} if body else {})}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        start = time.monotonic()
        try:
            connection.request("POST" if body else "GET", address, body or None, headers)
            answer = connection.getresponse()
            first, content = time.monotonic() - start, answer.read()
        except OSError:
            self.answers.append(Answer(address, 0, time.monotonic() - start, time.monotonic() - start, 0, False))
            return ""
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self._cookies[name] = value
        self.page, last = content.decode(errors="replace"), time.monotonic() - start
        label = ("POST " if body else "") + re.sub(r"/file/[\w-]{16,}", "/file/…", address)
        is_refused = answer.status == 422 and bool(_BUSY.search(self.page))
        self.answers.append(Answer(label, answer.status, first, last, len(content), is_refused))
        return answer.headers["Location"] or ""

    def sign_in(self) -> None:
        """Sign in as the invented person."""
        self.ask("/sign-in")
        fields = {"name": self.person, "password": f"invented-{self.person}-2026", "next": "/"}
        self.ask("/sign-in", urlencode(fields | {"csrfmiddlewaretoken": self._token()}).encode())

    def send(self, data: bytes, name: str) -> str:
        """Choose a file to be checked, look at what is wrong in it, and return the address of that page."""
        self.ask("/send")
        [address, *_] = re.findall(r'href="(/send/\w+/file)"', self.page)
        self.ask(address)
        head = f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self._token()}\r\n'
        head += f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + b"\r\n--x--\r\n"
        if follows := self.ask(address, body, "multipart/form-data; boundary=x"):
            self.ask(follows)
        return follows

    def _token(self) -> str:
        tokens = re.findall(r'name="csrfmiddlewaretoken" value="(.+?)"', self.page)
        return tokens[0] if tokens else ""


def visit(visitor: Visitor, workbook: bytes, until: float, seed: int) -> None:
    """Let a person look and send until a time."""
    chance = random.Random(seed)  # noqa: S311 - when somebody clicks is no secret
    time.sleep(chance.uniform(0, SECONDS_BETWEEN[1]))
    visitor.sign_in()
    while time.monotonic() < until:
        if visitor.person == "karwan" and chance.random() < SHARE_OF_UPLOADS:
            visitor.send(workbook, "cases.xlsx")
        else:
            visitor.ask(chance.choice(PAGES[visitor.person]))
        time.sleep(chance.uniform(*SECONDS_BETWEEN))


@contextmanager
def served_desk(home: Path) -> Iterator[tuple[int, int]]:
    """Serve the desk of a home while the block runs; yields its port and its process."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    command = [sys.executable, "-m", "desk.start", "serve", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONWARNINGS": "ignore"})
    try:
        while process.poll() is None:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def table(answers: list[Answer]) -> Iterator[str]:
    """Yield a line for each address, and one for all."""
    yield "| address | answers | errors | refused | first byte: median s | 95 % s | last byte: 95 % s | largest kB |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    by_address = defaultdict[str, list[Answer]](list)
    for answer in answers:
        by_address[answer.address].append(answer)
    for address, own in [*sorted(by_address.items()), ("all", answers)]:
        errors = sum(answer.status == 0 or (answer.status >= 400 and not answer.is_refused) for answer in own)
        refused, first = sum(answer.is_refused for answer in own), [answer.first for answer in own]
        largest = max((answer.size for answer in own), default=0) / 1000
        ends = _late(first), _late([answer.last for answer in own])
        yield (
            f"| {address} | {len(own)} | {errors} | {refused} | {statistics.median(first):.3f} | {ends[0]:.3f} "
            f"| {ends[1]:.3f} | {largest:.0f} |"
        )


def _late(seconds: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)]


def alone(port: int, workbook: bytes) -> Iterator[str]:
    """Yield what one person waits for when nobody else is there."""
    yield "| page | first time s | second time s | kB |\n|---|---:|---:|---:|"
    for person, pages in PAGES.items():
        visitor = Visitor(port, person)
        visitor.sign_in()
        for page in (*pages, *RARE.get(person, ())):
            visitor.ask(page)
            visitor.ask(page)
            cold, warm = visitor.answers[-2:]
            yield f"| {page} ({person}, {warm.status}) | {cold.last:.3f} | {warm.last:.3f} | {warm.size / 1000:.0f} |"
    yield "\n| one person alone | s |\n|---|---:|"
    clerk = Visitor(port, "karwan")
    for name, task in {
        "signing in, to the first page": lambda: (clerk.sign_in(), clerk.ask("/")),
        f"a check of {ROWS:,} rows, to its page": lambda: clerk.send(workbook, "cases.xlsx"),
        "a file of 25 MB, to its page": lambda: clerk.send(b"a;b\n" * (LARGEST // 4), "large.csv"),
    }.items():
        start = time.monotonic()
        task()
        yield f"| {name} ({clerk.answers[-1].status}) | {time.monotonic() - start:.2f} |"


def main() -> None:
    """Serve, let people in, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.xlsx"
        write_workbook(path, ROWS, 10)
        workbook = path.read_bytes()
    with served_desk(chosen.home) as (port, process):
        print("\n".join(alone(port, workbook)), flush=True)
        before, until = cpu_seconds(process), time.monotonic() + chosen.minutes * 60
        names = list(PAGES)
        visitors = [Visitor(port, names[number % len(names)]) for number in range(chosen.people)]
        threads = [
            threading.Thread(target=visit, args=(visitor, workbook, until, seed))
            for seed, visitor in enumerate(visitors)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        used, memory = cpu_seconds(process) - before, resident(process) / 1e6
    answers = [answer for visitor in visitors for answer in visitor.answers]
    print("\n" + "\n".join(table(answers)))
    print(
        f"\n{chosen.people} people, {chosen.minutes:g} minutes: {used:.0f} CPU seconds of the server, {memory:.0f} MB."
    )
    sys.exit(any(answer.status == 0 or answer.status >= 500 for answer in answers))


if __name__ == "__main__":
    main()
