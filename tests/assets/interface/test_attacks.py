"""The real interface under attack: every port and socket of `marsad ui` and of all that it starts is tried."""

from __future__ import annotations

import http.client
import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from assets.interface.admission import Admission
from ingestion.home import Home
from ingestion.people import acts_log
from tests.assets.interface import listeners

INTROSPECTION = json.dumps({"query": "{ __schema { queryType { name } } }"})
PERMISSIONS = json.dumps(
    {"query": "{ workspaceOrError { ... on Workspace { locationEntries { name permissions { value } } } } }"}
)
ROUTES = [
    "/",
    "/runs",
    "/server_info",
    "/graphql",
    "/graphql?query={__typename}",
    "/download_debug/0",
    "/logs/run/key/out",
    "/notebook?path=a.ipynb&repoLocName=assets.definitions",
    "/dagit_info",
    "/robots.txt",
    "/report_asset_materialization/receipts",
    "/%2e%2e/graphql",
    "//graphql",
]
SECONDS_TO_START = 240


@dataclass(frozen=True)
class Interface:
    """A running `marsad ui`, asked under any name and with any cookie."""

    process: int
    port: int
    token: str
    home: Home

    def ask(
        self, route: str, *, host: str = "", cookie: str = "", method: str = "GET", body: str | None = None
    ) -> tuple[int, str]:
        """Return the status and the text of an answer."""
        headers = {"Host": host or f"127.0.0.1:{self.port}", "Content-Type": "application/json"}
        headers |= {"Cookie": f"marsad-ui-{self.port}={cookie}"} if cookie else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, route, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, text


@pytest.fixture(scope="module")
def interface(tmp_path_factory: pytest.TempPathFactory) -> Generator[Interface]:
    home = Home.at(tmp_path_factory.mktemp("attacked") / "home").open(invented=True)
    output = home.root.parent / "output"
    with output.open("w") as out:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("marsad")), "ui", "--port", "0"],
            env=os.environ | {"MARSAD_HOME": str(home.root)},
            stdout=out,
        )
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while "token=" not in output.read_text():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
        address = urlsplit(output.read_text().split()[0])
        started = Interface(process.pid, address.port or 0, address.query.removeprefix("token="), home)
        status, _ = started.ask("/server_info", cookie=started.token)  # waits: the port listens before Dagster answers
        assert status == 200
        yield started
    finally:
        process.terminate()
        assert process.wait(60) == 0


@pytest.mark.parametrize("route", ROUTES)
def test_a_neighbour_without_the_token_gets_nothing_of_any_route(interface: Interface, route: str) -> None:
    for cookie in ("", "wrong", interface.token[:-1]):
        for method in ("GET", "POST", "HEAD", "OPTIONS"):
            status, text = interface.ask(
                route, cookie=cookie, method=method, body=INTROSPECTION if method == "POST" else None
            )
            assert (method, status) == (method, 403)
            assert "marsad ui" in text or method == "HEAD"


@pytest.mark.parametrize("route", ROUTES)
def test_a_page_that_rebinds_its_name_gets_nothing_even_with_the_token(interface: Interface, route: str) -> None:
    for host in ("evil.example", f"evil.example:{interface.port}", "127.0.0.1", f"127.0.0.1:{interface.port + 1}"):
        status, _ = interface.ask(route, host=host, cookie=interface.token)
        assert (host, status) == (host, 403)


def test_the_schema_is_told_to_nobody_without_the_token_and_to_whoever_has_it(interface: Interface) -> None:
    status, text = interface.ask("/graphql", method="POST", body=INTROSPECTION)
    assert (status, "queryType" in text) == (403, False)
    status, text = interface.ask("/graphql", method="POST", body=INTROSPECTION, cookie=interface.token)
    assert (status, "queryType" in text) == (200, True)


@pytest.mark.parametrize("cookie", ["", "wrong"])
def test_a_socket_of_the_interface_is_not_opened_without_the_token(interface: Interface, cookie: str) -> None:
    headers = {"Cookie": f"marsad-ui-{interface.port}={cookie}"} if cookie else {}
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{interface.port}/graphql", additional_headers=headers, proxy=None)
    assert refused.value.response.status_code == 403


def test_a_page_of_another_port_does_not_open_a_socket_with_the_cookie_that_a_browser_sends_it(
    interface: Interface,
) -> None:
    cookie = {"Cookie": f"marsad-ui-{interface.port}={interface.token}"}
    address = f"ws://127.0.0.1:{interface.port}/graphql"
    with pytest.raises(InvalidStatus) as refused:
        connect(address, additional_headers=cookie, origin="http://127.0.0.1:4000", proxy=None)  # pyright: ignore[reportArgumentType] - a plain text is its NewType
    assert refused.value.response.status_code == 403
    with connect(address, additional_headers=cookie, subprotocols=["graphql-ws"], proxy=None) as own:  # pyright: ignore[reportArgumentType] - as above
        own.send(json.dumps({"type": "connection_init"}))
        assert json.loads(own.recv(timeout=60))["type"] == "connection_ack"


def test_one_port_listens_on_this_machines_own_address_and_no_socket_is_open_to_other_accounts(
    interface: Interface,
) -> None:
    processes = listeners.family_of(interface.process)
    assert len(processes) >= 4  # the command, code server, web application, daemon
    assert listeners.ports_of(processes) == {("127.0.0.1", interface.port)}
    names = listeners.unix_sockets_of(processes)
    assert names  # the code server
    for name in names:
        folder = Path(name).parent
        assert name.startswith("/")  # a name without a folder is open to all
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(Path(name).stat().st_mode) & 0o077 == 0
    with pytest.raises(OSError, match=r"refused|unreachable|assign"):
        socket.create_connection(("::1", interface.port), timeout=5)


def test_no_process_shows_the_token_in_its_command_or_environment_and_no_file_of_the_home_holds_it(
    interface: Interface,
) -> None:
    processes = listeners.family_of(interface.process)
    parts = [Path(f"/proc/{process}/{part}") for process in processes for part in ("cmdline", "environ")]
    files = [path for path in interface.home.root.rglob("*") if path.is_file()]
    assert files
    assert [path for path in (*parts, *files) if interface.token.encode() in path.read_bytes()] == []


def test_the_rules_of_admission_do_not_print_their_token() -> None:
    assert "secret" not in repr(Admission(1, "secret", "en"))


def test_the_start_and_each_sign_in_are_a_line_of_the_log_and_no_other_request_is(interface: Interface) -> None:
    assert [line["kind"] for line in acts_log.read_acts(interface.home)] == ["looked"]  # many were asked and refused
    for _ in range(2):
        assert interface.ask(f"/?token={interface.token}")[0] == 303
        assert interface.ask("/server_info", cookie=interface.token)[0] == 200
    lines = [(line["kind"], line["what"]) for line in acts_log.read_acts(interface.home)]
    assert lines == [("looked", "ui"), ("signed_in", "ui"), ("signed_in", "ui")]


def test_the_interface_only_shows(interface: Interface) -> None:
    _, text = interface.ask("/graphql", method="POST", body=PERMISSIONS, cookie=interface.token)
    entry = json.loads(text)["data"]["workspaceOrError"]["locationEntries"][0]
    assert entry["name"] == "assets.definitions"  # the inbox sensor is remembered under this name
    assert {permission["value"] for permission in entry["permissions"]} == {False}
    status, _ = interface.ask(
        "/report_asset_materialization/receipts", method="POST", body="{}", cookie=interface.token
    )
    assert status >= 400
