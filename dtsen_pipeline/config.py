"""Read the settings (environment ``DTSEN_*``), and name the files below the home folder.

What belongs here: settings that somebody really sets, the paths derived from them, and which months can be made. Thresholds of the
gate stand with their rules in ``checks``; linkage parameters with the model in ``dtsen_pipeline.linkage``.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ByteSize, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from dtsen_pipeline.errors import InputError

TIMEZONE = "Asia/Jakarta"

# The first month that can be made; the last is the current one.
FIRST_MONTH = "2020-01"

# The smallest count of families or persons that is shown. Statistical offices use ten; no Indonesian rule is known.
SMALLEST_COUNT = 10


class Settings(BaseSettings):
    """The settings of one run: where files come from and go to, how much of the machine may be used, the key, the alerts."""

    model_config = SettingsConfigDict(env_prefix="DTSEN_")

    landing: Path = Field(default=Path("landing"), description="Folder of the deliveries: <YYYY-MM>/<source>/<table>*")
    home: Path = Field(default=Path("home"), description="Folder of warehouse, registry and releases")
    memory_limit: str = Field(
        default="3GB",
        # DuckDB reads a negative number, or one without a unit, as no limit at all.
        pattern=r"(?i)^ *[1-9][0-9]*(\.[0-9]+)? *([KMGT]i?B) *$",
        description="What DuckDB may hold in memory, such as 3GB or 800MiB; past it, it spills into <home>/.tumpahan.*",
    )
    threads: int | None = Field(
        default=None, ge=1, le=1024, description="DuckDB threads, 1 to 1024; all cores where not set"
    )
    # Bounds that keep a broken or hostile file from filling memory and disk, far above what any office sends.
    max_line: ByteSize = Field(
        default=ByteSize(1 << 20), ge=4096, description="Longest line of a delivered file, or row of a sheet"
    )
    max_columns: int = Field(default=1000, ge=1, description="Most columns of a delivered table")
    max_expansion: int = Field(
        default=100, ge=1, description="How many times its size a packed file may expand; asked from 64 MB on"
    )
    max_texts: ByteSize = Field(
        default=ByteSize(512 << 20), ge=4096, description="Largest table of texts of a workbook, unpacked"
    )
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

    @field_validator("landing", "home", mode="before")
    @classmethod
    def _refuse_empty_path(cls, folder: Any) -> Any:
        # An empty path would be the current folder. Nobody means that: it comes of a variable that was not filled in.
        if folder == "":
            raise ValueError("kosong / empty")
        return folder

    def __init__(self, **given: Any) -> None:
        """Read the settings. Raises InputError that names the first unusable one, and never its value."""
        try:
            super().__init__(**given)
        except ValidationError as error:
            wrong = error.errors(include_input=False, include_url=False, include_context=False)[0]
            name = str(wrong["loc"][0])
            raise InputError(
                f"DTSEN_{name.upper()}: tidak dapat dipakai / cannot be used: {wrong['msg']}",
                expected=Settings.model_fields[name].description,
                action="perbaiki atau kosongkan setelan itu / mend or unset that setting",
            ) from None

    def warehouse(self, month: str) -> Path:
        """The warehouse file of a month, e.g. ``home/warehouse/2025-03.duckdb``."""
        return self.home / "warehouse" / f"{month}.duckdb"

    @property
    def registry(self) -> Path:
        """The database of what outlives a month: ids, id events, quality history, release ledger."""
        return self.home / "registry.duckdb"

    @property
    def releases(self) -> Path:
        """The folder of the published releases."""
        return self.home / "releases"


def check_month(month: str) -> str:
    """Return ``month`` if it reads ``YYYY-MM`` and can be made; else raises InputError that names the months that can."""
    last = _now().strftime("%Y-%m")
    if not re.fullmatch(r"20[0-9][0-9]-(0[1-9]|1[0-2])", month) or not FIRST_MONTH <= month <= last:
        raise InputError(
            f"{month!a} bukan bulan yang dapat dibuat / is not a month that can be made",
            expected=f"YYYY-MM, {FIRST_MONTH}..{last}",
            action="pilih salah satunya; yang terakhir bulan berjalan / choose one of them; the last is the month that is running",
        )
    return month


def _now() -> datetime:
    return datetime.now(ZoneInfo(TIMEZONE))


def last_closed_month(today: date | None = None) -> str:
    """The month before the current one in Jakarta: the newest for which every delivery can have come."""
    today = today or _now().date()
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return f"{year:04d}-{month:02d}"
