"""Dagster's web application behind the guard, in a process of its own: `python -m assets.interface.web_app`.

Belongs here: making the application from Dagster's parts, putting the guard around it, answering on a socket that the
parent has bound. What it may know comes by stdin: the words of a command stand in `/proc` for every account to read.
Does not belong here: starting and ending it (`servers.py`), who is let in (`admission.py`).

The one place where the house calls private parts of Dagster. Its command `dagster-webserver` takes no middleware and no
socket that is bound already, so that nothing could stand in front of its routes but a proxy, whose back door every
account of the machine could use. `dagster-webserver` is pinned exactly for this module, and its test asks these parts.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from assets.interface.admission import Admission, Guard

if TYPE_CHECKING:
    import dagster as dg
    from starlette.applications import Starlette

_MILLISECONDS_BETWEEN_LOOKS = 2000
_STATEMENT_MILLISECONDS, _RECYCLE_SECONDS, _OVERFLOW = 15_000, 3600, 20  # Dagster's own defaults


@dataclass(frozen=True)
class Orders:
    """What the parent tells.

    Attributes:
        listening: number of the open file that is the listening socket.
        workspace: file that names the code server.
        can_run: whether runs may be started and sensors switched.
        admission: whom to let in, as fields.
    """

    listening: int
    workspace: str
    can_run: bool
    admission: Admission

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
    """Yield Dagster's application over what a home has kept, with the guard in front of all that it answers."""
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster_webserver.app import create_app_from_workspace_process_context

    instance.optimize_for_webserver(_STATEMENT_MILLISECONDS, _RECYCLE_SECONDS, _OVERFLOW)
    target = WorkspaceFileTarget([orders.workspace])
    with WorkspaceProcessContext(instance, target, read_only=not orders.can_run) as context:
        app = create_app_from_workspace_process_context(context, "", _MILLISECONDS_BETWEEN_LOOKS)
        app.add_middleware(Guard, admission=orders.admission)
        yield app


def main() -> None:
    """Answer until a signal ends it."""
    import dagster as dg  # late: the parent imports this module for its orders
    import uvicorn

    orders = Orders.from_line(sys.stdin.readline())
    with dg.DagsterInstance.get() as instance, guard_application(orders, instance) as app:
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        with suppress(KeyboardInterrupt):  # how the parent ends it
            uvicorn.Server(config).run(sockets=[socket.socket(fileno=orders.listening)])


if __name__ == "__main__":
    main()
