"""Dagster's web application behind the guard, in a process of its own: `python -m assets.interface.web_app`.

Belongs here: making the application from Dagster's parts, putting the guard around it, serving it on a socket that the
parent has bound. Its secrets come by stdin, because every account can read a command's arguments in `/proc`.
Does not belong here: starting and ending it (`servers.py`), who is admitted (`admission.py`).

This is the one place that calls private parts of Dagster. Its command `dagster-webserver` takes no middleware and no
bound socket, so that only a proxy could stand in front of its routes, and every account of the machine could bypass
that. `dagster-webserver` is pinned exactly for this module, and its test checks these parts.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assets.interface.admission import Admission, Guard
from ingestion.home import Home
from ingestion.people.acts_log import log_look

if TYPE_CHECKING:
    import dagster as dg
    from starlette.applications import Starlette

_MILLISECONDS_BETWEEN_LOOKS = 2000
_STATEMENT_MILLISECONDS, _RECYCLE_SECONDS, _OVERFLOW = 15_000, 3600, 20  # Dagster's own defaults


@dataclass(frozen=True)
class Orders:
    """The orders from the parent.

    Attributes:
        listening: file descriptor of the listening socket.
        workspace: file that names the code server.
        can_run: whether runs may be started and sensors switched.
        admission: the rules of admission, as fields.
        home: whose log names who signs in.
        person: who does; empty for the account.
    """

    listening: int
    workspace: str
    can_run: bool
    admission: Admission
    home: str
    person: str

    def as_line(self) -> bytes:
        """Return the orders as one line for stdin."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: str) -> Orders:
        """Read what `as_line` wrote."""
        content = json.loads(line)
        return cls(**(content | {"admission": Admission(**content["admission"])}))


@contextmanager
def guard_application(orders: Orders, instance: dg.DagsterInstance) -> Generator[Starlette]:
    """Yield Dagster's application over a home's instance, with the guard in front of all its routes."""
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster_webserver.app import create_app_from_workspace_process_context

    instance.optimize_for_webserver(_STATEMENT_MILLISECONDS, _RECYCLE_SECONDS, _OVERFLOW)
    target = WorkspaceFileTarget([orders.workspace])
    with WorkspaceProcessContext(instance, target, read_only=not orders.can_run) as context:
        app = create_app_from_workspace_process_context(context, "", _MILLISECONDS_BETWEEN_LOOKS)
        sign_in = partial(log_look, Home(Path(orders.home)), orders.person, "ui", "signed_in")
        app.add_middleware(Guard, admission=orders.admission, log_sign_in=sign_in)
        yield app


def main() -> None:
    """Serve until a signal ends it."""
    import dagster as dg  # imported late: the parent imports this module for its orders
    import uvicorn

    orders = Orders.from_line(sys.stdin.readline())
    with dg.DagsterInstance.get() as instance, guard_application(orders, instance) as app:
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        with suppress(KeyboardInterrupt):  # how the parent ends it
            uvicorn.Server(config).run(sockets=[socket.socket(fileno=orders.listening)])


if __name__ == "__main__":
    main()
