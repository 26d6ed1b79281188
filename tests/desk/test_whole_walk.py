"""Every form that leads from a person's first page, sent twice at once; then nothing of a record is where none belongs.

Belongs here: a desk that is served, walked by its links, whatever its pages are. Does not belong here: what each form
does (the tests of each task), the demo's home (`journeys/`).
"""

from __future__ import annotations

import http.client
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from django.urls import resolve

from desk.identity.accounts import INVENTED
from ingestion.home import Home
from ingestion.people import acts
from ingestion.people.acts_log import read_acts
from ingestion.people.roster import DEMO_PEOPLE
from ingestion.submissions import receipts
from languages.words import Words
from tests.desk.served import PATIENCE, Asking, free_port, running
from tests.desk.test_sending import home as home  # a clerk who brings files of the interior ministry
from tests.ingestion.workbooks import victim, victims, xlsx

SOURCE, NAME, TELEPHONE, CASE = "iraq_interior_ministry", "زينب كاظم الموسوي", "07701234567", "zqx/1234/2024"
MARKER = "qxzmarkerqxz"
PLANTED = (NAME, TELEPHONE, CASE, MARKER)
NAMING = xlsx({"الضحايا": victims(victim(1, case=f"{NAME} {TELEPHONE} {CASE} {MARKER}"))})
TYPED = {"date": "2027-03-01", "text": "Clicked twice.", "agency": "Another agency, invented", "person": "nadia"}
"""What is typed into a field, by its name or its kind."""
LEFT_OUT = {"sign_out", "sign_in"}
FILES = {"send_template", "act_file", "sentences_file", "send_marked", "send_receipt_file"}
WITH_EFFECT = {"new_person", "change_person"}
"""Forms that prepare an act of two: of the clicks at once one act waits."""


class Form(NamedTuple):
    """A form of a page with one of its buttons: where it is sent, and what with."""

    name: str
    address: str
    fields: list[tuple[str, str]]
    file: bytes


@pytest.fixture
def port(home: Home, tmp_path: Path) -> Iterator[int]:
    (tmp_path / "temporary").mkdir()
    port = free_port()
    with running(home, folder=tmp_path / "temporary", port=port):
        yield port


def forms_of(address: str, page: str, person: str) -> Iterator[Form]:
    """Yield the forms of a page, once for each button, filled in as a person would."""
    for form in lxml.html.fromstring(page).forms if page.strip() else ():
        if form.method != "POST":
            continue
        filled = []
        for field in form.inputs:
            kind = field.get("type", "text") if field.tag == "input" else field.tag
            is_chosen = field.get("checked") is not None or field.get("required") is not None
            if not field.name or kind == "file" or (kind in ("radio", "checkbox") and not is_chosen):
                continue
            value = field.text_content() if kind == "textarea" else field.get("value", "")
            value = (
                INVENTED.format(person=person)
                if kind == "password"
                else TYPED.get(field.name) or value or TYPED.get(kind, "")
            )
            filled.append((field.name, value))
        filled.append(("sure", "yes"))
        file = NAMING if form.xpath(".//input[@type='file']") else b""
        for button in form.xpath(".//button"):
            target = urlsplit(urljoin(address, button.get("formaction") or form.get("action") or address))
            named = [(button.get("name"), button.get("value", ""))] if button.get("name") else []
            sent_to = target.path + (f"?{target.query}" if target.query else "")
            yield Form(resolve(target.path).url_name or "", sent_to, [*filled, *named], file)


def walk(asking: Asking, person: str) -> Iterator[Form]:
    """Follow the links of the desk from a person's first page, two of a kind, and yield each kind of form once."""
    waiting, seen, counts, forms = ["/"], {"/"}, dict[str, int](), set[tuple[str, str]]()
    while waiting:
        address = waiting.pop(0)
        status, page = asking.ask(address)
        assert status in (200, 422), (person, address, status)
        if "<html" not in page:
            continue
        for form in forms_of(address, page, person):
            button = form.fields[-1][0] if form.fields else ""
            is_own = f"/{person}/" in form.address  # an administrator leaves her own account alone
            if form.name not in LEFT_OUT and not is_own and (form.name, button) not in forms:
                forms.add((form.name, button))
                yield form
        for link in lxml.html.fromstring(page).xpath("//main//a/@href"):
            target = urljoin(address, str(link))
            name = resolve(urlsplit(target).path).url_name or ""
            if target.startswith("/") and name not in FILES and target not in seen and counts.get(name, 0) < 2:
                counts[name] = counts.get(name, 0) + 1
                seen.add(target)
                waiting.append(target)


