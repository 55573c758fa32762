"""Read and change what lives across months: releases, ids of persons and families, their events, and what each run measured.

What belongs here: the tables of the registry. ``rekaman`` says from which month (inclusive) to which (exclusive, NULL while it
lasts) a record belonged to a person and a family; ``peristiwa`` is derived from two neighbouring released months. Ids, events and
the ledger change in one transaction, and only when a release is published or withdrawn; a blocked month leaves nothing but its
quality history (``mutu``: the rules, ``penautan``: the linkage, ``kesejahteraan``: the welfare report).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from dtsen_pipeline.config import Settings, check_month
from dtsen_pipeline.quality.rule import Verdict
from dtsen_pipeline.registry import audit, ids
from dtsen_pipeline.sql.macros import expand
from dtsen_pipeline.sql.queries import make_table, query
from dtsen_pipeline.storage import warehouse

PUBLISHED = "terbit"

REPLACED = "diganti"

WITHDRAWN = "ditarik"

# The registry's table, with the warehouse's table and the columns it is filled from: one statement each.
_MEASURE_TABLES = {
    "penautan": ("linkage.evaluasi", "ukuran, kelompok, nilai, bawah, atas, dasar"),
    "kesejahteraan": ("welfare.laporan", "ukuran, kelompok, nilai, bawah, atas"),
}


@dataclass(frozen=True)
class Release:
    """One published revision of a month.

    ``path`` is its folder; ``status`` 'terbit', 'diganti' where a later one took its place, or 'ditarik' where it was withdrawn;
    ``deleted`` when its folder was deleted, by the audit trail.
    """

    month: str
    revision: int
    path: Path
    manifest_sha256: str
    created_at: datetime
    status: str
    deleted: datetime | None = None

    @property
    def name(self) -> str:
        """Month and revision, e.g. '2025-03/r1'."""
        return f"{self.month}/r{self.revision}"

    @property
    def stands(self) -> bool:
        """Whether this is the revision of its month that holds. A month has one at most."""
        return self.status == PUBLISHED

    @property
    def gone(self) -> bool:
        """Whether it was deleted and its folder is not there: a crash on the way leaves it, and a backup brings it back."""
        return self.deleted is not None and not self.path.exists()


@dataclass(frozen=True)
class Registry:
    """The open registry. ``con`` may be read freely; writing goes through the methods."""

    con: duckdb.DuckDBPyConnection
    settings: Settings

    def releases(self) -> list[Release]:
        """Return every release of the ledger, by month and revision."""
        rows = self.con.execute(query("registry/rilis")).fetchall()
        deleted = audit.deletions(self.settings)
        return [
            Release(
                month,
                revision,
                self.settings.releases / path,
                sha256,
                datetime.fromtimestamp(us / 1e6, UTC),
                status,
                deleted.get((f"{month}/r{revision}", sha256)),
            )
            for month, revision, path, sha256, us, status in rows
        ]

    def standing_before(self, month: str) -> Release | None:
        """Return the standing release of the last released month before ``month``; None where there is none."""
        check_month(month)
        return next((entry for entry in reversed(self.releases()) if entry.stands and entry.month < month), None)

    def previous_assignment(self, month: str) -> pa.Table:
        """Return who was who in the last released month before ``month``: source, record_id, person_id, family_id.

        Strictly before, so that a month that runs again starts from the same ids. Empty where nothing was released.
        """
        last = self._neighbour(check_month(month), "max", "<") or ""
        return self.con.execute(query("registry/penetapan"), {"bulan": last}).to_arrow_table()

    def assignment_of_absent(self, month: str) -> pa.Table:
        """Return who was last whom, of the records absent from the last released month before ``month``.

        Columns as of ``previous_assignment``.
        """
        last = self._neighbour(check_month(month), "max", "<") or ""
        return self.con.execute(query("registry/penetapan_terakhir"), {"bulan": last}).to_arrow_table()

    def record_quality(self, verdicts: Iterable[Verdict], month: str, run_id: str) -> None:
        """Keep what every rule measured, whether the month is published or not.

        A rule that could not be asked gets one row without a value.
        """
        now = datetime.now(UTC)
        rows = [
            (month, run_id, verdict.rule.name, ukuran, nilai, verdict.passed, now)
            for verdict in verdicts
            for ukuran, nilai in (verdict.measures or (("galat", None),))
        ]
        with self.transaction():
            self.con.executemany("insert into mutu values (?, ?, ?, ?, ?, ?, ?)", rows)

    def record_measures(self, con: duckdb.DuckDBPyConnection, month: str, run_id: str) -> None:
        """Keep what a run measured of itself: ``linkage.evaluasi`` and ``welfare.laporan`` of its warehouse ``con``.

        Each where the month got that far, whether it is published or not; a run that is recorded again replaces its rows.
        """
        made = warehouse.tables(con)
        with self.transaction():
            for table, (source, columns) in _MEASURE_TABLES.items():
                if source not in made:
                    continue
                measured = con.execute(f"select {columns} from {source} order by rowid").to_arrow_table()
                self.con.register("terukur", measured)
                self.con.execute(f"delete from {table} where bulan = ? and run_id = ?", [month, run_id])
                self.con.execute(f"insert into {table} select ?, ?, * from terukur", [month, run_id])
                self.con.unregister("terukur")

    def previous_measures(self, month: str) -> pa.Table:
        """Return what the linkage of the last released month before ``month`` measured: ukuran, kelompok, nilai.

        By the run that made the standing release (``choose_runs``); empty where nothing was released.
        """
        before = self._neighbour(check_month(month), "max", "<") or ""
        choose_runs(self.con, before, month)
        return self.con.execute(query("registry/ukuran_penautan"), {"bulan": before}).to_arrow_table()

    def record(self, release: Release, crosswalk: str, measures: Mapping[str, float], run_id: str) -> None:
        """Enter a release with its ids, their events and its counts; all or nothing. For the publish step alone.

        ``crosswalk`` is the released file as SQL (``contents.relation``: source, record_id, person_id, family_id), ``measures``
        are counts of the release by name.
        """
        month = release.month
        with self.transaction():
            self.con.execute("update rilis set status = ? where bulan = ? and status = ?", [REPLACED, month, PUBLISHED])
            self.con.execute(
                "insert into rilis values (?, ?, ?, ?, ?, ?)",
                [month, release.revision, release.name, release.manifest_sha256, release.created_at, release.status],
            )
            self._assign(month, crosswalk)
            self.con.executemany(
                "insert into ukuran values (?, ?, ?, ?)",
                [(month, run_id, name, value) for name, value in measures.items()],
            )

    def withdraw(self, release: Release, restored: Release | None = None, crosswalk: str = "") -> None:
        """Take back the standing release of the last released month; all or nothing. For the rollback step alone.

        ``restored`` is the earlier revision of that month which stands again, ``crosswalk`` its file as SQL, as in ``record``.
        Without one the month's ids and events go, as if it had never been published.
        """
        month = release.month
        with self.transaction():
            self._set_status(release, WITHDRAWN)
            if restored is not None:
                self._set_status(restored, PUBLISHED)
                self._assign(month, crosswalk)
            else:
                # No month follows: what began in this one goes, and what it ended goes on.
                self.con.execute("delete from rekaman where bulan_mulai = ?", [month])
                self.con.execute("update rekaman set bulan_selesai = null where bulan_selesai = ?", [month])
                self._derive_events(month)

    def _set_status(self, release: Release, status: str) -> None:
        self.con.execute(
            "update rilis set status = ? where bulan = ? and revisi = ?", [status, release.month, release.revision]
        )

    def _assign(self, month: str, crosswalk: str) -> None:
        """Let the records belong in ``month`` to whom ``crosswalk`` says, and the events follow."""
        following = self._neighbour(month, "min", ">")
        ids.assign(self.con, crosswalk, month, following)
        for changed in (month, following):
            if changed is not None:
                self._derive_events(changed)

    def _derive_events(self, month: str) -> None:
        self.con.execute("delete from peristiwa where bulan = ?", [month])
        months = {"bulan": month, "lalu": self._neighbour(month, "max", "<") or ""}
        # The same SELECT for two months: only the name of the parameter differs.
        before, after = (
            f"({expand(f'select * from rekaman where berlaku_pada(bulan_mulai, bulan_selesai, {of})')})"
            for of in ("$lalu", "$bulan")
        )
        statement = f"insert into peristiwa select $bulan, * from ({ids.events(before, after)})"
        for entity in ("person", "family"):
            self.con.execute(statement, {**months, "entity": entity})

    def _neighbour(self, month: str, nearest: str, side: str) -> str | None:
        """Return the last ('max', '<') or next ('min', '>') released month beside ``month``; None where there is none."""
        row = self.con.execute(
            f"select {nearest}(bulan) from rilis where status = ? and bulan {side} ?", [PUBLISHED, month]
        ).fetchone()
        assert row is not None
        neighbour: str | None = row[0]
        return neighbour

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block whole or not at all."""
        self.con.begin()
        try:
            yield
        except BaseException:
            self.con.rollback()
            raise
        self.con.commit()


def choose_runs(con: duckdb.DuckDBPyConnection, first: str, end: str) -> None:
    """Write the temporary table ``lari`` (bulan, run_id, dijalankan): the run that speaks for each month of [``first``, ``end``).

    A month may have run often. What counts is the run that made the standing release, else the last run.
    """
    make_table(con, "lari", "registry/lari", dari=first, sampai=end, berlaku=PUBLISHED)
