"""What people are told when a month fails or is blocked, tried against receivers on this machine."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from dtsen_pipeline.config import Settings
from dtsen_pipeline.orchestration import alerts

BLOCKED = alerts.Alert(
    state="tertahan",
    month="2025-03",
    run_id="0a1b2c3d",
    job="bulanan",
    step="gerbang_marts__anggota",
    rules=("nik_sah", "volume_kiriman"),
    message="Gerbang mutu menahan bulan ini / the gate blocked this month: nik_sah, volume_kiriman",
    page="/data/home/tertahan/2025-03.html",
)
CLOSED = "http://127.0.0.1:9/rahasia-token"


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]  # type: ignore[index]
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[str, list[Any]]]:
    got: list[Any] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with serving(HTTPServer(("127.0.0.1", 0), Receiver)) as port:
        yield f"http://127.0.0.1:{port}/", got


@contextmanager
def mailbox(answer: bytes = b"250 ok\r\n") -> Iterator[tuple[str, list[str]]]:
    """A relay that speaks as much SMTP as one mail takes; ``answer`` is what it says to the recipient."""
    got: list[str] = []

    class Relay(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 uji\r\n")
            while line := self.rfile.readline():
                verb = line.split(b" ")[0].strip().upper()
                if verb == b"DATA":
                    self.wfile.write(b"354 silakan\r\n")
                    mail = b"".join(iter(self.rfile.readline, b".\r\n"))
                    got.append(mail.decode())
                self.wfile.write(answer if verb == b"RCPT" else b"221 ya\r\n" if verb == b"QUIT" else b"250 ok\r\n")

    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Relay)) as port:
        yield f"127.0.0.1:{port}", got


def test_nothing_is_sent_where_nothing_is_configured() -> None:
    assert alerts.send(Settings(webhook=None, smtp=None, alert_to=None), BLOCKED) == []


def test_the_webhook_gets_month_run_step_rules_and_page_as_json() -> None:
    with webhook() as (url, got):
        assert alerts.send(Settings(webhook=SecretStr(url)), BLOCKED) == []
    (told,) = got
    assert (told["state"], told["month"], told["run_id"]) == ("tertahan", "2025-03", "0a1b2c3d")
    assert told["rules"] == ["nik_sah", "volume_kiriman"] and told["step"] == "gerbang_marts__anggota"
    assert told["page"].endswith("tertahan/2025-03.html") and "tertahan" in told["text"] and "blocked" in told["text"]


def test_the_mail_says_blocked_in_its_subject_and_the_rules_in_its_text() -> None:
    with mailbox() as (relay, got):
        settings = Settings(smtp=relay, alert_to="dasbor@bps.example, jaga@bps.example", alert_from="dtsen@bps.example")
        assert alerts.send(settings, BLOCKED) == []
    (mail,) = got
    assert "Subject: DTSEN 2025-03: tertahan" in mail and "To: dasbor@bps.example, jaga@bps.example" in mail
    assert "nik_sah, volume_kiriman" in mail and "From: dtsen@bps.example" in mail


def test_a_receiver_that_is_down_keeps_the_other_channel_and_its_address_to_itself() -> None:
    with mailbox() as (relay, got):
        unsent = alerts.send(Settings(webhook=SecretStr(CLOSED), smtp=relay, alert_to="a@b.example"), BLOCKED)
    assert len(got) == 1 and len(unsent) == 1
    assert unsent[0].startswith("webhook") and "rahasia" not in unsent[0] and "127.0.0.1" not in unsent[0]


@pytest.mark.parametrize(
    "url", [CLOSED, "http://tidak.ada.invalid/", "bukan alamat", "file:///etc/hostname", "http://[::1"]
)
def test_no_address_of_a_webhook_stops_the_sensor(url: str) -> None:
    assert len(alerts.send(Settings(webhook=SecretStr(url)), BLOCKED)) == 1


def test_an_answer_that_refuses_counts_as_unsent() -> None:
    with webhook(status=500) as (url, got):
        assert len(alerts.send(Settings(webhook=SecretStr(url)), BLOCKED)) == 1
    assert len(got) == 1
    with mailbox(answer=b"550 tidak dikenal\r\n") as (relay, mails):
        assert len(alerts.send(Settings(smtp=relay, alert_to="a@b.example"), BLOCKED)) == 1
    assert mails == []


@pytest.mark.parametrize(
    "half", [{"smtp": "127.0.0.1:9"}, {"alert_to": "a@b.example"}, {"smtp": "tanpa:angka", "alert_to": "a@b"}]
)
def test_a_mail_that_is_half_configured_is_told_and_not_passed_over(half: dict[str, str]) -> None:
    (unsent,) = alerts.send(Settings(**half), BLOCKED)  # type: ignore[arg-type]
    assert "DTSEN_SMTP" in unsent and "DTSEN_ALERT_TO" in unsent
