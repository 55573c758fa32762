"""The months before, the page over all months, and the server: what the registry says, and no address but those of pages."""

from __future__ import annotations

import http.client
import socket
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from dtsen_pipeline import cli
from dtsen_pipeline.bilingual import same
from dtsen_pipeline.config import Settings
from dtsen_pipeline.dashboard import history, index, server
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.quality.rule import Rule, Verdict
from dtsen_pipeline.registry import store
from dtsen_pipeline.registry.ledger import PUBLISHED, Registry, Release
from dtsen_pipeline.release import blocked

RULE = Rule("uji", "marts.keluarga", same(""), "", same(""), maximum=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Registry]:
    with store.open(settings) as opened:
        yield opened


def ask(ledger: Registry, month: str, run: str, *nilai: float) -> None:
    measures = tuple((f"ukuran {n}", value) for n, value in enumerate(nilai))
    ledger.record_quality([Verdict(RULE, all(map(RULE.holds, nilai)), None, measures, same(""))], month, run)


def release(ledger: Registry, month: str, run: str, persons: int = 3) -> None:
    revision = 1 + sum(one.month == month for one in ledger.releases())
    folder = ledger.settings.releases / month / f"r{revision}"
    folder.mkdir(parents=True)
    (folder / "dashboard.html").write_text(f"halaman {month} r{revision}", encoding="utf-8")
    (folder / "manifest.json").write_text("rahasia", encoding="utf-8")
    rows = [("dtks", f"{month}-{n}", f"P{n}", "K1") for n in range(persons)]
    names = ("source", "record_id", "person_id", "family_id")
    file = ledger.settings.home / f"{month}-{revision}.parquet"
    pq.write_table(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))), file)
    entry = Release(month, revision, folder, "sha", datetime.now(UTC), PUBLISHED)
    ledger.record(entry, f"read_parquet('{file}')", {"anggota": persons, "keluarga": 1}, run)


# --- the months before ------------------------------------------------------------------------------------------------


def test_what_counts_of_a_published_month_is_the_run_that_published_it(ledger: Registry) -> None:
    ask(ledger, "2025-01", "terbit", 0.25, 0.5)
    release(ledger, "2025-01", "terbit")
    ask(ledger, "2025-01", "tertahan", 7.0)
    (month,) = history.read_past(ledger.con, "2025-02")
    assert month.rules == {"uji": (True, [("ukuran 0", 0.25), ("ukuran 1", 0.5)])}
    assert (month.revision, month.counts, month.passed) == (1, {"anggota": 3, "keluarga": 1}, 1)
    assert month.events.of("person", "created") == 3 and month.events.of("family", "retired") == 0


def test_of_a_month_published_again_the_newer_revision_counts(ledger: Registry) -> None:
    for run, nilai in (("satu", 0.1), ("dua", 0.2)):
        ask(ledger, "2025-01", run, nilai)
        release(ledger, "2025-01", run)
    (month,) = history.read_past(ledger.con, "2025-02")
    assert (month.revision, month.rules["uji"][1]) == (2, [("ukuran 0", 0.2)])


def test_a_revision_that_was_withdrawn_takes_its_measures_with_it(ledger: Registry) -> None:
    for run, nilai in (("satu", 0.1), ("dua", 0.2)):
        ask(ledger, "2025-01", run, nilai)
        release(ledger, "2025-01", run)
    first, second = ledger.releases()
    ledger.withdraw(second, first, f"read_parquet('{ledger.settings.home / '2025-01-1.parquet'}')")
    (month,) = history.read_past(ledger.con, "2025-02")
    assert (month.revision, month.rules["uji"][1]) == (1, [("ukuran 0", 0.1)])
    (first,) = (one for one in ledger.releases() if one.stands)
    ledger.withdraw(first)
    (month,) = history.read_past(ledger.con, "2025-02")
    assert month.revision is None and month.events.counts == {}


