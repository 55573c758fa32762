"""Dagster's instance: where its home is, and how it is opened.

What belongs here: what must hold before Dagster is asked anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.storage.locks import hold_lock
from dtsen_pipeline.storage.private_files import private_file

if TYPE_CHECKING:
    import dagster as dg

INSTANCE = Path(__file__).parents[2] / "dagster.yaml"


# Dagster speaks psycopg2; of a plain postgresql:// SQLAlchemy 2.1 makes another driver's.
POSTGRES_DRIVER = "postgresql+psycopg2://"


# The address stays in the environment: it may hold a password.
POSTGRES = """
storage:
  postgres:
    postgres_url:
      env: DTSEN_POSTGRES_URL
"""

LOCK = ".dtsen.lock"


def instance_home(settings: Settings) -> Path:
    """Dagster's home: $DAGSTER_HOME where set, so that the UI shows the run, else ``home/dagster``.

    Its ``dagster.yaml`` is the project's, with the storage that ``settings`` name; one that stands in another home is left alone.
    """
    if settings.postgres_url and not settings.postgres_url.get_secret_value().startswith(POSTGRES_DRIVER):
        raise InputError(
            "DTSEN_POSTGRES_URL bukan alamat PostgreSQL dengan pengandar psycopg2 / is no address for the driver psycopg2",
            expected=f"{POSTGRES_DRIVER}user:password@host/database",
        )
    own = settings.home.absolute() / "dagster"
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(own)))
    with hold_lock(home / LOCK):
        if home == own or not (home / "dagster.yaml").exists():
            storage = POSTGRES if settings.postgres_url else ""
            with private_file(home / "dagster.yaml") as part:
                part.write_text(INSTANCE.read_text(encoding="utf-8") + storage, encoding="utf-8")
    return home


@contextmanager
def opened(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Dagster's instance in ``instance_home``.

    Dagster asks whether its tables are there and then makes them: of two commands that start together in a new home, one would
    fail over a table that the other has made meanwhile. So they open it in turn.
    """
    import dagster as dg

    with hold_lock(instance_home(settings) / LOCK):
        instance = dg.DagsterInstance.get()
    with instance:
        yield instance


if __name__ == "__main__":
    # For an installation behind a service: webserver and daemon find their home as a run leaves it.
    os.umask(0o077)
    with opened(Settings()):
        pass
