"""Serve the pages to a browser on this machine, and nothing else of the home folder.

What belongs here: which addresses there are and what is sent with them. An address either names a page or is not found. Paths are
built only from months and revisions, never from other text of a request.
"""

from __future__ import annotations

import re
import secrets
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError

# At a time; a browser opens six.
MAX_CONNECTIONS = 32
# How long a connection may send nothing.
IDLE_SECONDS = 10

_MONTH = r"20\d\d-(?:0[1-9]|1[0-2])"
_PAGES = re.compile(rf"index\.html|releases/{_MONTH}/r[1-9]\d*/dashboard\.html|tertahan/{_MONTH}\.html")
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"<>\r\n]+)">')


@contextmanager
def serving(settings: Settings, port: int = 0) -> Iterator[tuple[ThreadingHTTPServer, str]]:
    """Open a server of the pages of ``settings.home`` on 127.0.0.1 (any free port for 0); yield it and the address of the index.

    The address holds a secret of this run: the pages are their owner's alone, and a port is open to every user of the machine. The
    caller runs ``serve_forever``. Raises InputError where the port is taken.
    """
    prefix = f"/{secrets.token_urlsafe(16)}/"
    home = settings.home.absolute()
    pages = type("Pages", (_Pages,), {"home": home, "prefix": prefix})
    try:
        server = _Server(("127.0.0.1", port), pages)
    except OSError as error:
        raise InputError(
            f"port {port} tidak dapat dipakai / cannot be used: {error.strerror}",
            action="sebut --port lain, atau tanpa --port / give another --port, or none",
        ) from error
    with server:
        yield server, f"http://127.0.0.1:{server.server_port}{prefix}"


class _Server(ThreadingHTTPServer):
    """Keep at most ``MAX_CONNECTIONS``: close the oldest when one more comes.

    A page is sent in less than a second, so the connection that has been open longest has nothing to wait for, however slowly it
    sends.
    """

    request_queue_size = MAX_CONNECTIONS

    def __init__(self, *given: Any) -> None:
        self._open_requests: list[Any] = []
        self._lock = threading.Lock()
        super().__init__(*given)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open_requests.append(request)
            oldest = self._open_requests.pop(0) if len(self._open_requests) > MAX_CONNECTIONS else None
        if oldest is not None:
            # Its own thread wakes and closes it; it may have just done so.
            with suppress(OSError):
                oldest.shutdown(socket.SHUT_RDWR)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            if request in self._open_requests:
                self._open_requests.remove(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A connection that either side closed early is no error.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Pages(BaseHTTPRequestHandler):
    """Answer requests for the pages of ``home`` at addresses that start with ``prefix``."""

    home: Path
    prefix: str
    timeout = IDLE_SECONDS

    def do_GET(self) -> None:
        page = self._requested_page()
        if page is None:
            self._send(
                HTTPStatus.NOT_FOUND,
                "text/plain; charset=utf-8",
                "default-src 'none'",
                b"tidak ada / not found\n",
            )
            return
        body = page.read_bytes()
        own_policy = _POLICY.search(body[:4096].decode(errors="replace"))
        # Only a header can forbid other pages to frame this one; a policy inside the page cannot.
        policy = (own_policy[1] if own_policy else "default-src 'none'") + "; frame-ancestors 'none'"
        self._send(HTTPStatus.OK, "text/html; charset=utf-8", policy, body)

    do_HEAD = do_GET

    def _requested_page(self) -> Path | None:
        """The page that the request names, None where it names none."""
        # Refuse every other host: a foreign name may be made to point here (DNS rebinding).
        if self.headers.get("Host") != f"127.0.0.1:{self.server.server_port}":  # type: ignore[attr-defined]
            return None
        if not self.path.startswith(self.prefix):
            return None
        name = self.path.removeprefix(self.prefix) or "index.html"
        page = self.home / name
        return page if _PAGES.fullmatch(name) and page.is_file() else None

    def _send(self, status: HTTPStatus, kind: str, policy: str, body: bytes) -> None:
        self.send_response(status)
        for header, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", policy),
            ("Cache-Control", "no-store"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ):
            self.send_header(header, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def version_string(self) -> str:
        return "dtsen"

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: an address holds the secret."""
