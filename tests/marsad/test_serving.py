"""`marsad serve`: asked by a client that nobody here wrote, over a socket."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sdmx

from ingestion.home import Home
from languages.refusal import Refusal
from marsad.serving import HERE, serving

FLOW = "FOUR_PS_NATIONAL"


@pytest.fixture(scope="module")
def port(own_released: Home) -> Iterator[int]:
    folder = next(path.parent for path in own_released.releases.glob("four_ps_national/*/manifest.json"))
    server = serving([folder], 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
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
    assert _asked(port, "/dataflow", "POST")[0] == 501
    assert _asked(port, "/../../etc/passwd")[0] == 501


def test_a_port_that_is_taken_is_refused(port: int, own_released: Home):
    folder: Path = next(path.parent for path in own_released.releases.glob("four_ps_national/*/manifest.json"))
    with pytest.raises(Refusal) as refused:
        serving([folder], port)
    assert refused.value.code == "port_taken"
