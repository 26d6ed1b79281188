"""Dagster's servers over a home: code server, web application and daemon as one command that can be stopped.

Belongs here: starting them, ending them all on SIGTERM, SIGINT or SIGHUP, what each of them listens on, and that a home
has only one interface.
Does not belong here: what they show (`served_home.py`), or who is admitted (`admission.py`).

Only the web application has a port, on this machine's own address. The code server uses a socket in a folder of mode
0700: whoever reaches it may run code, without any login.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from assets.building import prepare_instance
from assets.dead_runs import fail_dead_runs, interface_lock
from assets.interface.admission import TOKEN_BYTES, Admission
from assets.interface.web_app import Orders
from ingestion.home import Home
from ingestion.people.acts_log import log_look
from ingestion.sealing.sealing_keys import SealingKey
from languages.refusal import Refusal

HERE = "127.0.0.1"
_LOCATION = "assets.definitions"
"""How Dagster identifies the location of the inbox sensor: a fixed name, even if the module moves."""
_MODULE = "assets.interface.served_home"
_QUIET = ("--log-level", "warning")
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_SECONDS_TO_END = 20
_SECONDS_BETWEEN_LOOKS = 0.5


def serve(
    home: Home,
    port: int,
    key: SealingKey | None = None,
    *,
    person: str = "",
    language: str,
    can_run: bool,
    announce: Callable[[str], None],
) -> int:
    """Run the interface on this machine's own address until a signal ends it; return its exit code, 0 after a signal.

    Args:
        home: whose runs it shows.
        port: of this machine's own address; 0 for any that is free.
        key: that opens sealed files of the inbox; without it they wait.
        person: who starts it, and whom the log names when a browser signs in; by default the account.
        language: of its refusals.
        can_run: whether it may start runs and switch sensors; else it only shows.
        announce: called with the address to open, which contains the token of this start.

    Raises:
        Refusal: `lock_held` if this home has an interface already, `home_older`, `port_taken`; `look_not_logged` for a
            home that cannot be written.
    """
    home.refuse_older()
    log_look(home, person, "ui")  # each sign-in will be logged: better no interface than one that admits nobody
    with interface_lock(home), _private_folder() as folder, _take_port(port) as listening:
        prepare_instance(home)
        os.environ["MARSAD_HOME"] = str(home.root)
        _fail_dead_runs(home)
        with _hear_signals() as is_asked_to_end:
            admission = Admission(listening.getsockname()[1], secrets.token_urlsafe(TOKEN_BYTES), language)
            servers = [
                _start_server(code_server_at(_code_socket(folder)), (key.secret + "\n").encode() if key else b"")
            ]
            try:
                announce(f"http://{HERE}:{admission.port}/?token={admission.token}")
                if _wait_until(_code_socket(folder).exists, servers, is_asked_to_end):
                    orders = Orders(
                        listening.fileno(), str(_workspace_in(folder)), can_run, admission, str(home.root), person
                    )
                    servers.append(_start_server(daemon_of(folder)))
                    servers.append(_start_server(web_app(), orders.as_line(), listening=[orders.listening]))
                    listening.close()  # the web application has it now
                    _wait_until(lambda: False, servers, is_asked_to_end)
                codes = [server.poll() for server in servers]
                return 0 if is_asked_to_end() else next(code for code in codes if code is not None)
            finally:
                _end(servers)


def code_server_at(address: Path) -> list[str]:
    """Return the command that loads the graph and serves it on a socket in a private folder."""
    own_python = "--use-python-environment-entry-point"
    return [sys.executable, "-m", "dagster", "api", "grpc", "-s", str(address), "-m", _MODULE, own_python, *_QUIET]


def daemon_of(folder: Path) -> list[str]:
    """Return the command that watches the inbox and starts the runs in Dagster's queue."""
    daemon = str(Path(sys.executable).with_name("dagster-daemon"))
    return [daemon, "run", "-w", str(_workspace_in(folder)), *_QUIET]


def web_app() -> list[str]:
    """Return the command of the web application, which reads its orders from stdin."""
    return [sys.executable, "-m", "assets.interface.web_app"]


def _code_socket(folder: Path) -> Path:
    return folder / "code"


def _workspace_in(folder: Path) -> Path:
    """Write the code server's address, under a fixed name, by which Dagster remembers the inbox sensor."""
    path = folder / "workspace.json"  # JSON is YAML
    server = {"location_name": _LOCATION, "host": "localhost", "socket": str(_code_socket(folder))}
    path.write_text(json.dumps({"load_from": [{"grpc_server": server}]}), encoding="utf-8")
    return path


@contextmanager
def _private_folder() -> Generator[Path]:
    """Make a folder that only this account can enter, with a short name: a socket's path has at most 107 characters.

    The servers' own temporary files are put into it, too.
    """
    before = os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory(prefix="marsad-ui-", ignore_cleanup_errors=True) as folder:
        os.environ["TMPDIR"] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop("TMPDIR")
            os.environ |= {} if before is None else {"TMPDIR": before}


@contextmanager
def _take_port(port: int) -> Generator[socket.socket]:
    """Take the port before the address is announced, so that no other account can answer there.

    Raises:
        Refusal: `port_taken`.
    """
    try:
        listening = socket.create_server((HERE, port))
    except OSError as error:
        raise Refusal("port_taken", where=f"{HERE}:{port}") from error
    with listening:
        yield listening


@contextmanager
def _hear_signals() -> Generator[Callable[[], bool]]:
    """Handle the signals that end the interface; yield a function that tells whether one of them has come."""
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    before = {number: signal.signal(number, hear) for number in _SIGNALS}  # a script has its children ignore SIGINT
    try:
        yield lambda: bool(heard)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _start_server(command: Sequence[str], line: bytes = b"", listening: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, so that everything that it starts can be ended.

    Its secrets come as a line of stdin: an environment would be inherited by all that it starts.
    """
    stdin = subprocess.PIPE if line else subprocess.DEVNULL
    server = subprocess.Popen(command, stdin=stdin, start_new_session=True, pass_fds=listening)  # noqa: S603 - our own
    if server.stdin:
        with suppress(BrokenPipeError), server.stdin as stream:  # ended already: its exit code tells
            stream.write(line)
    return server


def _wait_until(
    happened: Callable[[], bool], servers: Sequence[subprocess.Popen[bytes]], is_asked_to_end: Callable[[], bool]
) -> bool:
    """Wait until something has happened, a server has ended, or an end was requested; return whether it happened."""
    while not happened():
        if is_asked_to_end() or any(server.poll() is not None for server in servers):
            return False
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return True


def _end(servers: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask the servers to stop, in reverse order of their start, then stop whatever is left of them."""
    deadline = time.monotonic() + _SECONDS_TO_END
    for server in reversed(servers):
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
    for server in servers:
        with suppress(subprocess.TimeoutExpired):
            server.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _fail_dead_runs(home: Home) -> None:
    """Free the queue of runs that were killed; a running build does that by itself."""
    import dagster as dg

    with suppress(Refusal), home.lock("marsad ui"), dg.DagsterInstance.get() as instance:
        fail_dead_runs(instance, is_interface_up=False)
