"""The address of `marsad ui`, printed when the first page can be loaded.

Belongs here: waiting until the web application answers, which takes half a minute on a busy machine, and the messages
meanwhile. Does not belong here: the servers (`assets/interface/servers.py`), or who is admitted (`admission.py`).
"""

from __future__ import annotations

import http.client
from contextlib import suppress
from threading import Thread
from urllib.parse import urlsplit

from languages.words import Words
from marsad.terminal import console


def say_when_it_answers(address: str, words: Words, *, can_run: bool) -> Thread:
    """Print at once that the interface starts, and from a thread its address and mode, once it answers.

    Args:
        address: whose port listens already.
        words: of the messages.
        can_run: whether it may start runs.

    Returns:
        The thread. If the interface ends before it has answered, no address is printed.
    """
    console.note(words.text("ui.starts"))
    thread = Thread(
        target=_say_address, args=(address, words.text("ui.can_run" if can_run else "ui.read_only")), daemon=True
    )
    thread.start()
    return thread


def _say_address(address: str, rights: str) -> None:
    place = urlsplit(address)
    with suppress(OSError, http.client.HTTPException):  # it has ended: its starter is told why
        connection = http.client.HTTPConnection(place.hostname or "", place.port)
        connection.request("GET", "/")  # queues until the port is served; without the token the answer is a refusal
        connection.getresponse().read()
        console.say(address)
        console.note(rights)
