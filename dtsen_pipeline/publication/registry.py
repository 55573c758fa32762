"""What lives across months, in ``home/registry.duckdb``: ids of persons and families, their events, releases, quality.

What belongs here: the tables and the set-based SQL that moves them. ``rekaman`` says from which month (inclusive) to
which (exclusive, NULL while it lasts) a record belonged to a person and a family; ``peristiwa`` is derived from two
neighbouring released months. Ids, events and the ledger change in one transaction, and only when a release is
published or withdrawn; a blocked month leaves nothing but its quality history (``mutu``: the rules, ``penautan``: the
linkage, ``kesejahteraan``: the welfare report). ``versi`` says which of ``MIGRATIONS`` the file has been through.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from dtsen_pipeline import warehouse
from dtsen_pipeline.config import Settings, check_month
from dtsen_pipeline.documents import private_file, sync
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.publication import audit, keys
from dtsen_pipeline.publication.gate import Verdict

# Months are refreshed side by side, and DuckDB lets one process in; a publish holds the registry for seconds.
LOCK_WAIT_SECONDS = 60.0

_KEY = "registri"

PUBLISHED = "terbit"
REPLACED = "diganti"
WITHDRAWN = "ditarik"

# What the tables became, step by step. Homes have been through them, so a step that stands here never changes, and a new one
# comes last. The first three say "if not exists", since the versions that made them counted no steps.
MIGRATIONS = (
    """
    create table if not exists rekaman (
        source varchar not null, record_id varchar not null, person_id varchar not null, family_id varchar not null,
        bulan_mulai varchar not null, bulan_selesai varchar
    );
    create table if not exists peristiwa (
        bulan varchar not null, jenis varchar not null, entity varchar not null, id varchar not null, id_lain varchar
    );
    create table if not exists rilis (
        bulan varchar not null, revisi integer not null, path varchar not null, manifest_sha256 varchar not null,
        created_at timestamptz not null, status varchar not null
    );
    create table if not exists mutu (
        bulan varchar not null, run_id varchar not null, rule varchar not null, ukuran varchar not null, nilai double,
        lulus boolean not null, dijalankan timestamptz not null
    );
    create table if not exists ukuran (
        bulan varchar not null, run_id varchar not null, nama varchar not null, nilai double not null
    );
    """,
    """
    create table if not exists penautan (
        bulan varchar not null, run_id varchar not null, ukuran varchar not null, kelompok varchar not null,
        nilai double not null, bawah double, atas double, dasar varchar not null
    );
    """,
    """
    create table if not exists kesejahteraan (
        bulan varchar not null, run_id varchar not null, ukuran varchar not null, kelompok varchar not null,
        nilai double not null, bawah double, atas double
    );
    """,
)

_MEASURED = {
    "penautan": ("linkage.evaluasi", "ukuran, kelompok, nilai, bawah, atas, dasar"),
    "kesejahteraan": ("welfare.laporan", "ukuran, kelompok, nilai, bawah, atas"),
}

_VALID = "bulan_mulai <= $bulan and (bulan_selesai is null or bulan_selesai > $bulan)"
_SAME = "a.source = b.source and a.record_id = b.record_id and a.person_id = b.person_id and a.family_id = b.family_id"

# Only what differs is touched: nearly every record keeps its person and family from month to month. A month may be
# published again after later ones, so its assignment holds until the next released month and what followed goes on.
_ASSIGN = (
    f"""create or replace temp table pergi as
    select a.* from (select * from rekaman where {_VALID}) as a
    left join silang as b on {_SAME} where b.source is null""",
    f"""create or replace temp table datang as
    select b.* from silang as b
    left join (select * from rekaman where {_VALID}) as a on {_SAME} where a.source is null""",
    """insert into rekaman
    select source, record_id, person_id, family_id, $berikut, bulan_selesai from pergi
    where $berikut is not null and (bulan_selesai is null or bulan_selesai > $berikut)""",
    f"""delete from rekaman as a using pergi as b
    where {_SAME} and a.bulan_mulai = b.bulan_mulai and a.bulan_mulai = $bulan""",
    f"""update rekaman as a set bulan_selesai = $bulan from pergi as b
    where {_SAME} and a.bulan_mulai = b.bulan_mulai and a.bulan_mulai < $bulan""",
    "insert into rekaman select source, record_id, person_id, family_id, $bulan, $berikut from datang",
    *(
        # Intervals of one assignment that now touch become one.
        statement
        for seam in ("$bulan", "$berikut")
        for statement in (
            f"""update rekaman as a set bulan_selesai = b.bulan_selesai from rekaman as b
            where {_SAME} and a.bulan_selesai = {seam} and b.bulan_mulai = {seam}""",
            f"""delete from rekaman as b using rekaman as a
            where {_SAME} and b.bulan_mulai = {seam} and a.bulan_mulai < {seam}
            and (a.bulan_selesai is null or a.bulan_selesai > {seam})""",
        )
    ),
)

# An id that is gone went to where most of its records went; a new id that took records from a living one split from it.
_EVENTS = """
with lama as (select source, record_id, {id} as id from {before}),
baru as (select source, record_id, {id} as id from {after}),
hilang as (select id from lama except select id from baru),
muncul as (select id from baru except select id from lama),
pindah as (
    select lama.id as dari, baru.id as ke, count(*) as jumlah
    from lama inner join baru on lama.source = baru.source and lama.record_id = baru.record_id
    where lama.id <> baru.id
    group by lama.id, baru.id
),
lebur as (
    select dari, ke from pindah where dari in (select id from hilang)
    qualify row_number() over (partition by dari order by jumlah desc, ke) = 1
),
pecah as (
    select dari, ke from pindah where ke in (select id from muncul) and dari not in (select id from hilang)
    qualify row_number() over (partition by ke order by jumlah desc, dari) = 1
)
select 'merged_into' as jenis, '{entity}' as entity, dari as id, ke as id_lain from lebur
union all
select 'retired', '{entity}', id, null from hilang where id not in (select dari from lebur)
union all
select 'split_from', '{entity}', ke, dari from pecah
union all
select 'created', '{entity}', id, null from muncul where id not in (select ke from pecah)
"""


def events(entity: str, before: str, after: str) -> str:
    """SELECT of the events (jenis, entity, id, id_lain) of 'person' or 'family' ids between two assignments.

    ``before`` and ``after`` are tables, or subqueries in parentheses: source, record_id, person_id, family_id.
    """
    return _EVENTS.format(entity=entity, id=f"{entity}_id", before=before, after=after)


@dataclass(frozen=True)
class Release:
    """One published revision of a month; ``path`` is its folder, ``status`` 'terbit', 'diganti' where a later one took
    its place, or 'ditarik' where it was withdrawn; ``deleted`` is when its folder was deleted, by the audit trail."""

    month: str
    revision: int
    path: Path
    manifest_sha256: str
    created_at: datetime
    status: str
    deleted: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.month}/r{self.revision}"

    @property
    def stands(self) -> bool:
        """Whether this is what its month says: one revision of a month does at most."""
        return self.status == PUBLISHED

    @property
    def gone(self) -> bool:
        """Whether it was deleted and is not there: neither a crash on the way nor a backup left its folder."""
        return self.deleted is not None and not self.path.exists()


@dataclass(frozen=True)
class Registry:
    """The open registry. ``con`` may be read freely; writing goes through the methods."""

    con: duckdb.DuckDBPyConnection
    settings: Settings

    def version(self) -> int:
        """How many of ``MIGRATIONS`` the file has been through; 0 where it was made before they were counted, or is new."""
        if "main.versi" not in warehouse.tables(self.con):
            return 0
        found = self.con.execute("select max(nomor) from versi").fetchone()
        return (found and found[0]) or 0

    def migrate(self) -> None:
        """Bring the file up to this version, all or nothing; raises InputError where it is of a later one."""
        found = self.version()
        if found > len(MIGRATIONS):
            raise InputError(
                f"rumah ini dari versi yang lebih baru / this home is of a later version: {found} > {len(MIGRATIONS)}",
                file=self.settings.registry,
                expected=f"versi/version {len(MIGRATIONS)} atau kurang / or less",
                action="pakai versi dtsen yang terakhir menjalankan rumah ini, tidak ada yang diubah / use the version of dtsen "
                "that ran it last; nothing was changed",
            )
        if found == len(MIGRATIONS):
            return
        with self._transaction():
            self.con.execute("create table if not exists versi (nomor integer not null, sejak timestamptz not null)")
            for number, step in enumerate(MIGRATIONS[found:], start=found + 1):
                self.con.execute(step)
                self.con.execute("insert into versi values (?, ?)", [number, datetime.now(UTC)])

    def releases(self) -> list[Release]:
        """Every release of the ledger, by month and revision."""
        rows = self.con.execute(
            """select bulan, revisi, path, manifest_sha256, epoch_us(created_at), status
            from rilis order by bulan, revisi"""
        ).fetchall()
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

    def before(self, month: str) -> Release | None:
        """The standing release of the last released month before ``month``."""
        check_month(month)
        return next((entry for entry in reversed(self.releases()) if entry.stands and entry.month < month), None)

    def previous_assignment(self, month: str) -> pa.Table:
        """Who was who in the last released month before ``month``: source, record_id, person_id, family_id.

        Strictly before, so that a month that runs again starts from the same ids. Empty where nothing was released.
        """
        return self.con.execute(
            f"select source, record_id, person_id, family_id from rekaman where {_VALID} order by source, record_id",
            {"bulan": self._neighbour(check_month(month), "max", "<") or ""},
        ).to_arrow_table()

    def gone_assignment(self, month: str) -> pa.Table:
        """Who was last whom, of the records that were not in the last released month before ``month``; columns as above."""
        last = self._neighbour(check_month(month), "max", "<") or ""
        return self.con.execute(
            f"""
            select source, record_id, person_id, family_id from rekaman
            where bulan_selesai <= $bulan
                and (source, record_id) not in (select (source, record_id) from rekaman where {_VALID})
            qualify row_number() over (partition by source, record_id order by bulan_selesai desc) = 1
            order by source, record_id
            """,
            {"bulan": last},
        ).to_arrow_table()

    def record_quality(self, verdicts: Iterable[Verdict], month: str, run_id: str) -> None:
        """Keep what every rule measured; of a rule that could not be asked one row without a value. For any month."""
        now = datetime.now(UTC)
        rows = [
            (month, run_id, verdict.rule.name, ukuran, nilai, verdict.passed, now)
            for verdict in verdicts
            for ukuran, nilai in (verdict.measures or (("galat", None),))
        ]
        with self._transaction():
            self.con.executemany("insert into mutu values (?, ?, ?, ?, ?, ?, ?)", rows)

    def record_measured(self, con: duckdb.DuckDBPyConnection, month: str, run_id: str) -> None:
        """Keep what a run measured of itself: ``linkage.evaluasi`` and ``welfare.laporan`` of its warehouse, each where the
        month got that far.

        For any month; once a run.
        """
        made = warehouse.tables(con)
        with self._transaction():
            for table, (source, columns) in _MEASURED.items():
                if source not in made:
                    continue
                measured = con.execute(f"select {columns} from {source} order by rowid").to_arrow_table()
                self.con.register("terukur", measured)
                self.con.execute(f"delete from {table} where bulan = ? and run_id = ?", [month, run_id])
                self.con.execute(f"insert into {table} select ?, ?, * from terukur", [month, run_id])
                self.con.unregister("terukur")

    def previous_measures(self, month: str) -> pa.Table:
        """What the linkage of the last released month before ``month`` measured: ukuran, kelompok, nilai.

        That of the run which made the standing release (``choose_runs``); empty where nothing was released.
        """
        before = self._neighbour(check_month(month), "max", "<") or ""
        choose_runs(self.con, before, month)
        return self.con.execute(
            """
            select p.ukuran, p.kelompok, p.nilai
            from penautan as p inner join lari as l on p.bulan = l.bulan and p.run_id = l.run_id
            where p.bulan = ?
            order by p.ukuran, p.kelompok
            """,
            [before],
        ).to_arrow_table()

    def record(self, release: Release, crosswalk: str, measures: Mapping[str, float], run_id: str) -> None:
        """Enter a release with its ids, their events and its counts; all or nothing. For the publish step alone.

        ``crosswalk`` is what the released file is read by (``contents.relation``: source, record_id, person_id,
        family_id), ``measures`` are counts of the release by name.
        """
        month = release.month
        with self._transaction():
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

        ``restored`` is the earlier revision of that month which stands again, ``crosswalk`` what its file is read by, as in
        ``record``. Without one the month's ids and events go: as if it had never been published.
        """
        month = release.month
        with self._transaction():
            self._mark(release, WITHDRAWN)
            if restored is not None:
                self._mark(restored, PUBLISHED)
                self._assign(month, crosswalk)
            else:
                # No month follows, so what began in this one is nobody's, and what it ended goes on.
                self.con.execute("delete from rekaman where bulan_mulai = ?", [month])
                self.con.execute("update rekaman set bulan_selesai = null where bulan_selesai = ?", [month])
                self._derive_events(month)

    def _mark(self, release: Release, status: str) -> None:
        self.con.execute(
            "update rilis set status = ? where bulan = ? and revisi = ?", [status, release.month, release.revision]
        )

    def _assign(self, month: str, crosswalk: str) -> None:
        """Let the records belong in ``month`` to whom ``crosswalk`` says, and the events follow."""
        self.con.execute(
            f"create or replace temp table silang as select source, record_id, person_id, family_id from {crosswalk}"
        )
        following = self._neighbour(month, "min", ">")
        for statement in _ASSIGN:
            given = {"bulan": month, "berikut": following}
            self.con.execute(statement, {name: value for name, value in given.items() if f"${name}" in statement})
        for changed in (month, following):
            if changed is not None:
                self._derive_events(changed)

    def _derive_events(self, month: str) -> None:
        self.con.execute("delete from peristiwa where bulan = ?", [month])
        months = {"bulan": month, "lalu": self._neighbour(month, "max", "<") or ""}
        before, after = (f"(select * from rekaman where {_VALID.replace('$bulan', of)})" for of in ("$lalu", "$bulan"))
        for entity in ("person", "family"):
            self.con.execute(f"insert into peristiwa select $bulan, * from ({events(entity, before, after)})", months)

    def _neighbour(self, month: str, nearest: str, side: str) -> str | None:
        found = self.con.execute(
            f"select {nearest}(bulan) from rilis where status = ? and bulan {side} ?", [PUBLISHED, month]
        ).fetchone()
        assert found is not None
        neighbour: str | None = found[0]
        return neighbour

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.con.begin()
        try:
            yield
        except BaseException:
            self.con.rollback()
            raise
        self.con.commit()


