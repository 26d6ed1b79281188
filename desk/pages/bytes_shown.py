"""A page of the report shown by the desk: its bytes as they are, in a sandbox, under the policy that is written in it.

Does not belong here: which page (the rooms of the tasks).
"""

from __future__ import annotations

from pathlib import PurePosixPath

from django.http import HttpResponse

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
"""A page of the report carries its style and its fonts in itself; its own policy names them by their hashes."""
_ENDS = "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"


def framed(response: HttpResponse) -> HttpResponse:
    """Return a page of the desk, to be shown inside another one."""
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-ancestors 'self'"
    return response


def page_of_report(name: str, content: bytes) -> HttpResponse:
    """Return a file of a report: a page or a PDF to look at, any other to be stored."""
    kind = _KINDS.get(PurePosixPath(name).suffix)
    response = HttpResponse(content, content_type=kind or "application/octet-stream")
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = _POLICY + _ENDS if kind != "application/pdf" else "frame-ancestors 'self'"
    if kind is None:
        response["Content-Disposition"] = f'attachment; filename="{PurePosixPath(name).name}"'
    return response
