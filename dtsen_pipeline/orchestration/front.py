"""Serve Dagster's UI behind a front that checks of every request who sends it and from where.

What belongs here: what is checked before Dagster's webserver sees a request, and starting the two with the daemon. Dagster itself
checks nothing: whatever page is open in the same browser could start runs or delete their history.
"""

from __future__ import annotations

import hmac
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.orchestration.instance import opened
from dtsen_pipeline.storage.keys import read_secret_file

WORKSPACE = Path(__file__).parents[2] / "workspace.yaml"

GRAPHQL_PATH = "/graphql"

TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{32,}")
_MAKE_TOKEN = "openssl rand -hex 32"

# How often the pages poll; Dagster's own default.
POLL_MILLISECONDS = 2000

ENDING_SECONDS = 3

RESPONSE_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Front:
    """Let through to ``app`` only what the pages of ``origins`` send from a browser that has logged in.

    Opening ``/?token=<token>`` sets a cookie of this process, which no script reads and no other site's page sends along. The
    cookie alone is not enough: a request must also be of a kind that the UI sends, to one of our host names, from one of our pages.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str], token: str) -> None:
        self._app = app
        self._origin_of = {origin.partition("://")[2]: origin for origin in origins}
        self._token = token
        self._session = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or pass it to the app (ASGI); a refused websocket is closed with code 1008."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        answer = self._answer(HTTPConnection(scope))
        if answer is None:
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await answer(scope, receive, _with_headers(send))

    def _answer(self, request: HTTPConnection) -> Response | None:
        """Return what is answered in place of Dagster; None where the request may go on."""
        if reason := self._reason_to_refuse(request):
            return _refusal(403, reason)
        host = request.headers["host"]
        name = f"dtsen_ui_{host.rpartition(':')[2]}"  # Cookies do not tell ports apart.
        if request.scope["path"] == "/" and "token" in request.query_params and request.scope.get("method") == "GET":
            if not _equal_secrets(request.query_params["token"], self._token):
                return _refusal(403, "token tidak cocok / the token is another")
            answer = RedirectResponse("/", status_code=303, headers={"Cache-Control": "no-store"})
            secure = self._origin_of[host].startswith("https:")
            answer.set_cookie(name, self._session, httponly=True, samesite="strict", secure=secure)
            return answer
        if not _equal_secrets(request.cookies.get(name, ""), self._session):
            return _refusal(401, "belum masuk / not logged in: /?token=<token>")
        return None

    def _reason_to_refuse(self, request: HTTPConnection) -> str | None:
        """Return why the request cannot come from our own page or the user's address bar; None where it can."""
        path, method = request.scope["path"], request.scope.get("method", "websocket")
        hosts, origins = request.headers.getlist("host"), request.headers.getlist("origin")
        if not path.startswith("/"):
            return "alamat penuh / an address in place of a path"
        if len(hosts) != 1 or hosts[0] not in self._origin_of:
            return "nama lain / not a name of this UI: DTSEN_UI_ORIGINS"
        # A browser sets this on every request, and no page can make it say otherwise.
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "dari situs lain / from another site: open it from the address bar"
        reads = method in ("GET", "HEAD")
        if origins != [self._origin_of[hosts[0]]] and (origins or not reads):
            return "Origin lain / another Origin"
        # Dagster also runs a query in an address, mutations among them, and takes plain text for JSON.
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if path == GRAPHQL_PATH and not (method == "websocket" or (method == "POST" and kind == "application/json")):
            return "hanya / only POST, application/json"
        if path != GRAPHQL_PATH and not reads:
            return "hanya / only GET, HEAD"
        return None


