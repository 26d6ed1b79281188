"""`marsad serve`: asked by a client that nobody here wrote, over a socket."""

from __future__ import annotations

import hashlib
import http.client
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sdmx
from pysdmx.io.xml.doc_validation import validate_doc

from expectations.published import release_withdrawal
from ingestion.home import Home
from languages.refusal import Refusal
from marsad.serving import HERE, make_server

FLOW = "FOUR_PS_NATIONAL"


@pytest.fixture(scope="module")
def port(own_released: Home) -> Iterator[int]:
    folder = next(path.parent for path in own_released.releases.glob("four_ps_national/*/manifest.json"))
    yield from _served([folder])


def _served(folders: list[Path]) -> Iterator[int]:
    server = make_server(folders, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _asked(port: int, path: str, method: str = "GET", host: str = HERE) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(HERE, port, timeout=60)
    connection.request(method, path, headers={"Host": f"{host}:{port}"})
    answered = connection.getresponse()
    return answered.status, answered.read()


def test_sdmx1_reads_the_flows_and_a_key_of_the_data(port: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_PROXY", HERE)
    sdmx.add_source({"id": "IQ_CTTF", "name": "Task force", "url": f"http://{HERE}:{port}"}, override=True)
    client = sdmx.Client("IQ_CTTF")
    flow = client.dataflow(FLOW)
    assert FLOW in flow.dataflow
    found = client.data(FLOW, key={"INDICATOR": "PRT-01", "SEX": "F"}, dsd=flow.structure[FLOW])
    codes = {one.key["SEX"].value for dataset in found.data for one in dataset.obs}
    assert codes == {"F"}


def test_only_this_machine_reads_and_nobody_writes(port: int):
    assert _asked(port, "/dataflow", host="elsewhere.invalid")[0] == 403
    assert _asked(port, "/dataflow", "HEAD") == (200, b"")
    assert [_asked(port, "/dataflow", method)[0] for method in ("POST", "PUT", "DELETE", "OPTIONS")] == [405] * 4
    assert _asked(port, "/../../etc/passwd")[0] == 501


@pytest.mark.parametrize(
    "line",
    [b"garbage\r\n\r\n", b"GET / HTTP/x\r\n\r\n", b"POST /\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\xfc\x03\x03 hello\n"],
)
def test_a_line_that_is_no_http_gets_a_status_and_a_sentence_and_the_connection_ends(port: int, line: bytes):
    with socket.create_connection((HERE, port), timeout=60) as connection:
        connection.sendall(line)
        head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 400 ")
    assert f"http://{HERE}:{port}/, without TLS".encode() in body
    assert b"garbage" not in body


def test_a_port_that_is_taken_is_refused(port: int, own_released: Home):
    folder: Path = next(path.parent for path in own_released.releases.glob("four_ps_national/*/manifest.json"))
    with pytest.raises(Refusal) as refused:
        make_server([folder], port)
    assert refused.value.code == "port_taken"


@pytest.mark.parametrize("fault", [BrokenPipeError(), ConnectionResetError(), TimeoutError("slow"), ValueError("odd")])
def test_a_client_that_goes_away_is_no_fault_to_tell(
    fault: Exception, own_released: Home, capsys: pytest.CaptureFixture[str]
):
    folder = next(path.parent for path in own_released.releases.glob("four_ps_national/*/manifest.json"))
    server = make_server([folder], 0)
    with server, socket.socket() as request:
        try:
            raise fault
        except type(fault):
            server.handle_error(request, (HERE, 1))
    assert (type(fault).__name__ in capsys.readouterr().err) == (not isinstance(fault, ConnectionError))


ROUTES = [
    "/",
    "/dataflow",
    f"/dataflow/IQ_CTTF/{FLOW}/latest?references=all",
    "/datastructure/IQ_CTTF/all",
    "/codelist",
    "/conceptscheme",
    "/agencyscheme",
    "/structure/dataflow/*/*/*",
    f"/data/{FLOW}/all",
    f"/data/dataflow/IQ_CTTF/{FLOW}/*/*",
    "/categoryscheme",
    "/%00",
    "/data/" + "a" * 60_000,
]


def _answered(port: int, route: str) -> tuple[int, str]:
    """Return the status of a route and its sentence, if it is an error message of SDMX that a client reads."""
    status, content = _asked(port, route)
    if status == 200:
        return status, ""
    validate_doc(content.decode())
    return status, content.decode().partition('xml:lang="en">')[2].partition("<")[0]


@pytest.fixture
def home(own_released: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose last releases are a dataset and an estimate, as the demo's."""
    home = Home(shutil.copytree(own_released.root, tmp_path / "home"))
    estimate = home.releases / "hidden_part"
    content = json.dumps({"dataset": "hidden_part", "sequence": 1, "files": {}}).encode()
    version = f"000001-{hashlib.sha256(content).hexdigest()[:12]}"
    (estimate / version).mkdir(parents=True)
    (estimate / version / "manifest.json").write_bytes(content)
    (estimate / "latest").write_text(version)
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return home


@pytest.fixture
def home_port(home: Home) -> Iterator[int]:
    yield from _served([])


def test_an_estimate_beside_the_datasets_is_no_flow_and_takes_none_away(home_port: int):
    assert _answered(home_port, "/dataflow") == (200, "")
    assert b"HIDDEN_PART" not in _asked(home_port, "/dataflow")[1]
    assert _answered(home_port, "/data/HIDDEN_PART/all") == (404, "There is no dataflow HIDDEN_PART.")


def test_a_folder_of_an_estimate_is_refused_at_the_start(home: Home):
    folder = next(path.parent for path in home.releases.glob("hidden_part/*/manifest.json"))
    with pytest.raises(Refusal, match="export_unsuited"):
        make_server([folder], 0)


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_has_a_status_and_a_sentence_while_releases_stand(home_port: int, route: str):
    status, sentence = _answered(home_port, route)
    assert (status == 200) == (route in ROUTES[1:10])
    assert status == 200 or sentence.endswith(".") or status == 414


def test_every_route_has_a_status_and_a_sentence_when_all_was_withdrawn(home: Home, home_port: int):
    for place in home.releases.glob("[!.]*"):
        if place.name != "hidden_part":
            for manifest in place.glob("*/manifest.json"):
                release_withdrawal.withdraw(
                    home, place.name, manifest.parent.name, reason="wrong file", signed_by="approver"
                )
    for route in ROUTES[:-1]:
        assert _answered(home_port, route) == (404, "No release is out now."), route


def test_every_route_has_a_status_and_a_sentence_when_a_release_was_changed(home: Home, home_port: int):
    for data in home.releases.glob("*/*/data.csv"):
        data.chmod(0o600)
        data.write_bytes(b"\0" + data.read_bytes())
    for route in (f"/data/{FLOW}/all", "/codelist"):
        status, sentence = _answered(home_port, route)
        assert (status, "bytes_changed" in sentence, str(home.root) in sentence) == (500, True, False)


@pytest.mark.parametrize("code", ["home_empty", "nothing_out"])
def test_a_home_without_any_release_is_refused_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str):
    home = Home.at(tmp_path / "empty")
    if code == "nothing_out":
        home.open(invented=True)
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    with pytest.raises(Refusal) as refused:
        make_server([], 0)
    assert refused.value.code == code


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.2", "localhost.", ""])
def test_a_page_that_rebinds_its_name_gets_nothing(port: int, host: str):
    assert [_asked(port, route, host=host)[0] for route in ROUTES[:-1]] == [403] * (len(ROUTES) - 1)


@pytest.mark.parametrize("lines", [b"", b"Host: 127.0.0.1:1\r\n", b"Host: localhost:%d\r\nHost: evil.example\r\n"])
def test_no_name_another_port_and_two_names_get_nothing(port: int, lines: bytes):
    with socket.create_connection((HERE, port), timeout=60) as connection:
        connection.sendall(b"GET /dataflow HTTP/1.1\r\n" + lines.replace(b"%d", str(port).encode()) + b"\r\n")
        assert b" 403 " in connection.makefile("rb").readline()
