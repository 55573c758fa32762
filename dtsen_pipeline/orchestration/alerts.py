"""Tell people that a month failed or was blocked: by webhook and by e-mail, where they are configured.

What belongs here: what an alert says and how it is sent. It is sent by the sensor of ``automation`` for runs of the code location,
and by ``runner`` for those of ``dtsen run``. A message names the month, the run, the step and the rules, and says where to look;
it holds no value of a row.
"""

from __future__ import annotations

import http.client
import json
import smtplib
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass
from email.message import EmailMessage

from dtsen_pipeline.config import Settings

# For each channel: a sensor has a minute for all it does.
TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Alert:
    """What people are told of a run that did not publish.

    ``state`` is 'tertahan' (the gate blocked, by ``rules``) or 'gagal'; ``page`` is where the page of a blocked month lies.
    """

    state: str
    month: str
    run_id: str
    job: str
    step: str | None
    rules: tuple[str, ...]
    message: str
    page: str | None

    @property
    def subject(self) -> str:
        """One line: the month and what became of it."""
        state = {"tertahan": "tertahan gerbang mutu / blocked by the gate", "gagal": "gagal / failed"}[self.state]
        return f"DTSEN {self.month}: {state}"

    @property
    def body(self) -> str:
        """The whole message, a fact a line."""
        lines = [self.subject, "", self.message, "", f"jalan/run: {self.run_id} ({self.job})"]
        if self.step:
            lines.append(f"langkah/step: {self.step}")
        if self.rules:
            lines.append(f"aturan/rules: {', '.join(self.rules)}")
        if self.page:
            lines.append(f"halaman/page: {self.page}")
        return "\n".join([*lines, "", "Rilis terakhir tetap berlaku / the last release stands."])


def send(settings: Settings, alert: Alert) -> list[str]:
    """Send ``alert`` over every configured channel, and return in words what could not be sent and why.

    Never raises for a receiver that is down, answers with an error or is misspelt: the other channel must still be tried, and the
    sensor must not stop. The result holds no address, which may be a secret.
    """
    channels: dict[str, Callable[[Settings, Alert], None]] = {}
    if settings.webhook:
        channels["webhook (DTSEN_WEBHOOK)"] = _post
    if settings.smtp or settings.alert_to:
        channels["e-mail (DTSEN_SMTP, DTSEN_ALERT_TO)"] = _mail
    unsent = []
    for name, channel in channels.items():
        try:
            channel(settings, alert)
        # Everything that urllib, http.client and smtplib raise over a receiver; ValueError where the address is none.
        except (OSError, http.client.HTTPException, ValueError) as error:
            unsent.append(f"{name}: {type(error).__name__}")
    return unsent


def _post(settings: Settings, alert: Alert) -> None:
    assert settings.webhook is not None
    request = urllib.request.Request(
        settings.webhook.get_secret_value(),
        # The usual chat receivers show `text`.
        data=json.dumps({"text": alert.body, **asdict(alert)}).encode(),
        headers={"Content-Type": "application/json"},
    )
    if request.type not in ("http", "https"):
        raise ValueError("not http")
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
        pass


def _mail(settings: Settings, alert: Alert) -> None:
    if not (settings.smtp and settings.alert_to):
        raise ValueError("one is set without the other")
    host, _, port = settings.smtp.partition(":")
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = alert.subject, settings.alert_from, settings.alert_to
    mail.set_content(alert.body)
    with smtplib.SMTP(host, int(port or 25), timeout=TIMEOUT_SECONDS) as relay:
        relay.ehlo()
        if relay.has_extn("starttls"):
            relay.starttls()
        relay.send_message(mail)
