"""`marsad serve`: released folders under the addresses of SDMX's web service, readable from this machine only.

Belongs here: the socket, which requests it accepts, and its messages. It answers only on the loopback address, only
read requests, and only with what is released: a release withdrawn meanwhile is gone at the next request.
Does not belong here: what an address means (`reports/exchange/sdmx_files/sdmx_paths.py`), publishing to others: put the
files of `marsad export sdmx` on a web server.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import typer

from languages.refusal import Refusal
from marsad.terminal import console
from marsad.terminal.chosen_language import words

if TYPE_CHECKING:
    from reports.exchange.sdmx_files.sdmx_paths import SdmxAnswer
    from reports.released.released_folder import ReleasedFolder

HERE = "127.0.0.1"
app = typer.Typer()
_WITHDRAWN = "export_withdrawn"
_GONE = {_WITHDRAWN: "This release was withdrawn.", "nothing_out": "No release is out now."}
"""Replaces refusals that name a folder, because every account of the machine may send requests."""


@app.command()
def serve(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Released folders; else the last release of each dataset with cells.")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8021,
) -> None:
    """Let R and Python query releases by SDMX's REST addresses, on this machine alone, until it is stopped."""
    server = make_server(folders or (), port)
    console.say(words().text("serve.address", address=f"http://{HERE}:{server.server_port}/"))
    server.read_ahead()
    try:
        server.serve_forever()
    finally:
        server.server_close()


def make_server(folders: Sequence[Path], port: int) -> ReleaseServer:
    """Return a server that listens on the loopback address and serves these folders, or the home.

    Raises:
        Refusal: as `released_folder.read_release`, `export_unsuited` for a folder without cells, `nothing_out`;
            `port_taken`.
    """
    for released in _releases(folders):  # unreadable folders are reported now
        released.need_cells("sdmx")
    try:
        return ReleaseServer(folders, (HERE, port))
    except OSError as error:
        raise Refusal("port_taken", where=f"{HERE}:{port}") from error


def _releases(folders: Sequence[Path]) -> list[ReleasedFolder]:
    """Return what may be requested now: in a home, the valid releases with cells; estimates have none.

    Raises:
        Refusal: as `released_folder.read_release`; `nothing_out`.
    """
    from ingestion.home import Home
    from reports.released import released_folder

    if folders:
        return [released_folder.read_release(folder) for folder in folders]
    home = Home.at().existing()
    names = sorted(path.name for path in home.releases.glob("[!.]*"))
    releases = [released for name in names if (released := _standing_release(home, name)) and released.has_cells]
    if not releases:
        raise Refusal("nothing_out", where=str(home.root))
    return releases


def _standing_release(home: Any, name: str) -> ReleasedFolder | None:  # noqa: ANN401 - a home, whose import is late
    from reports.released import released_folder

    try:
        return released_folder.latest_release(home, name)
    except Refusal as refusal:
        if refusal.code != _WITHDRAWN:
            raise
        return None


class ReleaseServer(ThreadingHTTPServer):
    """Serves, on the loopback address, the releases as they are at each request."""

    daemon_threads = True

    def __init__(self, folders: Sequence[Path], address: tuple[str, int]) -> None:
        """Listen; nothing is read before it is requested."""
        self._folders = folders
        self._known: dict[str, ReleasedFolder] = {}
        self._reading = Lock()
        super().__init__(address, _ReleaseRequest)

    def read_ahead(self) -> None:
        """Read what every client's first request needs, in a thread, before one arrives."""
        Thread(target=self.answer, args=("/dataflow", {}, ""), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as socketserver declares them
        """Ignore a client that left before its answer was complete; report any other error, as socketserver does."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def answer(self, path: str, query: Mapping[str, str], accept: str) -> SdmxAnswer:
        """Return the answer to an address, with a status and a sentence if there is no other."""
        from reports.exchange.sdmx_files.sdmx_paths import answer, error

        with self._reading:  # a second request waits for what the first one reads
            try:
                return answer(self._read_current_releases(), path, query, accept)
            except Refusal as refusal:
                if refusal.code in _GONE:
                    return error(404, _GONE[refusal.code])
                return error(500, f"A release cannot be read ({refusal.code}); “marsad doctor” says where.")
            except Exception:  # a client waits for a status, and the next request may succeed
                return error(500, "This could not be answered; “marsad doctor” says what is wrong with the home.")

    def _read_current_releases(self) -> list[ReleasedFolder]:
        """Return the current releases; one that was read before is not read again."""
        now = {released.version: released for released in _releases(self._folders)}
        self._known = {version: self._known.get(version, released) for version, released in now.items()}
        return list(self._known.values())


class _ReleaseRequest(BaseHTTPRequestHandler):
    server: ReleaseServer  # pyright: ignore[reportIncompatibleVariableOverride] - the one that it is made for
    server_version, sys_version = "marsad", ""
    default_request_version = "HTTP/1.0"  # even an answer to a line that is no HTTP begins with its status
    timeout = 60.0  # seconds; a client that sends only half a line is dropped

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer(has_body=False)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse an unsupported method or a malformed line, as `BaseHTTPRequestHandler` requests.

        What was sent is not repeated.
        """
        from reports.exchange.sdmx_files.sdmx_paths import error

        is_method = code == HTTPStatus.NOT_IMPLEMENTED
        sentence = "Releases are only read here: GET or HEAD." if is_method else HTTPStatus(code).phrase
        if code == HTTPStatus.BAD_REQUEST:
            sentence = f"This is no question of HTTP. Ask http://{HERE}:{self.server.server_port}/, without TLS."
        self.close_connection = True
        self._send(error(HTTPStatus.METHOD_NOT_ALLOWED if is_method else code, sentence), allow=is_method)

    def _answer(self, *, has_body: bool = True) -> None:
        from reports.exchange.sdmx_files.sdmx_paths import error

        hosts = [f"{name}:{self.server.server_port}" for name in (HERE, "localhost")]
        if [host.lower() for host in self.headers.get_all("Host", [])] not in [[host] for host in hosts]:
            # a page from elsewhere that uses a host name of its own
            sentence = f"This address answers this machine alone, as http://{hosts[0]}/."
            self._send(error(403, sentence), has_body=has_body)
            return
        asked = urlsplit(self.path)
        query = dict(parse_qsl(asked.query, keep_blank_values=True))
        answer = self.server.answer(unquote(asked.path), query, self.headers.get("Accept") or "")
        self._send(answer, has_body=has_body)

    def _send(self, answer: SdmxAnswer, *, has_body: bool = True, allow: bool = False) -> None:
        self.send_response(answer.status)
        if allow:
            self.send_header("Allow", "GET, HEAD")
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.content)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if has_body:
            self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: requests are nobody's business."""
