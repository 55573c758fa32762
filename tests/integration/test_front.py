"""Requests that other people's pages make a browser send, or that somebody makes up: none gets through to Dagster's webserver.

What they try is a mutation that turns the sensor on which starts months; at the end the same, sent as the UI sends it, works.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import uvicorn

from benchmarks import year
from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.orchestration import front

SELECTOR = '{repositoryLocationName: "dtsen", repositoryName: "__repository__", sensorName: "complete_deliveries"}'
TURN_ON = f"mutation {{ startSensor(sensorSelector: {SELECTOR}) {{ __typename }} }}"
STATE = f"{{ sensorOrError(sensorSelector: {SELECTOR}) {{ ... on Sensor {{ sensorState {{ status }} }} }} }}"
MUTATION = json.dumps({"query": TURN_ON})
JSON = {"Content-Type": "application/json"}
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    "Sec-WebSocket-Protocol": "graphql-ws",
}
PROXY = "https://dtsen.contoh.go.id"
PATIENCE = 60


@dataclass(frozen=True)
class Served:
    """The UI that is served, and what a browser that has logged in has of it."""

    port: int
    token: str
    cookie: str

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def own(self, **changed: str | None) -> dict[str, str]:
        """The headers that a page of the UI sends, but for those that are ``changed`` or left out."""
        own = {
            "Host": self.host,
            "Origin": f"http://{self.host}",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": self.cookie,
        }
        named = {name.replace("_", "-"): value for name, value in changed.items()}
        return {name: value for name, value in {**own, **named}.items() if value is not None}

    def send(
        self, method: str, target: str, headers: dict[str, str], body: str = "", version: str = "1.1"
    ) -> tuple[int, str]:
        """Status and text of the answer to exactly this; 0 where the connection is closed without one."""
        lines = [f"{method} {target} HTTP/{version}", *(f"{name}: {value}" for name, value in headers.items())]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        if "Connection" not in headers:
            lines.append("Connection: close")
        got = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            line.sendall("\r\n".join([*lines, "", body]).encode())
            while part := line.recv(1 << 16):
                got += part
                if got.startswith(b"HTTP/1.1 101"):
                    break
        return (int(got.split()[1]) if got else 0), got.decode(errors="replace")

    def sensor(self) -> str:
        body = json.dumps({"query": STATE})
        status, text = self.send("POST", "/graphql", self.own() | JSON, body)
        assert status == 200, text
        found = re.search(r'"status": ?"(\w+)"', text)
        assert found, text
        return found[1]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ui") / "log"


@pytest.fixture(scope="module")
def served(log: Path) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DAGSTER_")]:
            patch.delenv(name)
        patch.setenv("DTSEN_HOME", str(log.parent / "home"))
        patch.setenv("DTSEN_LANDING", str(log.parent))
        patch.setenv("DTSEN_UI_ORIGINS", f"{PROXY}, http://localhost:8080")
        with year.served(log, "--no-daemon") as login:
            address, _, token = login.partition("/?token=")
            unknown = Served(int(address.rpartition(":")[2]), token, "")
            status, text = unknown.send("GET", f"/?token={token}", unknown.own(Origin=None, Sec_Fetch_Site="none"))
            assert status == 303, text
            (cookie,) = re.findall(r"(?im)^set-cookie: ([^;]+); HttpOnly; Path=/; SameSite=strict\s*$", text)
            yield Served(unknown.port, token, cookie)


def forged(ui: Served) -> dict[str, tuple[str, str, dict[str, str], str, str]]:
    """By name: method, target, headers, body and version of HTTP."""
    evil, post, asking = "http://jahat.example", ("POST", "/graphql"), f"/graphql?query={quote(TURN_ON)}"
    entry = f"/?token={ui.token}"
    json_of = lambda **changed: {**ui.own(**changed), **JSON}  # noqa: E731
    found = {
        "a page of another site": (*post, json_of(Origin=evil, Sec_Fetch_Site="cross-site")),
        "a page of another site, an old browser": (*post, json_of(Origin=evil, Sec_Fetch_Site=None)),
        "a page of another port": (*post, json_of(Origin=f"http://127.0.0.1:{ui.port + 1}", Sec_Fetch_Site="same-site")),
        "a page of our other name": (*post, json_of(Origin=f"http://localhost:{ui.port}")),
        "a page over TLS": (*post, json_of(Origin=f"https://{ui.host}")),
        "a sandboxed page": (*post, json_of(Origin="null", Sec_Fetch_Site="cross-site")),
        "a sandboxed page, an old browser": (*post, json_of(Origin="null", Sec_Fetch_Site=None)),
        "no Origin": (*post, json_of(Origin=None)),
        "an Origin that begins as ours": (*post, json_of(Origin=f"http://{ui.host}.jahat.example")),
        "two Origins": (*post, {**json_of(), "origin": evil}),
        "a name made to point here": (*post, json_of(Host="jahat.example", Origin=evil)),
        "that name with our port": (*post, json_of(Host=f"jahat.example:{ui.port}", Origin=f"http://jahat.example:{ui.port}")),
        "our name behind an @": (*post, json_of(Host=f"{ui.host}@jahat.example")),
        "our name without its port": (*post, json_of(Host="127.0.0.1")),
        "our name with two ports": (*post, json_of(Host=f"{ui.host}:80")),
        "our name with a dot": (*post, json_of(Host=f"localhost.:{ui.port}")),
        "two names": (*post, {**json_of(), "host": "jahat.example"}),
        "no name": (*post, json_of(Host=None)),
        "our name by a proxy's header": (*post, json_of(Host="jahat.example", X_Forwarded_Host=ui.host)),
        "JSON as plain text": (*post, {**ui.own(), "Content-Type": "text/plain"}),
        "JSON as plain text that says JSON": (*post, {**ui.own(), "Content-Type": "text/plain; application/json"}),
        "a form": (*post, {**ui.own(), "Content-Type": "application/x-www-form-urlencoded"}),
        "a form with files": (*post, {**ui.own(), "Content-Type": "multipart/form-data; boundary=application/json"}),
        "no type": (*post, ui.own()),
        "a query in the address, posted": ("POST", asking, ui.own()),
        "GraphQL as it is": (*post, {**ui.own(), "Content-Type": "application/graphql"}),
        "a query in the address": ("GET", asking, ui.own()),
        "a query in a picture's address": ("GET", asking, ui.own(Origin=None, Sec_Fetch_Site="cross-site")),
        "a query in the address, in other letters": ("GET", f"/%67raphql?query={quote(TURN_ON)}", ui.own(Origin=None)),
        "nobody": (*post, json_of(Cookie=None)),
        "somebody else": (*post, json_of(Cookie=ui.cookie[:-1] + ("a" if ui.cookie[-1] != "a" else "b"))),
        "somebody with the token for a cookie": (*post, json_of(Cookie=f"{ui.cookie.partition('=')[0]}={ui.token}")),
        "a cookie of no letters": (*post, json_of(Cookie=f"{ui.cookie.partition('=')[0]}=\u00e9")),
        "a page, by nobody": ("GET", "/", ui.own(Cookie=None, Origin=None)),
        "a static file, by nobody": ("GET", "/favicon.svg", ui.own(Cookie=None, Origin=None)),
        "a page framed by another": ("GET", "/", ui.own(Origin=None, Sec_Fetch_Site="cross-site")),
        "no token": ("GET", "/?token=", ui.own(Cookie=None, Origin=None)),
        "another token": ("GET", f"/?token={ui.token[:-1]}", ui.own(Cookie=None, Origin=None)),
        "our token in another site's link": ("GET", entry, ui.own(Cookie=None, Origin=None, Sec_Fetch_Site="cross-site")),
        "our token, posted": ("POST", entry, ui.own(Cookie=None)),
        "a report of an asset that nobody made": ("POST", "/report_asset_materialization/rilis", json_of()),
        "a question before the request": ("OPTIONS", "/graphql", ui.own(Origin=evil, Cookie=None)),
        "another method": ("PUT", "/graphql", json_of()),
        "an address in place of a path": ("POST", f"http://{ui.host}/graphql", json_of()),
        "another's address in place of a path": ("POST", "http://jahat.example/graphql", json_of()),
        "two slashes": ("POST", "//graphql", json_of()),
        "a path by a way round": ("POST", "/logs/../graphql", json_of()),
        "a tunnel": ("CONNECT", ui.host, ui.own()),
        "a socket of another site": ("GET", "/graphql", ui.own(Origin=evil, Sec_Fetch_Site="cross-site") | UPGRADE),
        "a socket of another port": ("GET", "/graphql", ui.own(Origin="http://127.0.0.1:1", Sec_Fetch_Site=None) | UPGRADE),
        "a socket of no page": ("GET", "/graphql", ui.own(Origin=None) | UPGRADE),
        "a socket of nobody": ("GET", "/graphql", ui.own(Cookie=None) | UPGRADE),
        "a socket under another name": ("GET", "/graphql", ui.own(Host="jahat.example") | UPGRADE),
        "a socket elsewhere": ("GET", "/", ui.own() | UPGRADE),
        "a header folded onto the next line": (*post, json_of(Origin=f"{evil}\r\n http://{ui.host}")),
    }  # fmt: skip
    whole = {name: (*one, MUTATION if one[0] == "POST" else "", "1.1") for name, one in found.items()}
    old = {name: value for name, value in json_of(Host=None).items() if name != "Connection"}
    return {**whole, "an old protocol without a name": ("POST", "/graphql", old, MUTATION, "1.0")}


def test_no_forged_request_is_taken(served: Served) -> None:
    """One test for all: what they share costs most, and what is left of the sensor is asked once."""
    taken = {}
    for name, (method, target, headers, body, version) in forged(served).items():
        status, text = served.send(method, target, headers, body, version)
        if (
            status not in (0, 400, 401, 403, 404, 405)
            or "data" in text.partition("\r\n\r\n")[2]
            or "Set-Cookie" in text
        ):
            taken[name] = text[:200]
    assert taken == {}
    assert served.sensor() == "STOPPED"


def test_what_the_ui_itself_sends_is_taken(served: Served) -> None:
    for host in (f"127.0.0.1:{served.port}", f"localhost:{served.port}"):
        own = served.own(Host=host, Origin=None)
        assert served.send("GET", "/runs", own)[0] == 200, host
        assert served.send("GET", "/favicon.svg", own)[0] == 200, host
        upgraded, text = served.send("GET", "/graphql", served.own(Host=host, Origin=f"http://{host}") | UPGRADE)
        assert upgraded == 101, text
    _, text = served.send("GET", "/", served.own(Origin=None))
    head = text.partition("\r\n\r\n")[0].lower()
    assert "frame-ancestors 'none'" in head and "base-uri 'none'" in head and "x-frame-options: deny" in head
    status, _ = served.send(
        "POST", "/graphql", {**served.own(), "Content-Type": "application/json; charset=utf-8"}, MUTATION
    )
    assert (status, served.sensor()) == (200, "RUNNING"), "as forged above, it would have been seen"


def test_behind_a_proxy_it_is_reached_by_the_name_that_was_set(served: Served) -> None:
    host = PROXY.partition("://")[2]
    entry = served.own(Host=host, Origin=None, Cookie=None, Sec_Fetch_Site="none")
    _, text = served.send("GET", f"/?token={served.token}", entry)
    (cookie,) = re.findall(r"(?im)^set-cookie: ([^;]+); HttpOnly; Path=/; SameSite=strict; Secure\s*$", text)
    ask = (json.dumps({"query": STATE}),)
    assert served.send("POST", "/graphql", served.own(Host=host, Origin=PROXY, Cookie=cookie) | JSON, *ask)[0] == 200
    in_clear = served.own(Host=host, Origin=PROXY.replace("https", "http"), Cookie=cookie) | JSON
    assert served.send("POST", "/graphql", in_clear, *ask)[0] == 403


def test_the_secrets_of_the_ui_stand_in_its_first_line_alone(served: Served, log: Path) -> None:
    assert log.read_text(encoding="utf-8").count(served.token) == 1
    assert served.cookie.partition("=")[2] not in log.read_text(encoding="utf-8")
    lines = [file.read_bytes() for file in Path("/proc").glob("[0-9]*/cmdline") if file.parent.exists()]
    assert not any(served.token.encode() in line for line in lines)


def processes(home: Path) -> list[Path]:
    """What /proc holds of the processes over ``home`` that are alive."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # another's process, or one that has ended meanwhile
            if f"DTSEN_HOME={home}\0".encode() in environ.read_bytes():
                found.append(environ.parent)
    return found


