"""Who may use the interface: requests with the token of this start, to this machine's own name, from its own pages.

Belongs here: the guard in front of every route of the web application, sockets included. Dagster has no login, and
an address of this machine is open to every account of it, and to a web page that rebinds its own name.
Does not belong here: what a route answers (Dagster).

Three things are checked, in this order:

- `Host` names this machine and this port. A page of `evil.example` that rebinds its name sends that name here.
- `Origin` and `Sec-Fetch-Site`, where a browser sends them, name a page of the interface itself. A browser sends the
  cookie of 127.0.0.1 to every port of it, so without this check a page of another port would be trusted.
- The token of this start: in the address that the command prints, which sets a cookie, and in that cookie from then on.

Setting the cookie is the sign-in: it is a line of the house's log, and where that cannot be written nobody is admitted.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from languages.refusal import Refusal
from languages.words import Words

TOKEN_BYTES = 32
_OWN_PAGES = ("same-origin", "none")
_POLICY_VIOLATION = 1008


@dataclass(frozen=True)
class Admission:
    """The rules of admission to the interface.

    Attributes:
        port: of this machine's own address.
        token: of this start; whoever has it is admitted.
        language: of the refusals.
    """

    port: int
    token: str = field(repr=False)
    language: str

    @property
    def cookie(self) -> str:
        """The name of the cookie, with the port in it, because cookies do not distinguish ports."""
        return f"marsad-ui-{self.port}"

    def refusal_of(self, connection: HTTPConnection) -> str:
        """Return the key of the sentence that refuses a connection, or an empty string if it is admitted."""
        hosts = [f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]")]
        if [host.lower() for host in connection.headers.getlist("host")] not in [[host] for host in hosts]:
            return "ui.wrong_host"
        origins = connection.headers.getlist("origin")
        sites = connection.headers.getlist("sec-fetch-site")
        if not set(origins) <= {f"http://{host}" for host in hosts} or not set(sites) <= set(_OWN_PAGES):
            return "ui.wrong_page"
        if self.is_entry(connection):
            presented = connection.query_params["token"]
        else:
            presented = connection.cookies.get(self.cookie, "")
        return "" if secrets.compare_digest(presented.encode(), self.token.encode()) else "ui.no_token"

    @staticmethod
    def is_entry(connection: HTTPConnection) -> bool:
        """Return whether the request is for an address with a token in it."""
        return connection.scope["type"] == "http" and "token" in connection.query_params


class Guard:
    """The guard as a middleware: no request reaches the application unless admitted."""

    def __init__(self, app: ASGIApp, admission: Admission, log_sign_in: Callable[[], None]) -> None:
        """Wrap an application.

        Args:
            app: to which admitted requests are passed on.
            admission: the rules.
            log_sign_in: called before a cookie is set; a `Refusal` of it is answered in its place.
        """
        self._app = app
        self._admission = admission
        self._log_sign_in = log_sign_in
        self._words = Words.load(admission.language)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a connection on, admit it by its token, or refuse it with a sentence."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        refused = self._admission.refusal_of(connection)
        if refused and scope["type"] == "websocket":
            await WebSocketClose(_POLICY_VIOLATION)(scope, receive, send)
        elif refused:
            await _sentence(self._words.text(refused), 403)(scope, receive, send)
        elif self._admission.is_entry(connection):
            answer = await run_in_threadpool(self._entry)  # the log may wait for its lock
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _entry(self) -> Response:
        """Log the sign-in, and put the token into a cookie that no script reads and no other site sends."""
        try:
            self._log_sign_in()
        except Refusal as refusal:
            text = self._words.text(f"refusal.{refusal.code}", where=refusal.where, **refusal.arguments)
            return _sentence(text, 503)
        answer = RedirectResponse("/", 303, headers=_no_store_headers())
        answer.set_cookie(self._admission.cookie, self._admission.token, httponly=True, samesite="strict")
        return answer


def _sentence(text: str, status: int) -> Response:
    return PlainTextResponse(text + "\n", status, headers=_no_store_headers())


def _no_store_headers() -> Mapping[str, str]:
    return {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