def send_twice(port: int, asking: Asking, form: Form) -> list[tuple[int, str]]:
    """Send a form twice at once with what the browser has now, as a double click does; return the answers."""
    cookies = {cookie.name: cookie.value or "" for cookie in asking.cookies}
    boundary = secrets.token_hex(8)
    fields = [(name, cookies["csrftoken"] if name == "csrfmiddlewaretoken" else value) for name, value in form.fields]
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    )
    if form.file:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{MARKER}.xlsx"\r\n\r\n'
        body += head.encode() + form.file + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Accept-Language": "en",
    }
    begun, answers = threading.Barrier(2), list[tuple[int, str]]()

    def click() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        begun.wait()
        connection.request("POST", form.address, body, headers)
        answer = connection.getresponse()
        answers.append((answer.status, answer.read().decode()))

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    return answers


def effects(home: Home) -> dict[str, int]:
    """Return how often each thing was done that is done once."""
    lines = [line for line in read_acts(home) if line["kind"] not in ("looked", "signed_in", "account")]
    texts = [path for path in home.prose.rglob("*") if path.is_file()] if home.prose.exists() else []
    counts = {"acts": len(acts.pending(home)), "receipts": len(receipts.read_receipts(home))}
    return {**counts, "lines": len(lines), "texts": len(texts)}


def test_every_form_sent_twice_at_once_has_one_effect_and_leaves_nothing_of_a_record(
    home: Home, port: int, tmp_path: Path
):
    clicked, changed, text = set[str](), set[str](), Words.load("en").text
    faults = [text(f"browser.failure.{name}") for name in ("faulty", "unreadable", "forged", "unknown")]
    for person in sorted(DEMO_PEOPLE, key="layla".__eq__):  # she gives others passwords
        asking = Asking(f"http://127.0.0.1:{port}")
        assert asking.sign_in(person)[0] == 200
        for form in walk(asking, person):
            before = effects(home)
            answers = send_twice(port, asking, form)
            after = effects(home)
            for status, page in answers:
                assert status in (200, 302, 422), (person, form.name, status)
                assert not any(fault in page for fault in faults), (person, form.name)
            assert all(after[name] - before[name] in (0, 1) for name in after), (person, form.name, before, after)
            clicked.add(form.name)
            changed |= {form.name} if after != before else set()
            if text("browser.tasks") not in asking.ask("/")[1]:  # the form has ended the session
                assert asking.sign_in(person)[0] == 200, form.name
    assert clicked >= {"send_choose", "new_person", "change_person", "change_password", "enter_second_factor"}
    assert clicked >= {"give_password", "end_sessions", "save_days"}
    assert changed & WITH_EFFECT

    karwan = Asking(f"http://127.0.0.1:{port}")
    karwan.sign_in("karwan")
    karwan.token(f"/send/{SOURCE}/file")
    form = Form("send_choose", f"/send/{SOURCE}/file", [("csrfmiddlewaretoken", "")], NAMING)
    assert [status for status, _ in send_twice(port, karwan, form)] == [302, 302]
    assert found_in(tmp_path) == []


def found_in(folder: Path) -> list[str]:
    """Return the files of a desk that hold a planted value: its database, its logs, its temporary files, the home."""
    assert (folder / "home" / "desk" / "desk.sqlite3").exists() and (folder / "desk.log").exists()
    planted = [value.encode(code) for value in PLANTED for code in ("utf-8", "utf-16-le")]
    planted += [NAMING[40:100]]
    return [
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and any(value in path.read_bytes() for value in planted)
    ]