def test_of_a_blocked_month_the_last_record_counts_and_no_revision_is_named(ledger: Registry) -> None:
    ask(ledger, "2025-01", "satu", 3.0)
    ask(ledger, "2025-01", "dua", 4.0)
    ask(ledger, "2025-01", "dua", 5.0)  # the publish step and the page of the blocked month each record the run
    (month,) = history.read_past(ledger.con, "2025-02")
    assert (month.revision, month.rules, month.passed) == (None, {"uji": (False, [("ukuran 0", 5.0)])}, 0)


def test_the_window_is_eleven_calendar_months_before_the_month(ledger: Registry) -> None:
    for month in ("2024-03", "2024-04", "2024-12", "2025-02", "2025-03", "2025-04"):
        ask(ledger, month, month, 0.5)
    assert [past.month for past in history.read_past(ledger.con, "2025-03")] == ["2024-04", "2024-12", "2025-02"]
    assert [past.month for past in history.read_past(ledger.con, "2025-01")] == ["2024-03", "2024-04", "2024-12"]


# --- the index --------------------------------------------------------------------------------------------------------


def test_the_index_links_every_revision_and_every_blocked_month_and_is_its_owners_alone(settings: Settings) -> None:
    with store.open(settings) as ledger:
        for run in ("satu", "dua"):
            ask(ledger, "2025-01", run, 0.5)
            release(ledger, "2025-01", run)
        ask(ledger, "2025-02", "tiga", 9.0)
    held = blocked.page_path(settings, "2025-02")
    held.parent.mkdir()
    held.write_text("tertahan", encoding="utf-8")
    written = index.write_index(settings)
    html = written.read_text(encoding="utf-8")
    assert written == settings.home / "index.html" and written.stat().st_mode & 0o777 == 0o600
    for address in (
        "releases/2025-01/r1/dashboard.html",
        "releases/2025-01/r2/dashboard.html",
        "tertahan/2025-02.html",
    ):
        assert f'href="{address}"' in html and (settings.home / address).exists()
    assert html.index("2025-02</th>") < html.index("2025-01</th>")
    assert html.count('(<span lang="id">diganti</span>') == 1
    assert "https:" not in html and "http:" not in html and "default-src 'none'" in html
    assert index.write_index(settings).read_text(encoding="utf-8") == html


def test_the_index_of_a_home_without_releases_says_so(settings: Settings) -> None:
    with store.open(settings):
        pass
    html = index.write_index(settings).read_text(encoding="utf-8")
    assert "Belum ada bulan yang terbit." in html and "<table" not in html


# --- the server -------------------------------------------------------------------------------------------------------


@pytest.fixture
def served(settings: Settings) -> Iterator[str]:
    with store.open(settings) as ledger:
        ask(ledger, "2025-01", "satu", 0.5)
        release(ledger, "2025-01", "satu")
    index.write_index(settings)
    (settings.home / "tertahan").mkdir()
    with server.serving(settings) as (running, address):
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield address
        finally:
            running.shutdown()
            thread.join()


def ask_server(
    address: str, path: str, method: str = "GET", host: str | None = None
) -> tuple[int, bytes, http.client.HTTPMessage]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or parts.netloc)
    connection.endheaders()
    answer = connection.getresponse()
    result = answer.status, answer.read(), answer.msg
    connection.close()
    return result


def test_the_server_gives_pages_with_their_own_policy(served: str, settings: Settings) -> None:
    prefix = urlsplit(served).path
    status, body, headers = ask_server(served, prefix)
    assert (status, body) == (200, index.index_path(settings).read_bytes())
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'sha256-" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and headers["X-Content-Type-Options"] == "nosniff"
    status, body, headers = ask_server(served, f"{prefix}releases/2025-01/r1/dashboard.html")
    assert (status, body) == (200, b"halaman 2025-01 r1")
    # A page that says nothing of itself may do nothing.
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    status, body, headers = ask_server(served, prefix, "HEAD")
    assert (status, body) == (200, b"") and int(headers["Content-Length"]) > 1000


