"""`marsad serve`: released folders under the addresses of SDMX's web service, to be read from this machine alone.

Belongs here: the socket, what it lets in, and what it says of itself. Only the loopback address answers, only to be
read, and only what is released: a release that is withdrawn meanwhile is gone with the next question.
Does not belong here: what an address means (`reports/exchange/sdmx_files/sdmx_paths.py`), publishing to others: put the
files of `marsad export sdmx` on a web server.
"""

from __future__ import annotations

from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import typer

from languages.refusal import Refusal
from marsad.terminal import console
from marsad.terminal.chosen_language import words

if TYPE_CHECKING:
    from reports.released.released_folder import ReleasedFolder

HERE = "127.0.0.1"
_HOSTS = (HERE, "localhost")
app = typer.Typer()


@app.command()
def serve(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Released folders; else the last release of each dataset.")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")] = 8021,
) -> None:
    """Let R and Python query releases by SDMX's REST addresses, on this machine alone, until it is stopped."""
    server = serving(folders or (), port)
    console.say(words().text("serve.address", address=f"http://{HERE}:{server.server_port}/"))
    try:
        server.serve_forever()
    finally:
        server.server_close()


def serving(folders: Sequence[Path], port: int) -> ThreadingHTTPServer:
    """Return a server that listens on the loopback address and answers of these folders, or of the home.

    Raises:
        Refusal: as `released_folder.read`, `nothing_out`; `port_taken`.
    """
    _releases(folders)  # what cannot be read is told now
    try:
        return _ReleaseServer(folders, (HERE, port))
    except OSError as error:
        raise Refusal("port_taken", where=f"{HERE}:{port}") from error


def _releases(folders: Sequence[Path]) -> list[ReleasedFolder]:
    """Return what may be asked for now: withdrawn releases are left out of a home, and refused as a folder."""
    from ingestion.home import Home
    from reports.released import released_folder

    if folders:
        return [released_folder.read(folder) for folder in folders]
    home = Home.at().existing()
    names = sorted(path.name for path in home.releases.glob("[!.]*"))
    found = [one for name in names if (one := _standing(home, name))]
    if not found:
        raise Refusal("nothing_out", where=str(home.root))
    return found


def _standing(home: Any, name: str) -> ReleasedFolder | None:  # noqa: ANN401 - a home, whose import is late
    from reports.released import released_folder

    try:
        return released_folder.latest(home, name)
    except Refusal:
        return None


class _ReleaseServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folders: Sequence[Path], address: tuple[str, int]) -> None:
        self.folders = folders
        self._known: dict[str, ReleasedFolder] = {}
        super().__init__(address, _ReleaseRequest)

    def releases(self) -> list[ReleasedFolder]:
        """Return the releases of this moment; one that was read before is not read again."""
        now = {one.version: one for one in _releases(self.folders)}
        self._known = {version: self._known.get(version, one) for version, one in now.items()}
        return list(self._known.values())


class _ReleaseRequest(BaseHTTPRequestHandler):
    server: _ReleaseServer  # pyright: ignore[reportIncompatibleVariableOverride] - the one that it is made for
    server_version, sys_version = "marsad", ""

    def do_GET(self) -> None:
        self._answer(has_body=True)

    def do_HEAD(self) -> None:
        self._answer(has_body=False)

    def _answer(self, *, has_body: bool) -> None:
        from reports.exchange.sdmx_files.sdmx_paths import SdmxAnswer, answer

        asked = urlsplit(self.path)
        host = (self.headers.get("Host") or "").rpartition(":")[0] or self.headers.get("Host")
        if host not in _HOSTS:  # a page of somewhere else that asks by a name of its own
            told = SdmxAnswer(403, "text/plain; charset=utf-8", b"This address answers this machine alone.\n")
        else:
            query = dict(parse_qsl(asked.query, keep_blank_values=True))
            told = answer(self._releases(), unquote(asked.path), query, self.headers.get("Accept") or "")
        self.send_response(told.status)
        self.send_header("Content-Type", told.content_type)
        self.send_header("Content-Length", str(len(told.content)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if has_body:
            self.wfile.write(told.content)

    def _releases(self) -> list[ReleasedFolder]:
        try:
            return self.server.releases()
        except Refusal:  # all of them were withdrawn, or changed under our hands: nothing is served
            return []

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: who asks for what is nobody's business."""
