"""How good the linkage is where nobody knows who is who: questions whose answer is known all the same.

What belongs here: experiments on samples of the month, each with the assumption it rests on.

- *Unlinkable*: a node whose weight with its own copy stays below the threshold. Whatever it is compared with, it cannot be found.
- *Held-out NIK*: records that share a NIK and a first name or birth date are one person. With the NIK hidden from blocking and
  scoring, the share still found estimates recall for people without one. It flatters as far as people without a NIK have worse
  records in other columns too.
- *Planted duplicates*: nodes copied, damaged in a known way, and looked for. Recall by kind of damage, if damage is like this.
- *Impossible pairs*: two members of one family record who differ in relation and sex or age, and people of two provinces with two
  NIKs in good order and two birth dates. What scores above the threshold all the same is a false match.

Found means here: a blocking key in common that makes pairs, and a weight above the threshold. Chains over a third record, the
second pass inside families and the constraints of clustering come on top in the month itself; so recall is a lower bound, and of
the impossible pairs fewer end in one person than score as one (both are measured).

Samples go by hashes of record names, so that the same records are asked the same questions every month.
"""

from __future__ import annotations

import duckdb
import sqlglot
from sqlglot import exp

from dtsen_pipeline.linkage import scoring
from dtsen_pipeline.linkage.measures.intervals import ALL, BUCKETS, Measure, measures
from dtsen_pipeline.linkage.model import THRESHOLD, frequency_floors
from dtsen_pipeline.sql.macros import expand
from dtsen_pipeline.sql.models import load_models

# Shares then have a margin of half a percent, and scoring them takes about a second.
SAMPLE = 20_000

# Node numbers of copies, far above those of the month.
_COPY, _PLANTED, _HIDDEN = 10**12, 2 * 10**12, 3 * 10**12

# One letter of the first word after the first: dropped, doubled into its neighbour's place, or another in its stead.
_TYPO = """
    case hash(wakil, 'cara') % 3
        when 0 then concat(left(nama_depan, tempat - 1), substr(nama_depan, tempat + 1))
        when 1 then concat(
            left(nama_depan, tempat - 1), substr(nama_depan, tempat + 1, 1), substr(nama_depan, tempat, 1),
            substr(nama_depan, tempat + 2))
        else concat(
            left(nama_depan, tempat - 1), chr(cast(65 + (ascii(substr(nama_depan, tempat, 1)) - 65 + 1 + hash(wakil, 'huruf') % 25)
            % 26 as integer)), substr(nama_depan, tempat + 1))
    end
"""

_NIK_DAMAGED, _UNDAMAGED = "satu angka NIK salah", "tanpa kerusakan lain"

# Kind of damage: the columns it changes, and whom it can happen to. What is derived from a damaged value changes with it.
_DAMAGE = {
    "nama salah ketik": (
        "length(nama_depan) > 3 and salah <> nama_depan",
        """concat(salah, substr(nama, length(nama_depan) + 1)) as nama,
        salah as nama_depan,
        case when nama_kunci = nama_kerangka(nama_depan) then nama_kerangka(salah) else nama_kunci end as nama_kunci,
        concat(salah, substr(nama_rapat, length(nama_depan) + 1)) as nama_rapat,
        array_to_string(list_sort(string_split(concat(salah, substr(nama, length(nama_depan) + 1)), ' ')), ' ') as nama_urut""",
    ),
    "hanya nama depan": (
        "nama_akhir is not null",
        """nama_depan as nama,
        cast(null as varchar) as nama_akhir,
        nama_kerangka(nama_depan) as nama_kunci,
        nama_depan as nama_rapat,
        nama_depan as nama_urut""",
    ),
    "hari dan bulan tertukar": (
        "presisi = 'hari' and hari <= 12 and hari <> bulan",
        "make_date(tahun, hari, bulan) as tgl_lahir, hari as bulan, bulan as hari",
    ),
    "hanya tahun lahir": (
        "presisi = 'hari'",
        "make_date(tahun, 1, 1) as tgl_lahir, 'tahun' as presisi, 1 as bulan, 1 as hari, 0 as tumpuk",
    ),
    "pindah desa dan kartu": (
        "desa is not null and desa_lain is distinct from desa",
        """kk_lain as kk, kk_lain as kk2, desa_lain as desa, desa_lain as desa2, kecamatan_lain as kecamatan,
        kabupaten_lain as kabupaten, alamat_lain as alamat""",
    ),
    _NIK_DAMAGED: (
        "nik is not null",
        """concat(
            left(nik, letak - 1), cast((cast(substr(nik, letak, 1) as integer) + 1 + hash(wakil, 'angka') % 9) % 10 as varchar),
            substr(nik, letak + 1)) as nik,
        case when letak between 7 and 12 then 0 else cocok end as cocok""",
    ),
    _UNDAMAGED: ("nik is not null", ""),
}
_WITHOUT_NIK = "cast(null as varchar) as nik, cast(null as integer) as cocok"