@pytest.mark.parametrize(
    "path",
    [
        "registry.duckdb",
        ".kunci",
        "releases/CURRENT",
        "releases/2025-01/r1/manifest.json",
        "releases/2025-01/r1/",
        "releases/2025-01/r2/dashboard.html",
        "releases/../index.html",
        "releases/2025-01/r1/../../../registry.duckdb",
        "releases/2025-01/r1/%2e%2e/r1/dashboard.html",
        "index.html/",
        "index.html%0a",
        "//index.html",
        "tertahan/2025-01.html",
    ],
)
def test_the_server_gives_nothing_else_of_the_home(served: str, path: str) -> None:
    status, body, headers = ask_server(served, urlsplit(served).path + path)
    assert status == 404 and b"rahasia" not in body
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_server_wants_the_secret_and_its_own_name_and_only_reads(served: str) -> None:
    prefix = urlsplit(served).path
    assert (
        ask_server(served, "/")[0] == ask_server(served, "/index.html")[0] == ask_server(served, "index.html")[0] == 404
    )
    assert ask_server(served, f"/{'A' * (len(prefix) - 2)}/index.html")[0] == 404
    assert ask_server(served, prefix, host="jahat.example")[0] == 404
    assert ask_server(served, prefix, "POST")[0] == 501


def test_who_holds_connections_and_sends_next_to_nothing_keeps_nobody_out(served: str) -> None:
    parts, before = urlsplit(served), threading.active_count()
    lines = [
        socket.create_connection((parts.hostname, parts.port), timeout=60) for _ in range(4 * server.MAX_CONNECTIONS)
    ]
    try:
        for line in lines:
            with suppress(OSError):  # hung up on already
                line.sendall(b"GET / HTTP/1.1\r\nX: ")
        assert ask_server(served, parts.path)[0] == 200
        assert lines[0].recv(1) == b"", "the one that waited longest"
        deadline = time.monotonic() + 60
        while threading.active_count() > before + server.MAX_CONNECTIONS and time.monotonic() < deadline:
            time.sleep(0.01)
        assert threading.active_count() <= before + server.MAX_CONNECTIONS
    finally:
        for line in lines:
            line.close()


def test_who_says_nothing_is_hung_up_on(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server._Pages, "timeout", 0.05)
    parts = urlsplit(served)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as line:
        assert line.recv(1) == b""


def test_a_port_that_is_taken_is_an_input_error(settings: Settings) -> None:
    with (
        server.serving(settings) as (running, _),
        pytest.raises(InputError, match="port"),
        server.serving(settings, running.server_port),
    ):
        pass


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that ``dtsen dashboard`` opens; the server stops at once, as by Ctrl-C."""

    def interrupted(self: ThreadingHTTPServer) -> None:
        raise KeyboardInterrupt

    opened: list[str] = []
    monkeypatch.setattr(ThreadingHTTPServer, "serve_forever", interrupted)
    monkeypatch.setattr(webbrowser, "open", opened.append)
    for name in ("DTSEN_HOME", "DTSEN_LANDING"):  # the command sets them; put back afterwards
        monkeypatch.setenv(name, "diganti")
    return opened


def test_the_command_writes_the_index_and_opens_it(settings: Settings, command: list[str]) -> None:
    with store.open(settings):
        pass
    told = CliRunner().invoke(cli.app, ["dashboard", "--home", str(settings.home)])
    assert told.exit_code == 0 and index.index_path(settings).exists()
    assert len(command) == 1 and command[0].startswith("http://127.0.0.1:") and command[0] in told.output
    told = CliRunner().invoke(cli.app, ["dashboard", "--home", str(settings.home), "--no-open"])
    assert told.exit_code == 0 and "http://127.0.0.1:" in told.output and len(command) == 1


def test_the_command_makes_no_home_where_there_is_none(settings: Settings, command: list[str]) -> None:
    told = CliRunner().invoke(cli.app, ["dashboard", "--home", str(settings.home)])
    assert isinstance(told.exception, InputError) and told.exception.exit_code == 2
    assert not settings.home.exists() and command == []
