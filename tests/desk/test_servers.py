"""The desk with a real server in front of it: nginx with TLS."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from desk.listening import SECONDS
from desk.start import app
from ingestion.home import Home
from tests.desk.served import PATIENCE, Asking, free_port, served, served_behind_proxy
from tests.packages import HOUSE

CONFIGURATION = HOUSE / "installation" / "proxy" / "nginx.conf"
MARK = b"zqxplanted" * 20


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


class Proxy(NamedTuple):
    """A proxy that runs: its port, the socket of the desk behind it, and the certificate that it shows."""

    front: int
    behind: Path
    certificate: Path

    def asking(self, host: str) -> Asking:
        """Return a client that asks under a name."""
        return Asking(f"https://127.0.0.1:{self.front}", host=host, certificate=self.certificate)

    def connect(self, source: str = "") -> ssl.SSLSocket:
        """Return a connection, from an address of this machine if one is given, to send what no client sends."""
        plain = socket.create_connection(("127.0.0.1", self.front), PATIENCE, (source, 0) if source else None)
        return ssl.create_default_context(cafile=self.certificate).wrap_socket(plain, server_hostname="127.0.0.1")


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    """The nginx of `installation/proxy` with a certificate that is made here."""
    front, behind = free_port(), tmp_path / "desk.sock"
    folder = tmp_path / "proxy"
    folder.mkdir()
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    words += ["-days", "2", "-subj", "/CN=desk.example", "-keyout", "desk.key", "-out", "desk.pem"]
    words += ["-addext", "subjectAltName=DNS:desk.example,IP:127.0.0.1"]
    words += ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    text = CONFIGURATION.read_text(encoding="utf-8")
    for old, new in {
        "listen 443 ssl": f"listen 127.0.0.1:{front} ssl",
        "/etc/ssl/marsad": str(folder),
        "/run/marsad-desk/desk.sock": str(behind),
    }.items():
        assert old in text
        text = text.replace(old, new)
    shorts = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""  # elsewhere the worker is who runs this, and owns the socket
    whole = f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
    whole += f"events {{ worker_connections 4096; }}\nhttp {{\n{shorts}{text}}}\n"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    nginx = shutil.which("nginx")
    assert nginx
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", front)) == 0:
                break
        time.sleep(0.05)
    yield Proxy(front, behind, folder / "desk.pem")
    process.terminate()
    process.wait(PATIENCE)


@pytest.mark.needs_proxy
def test_behind_a_proxy_cookies_travel_by_tls_alone_and_only_under_its_name(home: Home, temporary: Path, proxy: Proxy):
    with served_behind_proxy(home, "desk.example", socket=proxy.behind, folder=temporary):
        asking = proxy.asking("desk.example")
        assert asking.ask("/sign-in")[0] == 200
        assert all(cookie.secure for cookie in asking.cookies)
        assert [cookie.name for cookie in asking.cookies] == ["csrftoken"]
        for other in ("elsewhere.example", "localhost", "127.0.0.1", "desk.example.elsewhere.example"):
            assert proxy.asking(other).ask("/sign-in")[0] == 400, other


@pytest.mark.needs_proxy
def test_past_the_proxy_nobody_signs_in_without_tls(home: Home, temporary: Path, proxy: Proxy):
    fields = b"name=amina&password=wrong"
    with served_behind_proxy(home, "desk.example", socket=proxy.behind, folder=temporary):
        for host, status in ((b"localhost", b"400"), (b"127.0.0.1", b"400"), (b"desk.example", b"301")):
            for more in (b"", b"X_Forwarded_Proto: https\r\n", b"Forwarded: proto=https\r\n"):
                with socket.socket(socket.AF_UNIX) as plain:
                    plain.connect(str(proxy.behind))
                    head = b"POST /sign-in HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n%s" % (host, len(fields), more)
                    plain.sendall(head + b"Connection: close\r\n\r\n" + fields)
                    answer = b"".join(iter(lambda: plain.recv(65_536), b""))
                assert answer.split()[1] == status, (host, more)
                assert b"set-cookie" not in answer.lower(), (host, more)


def test_the_socket_of_a_desk_is_for_its_owner_and_the_proxys_group(home: Home, temporary: Path):
    behind = temporary.parent / "desk.sock"
    with served_behind_proxy(home, "desk.example", socket=behind, folder=temporary):
        assert stat.S_IMODE(behind.stat().st_mode) == 0o660


def test_on_a_port_no_header_of_a_proxy_is_believed(home: Home, temporary: Path):
    """An account of the same machine says neither that it came by TLS nor from where."""
    asked = b"GET /sign-in HTTP/1.1\r\nHost: %s\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    with served(home, folder=temporary) as port:
        for host, status, is_secure in ((b"localhost", b"200", False), (b"desk.example", b"400", False)):
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as plain:
                plain.sendall(asked % host)
                answer = b"".join(iter(lambda: plain.recv(65_536), b""))
            assert answer.split()[1] == status
            assert (b"; secure" in answer.lower()) == is_secure


@pytest.mark.parametrize("words", [["--host", "desk.example"], ["--socket", "desk.sock"]])
def test_a_name_and_a_socket_go_together(home: Home, words: list[str]):
    answer = CliRunner().invoke(app, ["serve", "--home", str(home.root), *words])
    assert (answer.exit_code, "a proxy with a name" in answer.output) == (2, True)


@pytest.mark.needs_proxy
@pytest.mark.parametrize("share", [0.5, 1.0], ids=["browser closed half-way", "whole upload"])
def test_of_an_upload_nothing_stands_on_any_disk(home: Home, temporary: Path, proxy: Proxy, share: float):
    """Neither in the folders of the proxy, nor of the server, nor in the home: while it comes, and afterwards."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    body += MARK * (20_000_000 // len(MARK)) + b"\r\n--x--\r\n"
    head = (
        "POST /sign-in HTTP/1.1\r\nHost: desk.example\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    with served_behind_proxy(home, "desk.example", socket=proxy.behind, folder=temporary):
        with proxy.connect() as sending:
            sending.sendall(head + body[: int(len(body) * share)])
            time.sleep(0.5)  # a proxy that keeps what comes has written it by now
            assert marked_files(temporary.parent) == []
            if share == 1.0:
                assert b"403" in sending.recv(100)
        assert marked_files(temporary.parent) == []


@pytest.mark.needs_proxy
def test_an_upload_over_the_limit_is_refused_before_the_desk_sees_it(home: Home, temporary: Path, proxy: Proxy):
    with served_behind_proxy(home, "desk.example", socket=proxy.behind, folder=temporary), proxy.connect() as sending:
        length = 250 * 2**20 + 1
        sending.sendall(f"POST /sign-in HTTP/1.1\r\nHost: desk.example\r\nContent-Length: {length}\r\n\r\n".encode())
        assert b"413" in sending.recv(100)


@pytest.mark.needs_proxy
def test_five_hundred_of_one_address_who_send_slowly_stop_nobody_else(home: Home, temporary: Path, proxy: Proxy):
    with served_behind_proxy(home, "desk.example", socket=proxy.behind, folder=temporary):
        slow: list[ssl.SSLSocket] = []
        for _ in range(500):
            with suppress(OSError):  # refused: that is what is hoped for
                slow.append(proxy.connect("127.0.0.2"))
                slow[-1].sendall(b"POST /sign-in HTTP/1.1\r\nHost: desk.example\r\nContent-Length: 900000\r\n\r\nx")
        began = time.monotonic()
        assert proxy.asking("desk.example").ask("/sign-in")[0] == 200
        assert time.monotonic() - began < SECONDS
        for connection in slow:
            connection.close()


def marked_files(folder: Path) -> list[str]:
    """Return the files under a folder that hold what was uploaded, deleted ones that a process holds open too."""
    found = [str(path) for path in folder.rglob("*") if path.is_file() and MARK[:50] in path.read_bytes()]
    for opened in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            name = str(opened.readlink())
            if name.startswith(str(folder)) and "(deleted)" in name and MARK[:50] in opened.read_bytes():
                found.append(name)
        except OSError:
            continue
    return found