def _equal_secrets(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _refusal(status: int, reason: str) -> Response:
    return PlainTextResponse(
        f"ditolak / refused: {reason}\n", status_code=status, headers={"Cache-Control": "no-store"}
    )


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in RESPONSE_HEADERS.items():
                # Added, not set: Dagster's own policy stays, and a browser follows both.
                headers.append(name, value)
        await send(message)

    return sent


def serve(settings: Settings, port: int, *, daemon: bool, tell: Callable[[str], None]) -> None:
    """Serve the UI on 127.0.0.1 until Ctrl-C or SIGTERM, with its ``daemon`` or, where that is a service of its own, without.

    ``tell`` is called with the address, which holds the token where it was made here; a given one is not repeated. Raises
    InputError where the port is taken or the token cannot be used, DtsenError where the daemon ends by itself, KeyboardInterrupt
    by a signal.
    """
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster_webserver.app import create_app_from_workspace_process_context
    from dagster_webserver.cli import (
        DEFAULT_DB_STATEMENT_TIMEOUT,
        DEFAULT_POOL_MAX_OVERFLOW,
        DEFAULT_POOL_RECYCLE,
    )
    from dagster_webserver.version import __version__

    given = _given_token(settings)
    token = given or secrets.token_urlsafe(32)
    for number in (signal.SIGINT, signal.SIGTERM):
        # A shell lets what it starts in the background ignore SIGINT, and SIGTERM would end this process but not the daemon.
        signal.signal(number, signal.default_int_handler)
    with _listening(port) as listening, opened(settings) as instance:
        port = listening.getsockname()[1]
        origins = [f"http://127.0.0.1:{port}", f"http://localhost:{port}", *_origins(settings)]
        target = WorkspaceFileTarget([str(WORKSPACE)])
        instance.optimize_for_webserver(DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_RECYCLE, DEFAULT_POOL_MAX_OVERFLOW)
        with WorkspaceProcessContext(instance, target, version=__version__) as workspace:
            app = create_app_from_workspace_process_context(workspace, "", POLL_MILLISECONDS)
            config = uvicorn.Config(
                Front(app, origins, token),
                http="h11",  # It hands on an address in place of a path, and refuses what is ambiguous.
                proxy_headers=False,
                server_header=False,
                access_log=False,  # It would hold the token.
                log_level="warning",
                timeout_graceful_shutdown=ENDING_SECONDS,
            )
            server = uvicorn.Server(config)
            with _daemon(server) if daemon else nullcontext():
                tell(origins[0] if given else f"{origins[0]}/?token={token}")
                server.run([listening])


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    try:
        listening = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise InputError(
            f"port {port} tidak dapat dipakai / cannot be used: {error.strerror}",
            action="sebut --port lain / give another --port",
        ) from error
    with listening:
        yield listening


@contextmanager
def _daemon(server: uvicorn.Server) -> Iterator[None]:
    """Run Dagster's daemon as long as the block, and end ``server`` when the daemon ends by itself."""
    command = [sys.executable, "-m", "dagster._daemon", "run", "-w", str(WORKSPACE)]
    with subprocess.Popen(command) as child:

        def watch() -> None:
            child.wait()
            server.should_exit = True

        threading.Thread(target=watch, daemon=True).start()
        try:
            yield
            if child.poll() == -signal.SIGINT:
                # A terminal sends Ctrl-C to both, and Python drops it in this process where it comes amid an import.
                raise KeyboardInterrupt
            if child.poll() is not None:
                raise DtsenError(f"daemon Dagster berhenti / ended: {child.returncode}")
        finally:
            child.terminate()


def _origins(settings: Settings) -> list[str]:
    origins = [origin.strip() for origin in settings.ui_origins.split(",") if origin.strip()]
    for origin in origins:
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", origin):
            raise InputError(
                f"DTSEN_UI_ORIGINS: '{origin}' bukan asal halaman / is no origin",
                expected="https://dtsen.contoh.go.id, http://localhost:8080",
                action="tulis skema, nama dan port saja / give scheme, name and port alone",
            )
    return origins


def _given_token(settings: Settings) -> str | None:
    """Return the token of DTSEN_UI_TOKEN or DTSEN_UI_TOKEN_FILE, None where there is neither. Errors never quote it."""
    if settings.ui_token is not None and settings.ui_token_file is not None:
        raise InputError(
            "DTSEN_UI_TOKEN dan DTSEN_UI_TOKEN_FILE diisi bersamaan / are both set",
            expected="salah satu / one of the two",
            action="kosongkan salah satu / unset one",
        )
    if settings.ui_token is None and settings.ui_token_file is None:
        return None
    text, place = settings.ui_token.get_secret_value() if settings.ui_token else "", "DTSEN_UI_TOKEN"
    if (path := settings.ui_token_file) is not None:
        text, place = read_secret_file(path, "token", "the token's file", "DTSEN_UI_TOKEN_FILE"), str(path)
    if not TOKEN_PATTERN.fullmatch(text.strip()):
        raise InputError(
            f"{place}: bukan token / no token",
            expected="32 huruf dan angka atau lebih / letters and digits or more",
            action=_MAKE_TOKEN,
        )
    return text.strip()
