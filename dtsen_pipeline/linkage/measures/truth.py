"""How good the linkage is where it is known who is who.

What belongs here: comparing persons, families and candidate pairs with a file of the truth. A simulated month has one beside its
landing zone; a real month may have one from a field check, in the same layout.

Every measure is a function of sums over records, so that it can be taken over all of them, over a group (province, sex, ...) and
without one bucket in turn. A record stands in one found cluster (size f), one true cluster (size t), and shares n records, itself
included, with both. Pairwise precision is then the sum of n-1 over the sum of f-1: each pair counts once from either end. B-cubed
(Bagga and Baldwin, LREC workshop 1998) averages n/f and n/t over records, so that a large cluster weighs by its records and not by
its pairs, and a record alone counts too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from dtsen_pipeline.linkage.clustering import components
from dtsen_pipeline.linkage.measures.intervals import ALL, BUCKETS, Floats, Measure, interval, measures, share

BASIS = "kebenaran / truth"
# A group with fewer true pairs than this says nothing about its linkage.
ENOUGH_PAIRS = 100
# Records whose true persons blocking is measured on: shares to a few hundredths of a percent.
SAMPLED_RECORDS = 200_000

_COLUMNS = (
    "sama",
    "ditemukan",
    "benar",
    "b3_presisi",
    "b3_recall",
    "rekaman",
    "tepat",
    "orang_benar",
    "orang_ditemukan",
)
_SAME, _FOUND, _TRUE, _B3_PRECISION, _B3_RECALL, _RECORDS, _EXACT, _TRUE_ONES, _FOUND_ONES = range(len(_COLUMNS))


def _harmonic(one: Floats, other: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * one * other / (one + other))


_STATISTICS = {
    "presisi": lambda s: share(s[..., [_SAME, _FOUND]]),
    "recall": lambda s: share(s[..., [_SAME, _TRUE]]),
    "f1": lambda s: share(np.stack([2 * s[..., _SAME], s[..., _FOUND] + s[..., _TRUE]], axis=-1)),
    "presisi_b3": lambda s: share(s[..., [_B3_PRECISION, _RECORDS]]),
    "recall_b3": lambda s: share(s[..., [_B3_RECALL, _RECORDS]]),
    "f1_b3": lambda s: _harmonic(share(s[..., [_B3_PRECISION, _RECORDS]]), share(s[..., [_B3_RECALL, _RECORDS]])),
    # Of the true ones, whose records are one cluster and nothing else; of the clusters found, which are one true one whole.
    "utuh": lambda s: share(s[..., [_EXACT, _TRUE_ONES]]),
    "tepat": lambda s: share(s[..., [_EXACT, _FOUND_ONES]]),
}
# Enough to see who is hurt; the others would be four hundred rows more.
_BY_GROUP = ("presisi", "recall", "f1")


def against_truth(con: duckdb.DuckDBPyConnection, truth: Path) -> list[Measure]:
    """Measures against the Parquet file ``truth`` (source, record_id, person_true, family_true).

    Persons (also by group), families, and blocking. Records that the contracts quarantined are no fault of the linkage and do not
    count.
    """
    con.execute(
        """
        create or replace temp table banding as
        with bulan as (select year(bulan) as tahun from raw.run)
        select
            o.node_id,
            o.orang,
            k.keluarga,
            t.person_true as orang_benar,
            t.family_true as keluarga_benar,
            p.kode_provinsi as provinsi,
            p.jenis_kelamin as jk,
            case
                when p.tahun_lahir is null then 'tidak diketahui'
                when b.tahun - p.tahun_lahir < 5 then '0-4'
                when b.tahun - p.tahun_lahir < 18 then '5-17'
                when b.tahun - p.tahun_lahir < 60 then '18-59'
                else '60+'
            end as umur,
            case when p.jumlah_kata = 1 then 'ya' else 'tidak' end as tunggal,
            case when p.nik is null then 'tidak ada' else 'ada' end as nik
        from read_parquet(?) as t
        inner join intermediate.int_person_record as p on p.record_uid = concat(t.source, ':', t.record_id)
        inner join linkage.orang as o on p.record_uid = o.record_uid
        inner join linkage.keluarga_orang as k on o.orang = k.orang
        cross join bulan as b
        """,
        [str(truth)],
    )
    _cells(con, "orang")
    persons = _grouped(con)
    found = _described(persons, "orang")
    found += _blocking(con)
    _cells(con, "keluarga")
    found += _described(_whole(con), "keluarga")
    con.execute("drop table banding; drop table sel")
    return found


def _cells(con: duckdb.DuckDBPyConnection, kind: str) -> None:
    """Temp table ``sel``: one row a found and a true cluster that share records, with n, f, t and the bucket of its component.

    What a wrong merge or split touches hangs together by found and true clusters; a bucket holds such components whole. The bucket
    is that of the component's least found cluster, so that it does not depend on the order of rows. Numbers of families may be
    negative.
    """
    con.execute(
        f"""
        create or replace temp table sel as
        with pas as (
            select {kind} as ditemukan, {kind}_benar as benar, count(*) as n
            from banding
            group by {kind}, {kind}_benar
        )
        select
            *,
            sum(n) over (partition by ditemukan) as f,
            sum(n) over (partition by benar) as t,
            cast((ditemukan % {BUCKETS} + {BUCKETS}) % {BUCKETS} as integer) as ember
        from pas
        """
    )
    # Where found and true are the same there is nothing to connect.
    cells = con.execute("select ditemukan, benar from sel where n < f or n < t").fetchnumpy()
    names, found = np.unique(cells["ditemukan"], return_inverse=True)
    true = np.unique(cells["benar"], return_inverse=True)[1]
    label = components(len(names) + int(true.max(initial=-1)) + 1, found, len(names) + true)
    arrow = pa.table({"ditemukan": names, "ember": names[label[: len(names)]] % BUCKETS})
    con.register("bersambung", arrow)
    con.execute("update sel set ember = b.ember from bersambung as b where sel.ditemukan = b.ditemukan")
    con.unregister("bersambung")


# What a record adds to each sum. Of a person with t records each adds 1/t, so that persons count once.
_SUMS = """
    sum({w} * (s.n - 1)) as sama,
    sum({w} * (s.f - 1)) as ditemukan,
    sum({w} * (s.t - 1)) as benar,
    sum({w} * s.n / s.f) as b3_presisi,
    sum({w} * s.n / s.t) as b3_recall,
    sum({w}) as rekaman,
    sum(case when s.n = s.f and s.n = s.t then {w} / s.t else 0 end) as tepat,
    sum({w} / s.t) as orang_benar,
    sum({w} / s.f) as orang_ditemukan
