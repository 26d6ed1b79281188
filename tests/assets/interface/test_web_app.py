"""The adapter of Dagster's web application: its private parts answer as they are asked, behind the guard."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import dagster as dg
import dagster_webserver
import httpx
import pytest
from starlette.types import ASGIApp

from assets.interface.admission import Admission
from assets.interface.web_app import Orders, guard_application
from ingestion.home import Home
from ingestion.people import acts_log
from tests.packages import PROJECT

ADMISSION = Admission(3000, "token", "en")
PERMISSIONS = {"query": "{ permissions { permission value } }"}


def _orders(folder: Path, *, can_run: bool = False) -> Orders:
    workspace = folder / "workspace.json"
    workspace.write_text(json.dumps({"load_from": []}))
    return Orders(0, str(workspace), can_run, ADMISSION, str(folder), "amina")


def _asked(app: ASGIApp, path: str, *, cookie: str, query: dict[str, str] | None = None) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport, cookies = httpx.ASGITransport(app), {ADMISSION.cookie: cookie}
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:3000", cookies=cookies) as client:
            return await client.request("POST" if query else "GET", path, json=query)

    return asyncio.run(ask())


@pytest.mark.parametrize("can_run", [False, True])
def test_the_application_answers_whoever_has_the_token_and_runs_only_where_it_may(
    tmp_path: Path, can_run: bool
) -> None:
    orders = _orders(tmp_path, can_run=can_run)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance, guard_application(orders, instance) as app:
        assert _asked(app, "/server_info", cookie="another").status_code == 403
        told: dict[str, Any] = _asked(app, "/server_info", cookie=ADMISSION.token).json()
        assert told["dagster_webserver_version"] == dagster_webserver.__version__
        answer = _asked(app, "/graphql", cookie=ADMISSION.token, query=PERMISSIONS).json()
        values = {permission["permission"]: permission["value"] for permission in answer["data"]["permissions"]}
        assert values["launch_pipeline_execution"] is can_run


def test_the_version_of_the_application_is_pinned_exactly() -> None:
    assert f"dagster-webserver=={dagster_webserver.__version__}" in PROJECT["project"]["dependencies"]


def test_orders_come_out_of_a_line_as_they_went_in(tmp_path: Path) -> None:
    orders = _orders(tmp_path, can_run=True)
    assert Orders.from_line(orders.as_line().decode()) == orders


def test_a_sign_in_is_a_line_of_the_log_with_who_started_the_interface(tmp_path: Path) -> None:
    orders = _orders(tmp_path)
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance, guard_application(orders, instance) as app:
        assert _asked(app, f"/?token={ADMISSION.token}", cookie="").status_code == 303
        assert _asked(app, "/server_info", cookie=ADMISSION.token).status_code == 200
    lines = [(line["kind"], line["person"], line["what"]) for line in acts_log.read_acts(Home(tmp_path))]
    assert lines == [("signed_in", "amina", "ui")]