def listening(home: Path) -> list[str]:
    """The TCP ports that processes over ``home`` listen on, as the kernel names them."""
    sockets = set()
    for process in processes(home):
        with suppress(OSError):
            sockets |= {str(fd.readlink()) for fd in (process / "fd").iterdir()}
    rows = [line.split() for file in ("tcp", "tcp6") for line in Path(f"/proc/net/{file}").read_text().splitlines()[1:]]
    return [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]


def daemon_of(home: Path) -> int:
    for process in processes(home):
        with suppress(OSError):
            if b"dagster._daemon" in (process / "cmdline").read_bytes():
                return int(process.name)
    return 0


@pytest.mark.parametrize("accident", ["Ctrl-C", "SIGTERM", "no daemon"])
def test_webserver_and_daemon_end_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accident: str) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("DTSEN_HOME", str(home))
    monkeypatch.setenv("DTSEN_LANDING", str(tmp_path))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    command = [sys.executable, "-c", "from dtsen_pipeline.cli import main; main()", "ui", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as server:
        try:
            assert server.stdout is not None
            assert any(line.startswith("Dagster http") for line in server.stdout)
            deadline = time.monotonic() + 3 * PATIENCE
            while not (daemon := daemon_of(home)) and time.monotonic() < deadline:
                time.sleep(0.1)
            if accident == "no daemon":
                os.kill(daemon, signal.SIGKILL)
            elif accident == "Ctrl-C":
                os.killpg(server.pid, signal.SIGINT)  # as a terminal sends it
            else:
                server.terminate()
            rest = server.stdout.read()
            assert server.wait(3 * PATIENCE) == (1 if accident == "no daemon" else 0)
            assert ("selesai" in rest) == (accident != "no daemon")
            # Code servers end some seconds after who started them has gone.
            while processes(home) and time.monotonic() < deadline:
                time.sleep(0.1)
            assert processes(home) == []
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)


