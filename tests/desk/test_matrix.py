"""Each invented person at each page: who has no role for it gets the page that is not there."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from desk.identity import access
from ingestion.people.roster import DEMO_PEOPLE
from tests.desk.browsers import browser, roles

ARGUMENTS = {
    **{"person": "dara", "act": "000001-0123456789ab", "file": "en/index.html", "slot": "protection", "tag": "ar"},
    **{"source": "kurdistan_interior_ministry", "token": "x", "submission": "000001-x", "kind": "page"},
    **{"dataset": "four_ps_national", "indicator": "PRT-01", "table": "four-ps-national-prt-01"},
}
"""A value for each part of an address: of somebody or something else than who asks."""
PAGES = [pattern.name for pattern in get_resolver().url_patterns]


def address_of(name: str) -> str:
    pattern = next(pattern for pattern in get_resolver().url_patterns if pattern.name == name)
    parts = pattern.pattern.converters
    assert set(parts) <= set(ARGUMENTS), f"{name}: an argument without a value in ARGUMENTS"
    return reverse(name, kwargs={part: ARGUMENTS[part] for part in parts})


def answers_to(name: str) -> frozenset[str]:
    pattern = next(pattern for pattern in get_resolver().url_patterns if pattern.name == name)
    return access.roles_of(pattern.callback)


@pytest.mark.parametrize("person", DEMO_PEOPLE)
def test_a_page_answers_the_roles_that_it_names_and_nobody_else(person: str):
    client = browser(person)
    for name in PAGES:
        wanted = answers_to(name)
        is_hers = bool(wanted & roles(person)) or wanted == access.EVERYBODY
        for method in (client.get, client.post):
            status = method(address_of(name)).status_code
            if not is_hers:
                assert status == 404, (name, method.__name__, status)
            elif name != "sign_out":
                assert status != 404, (name, method.__name__)
            if name == "sign_out" and method is client.post:
                client = browser(person)
            if name in ("give_password", "end_sessions", "remove_second_factor", "change_password") and is_hers:
                client = browser(person)


@pytest.mark.parametrize("name", [name for name in PAGES if answers_to(name) != access.EVERYBODY])
def test_nobody_is_led_to_the_page_of_signing_in(name: str):
    client = browser()
    for method in (client.get, client.post):
        answer = method(address_of(name))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in")
