"""How requests come in: how much of one is held before anybody has asked who sends it, and how long it may take.

waitress reads a request whole, and then hands it on. Here the body of a large one is held only for who has signed in;
of all others the first part is, with the fields that stand before a file, so that the desk still answers in words.

Belongs here: what waitress is told. Does not belong here: pages, or how long a file is held (`sending/held_files.py`).
"""

from __future__ import annotations

import copy
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connection
from django.http import parse_cookie
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver
from waitress.server import TcpWSGIServer, UnixWSGIServer
from waitress.utilities import BadRequest

from desk.configuration import LARGEST_REQUEST, TOO_MANY

THREADS = 8
SMALL = 1_000_000
"""Bytes of a body that are held for anybody; the fields of a form are as large at most."""
LARGEST_READ = 250_000_000
"""Bytes of a body that are read at all, and thrown away, so that who chose too large a file is told so in words."""
MOST_LARGE = 8
"""Large bodies that are held at a time, while they come and while they are answered."""
CONNECTIONS = 2_000
"""That are open at a time. One that sends slowly takes a descriptor and no thread: a few of them stop nobody else."""
SECONDS = 20
"""For the head of a request to come, and what a body has beside the time that its length allows."""
BYTES_A_SECOND = 30_000
"""The slowest line on which a body still comes whole: a file as large as may be takes a quarter of an hour."""
_SOCKET: dict[str, Any] = {
    "unix_socket_perms": "660",
    "trusted_proxy": "localhost",  # as waitress calls whoever asks by a socket
    "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"},
}


class _FirstPart(OverflowableBuffer):
    """The first part of a body; the rest is thrown away as it comes."""

    def __init__(self, size: int) -> None:
        super().__init__(size + 1)
        self._size = size

    def append(self, s: bytes) -> None:
        """Hold as much of this as there is room for."""
        super().append(s[: max(0, self._size - len(self))])


class LimitedRequest(HTTPRequestParser):
    """A request as waitress reads it, of which no more is held than its sender may send."""

    _large: ClassVar[weakref.WeakSet[LimitedRequest]] = weakref.WeakSet()

    def __init__(self, adj: Any) -> None:  # noqa: ANN401 - the settings of waitress
        super().__init__(adj)
        self._until = time.monotonic() + SECONDS  # of the body too, once the head has told its length

    def received(self, data: bytes) -> int:
        """Take what came, and return how much of it; a request that takes too long is refused."""
        if time.monotonic() > self._until and not self.completed:
            self.error, self.completed, self.connection_close = BadRequest("too slow"), True, True
            return len(data)
        return super().received(data)

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request, and decide how much of its body is held."""
        super().parse_header(header_plus)
        self._until += (SMALL if self.chunked else self.content_length) / BYTES_A_SECOND
        if self.chunked:  # no browser sends a form so
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = SMALL
        elif self.content_length > SMALL:
            self._limit_body()

    def _limit_body(self) -> None:
        if self.content_length > LARGEST_REQUEST or not self._has_signed_in():
            self.body_rcv = FixedStreamReceiver(self.content_length, _FirstPart(SMALL))
        elif len(self._large) >= MOST_LARGE:
            self.headers = {**self.headers, TOO_MANY: "1"}
            self.body_rcv = FixedStreamReceiver(self.content_length, _FirstPart(SMALL))
        else:
            self._large.add(self)

    def _has_signed_in(self) -> bool:
        key = parse_cookie(self.headers.get("COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
        try:
            return bool(key) and SESSION_KEY in SessionStore(key).load()
        except DatabaseError:
            return False
        finally:
            connection.close()


class LimitedChannel(HTTPChannel):
    """A connection whose requests are limited."""

    parser_class = LimitedRequest


class LimitedServer(TcpWSGIServer):
    """A server on a port of this machine, whose connections are limited. It believes no header of a proxy."""

    channel_class = LimitedChannel


class LimitedServerBehindProxy(UnixWSGIServer):
    """A server that a proxy asks by a socket of the file system, and nobody who may not open that."""

    channel_class = LimitedChannel


def answer_requests(application: Callable[..., Any], place: Path | tuple[str, int]) -> None:
    """Answer requests until the process is stopped; nothing of one is written to a disk.

    Args:
        application: what answers.
        place: the socket by which a proxy asks, for whoever owns it and its group; or address and port.
    """
    asked_by: dict[str, Any]
    if isinstance(place, Path):
        make, asked_by = LimitedServerBehindProxy, _SOCKET | {"unix_socket": str(place)}
    else:
        make, asked_by = LimitedServer, {"host": place[0], "port": place[1]}
    server = make(
        application,
        threads=THREADS,
        max_request_header_size=32_768,
        max_request_body_size=LARGEST_READ,
        inbuf_overflow=LARGEST_REQUEST + 1,  # more is never held, so that nothing overflows to a disk
        outbuf_overflow=LARGEST_REQUEST + 1,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,  # select ends at 1,024 descriptors
        channel_timeout=30,
        cleanup_interval=10,
        ident=None,
        **asked_by,
    )
    server.run()