"""


def _whole(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(f"select '{ALL}', ember, {_SUMS.format(w='s.n')} from sel as s group by ember").fetchall()


def _grouped(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Rows (kelompok, ember, sums): all records, and each value of each grouping. By all groupings at once first: one pass."""
    added = ", ".join(f"sum({column}) as {column}" for column in _COLUMNS)
    return con.execute(
        f"""
        with rinci as (
            select s.ember, r.provinsi, r.jk, r.umur, r.tunggal, r.nik, {_SUMS.format(w="1.0")}
            from banding as r
            inner join sel as s on r.orang = s.ditemukan and r.orang_benar = s.benar
            group by all
        ),
        grup as (
            select ember, 'semua' as jenis, null as isi, {added} from rinci group by ember
            union all
            select ember, 'provinsi', coalesce(w.nama, r.provinsi, 'tidak diketahui'), {added}
            from rinci as r left join intermediate.int_wilayah__aktif as w on r.provinsi = w.kode_kemendagri
            group by all
            union all
            select ember, 'jk', coalesce(jk, 'tidak diketahui'), {added} from rinci group by all
            union all
            select ember, 'umur', umur, {added} from rinci group by all
            union all
            select ember, 'nama_tunggal', tunggal, {added} from rinci group by all
            union all
            select ember, 'nik', nik, {added} from rinci group by all
        )
        select case when isi is null then jenis else concat(jenis, '=', isi) end as kelompok, ember, {", ".join(_COLUMNS)}
        from grup
        """
    ).fetchall()


def _described(rows: list[tuple[Any, ...]], kind: str) -> list[Measure]:
    sums: dict[str, Floats] = {}
    for group, bucket, *values in rows:
        sums.setdefault(group, np.zeros((BUCKETS, len(_COLUMNS))))[bucket] = values
    found = []
    for group in sorted(sums, key=lambda name: (name != ALL, name)):
        buckets = sums[group]
        # Each pair counts from both ends.
        if group != ALL and buckets[:, _TRUE].sum() < 2 * ENOUGH_PAIRS:
            continue
        for name, statistic in _STATISTICS.items():
            if group != ALL and name not in _BY_GROUP:
                continue
            bounds = interval(buckets, statistic, count=float(buckets[:, _RECORDS].sum()))
            if bounds:
                found.append(Measure(f"{name}_{kind}", group, *bounds, BASIS))
    return found