def choose_runs(con: duckdb.DuckDBPyConnection, first: str, end: str) -> None:
    """Write the temporary table ``lari`` (bulan, run_id, dijalankan): the run that speaks for each month of [``first``, ``end``).

    A month may have run often. What counts is the run that made the standing release (the last one that entered counts and had
    asked the rules before that was made), else the last run; and of a run that was recorded twice, the last record.
    """
    con.execute(
        """
        create or replace temp table lari as
        select m.bulan, m.run_id, m.dijalankan
        from (select distinct bulan, run_id, dijalankan from mutu where bulan >= $dari and bulan < $sampai) as m
        left join (select distinct bulan, run_id from ukuran) as u on m.bulan = u.bulan and m.run_id = u.run_id
        left join (select bulan, created_at from rilis where status = $berlaku) as r
            on m.bulan = r.bulan and m.dijalankan <= r.created_at
        qualify row_number() over (
            partition by m.bulan order by u.run_id is not null and r.bulan is not null desc, m.dijalankan desc, m.run_id
        ) = 1
        """,
        {"dari": first, "sampai": end, "berlaku": PUBLISHED},
    )


@contextmanager
def open(settings: Settings, *, create: bool = True) -> Iterator[Registry]:
    """The registry of ``settings.home``, made in a new home; one of an earlier version is encrypted and brought up to this one.

    Raises DtsenError where another process keeps it; InputError where it is damaged, was lost, was encrypted with another key or
    is of a later version, and, without ``create``, where no month has been run.
    """
    if settings.registry.is_dir():
        raise _lost(warehouse.DAMAGED, settings.registry)
    if not settings.registry.exists():
        _check_new(settings, create)
    # Before the registry is there: after it, a home without its key is a home that lost it.
    warehouse.private_folder(settings.home)
    key = keys.load(settings)
    with warehouse.in_memory(settings.home, settings) as con:
        try:
            _attach(con, settings.registry, key.text(_KEY))
            settings.registry.chmod(0o600)
            con.execute("use registri")
            con.execute("set timezone = 'UTC'")
            # A folder left by a crash is written again under the same name, and the cache goes by name and second.
            con.execute("set enable_external_file_cache = false")
            ledger = Registry(con, settings)
            ledger.migrate()
            yield ledger
        except warehouse.Damaged as error:
            raise _lost(error.message, settings.registry) from None
        except duckdb.Error as error:
            # The caller reads files of releases beside it, and those may be what is damaged.
            if warehouse.is_damage(error) and _is_damaged(con):
                raise _lost(warehouse.DAMAGED, settings.registry) from None
            raise


