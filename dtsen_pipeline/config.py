"""The one settings object (environment ``DTSEN_*``), and where things lie below the home folder.

What belongs here: settings somebody really sets, and the paths derived from them. Thresholds of the gate stand with their
rules in ``checks``; linkage parameters with the model in ``dtsen_pipeline.linkage``.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from dtsen_pipeline.errors import InputError

TIMEZONE = "Asia/Jakarta"


class Settings(BaseSettings):
    """Where the files come from, where the results go, and how much of the machine may be used."""

    model_config = SettingsConfigDict(env_prefix="DTSEN_")

    landing: Path = Field(default=Path("landing"), description="Folder of the deliveries: <YYYY-MM>/<source>/<table>*")
    home: Path = Field(default=Path("home"), description="Folder of warehouse, registry and releases")
    memory_limit: str = Field(
        default="3GB", description="What DuckDB may hold in memory; past it, it spills below <home>, encrypted"
    )
    threads: int | None = Field(default=None, description="DuckDB threads; all cores where not set")
    postgres_url: SecretStr | None = Field(
        default=None,
        description="Where Dagster keeps its run history, postgresql+psycopg2://...; SQLite below its home where not set",
    )
    key: SecretStr | None = Field(default=None, description="Master key, hex or base64 of 32 bytes or more")
    key_file: Path | None = Field(default=None, description="File that holds the master key, mode 0600")

    ui_token: SecretStr | None = Field(
        default=None, description="What logs in to the UI; made anew by each start where not set"
    )
    ui_token_file: Path | None = Field(default=None, description="File that holds it, mode 0600")
    ui_origins: str = Field(
        default="",
        description="Where else the UI is reached, a proxy or a tunnel: https://dtsen.contoh.go.id, separated by commas",
    )

    webhook: SecretStr | None = Field(
        default=None, description="Address that a failed or blocked month is posted to, as JSON; it may hold a token"
    )
    smtp: str | None = Field(default=None, description="host:port of the mail relay for the same; with alert_to")
    alert_to: str | None = Field(default=None, description="Who is written to, separated by commas")
    alert_from: str = Field(default="dtsen@localhost", description="Who writes")

    def warehouse(self, month: str) -> Path:
        """The warehouse file of one month, e.g. ``home/warehouse/2025-03.duckdb``."""
        return self.home / "warehouse" / f"{month}.duckdb"

    @property
    def registry(self) -> Path:
        """What lives across months: ids, id events, quality history, release ledger."""
        return self.home / "registry.duckdb"

    @property
    def releases(self) -> Path:
        return self.home / "releases"


def check_month(month: str) -> str:
    """Return ``month`` if it reads ``YYYY-MM``; raises InputError otherwise."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise InputError(f"'{month}' is not a month", expected="YYYY-MM, e.g. 2025-03")
    return month


def last_closed_month(today: date | None = None) -> str:
    """The month before the current one in Jakarta: the newest for which every delivery can be in."""
    today = today or datetime.now(ZoneInfo(TIMEZONE)).date()
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return f"{year:04d}-{month:02d}"