def _blocking(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """Recall of blocking by itself: what lies beyond it no weight can join, only a chain over a third record.

    A true pair of records can be found where both are one node, or their nodes share a key of a block that makes pairs, or are a
    pair of the second pass. ``recall_blok_tanpa_batas`` is what it would be if large blocks made pairs too. Of each rule: the share
    of the pairs of different nodes that it finds, and the share that no other rule does. On a sample of the true persons, by hash.
    """
    con.execute(
        f"""
        create or replace temp table pasangan_benar as
        with simpul as (
            select orang_benar, node_id, cast(hash(orang_benar) % {BUCKETS} as integer) as ember, count(*) as n
            from banding
            where hash(orang_benar, 'blok') % greatest((select count(*) from banding) // {SAMPLED_RECORDS}, 1) = 0
            group by orang_benar, node_id
        )
        select l.ember, l.node_id as node_l, r.node_id as node_r, l.n * r.n as n
        from simpul as l
        inner join simpul as r on l.orang_benar = r.orang_benar and l.node_id < r.node_id
        union all
        select ember, node_id, node_id, n * (n - 1) / 2 from simpul where n > 1
        """
    )
    con.execute(
        """
        create or replace temp table kunci_contoh as
        select k.node_id, k.aturan, k.kunci
        from linkage.kunci_blok as k
        semi join (
            select node_l as node_id from pasangan_benar where node_l < node_r
            union all
            select node_r from pasangan_benar where node_l < node_r
        ) as p on k.node_id = p.node_id
        """
    )
    con.execute(
        """
        create or replace temp table sekunci as
        select p.node_l, p.node_r, l.aturan, bool_or(b.dipakai) as dipakai
        from pasangan_benar as p
        inner join kunci_contoh as l on p.node_l = l.node_id
        inner join kunci_contoh as r on p.node_r = r.node_id and l.aturan = r.aturan and l.kunci = r.kunci
        inner join linkage.blok as b on l.aturan = b.aturan and l.kunci = b.kunci
        where p.node_l < p.node_r
        group by p.node_l, p.node_r, l.aturan
        """
    )
    con.execute(
        """
        create or replace temp table terblok as
        with kunci as (
            select node_l, node_r, bool_or(dipakai) as dipakai, count(*) filter (where dipakai) as berapa
            from sekunci
            group by node_l, node_r
        )
        select
            p.*,
            p.node_l = p.node_r as satu,
            k.node_l is not null as sekunci,
            coalesce(k.dipakai, false) as calon,
            coalesce(k.berapa, 0) as berapa,
            s.join_key_l is not null as sisa
        from pasangan_benar as p
        left join kunci as k on p.node_l = k.node_l and p.node_r = k.node_r
        left join linkage.pasangan_sisa as s on p.node_l = s.join_key_l and p.node_r = s.join_key_r
        """
    )
    found = []
    for ukuran, reached in (
        ("recall_blok", "satu or calon or sisa"),
        ("recall_blok_tahap_satu", "satu or calon"),
        ("recall_blok_tanpa_batas", "satu or sekunci or sisa"),
    ):
        found += measures(
            con,
            f"""
            select '{ALL}' as kelompok, ember, sum(case when {reached} then n else 0 end) as pembilang, sum(n) as penyebut
            from terblok
            group by ember
            """,
            ukuran,
            BASIS,
        )
    for ukuran, counted in (("recall_aturan", "s.dipakai"), ("recall_hanya_aturan", "s.dipakai and t.berapa = 1")):
        found += measures(
            con,
            f"""
            select
                concat('aturan=', a.nama) as kelompok,
                t.ember,
                count(*) filter (where {counted}) as pembilang,
                count(*) as penyebut
            from terblok as t
            cross join seeds.aturan_blok as a
            left join sekunci as s on t.node_l = s.node_l and t.node_r = s.node_r and a.aturan = cast(s.aturan as varchar)
            where not t.satu
            group by a.nama, t.ember
            """,
            ukuran,
            BASIS,
        )
    con.execute("drop table pasangan_benar; drop table kunci_contoh; drop table sekunci; drop table terblok")
    return found