@pytest.mark.parametrize(("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGKILL, DtsenError)])
def test_a_daemon_that_ctrl_c_ended_is_no_accident(
    monkeypatch: pytest.MonkeyPatch, number: int, error: type[BaseException]
) -> None:
    """A terminal sends Ctrl-C to both, and this process may drop it amid an import."""
    popen, server = subprocess.Popen, uvicorn.Server(uvicorn.Config("nobody"))
    dying = f"import os, signal; signal.signal(signal.SIGINT, signal.SIG_DFL); os.kill(os.getpid(), {int(number)})"
    monkeypatch.setattr(front.subprocess, "Popen", lambda _: popen([sys.executable, "-c", dying]))
    with pytest.raises(error), front._daemon(server):
        while not server.should_exit:
            time.sleep(0.01)


def test_nothing_else_of_the_ui_listens_on_a_port(served: Served, log: Path) -> None:
    assert listening(log.parent / "home") == [f"0100007F:{served.port:04X}"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"ui_token": "pendek"}, "bukan token"),
        ({"ui_token": "x" * 40, "ui_token_file": "token"}, "both set"),
        ({"ui_token_file": "tidak-ada"}, "cannot be read"),
        ({"ui_token_file": "terbuka"}, "0600"),
        ({"ui_token": "x" * 40, "ui_origins": "dtsen.contoh.go.id"}, "is no origin"),
        ({"ui_token": "x" * 40, "ui_origins": "https://dtsen.contoh.go.id/pintu"}, "is no origin"),
    ],
)
def test_settings_that_cannot_be_used_are_named_and_no_token_is_told(
    tmp_path: Path, given: dict[str, str], told: str
) -> None:
    (tmp_path / "terbuka").write_text("rahasia" * 6)
    (tmp_path / "terbuka").chmod(0o644)
    paths = {name: tmp_path / value if name.endswith("file") else value for name, value in given.items()}
    with pytest.raises(InputError, match=told) as refused:
        front.serve(Settings(home=tmp_path / "home", **paths), 0, daemon=False, tell=print)  # type: ignore[arg-type]
    assert (
        "rahasia" not in str(refused.value) and "pendek" not in str(refused.value) and "xxx" not in str(refused.value)
    )


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(InputError, match="port"):
        front.serve(Settings(home=tmp_path / "home"), other.getsockname()[1], daemon=False, tell=print)