def _check_new(settings: Settings, create: bool) -> None:
    """Refuse to take a home that lost its registry, or a mistyped --home, for a new one."""
    if (settings.releases / "CURRENT").exists() or any(settings.releases.glob("*/r*")):
        raise _lost(
            "registri hilang, padahal ada rilis / the registry is gone, and there are releases", settings.registry
        )
    log = settings.registry.with_name(f"{settings.registry.name}.wal")
    if log.exists():
        raise _lost(
            "registri hilang, hanya catatannya ada / the registry is gone, and its log is there", settings.registry
        )
    if not create:
        raise InputError(
            "belum ada bulan di sini / no month has been run here",
            file=settings.home,
            expected=f"folder dengan {settings.registry.name} / a folder that holds it",
            action="periksa --home, atau jalankan `dtsen run` / check it, or run a month",
        )


def _lost(message: str, file: Path) -> InputError:
    return InputError(
        message,
        file=file,
        action="pulihkan registry.duckdb dari cadangan, jangan hapus apa pun / restore it from a backup and delete nothing: "
        "dtsen restore --from CADANGAN --home RUMAH_BARU",
    )


def _read_whole(con: duckdb.DuckDBPyConnection) -> None:
    for table in con.execute("select table_name from duckdb_tables() where database_name = 'registri'").fetchall():
        con.execute(f"select min(columns(*)) from registri.{table[0]}").fetchall()


