"""`marsad serve` without a folder, over the demo's home, asked by the client that statisticians use."""

from __future__ import annotations

import threading
import time

import pytest
import sdmx

from ingestion.home import Home
from marsad.serving import HERE, make_server

pytestmark = pytest.mark.whole_home


def test_sdmx1_reads_structure_and_figures(demo: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MARSAD_HOME", str(demo.root))
    monkeypatch.setenv("NO_PROXY", HERE)
    begun = time.process_time()
    server = make_server([], 0)
    assert time.process_time() - begun < 2, "of the processor: it listens before it has read anything"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        sdmx.add_source(
            {"id": "IQ_CTTF", "name": "Task force", "url": f"http://{HERE}:{server.server_port}"}, override=True
        )
        client = sdmx.Client("IQ_CTTF")
        flows = client.dataflow()
        assert set(flows.dataflow) == {"FOUR_PS_NATIONAL", "FOUR_PS_GOVERNORATE", "LAW_28_MONITOR"}
        for flow in flows.dataflow:
            structure = client.datastructure(flow).structure[flow]
            found = client.data(flow, dsd=structure, params={"startPeriod": "2024"})
            assert sum(len(dataset.obs) for dataset in found.data) > 100
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
