"""What the sources say of a record, for a person to read.

What belongs here: the finished month that is looked into, and the facts of its records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from dtsen_pipeline.config import Settings, check_month
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry import ledger, store
from dtsen_pipeline.review.spreadsheet import printable
from dtsen_pipeline.storage.warehouse import connect


@contextmanager
def open_month(settings: Settings, month: str | None) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    """``month``, or the newest released one whose warehouse is still kept, and its warehouse, opened for reading.

    Raises InputError where there is no such warehouse or its linkage was not finished, DtsenError where a run holds it.
    """
    if month is None:
        released: list[str] = []
        if settings.registry.exists():
            with store.open(settings) as book:
                released = [entry.month for entry in book.releases() if entry.status == ledger.PUBLISHED]
        kept = [name for name in released if settings.warehouse(name).exists()]
        if not kept:
            raise InputError(
                "belum ada bulan terbit yang gudang datanya tersimpan / no released month whose warehouse is kept",
                file=settings.home,
                action="jalankan `dtsen run`, atau sebut --home dan --month / run it, or name --home and --month",
            )
        month = max(kept)
    path = settings.warehouse(check_month(month))
    if not path.exists():
        raise InputError(
            f"gudang data bulan {month} tidak ada / there is no warehouse of month {month}",
            file=path,
            action=f"jalankan `dtsen run --month {month}`, atau pilih bulan lain / run it, or choose another month",
        )
    with connect(path, read_only=True) as con:
        done = con.execute(
            "select count(*) from duckdb_tables() where schema_name = 'linkage' and table_name in ('orang', 'crosswalk')"
        ).fetchone()
        if done != (2,):
            raise InputError(
                f"penautan bulan {month} belum selesai / the linkage of month {month} is not finished",
                file=path,
                action=f"jalankan `dtsen run --month {month}` sampai selesai / run it to its end",
            )
        yield month, con


# What a person is shown of a record, each value as text. Used by the queue here and by ``explain``.
_FACTS = """
    select
        p.record_uid,
        p.source as sumber,
        p.nama_asal,
        p.nama,
        coalesce(p.nik, p.nik_asal) as nik,
        p.nik_masalah,
        p.kk,
        case p.tgl_lahir_presisi when 'hari' then strftime(p.tgl_lahir, '%Y-%m-%d') else cast(p.tahun_lahir as varchar) end
            as tgl_lahir,
        p.jenis_kelamin,
        p.tempat_lahir,
        p.ibu,
        concat_ws(', ', p.alamat_baku, p.sls) as alamat,
        concat_ws(', ', d.nama, c.nama, k.nama) as desa,
        case p.hubungan
            when 1 then 'kepala keluarga / head'
            when 2 then 'istri/suami / spouse'
            when 3 then 'anak / child'
            when 4 then 'menantu / child-in-law'
            when 5 then 'cucu / grandchild'
            when 6 then 'orang tua/mertua / parent'
            when 7 then 'pembantu / domestic worker'
            when 8 then 'lainnya / other'
        end as hubungan,
        strftime(p.tanggal_amatan, '%Y-%m-%d') as tanggal_amatan,
        concat(p._file, ':', p._line) as asal,
        p.family_uid
    from intermediate.int_person_record as p
    inner join diminta as m on p.record_uid = m.record_uid
    left join intermediate.int_wilayah__aktif as d on p.kode_desa = d.kode_kemendagri
    left join intermediate.int_wilayah__aktif as c on p.kode_kecamatan = c.kode_kemendagri
    left join intermediate.int_wilayah__aktif as k on p.kode_kabupaten = k.kode_kemendagri
    order by p.record_uid
"""


def facts(con: duckdb.DuckDBPyConnection, records: Iterable[str]) -> dict[str, dict[str, str]]:
    """What the sources say, by record: name of the fact to a printable text, '' where nothing is known."""
    con.register("diminta", pa.table({"record_uid": pa.array(sorted(set(records)), pa.string())}))
    rows = con.execute(_FACTS).to_arrow_table().to_pylist()
    con.unregister("diminta")
    return {row["record_uid"]: {name: printable(value) for name, value in row.items()} for row in rows}