def _is_damaged(con: duckdb.DuckDBPyConnection) -> bool:
    with con.cursor() as own:  # what failed may have left its transaction behind
        try:
            _read_whole(own)
        except duckdb.Error as error:
            return warehouse.is_damage(error)
    return False


def _attach(con: duckdb.DuckDBPyConnection, path: Path, key: str) -> None:
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            try:
                warehouse.attach(con, path, "registri", key)
            except warehouse.Unencrypted:
                _encrypt(con, path, key)
                warehouse.attach(con, path, "registri", key)
            return
        except warehouse.InUse:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _encrypt(con: duckdb.DuckDBPyConnection, path: Path, key: str) -> None:
    """Put an encrypted copy in the place of a registry that is not: its ids must not be lost."""
    warehouse.attach(con, path, "lama", None)
    # Held until its place is taken, so that nobody writes into the copy that goes.
    con.execute("checkpoint lama")
    with private_file(path) as part:
        _copy(con, "lama", part, key)
    con.execute("detach lama")


def check(settings: Settings) -> None:
    """Read every value of the registry; raises InputError where one cannot be read."""
    with open(settings, create=False) as ledger:
        _read_whole(ledger.con)


def copy(settings: Settings, to: Path) -> None:
    """Write the registry into the new file ``to``, encrypted with the same key: what is in its log is in it too."""
    with open(settings, create=False) as ledger:
        _copy(ledger.con, "registri", to, keys.load(settings).text(_KEY))


def _copy(con: duckdb.DuckDBPyConnection, name: str, to: Path, key: str) -> None:
    to.unlink(missing_ok=True)
    warehouse.attach(con, to, "baru", key)
    to.chmod(0o600)
    con.execute(f"copy from database {name} to baru")
    con.execute("detach baru")
    sync(to)