def run(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """Every measure that needs pairs of its own: unlinkable, held-out NIK, planted, impossible. Leaves nothing behind."""
    con.execute(
        f"""
        create or replace temp table contoh as
        select unique_id, wakil, row_number() over (order by hash(wakil), wakil) as nomor
        from linkage.simpul
        order by hash(wakil), wakil
        limit {SAMPLE}
        """
    )
    con.execute(
        """
        create or replace temp table uji_simpul as
        select s.* from linkage.simpul as s semi join contoh as c on s.unique_id = c.unique_id
        """
    )
    # Pairs that ought to be found: which question they answer, and the two nodes.
    con.execute(
        f"""
        create or replace temp table uji_pasangan as
        select 'diri' as jenis, '{ALL}' as kelompok, unique_id as l, unique_id + {_COPY} as r, hash(wakil) % {BUCKETS} as ember
        from contoh
        """
    )
    con.execute(f"insert into uji_simpul by name select * replace (unique_id + {_COPY} as unique_id) from uji_simpul")
    _plant(con)
    _hide(con)
    _weigh(con)
    _find(con)
    found = measures(
        con,
        "select kelompok, ember, count(*) filter (where bobot is null) as pembilang, count(*) as penyebut "
        "from uji_hasil where jenis = 'diri' group by all",
        "tak_tertaut",
        "simpul dibandingkan dengan salinannya / nodes against their own copies",
    )
    ditemukan = (
        "count(*) filter (where terblok and bobot is not null) as pembilang, count(*) as penyebut from uji_hasil"
    )
    found += measures(
        con,
        f"select kelompok, ember, {ditemukan} where jenis = 'nik' group by all",
        "recall_nik_ditahan",
        "pasangan ber-NIK sama, NIK disembunyikan / pairs of one NIK, the NIK hidden",
    )
    found += measures(
        con,
        f"""
        select '{ALL}' as kelompok, ember, {ditemukan} where jenis = 'tanam' group by ember
        union all
        select kelompok, ember, {ditemukan} where jenis = 'tanam' group by all
        """,
        "recall_tanaman",
        "salinan yang sengaja dirusak / copies damaged on purpose",
    )
    found += _impossible(con)
    con.execute("drop table contoh; drop table uji_simpul; drop table uji_pasangan; drop table uji_hasil")
    return found


def _plant(con: duckdb.DuckDBPyConnection) -> None:
    """Copies of the sample, each damaged in one way, every other one without its NIK as well."""
    kinds = [(kind, lost) for kind in _DAMAGE for lost in (False, True)]
    # A copy without damage proves nothing, and a NIK that is gone cannot be damaged.
    kinds = [pair for pair in kinds if pair not in ((_UNDAMAGED, False), (_NIK_DAMAGED, True))]
    con.execute(
        f"""
        create or replace temp table asli as
        with nomor as (
            select
                s.*,
                c.nomor,
                hash(s.wakil, 'jenis') % {len(kinds)} as kerusakan,
                cast(2 + hash(s.wakil, 'tempat') % greatest(length(s.nama_depan) - 1, 1) as integer) as tempat,
                cast(1 + hash(s.wakil, 'letak') % 16 as integer) as letak,
                l.kk as kk_lain,
                l.desa as desa_lain,
                l.kecamatan as kecamatan_lain,
                l.kabupaten as kabupaten_lain,
                l.alamat as alamat_lain
            from linkage.simpul as s
            inner join contoh as c on s.unique_id = c.unique_id
            left join contoh as d on d.nomor = c.nomor + 1
            left join linkage.simpul as l on d.unique_id = l.unique_id
        )
        select *, {_TYPO} as salah from nomor
        """
    )
    columns = ", ".join(row[0] for row in con.execute("describe linkage.simpul").fetchall())
    for number, (kind, lost) in enumerate(kinds):
        possible, changes = _DAMAGE[kind]
        parts = (f"unique_id + {_PLANTED} as unique_id", changes, _WITHOUT_NIK if lost else "")
        damaged = expand(
            f"""
            select * replace ({", ".join(part for part in parts if part)}) from asli
            where kerusakan = {number} and {possible}{" and nik is not null" if lost else ""}
            """
        )
        con.execute(f"create or replace temp table rusak as {damaged}")
        con.execute(f"insert into uji_simpul by name select {columns} from rusak")
        con.execute(
            f"insert into uji_pasangan select 'tanam', ?, unique_id - {_PLANTED}, unique_id, hash(wakil) % {BUCKETS} from rusak",
            [f"kerusakan={kind}{', tanpa NIK' if lost else ''}"],
        )
    con.execute("drop table asli; drop table rusak")


def _hide(con: duckdb.DuckDBPyConnection) -> None:
    """Records of two sources that share a NIK, as nodes without one. A NIK is in the sample, or not, with all its records."""
    con.execute(
        f"""
        create or replace temp table tersembunyi as
        select *, row_number() over (order by record_uid) + {_HIDDEN} as unique_id
        from linkage.rekaman
        where nik is not null and hash(nik, 'ditahan') % {_one_in(con)} = 0
        """
    )
    con.execute(
        f"""
        insert into uji_pasangan
        with pas as (
            select l.unique_id as l, r.unique_id as r, l.nik, l.nama_akhir is null or r.nama_akhir is null as tunggal
            from tersembunyi as l
            inner join tersembunyi as r on l.nik = r.nik and l.unique_id < r.unique_id
                and split_part(l.record_uid, ':', 1) <> split_part(r.record_uid, ':', 1)
            where l.nama_depan = r.nama_depan or l.tgl_lahir = r.tgl_lahir
        )
        select 'nik', '{ALL}', l, r, hash(nik) % {BUCKETS} from pas
        union all
        select 'nik', concat('nama_tunggal=', case when tunggal then 'ya' else 'tidak' end), l, r, hash(nik) % {BUCKETS} from pas
        """
    )
    con.execute(
        f"""
        insert into uji_simpul by name
        select * exclude (record_uid, family_uid) replace ({_WITHOUT_NIK})
        from tersembunyi as t
        semi join (select l as id from uji_pasangan union select r from uji_pasangan) as p on t.unique_id = p.id
        """
    )
    con.execute("drop table tersembunyi")


def _weigh(con: duckdb.DuckDBPyConnection) -> None:
    """How common each value of the test nodes is in the month: a damaged copy has other values than its original."""
    for column in frequency_floors():
        con.execute(
            f"""
            update uji_simpul
            set tf_{column} = coalesce(
                (select f.tf from linkage.frekuensi as f where f.kolom = '{column}' and f.nilai = uji_simpul.{column}), 0.0)
            where {column} is not null
            """
        )


def _one_in(con: duckdb.DuckDBPyConnection) -> int:
    """Which part of the records makes a sample. As a number in the query, DuckDB can leave the others out while it reads."""
    count = con.execute("select count(*) from linkage.simpul_rekaman").fetchone()
    assert count is not None
    return max(int(count[0]) // SAMPLE, 1)


def _keys_of(nodes: str) -> str:
    """The query of ``linkage.kunci_blok`` over another table of nodes."""

    def swap(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Table) and (node.db, node.name) == ("linkage", "simpul"):
            return exp.to_table(nodes)
        return node

    return sqlglot.parse_one(load_models()["linkage.kunci_blok"].expanded, read="duckdb").transform(swap).sql("duckdb")


def _find(con: duckdb.DuckDBPyConnection) -> None:
    """Temp table ``uji_hasil``: the pairs of ``uji_pasangan``, whether blocking brings them together (terblok), and their weight
    where it reaches the threshold (bobot).

    A key makes pairs unless the month's own block of it is too large. (The two count among the month's nodes already, but for a
    planted copy: a block may be one node larger than the cap allows.)
    """
    con.execute(f"create or replace temp table uji_kunci as {_keys_of('uji_simpul')}")
    con.execute(
        """
        create or replace temp table uji_terblok as
        select distinct p.l, p.r
        from uji_pasangan as p
        inner join uji_kunci as a on p.l = a.node_id
        inner join uji_kunci as b on p.r = b.node_id and a.aturan = b.aturan and a.kunci = b.kunci
        left join linkage.blok as k on a.aturan = k.aturan and a.kunci = k.kunci
        where p.jenis <> 'diri' and coalesce(k.dipakai, true)
        """
    )
    con.execute(
        """
        create or replace temp table uji_calon as
        select l as join_key_l, r as join_key_r, 'uji' as match_key from uji_terblok
        union all
        select l, r, 'uji' from uji_pasangan where jenis = 'diri'
        """
    )
    scoring.score(con, "uji_calon", "uji_bobot", THRESHOLD, nodes="uji_simpul")
    con.execute(
        """
        create or replace temp table uji_hasil as
        select p.*, t.l is not null as terblok, b.match_weight as bobot
        from uji_pasangan as p
        left join uji_terblok as t on p.l = t.l and p.r = t.r
        left join uji_bobot as b
            on least(p.l, p.r) = least(b.node_l, b.node_r) and greatest(p.l, p.r) = greatest(b.node_l, b.node_r)
        """
    )
    con.execute("drop table uji_kunci; drop table uji_terblok; drop table uji_calon; drop table uji_bobot")


def _impossible(con: duckdb.DuckDBPyConnection) -> list[Measure]:
    """Of pairs that cannot be one person, which share scores above the threshold, and which share ended in one person.

    Housemates are counted whether blocking brought them together or not. Of people far apart only those count whom blocking did: of
    all others there are too many for the share to say anything.
    """
    con.execute(
        f"""
        create or replace temp table mustahil as
        with rumah as (
            select r.family_uid, s.node_id, p.hubungan, p.jenis_kelamin, p.tahun_lahir
            from linkage.rekaman as r
            inner join linkage.simpul_rekaman as s on r.record_uid = s.record_uid
            inner join intermediate.int_person_record as p on r.record_uid = p.record_uid
            where hash(r.family_uid, 'serumah') % {_one_in(con)} = 0
        ),
        kunci as (
            select c.unique_id as node_id, k.aturan, k.kunci
            from contoh as c
            inner join linkage.kunci_blok as k on c.unique_id = k.node_id
            inner join linkage.blok as b on k.aturan = b.aturan and k.kunci = b.kunci
            where b.dipakai
        ),
        calon as (
            select distinct least(k.node_id, l.node_id) as l, greatest(k.node_id, l.node_id) as r
            from kunci as k
            inner join linkage.kunci_blok as l on k.aturan = l.aturan and k.kunci = l.kunci and k.node_id <> l.node_id
        )
        select distinct 'jenis=serumah' as kelompok, least(a.node_id, b.node_id) as l, greatest(a.node_id, b.node_id) as r
        from rumah as a
        inner join rumah as b on a.family_uid = b.family_uid and a.node_id < b.node_id
        where a.hubungan <> b.hubungan and (a.jenis_kelamin <> b.jenis_kelamin or abs(a.tahun_lahir - b.tahun_lahir) > 2)
        union all
        select 'jenis=berjauhan', c.l, c.r
        from calon as c
        inner join linkage.simpul as a on c.l = a.unique_id
        inner join linkage.simpul as b on c.r = b.unique_id
        where a.nik <> b.nik and a.cocok = 1 and b.cocok = 1 and a.presisi = 'hari' and b.presisi = 'hari'
            and a.tgl_lahir <> b.tgl_lahir and left(a.kabupaten, 2) <> left(b.kabupaten, 2)
        """
    )
    # Node numbers follow the names of records, of which there is no reason to think that they know about mistakes.
    parts = f"""
        select m.kelompok, m.l % {BUCKETS} as ember, count(*) filter (where {{wrong}}) as pembilang, count(*) as penyebut
        from mustahil as m
        {{tables}}
        group by all
    """
    basis = "pasangan yang mustahil satu orang / pairs that cannot be one person"
    con.execute(
        """
        create or replace temp table orang_mustahil as
        select distinct o.node_id, o.orang
        from linkage.orang as o
        semi join (select l as node_id from mustahil union all select r from mustahil) as m on o.node_id = m.node_id
        """
    )
    found = measures(
        con,
        parts.format(
            wrong="p.match_weight is not null",
            tables=f"left join linkage.pasangan as p on m.l = p.node_l and m.r = p.node_r and p.match_weight >= {THRESHOLD}",
        ),
        "mustahil_terskor",
        basis,
    )
    found += measures(
        con,
        parts.format(
            wrong="a.orang = b.orang",
            tables="inner join orang_mustahil as a on m.l = a.node_id inner join orang_mustahil as b on m.r = b.node_id",
        ),
        "mustahil_tergabung",
        basis,
    )
    con.execute("drop table mustahil; drop table orang_mustahil")
    return found
